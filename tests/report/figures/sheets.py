"""Axes that no window shows, and what is drawn on them."""

import numpy as np
from matplotlib.axes import Axes
from matplotlib.collections import PolyCollection
from matplotlib.figure import Figure
from matplotlib.patches import StepPatch
from numpy.typing import NDArray

Floats = NDArray[np.float64]


def sheet() -> Axes:
    """Give new axes."""
    return Figure().add_subplot()


def steps(ax: Axes, label: str) -> tuple[Floats, Floats]:
    """Give (values, edges) of the course with a label."""
    (patch,) = (one for one in ax.patches if isinstance(one, StepPatch) and one.get_label() == label)
    values, edges, _ = patch.get_data()
    return np.asarray(values, float), np.asarray(edges, float)


def band(ax: Axes, number: int) -> tuple[Floats, Floats]:
    """Give (low, high) at the places of a line's interval, by the number of the line."""
    bands = [one for one in ax.collections if isinstance(one, PolyCollection)]
    corners = bands[number].get_paths()[0].vertices
    at = np.unique(corners[:, 0])
    low, high = (np.array([reach(corners[corners[:, 0] == x, 1]) for x in at]) for reach in (np.min, np.max))
    return low, high
