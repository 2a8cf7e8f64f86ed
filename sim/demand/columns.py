"""Long columns: where they stand, and the stretches in which they are filled.

A long column stands in a memory map of its own, which goes back to the system when the column goes. In the heap, what
is kept of each replication would come to lie between the columns that come and go with it, and tear the heap apart
until it took half as much again.
"""

from __future__ import annotations

import mmap
from contextlib import suppress
from typing import TYPE_CHECKING, Any, Final, TypeVar

import numpy as np

from sim.demand.hand import same

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from numpy.typing import DTypeLike, NDArray

N = TypeVar("N", bound=np.generic)
W = TypeVar("W", np.int32, np.int64)

STRETCH: Final = 1 << 15
"""Rows that are dealt, or entries that are put together, at a time: few enough that what is worked out of them
stays near the processor."""
_HUGE_PAGE: Final = 2**21
"""Bytes of memory that the system gives at once if it is asked to, which is much faster than page by page."""
_LONG: Final = 3 * 2**20
"""Bytes from which a column is long: what its last huge page leaves free is no more than a quarter of it."""
SMALL: Final[tuple[type[np.signedinteger[Any]], ...]] = (np.int8, np.int16, np.int32, np.int64)
LARGEST: Final = np.array([np.iinfo(kind).max for kind in SMALL])
"""What is kept is kept in the smallest of these kinds of integers that holds it."""
_LASTING: Final = 2**16
"""Bytes from which what is kept has a map of its own."""


def _hold_on_to_the_heap() -> None:
    """Have the heap keep what is given back to it for the next replication.

    The GNU C library learns from blocks that come and go what is worth keeping: when one of this size is given back,
    shorter ones come from the heap from then on, which keeps twice as much (M_MMAP_THRESHOLD in mallopt(3)). Long
    columns, from which it would have learned that, stand in maps. The block itself is never written to; other C
    libraries just give it and take it back.
    """
    np.empty(2**25 - 2**13, np.uint8)


_hold_on_to_the_heap()


def column(rows: int, kind: DTypeLike) -> NDArray[Any]:
    """Make room for a column, to be filled."""
    of_row = np.dtype(kind)
    size = rows * of_row.itemsize
    if size < _LONG:
        return np.empty(rows, of_row)
    pages = _map(-(-size // _HUGE_PAGE) * _HUGE_PAGE)
    return np.frombuffer(pages, of_row, rows)


def ascending(rows: int, kind: type[W]) -> NDArray[W]:
    """Give a column of 0, 1, 2 and so on."""
    numbers: NDArray[W] = column(rows, kind)
    for part in stretches(rows):
        numbers[part] = np.arange(part.start, part.stop)
    return numbers


def taken(values: NDArray[N], places: NDArray[np.integer]) -> NDArray[N]:
    """Give the values at some places, all of which must be there, as a column."""
    found: NDArray[N] = column(len(places), values.dtype)
    return np.take(values, places, out=found, mode="clip")  # any other mode would want a copy


def lasting(values: NDArray[N]) -> NDArray[N]:
    """Give a copy that is kept while columns come and go."""
    room: NDArray[N] = lasting_room(len(values), values.dtype)
    room[:] = values
    return room


def lasting_room(rows: int, kind: DTypeLike) -> NDArray[Any]:
    """Make room for what is kept while columns come and go, to be filled."""
    of_row = np.dtype(kind)
    size = rows * of_row.itemsize
    return np.empty(rows, of_row) if size < _LASTING else np.frombuffer(_map(size), of_row, rows)


def used_of(room: NDArray[N], rows: int) -> NDArray[N]:
    """Give the first rows of lasting room; what is behind them in a map was never written to and takes no memory."""
    return room[:rows] if room.nbytes >= _LASTING else room[:rows].copy()


def _map(size: int) -> mmap.mmap:
    private = {"flags": mmap.MAP_PRIVATE | mmap.MAP_ANONYMOUS} if hasattr(mmap, "MAP_PRIVATE") else {}
    try:
        pages = mmap.mmap(-1, size, **private)
    except OSError as error:
        raise MemoryError(f"the system has no room for {size:,} bytes") from error
    if size >= _LONG and hasattr(mmap, "MADV_HUGEPAGE"):
        with suppress(OSError):  # a system that has none
            pages.madvise(mmap.MADV_HUGEPAGE)
    return pages


def stretches(rows: int) -> Iterator[slice]:
    """Give the stretches of so many rows, one after the other."""
    for begin in range(0, rows, STRETCH):
        yield slice(begin, min(begin + STRETCH, rows))


def filled(wanted: bool, rows: int, value: N) -> NDArray[N]:
    """Give a column of one number: there in each row, to be filled further, if that is wanted; else there once."""
    if not wanted:
        return same(value, rows)
    room: NDArray[N] = column(rows, value.dtype)
    room.fill(value)
    return room


def note(into: NDArray[N], rows: NDArray[np.integer], value: int) -> None:
    """Fill some rows of a column, unless it is the same in all."""
    if into.flags.writeable:
        into[rows] = value


def put(into: NDArray[N], rows: NDArray[np.integer], dealt: Iterable[tuple[slice, NDArray[N]]]) -> None:
    """Put what is dealt to some rows, stretch by stretch, into a column."""
    for part, values in dealt:
        into[rows[part]] = values
