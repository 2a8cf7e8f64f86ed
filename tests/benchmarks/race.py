"""Race both engines against idiomatic SimPy models and C programs of the same work, in one run.

``python tests/benchmarks/race.py --yardsticks DIR`` runs, in turn, the two SimPy models in DIR (``mmnm_simpy.py``: work
A, the queue M/M/100+M; ``week_simpy.py``: work B, a week of telephone, chat, mail and a technical pool), the C programs
there (``mmnm.c``, ``week.c``, if there is a C compiler) and the scenarios ``work_a.yaml`` and ``work_b.yaml`` here, and
prints CPU seconds per million contacts: the median of the rounds, ours by step of the line (deal, play, measure), and
the ratios beside the goals. Without the folder only ours is timed.

With ``--hold`` the exit status is 1 where a goal is missed.
"""

import argparse
import json
import shutil
import statistics
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from time import process_time

from sim.demand.deal import Dealer
from sim.engine.choice import Name, engine
from sim.engine.compile import compile_program
from sim.experiment.asked import grids
from sim.experiment.collect import Collected
from sim.experiment.gather import gather
from sim.experiment.judge import watches
from sim.measure.accounts import account
from sim.measure.frame import Frame
from sim.scenario.load import load

HERE = Path(__file__).parent
FEWEST_ROUNDS = 5
ENGINES: tuple[Name, ...] = ("reference", "compiled")
GOAL = 4.0
"""The reference engine's whole line costs at most so many times the CPU seconds of the idiomatic SimPy model."""
GOAL_OF_PLAYING, GOAL_OF_THE_LINE = 70.0, 30.0
"""The compiled engine plays so many times as fast as the idiomatic SimPy model, and its whole line is so many times as
fast."""
GOAL_AGAINST_C = 0.5
"""It plays at least so many times as fast as the C program."""


@dataclass(frozen=True)
class Work:
    """A piece of work, as a scenario of ours and as a yardstick's script with its arguments."""

    name: str
    scenario: Path
    yardstick: tuple[str, ...]
    program: tuple[str, ...]
    """C source, arguments before the seed, and after it."""
    of_program: tuple[str, ...]


WORKS = (
    Work(
        "A",
        HERE / "work_a.yaml",
        ("mmnm_simpy.py", "--n", "100", "--contacts", "100000"),
        ("mmnm.c", "0", "100", "1000000"),
        ("1",),
    ),
    Work("B", HERE / "work_b.yaml", ("week_simpy.py", "--contacts", "1"), ("week.c", "model_b.txt", "10"), ("1",)),
)


@dataclass(frozen=True)
class Timing:
    """CPU seconds of one round, per million contacts."""

    steps: dict[str, float]

    @property
    def whole(self) -> float:
        """Of all steps together."""
        return sum(self.steps.values())


class Contestant:
    """Our whole line for one work, timed step by step."""

    def __init__(self, work: Work, name: Name) -> None:
        self._play = engine(name).play
        scenario = load(work.scenario)
        self._program = compile_program(scenario)
        self._dealer = Dealer(scenario)
        self._frame = Frame.of(scenario, self._program)
        self._grids, self._watches = grids(scenario, self._frame), watches(scenario, self._frame)
        self._collected = Collected(self._frame, self._grids, self._watches)

    def run(self, number: int) -> Timing:
        """Deal, play and measure replication `number`."""
        started = process_time()
        hand = self._dealer.deal(1, number)
        dealt = process_time()
        outcome = self._play(self._program, hand)
        played = process_time()
        self._collected.add(gather(account(self._frame, hand, outcome), self._grids, self._watches))
        measured = process_time()
        million = len(outcome.contacts.contact) / 1e6
        return Timing(
            {
                "deal": (dealt - started) / million,
                "play": (played - dealt) / million,
                "measure": (measured - played) / million,
            }
        )


def yardstick(work: Work, folder: Path) -> Callable[[int], Timing]:
    """Return a function that runs the work's SimPy model once, in a process of its own."""

    def run(number: int) -> Timing:
        command = [sys.executable, work.yardstick[0], *work.yardstick[1:], "--seed", str(number)]
        said = json.loads(subprocess.run(command, cwd=folder, capture_output=True, text=True, check=True).stdout)
        return Timing({"whole": said["cpu_s"] / said["contacts"] * 1e6})

    return run


