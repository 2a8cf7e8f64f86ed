"""Agents take work and finish it.

To finish a piece of work lets an agent take more, which may let another finish, within one event. What is left to do is
therefore noted, the last noted done first, and done before the next event.
"""

from __future__ import annotations

from typing import Final

from sim.engine.compiled.effort import wrap_up_length
from sim.engine.compiled.events import ENTERS_QUEUE, NOBODYS, TALK_ENDS, WRAP_UP_ENDS, place, push
from sim.engine.compiled.groups import note_in_hand, note_not_free
from sim.engine.compiled.hands import begin_talk, giver_of, note_talk_end, park, put, stop, take_out
from sim.engine.compiled.lanes import leave_lane
from sim.engine.compiled.line import leave
from sim.engine.compiled.rule import hot, rule
from sim.engine.compiled.state import (
    AGENT,
    AGENT_NUMBER,
    AT_THE_DOOR,
    BRIEFED,
    BRIEFING,
    CHANNEL_OF_QUEUE,
    CONTACT,
    COUNTED,
    COUNTS,
    DETECTED_AFTER,
    DUE,
    FINDING_OUT,
    HOLDING,
    IN_VAIN,
    INTERRUPTIBLE,
    NEXT_TO_DO,
    NOW,
    OF_CASE,
    OF_CONTACT,
    OPERATION,
    PHASE,
    PUT_BACK,
    QUEUE,
    RECORD,
    ROW,
    ROW_NUMBER,
    SILENTLY_LEFT,
    SINCE,
    STATE,
    TALK_FROM,
    TO_DO,
    WARM_FROM,
    WHERE,
    WHO,
    WRAPPING_UP,
    Desk,
    Ints,
    give_back,
    new_object,
)
from sim.engine.rules import Handled, Interruptible, Left

TAKEN: Final = int(Left.TAKEN)
RETURNED: Final = int(Handled.RETURNED)
NOT_REACHED: Final = int(Handled.NOT_REACHED)
NOBODY_THERE: Final = int(Handled.NOBODY_THERE)
STILL_OPEN: Final = int(Handled.OPEN)
SHARED: Final = int(Interruptible.SHARED)

# What may be left to do: an agent has finished something, takes on what fits, takes on what fits beside live work that
# interrupted, is noted with work in hand, comes in; a group offers what has opened, from a row on.
HAS_FINISHED, TAKES_ON, TAKES_BESIDE, IS_NOTED, COMES_IN, OFFERS = range(6)


@hot
def leave_to_do(s: Ints, operation: int, who: int, where: int) -> None:
    """Note what is to be done before anything that was noted before."""
    noted = new_object(s)
    s[noted + OPERATION], s[noted + WHO], s[noted + WHERE] = operation, who, where
    s[noted + NEXT_TO_DO] = s[TO_DO]
    s[TO_DO] = noted


@hot
def leave_queue(desk: Desk, leg: int, left: int) -> None:
    """Let a leg leave its queue, if it stands in one, and record how."""
    s = desk.state
    record = s[leg + RECORD]
    desk.legs[record]["left"] = left
    desk.legs[record]["leave"] = s[NOW]
    leave_lane(s, leg)
    channel = s[s[leg + QUEUE] + CHANNEL_OF_QUEUE]
    if s[channel + COUNTED] and s[leg + COUNTS]:
        s[leg + COUNTS] = 0
        s[channel + AT_THE_DOOR] -= 1


@hot
def take(desk: Desk, leg: int, agent: int, row: int) -> None:
    """Let an agent take a leg, or the place of who left it silently, by a row."""
    s = desk.state
    note_not_free(s, agent)
    s[leg + ROW] = row
    desk.legs[s[leg + RECORD]]["row"] = s[row + ROW_NUMBER]
    desk.legs[s[leg + RECORD]]["handled"] = STILL_OPEN
    if s[leg + STATE] == SILENTLY_LEFT:
        leave_lane(s, leg)
        put(desk, leg, agent)
        leave_to_do(s, IS_NOTED, agent, 0)
        _find_out(desk, leg)
        return
    leave_queue(desk, leg, TAKEN)
    s[leg + TALK_FROM] = s[NOW]
    put(desk, leg, agent)
    if giver_of(desk, leg) != 0:
        note_in_hand(s, agent)  # before the giver is let go, who may open a row by that
    leave_to_do(s, IS_NOTED, agent, 0)
    _begin(desk, leg)


@rule
def _find_out(desk: Desk, leg: int) -> None:
    """Let an agent who took the place of who had left silently find out that nobody is there any more.

    That takes as long as the channel says, whatever else is in hand and whoever the agent is; there is no wrap-up.
    """
    s = desk.state
    desk.asides[s[leg + RECORD]]["found"] = s[NOW]
    s[leg + STATE] = FINDING_OUT
    s[leg + DUE] = s[NOW] + s[s[s[leg + QUEUE] + CHANNEL_OF_QUEUE] + DETECTED_AFTER]
    push(desk, s[leg + DUE], place(TALK_ENDS, s[leg + OF_CONTACT], s[s[leg + AGENT] + AGENT_NUMBER]))


