"""What agents' time goes into, by the clock, and what it costs."""

from dataclasses import replace

from sim.engine.rules import End, Handled, Left
from tests.measure.typed import HOUR, Contact, Desk, Leg

DAY = Desk(
    duty=[(0, 0, 1800), (1, 0, 3600)],
    busy=[(0, 0, 600), (0, 1500, 1900), (1, 100, 200)],
    paid=[(0, 0, 1800), (1, 0, 3600)],
    agent_groups=(0, 1),
    price_hour=(20, 40),
    price_overtime=(30, 40),
)
"""Agent 0 works 600 s and 400 s, the last 100 s of them after duty; agent 1, an expert, works 100 s of an hour."""


def of_agents(desk: Desk, *counters: str, **where: str) -> list[int]:
    return [desk.total("agents", counter, **where) for counter in counters]


def test_work_after_duty_is_overtime_and_no_part_of_occupancy() -> None:
    found = of_agents(DAY, "duty", "busy", "beyond", "overtime", "paid", agent_group="clerks")
    assert found == [1_800_000, 900_000, 100_000, 100_000, 1_800_000]


def test_who_is_one_too_many_and_only_finishes_works_overtime() -> None:
    """Three are busy and two due at 1000 s: who leaves at 1300 s has worked 300 s over.

    At 2000 s only one is due: again somebody is over, for 500 s, until two are due at 2500 s and he stays.
    """
    desk = Desk(
        numbers=[(0, 3), (1000, 2), (2000, 1), (2500, 2)],
        duty=[(0, 0, 1300), (1, 0, HOUR), (2, 0, HOUR)],
        busy=[(0, 0, 1300), (1, 0, HOUR), (2, 0, HOUR)],
        agent_groups=(0, 0, 0),
    )
    assert of_agents(desk, "overtime") == [800_000]
    assert of_agents(desk, "duty", "busy") == [3_000_000 + 2_000_000 + 500_000 + 2_200_000] * 2
    assert desk.by_slot("agents", "overtime") == [0, 300_000, 500_000, 0]
    assert desk.by_slot("peaks", "duty", line="run") == [3, 3, 2, 2]


def test_tiers_sum_their_groups() -> None:
    assert of_agents(DAY, "busy", tier="expert") == [100_000]
    assert of_agents(DAY, "duty") == [5_400_000]


def test_agents_time_falls_into_the_slots_of_the_clock() -> None:
    """Agent 0 is busy for 600 s of the first quarter, 300 s of the second, and 100 s of overtime in the third."""
    assert DAY.by_slot("agents", "busy", agent_group="clerks") == [600_000, 300_000, 0, 0]
    assert DAY.by_slot("agents", "overtime", agent_group="clerks") == [0, 0, 100_000, 0]


def test_the_warm_up_cuts_agents_time_by_the_clock() -> None:
    assert of_agents(replace(DAY, warm_up=500), "duty", "busy", agent_group="clerks") == [1_300_000, 400_000]


def test_the_most_at_once_is_kept_by_group() -> None:
    assert DAY.by_slot("peaks", "busy", line="run") == [2, 1, 1, 0]
    assert DAY.by_slot("peaks", "duty", line="agent_group=clerks") == [1, 1, 0, 0]
    assert DAY.by_slot("peaks", "free", line="run") == [2, 2, 1, 1]
    assert DAY.by_slot("peaks", "busy", line="tier=expert") == [1, 0, 0, 0]


def test_without_slots_work_occupies_all_of_an_agent() -> None:
    assert of_agents(DAY, "slots", "slots_used", agent_group="clerks") == [1_800_000, 900_000]


