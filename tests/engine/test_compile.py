"""Compilation: a scenario's names, hours and shares as the numbers that engines read."""

from __future__ import annotations

import numpy as np
import pytest

from sim.engine.compile import compile_program
from sim.engine.program import Program
from sim.engine.rules import NO_LIMIT, NOBODY, End, Handover, Interruptible, WhenClosed
from sim.scenario.load import loads
from sim.scenario.units import HOUR_MS, MINUTE_MS, SECOND_MS

TALK = "handle_time: {distribution: constant, mean: 1 min}"
AFTER = "after: {distribution: constant, mean: 1 min}"

DEFAULTS = {
    "opening_hours": "{}",
    "channels": "{phone: {}}",
    "contact_types": f"{{call: {{arrivals: {{phone: {{rate: 1 per hour}}}}, handling: {{desk: {{{TALK}}}}}}}}}",
    "self_service": "{}",
    "tiers": "{desk: {}}",
    "agent_groups": "{clerks: {tier: desk, headcount: 1}}",
}


def program(**sections: str) -> Program:
    """Compile two days from Monday 2026-04-06 on; a section that is not given has one part of everything."""
    text = "\n".join(f"{section}: {written}" for section, written in (DEFAULTS | sections).items())
    return compile_program(loads(f"format: 1\nname: compiled\ntime: {{start: 2026-04-06, length: 2 days}}\n{text}\n"))


def handled(*tiers: str, channels: tuple[str, ...] = ("phone",), more: str = "") -> str:
    """Give a contact type that arrives on channels and is handled in tiers (`desk`, or `desk: shares`)."""
    arrivals = ", ".join(f"{channel}: {{rate: 1 per hour}}" for channel in channels)
    handling = ", ".join(
        f"{name}: {{{TALK}{f', {shares.strip()}' if shares else ''}}}"
        for name, _, shares in (tier.partition(":") for tier in tiers)
    )
    return f"{{arrivals: {{{arrivals}}}, handling: {{{handling}}}{more}}}"


def queues(compiled: Program) -> list[tuple[int, int, int]]:
    """Give the queues as (tier, contact type, channel)."""
    one = compiled.queues
    return list(zip(one.tier.tolist(), one.contact_type.tolist(), one.channel.tolist(), strict=True))


def served(compiled: Program) -> list[list[int]]:
    """Give the queues that each row serves."""
    return [row.tolist() for row in compiled.rows.queues]


def test_who_is_misrouted_waits_in_the_first_queue_of_the_other_type_on_its_own_channel() -> None:
    """A `call` by chat that reaches the desk of `ask` (which comes by phone, to two tiers) waits there by chat."""
    misrouted = ", misrouted: {share: 5 %, to: ask, triage: {distribution: constant, mean: 1 s}}"
    ask = handled("desk: resolved: 50 %, escalated: 50 %", "expert")
    one = program(
        channels="{phone: {}, chat: {}}",
        contact_types=f"{{call: {handled('desk', channels=('chat',), more=misrouted)}, ask: {ask}}}",
        tiers="{desk: {}, expert: {}}",
        agent_groups="{clerks: {tier: desk, headcount: 1}, experts: {tier: expert, headcount: 1}}",
    )
    chat, phone = 0, 1
    assert queues(one) == [(0, 0, chat), (0, 0, phone), (0, 1, chat), (1, 0, phone)]
    assert one.tiers.misrouted_to.tolist() == [NOBODY, 0]


