"""One queue as a Markov chain, apart from the formulas."""

import math

import numpy as np
from scipy import special


def birth_death(arrivals: float, handled: float, leaving: float, agents: int, within: float) -> dict[str, float]:
    """M/M/n+M by its state probabilities, each a product of ratios of rates; rates per second.

    With j contacts ahead the virtual wait is a sum of exponentials of rates nμ + iθ, i = 0..j, so that its transform
    is a product and P(V ≤ t) is an incomplete beta function of 1 − e^(−θt).
    """
    load, capacity = arrivals / handled, agents * handled
    below = np.log(np.arange(1, agents + 1)) - math.log(load)
    above = math.log(arrivals) - np.log(capacity + leaving * np.arange(1, 400_000))
    log_weight = np.concatenate((np.cumsum(below[::-1])[::-1], [0.0], np.cumsum(above)))
    last = int(np.flatnonzero(log_weight > log_weight.max() - 80)[-1])
    assert last < len(log_weight) - 1, "the queue is cut too soon"
    probability = np.exp(log_weight[: max(last, agents) + 1] - log_weight.max())
    probability /= math.fsum(probability)
    queue = probability[agents:]
    ahead = np.arange(len(queue))
    rate = capacity + leaving * ahead
    answered = np.exp(np.cumsum(np.log(rate) - np.log(rate + leaving)))
    scale = capacity / leaving
    soon = special.betainc(ahead + 1, scale, -math.expm1(-leaving * within))
    answered_soon = answered * special.betainc(ahead + 1, scale + 1, -math.expm1(-leaving * within))
    at_once = math.fsum(probability[:agents])
    everyone_answered = at_once + queue @ answered
    in_time = at_once + queue @ answered_soon
    # leaves by t: patience is over by t, and was not outlasted by an answer before
    leaves_soon = queue @ ((soon - answered_soon) + (1 - soon) * -math.expm1(-leaving * within))
    return {
        "waits": math.fsum(queue),
        "abandonment": leaving * math.fsum(ahead * queue) / arrivals,
        "answered": everyone_answered,
        "mean_wait_s": math.fsum(ahead * queue) / arrivals,
        "mean_wait_answered_s": queue @ (answered * np.cumsum(1 / (rate + leaving))) / everyone_answered,
        "offered": in_time,
        "answered_reading": in_time / everyone_answered,
        "short_out": in_time / (1 - leaves_soon),
        "settled": in_time + leaves_soon,
        "virtual": at_once + queue @ soon,
    }
