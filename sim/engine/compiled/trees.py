"""How trees of lines are laid out, and where it is worth the while to have them."""

from __future__ import annotations

from typing import Final

import numpy as np

from sim.engine.compiled.flags import FLAGS_OF_WORD
from sim.engine.compiled.state import (
    BY_DUE_FIRST,
    COVERED,
    COVERED_WORD,
    COVERS,
    LEAVES,
    LINE,
    NODE_SIZE,
    TREE_HEAD,
    WINNERS_LEAF,
    Ints,
)

FEWEST_LINES: Final = 33
"""Fewer than that are looked at one by one: they are of one word of flags."""


class Trees:
    """Trees of the same lines: none where there are few.

    Parameters
    ----------
    lines
        How many compete in each.
    count
        How many trees there are.
    by_due
        How many of them, the last, go by what is due first.

    Attributes
    ----------
    leaves
        Nodes of lines of each tree; 0 without trees.
    length
        Numbers that each takes in the table of objects; 0 without.
    room
        Numbers that all of them take, with what is under which node.
    """

    def __init__(self, lines: int, count: int, by_due: int = 0) -> None:
        self._count = count if lines >= FEWEST_LINES else 0
        self._by_due = by_due
        self.leaves = 1 << (lines - 1).bit_length() if self._count else 0
        self._covers = -(-2 * self.leaves * NODE_SIZE // LINE) * LINE
        self.length = TREE_HEAD + self._covers if self._count else 0
        self.room = self._covers + self._count * self.length

    def place(self, begin: int) -> None:
        """Stand in the table of objects from somewhere on."""
        self._begin = begin

    def first(self, number: int = 0) -> int:
        """Return where the tree of a number begins; 0 without trees."""
        return self._begin + self._covers + number * self.length if self._count else 0

    def lay_out(self, objects: Ints) -> None:
        """Write what depends on no line."""
        objects[self._begin : self._begin + self._covers].reshape(-1, NODE_SIZE)[: 2 * self.leaves] = (
            self._under_nodes()
        )
        for number in range(self._count):
            tree = self.first(number)
            objects[tree + LEAVES], objects[tree + COVERS] = self.leaves, self._begin
            objects[tree + BY_DUE_FIRST] = number >= self._count - self._by_due
            nodes = objects[tree + TREE_HEAD : tree + self.length].reshape(-1, NODE_SIZE)
            nodes[self.leaves : 2 * self.leaves, WINNERS_LEAF] = np.arange(self.leaves, 2 * self.leaves)

    def _under_nodes(self) -> Ints:
        """Return what is under each node, shape (nodes, 2): bits of a word of flags, 0 if that is more than a word."""
        node = np.arange(2 * self.leaves)
        depth = np.frexp(np.maximum(node, 1))[1].astype(np.int64) - 1
        wide = self.leaves >> depth
        first = (node - (1 << depth)) * wide
        under = np.zeros((len(node), NODE_SIZE), np.int64)
        narrow = (wide <= FLAGS_OF_WORD) & (node > 0)
        under[narrow, COVERED_WORD] = first[narrow] // FLAGS_OF_WORD
        under[narrow, COVERED] = ((1 << wide[narrow]) - 1) << first[narrow] % FLAGS_OF_WORD
        return under


def asks_tree(lines: int, of_all: int) -> int:
    """Return 1 if who looks at so many of all lines asks a tree who is first of them, 0 if it looks at them in turn.

    In a tree the first of all are asked whether they are among those: at every ``of_all / lines``th it is one.
    """
    return int(of_all >= FEWEST_LINES and lines * lines > of_all)
