"""What the compiled engine counts of its people is what a recount finds."""

from __future__ import annotations

import random
from typing import TYPE_CHECKING, Any

import pytest

from sim.demand.deal import deal
from sim.engine.compile import compile_program
from sim.engine.compiled import play as module
from sim.engine.compiled.state import (
    ACCEPTING,
    AGENT_GROUP,
    AGENT_SIZE,
    AGENTS,
    AGENTS_END,
    AT_WORK,
    FREE_AGENTS,
    GROUP_SIZE,
    GROUPS,
    GROUPS_END,
    IN,
    POOL,
    SHARING,
    WORK,
    Desk,
    Ints,
)
from tests.laws.scenarios import random_loaded

if TYPE_CHECKING:
    from sim.scenario.schema import Scenario


def state_at_the_end(scenario: Scenario, monkeypatch: pytest.MonkeyPatch) -> Ints:
    """Play and return what the engine remembers at the end."""
    kept: list[Desk] = []
    outcome = module.outcome

    def keep(desk: Desk, *others: Any) -> Any:
        kept.append(desk)
        return outcome(desk, *others)

    monkeypatch.setattr(module, "outcome", keep)
    module.play(compile_program(scenario), deal(scenario, 1, 0))
    monkeypatch.undo()
    return kept[0].state


def test_who_is_at_work_free_or_shares_is_counted_as_they_stand(monkeypatch: pytest.MonkeyPatch) -> None:
    """A count that is too high would only make the engine look where nobody is: no Outcome would tell."""
    shared = 0
    for seed in range(60):
        s = state_at_the_end(random_loaded(random.Random(seed)), monkeypatch)
        agents = range(s[AGENTS], s[AGENTS_END], AGENT_SIZE)
        groups = range(s[GROUPS], s[GROUPS_END], GROUP_SIZE)
        at_work = {group: [agent for agent in agents if s[agent + AGENT_GROUP] == group] for group in groups}
        at_work = {group: [agent for agent in people if s[agent + ACCEPTING]] for group, people in at_work.items()}
        assert [s[group + AT_WORK] for group in groups] == [len(people) for people in at_work.values()], seed
        for pool in {int(s[group + POOL]) for group in groups}:
            people = [agent for group in groups if s[group + POOL] == pool for agent in at_work[group] if s[agent + IN]]
            sharing = sum(s[agent + WORK] > 0 for agent in people)
            assert (s[pool + SHARING], s[pool + FREE_AGENTS]) == (sharing, len(people) - sharing), seed
            shared += sharing
    assert shared > 0
