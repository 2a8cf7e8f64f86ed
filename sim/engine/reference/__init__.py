"""The reference engine, in SimPy: the definition of the model, written to be read aloud.

`stories` tells what contacts and agents go through, `ways` where a contact goes on, `chasers` who asks for a case,
`desk` who takes what, `waiting` who waits where, `call_backs` who is offered one, `interruptions` what live work may
interrupt, `hands` how work advances, `people` who has what, `clock` in which order the events of one instant happen,
`records` what is kept, and `witness` what is noted for a Journal.
"""

from __future__ import annotations

from sim.demand.hand import Hand
from sim.engine.journal import Journal
from sim.engine.outcome import Outcome
from sim.engine.program import Program
from sim.engine.reference.desk import Desk
from sim.engine.reference.records import outcome
from sim.engine.reference.stories import Stories
from sim.engine.reference.witness import WitnessedDesk


def play(program: Program, hand: Hand, journal: Journal | None = None) -> Outcome:
    """Return what happens when a Program meets a Hand.

    Deterministic: nothing is drawn here. Nothing at or after the Program's length runs.

    Parameters
    ----------
    program
        The scenario in numbers.
    hand
        One replication's dealt chance, of the same scenario.
    journal
        Is written for the contacts that it watches; what happens is the same with and without it.
    """
    desk = Desk(program, hand) if journal is None else WitnessedDesk(program, hand, journal)
    stories = Stories(program, hand, desk)
    stories.begin_all()
    desk.clock.run(until=program.length)
    return outcome(desk, stories, program.length)
