"""Wrong rules, one at a time in a copy of one engine, and which random scenario tells them from the right ones.

``NUMBA_DISABLE_JIT=1 python -m tests.twins.mutations`` prints a line for each; it fails if one is never told.
"""

from __future__ import annotations

import importlib
import random
import sys
import tempfile
import warnings
from pathlib import Path
from typing import TYPE_CHECKING, Final, NamedTuple

from sim.demand.deal import deal
from sim.engine.compile import compile_program
from sim.engine.reference import play
from tests.laws.scenarios import random_loaded
from tests.twins.equality import difference

if TYPE_CHECKING:
    from collections.abc import Callable
    from types import ModuleType

    from sim.demand.hand import Hand
    from sim.engine.outcome import Outcome
    from sim.engine.program import Program

ENGINES: Final = Path(__file__).parents[2] / "sim" / "engine"
SEEDS: Final = range(150)


class Mutation(NamedTuple):
    """A rule and what stands in its place."""

    name: str
    module: str
    """`engine/module`."""
    right: str
    """Stands in that module, once or in several places."""
    wrong: str
    lines: int = 33
    """How many compete in trees, at least."""


MUTATIONS: Final = (
    Mutation(
        "a row opens to who waits a millisecond early",
        "compiled/next_leg",
        "latest = s[NOW] - s[row + AFTER]",
        "latest = s[NOW] - s[row + AFTER] + 1",
    ),
    Mutation(
        "a late break delays the next shift", "compiled/days", "s[agent + BREAK_OVER] = 0", "s[agent + BREAK_OVER] += 0"
    ),
    Mutation("a head start counts for nothing", "compiled/waiting", " + s[lane + LANE_KEY], s[leg", ", s[leg"),
    Mutation("who began first is interrupted", "compiled/groups", "-s[talk + RESUMED]", "s[talk + RESUMED]"),
    Mutation("a row keeps one more free", "compiled/who", "if free > keep_free:", "if free > keep_free + 1:"),
    Mutation(
        "a shared talk is rounded down", "compiled/hands", "(remaining + (pace - 1)) // pace", "remaining // pace"
    ),
    Mutation("parked time is talked", "compiled/hands", "s[leg + TALK_FROM] += parked", "pass"),
    Mutation(
        "patience that ends as somebody gets free is over",
        "compiled/waiting",
        "s[leg + DUE] > s[NOW] or not s[leg + LEAVES_UNSEEN]:\n        return False\n    return bool(",
        "s[leg + DUE] > s[NOW] or not s[leg + LEAVES_UNSEEN]:\n        return False\n    return True or bool(",
    ),
    Mutation(
        "call-backs never stand behind the live",
        "compiled/waiting",
        "if s[case + TO_DIAL] and s[leg + BEHIND]:",
        "if 0:",
    ),
    Mutation(
        "a queue's limit is one higher",
        "reference/desk",
        "self.waiting_at_the_door[contact.channel] >= limit",
        "self.waiting_at_the_door[contact.channel] > limit",
    ),
    Mutation(
        "the warm limit passes a millisecond late", "reference/desk", "clock.now + limit", "clock.now + limit + 1"
    ),
    Mutation(
        "who is one too many stays", "reference/desk", "if agent.accepting and group.surplus:", "if group.surplus < 0:"
    ),
    Mutation("what is due first waits its turn", "reference/waiting", "if self._due_first[row] else 0", "* 0"),
    Mutation(
        "who finished last takes first",
        "reference/desk",
        "(len(found.work), found.since, ",
        "(len(found.work), -found.since, ",
    ),
    Mutation(
        "who leaves silently leaves no place", "reference/desk", "self.queues.join(leg, silently_left=True)", "pass"
    ),
    Mutation("returned work begins anew", "reference/desk", "again.remaining = leg.remaining", "pass"),
    Mutation("live work hides behind backlog", "compiled/waiting", "lane += s[BACKLOG_LANES]", "pass"),
    Mutation(
        "who takes work takes it by another group's row",
        "compiled/who",
        "return row + s[s[agent + AGENT_GROUP] + FIRST_ROW] - s[s[row + POOL_OF_ROW] + FIRST_ROW]",
        "return row",
    ),
    Mutation(
        "people of a group that serves alike go home instead",
        "compiled/groups",
        "stand = first(s, group)",
        "stand = first(s, s[group + POOL])",
    ),
    Mutation(
        "talks of a group that serves alike are not interrupted",
        "compiled/groups",
        "s[s[talk + ROW] + ROW_OF_POOL]",
        "s[talk + ROW]",
    ),
    Mutation(
        "groups share lines though one keeps people free", "compiled/alike", "group if kept_free[group] else ", ""
    ),
    Mutation("queues of different priority share lanes", "compiled/alike", "int(queues.priority[queue])", "0"),
    Mutation("who shares is passed by", "compiled/groups", "== kept and s[pool + SHARING] > 0", "< kept"),
    Mutation("rows that keep people free hear of nobody", "compiled/groups", "if has_somebody(", "if False and ("),
    Mutation(
        "queues with different times until due share lanes", "compiled/alike", "int(queues.due[queue]) if", "0 if"
    ),
    Mutation(
        "who stands first of like queues decides on offers",
        "compiled/alike",
        "queue if offers_by_wait",
        "-1 if offers_by_wait",
    ),
    Mutation(
        "a tree knows who comes out last",
        "compiled/tournament",
        "s[rival + WINNER], winner)",
        "winner, s[rival + WINNER])",
        2,
    ),
    Mutation(
        "a tree of lanes is due in reverse", "compiled/tournament", "s[one + DUE_AT] < s", "s[one + DUE_AT] > s", 2
    ),
    Mutation("a tree looks at lines of no block", "compiled/next_leg", "if not is_in(", "if is_in(", 2),
    Mutation(
        "a tree is not told whom rows keep",
        "compiled/groups",
        "leaf, 0 if kept",
        "leaf, 0 if True or kept",
        2,
    ),
    Mutation(
        "ranks are skipped one too many", "compiled/who", "block = next_rank\n", "block = next_rank + BLOCK_SIZE\n", 2
    ),
)