def program(work: Work, folder: Path, built: Path) -> Callable[[int], Timing] | None:
    """Return a function that runs the work's C program once; None without a C compiler."""
    compiler = shutil.which("cc")
    if compiler is None:
        return None
    source, *arguments = work.program
    machine_code = built / Path(source).stem
    subprocess.run([compiler, "-O3", "-march=native", source, "-o", machine_code, "-lm"], cwd=folder, check=True)

    def run(number: int) -> Timing:
        command = [machine_code, *arguments, str(number + 1), *work.of_program]
        said = json.loads(subprocess.run(command, cwd=folder, capture_output=True, text=True, check=True).stdout)
        return Timing({"whole": said["cpu_s"] / said["contacts"] * 1e6})

    return run


def race(contestants: dict[str, Callable[[int], Timing]], rounds: int) -> dict[str, Timing]:
    """Return the median of every step over the rounds; contestants run in turn, so that a slow minute hits all."""
    runs: dict[str, list[Timing]] = {name: [] for name in contestants}
    for run in contestants.values():
        run(0)  # warm up: tables, caches, the file system
    for number in range(1, rounds + 1):
        for name, run in contestants.items():
            runs[name].append(run(number))
    return {
        name: Timing({step: statistics.median(one.steps[step] for one in timings) for step in timings[0].steps})
        for name, timings in runs.items()
    }


def main() -> int:
    """Race both works, print the table, and return the exit status."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--yardsticks", type=Path, help="folder of the SimPy models and C programs")
    parser.add_argument("--rounds", type=int, default=FEWEST_ROUNDS, help=f"at least {FEWEST_ROUNDS}")
    parser.add_argument("--hold", action="store_true", help="fail where a goal is missed")
    arguments = parser.parse_args()
    if arguments.rounds < FEWEST_ROUNDS:
        parser.error(f"--rounds must be at least {FEWEST_ROUNDS}, got {arguments.rounds}")
    folder = arguments.yardsticks
    if folder is not None and not folder.is_dir():
        parser.error(f"--yardsticks must be a folder, got {folder}")

    print(f"CPU seconds per million contacts, median of {arguments.rounds} rounds in turn")
    missed = False
    with TemporaryDirectory() as built:
        for work in WORKS:
            contestants = {name: Contestant(work, name).run for name in ENGINES}
            if folder is not None:
                contestants["simpy"] = yardstick(work, folder)
                if in_c := program(work, folder, Path(built)):
                    contestants["C"] = in_c
            missed |= report(work, race(contestants, arguments.rounds))
    return 1 if missed and arguments.hold else 0


def report(work: Work, medians: dict[str, Timing]) -> bool:
    """Print what a work's race came to, and return whether a goal was missed."""
    for name in ENGINES:
        steps = ", ".join(f"{step} {seconds:.2f}" for step, seconds in medians[name].steps.items())
        print(f"work {work.name}: {name} engine {medians[name].whole:.2f} ({steps})")
    if "simpy" not in medians:
        return False
    simpy, reference, compiled = medians["simpy"].whole, medians["reference"], medians["compiled"]
    kept = [
        _kept(work, "reference ÷ SimPy, whole line", reference.whole / simpy, GOAL, at_least=False),
        _kept(work, "SimPy ÷ compiled, playing", simpy / compiled.steps["play"], GOAL_OF_PLAYING),
        _kept(work, "SimPy ÷ compiled, whole line", simpy / compiled.whole, GOAL_OF_THE_LINE),
    ]
    if "C" in medians:
        kept.append(_kept(work, "C ÷ compiled, playing", medians["C"].whole / compiled.steps["play"], GOAL_AGAINST_C))
    return not all(kept)


def _kept(work: Work, what: str, ratio: float, goal: float, *, at_least: bool = True) -> bool:
    kept = ratio >= goal if at_least else ratio <= goal
    bound = "at least" if at_least else "at most"
    print(f"work {work.name}: {what} {ratio:.2f}; goal {bound} {goal:g}: {'kept' if kept else 'missed'}")
    return kept


if __name__ == "__main__":
    sys.exit(main())
