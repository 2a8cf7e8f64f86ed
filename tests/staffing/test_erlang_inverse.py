"""The formulas the other way round: least agents, most contacts, lines, and the square-root rule."""

import doctest
import math
import time
from fractions import Fraction
from typing import get_args

import pytest

from sim.staffing.erlang import (
    Goals,
    Reading,
    erlang_a,
    erlang_b,
    erlang_c,
    inverse,
    least_agents,
    least_lines,
    most_arrivals,
    most_load,
    square_root,
    square_root_agents,
    square_root_safety,
    square_root_waits,
)
from tests.staffing.chains import birth_death

READINGS = get_args(Reading)
GOALS = (
    *(Goals(service_level=0.8, within_s=20, reading=reading) for reading in READINGS),
    Goals(abandonment=0.03),
    Goals(mean_wait_answered_s=10),
    Goals(waits=0.25),
    Goals(occupancy=0.7),
    Goals(service_level=0.7, abandonment=0.05, occupancy=0.85),
)


def scanned(arrivals: float, handle_time: float, patience: float, goals: Goals) -> int:
    """Count upward until the goals are kept."""
    agents = 0 if patience < math.inf else math.floor(arrivals * handle_time / 3600) + 1
    while not goals.kept_by(erlang_a(arrivals, handle_time, patience, agents)):
        agents += 1
    return agents


@pytest.mark.parametrize("goals", GOALS, ids=str)
@pytest.mark.parametrize("patience", [5.0, 180.0, math.inf])
@pytest.mark.parametrize(("arrivals", "handle_time"), [(0.5, 60), (100, 240), (900, 300)])
def test_least_agents_is_what_counting_upward_finds(
    goals: Goals, patience: float, arrivals: float, handle_time: float
) -> None:
    """The search by strides and halves skips nothing."""
    if goals.abandonment is not None and patience == math.inf:
        goals = Goals(waits=0.5)
    assert least_agents(arrivals, handle_time, goals, patience) == scanned(arrivals, handle_time, patience, goals)


@pytest.mark.parametrize("patience", [60.0, 240.0, 2000.0])
def test_least_agents_of_erlang_a_is_the_least_of_the_chain(patience: float) -> None:
    """The state probabilities, not the formulas, say that one agent less would not do."""
    for arrivals, level in ((0.02, 0.9), (0.1, 0.8), (1.0, 0.8), (3.0, 0.95)):
        agents = least_agents(3600 * arrivals, 240, Goals(service_level=level, within_s=20), patience)
        assert birth_death(arrivals, 1 / 240, 1 / patience, agents, 20)["offered"] >= level
        assert birth_death(arrivals, 1 / 240, 1 / patience, agents - 1, 20)["offered"] < level


def test_least_agents_of_erlang_c_is_the_least_in_exact_fractions() -> None:
    """At most 20 % wait, load 20: nP/(n − a(1 − B)) in whole fractions."""

    def waits(load: int, agents: int) -> Fraction:
        terms = [Fraction(1)]
        for k in range(1, agents + 1):
            terms.append(terms[-1] * load / k)
        tail = terms[-1] * agents / (agents - load)
        return tail / (sum(terms[:-1]) + tail)

    agents = least_agents(1200, 60, Goals(waits=0.2))
    assert waits(20, agents) <= Fraction(1, 5) < waits(20, agents - 1)


def test_ten_thousand_agents_are_found_and_are_the_least() -> None:
    """Load 9,900 with patience: the chain agrees on both sides, within a second."""
    start = time.process_time()
    agents = least_agents(118_800, 300, Goals(service_level=0.8, within_s=20), 180)
    assert time.process_time() - start < 2
    assert birth_death(33, 1 / 300, 1 / 180, agents, 20)["offered"] >= 0.8
    assert birth_death(33, 1 / 300, 1 / 180, agents - 1, 20)["offered"] < 0.8
    assert 9_000 < agents < 9_900  # with patience fewer than the load will do


