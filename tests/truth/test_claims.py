"""The check itself: it must fail for a value that is wrong and for an interval that is too wide to tell."""

from __future__ import annotations

import pytest

import sim
from tests.truth.claims import SHORT, Claim, hold, reject
from tests.truth.test_impatient_queue import QUEUE, SCENARIO


@pytest.fixture(scope="module")
def result() -> sim.Result:
    """Run ten days of the impatient queue."""
    return sim.run(sim.loads(SCENARIO, SHORT), replications=10, seed=1)


def test_a_wrong_value_is_outside(result: sim.Result) -> None:
    """A tenth more abandonment than there is."""
    with pytest.raises(AssertionError, match=r"outside: abandonment: 0\.26\d+ in .* exact 0\.28688"):
        hold(result, [Claim("abandonment", 1.1 * QUEUE.abandonment)], precise=False)


def test_an_interval_that_is_too_wide_is_refused_where_precision_is_asked(result: sim.Result) -> None:
    """Ten days give abandonment to some 5 %."""
    claim = Claim("abandonment", QUEUE.abandonment)
    hold(result, [claim], precise=False)
    with pytest.raises(AssertionError, match="too wide: abandonment"):
        hold(result, [claim], precise=True)


def test_a_right_value_cannot_be_rejected(result: sim.Result) -> None:
    """The counterpart: what is true lies inside."""
    with pytest.raises(AssertionError, match="wrong values pass:\nwait abandoned"):
        reject(result, [Claim("wait", QUEUE.mean_wait_abandoned_s, reading="abandoned")])
