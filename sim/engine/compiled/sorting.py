"""Records into the order of an Outcome: counted, and moved into tables of the same kind, each to its place at once.

It takes linear time, and hardly any row waits for another to have been moved. Where rows are counted is told by who
owns them: contacts, and agents, who have ended.
"""

from __future__ import annotations

from typing import NamedTuple

from sim.engine.compiled.rule import hot, rule
from sim.engine.compiled.state import (
    AGENT_SIZE,
    AGENTS,
    AGENTS_END,
    DUTIES,
    KEY,
    LEGS,
    LEGS_MOVED,
    SPANS,
    TIE,
    Desk,
    Ints,
)

WORDS_OF_LEG, WORDS_OF_ASIDE, WORDS_OF_SPAN = 8, 3, 3
DUTIES_OF_AGENT, BUSY_SPANS_OF_AGENT = TIE, KEY
"""Columns of agents in which their spans are counted."""


class Words(NamedTuple):
    """Tables of records as plain numbers, to move whole rows."""

    legs: Ints
    asides: Ints
    spans: Ints


class Records(NamedTuple):
    """Tables of records."""

    found: Words
    """In the order in which they were written."""
    room: Words
    """For as many, in the order of an Outcome."""


@rule
def sort_legs(desk: Desk, records: Records) -> None:
    """Move the records of legs into the order of (contact, order of entering), unless they are in that order."""
    s, legs, contacts = desk.state, desk.legs, desk.contacts
    used = s[LEGS]
    in_order = True
    for leg in range(1, used):
        if legs[leg]["contact"] < legs[leg - 1]["contact"]:
            in_order = False
            break
    if in_order:
        return
    s[LEGS_MOVED] = 1
    for contact in range(contacts.shape[0]):
        contacts[contact]["case"] = 0
    for leg in range(used):
        contacts[legs[leg]["contact"]]["case"] += 1
    place = 0
    for contact in range(contacts.shape[0]):
        legs_of_contact = contacts[contact]["case"]
        contacts[contact]["case"] = place
        place += legs_of_contact
    for leg in range(used):
        contact = legs[leg]["contact"]
        place = contacts[contact]["case"]
        contacts[contact]["case"] = place + 1
        _move(records.found.legs, leg, records.room.legs, place, WORDS_OF_LEG)
        if records.found.asides.shape[0] > 0:
            _move(records.found.asides, leg, records.room.asides, place, WORDS_OF_ASIDE)


@rule
def sort_spans(desk: Desk, records: Records) -> None:
    """Move spans of duty before spans of work, and each into the order of (agent, order of ending)."""
    s, spans = desk.state, desk.spans
    used = s[SPANS]
    for agent in range(s[AGENTS], s[AGENTS_END], AGENT_SIZE):
        s[agent + DUTIES_OF_AGENT] = s[agent + BUSY_SPANS_OF_AGENT] = 0
    for span in range(used):
        s[_count_of(s, spans[span]["agent"], spans[span]["of_duty"])] += 1
    place = 0
    for kind in (DUTIES_OF_AGENT, BUSY_SPANS_OF_AGENT):
        s[DUTIES] = place  # until the second kind begins
        for agent in range(s[AGENTS], s[AGENTS_END], AGENT_SIZE):
            spans_of_agent = s[agent + kind]
            s[agent + kind] = place
            place += spans_of_agent
    for span in range(used):
        count = _count_of(s, spans[span]["agent"], spans[span]["of_duty"])
        place = s[count]
        s[count] = place + 1
        _move(records.found.spans, span, records.room.spans, place, WORDS_OF_SPAN)


@rule
def _count_of(s: Ints, agent: int, of_duty: int) -> int:
    """Return where spans of an agent are counted."""
    return s[AGENTS] + agent * AGENT_SIZE + (DUTIES_OF_AGENT if of_duty else BUSY_SPANS_OF_AGENT)


@hot
def _move(words: Ints, row: int, room: Ints, place: int, size: int) -> None:
    """Copy a row of so many numbers to its place in another table."""
    for word in range(size):
        room[place * size + word] = words[row * size + word]
