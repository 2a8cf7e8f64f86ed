"""Records into the order of an Outcome, where they are: no table is there twice.

Rows are counted, each is told its place, and then they change places until all are right, in linear time. A row's place
is written into a column of its own that can be told again afterwards; the counts are kept by those who have ended.
"""

from __future__ import annotations

from typing import NamedTuple

from sim.engine.compiled.rule import rule
from sim.engine.compiled.state import (
    AGENT_SIZE,
    AGENTS,
    AGENTS_END,
    DUTIES,
    KEY,
    LEGS,
    SPANS,
    TIE,
    Desk,
    Ints,
)

WORDS_OF_LEG, WORDS_OF_ASIDE, WORDS_OF_SPAN = 8, 3, 3
DUTIES_OF_AGENT, BUSY_SPANS_OF_AGENT = TIE, KEY
"""Columns of agents in which their spans are counted."""


class Words(NamedTuple):
    """The same tables as plain numbers, to move whole rows."""

    legs: Ints
    asides: Ints
    spans: Ints


@rule
def sort_legs(desk: Desk, words: Words) -> None:
    """Sort the records of legs by (contact, order of entering)."""
    legs, contacts = desk.legs, desk.contacts
    used = desk.state[LEGS]
    in_order = True
    for leg in range(1, used):
        if legs[leg]["contact"] < legs[leg - 1]["contact"]:
            in_order = False
            break
    if in_order:
        return
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
        legs[leg]["contact"] = contacts[contact]["case"]
        contacts[contact]["case"] += 1
    for leg in range(used):
        while legs[leg]["contact"] != leg:
            place = legs[leg]["contact"]
            _swap(words.legs, leg, place, WORDS_OF_LEG)
            if words.asides.shape[0] > 0:
                _swap(words.asides, leg, place, WORDS_OF_ASIDE)
    leg = 0
    for contact in range(contacts.shape[0]):
        while leg < contacts[contact]["case"]:
            legs[leg]["contact"] = contact
            leg += 1


@rule
def sort_spans(desk: Desk, words: Words) -> None:
    """Sort spans of duty before spans of work, and each by (agent, order of ending)."""
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
        spans[span]["of_duty"] = s[count]
        s[count] += 1
    for span in range(used):
        while spans[span]["of_duty"] != span:
            _swap(words.spans, span, spans[span]["of_duty"], WORDS_OF_SPAN)


@rule
def _count_of(s: Ints, agent: int, of_duty: int) -> int:
    """Return where spans of an agent are counted."""
    return s[AGENTS] + agent * AGENT_SIZE + (DUTIES_OF_AGENT if of_duty else BUSY_SPANS_OF_AGENT)


@rule
def _swap(words: Ints, one: int, other: int, size: int) -> None:
    """Let two rows of so many numbers change places."""
    for word in range(size):
        kept = words[one * size + word]
        words[one * size + word] = words[other * size + word]
        words[other * size + word] = kept