def test_the_smallest_scenario_has_one_of_everything() -> None:
    """One queue, served by one row of one group, open all the time, with every default of the language."""
    one = program()
    assert one.length == 48 * HOUR_MS
    assert queues(one) == [(0, 0, 0)]
    assert one.queues.of.tolist() == [[[[0]]]]
    assert one.queues.language.tolist() == [NOBODY]
    assert one.queues.priority.tolist() == [5]
    assert [rows.tolist() for rows in one.queues.rows] == served(one) == [[0]]
    assert one.channels.live.tolist() == [True]
    assert [spans.tolist() for spans in one.channels.open] == [[[0, 48 * HOUR_MS]]]
    assert one.channels.when_closed.tolist() == [WhenClosed.REFUSE]
    assert one.channels.clears_at_closing.tolist() == [False]
    assert one.channels.lines.tolist() == one.channels.queue_limit.tolist() == [NO_LIMIT]
    assert one.channels.retry_when.tolist() == [0]
    assert (one.stages.open, one.stages.limit.tolist(), one.stages.harder_rest.tolist()) == ((), [], [])
    assert one.tiers.handover.tolist() == [Handover.COLD]
    assert one.tiers.warm_limit.tolist() == [3 * MINUTE_MS]
    assert (one.tiers.first.tolist(), one.tiers.number.tolist(), one.tiers.position.tolist()) == ([0], [1], [[0]])
    assert one.tiers.resolved.tolist() == [[[1.0]]]
    assert one.tiers.escalated.tolist() == [[[[1.0]]]]
    rows = one.rows
    assert (rows.group.tolist(), rows.rank.tolist(), rows.after.tolist(), rows.keep_free.tolist()) == (
        [0],
        [1],
        [0],
        [0],
    )
    assert rows.interruptible.tolist() == [Interruptible.NO]
    assert (one.groups.tier.tolist(), one.groups.first_row.tolist()) == ([0], [0, 1])
    assert one.groups.by_numbers.tolist() == [True]
    assert one.groups.slot_limit.tolist() == [[0]]


def test_channels_are_open_in_their_hours() -> None:
    """Spans of each channel by name, those of stages in the file's order, around the clock where none are named."""
    one = program(
        opening_hours='{day: {mon-sun: "09:00-18:00"}, night: {mon-sun: "22:00-02:00"}}',
        channels="{phone: {open: day, when_closed: self_service_only, at_closing: clear, lines: 7, queue_limit: 0},"
        " email: {waiting: backlog, open: night}, chat: {}}",
        self_service="{menu: {channels: [phone], open: day, takes: {distribution: constant, mean: 1 s}, resolves: 0 %},"
        " ask: {channels: [phone], takes: {distribution: constant, mean: 1 s}, resolves: 0 %, limit: 4,"
        " harder_rest: 115 %}}",
        contact_types=f"{{call: {handled('desk', channels=('phone', 'chat', 'email'))}}}",
    )
    day = [[9 * HOUR_MS, 18 * HOUR_MS], [33 * HOUR_MS, 42 * HOUR_MS]]
    night = [[0, 2 * HOUR_MS], [22 * HOUR_MS, 26 * HOUR_MS], [46 * HOUR_MS, 48 * HOUR_MS]]
    always = [[0, 48 * HOUR_MS]]
    assert [spans.tolist() for spans in one.channels.open] == [always, night, day]
    assert [spans.tolist() for spans in one.stages.open] == [day, always]
    assert (one.stages.limit.tolist(), one.stages.harder_rest.tolist()) == ([NO_LIMIT, 4], [1.0, 1.15])
    assert one.channels.live.tolist() == [True, False, True]
    assert one.channels.when_closed.tolist() == [WhenClosed.REFUSE, WhenClosed.WAIT, WhenClosed.SELF_SERVICE_ONLY]
    assert one.channels.clears_at_closing.tolist() == [False, False, True]
    assert one.channels.lines.tolist() == [NO_LIMIT, NO_LIMIT, 7]
    assert one.channels.queue_limit.tolist() == [NO_LIMIT, NO_LIMIT, 0]


