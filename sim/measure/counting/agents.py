"""Counting agents' time: spans cut by other spans, and spread over the slots that they cover."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from sim.engine.rules import MISSING, Handled, Left
from sim.engine.tables import Table
from sim.measure.counting.time import Slots, slot_near, slot_of
from sim.measure.machine_code import hot, kept

Ints = NDArray[np.int64]
Small = NDArray[np.int16]
Spans = NDArray[np.int64]
"""Spans as rows: owner, begin, end."""


@kept
def spread_all(
    time: Ints, slots: Slots, cell: Ints, owner: Ints, begin: Ints, end: Ints, column: int, weight: int
) -> None:
    """Spread spans over slots, in a counter.

    What is added is the time from a span's begin to the end of that slot, and that one more span runs from then on; the
    same is taken off at its end.

    Parameters
    ----------
    time
        Shape (columns, cells, slots).
    cell
        Of each owner.
    column, weight
        Of the counter, and how much a span counts.
    """
    edges = slots.edges
    past = edges[-1]
    for span in range(len(owner)):
        since, until = min(max(begin[span], edges[0]), past), min(max(end[span], edges[0]), past)
        if since == until:
            continue
        of, first = cell[owner[span]], slot_of(slots, since)
        last = slot_near(slots, until, first)
        time[column, of, first] += (edges[first + 1] - since) * weight
        time[column + 1, of, first] += weight
        if until < past:
            time[column, of, last] -= (edges[last + 1] - until) * weight
            time[column + 1, of, last] -= weight


@kept
def count_instants(time: Ints, slots: Slots, cell: Ints, owner: Ints, at: Ints, column: int) -> None:
    """Add one for each instant of measured time, to its owner's cell."""
    for which in range(len(at)):
        if slots.edges[0] <= at[which] < slots.edges[-1]:
            time[column, cell[owner[which]], slot_of(slots, at[which])] += 1


@kept
def merge(owner: Ints, begin: Ints, end: Ints, merged: Spans) -> int:
    """Join the spans of an owner that touch or overlap, and leave out empty ones.

    Parameters
    ----------
    merged
        Takes what is left: at most as many.

    Returns
    -------
    int
        How many spans are left; -1 if they do not stand in order of (owner, begin).
    """
    used = 0
    for span in range(len(owner)):
        if span > 0 and (
            owner[span] < owner[span - 1] or (owner[span] == owner[span - 1] and begin[span] < begin[span - 1])
        ):
            return -1
        if end[span] <= begin[span]:
            continue
        last = used - 1
        if used > 0 and merged[0, last] == owner[span] and begin[span] <= merged[2, last]:
            merged[2, last] = max(merged[2, last], end[span])
        else:
            used = _piece(merged, used, owner[span], begin[span], end[span])
    return used


@kept
def cut(
    owner: Ints,
    begin: Ints,
    end: Ints,
    by_owner: Ints,
    by_begin: Ints,
    by_end: Ints,
    inside: Spans,
    outside: Spans,
    used: Ints,
) -> None:
    """Cut spans where others of the same owner begin and end; both must be merged, in order of (owner, begin).

    Parameters
    ----------
    inside, outside
        Take what lies in the others and what does not: at most one piece for each span and each other.
    used
        Takes the numbers of both.
    """
    other = 0
    for span in range(len(owner)):
        of, at, until = owner[span], begin[span], end[span]
        while other < len(by_owner) and (by_owner[other] < of or (by_owner[other] == of and by_end[other] <= at)):
            other += 1
        place = other
        while place < len(by_owner) and by_owner[place] == of and by_begin[place] < until:
            used[1] = _piece(outside, used[1], of, at, by_begin[place])
            at = max(at, by_begin[place])
            used[0] = _piece(inside, used[0], of, at, min(until, by_end[place]))
            at = min(until, by_end[place])
            place += 1
        used[1] = _piece(outside, used[1], of, at, until)


@kept
def cut_surplus(
    owner: Ints, begin: Ints, end: Ints, at: Ints, until: Ints, first: Ints, surplus: Ints, pieces: Spans
) -> None:
    """Cut, from spans in order of their ends, those who are too many in each step: who leave first of those there.

    Parameters
    ----------
    at, until
        When each step begins and ends.
    first
        The first span that ends after the step has begun.
    surplus
        How many are too many; no more than have begun and not ended then.
    pieces
        Takes them, with room for just so many.
    """
    used = 0
    for step in range(len(at)):
        left, span = surplus[step], first[step]
        while left > 0:
            if begin[span] <= at[step]:
                pieces[0, used], pieces[1, used] = owner[span], at[step]
                pieces[2, used] = min(end[span], until[step])
                used += 1
                left -= 1
            span += 1


@kept
def write_slotted(
    legs: Table, asides: Table, group: Ints, channel: Small, limits: Ints, end: int, pieces: Spans
) -> int:
    """Write the work in slots: who had it, its begin and end, and how many of it its agent may have.

    Parked time is taken off the begin of the work that lay parked.

    Parameters
    ----------
    legs, asides
        LEG_RECORDs; and ASIDEs, or none.
    group
        Of each agent.
    channel
        Of each contact; a single one if it is that of all.
    limits
        Shape (groups, channels): 0 of work that is not in slots.
    pieces
        Takes the work: agents, begins, ends, limits.

    Returns
    -------
    int
        How much there is of it.
    """
    used = 0
    for leg in range(len(legs)):
        record = legs[leg]
        agent, took, parked = record["agent"], record["leave"], 0
        if len(asides) > 0:
            parked = asides[leg]["parked"]
        if record["left"] != Left.TAKEN:
            took = asides[leg]["found"] if len(asides) > 0 else MISSING
        if took == MISSING:
            continue
        limit = limits[group[agent], channel[record["contact"] if len(channel) > 1 else 0]]
        if limit > 0:
            over = record["talk_end"] if record["handled"] == Handled.RETURNED else record["wrap_up_end"]
            pieces[0, used], pieces[1, used] = agent, took + max(parked, 0)
            pieces[2, used], pieces[3, used] = end if over == MISSING else over, limit
            used += 1
    return used


@hot
def _piece(pieces: Spans, used: int, owner: int, begin: int, end: int) -> int:
    if begin >= end:
        return used
    pieces[0, used], pieces[1, used], pieces[2, used] = owner, begin, end
    return used + 1
