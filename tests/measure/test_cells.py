"""Cells and the rows that sum them."""

import numpy as np
import pytest

from sim.measure.cells import NOBODY_LABEL, Cells

CELLS = Cells.listed({"channel": ("email", "phone"), "group": ("clerks", NOBODY_LABEL)}, [(0, 0), (1, 0), (1, 1)])


def test_records_find_their_cell() -> None:
    assert CELLS.number(channel=np.array([1, 0, 1]), group=np.array([1, 0, 0])).tolist() == [2, 0, 1]


def test_a_combination_that_cannot_be_is_named() -> None:
    with pytest.raises(AssertionError, match="'channel': 'email', 'group': '\\(nobody\\)'"):
        CELLS.number(channel=np.array([0]), group=np.array([1]))


def test_rows_are_in_the_order_of_their_labels_and_sum_all_their_cells() -> None:
    assert [(row.labels, row.cells.tolist()) for row in CELLS.rows(("channel",))] == [
        (("email",), [0]),
        (("phone",), [1, 2]),
    ]


def test_without_dimensions_one_row_sums_all_that_was_chosen() -> None:
    assert [row.cells.tolist() for row in CELLS.rows((), {"channel": "phone"})] == [[1, 2]]


def test_nobody_has_no_row_of_their_own() -> None:
    assert [row.labels for row in CELLS.rows(("group",))] == [("clerks",)]
