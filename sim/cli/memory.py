"""How much memory a run needs, and how much the machine has: a run that cannot fit is refused before it starts."""

from __future__ import annotations

import ctypes
import os
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

from sim.scenario.names import Names
from sim.scenario.units import DAY_MS, HOUR_MS

if TYPE_CHECKING:
    from sim.scenario.schema import Scenario

BYTES_AT_REST: Final = 150_000_000
"""The interpreter with its libraries."""

BYTES_PER_INQUIRY: Final = 2_000
"""Peak of dealing, playing and measuring one replication, by inquiry. Measured on the shipped scenarios at one and
twenty times their volumes: 350 (calls that nobody repeats) to 1,700 (tickets through several tiers)."""

BYTES_PER_CELL_AND_INTERVAL: Final = 20
"""Of the costs of one replication and of the figures that targets and reports ask by interval or hour, by cell of the
measures and interval or hour. Measured on the shipped scenarios at one and four weeks: 6 to 15."""

BYTES_PER_CELL_AND_DAY: Final = 80
"""Kept of every replication. Measured on the shipped scenarios: 37 to 75."""

CONTROL_GROUP_LIMITS: Final = (
    Path("/sys/fs/cgroup/memory.max"),
    Path("/sys/fs/cgroup/memory/memory.limit_in_bytes"),
)
"""Where Linux says how much a container may use."""


@dataclass(frozen=True)
class Need:
    """What a run needs."""

    inquiries: float
    """Expected in one replication."""
    intervals: int
    """Of the whole span, hours included."""
    bytes: int
    """At the peak."""


def memory_needed(scenario: Scenario, replications: int) -> Need:
    """Estimate a run's memory.

    Replications are played one after the other and leave only sums behind: one of them, the sums by interval, and the
    sums by day of all of them are held at once.
    """
    from sim.demand.arrivals import ArrivalPlan  # noqa: PLC0415  (NumPy)

    inquiries = ArrivalPlan(scenario).expected_inquiries
    length = scenario.time.length
    intervals = length // scenario.time.interval + length // HOUR_MS
    by_cell = intervals * BYTES_PER_CELL_AND_INTERVAL + replications * (length // DAY_MS + 1) * BYTES_PER_CELL_AND_DAY
    needed = BYTES_AT_REST + inquiries * BYTES_PER_INQUIRY + _cells(scenario) * by_cell
    return Need(inquiries, intervals, round(needed))


def _cells(scenario: Scenario) -> int:
    """Count the cells of the measures: the finest groups by which sums are kept."""
    from sim.engine.compile import compile_program  # noqa: PLC0415  (NumPy)
    from sim.measure import breakdowns  # noqa: PLC0415  (NumPy)

    labels, program = breakdowns.Labels.of(Names.of(scenario)), compile_program(scenario)
    return (
        len(breakdowns.contact_cells(labels, program))
        + len(breakdowns.leg_cells(labels, program))
        + len(breakdowns.agent_cells(labels, program))
        + len(breakdowns.peak_cells(labels, program))
    )


def machine_bytes() -> int | None:
    """Tell the machine's memory, or the container's limit if that is less; None where the system does not say."""
    limits = [limit for limit in (_physical_bytes(), *map(_limit_in, CONTROL_GROUP_LIMITS)) if limit is not None]
    return min(limits, default=None)


def _physical_bytes() -> int | None:
    if sys.platform == "win32":
        kilobytes = ctypes.c_ulonglong(0)
        known = ctypes.windll.kernel32.GetPhysicallyInstalledSystemMemory(ctypes.byref(kilobytes))
        return kilobytes.value * 1024 if known else None
    try:
        return os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE")
    except (ValueError, OSError):
        return None


def _limit_in(path: Path) -> int | None:
    try:
        return int(path.read_text(encoding="ascii"))
    except (OSError, ValueError):  # no such system, or "max"
        return None