@pytest.mark.parametrize(
    ("when", "ends"),
    [
        ("[busy]", {End.BUSY}),
        ("[blocked]", {End.BLOCKED}),
        ("[closed]", {End.REFUSED}),
        ("[abandoned]", {End.ABANDONED, End.BALKED, End.SILENT}),
        ("[disconnected]", {End.DISCONNECTED}),
        ("[busy, abandoned]", {End.BUSY, End.ABANDONED, End.BALKED, End.SILENT}),
        ("[not_reached]", {End.NOT_REACHED}),
        (
            None,
            {
                *(End.BUSY, End.BLOCKED, End.REFUSED, End.DISCONNECTED, End.NOT_REACHED),
                *(End.ABANDONED, End.BALKED, End.SILENT),
            },
        ),
    ],
)
def test_retries_follow_the_ends_that_they_name(when: str | None, ends: set[End]) -> None:
    """Each word of `retry.when` sets the bits of its ends; without the key all of them are set."""
    named = "" if when is None else f", when: {when}"
    one = program(channels=f"{{phone: {{retry: {{share: 40 %, {AFTER}{named}}}}}}}")
    assert {end for end in End if one.channels.retry_when[0] >> end & 1} == ends


def test_queues_are_those_that_can_come_to_be() -> None:
    """By (tier of the file, type, channel): where a type arrives, or retries to, in each tier that handles it."""
    one = program(
        channels=f"{{phone: {{retry: {{share: 40 %, {AFTER}, channel: chat}}}}, email: {{waiting: backlog}},"
        f" chat: {{retry: {{share: 40 %, {AFTER}, channel: email}}}}, fax: {{waiting: backlog}}}}",
        tiers="{second: {}, first: {}}",
        contact_types=f"{{b: {handled('first', channels=('email',))},"
        f" a: {handled('second: resolved: 50 %, escalated: 50 %', 'first')}}}",
        agent_groups="{x: {tier: first, headcount: 1}, y: {tier: second, headcount: 1}}",
    )
    chat, email, fax, phone = range(4)
    second, first = range(2)
    of_a = [(tier, 0, channel) for tier in (second, first) for channel in (chat, email, phone)]
    assert queues(one) == [*of_a, (first, 1, email)]
    assert [one.queues.of[*key, NOBODY] for key in queues(one)] == list(range(7))
    assert np.count_nonzero(one.queues.of == NOBODY) == 2 * 2 * 4 - 7
    assert one.queues.of[first, 1, fax, NOBODY] == NOBODY


def test_a_type_passes_the_tiers_that_handle_it_in_the_order_of_the_file() -> None:
    """Tiers that do not handle a type are no part of its path; an escalation goes to the next that does."""
    one = program(
        tiers="{first: {}, second: {handover: warm, warm_limit: 45 s}, third: {handover: ticket}}",
        contact_types=f"{{a: {handled('third', 'first: resolved: 60 %, escalated: 30 %')}, b: {handled('second')}}}",
        agent_groups="{x: {tier: first, headcount: 1}, y: {tier: second, headcount: 1},"
        " z: {tier: third, headcount: 1}}",
    )
    assert one.tiers.first.tolist() == [0, 1]
    assert one.tiers.number.tolist() == [2, 1]
    assert one.tiers.position.tolist() == [[0, NOBODY, 1], [NOBODY, 0, NOBODY]]
    assert one.tiers.handover.tolist() == [Handover.COLD, Handover.WARM, Handover.TICKET]
    assert one.tiers.warm_limit.tolist() == [3 * MINUTE_MS, 45 * SECOND_MS, 3 * MINUTE_MS]
    assert one.tiers.resolved[0, :, 0].tolist() == [0.6, 0, 1]
    assert one.tiers.escalated[0, :, 0] == pytest.approx(np.array([[0.6, 0.6, 0.9], [0, 0, 0], [1, 1, 1]]))


def test_an_escalation_may_go_to_several_tiers() -> None:
    """Their shares stand one after the other in the order of the file; a tier that gets none has no room there."""
    tiers = "{first: {}, second: {}, third: {}}"
    handling = handled("first: resolved: 50 %, escalated: {third: 10 %, second: 30 %}", "second", "third")
    groups = "{x: {tier: first, headcount: 1}, y: {tier: second, headcount: 1}, z: {tier: third, headcount: 1}}"
    one = program(tiers=tiers, contact_types=f"{{a: {handling}}}", agent_groups=groups)
    assert one.tiers.escalated[0, 0, 0].tolist() == pytest.approx([0.5, 0.8, 0.9])


