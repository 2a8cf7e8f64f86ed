"""Lines: whoever stands in one comes out by (key, tie), at a cost that hardly grows with its length.

Those who join in order stand in a list; who joins out of order goes into a pairing heap beside it (Fredman et al.
1986). Anybody may leave from anywhere.
"""

from __future__ import annotations

from sim.engine.compiled.rule import rule
from sim.engine.compiled.state import (
    CHILD,
    HEAD,
    IN,
    KEY,
    LEAF,
    NEXT,
    PREV,
    ROOT,
    TAIL,
    TIE,
    TREE,
    Ints,
)
from sim.engine.compiled.tournament import before, settle


@rule
def join(s: Ints, line: int, who: int, key: int, tie: int) -> None:
    """Let somebody who stands in no line stand in one."""
    s[who + KEY] = key
    s[who + TIE] = tie
    s[who + NEXT] = 0
    tail = s[line + TAIL]
    if tail == 0 or not before(s, who, tail):
        s[who + PREV] = tail
        s[who + IN] = line
        s[line + TAIL] = who
        if tail != 0:
            s[tail + NEXT] = who
            return
        s[line + HEAD] = who
    else:
        s[who + PREV] = 0
        s[who + CHILD] = 0
        s[who + IN] = -line
        s[line + ROOT] = link(s, s[line + ROOT], who) if s[line + ROOT] != 0 else who
    if s[line + TREE] != 0:
        settle(s, s[line + TREE], s[line + LEAF], first(s, line))


@rule
def first(s: Ints, line: int) -> int:
    """Return who comes out of a line first; 0 if nobody stands in it."""
    head, root = s[line + HEAD], s[line + ROOT]
    if root == 0:
        return head
    return root if head == 0 or before(s, root, head) else head


@rule
def leave(s: Ints, who: int) -> None:
    """Let somebody leave the line that they stand in, if any."""
    line = s[who + IN]
    s[who + IN] = 0
    if line > 0:
        prev, next_one = s[who + PREV], s[who + NEXT]
        if next_one == 0:
            s[line + TAIL] = prev
        else:
            s[next_one + PREV] = prev
        if prev != 0:
            s[prev + NEXT] = next_one
            return
        s[line + HEAD] = next_one
        if s[line + TREE] != 0:
            settle(s, s[line + TREE], s[line + LEAF], first(s, line))
    elif line < 0:
        _leave_heap(s, -line, who)
        if s[-line + TREE] != 0:
            settle(s, s[-line + TREE], s[-line + LEAF], first(s, -line))


@rule
def link(s: Ints, one: int, other: int) -> int:
    """Put the later of two heaps under the earlier and return that."""
    if before(s, other, one):
        one, other = other, one
    child = s[one + CHILD]
    s[other + NEXT] = child
    s[other + PREV] = one
    if child != 0:
        s[child + PREV] = other
    s[one + CHILD] = other
    s[one + NEXT] = 0
    return one


@rule
def _leave_heap(s: Ints, line: int, who: int) -> None:
    rest = _joined(s, s[who + CHILD])
    if who == s[line + ROOT]:
        s[line + ROOT] = rest
        return
    prev, next_one = s[who + PREV], s[who + NEXT]
    if s[prev + CHILD] == who:
        s[prev + CHILD] = next_one
    else:
        s[prev + NEXT] = next_one
    if next_one != 0:
        s[next_one + PREV] = prev
    if rest != 0:
        s[line + ROOT] = link(s, s[line + ROOT], rest)


@rule
def _joined(s: Ints, child: int) -> int:
    """Return one heap made of siblings: by pairs from the first on, then from the last pair back."""
    pairs = 0
    while child != 0:
        partner = s[child + NEXT]
        further = 0
        pair = child
        if partner != 0:
            further = s[partner + NEXT]
            pair = link(s, child, partner)
        s[pair + NEXT] = pairs
        pairs = pair
        child = further
    root = 0
    while pairs != 0:
        further = s[pairs + NEXT]
        s[pairs + NEXT] = 0
        root = pairs if root == 0 else link(s, root, pairs)
        pairs = further
    if root != 0:
        s[root + PREV] = 0
    return root