class Case(NamedTuple):
    """A random scenario, dealt and rightly played."""

    program: Program
    hand: Hand
    outcome: Outcome


def cases() -> list[Case]:
    """Play the random scenarios."""
    played = []
    for seed in SEEDS:
        scenario = random_loaded(random.Random(seed))
        program, hand = compile_program(scenario), deal(scenario, 1, 0)
        played.append(Case(program, hand, play(program, hand)))
    return played


def mutated(mutation: Mutation, folder: Path, name: str) -> Callable[[Program, Hand], Outcome]:
    """Return the `play` of a copy of an engine with a wrong rule."""
    engine, module = mutation.module.split("/")
    (folder / name).mkdir()
    for path in (ENGINES / engine).glob("*.py"):
        text = path.read_text(encoding="utf-8")
        if path.stem == module:
            assert mutation.right in text, f"{mutation.name}: {path} says nothing like {mutation.right!r} any more"
            text = text.replace(mutation.right, mutation.wrong)
        (folder / name / path.name).write_text(text.replace(f"sim.engine.{engine}", name), encoding="utf-8")
    importlib.invalidate_caches()
    package: ModuleType = importlib.import_module(f"{name}.play" if engine == "compiled" else name)
    if engine == "compiled":
        importlib.import_module(f"{name}.trees").FEWEST_LINES = mutation.lines
        importlib.import_module(f"{name}.blocks").MANY_BLOCKS = min(mutation.lines, 8)
    plays: Callable[[Program, Hand], Outcome] = package.play
    return plays


def told_by(plays: Callable[[Program, Hand], Outcome], among: list[Case]) -> int | None:
    """Return the seed of the first random scenario that is played otherwise, or not to its end; None without."""
    for seed, case in enumerate(among):
        try:
            found = difference(case.outcome, plays(case.program, case.hand))
        except (AssertionError, ArithmeticError, LookupError, TypeError, ValueError):
            return seed
        if found is not None:
            return seed
    return None


def main() -> None:
    """Print which random scenario tells each mutation."""
    among, never = cases(), 0
    with tempfile.TemporaryDirectory() as folder, warnings.catch_warnings():
        warnings.simplefilter("ignore")
        sys.path.insert(0, folder)
        for number, mutation in enumerate(MUTATIONS):
            seed = told_by(mutated(mutation, Path(folder), f"mutant_{number}"), among)
            never += seed is None
            print(f"{mutation.name}: {'NEVER TOLD' if seed is None else f'seed {seed}'}")
    sys.exit(never)


if __name__ == "__main__":
    main()
