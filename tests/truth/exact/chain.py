"""Stationary and transient laws of Markov chains in continuous time."""

from __future__ import annotations

import math
from collections.abc import Callable, Hashable, Iterable, Mapping
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray
from scipy import sparse
from scipy.sparse import linalg

State = TypeVar("State", bound=Hashable)
Moves = Callable[[State], Iterable[tuple[State, float]]]
"""Gives the states that follow a state, each with its rate; rates of 0 are passed over."""

NEGLIGIBLE = 1e-12


def stationary(start: State, moves: Moves[State], cut: Callable[[State], bool]) -> dict[State, float]:
    """Probability of each state that can be reached from `start`, in the steady state.

    The balance equations of all reachable states, one of them replaced by "the probabilities add up to 1", are solved
    by sparse elimination.

    Parameters
    ----------
    start, moves
        A state, and what follows from each.
    cut
        Tells the states at which the chain was cut off; together they must hold less than 1e-12.

    Raises
    ------
    ValueError
        If the cut off states matter.
    """
    number = {start: 0}
    order = [start]
    source, target, rates = [], [], []
    for state in order:
        for following, rate in moves(state):
            if rate == 0.0:
                continue
            if following not in number:
                number[following] = len(order)
                order.append(following)
            source.append(number[state])
            target.append(number[following])
            rates.append(rate)
    size = len(order)
    flow = sparse.csc_matrix((rates, (target, source)), shape=(size, size))
    balance = (flow - sparse.diags_array(np.asarray(flow.sum(axis=0)).ravel())).tolil()
    balance[0, :] = 1.0
    one = np.zeros(size)
    one[0] = 1.0
    law = linalg.spsolve(balance.tocsc(), one)
    lost = math.fsum(probability for state, probability in zip(order, law, strict=True) if cut(state))
    if abs(lost) > NEGLIGIBLE:
        raise ValueError(f"the chain is cut where it still holds {lost:.1e}; give it more room")
    return dict(zip(order, law.tolist(), strict=True))


def mean(law: Mapping[State, float], of: Callable[[State], float]) -> float:
    """Mean of a function of the state."""
    return math.fsum(probability * of(state) for state, probability in law.items())


def advance(
    generator: sparse.csr_array, vector: NDArray[np.float64], duration: float, fastest: float
) -> NDArray[np.float64]:
    """Compute exp(generator × duration) × vector by uniformisation.

    With Λ = `fastest`, at least as fast as any state is left, exp(Qt) = Σ Poisson(Λt)(k) (I + Q/Λ)^k: a sum of positive
    terms whose remainder is the Poisson tail, cut below 1e-15.

    Parameters
    ----------
    generator
        Rates Q, rows adding up to 0 (backward: values of states), or its transpose (forward: probabilities).
    vector
        Values or probabilities, one per state; also several, as columns.
    duration, fastest
        Time to go, and Λ.
    """
    steps = fastest * duration
    last = math.ceil(steps + 9.0 * math.sqrt(steps) + 20.0)
    count = np.arange(last + 1)
    log_weight = count * math.log(steps) - steps - np.array([math.lgamma(k + 1.0) for k in count]) if steps else -count
    weights = np.exp(log_weight) if steps else (count == 0).astype(float)
    total: NDArray[np.float64] = weights[0] * vector
    for weight in weights[1:]:
        vector = vector + generator @ vector / fastest
        total = total + weight * vector
    return total
