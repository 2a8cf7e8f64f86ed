"""Both engines against idiomatic SimPy models and C programs of the same work.

The yardsticks' folder holds two SimPy models (``mmnm_simpy.py``: work A, the queue M/M/100+M; ``week_simpy.py``: work
B, a week of telephone, chat, mail and a technical pool) and the C programs of the same (``mmnm.c``, ``week.c``; raced
if there is a C compiler). Ours are ``work_a.yaml`` and ``work_b.yaml``. Without the folder only ours are timed.
"""

import json
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from sim.engine.choice import Name
from sim.scenario.load import load
from tests.benchmarks.table import Goal, Row
from tests.benchmarks.timing import Contestant, Timing, in_turn

HERE = Path(__file__).parent
REPLICATIONS: dict[Name, int] = {"reference": 1, "compiled": 10}
"""Of each engine in a round: the compiled one plays as many contacts as the C programs."""
GOAL_OF_THE_REFERENCE = Goal("at most", 4.0)
"""Its whole line, in CPU seconds of the idiomatic SimPy model."""
GOAL_OF_PLAYING, GOAL_OF_THE_LINE = Goal("at least", 70.0), Goal("at least", 30.0)
"""The compiled engine plays so many times as fast as the idiomatic SimPy model, and its whole line is so many times as
fast."""
GOAL_AGAINST_C = Goal("at least", 0.5)
"""It plays so many times as fast as the C program."""


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
        "work A, M/M/100+M",
        HERE / "work_a.yaml",
        ("mmnm_simpy.py", "--n", "100", "--contacts", "100000"),
        ("mmnm.c", "0", "100", "1000000"),
        ("1",),
    ),
    Work(
        "work B, a week of support",
        HERE / "work_b.yaml",
        ("week_simpy.py", "--contacts", "1"),
        ("week.c", "model_b.txt", "10"),
        ("1",),
    ),
)


def rows(rounds: int, folder: Path | None) -> Iterator[Row]:
    """Race both works, against the yardsticks of a folder if there is one."""
    with TemporaryDirectory() as built:
        for work in WORKS:
            scenario = load(work.scenario)
            contestants: dict[str, Callable[[int], Timing]] = {
                name: Contestant(scenario, name, replications).run for name, replications in REPLICATIONS.items()
            }
            if folder is not None:
                contestants["SimPy"] = yardstick(work, folder)
                if in_c := program(work, folder, Path(built)):
                    contestants["C"] = in_c
            yield from ratios(work.name, in_turn(contestants, rounds))


def ratios(work: str, medians: dict[str, Timing]) -> Iterator[Row]:
    """Set what a work's race came to beside the goals."""
    reference, compiled = medians["reference"], medians["compiled"]
    yield Row(work, "reference ÷ compiled, playing", str(reference), reference.play / compiled.play)
    yield Row(work, "reference ÷ compiled, whole line", str(compiled), reference.whole / compiled.whole)
    if "SimPy" in medians:
        simpy = medians["SimPy"]
        whole = reference.whole / simpy.whole
        yield Row(work, "reference ÷ SimPy, whole line", str(simpy), whole, GOAL_OF_THE_REFERENCE)
        playing = simpy.whole / compiled.play
        yield Row(work, "SimPy ÷ compiled, playing", f"{1 / compiled.play:,.0f} contacts a s", playing, GOAL_OF_PLAYING)
        whole = simpy.whole / compiled.whole
        rate = f"{1 / compiled.whole:,.0f} contacts a s"
        yield Row(work, "SimPy ÷ compiled, whole line", rate, whole, GOAL_OF_THE_LINE)
    if "C" in medians:
        yield Row(work, "C ÷ compiled, playing", str(medians["C"]), medians["C"].whole / compiled.play, GOAL_AGAINST_C)


def yardstick(work: Work, folder: Path) -> Callable[[int], Timing]:
    """Return a function that runs the work's SimPy model once, in a process of its own."""
    script, *arguments = work.yardstick
    return lambda number: _said([sys.executable, script, *arguments, "--seed", str(number)], folder)


def program(work: Work, folder: Path, built: Path) -> Callable[[int], Timing] | None:
    """Return a function that runs the work's C program once; None without a C compiler."""
    compiler = shutil.which("cc")
    if compiler is None:
        return None
    source, *arguments = work.program
    machine_code = built / Path(source).stem
    subprocess.run([compiler, "-O3", "-march=native", source, "-o", machine_code, "-lm"], cwd=folder, check=True)
    return lambda number: _said([str(machine_code), *arguments, str(number + 1), *work.of_program], folder)


def _said(command: list[str], folder: Path) -> Timing:
    """Run a yardstick, which says in JSON how many contacts took how many CPU seconds."""
    said = json.loads(subprocess.run(command, cwd=folder, capture_output=True, text=True, check=True).stdout)
    return Timing({"whole": said["cpu_s"] / said["contacts"]}, said["contacts"])
