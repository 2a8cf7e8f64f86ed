"""The highest levels of periods, line by line."""

import numpy as np

from sim.measure.steps import Steps


def test_lines_of_the_same_cells_climb_as_one_and_a_span_moves_each_line_once() -> None:
    """Cells 0 and 1 belong to lines 0 and 1, which hold the same, and to one of their own; nobody belongs to line 4.

    Cell 0 weighs twice on the second level and not at all on the first.
    """
    steps = Steps(np.array([[0, 1, 2], [1, 0, 3]]), np.array([[0, 2], [1, 1]]), 5)
    spans = np.arange(2), np.array([0, 1, 1]), np.array([10, 20, 25]), np.array([40, 30, 50])
    highest = steps.maxima(steps.events([spans], 0), 0, np.array([0, 15, 28, 60]))
    assert highest.tolist() == [
        [[0, 1 + 1, 1 + 1], [0, 2, 2], [0, 0, 0], [0, 2, 2], [0, 0, 0]],
        [[2, 2 + 1 + 1, 4], [2, 4, 4], [2, 2, 2], [0, 2, 2], [0, 0, 0]],
    ]
