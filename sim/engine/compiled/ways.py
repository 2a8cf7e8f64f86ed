"""The ways of contacts from tier to tier: what comes of a talk, and where the matter goes on."""

from __future__ import annotations

from typing import Final

from sim.demand.hand import NONE, AttemptKind
from sim.engine.compiled.dealt import Ways, dealt_to
from sim.engine.compiled.rule import hot, rule
from sim.engine.compiled.state import (
    AGENT,
    AGENT_GROUP,
    CHANNEL,
    COMES_AS,
    CONTACT,
    EXCHANGE,
    EXCHANGES,
    FIRST_TIER,
    GROUP_NUMBER,
    MARK,
    MOST_EXCHANGES,
    POSITION,
    QUEUE,
    QUEUE_NUMBER,
    RETURNS,
    SENT_BACK,
    SO_FAR,
    TIER,
    TIER_COUNT,
    TYPE,
    WORK,
    Desk,
)
from sim.engine.compiled.waiting import last_start
from sim.engine.rules import NOBODY, Handled

CHASER: Final = int(AttemptKind.CHASER)
RESOLVED: Final = int(Handled.RESOLVED)
ESCALATED: Final = int(Handled.ESCALATED)
CHASED: Final = int(Handled.CHASED)
CONTINUED: Final = int(Handled.CONTINUED)
UNRESOLVED: Final = int(Handled.UNRESOLVED)
SENT_BACK_UP: Final = int(Handled.SENT_BACK)
BELOW_ONE: Final = 1 - 2**-53


@hot
def begin_way(desk: Desk, ways: Ways, case: int) -> None:
    """Let a contact be at the first tier that handles its type."""
    s = desk.state
    kind = s[case + TYPE]
    tiers = ways.escalated.shape[1]
    s[case + TIER] = s[kind + FIRST_TIER]
    if ways.sent_back.shape[0] > 0:
        s[case + SENT_BACK] = 0
        for tier in range(tiers):
            s[case + SO_FAR + tier] = NOBODY
            s[case + SO_FAR + tiers + tier] = 0
    _set_mark(desk, ways, case)


@rule
def _set_mark(desk: Desk, ways: Ways, case: int) -> None:
    """Set the row of the tier marks that holds for the present stay."""
    s = desk.state
    kind = s[case + TYPE]
    first = ways.first_tier_mark[s[case + CONTACT]]
    position = desk.lists[s[kind + POSITION] + s[case + TIER]]
    times = s[case + SENT_BACK] if ways.sent_back.shape[0] > 0 else 0
    s[case + MARK] = first + times * s[kind + TIER_COUNT] + position


@rule
def _writes_again(desk: Desk, ways: Ways, case: int, mark: int) -> bool:
    """Go on to the next exchange of the present stay; return whether there is one."""
    s, marks = desk.state, ways.exchange_mark
    if s[case + EXCHANGES] >= s[s[case + CHANNEL] + MOST_EXCHANGES]:
        return False
    following = s[case + EXCHANGE] + 1
    if s[case + EXCHANGE] == NONE:
        following = last_start(marks, 0, marks.shape[0], mark - 1) + 1
    if following == marks.shape[0] or marks[following] != mark:
        return False
    s[case + EXCHANGE] = following
    s[case + EXCHANGES] += 1
    return True


@hot
def after_talk(desk: Desk, ways: Ways, case: int, leg: int, decides: float) -> int:
    """Let the talk at the present tier be over: return what came of it, and go on to the next tier if there is one.

    Who asked for a case has been told. Else, first whether the customer writes again; what else comes of the stay its
    dealt number decides after the last exchange. A tier sends a contact back to the tier that handed it up, as often as
    it may; whom it has sent back so often it concludes itself.
    """
    s = desk.state
    here, mark, queue = s[case + TIER], s[case + MARK], s[s[leg + QUEUE] + QUEUE_NUMBER]
    tiers = ways.escalated.shape[1]
    if s[case + COMES_AS] == CHASER:
        return CHASED
    if ways.exchange_mark.shape[0] > 0:
        if _writes_again(desk, ways, case, mark):
            return CONTINUED
        s[case + EXCHANGE] = NONE
    if dealt_to(ways.sent_back, mark, 0) and _may_return(desk, case, here, tiers):
        s[case + SO_FAR + tiers + here] += 1
        s[case + SENT_BACK] += 1
        s[case + TIER] = s[case + SO_FAR + here]
        _set_mark(desk, ways, case)
        return SENT_BACK_UP
    number = _as_stated(desk, ways, leg, decides)
    if number < ways.stated[queue]:
        return RESOLVED
    for tier in range(tiers):
        if number < ways.escalated[queue, tier]:
            if ways.sent_back.shape[0] > 0:
                s[case + SO_FAR + tier] = here
            s[case + TIER] = tier
            _set_mark(desk, ways, case)
            return ESCALATED
    return UNRESOLVED


@rule
def _may_return(desk: Desk, case: int, here: int, tiers: int) -> bool:
    """Return whether somebody handed a contact up to a tier that may send it back once more."""
    s = desk.state
    returns = desk.lists[s[s[case + TYPE] + RETURNS] + here]
    return bool(s[case + SO_FAR + here] != NOBODY and s[case + SO_FAR + tiers + here] < returns)


@rule
def _as_stated(desk: Desk, ways: Ways, leg: int, number: float) -> float:
    """Return where a dealt number stands among the stated shares, the talk being over with its agent.

    Below the reached share of resolved it counts as resolved; from there on the numbers up to 1 are stretched over the
    stated rest.
    """
    s = desk.state
    agent = s[leg + AGENT]
    queue = s[s[leg + QUEUE] + QUEUE_NUMBER]
    stated = ways.stated[queue]
    reached = ways.reached[s[s[agent + AGENT_GROUP] + GROUP_NUMBER], queue, s[agent + WORK]]
    if reached == stated:
        return number
    if number < reached:
        return 0.0
    return min(stated + (number - reached) * ((1 - stated) / (1 - reached)), BELOW_ONE)
