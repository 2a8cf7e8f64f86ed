"""Many lines that compete in trees are gone through as few are that are looked at in turn."""

from __future__ import annotations

import gc
import json
import random
from collections import defaultdict
from typing import TYPE_CHECKING

import numpy as np
import pytest

from sim.demand.deal import deal
from sim.engine.compile import compile_program
from sim.engine.compiled import blocks, trees
from sim.engine.compiled.setting import LAYOUTS, Setting
from sim.engine.compiled.state import (
    AGENT_NUMBER,
    AGENT_SIZE,
    AGENTS,
    AGENTS_END,
    BY_DUE_FIRST,
    COVERS,
    FREE_TREE,
    HANDS,
    IN,
    KEY,
    LEAF,
    LEAVES,
    NODE_SIZE,
    SINCE,
    TALK_TREE,
    TIE,
    TREE,
    TREE_HEAD,
    WINNER,
    WINNERS_LEAF,
    WORK,
    Ints,
)
from sim.engine.compiled.trees import Trees, asks_tree
from sim.scenario.load import loads
from tests.laws.scenarios import random_loaded
from tests.twins.equality import engines_differ
from tests.twins.test_counts import state_at_the_end

if TYPE_CHECKING:
    from tests.engine.timeline import Tree

QUICK, MANY = 80, 600
"""How many random scenarios are played by default, and in the slow test."""


