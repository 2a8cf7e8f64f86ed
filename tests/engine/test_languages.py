"""Languages of contacts and of the groups that speak them, worked by hand."""

from __future__ import annotations

import yaml

from sim.engine.compile import compile_program
from sim.engine.rules import NOBODY, End, Handled
from sim.scenario.load import loads
from tests.engine.timeline import Told, Tree, call, constant, desk, tell


def of_language(language: object, *entries: Tree, channel: str = "phone", **more: object) -> Tree:
    """Return a type of contacts that come in a language."""
    handling = {"first": {"handle_time": constant(60)}}
    return {"languages": language, "arrivals": {channel: {"log": list(entries)}}, "handling": handling, **more}


def speakers(**languages: list[str] | None) -> Tree:
    """Return a group of one agent for each name, which speaks the languages given; all of them if None."""
    return {
        name: {"tier": "first", "headcount": 1, **({} if spoken is None else {"languages": spoken})}
        for name, spoken in languages.items()
    }


def taken(told: Told) -> list[tuple[int, float | None, int]]:
    """Return (contact, when it was taken, by whom) of each leg."""
    return [(stay.contact, stay.leave, stay.agent) for stay in told.stays]


def test_who_does_not_speak_it_leaves_it_waiting() -> None:
    """Two Japanese calls: the second waits for the one who speaks Japanese although the other is free."""
    types = {"order": of_language("ja", call(0, 60), call(10, 60)), "fault": of_language("en")}
    tree = desk({"phone": []}, contact_types=types, agent_groups=speakers(a=["en"], b=["ja", "en"]))
    assert taken(tell(tree)) == [(0, 0, 1), (1, 60, 1)]


def test_who_frees_up_takes_the_longest_wait_of_the_languages_spoken() -> None:
    """Until 100 nobody is free; then the English speaker passes over the Japanese call that came first."""
    types = {
        "en": of_language("en", call(0, 100), call(30, 60)),
        "ja": of_language("ja", call(1, 200), call(20, 60)),
    }
    tree = desk({"phone": []}, contact_types=types, agent_groups=speakers(a=["en"], b=["ja", "en"]))
    assert taken(tell(tree)) == [(0, 0, 0), (1, 1, 1), (2, 201, 1), (3, 100, 0)]


def test_in_one_instant_each_goes_to_who_speaks_it() -> None:
    """The first by number goes to who was free longest among those who speak it, by number where all were as long."""
    types = {"en": of_language("en", call(10, 60)), "ja": of_language("ja", call(10, 60))}
    tree = desk({"phone": []}, contact_types=types, agent_groups=speakers(a=None, b=["en"], c=["ja"]))
    assert taken(tell(tree)) == [(0, 10, 0), (1, 10, 2)]


def test_a_group_that_names_no_languages_speaks_all() -> None:
    types = {"order": of_language("ja", call(0, 60)), "fault": of_language("en", call(100, 60))}
    assert taken(tell(desk({"phone": []}, contact_types=types))) == [(0, 0, 0), (1, 100, 0)]


def test_a_type_without_languages_is_served_by_everybody() -> None:
    tree = desk({"phone": [call(0, 60)]}, agent_groups=speakers(a=["en"]))
    assert taken(tell(tree)) == [(0, 0, 0)]


def test_it_keeps_its_language_from_tier_to_tier() -> None:
    """Escalated to two experts, of whom the second alone speaks Japanese."""
    order = of_language("ja", call(0, 60))
    order["handling"] = {
        "first": {"handle_time": constant(60), "resolved": 0, "escalated": "100 %"},
        "second": {"handle_time": constant(30)},
    }
    groups = speakers(a=["ja"], b=["en"], c=["en", "ja"])
    for name in "bc":
        groups[name]["tier"] = "second"
    tree = desk({"phone": []}, contact_types={"order": order}, tiers={"first": {}, "second": {}}, agent_groups=groups)
    assert taken(tell(tree)) == [(0, 0, 0), (0, 60, 2)]


def test_it_keeps_its_language_in_a_retry() -> None:
    """Gives up at 25 and comes again at 85, still for the agent who speaks Japanese and is busy until 90."""
    again = {"share": "100 %", "after": constant(60), "attempts": 1}
    channels = {"phone": {"waiting": "live", "patience": constant(20), "retry": again}}
    types = {"order": of_language("ja", call(0, 90), call(5)), "fault": of_language("en")}
    groups = speakers(a=["en"], b=["ja", "en"])
    told = tell(desk({"phone": []}, contact_types=types, channels=channels, agent_groups=groups))
    assert taken(told) == [(0, 0, 1), (2, 25, NOBODY), (3, 90, 1)]
    assert (told.ends[2], told.times[3][0]) == (End.ABANDONED, 85)


def test_the_wrong_desk_must_speak_it_too() -> None:
    """Japanese questions reach the orders, which come in English: there b alone holds them for triage."""
    types = {
        "order": of_language("en", call(0, 100)),
        "question": of_language("ja", call(1, 60), misrouted={"share": "100 %", "to": "order", "triage": constant(30)}),
    }
    groups = speakers(a=["en"], b=["en", "ja"], c=["ja"])
    for name, kind in (("a", "order"), ("b", "order"), ("c", "question")):
        groups[name]["serves"] = [{"contact_types": [kind]}]
    told = tell(desk({"phone": []}, contact_types=types, agent_groups=groups))
    assert taken(told) == [(0, 0, 0), (1, 1, 1), (1, 31, 2)]
    assert told.stays[1].handled == Handled.TRANSFERRED


def test_queues_are_numbered_by_language_last_the_one_without_a_name() -> None:
    """Orders name two of three languages, requests none; a question in Spanish may reach the requests' desk."""
    types = {
        "order": of_language({"ja": "50 %", "en": "50 %", "es": 0}),
        "question": of_language("es", misrouted={"share": "10 %", "to": "request", "triage": constant(30)}),
        "request": {"arrivals": {"phone": {"log": []}}, "handling": {"first": {"handle_time": constant(60)}}},
    }
    groups = speakers(a=["en", "es"], b=["ja"])
    groups["a"]["serves"] = [{"contact_types": ["order"]}, {}]
    program = compile_program(loads(yaml.safe_dump(desk({"phone": []}, contact_types=types, agent_groups=groups))))
    en, es, ja = range(3)
    queues = program.queues
    assert list(zip(queues.contact_type.tolist(), queues.language.tolist(), strict=True)) == [
        (0, en),
        (0, ja),
        (1, es),
        (2, es),
        (2, NOBODY),
    ]
    assert [queues.of[0, kind, 0, language] for kind, language in ((0, ja), (2, es), (2, NOBODY))] == [1, 3, 4]
    assert queues.of[0, 0, 0, es] == queues.of[0, 0, 0, NOBODY] == NOBODY
    assert [row.tolist() for row in program.rows.queues] == [[0], [0, 2, 3, 4], [1, 4]]
