"""Random scenarios reach the whole language, every end of a contact, and every order of two events of one instant."""

from __future__ import annotations

import random
from collections import Counter
from statistics import median
from typing import Final

import pytest

from sim.demand.deal import deal
from sim.engine.compile import compile_program
from sim.engine.reference import play
from sim.engine.reference.clock import Clock, place
from sim.engine.rules import MISSING, End, EventKind
from tests.laws.keys import paths, pattern_of, patterns
from tests.laws.laws import Play
from tests.laws.scenarios import random_loaded, random_scenario

SEEDS: Final = range(300)

NEVER_AN_EVENT: Final = {EventKind.CHANNEL_OPENS}
"""The door is asked on arrival; nothing happens when it opens."""

LATER: Final = {
    kind: tuple(other for other in EventKind if other > kind and other not in NEVER_AN_EVENT) for kind in EventKind
}

NEVER_AFTER: Final = {
    (LATER[EventKind.CHANNEL_CLOSES], EventKind.CHANNEL_CLOSES): "hours are known before the start",
    (LATER[EventKind.SPAN_ENDS], EventKind.SPAN_ENDS): "spans last, and steps are known before the start",
    (
        (EventKind.SELF_SERVICE_ENDS, EventKind.ARRIVES),
        EventKind.SPAN_BEGINS,
    ): "neither empties the hands of somebody whose span has begun meanwhile",
    (
        (EventKind.AFTER_PASSES, EventKind.PATIENCE_ENDS, EventKind.ENTERS_QUEUE),
        EventKind.SPAN_BEGINS,
    ): "too rare: worked by hand in tests/engine/test_corners.py (who held a line gets free after the shift)",
    (LATER[EventKind.WRAP_UP_ENDS], EventKind.WRAP_UP_ENDS): "without a wrap-up, the talk's end is its end too",
    (
        LATER[EventKind.AFTER_PASSES],
        EventKind.AFTER_PASSES,
    ): "who enters looks at the rows that are open there and then",
}
"""What no event of some kinds brings about in its own instant, and why."""

Orders = Counter[tuple[EventKind, EventKind]]


def test_random_scenarios_reach_every_key_of_the_language() -> None:
    """What no random scenario says, no law is held against: each key is in one of 300 at least."""
    reached: set[str] = set()
    for seed in SEEDS:
        reached.update(pattern_of(path) for path in paths(random_scenario(random.Random(seed))))
    assert set(patterns()) - reached == set()


class Watched(Clock):
    """Counts which kinds of event follow on which within an instant, at once or after others."""

    orders: Orders
    instant = MISSING

    def step(self) -> None:
        """Let the next event happen."""
        at, priority, _, event = self._queue[0]
        if priority >= place(EventKind(0), -1, -1) and event.callbacks:  # nothing comes of what was called off
            kind = EventKind((priority >> 64) - 1)
            if at != self.instant:
                self.instant, self.seen = at, set[EventKind]()
            self.orders.update((one, kind) for one in self.seen)
            self.seen.add(kind)
        super().step()


@pytest.fixture(scope="module")
def watched() -> tuple[list[Play], Orders]:
    """Play 300 random scenarios, and count the orders of events."""
    played = []
    Watched.orders = Counter()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("sim.engine.reference.desk.Clock", Watched)
        for seed in SEEDS:
            scenario = random_loaded(random.Random(seed))
            program, hand = compile_program(scenario), deal(scenario, seed=1, replication=0)
            played.append(Play(program, hand, play(program, hand)))
    return played, Watched.orders


@pytest.fixture(scope="module")
def plays(watched: tuple[list[Play], Orders]) -> list[Play]:
    """Give the plays."""
    return watched[0]


@pytest.fixture(scope="module")
def orders(watched: tuple[list[Play], Orders]) -> Orders:
    """Give the orders."""
    return watched[1]


@pytest.mark.slow
def test_every_end_of_a_contact_comes_in_two_percent_of_the_random_scenarios(plays: list[Play]) -> None:
    """In at least six of 300."""
    seen = Counter(how for one in plays for how in set(one.outcome.contacts.how.tolist()))
    assert {end.name: seen[end] for end in End if seen[end] < 0.02 * len(plays)} == {}


@pytest.mark.slow
def test_random_scenarios_are_large_enough_to_queue(plays: list[Play]) -> None:
    """Half of them have 200 contacts or more, half five agents or more."""
    assert median(len(one.outcome.contacts.contact) for one in plays) >= 200
    assert median(len(one.hand.agents.group) for one in plays) >= 5


@pytest.mark.slow
def test_events_of_any_two_kinds_happen_in_either_order_in_one_instant_somewhere(orders: Orders) -> None:
    """In the written order, and against it where an event of the later kind brings about one of the earlier kind."""
    kinds = [kind for kind in EventKind if kind not in NEVER_AN_EVENT]
    impossible = {(one, other) for (ones, other), _ in NEVER_AFTER.items() for one in ones}
    missing = {(one, other) for one in kinds for other in kinds if not orders[one, other]}
    assert {f"{a.name}, then {b.name}" for a, b in missing - impossible} == set()
    assert {f"{a.name}, then {b.name}" for a, b in impossible - missing} == set()
