"""The raced scenarios give the right answers: what is fast and wrong wins nothing."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

import sim
from sim import Result

HERE = Path(__file__).parent
LEVEL = 0.999
SECONDS = 60.0


@dataclass(frozen=True)
class Figure:
    """A figure that is known, and how to ask for it. Durations in s."""

    value: float
    wrong: float
    """A value that the interval must be short enough to exclude."""
    measure: str
    asked: dict[str, Any]


# Erlang A with 100 agents, 20 arrivals a minute, handle time 5 min, patience 3 min. The wrong figures are those of 103
# agents.
WORK_A = (
    Figure(0.45162, 0.34865, "waited", {"channel": "phone"}),
    Figure(0.04491, 0.03122, "abandonment", {"channel": "phone"}),
    Figure(0.13474 * SECONDS, 0.09365 * SECONDS, "wait", {"channel": "phone", "reading": "all"}),
    Figure(0.80191, 0.86620, "service_level", {"channel": "phone", "within": "20 s"}),
)
# Long runs of two independent programs (a process-based one and one in C) agree on these. The wrong figures are a
# quarter off, the last one, which varies most, by a factor of two.
WORK_B = tuple(
    Figure(value, wrong, measure, asked)
    for value, wrong, measure, asked in (
        (0.0785, 0.0981, "abandonment", {"channel": "phone"}),
        (0.7145, 0.8931, "service_level", {"channel": "phone", "within": "20 s"}),
        (0.2105 * SECONDS, 0.2631 * SECONDS, "average_speed_of_answer", {"channel": "phone"}),
        (0.0537, 0.0671, "abandonment", {"channel": "chat"}),
        (153 * SECONDS, 191 * SECONDS, "average_speed_of_answer", {"channel": "mail"}),
        (0.0318, 0.0398, "abandonment", {"tier": "technical"}),
        (0.734 * SECONDS, 1.468 * SECONDS, "average_speed_of_answer", {"tier": "technical"}),
    )
)


def interval(result: Result, figure: Figure) -> tuple[float, float]:
    """Return the 99.9 % interval of a figure."""
    row = result.measure(figure.measure, level=LEVEL, **figure.asked).iloc[0]
    return row["low"], row["high"]


def judged(result: Result, figures: tuple[Figure, ...]) -> dict[str, str]:
    """Return what is amiss with each figure: the known value outside its interval, or the wrong one inside."""
    amiss = {}
    for figure in figures:
        low, high = interval(result, figure)
        name = f"{figure.measure} {figure.asked}: {low:.4f} to {high:.4f}"
        if not low <= figure.value <= high:
            amiss[name] = f"leaves out {figure.value}"
        elif low <= figure.wrong <= high:
            amiss[name] = f"is too wide to leave out {figure.wrong}"
    return amiss


def test_known_figures_are_those_of_erlang_a() -> None:
    """Work A is held to what Erlang A gives for 100 agents; the wrong figures are what it gives for 103."""
    for agents, kind in ((100, "value"), (103, "wrong")):
        exact = sim.erlang.erlang_a(arrivals_per_hour=1200, handle_time_s=300, patience_s=180, agents=agents)
        formula = (exact.waits, exact.abandonment, exact.mean_wait_s, exact.service_level(20))
        assert formula == pytest.approx([getattr(figure, kind) for figure in WORK_A], rel=2e-4)


@pytest.mark.slow
def test_work_a_is_erlang_a() -> None:
    """Work A's 99.9 % intervals hold the exact figures of M/M/100+M, and not those of 103 agents."""
    result = sim.run(sim.load(HERE / "work_a.yaml"), replications=16, seed=1)
    assert judged(result, WORK_A) == {}


@pytest.mark.slow
def test_work_b_is_the_known_week() -> None:
    """Work B's 99.9 % intervals hold the known figures, and not wrong ones."""
    result = sim.run(sim.load(HERE / "work_b.yaml"), replications=24, seed=1)
    assert judged(result, WORK_B) == {}
