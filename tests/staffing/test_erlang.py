"""The Erlang formulas against hand-worked, published, exact and brute-force values."""

from __future__ import annotations

import doctest
import math
import time
from decimal import Decimal, localcontext
from fractions import Fraction
from typing import get_args

import numpy as np
import pytest

from sim.staffing.erlang import Queue, Reading, erlang_a, erlang_b, erlang_c, formulas
from tests.staffing.chains import birth_death

READINGS = get_args(Reading)


def figures(queue: Queue, within: float) -> dict[str, float]:
    """Give the same from the formulas."""
    names = ("waits", "abandonment", "answered", "mean_wait_s", "mean_wait_answered_s")
    return {name: getattr(queue, name) for name in names} | {
        "answered_reading" if reading == "answered" else reading: queue.service_level(within, reading)
        for reading in READINGS
    }


# --- Erlang B


@pytest.mark.parametrize(
    ("load", "agents", "blocked"),
    [(1.0, 1, 1 / 2), (1.0, 2, 1 / 5), (2.0, 2, 2 / 5), (3.0, 0, 1.0), (0.0, 3, 0.0), (0.0, 0, 1.0)],
)
def test_erlang_b_of_one_and_two_agents_is_what_the_hand_gives(load: float, agents: int, blocked: float) -> None:
    """One agent: a/(1+a); two: (a²/2)/(1+a+a²/2); none turns everybody away."""
    assert erlang_b(load, agents) == pytest.approx(blocked, rel=1e-15)


@pytest.mark.parametrize(
    ("load", "agents", "blocked"),
    [(4.461, 10, 0.01), (12.03, 20, 0.01), (37.90, 50, 0.01), (84.06, 100, 0.01), (3.092, 10, 0.001)],
)
def test_erlang_b_gives_the_loads_of_the_published_tables(load: float, agents: int, blocked: float) -> None:
    """Loads at 1 % and 0.1 % loss, printed with four digits: the loss returns within their rounding."""
    assert erlang_b(load, agents) == pytest.approx(blocked, rel=2e-3)


def test_erlang_b_equals_its_definition_in_exact_fractions() -> None:
    """a^n/n! ÷ Σ a^k/k! with a = 170, n = 200 in whole fractions, to 14 digits."""
    load, agents = Fraction(170), 200
    terms = [Fraction(1)]
    for k in range(1, agents + 1):
        terms.append(terms[-1] * load / k)
    assert erlang_b(170.0, agents) == pytest.approx(float(terms[-1] / sum(terms)), rel=1e-14)


def test_erlang_b_of_an_array_is_erlang_b_of_each() -> None:
    """Any shape, any order, in one pass."""
    agents = np.array([[7, 0], [3, 120]])
    each = [[erlang_b(9.5, 7), erlang_b(9.5, 0)], [erlang_b(9.5, 3), erlang_b(9.5, 120)]]
    assert erlang_b(9.5, agents).tolist() == each


def test_erlang_b_of_no_numbers_is_no_numbers() -> None:
    """An empty question has an empty answer."""
    assert erlang_b(5.0, np.zeros(0, dtype=np.int64)).shape == (0,)


# --- Erlang C


def test_erlang_c_of_one_agent_is_the_single_server_queue() -> None:
    """M/M/1 at half load: half wait, 60 s mean wait of all, 120 s of those who wait, half a contact in the queue."""
    queue = erlang_c(arrivals_per_hour=30, handle_time_s=60, agents=1)
    assert queue.waits == pytest.approx(0.5)
    assert queue.mean_wait_s == pytest.approx(60.0)
    assert queue.queue_length == pytest.approx(0.5)
    assert queue.occupancy == pytest.approx(0.5)
    assert queue.service_level(120) == pytest.approx(1 - 0.5 * math.exp(-1))


def test_erlang_c_of_two_agents_is_what_the_hand_gives() -> None:
    """Load 1 on two agents: weights 1, 1, 1/2, 1/4 …: a third waits, for 30 s each at 60 s handle time × 1/2."""
    queue = erlang_c(arrivals_per_hour=60, handle_time_s=60, agents=2)
    assert queue.waits == pytest.approx(1 / 3)
    assert queue.mean_wait_s == pytest.approx(20.0)


@pytest.mark.parametrize("reading", READINGS)
def test_every_reading_is_the_same_where_nobody_abandons(reading: Reading) -> None:
    """Without abandonment the readings of the service level have one denominator."""
    queue = erlang_c(arrivals_per_hour=60, handle_time_s=300, agents=8)
    assert queue.service_level(20, reading) == pytest.approx(1 - queue.waits * math.exp(-20 * 3 / 300))