def test_shares_beside_what_is_returned_are_of_the_rest() -> None:
    """Of a fifth that goes back nothing else comes, so 60 % resolved is three quarters of what stays."""
    handling = handled("first: resolved: 50 %, escalated: 50 %", "second: resolved: 60 %, returned: 20 %, returns: 2")
    groups = "{x: {tier: first, headcount: 1}, y: {tier: second, headcount: 1}}"
    one = program(tiers="{first: {}, second: {}}", contact_types=f"{{a: {handling}}}", agent_groups=groups)
    assert one.tiers.resolved[0, 1, 0] == pytest.approx(0.75)
    assert one.tiers.escalated[0, 1, 0].tolist() == pytest.approx([0.75, 0.75])
    assert one.tiers.returns.tolist() == [[1, 2]]


def test_a_channel_may_have_its_own_shares() -> None:
    """What `on_chat` gives holds on the chat, what it leaves out is the tier's."""
    one = program(
        channels="{phone: {}, chat: {}}",
        tiers="{desk: {}, experts: {}}",
        contact_types="{call: "
        + handled(
            "desk: resolved: 50 %, escalated: 30 %, on_chat: {resolved: 65 %}", "experts", channels=("phone", "chat")
        )
        + "}",
        agent_groups="{x: {tier: desk, headcount: 1}, y: {tier: experts, headcount: 1}}",
    )
    chat, phone = range(2)
    assert one.tiers.resolved[0, 0, [chat, phone]].tolist() == [0.65, 0.5]
    assert one.tiers.escalated[0, 0, [chat, phone], 1].tolist() == pytest.approx([0.95, 0.8])


def test_a_row_serves_the_channels_and_types_that_it_names() -> None:
    """Named channels and types of the group's tier; all of what is not named."""
    one = program(
        channels="{phone: {}, chat: {}}",
        tiers="{desk: {}, experts: {}}",
        contact_types=f"{{a: {handled('desk', channels=('phone', 'chat'))},"
        f" b: {handled('desk: resolved: 50 %, escalated: 50 %', 'experts', channels=('chat',))}}}",
        agent_groups="{x: {tier: desk, headcount: 1, serves: [{channels: [chat]}, {contact_types: [a]},"
        " {channels: [phone], contact_types: [b]}, {channels: [chat], contact_types: [b]}]},"
        " y: {tier: experts, headcount: 1}, z: {tier: desk, headcount: 1}}",
    )
    # a by chat, a by phone, b by chat at the desk; b by chat at the experts.
    assert queues(one) == [(0, 0, 0), (0, 0, 1), (0, 1, 0), (1, 1, 0)]
    assert served(one) == [[0, 2], [0, 1], [], [2], [3], [0, 1, 2]]
    assert one.rows.group.tolist() == [0, 0, 0, 0, 1, 2]
    assert one.groups.first_row.tolist() == [0, 4, 5, 6]
    assert one.groups.tier.tolist() == [0, 1, 0]


def test_queues_see_rows_by_rank_group_and_row() -> None:
    """A row's rank is its position in its group, from 1, or its `rank`; ties go by group and row."""
    one = program(
        agent_groups="{b: {tier: desk, headcount: 1, serves: [{}, {rank: 1}]},"
        " a: {tier: desk, headcount: 1, serves: [{rank: 3}, {}]}}"
    )
    assert one.rows.rank.tolist() == [3, 2, 1, 1]
    assert one.queues.rows[0].tolist() == [2, 3, 1, 0]