def test_a_chat_occupies_its_share_of_an_agent_and_other_work_all() -> None:
    """Up to 3 mails at once (channel 0): two overlap for 50 s, then a call takes 100 s: 150 + 3 × 100 of 3 × 1000 s."""
    desk = Desk(
        contacts=[Contact(0, 100), Contact(50, 100), Contact(200, 300, channel=1)],
        legs=[Leg(0, 0, 0, talk=100), Leg(1, 50, 50, talk=50), Leg(2, 200, 200, talk=100, queue=1)],
        duty=[(0, 0, 1000)],
        busy=[(0, 0, 100), (0, 200, 300)],
        slots=((3, 0), (0, 0)),
    )
    assert of_agents(desk, "slots", "slots_used", agent_group="clerks") == [3_000_000, 450_000]


def test_slot_time_of_unfinished_work_runs_to_the_end() -> None:
    desk = Desk(
        contacts=[Contact(HOUR - 100, how=End.OPEN)],
        legs=[Leg(0, HOUR - 100, HOUR - 100, handled=Handled.OPEN)],
        duty=[(0, 0, HOUR)],
        busy=[(0, HOUR - 100, HOUR)],
        slots=((2, 0), (0, 0)),
    )
    assert of_agents(desk, "slots_used") == [100_000]


def test_people_cost_by_the_paid_hour_and_overtime_beside() -> None:
    """Half an hour at 20, an hour at 40, and 100 s of overtime at 30: 10 + 40 + 0.833, in thousandths."""
    assert DAY.total("costs", "cost", part="people") == 50_000
    assert DAY.total("costs", "cost", part="people", agent_group="experts", tier="expert") == 40_000
    assert DAY.total("costs", "cost", part="overtime") == 833


def test_a_shift_paid_by_the_piece_is_counted_once_when_it_begins() -> None:
    """Of three shifts one was under way before the start: 2 × 150, whatever breaks and days they run over."""
    desk = Desk(
        paid=[(0, 0, 300), (0, 600, 900), (0, 1800, HOUR)],
        shifts=[(0, -100), (0, 600), (0, 1800)],
        agent_groups=(0, 1),
        price_shift=150,
    )
    assert desk.by_slot("agents", "shifts") == [1, 0, 1, 0]
    assert desk.total("costs", "cost", part="people") == 300_000
    assert replace(desk, warm_up=900).total("agents", "shifts") == 1


def test_self_service_costs_by_contact_and_resolutions_count_when_they_come() -> None:
    desk = Desk(
        contacts=[Contact(0, 30, End.RESOLVED_BY_STAGE, stage=0), Contact(0, 1000)],
        visits=[(0, 0, 0, 30, 0), (1, 0, 0, 30, 2)],
        legs=[Leg(1, 30, 30, 970)],
        price_visit=15,
    )
    assert desk.total("costs", "cost", stage="bot") == 30_000
    assert desk.by_slot("costs", "resolved") == [1, 1, 0, 0]
    assert desk.total("costs", "cost") == 30_000


def test_assists_cost_by_the_clock_or_by_each_contact_that_an_agent_takes() -> None:
    """A quarter of 12 per hour in each of four slots; two legs taken at 5 each, and one that nobody took."""
    by_time = Desk(price_assists_hour=12)
    assert by_time.by_slot("costs", "cost", part="assists") == [3_000] * 4
    legs = [Leg(0, 0, 0, 30), Leg(1, 1000, 1000, 30), Leg(2, 1000, 1010, left=Left.ABANDONED)]
    contacts = [Contact(0, 30), Contact(1000, 1030), Contact(1000, 1010, End.ABANDONED)]
    desk = Desk(contacts=contacts, legs=legs, price_assist=5)
    assert desk.by_slot("costs", "cost", part="assists") == [5_000, 5_000, 0, 0]


def test_prices_by_the_clock_add_up_exactly() -> None:
    """1 per hour in slots of 7 minutes: 1000 thousandths together; after a warm-up, what is left."""
    assert sum(Desk(price_lines_hour=1, interval=420).by_slot("costs", "cost", part="lines")) == 1_000
    assert Desk(price_lines_hour=1, warm_up=900).total("costs", "cost", part="lines") == 750