@pytest.fixture
def few_compete(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let two lines be enough for a tree, and two ranks enough to be skipped by flags."""
    monkeypatch.setattr(trees, "FEWEST_LINES", 2)
    monkeypatch.setattr(blocks, "MANY_BLOCKS", 2)


@pytest.mark.usefixtures("few_compete")
def test_engines_agree_where_two_lines_compete() -> None:
    _agree(range(QUICK))


@pytest.mark.slow
@pytest.mark.usefixtures("few_compete")
def test_engines_agree_on_many_scenarios_where_two_lines_compete() -> None:
    _agree(range(QUICK, MANY))


def _agree(seeds: range) -> None:
    for seed in seeds:
        found = engines_differ(random_loaded(random.Random(seed)))
        assert found is None, f"seed {seed}: {found}"


@pytest.mark.parametrize("seed", range(3))
def test_engines_agree_on_desks_of_many_groups_that_differ(seed: int) -> None:
    """More than are looked at in turn: by rank, by how long contacts have waited, by whom they keep, by skill."""
    assert engines_differ(loads(json.dumps(_differing(random.Random(seed))))) is None


@pytest.mark.parametrize("calls", ["3 per hour", "14 per hour"])
def test_engines_agree_on_desks_of_many_ranks(calls: str) -> None:
    """More than one word of flags has, in order of the groups: two share a rank, and one of them opens late."""
    r = random.Random(1)
    groups: Tree = {}
    for number in range(40):
        rank = {"rank": number // 2 + 1}
        live: Tree = {"channels": ["phone"], **rank, **({"after": "20 s"} if number % 2 else {})}
        written = {"channels": ["email"], **rank, "interruptible": r.choice([True, "shared"])}
        groups[f"group_{number:02d}"] = {"tier": "desk", "headcount": 1, "serves": [live, written]}
    tree = _differing(r)
    tree["agent_groups"] = groups
    offer = {"offered_when": {"waiting": 0}, "accepted": 0.5, "connects": 0.5}
    tree["channels"]["phone"]["callback"] = {**offer, "dial": "0 s", "again_after": "30 s", "tries": 3}
    for contact_type in tree["contact_types"].values():
        contact_type["arrivals"] = {"phone": {"rate": calls}, "email": {"rate": "20 per hour"}}
    assert engines_differ(loads(json.dumps(tree))) is None


def _differing(r: random.Random) -> Tree:
    """Return a desk of 50 groups, each in its own way for 40 types of calls and e-mails."""
    types = [f"type_{number:02d}" for number in range(40)]
    talk = {"distribution": "exponential", "mean": "5 min"}
    rates = {"phone": {"rate": "10 per hour"}, "email": {"rate": "4 per hour"}}
    groups: Tree = {}
    for number in range(50):
        live: Tree = {"channels": ["phone"], "contact_types": r.sample(types, r.choice([3, 20, 40]))}
        written: Tree = {"channels": ["email"], "interruptible": r.choice([False, True, "shared"])}
        if r.random() < 0.5:
            live["rank"] = r.randint(1, 30)
        if r.random() < 0.3:
            live["after"] = f"{r.randint(1, 3) * 20} s"
        if r.random() < 0.2:
            written["keep_free"] = 1
        if r.random() < 0.3:
            written["order"] = "due_first"
        groups[f"group_{number:02d}"] = {"tier": "desk", "headcount": r.randint(1, 2), "serves": [live, written]}
        if r.random() < 0.3:
            groups[f"group_{number:02d}"]["slots"] = {"email": {"limit": 3}}
    return {
        "format": 1,
        "name": "differing",
        "time": {"start": "2026-04-06", "length": "2 h"},
        "channels": {"phone": {"patience": talk}, "email": {"waiting": "backlog"}},
        "contact_types": {
            name: {"arrivals": rates, "handling": {"desk": {"handle_time": talk}}, "priority": r.randint(1, 9)}
            for name in types
        },
        "tiers": {"desk": {}},
        "agent_groups": groups,
    }


def test_every_node_of_a_tree_knows_who_is_first_under_it(monkeypatch: pytest.MonkeyPatch) -> None:
    """What stands in a line is asked of those who stand there, nodes of what is under them."""
    competed: set[str] = set()
    for seed in range(3):
        s = state_at_the_end(loads(json.dumps(_differing(random.Random(seed)))), monkeypatch)
        lines: defaultdict[int, list[int]] = defaultdict(list)
        for agent in range(s[AGENTS], s[AGENTS_END], AGENT_SIZE):
            in_hand = int(s[agent + HANDS]) if s[agent + WORK] == 1 else 0
            for who in (agent, in_hand):
                if who and s[who + IN] and s[abs(s[who + IN]) + TREE]:
                    lines[abs(s[who + IN])].append(who)
        for line, stand in lines.items():
            assert _winner(s, s[line + TREE], s[line + LEAF]) == _first(s, stand), seed
        for tree in {int(s[line + TREE]) for line in lines}:
            for node in range(1, s[tree + LEAVES]):
                under = [_winner(s, tree, 2 * node), _winner(s, tree, 2 * node + 1)]
                assert _winner(s, tree, node) == _first(s, [who for who in under if who]), (seed, node)
                leaf = s[tree + TREE_HEAD + node * NODE_SIZE + WINNERS_LEAF]
                assert not any(under) or _winner(s, tree, leaf) == _winner(s, tree, node), (seed, node)
            competed.add({s[FREE_TREE]: "free", s[TALK_TREE]: "talks"}.get(tree, "sharing"))
    assert competed == {"free", "sharing", "talks"}


def _winner(s: Ints, tree: int, node: int) -> int:
    return int(s[tree + TREE_HEAD + node * NODE_SIZE + WINNER])


def _first(s: Ints, among: list[int]) -> int:
    """Return who is first of agents, or of talks; in the end the keys of agents have served to sort spans."""
    is_agent = [s[AGENTS] <= who < s[AGENTS_END] for who in among]
    columns = [(SINCE, AGENT_NUMBER) if agent else (KEY, TIE) for agent in is_agent]
    keys = {who: (s[who + key], s[who + tie]) for who, (key, tie) in zip(among, columns, strict=True)}
    return min(among, key=keys.__getitem__, default=0)


@pytest.mark.parametrize(("of_a_block", "of_all", "by_tree"), [(32, 32, 0), (33, 33, 1), (5, 33, 0), (6, 33, 1)])
def test_a_tree_is_asked_where_it_has_some_of_those_that_are_looked_for_near_its_top(
    of_a_block: int, of_all: int, by_tree: int
) -> None:
    assert asks_tree(of_a_block, of_all) == by_tree


def test_what_is_under_a_node_is_known_as_far_as_it_is_of_one_word_of_flags() -> None:
    """Of 40 lines, in 64 leaves: the root has more than a word, its two the first and the second, then halves."""
    laid_out = Trees(40, 2, 1)
    laid_out.place(8)
    objects = np.zeros(8 + laid_out.room, np.int64)
    laid_out.lay_out(objects)
    tree = laid_out.first(1)
    under = objects[objects[tree + COVERS] :].reshape(-1, NODE_SIZE)[:128].tolist()
    assert under[1:5] == [[0, 0], [0, 2**32 - 1], [1, 2**32 - 1], [0, 2**16 - 1]]
    assert under[64 + 33] == [1, 2]
    assert [int(objects[laid_out.first(each) + BY_DUE_FIRST]) for each in (0, 1)] == [0, 1]
    assert (laid_out.first(1) - laid_out.first(), objects[tree + LEAVES]) == (laid_out.length, 64)


def test_of_few_lines_there_is_no_tree() -> None:
    none = Trees(32, 3)
    none.place(8)
    assert (none.first(), none.first(2), none.room) == (0, 0, 0)


def test_a_program_is_laid_out_once_and_forgotten_with_it() -> None:
    scenario = random_loaded(random.Random(0))
    program = compile_program(scenario)
    gc.collect()
    known = len(LAYOUTS)
    first, second = (Setting(program, deal(scenario, 1, replication)) for replication in range(2))
    assert len(LAYOUTS) == known + 1
    assert first.lists is not second.lists
    del program, first, second
    gc.collect()
    assert len(LAYOUTS) == known