@pytest.mark.parametrize(("load", "agents"), [(5.0, 5), (5.0, 4), (0.0, 0)])
def test_erlang_c_refuses_more_work_than_agents(load: float, agents: int) -> None:
    """The error says what was asked, how many agents would do, and the way out."""
    with pytest.raises(ValueError, match=rf"got {agents} .* {load:g} Erlangs.*at least {int(load) + 1}:.*use erlang_a"):
        erlang_c(arrivals_per_hour=60 * load, handle_time_s=60, agents=agents)


# --- Erlang A


def test_erlang_a_gives_the_published_example() -> None:
    """48 calls a minute, 50 agents, 1 min calls, 2 min patience (Garnett, Mandelbaum & Reiman 2002, table 1)."""
    impatient = erlang_a(arrivals_per_hour=48 * 60, handle_time_s=60, patience_s=120, agents=50)
    assert impatient.abandonment == pytest.approx(0.031, abs=5e-4)
    assert impatient.mean_wait_s == pytest.approx(3.7, abs=0.05)
    assert impatient.queue_length == pytest.approx(3.0, abs=0.05)
    assert impatient.occupancy == pytest.approx(0.93, abs=5e-3)
    patient = erlang_c(arrivals_per_hour=48 * 60, handle_time_s=60, agents=50)
    assert patient.mean_wait_s == pytest.approx(20.8, abs=0.05)
    assert patient.occupancy == pytest.approx(0.96)


def test_one_agent_with_patience_equal_to_handle_time_is_what_the_hand_gives() -> None:
    """λ = μ = θ = 1 a minute: the number present is Poisson(1), so P(wait) = 1 − 1/e and the queue is 1/e long."""
    queue = erlang_a(arrivals_per_hour=60, handle_time_s=60, patience_s=60, agents=1)
    assert queue.waits == pytest.approx(1 - math.exp(-1), rel=1e-13)
    assert queue.queue_length == pytest.approx(math.exp(-1), rel=1e-13)
    assert queue.abandonment == pytest.approx(math.exp(-1), rel=1e-13)
    assert queue.occupancy == pytest.approx(1 - math.exp(-1), rel=1e-13)


def test_equal_rates_make_the_number_present_poisson() -> None:
    """θ = μ turns the queue into M/M/∞: three agents, load 4, P(wait) = P(Poisson(4) ≥ 3) = 1 − 13 e^(−4)."""
    queue = erlang_a(arrivals_per_hour=240, handle_time_s=60, patience_s=60, agents=3)
    assert queue.waits == pytest.approx(1 - 13 * math.exp(-4), rel=1e-13)


def test_without_agents_everybody_waits_out_its_patience() -> None:
    """Zero agents: all abandon, after their patience, and λ/θ of them wait."""
    queue = erlang_a(arrivals_per_hour=60, handle_time_s=300, patience_s=90, agents=0)
    assert (queue.waits, queue.abandonment, queue.answered) == (1.0, 1.0, 0.0)
    assert queue.mean_wait_s == queue.mean_wait_abandoned_s == 90
    assert queue.queue_length == pytest.approx(1.5)
    assert queue.service_level(20) == queue.service_level(20, "virtual") == queue.service_level(20, "short_out") == 0
    assert queue.service_level(20, "settled") == pytest.approx(1 - math.exp(-20 / 90))
    assert math.isnan(queue.service_level(20, "answered"))
    assert math.isnan(queue.occupancy)
    assert math.isnan(queue.mean_wait_answered_s)


def test_without_arrivals_nobody_would_wait() -> None:
    """The limit of ever fewer contacts: an idle desk."""
    queue = erlang_a(arrivals_per_hour=0, handle_time_s=300, patience_s=90, agents=2)
    assert (queue.waits, queue.abandonment, queue.answered, queue.occupancy) == (0.0, 0.0, 1.0, 0.0)
    assert queue.service_level(0) == 1.0
    assert math.isnan(queue.mean_wait_abandoned_s)


