"""Work, rate and goal of everything that is promised about speed and memory, in one table.

``python -m tests.benchmarks`` runs all parts, ``python -m tests.benchmarks race agents`` the named ones. Seconds are of
CPU where ratios are taken, medians of rounds in turn; of the clock for starts, workers and plans. `race` needs the
folder of the SimPy models and C programs for its goals: ``--yardsticks DIR``. Have nothing else run meanwhile.

With ``--hold`` the exit status is 1 where a goal is missed.
"""

import argparse
import sys
from collections.abc import Iterator
from itertools import chain
from pathlib import Path

from tests.benchmarks import groups, memory, plans, race, sizes, starts
from tests.benchmarks.table import Row, printed

FEWEST_ROUNDS = 5
PARTS = ("race", "agents", "groups", "shipped", "inquiries", "workers", "starts", "memory", "plans")


def rows(part: str, rounds: int, yardsticks: Path | None) -> Iterator[Row]:
    """Give the rows of a part as they are measured."""
    if part == "race":
        return race.rows(rounds, yardsticks)
    if part == "memory":
        return memory.rows()
    if part == "plans":
        return plans.rows()
    measured = {
        "agents": sizes.agents,
        "groups": groups.rows,
        "shipped": sizes.shipped,
        "inquiries": sizes.inquiries,
        "workers": starts.workers,
        "starts": starts.starts,
    }
    return measured[part](rounds)


def main() -> int:
    """Run the parts, print the table, and return the exit status."""
    parser = argparse.ArgumentParser(
        prog="python -m tests.benchmarks", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("parts", nargs="*", metavar="PART", help=f"{', '.join(PARTS)}; all of them if none is named")
    parser.add_argument("--yardsticks", type=Path, help="folder of the SimPy models and C programs")
    parser.add_argument("--rounds", type=int, default=FEWEST_ROUNDS, help=f"at least {FEWEST_ROUNDS}")
    parser.add_argument("--hold", action="store_true", help="fail where a goal is missed")
    arguments = parser.parse_args()
    if unknown := sorted({*arguments.parts} - {*PARTS}):
        parser.error(f"unknown part {', '.join(unknown)}; must be of {', '.join(PARTS)}")
    if arguments.rounds < FEWEST_ROUNDS:
        parser.error(f"--rounds must be at least {FEWEST_ROUNDS}, got {arguments.rounds}")
    if arguments.yardsticks is not None and not arguments.yardsticks.is_dir():
        parser.error(f"--yardsticks must be a folder, got {arguments.yardsticks}")
    parts = arguments.parts or PARTS
    missed = printed(chain.from_iterable(rows(part, arguments.rounds, arguments.yardsticks) for part in parts))
    print(f"{len(missed)} {'goal is' if len(missed) == 1 else 'goals are'} missed")
    return 1 if missed and arguments.hold else 0


if __name__ == "__main__":
    sys.exit(main())
