"""M/G/1: one agent, handle times of any law, endless patience."""

from __future__ import annotations


def mean_wait(arrivals: float, handle_mean: float, handle_cv: float) -> float:
    """Mean wait λ E[S²] / (2(1 − ρ)) (Pollaczek 1930, Khinchine 1932), E[S²] = mean² (1 + cv²)."""
    load = arrivals * handle_mean
    if load >= 1.0:
        raise ValueError(f"load {load:g} leaves one agent no rest")
    return arrivals * handle_mean**2 * (1.0 + handle_cv**2) / (2.0 * (1.0 - load))
