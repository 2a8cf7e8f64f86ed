"""Compile measuring in a process of its own while this one compiles the engine: a first start takes less time."""

from __future__ import annotations

import atexit
import os
import subprocess
import sys
from functools import cache
from pathlib import Path
from typing import Final

from sim.experiment.blocks import Part

SCENARIO: Final = """
format: 1
name: A desk to be measured
time: {start: 2026-04-06, length: 2 h}
channels: {phone: {}}
contact_types:
  call:
    arrivals: {phone: {rate: 20 per hour}}
    handling: {desk: {handle_time: {distribution: exponential, mean: 100 s}}}
tiers: {desk: {}}
agent_groups: {clerks: {tier: desk, headcount: 2}}
"""


@cache
def compile_measuring_beside() -> subprocess.Popen[bytes] | None:
    """Begin, once, to compile measuring beside this process, if that is of use.

    Whoever measures first waits for it, or compiles if it comes to nothing. The process is given to be held: nobody
    asks how it ends.
    """
    from sim.experiment.workers import processors  # noqa: PLC0415  (imports this)
    from sim.measure.counting.walk import count_part  # noqa: PLC0415

    if not getattr(count_part, "compiles", False) or getattr(count_part, "remark", None) or processors() < 2:
        return None
    paths = (str(Path(__file__).parents[2]), os.environ.get("PYTHONPATH"))
    process = subprocess.Popen(
        [sys.executable, "-c", "from sim.experiment.ahead import measure_once; measure_once()"],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        env={**os.environ, "PYTHONPATH": os.pathsep.join(path for path in paths if path)},
    )
    atexit.register(process.poll)  # it has ended by then
    return process


def measure_once() -> None:
    """Measure two small replications that the reference engine played, and put their histograms together.

    The machine code of that is left where it is kept.
    """
    from sim.experiment.line import Line  # noqa: PLC0415  (imports this)
    from sim.scenario.load import loads  # noqa: PLC0415

    one, other = Line(loads(SCENARIO), "reference").one_by_one(1, range(2))
    Part(1, one.histograms).put_together(Part(1, other.histograms), lasting=False)