def exact_service_levels(load: int, agents: int, within_share: Fraction) -> dict[str, Decimal]:
    """Decimal values of all readings to 50 digits, for λ = load, μ = θ = 1 and e^(−T) = `within_share`.

    Integer parameters make the incomplete beta functions finite binomial sums.
    """
    with localcontext(prec=80):
        rest = Decimal(within_share.numerator) / Decimal(within_share.denominator)

        def beta_cdf(first: int, second: int, at: Decimal) -> Decimal:
            trials = first + second - 1
            terms = (math.comb(trials, k) * at**k * (1 - at) ** (trials - k) for k in range(first, trials + 1))
            return sum(terms, Decimal(0))

        weights = [Decimal(1)]
        while len(weights) <= load + agents or weights[-1] > Decimal(10) ** -60:
            weights.append(weights[-1] * load / len(weights))
        total = sum(weights)
        at_once = sum(weights[:agents]) / total
        answered = in_time = leaves_soon = virtual = Decimal(0)
        for ahead, weight in enumerate(weights[agents:]):
            served = Decimal(agents) / (agents + ahead + 1)
            soon = beta_cdf(ahead + 1, agents, 1 - rest)
            served_soon = served * beta_cdf(ahead + 1, agents + 1, 1 - rest)
            answered += weight / total * served
            in_time += weight / total * served_soon
            leaves_soon += weight / total * (soon - served_soon + (1 - soon) * (1 - rest))
            virtual += weight / total * soon
        in_time += at_once
        return {
            "offered": in_time,
            "answered": in_time / (at_once + answered),
            "short_out": in_time / (1 - leaves_soon),
            "settled": in_time + leaves_soon,
            "virtual": at_once + virtual,
        }


@pytest.mark.parametrize("reading", READINGS)
@pytest.mark.parametrize(("load", "agents"), [(4, 3), (20, 22), (60, 30)])
def test_each_reading_equals_a_fifty_digit_value(reading: Reading, load: int, agents: int) -> None:
    """Service level within T = 0.4 handle times in underload and overload, against decimal arithmetic, to 12 digits."""
    within_share = Fraction(math.exp(-0.4))
    exact = exact_service_levels(load, agents, within_share)[reading]
    queue = erlang_a(arrivals_per_hour=3600 * load, handle_time_s=1, patience_s=1, agents=agents)
    assert queue.service_level(-math.log(within_share), reading) == pytest.approx(float(exact), rel=1e-12)


CASES = [
    # arrivals per second, handle time, patience, agents, within
    (0.5, 10.0, 25.0, 3, 4.0),
    (0.01, 10.0, 25.0, 1, 4.0),
    (2.0, 100.0, 1.0, 200, 1.0),
    (2.0, 100.0, 1.0, 40, 1.0),
    (1.0, 50.0, 2000.0, 45, 100.0),
    (1.0, 50.0, 2000.0, 60, 5.0),
    (1.0, 50.0, 9000.0, 51, 20.0),
    (40.0, 10.0, 0.05, 300, 0.02),
    (300.0, 1.0, 30.0, 100, 20.0),
    (100.0, 1.0, 0.001, 2, 0.002),
    (1000.0, 100.0, 180.0, 100_000, 0.1),
    (1010.0, 100.0, 180.0, 100_000, 20.0),
    (1300.0, 100.0, 180.0, 100_000, 40.0),
    (300.0, 100.0, 180.0, 100_000, 40.0),
]


@pytest.mark.parametrize("case", CASES)
def test_erlang_a_equals_the_brute_force_chain(case: tuple[float, float, float, int, float]) -> None:
    """Every figure and reading from a nearly idle agent to 100,000 in overload, against the state probabilities."""
    arrivals, handle_time, patience, agents, within = case
    exact = birth_death(arrivals, 1 / handle_time, 1 / patience, agents, within)
    got = figures(erlang_a(3600 * arrivals, handle_time, patience, agents), within)
    assert got == pytest.approx(exact, rel=2e-9, abs=1e-13)


@pytest.mark.parametrize("case", CASES)
def test_identities_of_erlang_a(case: tuple[float, float, float, int, float]) -> None:
    """P(ab) + P(answered) = 1; P(ab) = θ Lq/λ; the mean wait is the mix of both; all work is done by busy agents."""
    arrivals, handle_time, patience, agents, within = case
    queue = erlang_a(3600 * arrivals, handle_time, patience, agents)
    assert queue.answered + queue.abandonment == pytest.approx(1, rel=1e-12)
    assert queue.abandonment == pytest.approx(queue.queue_length / patience / arrivals, rel=1e-12)
    if queue.waits > 0:
        mix = queue.answered * queue.mean_wait_answered_s + queue.abandonment * queue.mean_wait_abandoned_s
        assert mix == pytest.approx(queue.mean_wait_s, rel=1e-11)
    assert queue.agents_busy == pytest.approx(queue.occupancy * agents, rel=1e-15)
    assert queue.service_level(0) == pytest.approx(1 - queue.waits, abs=1e-12)
    assert queue.service_level(1e9 * patience) == pytest.approx(queue.answered, rel=1e-12)
    assert queue.service_level(1e9 * patience, "settled") == pytest.approx(1, rel=1e-12)
    assert queue.service_level(within, "virtual") <= queue.service_level(within, "settled") + 1e-12


