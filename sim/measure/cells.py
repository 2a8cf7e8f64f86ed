"""Cells: the finest groups by which sums are kept, and the rows of a breakdown as sets of cells.

A contact belongs to the cell of its (channel, contact type, customer, language, attempt), a leg to that of its queue
and of the group that took it, and so on. Any breakdown, and any choice (`channel=phone, contact_type=fault`), is a sum
of cells.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Final

import numpy as np
from numpy.typing import NDArray

Ints = NDArray[np.int64]

NOBODY_LABEL: Final = "(nobody)"
"""Label of the legs that no group took, and of what has no name in a dimension."""


@dataclass(frozen=True)
class Row:
    """One line of a breakdown."""

    labels: tuple[str, ...]
    """One per dimension asked for."""
    cells: Ints
    """Numbers of the cells that it sums."""


@dataclass(frozen=True)
class Cells:
    """The cells of one kind of record.

    Parameters
    ----------
    names
        Per dimension, its labels in their written order.
    codes
        Per dimension, shape (cells,): which label each cell has.
    keys
        The dimensions that tell cells apart; the others follow from them.
    """

    names: dict[str, tuple[str, ...]]
    codes: dict[str, Ints]
    keys: tuple[str, ...]

    @classmethod
    def listed(
        cls, names: Mapping[str, Sequence[str]], combinations: Sequence[tuple[int, ...]], keys: Sequence[str] = ()
    ) -> Cells:
        """Give the cells of the combinations of labels that can occur, each a tuple of label numbers by dimension."""
        columns = np.array(sorted(set(combinations)), np.int64).reshape(-1, len(names)).T
        return cls(
            {dimension: tuple(labels) for dimension, labels in names.items()},
            dict(zip(names, columns, strict=True)),
            tuple(keys or names),
        )

    def __len__(self) -> int:
        return len(next(iter(self.codes.values())))

    @cached_property
    def table(self) -> Ints:
        """The cell of each combination of label numbers by key dimension; -1 where it was not listed."""
        number = np.full([len(self.names[key]) for key in self.keys], -1, np.int64)
        number[tuple(self.codes[key] for key in self.keys)] = np.arange(len(self))
        return number

    def number(self, **codes: Ints) -> Ints:
        """Give the cell of records, from their label numbers by key dimension, each of shape (records,)."""
        cells: Ints = self.table[tuple(codes[key] for key in self.keys)]
        if (cells < 0).any():
            first = int(np.argmax(cells < 0))
            what = {key: self.names[key][codes[key][first]] for key in self.keys}
            raise AssertionError(f"a record has a combination that cannot come to be: {what}")
        return cells

    def rows(self, by: Sequence[str] = (), where: Mapping[str, str | Sequence[str]] | None = None) -> list[Row]:
        """Give the rows of a breakdown, in label order; without dimensions one row of all (chosen) cells.

        Parameters
        ----------
        by
            Dimensions to break down by.
        where
            The label, or one of the labels, that the cells must have, by dimension.
        """
        chosen = np.ones(len(self), bool)
        for dimension, given in (where or {}).items():
            wanted = [self.names[dimension].index(label) for label in ([given] if isinstance(given, str) else given)]
            chosen &= np.isin(self.codes[dimension], wanted)
        if not by:
            return [Row((), np.flatnonzero(chosen))]
        columns = np.stack([self.codes[dimension] for dimension in by])
        rows = []
        for combination in np.unique(columns[:, chosen], axis=1).T:
            mine = chosen & (columns == combination[:, None]).all(axis=0)
            labels = tuple(self.names[dimension][code] for dimension, code in zip(by, combination, strict=True))
            if NOBODY_LABEL not in labels:
                rows.append(Row(labels, np.flatnonzero(mine)))
        return rows
