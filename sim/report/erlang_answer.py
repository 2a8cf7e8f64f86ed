"""The answer of the Erlang calculator for people, for programs, and as a table of intervals."""

from __future__ import annotations

import json
import math
from typing import TYPE_CHECKING, Any, get_args

from sim.report.grid import Grid, Line
from sim.report.wording import figure
from sim.scenario.units import write_counted
from sim.staffing.erlang import Answer, Reading

if TYPE_CHECKING:
    from sim.staffing.erlang import Question

ASSUMPTIONS = {
    "B": "Erlang B: Poisson arrivals; who finds everybody busy is turned away.",
    "C": "Erlang C: Poisson arrivals, exponential handle times; everybody waits as long as it takes.",
    "A": "Erlang A: Poisson arrivals, exponential handle times and patience; who runs out of patience leaves.",
}
MEANING = {
    "offered": "answered within T ÷ offered",
    "answered": "answered within T ÷ answered",
    "short_out": "answered within T ÷ (offered − abandoned within T)",
    "settled": "(answered or abandoned within T) ÷ offered",
    "virtual": "a contact of endless patience would be answered within T",
}


def answer_grid(found: Answer) -> Grid:
    """Lay out an answer, with one agent less and one more beside it."""
    some = 0 < found.arrivals_per_hour < math.inf
    columns = list(found.beside()) if some else []
    return Grid(
        _title(found),
        tuple(write_counted(one.agents, "line" if found.question.lost else "agent") for one in columns),
        tuple(
            Line(label, cells) for label, cells in _lines(columns, found.question) if any(cell != "–" for cell in cells)
        ),
        (ASSUMPTIONS[found.question.formula], *_notes(found)),
    )


def answer_json(found: Answer) -> str:
    """Write an answer as JSON: the figures of the queue asked for, null where there is none."""
    queue, question = found.queue, found.question
    levels = (
        {} if queue is None else {one: queue.service_level(question.goals.within_s, one) for one in get_args(Reading)}
    )
    figures: dict[str, Any] = {
        "formula": question.formula,
        "arrivals_per_hour": found.arrivals_per_hour,
        "handle_time_s": question.handle_time_s,
        "patience_s": question.patience_s,
        "load_erlangs": found.load_erlangs,
        "agents": found.agents,
        "scheduled": found.scheduled,
        "within_s": question.goals.within_s,
        "service_level": levels,
        "average_speed_of_answer_s": None if queue is None else queue.mean_wait_answered_s,
        "mean_wait_s": None if queue is None else queue.mean_wait_s,
        "waits": None if queue is None else queue.waits,
        "abandonment": None if queue is None else queue.abandonment,
        "queue_length": None if queue is None else queue.queue_length,
        "blocked": found.blocked,
        "occupancy": found.occupancy,
        "kept": found.kept,
        "note": found.note,
    }
    plain = {
        key: None if isinstance(value, float) and not math.isfinite(value) else value for key, value in figures.items()
    }
    return json.dumps(plain, indent=2, ensure_ascii=False) + "\n"


def _title(found: Answer) -> str:
    arrivals, handle = found.arrivals_per_hour, _seconds(found.question.handle_time_s)
    if arrivals == math.inf:
        return f"{write_counted(found.agents, 'agent')}, {handle} each: {found.note}"
    title = f"{_plain(arrivals)} per hour × {handle} = {_plain(found.load_erlangs)} Erlangs"
    return (
        title if found.question.patience_s == math.inf else f"{title}, patience {_seconds(found.question.patience_s)}"
    )


def _lines(columns: list[Answer], question: Question) -> list[tuple[str, tuple[str, ...]]]:
    goals, queues = question.goals, [one.queue for one in columns]
    readings = dict.fromkeys((goals.reading, *get_args(Reading)) if question.formula == "A" else (goals.reading,))

    def of(name: str, unit: str) -> tuple[str, ...]:
        return tuple("–" if queue is None else _figure(getattr(queue, name), unit) for queue in queues)

    within = _seconds(goals.within_s)
    return [
        *(
            (
                f"service level {within}, {reading}",
                tuple(
                    "–" if queue is None else _figure(queue.service_level(goals.within_s, reading), "share")
                    for queue in queues
                ),
            )
            for reading in readings
        ),
        ("average speed of answer", of("mean_wait_answered_s", "s")),
        (
            "90 % answered within",
            tuple("–" if queue is None else _figure(queue.reached_within(0.9, "answered"), "s") for queue in queues),
        ),
        ("waits", of("waits", "share")),
        ("abandonment", of("abandonment", "share")),
        ("queue length", of("queue_length", "contacts")),
        ("turned away", tuple(_figure(one.blocked, "share") for one in columns)),
        ("occupancy", tuple(_figure(one.occupancy, "share") if one.queue or question.lost else "–" for one in columns)),
        ("keeps what is asked", tuple({True: "yes", False: "no", None: "–"}[one.kept] for one in columns)),
        ("people to schedule", tuple(str(one.scheduled) if question.shrinkage else "–" for one in columns)),
    ]


def _notes(found: Answer) -> list[str]:
    question = found.question
    notes = []
    if found.note and math.isfinite(found.arrivals_per_hour):
        notes.append(f"With {write_counted(found.agents, 'agent')}: {found.note}.")
    if found.queue is not None:
        readings = [question.goals.reading] if question.formula == "C" else list(get_args(Reading))
        notes.append("Service level, T: " + "; ".join(f"{reading}: {MEANING[reading]}" for reading in readings) + ".")
    if found.square_root is not None:
        rule = "The square-root rule (load + β √load) for the same share that waits: "
        notes.append(f"{rule}{write_counted(found.square_root, 'agent')}.")
    if question.shrinkage:
        notes.append(
            f"People to schedule: agents ÷ (1 − {_figure(question.shrinkage, 'share')} shrinkage), rounded up."
        )
    return notes


def _figure(value: float, unit: str) -> str:
    """Write a figure that a formula gives: it has no interval."""
    return figure(value, math.nan, math.nan, unit)


def _seconds(value: float) -> str:
    return _figure(value, "s")


def _plain(value: float) -> str:
    return _figure(value, "")
