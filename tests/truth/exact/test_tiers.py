"""Two tiers: product form where nobody abandons, Erlang A at the first, thinning in between."""

from __future__ import annotations

import pytest

from sim.staffing.erlang import erlang_a, erlang_c
from tests.truth.exact.tiers import Tier, joint_chain, tandem

IMPATIENT = {"arrivals": 60.0, "first": Tier(5, 12.0, 20.0), "escalated": 0.3, "second": Tier(2, 6.0, 15.0)}


def test_the_bot_and_the_first_tier_thin_the_arrivals() -> None:
    """60 an hour, half contained, a third of the rest escalated: 30 come to the first tier, 10 to the second."""
    first, second = tandem(
        arrivals=60.0, contained=0.5, first=Tier(4, 12.0), escalated=1 / 3, second=Tier(3, 6.0), limit=20 / 3600
    )
    assert (first.arrivals, second.arrivals) == pytest.approx((30.0, 10.0))
    alone = erlang_c(arrivals_per_hour=10, handle_time_s=600, agents=3)
    assert second.waits == pytest.approx(alone.waits, rel=1e-12)
    assert second.mean_wait == pytest.approx(alone.mean_wait_s / 3600, rel=1e-12)
    assert second.service_level == pytest.approx(alone.service_level(20), rel=1e-12)
    assert second.occupancy == pytest.approx(alone.occupancy, rel=1e-12)


def test_patient_tiers_have_product_form_in_the_joint_chain() -> None:
    """Jackson: the joint chain of two patient tiers gives each tier's Erlang C."""
    first, second = Tier(3, 1.0), Tier(2, 0.7)
    by_formula = tandem(arrivals=2.0, contained=0.0, first=first, escalated=0.4, second=second, limit=0.3)
    by_chain = joint_chain(arrivals=2.0, first=first, escalated=0.4, second=second, limit=0.3, room=(80, 60))
    for formula, chain in zip(by_formula, by_chain, strict=True):
        assert vars(chain) == pytest.approx(vars(formula), rel=1e-9, abs=1e-12)


def test_the_first_impatient_tier_is_erlang_a() -> None:
    """Nothing flows back, so that the first tier is M/M/n+M on its own."""
    first, _ = joint_chain(**IMPATIENT, limit=20 / 3600, room=(50, 40))
    alone = erlang_a(arrivals_per_hour=60, handle_time_s=300, patience_s=180, agents=5)
    assert first.waits == pytest.approx(alone.waits, rel=1e-10)
    assert first.abandonment == pytest.approx(alone.abandonment, rel=1e-10)
    assert first.mean_wait == pytest.approx(alone.mean_wait_s / 3600, rel=1e-10)
    assert first.occupancy == pytest.approx(alone.occupancy, rel=1e-10)
    assert first.service_level == pytest.approx(alone.service_level(20), rel=1e-10)


def test_what_the_second_tier_gets_is_what_the_first_hands_on() -> None:
    """Second arrivals = escalated × answered; its agents do that work less what abandons; it is not Erlang A."""
    first, second = joint_chain(**IMPATIENT, limit=20 / 3600, room=(50, 40))
    assert second.arrivals == pytest.approx(0.3 * 60 * (1 - first.abandonment), rel=1e-10)
    assert second.occupancy * 2 * 6 == pytest.approx(second.arrivals * (1 - second.abandonment), rel=1e-10)
    poisson = erlang_a(arrivals_per_hour=second.arrivals, handle_time_s=600, patience_s=240, agents=2)
    assert second.waits != pytest.approx(poisson.waits, rel=1e-4)
    assert second.waits == pytest.approx(poisson.waits, rel=0.05)


def test_tiers_that_cannot_rest_or_may_abandon_are_refused_by_the_formula() -> None:
    """The product form has neither overload nor patience."""
    with pytest.raises(ValueError, match="load 5 below 5 agents"):
        tandem(arrivals=60.0, contained=0.0, first=Tier(5, 12.0), escalated=0.1, second=Tier(2, 6.0), limit=0.1)
    with pytest.raises(ValueError, match="leaving rate 0"):
        tandem(arrivals=60.0, contained=0.0, first=Tier(6, 12.0), escalated=0.1, second=Tier(2, 6.0, 1.0), limit=0.1)
