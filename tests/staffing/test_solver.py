"""Integer programmes in a process of their own: the best, how good it is proven to be, and what has no solution."""

import os
import signal

import numpy as np
import pytest
from scipy import sparse

from sim.staffing import solver
from sim.staffing.errors import SolverError
from sim.staffing.solver import Programme, Solver, solve, solve_here


def knapsack(seed: int = 1, things: int = 25, rows: int = 3) -> Programme:
    """As much worth as fits several limits: each variable is a thing to take or leave."""
    chance = np.random.default_rng(seed)
    weight = chance.integers(10, 60, (rows, things)).astype(float)
    return Programme(
        cost=-(weight.mean(axis=0) + chance.integers(1, 20, things)),
        matrix=sparse.csr_array(weight),
        low=np.full(rows, -np.inf),
        high=np.full(rows, 400.0),
        most=np.ones(things),
        whole=np.ones(things, dtype=bool),
    )


def two(low: float, high: float) -> Programme:
    """Give x + y between two numbers, both whole and at most 3, y twice as dear."""
    return Programme(
        cost=np.array([1.0, 2.0]),
        matrix=sparse.csr_array(np.array([[1.0, 1.0]])),
        low=np.array([low]),
        high=np.array([high]),
        most=np.array([3.0, 3.0]),
        whole=np.array([True, True]),
    )


def test_a_process_finds_the_best_and_proves_it() -> None:
    """At least 4.5 together: five, of which the two above three are dear."""
    found = solve(two(4.5, 9), time_limit_s=20, gap=0)
    assert found.values.tolist() == [3, 2]
    assert (found.cost, found.bound, found.gap, found.proven) == (7, pytest.approx(7), pytest.approx(0), True)


def test_what_cannot_be_is_told_by_the_process_too() -> None:
    """Seven of six."""
    with pytest.raises(SolverError, match="nothing fulfils all conditions"):
        solve(two(7, 9), time_limit_s=20, gap=0)


def test_a_process_that_does_not_end_is_ended(monkeypatch: pytest.MonkeyPatch) -> None:
    """Grace taken away, not even Python starts in time."""
    monkeypatch.setattr(solver, "GRACE_S", 0.0)
    with pytest.raises(SolverError, match=r"found nothing within 0\.01 s; allow it more time"):
        solve(two(4, 9), time_limit_s=0.01, gap=0)


@pytest.mark.parametrize("seed", range(5))
def test_the_three_steps_find_what_one_finds(seed: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """Relaxation, neighbourhood and the rest, against the programme solved at once."""
    direct = solve_here(knapsack(seed), 20, gap=0)
    monkeypatch.setattr(solver, "FEW", 0)
    stepwise = solve_here(knapsack(seed), 20, gap=0)
    assert stepwise.cost == pytest.approx(direct.cost)
    assert stepwise.bound == pytest.approx(direct.cost, rel=1e-6)
    assert stepwise.proven


def test_the_steps_end_at_the_gap_asked_for(monkeypatch: pytest.MonkeyPatch) -> None:
    """Within a fifth: the bound is one, and not claimed to be better than it is."""
    best = solve_here(knapsack(), 20, gap=0).cost
    monkeypatch.setattr(solver, "FEW", 0)
    near = solve_here(knapsack(), 20, gap=0.2)
    assert near.bound <= best <= near.cost
    assert near.gap <= 0.2
    assert near.proven
    with pytest.raises(SolverError, match="nothing fulfils"):
        solve_here(two(7, 9), 20, gap=0)


def test_a_kept_process_solves_one_after_the_other_and_begins_anew_when_ended(monkeypatch: pytest.MonkeyPatch) -> None:
    """Two programmes, one without a solution, one that is not waited for, and one more."""
    with Solver() as kept:
        assert kept.solve(two(4.5, 9), 20, 0).cost == 7
        first = kept._process
        assert first is not None
        with pytest.raises(SolverError, match="nothing fulfils"):
            kept.solve(two(7, 9), 20, 0)
        assert kept.solve(two(2, 9), 20, 0).cost == 2
        assert kept._process is first
        assert kept.gap == 0
        os.kill(first.pid, signal.SIGSTOP)  # else it might answer before anybody could lose patience
        with monkeypatch.context() as impatient:
            impatient.setattr(solver, "GRACE_S", 0.0)
            with pytest.raises(SolverError, match=r"found nothing within 1e-09 s"):
                kept.solve(two(2, 9), 1e-9, 0)
        assert kept.gap == 1
        assert first.poll() is not None
        assert kept.solve(two(2, 9), 20, 0).cost == 2
