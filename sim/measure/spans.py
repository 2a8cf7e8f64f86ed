"""Spans of time of many owners at once: their union and what two sets of them have in common."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from sim.demand.columns import column
from sim.measure.counting.agents import cut, merge
from sim.measure.ordering import order_of

Ints = NDArray[np.int64]


@dataclass(frozen=True)
class Spans:
    """Half-open spans [begin, end) in ms, each of an owner. Shape of each column: (spans,)."""

    owner: Ints
    begin: Ints
    end: Ints

    @property
    def columns(self) -> tuple[Ints, Ints, Ints]:
        """Owner, begin and end."""
        return self.owner, self.begin, self.end

    def owned_by(self, owner: Ints) -> Spans:
        """Give the same spans as of each owner's own owner."""
        return Spans(owner[self.owner], self.begin, self.end)

    def chosen(self, which: NDArray[np.bool_] | Ints) -> Spans:
        """Give some of the spans, by a mask or by number."""
        return Spans(self.owner[which], self.begin[which], self.end[which])

    def merged(self) -> Spans:
        """Give each owner's union by (owner, begin): what touches or overlaps joined, empty spans left out."""
        merged = _pieces(len(self.owner))
        used = merge(*plain(self), merged)
        if used >= 0:
            return Spans(*merged[:, :used])
        # Owners one after the other on one line.
        first = int(self.begin.min())
        stride = int(self.end.max()) - first + 1
        return self.chosen(order_of(self.owner * stride + (self.begin - first))).merged()

    def without(self, other: Spans) -> Spans:
        """Give what is left of merged spans without the other's, which must be merged and lie within them."""
        owner = np.concatenate((self.owner, other.owner))
        begin, end = np.concatenate((self.begin, other.end)), np.concatenate((other.begin, self.end))
        # Of each owner the k-th piece runs from the k-th instant that begins one to the k-th that ends one.
        if not len(owner):
            return self
        first = min(int(begin.min()), int(end.min()), 0)
        stride = max(int(begin.max()), int(end.max())) - first + 1
        begins = order_of(owner * stride + (begin - first))
        ends = order_of(np.concatenate((other.owner, self.owner)) * stride + (end - first))
        return Spans(owner[begins], begin[begins], end[ends]).merged()

    def divided(self, other: Spans) -> tuple[Spans, Spans]:
        """Give what lies in the other's spans of the same owner, and what does not; both must be merged."""
        most, used = len(self.owner) + len(other.owner), np.zeros(2, np.int64)
        inside, outside = _pieces(most), _pieces(most)
        cut(*plain(self), *plain(other), inside, outside, used)
        return Spans(*inside[:, : used[0]]), Spans(*outside[:, : used[1]])

    def common(self, other: Spans) -> Spans:
        """Give what spans share with the other's spans of the same owner, which must be merged."""
        if not len(self.owner) or not len(other.owner):
            nothing = np.empty(0, np.int64)
            return Spans(nothing, nothing, nothing)
        stride = int(max(self.end.max(), other.end.max())) + 1
        base = self.owner * stride
        first = np.searchsorted(other.owner * stride + other.end, base + self.begin, side="right")
        past = np.searchsorted(other.owner * stride + other.begin, base + self.end, side="left")
        times = np.maximum(past - first, 0)
        mine = np.repeat(np.arange(len(base)), times)
        # The k-th of a span's partners is first + k.
        theirs = np.arange(len(mine)) - np.repeat(np.cumsum(times) - times, times) + first[mine]
        begin = np.maximum(self.begin[mine], other.begin[theirs])
        end = np.minimum(self.end[mine], other.end[theirs])
        return Spans(self.owner[mine], begin, end)


def _pieces(most: int) -> Ints:
    pieces: Ints = column(3 * most, np.int64)
    return pieces.reshape(3, most)


def plain(spans: Spans) -> tuple[Ints, Ints, Ints]:
    """Give the columns as machine code knows them."""
    owner, begin, end = (ints(each) for each in spans.columns)
    return owner, begin, end


def ints(values: NDArray[np.integer]) -> Ints:
    """Give numbers as machine code knows them, one beside the other."""
    if values.dtype == np.int64 and values.flags.c_contiguous and values.flags.writeable:
        return np.asarray(values, np.int64)
    own: Ints = column(len(values), np.int64)
    own[:] = values
    return own
