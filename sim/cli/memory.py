"""How much memory a run needs, and how much the machine has: a run that cannot fit is refused before it starts."""

from __future__ import annotations

import ctypes
import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from sim.scenario.schema import Scenario

BYTES_PER_INQUIRY: Final = 4_000
"""Peak of dealing, playing and measuring one replication, by inquiry: the most that was measured over the shipped
scenarios and their volumes times ten (Python 3.11, reference engine), rounded up."""

BYTES_AT_REST: Final = 200_000_000
"""The interpreter with its libraries."""

CONTROL_GROUP_LIMITS: Final = (
    Path("/sys/fs/cgroup/memory.max"),
    Path("/sys/fs/cgroup/memory/memory.limit_in_bytes"),
)
"""Where Linux says how much a container may use."""


def needed_bytes(scenario: Scenario) -> tuple[float, int]:
    """Estimate a run's memory.

    Replications are played one after the other and leave only sums behind, so it is one replication that counts.

    Returns
    -------
    inquiries
        Expected number in one replication.
    bytes
        At the peak.
    """
    from sim.demand.arrivals import ArrivalPlan, PoissonStrip  # noqa: PLC0415  (NumPy)

    inquiries = 0.0
    for strip in ArrivalPlan(scenario).strips:
        if isinstance(strip, PoissonStrip):
            inquiries += float(((strip.end - strip.start) * (strip.first + strip.last) / 2).sum())
        else:
            inquiries += len(strip.wave.at)
    return inquiries, round(BYTES_AT_REST + inquiries * BYTES_PER_INQUIRY)


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