def test_rows_keep_their_conditions() -> None:
    """`after`, `keep_free` and `interruptible` of each row."""
    one = program(
        agent_groups="{a: {tier: desk, headcount: 1, serves: [{after: 60 s, keep_free: 2}, {interruptible: true},"
        " {interruptible: shared}]}}"
    )
    assert one.rows.after.tolist() == [60 * SECOND_MS, 0, 0]
    assert one.rows.keep_free.tolist() == [2, 0, 0]
    assert one.rows.interruptible.tolist() == [Interruptible.NO, Interruptible.PARKED, Interruptible.SHARED]


def test_priorities_belong_to_queues() -> None:
    """Each queue has its contact type's priority."""
    one = program(contact_types=f"{{a: {handled('desk', more=', priority: 2')}, b: {handled('desk')}}}")
    assert one.queues.priority.tolist() == [2, 5]


@pytest.mark.parametrize(
    ("slots", "pace"),
    [
        ("limit: 3, pace: [100 %, 85 %, 72 %]", [1_000_000, 850_000, 720_000]),
        ("limit: 3, handle_time: [240 s, 300 s, 400 s]", [1_000_000, 800_000, 600_000]),
        ("limit: 3, handle_time: [2 s, 3 s, 7 s]", [1_000_000, 666_667, 285_714]),
        ("limit: 3", [1_000_000, 1_000_000, 1_000_000]),
    ],
)
def test_the_pace_of_slots_is_in_parts_per_million(slots: str, pace: list[int]) -> None:
    """By speed, or as the ratio of the mean handle times, to the nearest millionth; full speed where nothing is."""
    one = program(
        channels="{phone: {}, chat: {}}",
        contact_types=f"{{call: {handled('desk', channels=('phone', 'chat'))}}}",
        agent_groups=f"{{a: {{tier: desk, headcount: 1, slots: {{chat: {{{slots}}}}}}},"
        " b: {tier: desk, headcount: 1}}",
    )
    assert one.groups.slot_limit.tolist() == [[3, 0], [0, 0]]
    assert one.groups.slot_pace[0, 0, 1:].tolist() == pace
    assert np.all(one.groups.slot_pace[1] == 1_000_000)
    assert np.all(one.groups.slot_pace[0, 1] == 1_000_000)


def test_groups_say_whether_people_are_interchangeable() -> None:
    """They are under `headcount` and `staffing`, and not in shifts."""
    one = program(
        agent_groups='{a: {tier: desk, headcount: 0}, b: {tier: desk, staffing: {mon-sun: {"00:00": 2}}},'
        ' c: {tier: desk, shifts: {day: {days: mon, hours: "09:00-18:00", headcount: 1}}}}'
    )
    assert one.groups.by_numbers.tolist() == [True, True, False]


def test_the_order_of_keys_changes_nothing() -> None:
    """Channels, types and groups written in another order compile to the same numbers."""
    phone, chat = "phone: {queue_limit: 4}", "chat: {queue_limit: 9}"
    a, b = f"a: {handled('desk')}", f"b: {handled('desk', channels=('chat',))}"
    x, y = "x: {tier: desk, headcount: 1, serves: [{channels: [chat]}]}", "y: {tier: desk, headcount: 1}"
    one = program(channels=f"{{{phone}, {chat}}}", contact_types=f"{{{a}, {b}}}", agent_groups=f"{{{x}, {y}}}")
    other = program(channels=f"{{{chat}, {phone}}}", contact_types=f"{{{b}, {a}}}", agent_groups=f"{{{y}, {x}}}")
    assert one.channels.queue_limit.tolist() == other.channels.queue_limit.tolist() == [9, 4]
    assert queues(one) == queues(other) == [(0, 0, 1), (0, 1, 0)]
    assert served(one) == served(other) == [[1], [0, 1]]


def test_customers_have_their_head_starts_by_name() -> None:
    """In milliseconds, 0 where none is given."""
    assert program(customers="{premium: {head_start: 90 s}, basic: {}}").head_start.tolist() == [0, 90_000]