def test_erlang_a_of_endless_patience_is_erlang_c() -> None:
    """As patience grows A goes to C, and reaches it at infinity."""
    patient = erlang_c(arrivals_per_hour=100, handle_time_s=300, agents=9)
    nearly = erlang_a(arrivals_per_hour=100, handle_time_s=300, patience_s=1e14, agents=9)
    for name in ("waits", "mean_wait_s", "mean_wait_answered_s", "queue_length", "occupancy"):
        assert getattr(nearly, name) == pytest.approx(getattr(patient, name), rel=1e-9), name
    for reading in READINGS:
        assert nearly.service_level(20, reading) == pytest.approx(patient.service_level(20, reading), rel=1e-9)
    endless = erlang_a(arrivals_per_hour=100, handle_time_s=300, patience_s=math.inf, agents=9)
    # Nobody abandons: the mean wait of those who do is not a number, and so not equal to itself.
    assert repr(endless) == repr(patient)


def test_erlang_a_without_patience_is_erlang_b() -> None:
    """As patience goes to nothing, A abandons what B blocks; who leaves does so within its patience."""
    queue = erlang_a(arrivals_per_hour=100, handle_time_s=300, patience_s=1e-9, agents=9)
    assert queue.abandonment == pytest.approx(erlang_b(100 / 12, 9), rel=1e-9)
    assert queue.waits == pytest.approx(queue.abandonment, rel=1e-9)
    assert queue.mean_wait_abandoned_s == pytest.approx(1e-9, rel=1e-6)


def test_deep_overload_answers_what_the_agents_can_handle() -> None:
    """The fluid limit: 100,000 agents at one and a half times their load answer two thirds."""
    queue = erlang_a(arrivals_per_hour=1.8e6, handle_time_s=300, patience_s=120, agents=100_000)
    assert queue.answered == pytest.approx(2 / 3, rel=1e-12)
    assert queue.occupancy == pytest.approx(1, rel=1e-12)
    assert queue.mean_wait_s == pytest.approx(40, rel=1e-12)


def test_a_hundred_thousand_agents_take_less_than_a_tenth_of_a_second() -> None:
    """The formulas stay usable inside a search."""
    start = time.process_time()
    erlang_a(arrivals_per_hour=1.2e6, handle_time_s=300, patience_s=120, agents=100_000).service_level(20)
    assert time.process_time() - start < 0.1


@pytest.mark.parametrize(
    ("changed", "message"),
    [
        ({"arrivals_per_hour": -1.0}, "arrivals_per_hour: got -1.0, must be a finite number from 0"),
        ({"arrivals_per_hour": math.nan}, "arrivals_per_hour: got nan"),
        ({"handle_time_s": 0.0}, "handle_time_s: got 0.0, must be a finite number above 0"),
        ({"patience_s": 0.0}, "patience_s: got 0.0, must be a finite number above 0"),
        ({"agents": -1}, "agents: got -1, must be a whole number from 0"),
        ({"agents": 2.5}, "agents: got 2.5, must be a whole number from 0"),
    ],
)
def test_arguments_out_of_range_are_refused(changed: dict[str, float], message: str) -> None:
    """Each error names the argument, what it got, and what is allowed."""
    good = {"arrivals_per_hour": 60.0, "handle_time_s": 60.0, "patience_s": 60.0, "agents": 2}
    with pytest.raises(ValueError, match=message):
        erlang_a(**(good | changed))  # type: ignore[arg-type]


def test_erlang_b_refuses_parts_of_agents() -> None:
    """Half an agent is a mistake, not a rounding."""
    with pytest.raises(ValueError, match=r"agents: got 2\.5, must be whole numbers from 0"):
        erlang_b(1.0, 2.5)  # type: ignore[call-overload]


def test_an_unknown_reading_and_a_negative_limit_are_refused() -> None:
    """The readings are named in the error."""
    queue = erlang_c(arrivals_per_hour=60, handle_time_s=300, agents=8)
    with pytest.raises(ValueError, match="got 'served', must be one of offered, answered, short_out, settled, virtual"):
        queue.service_level(20, "served")  # type: ignore[arg-type]
    with pytest.raises(ValueError, match=r"within_s: got -1"):
        queue.service_level(-1)


def test_the_examples_of_the_docstrings_run() -> None:
    """Documents that run."""
    assert doctest.testmod(formulas).failed == 0
    assert doctest.testmod(formulas).attempted >= 5
