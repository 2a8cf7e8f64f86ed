"""What a measure comes to: sums of counters over sums of counters, or a percentile of a histogram."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from inspect import cleandoc
from typing import Final

DIMENSIONS: Final[Mapping[str, tuple[str, ...]]] = {
    "contacts": ("channel", "contact_type", "customer", "language", "attempt"),
    "legs": ("queue", "tier", "channel", "contact_type", "customer", "language", "attempt", "agent_group"),
    "visits": ("stage", "channel", "contact_type"),
    "agents": ("agent_group", "tier", "shift"),
    "costs": ("agent_group", "tier", "stage", "part"),
}
"""What each kind of record can be told apart by."""

CONTACTS: Final = DIMENSIONS["contacts"]
LEGS: Final = DIMENSIONS["legs"]
INQUIRIES: Final = ("channel", "contact_type", "customer", "language")
QUEUES: Final = ("queue", "tier", "channel", "contact_type", "customer", "language", "attempt")
"""What legs can be told apart by whether an agent took them or not."""
QUEUE_LINES: Final = ("channel", "contact_type", "tier", "queue")
"""What maxima of queues are kept by, one at a time."""
GROUP_LINES: Final = ("tier", "agent_group")
"""What maxima of agents are kept by, one at a time."""

PERCENTILES: Final = {"p50": 0.5, "p80": 0.8, "p90": 0.9, "p95": 0.95, "p99": 0.99, "max": 1.0}

Terms = Mapping[str, int]
"""Counters and what each is multiplied by."""


@dataclass(frozen=True)
class Ratio:
    """A sum of counters over another, in totals; over nothing: per replication; over time: per ms of the period."""

    table: str
    top: Terms
    bottom: Terms | None = None
    over_time: bool = False
    scale: float = 1.0
    """What the quotient is divided by for the unit: 1000 from ms to s."""

    @property
    def counters(self) -> tuple[str, ...]:
        """All counters that it reads."""
        return tuple(sorted({*self.top, *(self.bottom or {})}))


@dataclass(frozen=True)
class Quantile:
    """A percentile of the values in a histogram, ms shown in s."""

    table: str
    histogram: str
    share: float
    scale: float = 1000.0


Formula = Ratio | Quantile


@dataclass(frozen=True)
class Ask:
    """What is asked of a measure."""

    dimensions: frozenset[str] = frozenset()
    """What it is broken down or narrowed by."""
    within: int | None = None
    """The deadline T, ms."""
    reading: str = ""

    @property
    def table(self) -> str:
        """Whether contacts are judged, or legs."""
        return "contacts" if self.dimensions <= set(CONTACTS) else "legs"


@dataclass(frozen=True)
class Measure:
    """One measure."""

    name: str
    unit: str
    """share, s, h, contacts, inquiries, agents, currency, or number."""
    by: tuple[tuple[str, ...], ...]
    """What it can be broken down by: any of one of these."""
    readings: tuple[str, ...]
    """The first is the default; empty if there is only one way to read it."""
    within: str
    """Whether it takes a deadline: no, yes (must), may (without one it is a mean time in s)."""
    definition: str
    """The definition in words."""
    formula: Callable[[Ask], Formula] = field(repr=False)

    def __reduce__(self) -> tuple[Callable[[str], Measure], tuple[str]]:
        """Travel by name: what it comes to is code, which is there wherever it arrives."""
        return _entered, (self.name,)


def _entered(name: str) -> Measure:
    return MEASURES[name]


MEASURES: Final[dict[str, Measure]] = {}
"""Every measure that is simulated, by name."""

Definition = Callable[[Ask], Formula]


def measure(
    unit: str, *by: tuple[str, ...], readings: tuple[str, ...] = (), within: str = "no"
) -> Callable[[Definition], Definition]:
    """Enter a function from what is asked to a formula under its name; its docstring is the definition."""

    def entered(formula: Definition) -> Definition:
        name, words = formula.__name__, cleandoc(formula.__doc__ or "")
        MEASURES[name] = Measure(name, unit, by, readings, within, words, formula)
        return formula

    return entered


def ratios(thresholds: Mapping[str, tuple[int, ...]]) -> Iterator[Ratio]:
    """Give the formula of every measure, reading and table that sums can be asked of, at the given deadlines.

    Parameters
    ----------
    thresholds
        By measure, the deadlines T (ms) that are counted.
    """
    for one in MEASURES.values():
        deadlines: tuple[int | None, ...] = thresholds.get(one.name, ())
        if one.within != "yes":
            deadlines = (*deadlines, None)
        for dimensions in one.by or ((),):
            for reading in one.readings or ("",):
                for within in deadlines:
                    formula = one.formula(Ask(frozenset(dimensions), within, reading))
                    if isinstance(formula, Ratio):
                        yield formula