@rule
def find_nobody(desk: Desk, leg: int) -> None:
    """Let an agent be done with the place of who had left silently."""
    s = desk.state
    desk.legs[s[leg + RECORD]]["handled"] = NOBODY_THERE
    forget_contact(desk, s[leg + OF_CASE])
    finish(desk, leg)


@rule
def forget_contact(desk: Desk, case: int) -> None:
    """Let a contact that has ended be in progress no more."""
    s = desk.state
    desk.contacts[s[case + CONTACT]]["case"] = 0
    give_back(s, case)


@hot
def _begin(desk: Desk, leg: int) -> None:
    """Begin the handling of a leg that was just taken: the briefing of a warm handover first, else the talk.

    Who takes over its own handover has nobody to brief.
    """
    s = desk.state
    giver = giver_of(desk, leg)
    if giver == 0:
        begin_talk(desk, leg)
        return
    if s[giver + AGENT] == s[leg + AGENT]:
        s[leg + BRIEFING] = 0
    desk.legs[s[leg + RECORD]]["briefing"] = s[leg + BRIEFING]
    if s[leg + BRIEFING] == 0:
        end_briefing(desk, leg)
        return
    s[leg + STATE] = BRIEFED
    s[leg + TALK_FROM] += s[leg + BRIEFING]
    s[leg + DUE] = s[NOW] + s[leg + BRIEFING]
    push(desk, s[leg + DUE], place(TALK_ENDS, s[leg + OF_CONTACT], s[s[giver + AGENT] + AGENT_NUMBER]))


@rule
def end_briefing(desk: Desk, leg: int) -> None:
    """Let the talk begin, and who handed the contact over go."""
    s = desk.state
    giver = s[leg + WARM_FROM]
    s[leg + WARM_FROM] = 0
    begin_talk(desk, leg)
    end_hold(desk, giver)


@hot
def end_talk(desk: Desk, leg: int, handled: int, hold: bool) -> None:
    """Let the talk be over: the agent holds the line for a warm handover, or wraps up."""
    s = desk.state
    leave(s, leg)
    desk.legs[s[leg + RECORD]]["handled"] = handled
    note_talk_end(desk, leg)
    if hold:
        s[leg + STATE] = HOLDING
    else:
        _wrap_up(desk, leg)


@rule
def hang_up(desk: Desk, leg: int) -> None:
    """Let a dial in vain be over: nothing is to be wrapped up."""
    leave(desk.state, leg)
    desk.legs[desk.state[leg + RECORD]]["handled"] = NOT_REACHED
    note_talk_end(desk, leg)
    finish(desk, leg)


@rule
def end_hold(desk: Desk, leg: int) -> None:
    """Let the agent who held the line wrap up."""
    desk.asides[desk.state[leg + RECORD]]["hold_end"] = desk.state[NOW]
    _wrap_up(desk, leg)


@hot
def _wrap_up(desk: Desk, leg: int) -> None:
    """Occupy the agent for the wrap-up; without one it is done within the present event."""
    s = desk.state
    wrap_up = wrap_up_length(desk, leg)
    if wrap_up == 0:
        finish(desk, leg)
        return
    s[leg + STATE] = WRAPPING_UP
    s[leg + DUE] = s[NOW] + wrap_up
    push(desk, s[leg + DUE], place(WRAP_UP_ENDS, s[leg + OF_CONTACT], s[s[leg + AGENT] + AGENT_NUMBER]))


@hot
def finish(desk: Desk, leg: int) -> None:
    """Let an agent be done with a leg; whom it may take next is left to do."""
    s = desk.state
    agent = s[leg + AGENT]
    desk.legs[s[leg + RECORD]]["wrap_up_end"] = s[NOW]
    take_out(desk, leg, agent)
    s[agent + SINCE] = s[NOW]
    if not s[leg + IN_VAIN]:
        give_back(s, leg)
    leave_to_do(s, HAS_FINISHED, agent, 0)


@rule
def put_back(desk: Desk, leg: int) -> None:
    """Return an interrupted leg to its place in the queue, for anyone: a new leg that goes on where it stopped."""
    s = desk.state
    desk.legs[s[leg + RECORD]]["handled"] = RETURNED
    note_talk_end(desk, leg)
    s[s[leg + OF_CASE] + PHASE] = PUT_BACK
    push(desk, s[NOW], place(ENTERS_QUEUE, s[leg + OF_CONTACT], NOBODYS))


@rule
def lay_aside(desk: Desk, talk: int) -> None:
    """Take an interrupted talk out of its agent's hands: parked with the agent, or back in the queue for anyone."""
    if desk.state[desk.state[talk + ROW] + INTERRUPTIBLE] == SHARED:
        stop(desk, talk)
        put_back(desk, talk)
    else:
        park(desk, talk)
