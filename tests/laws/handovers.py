"""Laws of the handover from tier to tier."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from sim.engine.rules import MISSING, Left
from tests.laws.contacts import marks_of_stays

if TYPE_CHECKING:
    from tests.laws.laws import Play


def who_hands_over_warm_holds_the_line_and_briefs_another(play: Play) -> None:
    """The line is held until the next agent was briefed, or the limit has passed; nobody briefs themselves."""
    legs, program = play.outcome.legs, play.program
    marks = marks_of_stays(play)
    for giver in np.flatnonzero(legs.hold_end != MISSING):
        leg = giver + 1
        assert legs.contact[leg] == legs.contact[giver]
        assert legs.enter[leg] == legs.talk_end[giver]
        limit = legs.enter[leg] + program.tiers.warm_limit[program.queues.tier[legs.queue[leg]]]
        own = legs.agent[leg] == legs.agent[giver]
        briefing = 0 if own else play.hand.tier_marks.briefing[marks[leg]]
        in_time = legs.left[leg] == Left.TAKEN and legs.leave[leg] <= limit
        briefed = in_time and legs.briefing[leg] == briefing and legs.hold_end[giver] == legs.leave[leg] + briefing
        let_go = legs.briefing[leg] == 0 and legs.hold_end[giver] == limit
        # Who is taken in the instant in which the limit passes may be taken just before or after.
        assert briefed or (let_go and not (in_time and legs.leave[leg] < limit))
