"""How long buckets of events are, how many there are, and that any number of events goes through them alike."""

from __future__ import annotations

import json

import numpy as np
import pytest

from sim.demand.deal import deal
from sim.engine.compiled.buckets import calendar
from sim.engine.compiled.state import BUCKET_BITS, BUCKET_MASK, DESK_SIZE, LENGTH
from sim.scenario.load import loads
from tests.engine.timeline import call, desk

HOUR = 3_600_000


@pytest.mark.parametrize(
    ("every", "span"),
    [
        (1, 8_192),  # sixteen come within 16 s, and 2^13 ms is the power of 2 below
        (0, 2_048),  # all at once, but there are no more buckets than 2 to a contact and 1,024: 3.2 s each
    ],
)
def test_a_bucket_spans_as_long_as_contacts_take_to_come(every: int, span: int) -> None:
    """Forty calls, one every so many seconds."""
    tree = desk({"phone": [call(every * number) for number in range(40)]})
    numbers = np.zeros(DESK_SIZE, np.int64)
    numbers[LENGTH] = HOUR
    calendar(numbers, deal(loads(json.dumps(tree)), 1, 0), in_hand=1)
    assert 2 ** numbers[BUCKET_BITS] == span


@pytest.mark.parametrize(("in_hand", "count"), [(1, 64), (20_000, 4_096)])
def test_there_are_as_many_buckets_as_the_work_in_hand_calls_for(in_hand: int, count: int) -> None:
    """A power of 2 above an eighth of it, and some at least."""
    numbers = np.zeros(DESK_SIZE, np.int64)
    numbers[LENGTH] = HOUR
    buckets, _ = calendar(numbers, deal(loads(json.dumps(desk({"phone": []}))), 1, 0), in_hand)
    assert (len(buckets), numbers[BUCKET_MASK] + 1) == (count, count)
