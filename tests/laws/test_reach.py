"""Random scenarios reach the whole language, every end of a contact, and every tie of two events."""

from __future__ import annotations

import random
from collections import Counter
from itertools import combinations_with_replacement
from statistics import median
from typing import TYPE_CHECKING, Final

import numpy as np
import pytest

from sim.demand.deal import deal
from sim.engine.compile import compile_program
from sim.engine.reference import play
from sim.engine.rules import MISSING, End, EventKind, Left
from tests.laws.keys import paths, pattern_of, patterns
from tests.laws.laws import Play, first_entry
from tests.laws.scenarios import random_loaded, random_scenario

if TYPE_CHECKING:
    from collections.abc import Mapping

SEEDS: Final = range(300)

NEVER_AN_EVENT: Final = {EventKind.CHANNEL_OPENS}
"""The door is asked on arrival; nothing happens when it opens."""


def test_random_scenarios_reach_every_key_of_the_language() -> None:
    """What no random scenario says, no law is held against: each key is in one of 300 at least."""
    reached: set[str] = set()
    for seed in SEEDS:
        reached.update(pattern_of(path) for path in paths(random_scenario(random.Random(seed))))
    assert set(patterns()) - reached == set()


@pytest.fixture(scope="module")
def plays() -> list[Play]:
    """Play 300 random scenarios."""
    played = []
    for seed in SEEDS:
        scenario = random_loaded(random.Random(seed))
        program, hand = compile_program(scenario), deal(scenario, seed=1, replication=0)
        played.append(Play(program, hand, play(program, hand)))
    return played


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
def test_events_of_any_two_kinds_fall_on_one_instant_somewhere(plays: list[Play]) -> None:
    """Of 300 random scenarios, one at least has a tie of each two kinds of event, also of one kind twice."""
    kinds = [kind for kind in EventKind if kind not in NEVER_AN_EVENT]
    tied: Counter[tuple[EventKind, EventKind]] = Counter()
    for one in plays:
        instants = _instants(one)
        for two in combinations_with_replacement(kinds, 2):
            tied[two] += _meet(instants, *two)
    pairs = combinations_with_replacement(kinds, 2)
    assert {f"{a.name}, {b.name}" for a, b in pairs if not tied[a, b]} == set()


def _meet(instants: Mapping[EventKind, np.ndarray], one: EventKind, other: EventKind) -> bool:
    if one != other:
        return len(np.intersect1d(instants[one], instants[other])) > 0
    return bool((np.unique(instants[one], return_counts=True)[1] > 1).any())


def _instants(one: Play) -> dict[EventKind, np.ndarray]:
    """Give the instants of each kind of event after the first, as far as the records tell them."""
    program, (contacts, legs, agents) = one.program, (one.outcome.contacts, one.outcome.legs, one.outcome.agents)
    leave = np.where(legs.leave == MISSING, program.length, legs.leave)
    placed = np.array(first_entry(one), dtype=np.int64)
    afters = []
    for queue, rows in enumerate(program.queues.rows):
        waits = legs.queue == queue
        for after in {int(program.rows.after[row]) for row in rows} - {0}:
            afters.append(placed[waits & (placed + after <= leave)] + after)
    clearing = np.flatnonzero(program.channels.clears_at_closing)
    # Where a talk is followed by no wrap-up, one event ends both.
    wrapped = legs.wrap_up_end[legs.wrap_up_end != legs.talk_end]
    of_kind = {
        EventKind.CHANNEL_CLOSES: np.concatenate(
            [np.empty(0, dtype=np.int64), *(program.channels.open[channel][:, 1] for channel in clearing)]
        ),
        EventKind.SPAN_ENDS: agents.duty_end,
        EventKind.SPAN_BEGINS: agents.duty_begin,
        EventKind.TALK_ENDS: legs.talk_end,
        EventKind.WRAP_UP_ENDS: wrapped,
        EventKind.SELF_SERVICE_ENDS: one.outcome.visits.end,
        EventKind.AFTER_PASSES: np.concatenate([np.empty(0, dtype=np.int64), *afters]),
        EventKind.PATIENCE_ENDS: legs.leave[legs.left == Left.ABANDONED],
        EventKind.ENTERS_QUEUE: legs.enter[1:][legs.contact[1:] == legs.contact[:-1]],
        EventKind.ARRIVES: contacts.begin,
    }
    return {kind: at[(at > 0) & (at < program.length)] for kind, at in of_kind.items()}
