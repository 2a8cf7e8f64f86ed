"""Race the reference engine against idiomatic SimPy models of the same work, in one run.

``python tests/benchmarks/race.py --yardsticks DIR`` runs, in turn, the two SimPy models in DIR (``mmnm_simpy.py``: work
A, the queue M/M/100+M; ``week_simpy.py``: work B, a week of telephone, chat, mail and a technical pool) and the
scenarios ``work_a.yaml`` and ``work_b.yaml`` here, and prints CPU seconds per million contacts: the median of the
rounds, ours by step of the line (deal, play, measure), and the ratio beside the goal. Without the folder only ours is
timed.

With ``--hold`` the exit status is 1 where a goal is missed.
"""

import argparse
import json
import statistics
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from time import process_time

from sim.demand.deal import Dealer
from sim.engine.compile import compile_program
from sim.engine.reference import play
from sim.experiment.asked import grids
from sim.experiment.collect import Collected
from sim.experiment.gather import gather
from sim.experiment.judge import watches
from sim.measure.accounts import account
from sim.measure.frame import Frame
from sim.scenario.load import load

HERE = Path(__file__).parent
FEWEST_ROUNDS = 5
GOAL = 4.0
"""The reference engine's whole line costs at most so many times the CPU seconds of the idiomatic SimPy model."""


@dataclass(frozen=True)
class Work:
    """A piece of work, as a scenario of ours and as a yardstick's script with its arguments."""

    name: str
    scenario: Path
    yardstick: tuple[str, ...]


WORKS = (
    Work("A", HERE / "work_a.yaml", ("mmnm_simpy.py", "--n", "100", "--contacts", "100000")),
    Work("B", HERE / "work_b.yaml", ("week_simpy.py", "--contacts", "1")),
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

    def __init__(self, work: Work) -> None:
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
        outcome = play(self._program, hand)
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
    parser.add_argument("--yardsticks", type=Path, help="folder of the SimPy models")
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
    for work in WORKS:
        contestants: dict[str, Callable[[int], Timing]] = {"reference": Contestant(work).run}
        if folder is not None:
            contestants["simpy"] = yardstick(work, folder)
        medians = race(contestants, arguments.rounds)
        ours = medians["reference"]
        steps = ", ".join(f"{step} {seconds:.1f}" for step, seconds in ours.steps.items())
        print(f"work {work.name}: reference engine {ours.whole:.1f} ({steps})")
        if folder is not None:
            theirs = medians["simpy"].whole
            ratio = ours.whole / theirs
            missed |= ratio > GOAL
            print(
                f"work {work.name}: idiomatic SimPy {theirs:.1f}; ratio {ratio:.2f} whole, "
                f"{ours.steps['play'] / theirs:.2f} playing; goal at most {GOAL:.0f} whole: "
                f"{'missed' if ratio > GOAL else 'kept'}"
            )
    return 1 if missed and arguments.hold else 0


if __name__ == "__main__":
    sys.exit(main())
