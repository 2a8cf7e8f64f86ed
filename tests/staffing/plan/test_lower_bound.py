"""The lower bound: what is held at the end of a shift, and the least that a morning can cost, by hand."""

import numpy as np
import pytest

from sim.demand.laws import Constant, Weibull
from sim.scenario.units import HOUR_MS, MINUTE_MS
from sim.staffing.plan.lower_bound import GRID_MS, LowerBound, Piece, most_held
from sim.staffing.plan.schedules import Schedules
from sim.staffing.solver import Solver, solve_here
from tests.staffing.plan.desk import SERVICE, morning

NONE = Constant(0)


@pytest.fixture(autouse=True)
def _here(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Solver, "solve", lambda _self, *asked: solve_here(*asked))


def bound(targets: str = SERVICE, plan: str = "{shifts: {clerks: all}}") -> float | None:
    return LowerBound(Schedules(morning(targets, plan))).proven(Solver(), 10).value


def test_of_constant_work_somebody_who_begins_at_the_last_moment_holds_all() -> None:
    """Whoever idles first and then begins five minutes of work holds five; two of talk and three of wrap-up, too."""
    for piece in (Piece(Constant(5 * MINUTE_MS), NONE, 1, 1), Piece(Constant(MINUTE_MS), Constant(MINUTE_MS), 2, 3)):
        held = most_held([piece], HOUR_MS)
        assert held[0] == 0
        assert (held[1:] >= 5 * MINUTE_MS).all()
        assert (held[1:] <= 5 * MINUTE_MS + 6 * GRID_MS).all()


def test_of_exponential_work_nobody_holds_more_than_its_mean() -> None:
    """What is left of it has the mean of all of it, whenever it was begun; the grid rounds up by little."""
    held = most_held([Piece(Weibull(8 * MINUTE_MS, 1), NONE, 0.5, 1)], HOUR_MS)
    assert (held[1:] >= 4 * MINUTE_MS).all()
    assert (held <= 4 * MINUTE_MS + 2 * GRID_MS).all()


def test_who_tries_again_and_again_may_hold_more_than_at_once() -> None:
    """One piece in ten takes 100 min, the others a minute: trying for half an hour catches a long one rarely missed."""
    law = np.random.default_rng(1)
    held = most_held([Piece(_TenthLong(), NONE, 1, 1)], HOUR_MS)
    longest, tries = 0.0, 30
    for first in range(1, tries + 1):  # simulate trying from `first` minutes before the end on
        remainders = []
        for _ in range(1_000):
            left = float(first)
            while left > 0:
                piece = 100.0 if law.random() < 0.1 else 1.0
                left -= piece
            remainders.append(-left)
        longest = max(longest, float(np.mean(remainders)))
    assert longest > 0.1 * 99 + 0.9
    assert held[tries * MINUTE_MS // GRID_MS] >= longest * MINUTE_MS * 0.97


class _TenthLong:
    """A minute, but one in ten takes 100."""

    mean = 0.9 * MINUTE_MS + 0.1 * 100 * MINUTE_MS
    knots = np.array([MINUTE_MS, 100.0 * MINUTE_MS])

    def inverse(self, u: np.ndarray) -> np.ndarray:
        return np.where(u < 0.9, MINUTE_MS, 100.0 * MINUTE_MS)

    def tails(self, x: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        up_to = np.where(x >= 100 * MINUTE_MS, 1.0, np.where(x >= MINUTE_MS, 0.9, 0.0))
        return up_to, 1 - up_to

    def limited_mean(self, limit: float) -> float:
        return 0.9 * min(MINUTE_MS, limit) + 0.1 * min(100 * MINUTE_MS, limit)


def test_the_least_that_a_morning_can_cost() -> None:
    """140 calls × 80 % × 4 min = 448 min: two long shifts and a short one, for 160.

    Three hours begin 184 min or a little more for 60, two hours 124 for 40: one long and two short ones begin 432.
    """
    assert bound() == pytest.approx(160)
    assert bound(plan="{shifts: {clerks: all}, objective: staff_hours}") == pytest.approx(8)


def test_a_floor_asks_in_its_own_hours() -> None:
    """From nine to ten 45 calls × 90 % × 4 min = 162 min: three people begin 64 min or a little more each.

    From eight to nine 30 × 90 % × 4 = 108: two early ones. From eleven on 20 × 90 % × 4 = 72: two late ones.
    """
    every_hour = SERVICE.replace("80 %", "10 %, floor: {per: hour, at_least: 90 %}").replace(
        "within: 20 s", "within: 1 s"
    )
    assert bound(every_hour) == pytest.approx(4 * 60)


@pytest.mark.parametrize(
    ("change", "why"),
    [
        (
            {"channels.phone.lines": 9},
            "≥ 80 %: who gets a busy tone (`lines`) is not offered, so that fewer people may",
        ),
        ({"agent_groups.clerks.speed_cv": "20 %"}, "clerks: its people may be quicker than the handle times say"),
        ({"time.warm_up": "1 h"}, "during `incidents` or a `warm_up`"),
        (
            {
                "incidents": [
                    {"name": "strike", "start": "2026-04-06 09:00", "lasts": "1 h", "arrivals": {"order": "10 %"}}
                ]
            },
            "during `incidents` or a `warm_up`",
        ),
        ({"targets.0.attempt": "first"}, "a part of the contacts, or another reading"),
    ],
)
def test_where_the_argument_fails_nothing_is_claimed_and_it_is_said_why(change: dict[str, object], why: str) -> None:
    """Busy tones, own speeds, a warm-up, incidents, a part of the contacts: no bound."""
    least = LowerBound(Schedules(morning().with_changes(change))).proven(Solver(), 10)
    assert least.value is None
    assert why in least.why_none


def test_other_targets_claim_nothing() -> None:
    """Abandonment may be kept by answering late."""
    scenario = morning("{measure: abandonment, channel: phone, at_most: 1 %}")
    least = LowerBound(Schedules(scenario)).proven(Solver(), 10)
    assert least.value is None
    assert least.why_none == "only a service level of live contacts says how many of them must be answered"
