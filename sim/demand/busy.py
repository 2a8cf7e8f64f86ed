"""Factors of busy days and hours, by which arrivals are more or fewer than their rate says.

Rules
-----
- The factors are gamma with mean 1. A day is a local date, an hour counts from local midnight. Hours of one day depend
  on each other by a Gaussian copula in which any two have the same correlation.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np
from scipy.special import gammaincinv, ndtr, ndtri

if TYPE_CHECKING:
    from sim.demand.hand import Floats
    from sim.demand.streams import Stream

HOURS_OF_LONGEST_DAY: Final = 26
"""Columns that a day has among the hourly factors, so that a day of 25 hours moves no other day's."""


def busy_days(chance: Stream, cv: float, days: int) -> Floats:
    """Draw a factor for each day: gamma with mean 1 and the given coefficient of variation. Shape (days,)."""
    return _gamma_of_mean_1(chance.uniform("busy day", days), cv)


def busy_hours(chance: Stream, cv: float, correlation: float, days: int) -> Floats:
    """Draw a factor for each hour of each day: gamma with mean 1, hours of a day tied together.

    Parameters
    ----------
    chance
        Where the numbers come from.
    cv
        Coefficient of variation of each factor.
    correlation
        Of the normal variates behind any two hours of one day (0 to 1): z = √ρ · day + √(1 − ρ) · hour.
    days
        How many.

    Returns
    -------
    numpy.ndarray
        Shape (days, HOURS_OF_LONGEST_DAY).
    """
    shared = ndtri(chance.uniform("busy hours of day", days))[:, None]
    own = ndtri(chance.uniform("busy hour", days * HOURS_OF_LONGEST_DAY)).reshape(days, HOURS_OF_LONGEST_DAY)
    return _gamma_of_mean_1(ndtr(np.sqrt(correlation) * shared + np.sqrt(1 - correlation) * own), cv)


def _gamma_of_mean_1(u: Floats, cv: float) -> Floats:
    shape = 1 / cv**2
    return np.asarray(gammaincinv(shape, u) / shape, dtype=np.float64)
