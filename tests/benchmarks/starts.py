"""How long a run takes to start, and what a second worker is worth: on the clock."""

import os
import resource
import statistics
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory
from time import perf_counter

from sim.engine.compiled.cache import ENVIRONMENT
from sim.experiment.replicate import Progress, run
from sim.scenario.load import load
from sim.scenario.schema import Scenario
from tests.benchmarks.table import Goal, Row

ROOT = Path(__file__).parents[2]
SMALL, DAY, LONG = (ROOT / "scenarios" / name for name in ("tiny.yaml", "call_centre.yaml", "support_week.yaml"))
COMMAND = (sys.executable, "-c", "from sim.cli.main import main; main()", "run")

GOAL_OF_FIRST, GOAL_OF_WARM = Goal("at most", 60.0, " s"), Goal("at most", 2.0, " s")
GOAL_OF_TWO = Goal("at least", 1.7)
"""Two workers, in replications a second of one."""
SECONDS_ALONE = 15.0
"""How long the run is that two workers share: a planner's, of many seconds."""
SHARE_AT_START = 0.2
"""Of the replications, after which workers are taken to be at work."""


def starts(rounds: int) -> Iterator[Row]:
    """Tell how long `madoguchi run` takes for one replication of small scenarios, without and with machine code."""
    with TemporaryDirectory() as cache:
        first, used = _start(SMALL, cache)
        yield Row(SMALL.name, "first start, empty cache, s", f"{used:.1f} s of processors", first, GOAL_OF_FIRST)
        for scenario in (SMALL, DAY):
            times = [_start(scenario, cache) for _ in range(rounds)]
            warm, used = (statistics.median(each) for each in zip(*times, strict=True))
            yield Row(scenario.name, "warm start to the report, s", f"{used:.2f} s of processors", warm, GOAL_OF_WARM)


def _start(scenario: Path, cache: str) -> tuple[float, float]:
    """Give the seconds of a run on the clock and of processors; with Python's own code kept, as if installed."""
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    before, began = resource.getrusage(resource.RUSAGE_CHILDREN), perf_counter()
    subprocess.run(
        [*COMMAND, str(scenario), "--replications", "1", "--workers", "1", "--quiet"],
        cwd=ROOT,
        env={**environment, ENVIRONMENT: cache, "PYTHONPYCACHEPREFIX": cache},
        stdout=subprocess.DEVNULL,
        check=True,
    )
    ended, after = perf_counter(), resource.getrusage(resource.RUSAGE_CHILDREN)
    return ended - began, after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def workers(rounds: int) -> Iterator[Row]:
    """Tell what two workers are worth, from the start of the run and once they are at work."""
    scenario = load(LONG)
    run(scenario, replications=1)  # warm up
    began = perf_counter()
    run(scenario, replications=20)
    replications = round(SECONDS_ALONE / ((perf_counter() - began) / 20))
    whole: dict[int, list[float]] = {1: [], 2: []}
    at_work: dict[int, list[float]] = {1: [], 2: []}
    for _ in range(rounds):
        for size in (1, 2):
            seconds, later = _seconds(scenario, replications, size)
            whole[size].append(seconds)
            at_work[size].append(later)
    for what, taken in (("start of workers included", whole), ("workers at work", at_work)):
        one, two = (statistics.median(taken[size]) for size in (1, 2))
        rate = f"{one:.2f} s alone, {two:.2f} s with two"
        yield Row(f"{LONG.name}, {replications:,} times", f"two workers, {what}", rate, one / two, GOAL_OF_TWO)


def _seconds(scenario: Scenario, replications: int, size: int) -> tuple[float, float]:
    """Run with so many workers and give the seconds of it all, and of all but the first replications."""
    reached: list[float] = []
    at_work = round(SHARE_AT_START * replications)

    def note(progress: Progress) -> None:
        if progress.done == at_work:
            reached.append(perf_counter())

    began = perf_counter()
    run(scenario, replications=replications, workers=size, progress=note)
    ended = perf_counter()
    return ended - began, ended - reached[0]