def test_a_contact_a_year_takes_one_agent_and_none_takes_none() -> None:
    """Nothing underflows on the way."""
    for patience in (1.0, 1e6, math.inf):
        assert least_agents(1 / 8760, 60, Goals(service_level=0.999, occupancy=0.1), patience) == 1
    assert least_agents(0, 60, Goals(service_level=0.8)) == 0


def test_a_level_of_many_nines_is_found() -> None:
    """All but one in a hundred billion."""
    agents = least_agents(100, 240, Goals(service_level=1 - 1e-11), 180)
    assert birth_death(100 / 3600, 1 / 240, 1 / 180, agents, 20)["offered"] >= 1 - 1e-11
    assert birth_death(100 / 3600, 1 / 240, 1 / 180, agents - 1, 20)["offered"] < 1 - 1e-11


def test_an_occupancy_cap_binds_where_the_service_level_does_not() -> None:
    """6.67 Erlangs at 60 % of the time take 12, whatever the patience that is never used."""
    assert least_agents(100, 240, Goals(service_level=0.5)) == 8
    assert least_agents(100, 240, Goals(service_level=0.5, occupancy=0.6)) == 12


@pytest.mark.parametrize("goals", [Goals(service_level=0.8), Goals(occupancy=0.8), Goals(waits=0.1)], ids=str)
@pytest.mark.parametrize("patience", [90.0, math.inf])
def test_most_arrivals_keeps_the_goals_and_hardly_more_does_not(goals: Goals, patience: float) -> None:
    """The rate lies on the edge, to nine digits."""
    most = most_arrivals(12, 240, goals, patience)
    assert goals.kept_by(erlang_a(most, 240, patience, 12))
    assert not goals.kept_by(erlang_a(most * (1 + 1e-9), 240, patience, 12))


def test_most_arrivals_of_one_patient_server_is_what_the_hand_gives() -> None:
    """M/M/1: the share that waits is the load; at most a quarter may: 15 an hour of one minute."""
    assert most_arrivals(1, 60, Goals(waits=0.25)) == pytest.approx(15)


def test_who_settles_everybody_takes_any_number() -> None:
    """Contacts that leave within a tenth of T are all settled, however many come; nobody takes any."""
    assert most_arrivals(3, 60, Goals(service_level=0.99, within_s=20, reading="settled"), 2.0) == math.inf
    assert most_arrivals(0, 60, Goals(service_level=0.8), 2.0) == 0


@pytest.mark.parametrize(("load", "lines"), [(4.461, 10), (12.03, 20), (37.90, 50), (84.06, 100)])
def test_lines_and_loads_are_those_of_the_published_tables(load: float, lines: int) -> None:
    """At 1 % loss, printed with four digits."""
    assert most_load(lines, 0.01) == pytest.approx(load, rel=2e-4)
    assert least_lines(load * 0.999, 0.01) == lines
    assert least_lines(load * 1.001, 0.01) == lines + 1


def test_lines_at_the_ends() -> None:
    """Who may turn all away needs no line; no load needs none either, as nobody is turned away but by none."""
    assert least_lines(5.0, 1.0) == 0
    assert least_lines(0.0, 0.01) == 1
    assert most_load(0, 0.01) == 0
    assert most_load(3, 1.0) == math.inf
    big = least_lines(10_000.0, 0.001)
    assert erlang_b(10_000.0, big) <= 0.001 < erlang_b(10_000.0, big - 1)


@pytest.mark.parametrize("reading", READINGS)
def test_the_time_within_which_a_share_is_answered_gives_that_share(reading: Reading) -> None:
    """There and back, with and without patience."""
    for queue in (erlang_a(100, 240, 180, 8), erlang_c(100, 240, 8)):
        within = queue.reached_within(0.85, reading)
        assert 0 < within < math.inf
        assert queue.service_level(within, reading) == pytest.approx(0.85, abs=1e-10)


def test_a_share_that_never_waits_is_there_at_once_and_one_that_is_lost_never() -> None:
    """Nobody is answered where nobody works."""
    assert erlang_a(10, 240, 180, 8).reached_within(0.9) == 0
    assert erlang_a(900, 240, 180, 8).reached_within(0.9) == math.inf
    assert erlang_a(10, 240, 180, 0).reached_within(0.9, "answered") == math.inf


