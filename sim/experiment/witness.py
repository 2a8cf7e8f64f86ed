"""One contact's replication, played once more with a journal of what happened to its inquiry."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

import numpy as np

from sim.demand.deal import deal
from sim.engine.compile import compile_program
from sim.engine.journal import Journal
from sim.engine.reference import play
from sim.engine.rules import CallBack, End
from sim.measure.frame import Frame
from sim.measure.joined import Joined

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from sim.demand.hand import Hand
    from sim.engine.outcome import Outcome
    from sim.engine.program import Program
    from sim.scenario.schema import Scenario

ABANDONED = (End.ABANDONED, End.BALKED, End.SILENT)


class NoSuchContactError(ValueError):
    """The contact that was asked for did not come to happen; the text says which did."""


class NobodyAbandonedError(LookupError):
    """Nobody abandoned in the replication."""


@dataclass(frozen=True)
class Witnessed:
    """A replication, and what was noted of one contact and the others of its inquiry."""

    scenario: Scenario
    joined: Joined
    journal: Journal
    contact: int
    """Its number: a row of the Hand's contacts."""

    @property
    def hand(self) -> Hand:
        """What was dealt."""
        return self.joined.hand

    @property
    def outcome(self) -> Outcome:
        """What happened."""
        return self.joined.outcome

    @property
    def program(self) -> Program:
        """The scenario in numbers."""
        return self.joined.frame.program


def witness(
    scenario: Scenario, wanted: int | Literal["longest_wait", "abandoned"], seed: int = 1, replication: int = 0
) -> Witnessed:
    """Play a replication with a journal of one contact's inquiry.

    Parameters
    ----------
    scenario
        What is simulated.
    wanted
        The contact's number (as in `contacts.csv`); or `longest_wait`: of those who hold the line in a queue (of all,
        where nobody does) who waited longest, until it left or the scenario ended; or `abandoned`: of those who
        abandoned who had waited longest. Of several alike the first.
    seed, replication
        Which one.

    Raises
    ------
    NoSuchContactError
        If the contact did not come to happen, or nobody waited in any queue.
    NobodyAbandonedError
        If nobody abandoned.
    """
    program, hand = compile_program(scenario), deal(scenario, seed, replication)
    contact = wanted if isinstance(wanted, int) else _chosen(wanted, program, play(program, hand), replication)
    contacts = hand.contacts
    if not 0 <= contact < len(contacts.inquiry):
        raise NoSuchContactError(_never_happened(contact, play(program, hand), replication))
    mine = np.flatnonzero(contacts.inquiry == contacts.inquiry[contact])
    journal = Journal(frozenset(mine.tolist()))
    outcome = play(program, hand, journal)
    if contact not in outcome.contacts.contact:
        raise NoSuchContactError(_never_happened(contact, outcome, replication))
    return Witnessed(scenario, Joined(Frame.of(scenario, program), hand, outcome), journal, contact)


def _chosen(wanted: str, program: Program, outcome: Outcome, replication: int) -> int:
    legs, contacts = outcome.legs, outcome.contacts
    wait = np.where(legs.leave < legs.enter, program.length, legs.leave) - legs.enter
    if wanted == "abandoned":
        gone = contacts.contact[np.isin(contacts.how, ABANDONED)]
        among = np.isin(legs.contact, gone)
        if not among.any():
            raise NobodyAbandonedError(f"nobody abandoned in replication {replication}")
    else:
        among = (legs.backlog == 0) & ~np.isin(legs.contact, contacts.contact[contacts.call_back == CallBack.ACCEPTED])
        among = among if among.any() else np.ones(len(legs.contact), bool)
        if not among.any():
            raise NoSuchContactError(f"nobody came to a queue in replication {replication}")
    return int(legs.contact[_longest(wait, among)])


def _longest(wait: NDArray[np.int64], among: NDArray[np.bool_]) -> int:
    return int(np.argmax(np.where(among, wait, -1)))


def _never_happened(contact: int, outcome: Outcome, replication: int) -> str:
    happened = outcome.contacts.contact
    if not len(happened):
        return f"contact {contact}: no contact came in replication {replication}"
    near = happened[np.argsort(np.abs(happened - contact), kind="stable")[:3]]
    those = ", ".join(str(number) for number in sorted(near.tolist()))
    return (
        f"contact {contact}: did not come to happen in replication {replication} (numbers of retries and repeats that "
        f"nobody needed are left out); those that did are in contacts.csv, such as {those}"
    )
