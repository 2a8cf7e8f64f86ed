"""Breakdowns: by what each kind of record is told apart, and the cells that can come to be."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np
from numpy.typing import NDArray

from sim.demand.hand import AttemptKind
from sim.engine.rules import NOBODY
from sim.measure.cells import NOBODY_LABEL, Cells

if TYPE_CHECKING:
    from sim.engine.program import Program
    from sim.scenario.names import Names

ATTEMPTS: Final = tuple(kind.name.lower() for kind in AttemptKind)
"""What makes a contact come: an inquiry's first contact, retries of who was not dealt with, repeats of who is
unresolved, chasers of open cases."""

PARTS: Final = ("people", "overtime", "self_service", "assists", "lines", "resolved")
"""Parts of the cost table; `resolved` is not a cost but what the cost per inquiry resolved divides by."""


@dataclass(frozen=True)
class Labels:
    """Names of what records number, in the order of their numbers."""

    channels: tuple[str, ...]
    contact_types: tuple[str, ...]
    customers: tuple[str, ...]
    """The segments, and last of all nobody's: contacts without a segment."""
    languages: tuple[str, ...]
    """The languages, and last of all nobody's: contacts whose type names none."""
    tiers: tuple[str, ...]
    stages: tuple[str, ...]
    groups: tuple[str, ...]
    shifts: tuple[tuple[str, ...], ...]
    """Per group; empty for groups that are staffed by numbers."""

    @classmethod
    def of(cls, names: Names) -> Labels:
        """Give the labels of a scenario's names."""
        return cls(
            names.channels,
            names.contact_types,
            (*names.customers, NOBODY_LABEL),
            (*names.languages, NOBODY_LABEL),
            names.tiers,
            names.stages,
            names.groups,
            names.shifts,
        )


def contact_cells(labels: Labels, program: Program) -> Cells:
    """Give the cells of contacts: (channel, contact type, customer, language, attempt)."""
    queues = program.queues
    ways = set(
        zip(queues.channel.tolist(), queues.contact_type.tolist(), _languages(labels, program).tolist(), strict=True)
    )
    return Cells.listed(
        {
            "channel": labels.channels,
            "contact_type": labels.contact_types,
            "language": labels.languages,
            "customer": labels.customers,
            "attempt": ATTEMPTS,
        },
        [
            (*way, customer, attempt)
            for way in ways
            for customer in range(len(labels.customers))
            for attempt in _attempts_on(program, way[0])
        ],
    )


def _attempts_on(program: Program, channel: int) -> range:
    """Give the kinds of attempt that may come on a channel: chasers, the last one, only where customers ask."""
    return range(len(ATTEMPTS) if program.channels.chased_on[channel] else AttemptKind.CHASER)


def leg_cells(labels: Labels, program: Program) -> Cells:
    """Give the cells of legs: what their queue is of, who took them, and what contacts are told apart by."""
    queues, rows = program.queues, program.rows
    nobody = len(labels.groups)
    combinations = []
    of_queue = (queues.tier, queues.channel, queues.contact_type, _languages(labels, program))
    for queue, way in enumerate(zip(*(column.tolist() for column in of_queue), strict=True)):
        takers = {int(rows.group[row]) for row in queues.rows[queue]} | {nobody}
        combinations += [
            (queue, *way, taker, customer, attempt)
            for taker in takers
            for customer in range(len(labels.customers))
            for attempt in _attempts_on(program, queues.channel[queue])
        ]
    return Cells.listed(
        {
            "queue": queue_names(labels, program),
            "tier": labels.tiers,
            "channel": labels.channels,
            "contact_type": labels.contact_types,
            "language": labels.languages,
            "agent_group": (*labels.groups, NOBODY_LABEL),
            "customer": labels.customers,
            "attempt": ATTEMPTS,
        },
        combinations,
        keys=("queue", "agent_group", "customer", "attempt"),
    )


def queue_names(labels: Labels, program: Program) -> tuple[str, ...]:
    """Give the names of the queues by number: `tier/contact_type/channel`, and `/language` where it has a name."""
    queues = program.queues
    return tuple(
        f"{labels.tiers[tier]}/{labels.contact_types[kind]}/{labels.channels[channel]}"
        + ("" if language == NOBODY else f"/{labels.languages[language]}")
        for tier, kind, channel, language in zip(
            queues.tier, queues.contact_type, queues.channel, queues.language, strict=True
        )
    )


def _languages(labels: Labels, program: Program) -> NDArray[np.int64]:
    """Give the label of each queue's language."""
    language = program.queues.language.astype(np.int64)
    return np.where(language == NOBODY, len(labels.languages) - 1, language)


def visit_cells(labels: Labels, contacts: Cells) -> Cells:
    """Give the cells of visits to self-service: (stage, channel, contact type)."""
    pairs = set(zip(contacts.codes["channel"].tolist(), contacts.codes["contact_type"].tolist(), strict=True))
    return Cells.listed(
        {"stage": labels.stages, "channel": labels.channels, "contact_type": labels.contact_types},
        [(stage, *pair) for stage in range(len(labels.stages)) for pair in pairs],
    )


def agent_cells(labels: Labels, program: Program) -> Cells:
    """Give the cells of agents: (group, its tier, shift); groups staffed by numbers have no shift."""
    shifts = sorted({shift for of_group in labels.shifts for shift in of_group})
    return Cells.listed(
        {"agent_group": labels.groups, "tier": labels.tiers, "shift": (*shifts, NOBODY_LABEL)},
        [
            (group, int(program.groups.tier[group]), shift)
            for group in range(len(labels.groups))
            for shift in [shifts.index(name) for name in labels.shifts[group]] or [len(shifts)]
        ],
        keys=("agent_group", "shift"),
    )


def cost_cells(labels: Labels, agents: Cells) -> Cells:
    """Give the cells of costs: (part, agent group, tier, stage); what does not apply is nobody's."""
    groups, tiers, stages = len(labels.groups), len(labels.tiers), len(labels.stages)
    people = set(zip(agents.codes["agent_group"].tolist(), agents.codes["tier"].tolist(), strict=True))
    return Cells.listed(
        {
            "part": PARTS,
            "agent_group": (*labels.groups, NOBODY_LABEL),
            "tier": (*labels.tiers, NOBODY_LABEL),
            "stage": (*labels.stages, NOBODY_LABEL),
        },
        [
            *((PARTS.index(part), group, tier, stages) for part in ("people", "overtime") for group, tier in people),
            *((PARTS.index("self_service"), groups, tiers, stage) for stage in range(stages)),
            *((PARTS.index(part), groups, tiers, stages) for part in ("assists", "lines", "resolved")),
        ],
        keys=("part", "agent_group", "stage"),
    )


def peak_cells(labels: Labels, program: Program) -> Cells:
    """Give the rows of what does not add up over cells (maxima, ages): the run, and each line of each breakdown."""
    lines = ["run"]
    for dimension, names in (
        ("channel", labels.channels),
        ("contact_type", labels.contact_types),
        ("tier", labels.tiers),
        ("queue", queue_names(labels, program)),
        ("agent_group", labels.groups),
    ):
        lines += [f"{dimension}={name}" for name in names]
    return Cells.listed({"line": lines}, [(line,) for line in range(len(lines))])
