"""From what the reference engine remembers to the arrays of an Outcome."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import fields
from typing import Any, TypeVar, get_args, get_type_hints

import numpy as np
from numpy.typing import NDArray

from sim.engine.outcome import AgentRecords, ContactRecords, LegRecords, Outcome, VisitRecords
from sim.engine.reference.desk import Desk
from sim.engine.reference.people import Leg
from sim.engine.reference.stories import Stories
from sim.engine.rules import MISSING, NOBODY, Handled

Ints = NDArray[np.int64]
R = TypeVar("R", ContactRecords, VisitRecords, LegRecords, AgentRecords)


def outcome(desk: Desk, stories: Stories, length: int) -> Outcome:
    """Return the records of a replication that was played to its end; accounts are cut at `length` (ms)."""
    return Outcome(_contacts(stories), _visits(stories), _legs(desk.legs, length), _agents(desk, length))


def _recorded(records: type[R], **columns: Ints) -> R:
    """Keep columns in the numbers that an Outcome has of them."""
    hints = get_type_hints(records)
    return records(**{name: column.astype(_kind_of_number(hints[name])) for name, column in columns.items()})


def _kind_of_number(array: Any) -> Any:
    """Give the number type of `NDArray[number type]`, which is an array of a dtype of it, or since NumPy 2.5 a name."""
    last = get_args(array)[-1]
    return get_args(last)[0] if get_args(last) else last


def _column(rows: Iterable[Any], value: Callable[[Any], int]) -> Ints:
    return np.array([value(row) for row in rows], dtype=np.int64)


def _columns(rows: Sequence[Sequence[int]], width: int) -> list[Ints]:
    table = np.array(rows, dtype=np.int64).reshape(len(rows), width)
    return [np.ascontiguousarray(column) for column in table.T]


def _contacts(stories: Stories) -> ContactRecords:
    rows = sorted(stories.contacts, key=lambda contact: contact.number)
    return _recorded(
        ContactRecords,
        contact=_column(rows, lambda contact: contact.number),
        begin=_column(rows, lambda contact: contact.begin),
        end=_column(rows, lambda contact: contact.end),
        how=_column(rows, lambda contact: contact.how),
        stage=_column(rows, lambda contact: contact.stage),
        call_back=_column(rows, lambda contact: contact.call_back),
    )


def _visits(stories: Stories) -> VisitRecords:
    return VisitRecords(*_columns(sorted(stories.visits, key=lambda visit: visit[0]), 5))


def _legs(legs: list[Leg], length: int) -> LegRecords:
    rows = sorted(legs, key=lambda leg: leg.number)
    for leg in rows:
        if leg.parked_since != MISSING:
            leg.parked += length - leg.parked_since
    return _recorded(
        LegRecords,
        contact=_column(rows, lambda leg: leg.number),
        queue=_column(rows, lambda leg: leg.queue),
        backlog=_column(rows, lambda leg: leg.backlog),
        enter=_column(rows, lambda leg: leg.enter),
        leave=_column(rows, lambda leg: leg.leave),
        left=_column(rows, lambda leg: leg.left),
        found=_column(rows, lambda leg: leg.found),
        agent=_column(rows, lambda leg: NOBODY if leg.agent is None else leg.agent.number),
        row=_column(rows, lambda leg: leg.row),
        briefing=_column(rows, lambda leg: leg.briefing),
        talk_end=_column(rows, lambda leg: leg.talk_end),
        talk=_column(rows, _talk),
        dialled=_column(rows, lambda leg: leg.dialled),
        parked=_column(rows, lambda leg: leg.parked),
        hold_end=_column(rows, lambda leg: leg.hold_end),
        wrap_up_end=_column(rows, lambda leg: leg.wrap_up_end),
        handled=_column(rows, _handled),
    )


def _talk(leg: Leg) -> int:
    if leg.talk_end == MISSING:
        return MISSING
    return leg.talk_end - leg.leave - leg.briefing - leg.parked


def _handled(leg: Leg) -> int:
    return Handled.OPEN if leg.agent is not None and leg.handled == Handled.NOT else leg.handled


def _agents(desk: Desk, length: int) -> AgentRecords:
    duty, busy = list(desk.duty_spans), list(desk.hands.busy_spans)
    for agent in desk.agents:
        if agent.accepting and agent.duty_since < length:
            duty.append((agent.number, agent.duty_since, length))
        if agent.busy_since != MISSING and agent.busy_since < length:
            busy.append((agent.number, agent.busy_since, length))
    columns = (*_columns(sorted(duty), 3), *_columns(sorted(busy), 3))
    return _recorded(AgentRecords, **dict(zip((field.name for field in fields(AgentRecords)), columns, strict=True)))