# --- the square-root rule


def test_the_rule_without_end_to_patience_is_halfin_and_whitts() -> None:
    """β = 1: 1 / (1 + Φ(1)/φ(1)) from the table of the normal law."""
    assert square_root_waits(1.0) == pytest.approx(1 / (1 + 0.8413447461 / 0.2419707245), rel=1e-9)


def test_patience_like_the_handle_time_makes_the_share_that_waits_the_normal_tail() -> None:
    """The number present is then Poisson, in the limit normal: P(wait) = Φ(−β)."""
    for safety, tail in ((0.0, 0.5), (1.0, 0.1586552539), (-2.0, 0.9772498681)):
        assert square_root_waits(safety, patience_ratio=1) == pytest.approx(tail, rel=1e-9)


@pytest.mark.parametrize("ratio", [0.2, 1.0, 5.0])
@pytest.mark.parametrize("safety", [-0.5, 0.5, 1.5])
def test_many_agents_wait_as_the_rule_says(ratio: float, safety: float) -> None:
    """A million Erlangs would be the limit; at ten thousand formula and rule differ by order 1/√load = 1 %."""
    load = 10_000
    agents = round(load + safety * math.sqrt(load))
    exact = erlang_a(3600 * load, 1, ratio, agents).waits
    assert square_root_waits(safety, ratio) == pytest.approx(exact, rel=0.02)
    if safety > 0:
        assert square_root_waits(safety) == pytest.approx(erlang_c(3600 * load, 1, agents).waits, rel=0.02)


@pytest.mark.parametrize("ratio", [0.01, 1.0, 100.0, math.inf])
@pytest.mark.parametrize("waits", [1e-9, 0.2, 0.999])
def test_the_safety_gives_the_share_that_waits(ratio: float, waits: float) -> None:
    """There and back."""
    assert square_root_waits(square_root_safety(waits, ratio), ratio) == pytest.approx(waits, rel=1e-6)


def test_square_root_agents_is_near_the_exact_number() -> None:
    """Within one agent from ten Erlangs to a thousand, for the usual shares."""
    for load in (10, 100, 1000):
        for waits in (0.1, 0.2, 0.5):
            assert abs(square_root_agents(load, waits) - least_agents(3600 * load, 1, Goals(waits=waits))) <= 1
    assert square_root_agents(0, 0.2) == 0


# --- refusals


@pytest.mark.parametrize(
    ("goals", "message"),
    [
        ({"service_level": 1.0}, "service_level: got 1.0, must be above 0 and below 1: no number of agents"),
        ({"service_level": 80}, "service_level: got 80"),
        ({"abandonment": 0.0}, "abandonment: got 0.0, must be above 0"),
        ({"occupancy": 1.5}, "occupancy: got 1.5"),
        ({"waits": -0.1}, "waits: got -0.1"),
        ({"mean_wait_answered_s": 0.0}, "mean_wait_answered_s: got 0.0"),
        ({"within_s": -1.0}, "within_s: got -1.0"),
    ],
)
def test_goals_out_of_range_are_refused(goals: dict[str, float], message: str) -> None:
    """What no number of agents reaches is said before a search without end."""
    with pytest.raises(ValueError, match=message):
        Goals(**goals)  # type: ignore[arg-type]


def test_questions_without_goal_or_sense_are_refused() -> None:
    """Each names what it got."""
    with pytest.raises(ValueError, match="goals: got none"):
        least_agents(10, 60, Goals())
    with pytest.raises(ValueError, match="blocked: got 0"):
        least_lines(5.0, 0)
    with pytest.raises(ValueError, match="waits: got 1"):
        square_root_safety(1)
    with pytest.raises(ValueError, match="share: got 80"):
        erlang_c(10, 60, 2).reached_within(80)


def test_the_examples_of_the_docstrings_run() -> None:
    """Documents that run."""
    for module in (inverse, square_root):
        ran = doctest.testmod(module)
        assert (ran.failed, ran.attempted > 2) == (0, True)
