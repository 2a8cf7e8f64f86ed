"""Tournaments of lines: who comes out first of all of them, at a cost that grows with the logarithm of their number.

Lines are the leaves of a binary tree whose every node remembers who is first of what is under it, as in a tournament
(Knuth, The Art of Computer Programming, vol. 3, 5.4.1). Who asks for the first of some of the lines only, those of a
block, goes down where the first of a node is of another line, and nowhere that nobody better can be.
"""

from __future__ import annotations

from sim.engine.compiled.flags import FLAGS_OF_WORD
from sim.engine.compiled.rule import rule
from sim.engine.compiled.state import (
    BY_DUE_FIRST,
    COVERED,
    COVERED_WORD,
    COVERS,
    DUE_AT,
    FIRST_WORD,
    KEY,
    KEYS_OF_PRIORITY,
    LAST_WORD,
    LEAVES,
    MASKS,
    NODE_SIZE,
    TIE,
    TREE_HEAD,
    WINNER,
    WINNERS_LEAF,
    Desk,
    Ints,
)


@rule
def before(s: Ints, one: int, other: int) -> bool:
    """Return whether one comes out of a line before the other."""
    return s[one + KEY] < s[other + KEY] or (s[one + KEY] == s[other + KEY] and s[one + TIE] < s[other + TIE])


@rule
def goes_before(s: Ints, by_due: int, one: int, other: int) -> bool:
    """Return whether one comes before the other: of the same priority, what is due first, where a row goes by that."""
    if by_due and s[one + DUE_AT] != s[other + DUE_AT]:
        priority, others = s[one + KEY] // KEYS_OF_PRIORITY, s[other + KEY] // KEYS_OF_PRIORITY
        return bool(priority < others or (priority == others and s[one + DUE_AT] < s[other + DUE_AT]))
    return before(s, one, other)


@rule
def settle(s: Ints, tree: int, leaf: int, who: int) -> None:
    """Let it be known who comes out of a line first, or that nobody stands in it any more."""
    nodes = tree + TREE_HEAD
    s[nodes + leaf * NODE_SIZE + WINNER] = who
    node, winner, winners_leaf = leaf, who, leaf
    while node > 1:
        rival = nodes + (node ^ 1) * NODE_SIZE
        node >>= 1
        if s[rival + WINNER] != 0 and (
            winner == 0 or goes_before(s, s[tree + BY_DUE_FIRST], s[rival + WINNER], winner)
        ):
            winner, winners_leaf = s[rival + WINNER], s[rival + WINNERS_LEAF]
        at = nodes + node * NODE_SIZE
        if winners_leaf != leaf and s[at + WINNERS_LEAF] == winners_leaf:
            return  # nothing changes further up
        s[at + WINNER], s[at + WINNERS_LEAF] = winner, winners_leaf


@rule
def winner_of(s: Ints, tree: int, node: int) -> int:
    """Return who is first of what is under a node."""
    return s[tree + TREE_HEAD + node * NODE_SIZE + WINNER]


@rule
def line_of(s: Ints, tree: int, node: int) -> int:
    """Return the number of the line of who is first of what is under a node."""
    return s[tree + TREE_HEAD + node * NODE_SIZE + WINNERS_LEAF] - s[tree + LEAVES]


@rule
def is_in(desk: Desk, block: int, number: int) -> bool:
    """Return whether a line is of a block."""
    return _shares(desk, block, number // FLAGS_OF_WORD, 1 << number % FLAGS_OF_WORD)


@rule
def _shares(desk: Desk, block: int, word: int, bits: int) -> bool:
    lists = desk.lists
    if word < lists[block + FIRST_WORD] or word >= lists[block + LAST_WORD]:
        return False
    return (lists[lists[block + MASKS] + word] & bits) != 0


@rule
def candidate(desk: Desk, tree: int, block: int, node: int, best: int) -> int:
    """Return the first node from one on under which somebody of a block may be who goes before the best; else 0."""
    s = desk.state
    while node != 0:
        who = winner_of(s, tree, node)
        covered = s[tree + COVERS] + node * NODE_SIZE
        if (
            who != 0
            and (best == 0 or goes_before(s, s[tree + BY_DUE_FIRST], who, best))
            and (s[covered + COVERED] == 0 or _shares(desk, block, s[covered + COVERED_WORD], s[covered + COVERED]))
        ):
            return node
        node = past(node)
    return 0


@rule
def past(node: int) -> int:
    """Return the node that comes after one and all that is under it; 0 after the last."""
    while node & 1:
        node >>= 1
    return node + 1 if node != 0 else 0


@rule
def under(s: Ints, tree: int, node: int) -> int:
    """Return the first node under one, or the next past a line's."""
    return 2 * node if node < s[tree + LEAVES] else past(node)
