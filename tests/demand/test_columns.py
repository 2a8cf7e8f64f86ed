"""Long columns: filled stretch by stretch, in room that goes back to the system."""

from __future__ import annotations

from dataclasses import fields, is_dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from sim.demand import columns
from sim.demand.columns import ascending, column, lasting, stretches, taken
from sim.demand.deal import Dealer
from sim.demand.hand import same, sole
from sim.scenario.load import load
from tests.demand.room import in_a_map

SCENARIOS = Path(__file__).parents[2] / "scenarios"


def parts(of: object) -> list[np.ndarray[Any, Any]]:
    """Give all columns of a Hand."""
    if not is_dataclass(of):
        return [np.asarray(of)]
    return [part for field in fields(of) for part in parts(getattr(of, field.name))]


@pytest.mark.parametrize("name", ["support_week", "front_desk", "weekend_backlog"])
def test_a_hand_is_the_same_in_stretches_of_any_length(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Stretches of 97 rows deal what one stretch deals, and know as much of it."""
    dealer = Dealer(load(SCENARIOS / f"{name}.yaml"))
    whole = dealer.deal(1, 0)
    known = dealer.known.of(whole)
    monkeypatch.setattr(columns, "STRETCH", 97)
    cut = dealer.deal(1, 0)
    assert [part.tobytes() for part in parts(cut)] == [part.tobytes() for part in parts(whole)]
    assert dealer.known.of(cut) == known


def test_stretches_are_all_rows_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """Seven rows in stretches of three are 3, 3 and 1; no rows have none."""
    monkeypatch.setattr(columns, "STRETCH", 3)
    assert list(stretches(7)) == [slice(0, 3), slice(3, 6), slice(6, 7)]
    assert list(stretches(0)) == []


@pytest.mark.parametrize("rows", [0, 10, 1_000_000])
def test_short_and_long_columns_hold_what_is_put_there(rows: int) -> None:
    """Whether it stands in the heap or in a map, a column has its rows and can be written."""
    numbers = ascending(rows, np.int64)
    assert np.array_equal(lasting(numbers), np.arange(rows))
    assert not np.shares_memory(lasting(numbers), numbers)
    assert np.array_equal(taken(numbers, np.arange(rows)[::-2]), np.arange(rows)[::-2])


@pytest.mark.parametrize("value", [np.False_, np.int16(-1), np.int64(2**62), np.float64(0.5)])
@pytest.mark.parametrize("rows", [0, 1, 1_000_000])
def test_a_column_of_one_number_has_it_there_once(value: np.generic, rows: int) -> None:
    """It looks like any other column, is known for what it is, and nobody can write to it."""
    alike = same(value, rows)
    assert alike.dtype == value.dtype
    assert np.array_equal(alike, np.full(rows, value))
    assert alike.strides == (0,)
    assert not alike.flags.writeable
    assert sole(alike) == (value if rows else None)


def test_what_is_long_stands_in_a_map_of_its_own_and_what_is_kept_does_sooner() -> None:
    """A million numbers go back to the system when they go, and 100,000 that are kept do; ten come from the heap."""
    columns = [column(rows, np.int64) for rows in (10, 100_000, 1_000_000)]
    assert [in_a_map(one) for one in columns] == [False, False, True]
    assert [in_a_map(lasting(one)) for one in columns] == [False, True, True]


def test_no_room_for_a_column_is_told_as_no_memory() -> None:
    """As of any other array."""
    with pytest.raises(MemoryError, match=r"^the system has no room for 18,014,398,509,481,984 bytes$"):
        column(2**51, np.int64)
