"""How contacts end, and come again."""

from __future__ import annotations

from typing import Final

from sim.demand.hand import NONE
from sim.engine.compiled.dealt import Again, Numbers, dealt_to
from sim.engine.compiled.events import ARRIVES, NOBODYS, place, push
from sim.engine.compiled.handling import forget_contact, leave_queue
from sim.engine.compiled.rule import hot, rule
from sim.engine.compiled.state import (
    CHANNEL,
    CONTACT,
    HOLDS_LINE,
    LINES_TAKEN,
    NOW,
    OF_CASE,
    RETRY_WHEN,
    Desk,
    Ints,
    give_back,
)
from sim.engine.compiled.waiting import leave_place_behind
from sim.engine.rules import End, Left

UNRESOLVED: Final = int(End.UNRESOLVED)
GAVE_UP: Final = int(End.GAVE_UP)
FALSELY_RESOLVED: Final = int(End.FALSELY_RESOLVED)
ENDS_ABANDONED: Final = int(End.ABANDONED)
ENDS_BALKED: Final = int(End.BALKED)
ENDS_BLOCKED: Final = int(End.BLOCKED)
ENDS_DISCONNECTED: Final = int(End.DISCONNECTED)
ENDS_SILENT: Final = int(End.SILENT)
ABANDONED: Final = int(Left.ABANDONED)
SILENT_LEFT: Final = int(Left.SILENT)
BALKED: Final = int(Left.BALKED)
BLOCKED: Final = int(Left.BLOCKED)
DISCONNECTED: Final = int(Left.DISCONNECTED)


@rule
def give_line_back(s: Ints, case: int) -> None:
    """Give the line back: at the end of talk, on leaving, on becoming a ticket."""
    if s[case + HOLDS_LINE]:
        s[case + HOLDS_LINE] = 0
        s[s[case + CHANNEL] + LINES_TAKEN] -= 1


@hot
def end(desk: Desk, again: Again, case: int, how: int) -> None:
    """End a contact and, if its end calls for it and the dealt numbers say so, let the customer come again."""
    s = desk.state
    contact = s[case + CONTACT]
    desk.contacts[contact]["end"] = s[NOW]
    desk.contacts[contact]["how"] = how
    give_line_back(s, case)
    if (s[s[case + CHANNEL] + RETRY_WHEN] >> how) & 1:
        _come_again(desk, again.retry, again.retry_after, contact)
    elif how in (UNRESOLVED, GAVE_UP, FALSELY_RESOLVED):
        _come_again(desk, again.repeat, again.repeat_after, contact)
    if how != ENDS_SILENT:  # as long as its place is there, it is known whose it is
        forget_contact(desk, case)


@rule
def _come_again(desk: Desk, following: Numbers, after: Ints, contact: int) -> None:
    """Let the contact come that follows one, if any does."""
    comes = int(dealt_to(following, contact, NONE))
    if comes != NONE:
        push(desk, desk.state[NOW] + after[contact], place(ARRIVES, comes, NOBODYS))


@rule
def give_up(desk: Desk, again: Again, leg: int, left: int) -> None:
    """Let a contact leave its queue, or its door, without having been taken."""
    s = desk.state
    leave_queue(desk, leg, left)
    if left == SILENT_LEFT:
        leave_place_behind(s, leg)
    end(desk, again, s[leg + OF_CASE], _end_of_left(left))
    if left != SILENT_LEFT:
        give_back(s, leg)


@rule
def _end_of_left(left: int) -> int:
    """Return how a contact ends that left its queue without having been taken."""
    if left == ABANDONED:
        return ENDS_ABANDONED
    if left == BALKED:
        return ENDS_BALKED
    if left == SILENT_LEFT:
        return ENDS_SILENT
    return ENDS_BLOCKED if left == BLOCKED else ENDS_DISCONNECTED
