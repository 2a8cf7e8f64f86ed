"""Slopes around a schedule: how they learn from what they promised."""

import numpy as np
import pytest

from sim.staffing.plan.neighbourhood import Slopes


def test_slopes_learn_from_a_limit_that_was_missed() -> None:
    """Two people less lost 0.09 where 0.02 each were feared: 2.25 times as steep; what was kept teaches nothing."""
    slopes = Slopes(added=np.array([[0.01, 0.01], [0.01, 0.01]]), removed=np.array([[-0.02, -0.01], [-0.02, -0.01]]))
    learned = slopes.steeper(np.array([-2, 0]), np.array([0.05, 0.5]), np.array([-0.04, 0.3]))
    assert learned.removed == pytest.approx(np.array([[-0.045, -0.01], [-0.02, -0.01]]))
    assert learned.added == pytest.approx(slopes.added)


def test_who_came_and_did_not_help_is_believed_less() -> None:
    """One person more for one less elsewhere: 0.01 lost and 0.01 gained came out as 0.03 lost, four times at most."""
    slopes = Slopes(added=np.array([[0.01, 0.0]]), removed=np.array([[-0.01, -0.01]]))
    learned = slopes.steeper(np.array([1, -1]), np.array([0.01]), np.array([-0.02]))
    assert learned.added == pytest.approx(np.array([[0.005, 0.0]]))
    assert learned.removed == pytest.approx(np.array([[-0.01, -0.04]]))
