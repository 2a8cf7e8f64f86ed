"""Holds two Outcomes of one Hand against each other, field by field."""

from __future__ import annotations

from dataclasses import fields
from typing import TYPE_CHECKING, Any

import numpy as np

from sim.demand.deal import deal
from sim.engine.compile import compile_program
from sim.engine.compiled.play import play as compiled
from sim.engine.reference import play as reference

if TYPE_CHECKING:
    from sim import Scenario
    from sim.engine.outcome import Outcome

PARTS = ("contacts", "visits", "legs", "agents")


def difference(one: Outcome, other: Outcome) -> str | None:
    """Return where two Outcomes differ first, with the whole row of each; None if they are equal in every field."""
    for part in PARTS:
        for field in fields(getattr(one, part)):
            found = _difference_of_column(getattr(one, part), getattr(other, part), field.name)
            if found is not None:
                return f"{part}.{field.name}{found}"
    return None


def _difference_of_column(one: Any, other: Any, name: str) -> str | None:
    here, there = getattr(one, name), getattr(other, name)
    if here.dtype != there.dtype:
        return f": {here.dtype} and {there.dtype}"
    if here.shape != there.shape:
        return f": {here.shape} and {there.shape} rows"
    if np.array_equal(here, there):
        return None
    at = int(np.flatnonzero(here != there)[0])
    rows = (_row(records, at, len(here)) for records in (one, other))
    return f"[{at}] of {(here != there).sum()}: {here[at]} and {there[at]}\n" + "\n".join(rows)


def _row(records: Any, at: int, length: int) -> str:
    columns = {field.name: getattr(records, field.name) for field in fields(records)}
    return ", ".join(f"{name} {column[at]}" for name, column in columns.items() if len(column) == length)


def engines_differ(scenario: Scenario, seed: int = 1, replication: int = 0) -> str | None:
    """Play one replication with both engines and return where they differ; None if they do not."""
    program, hand = compile_program(scenario), deal(scenario, seed, replication)
    return difference(reference(program, hand), compiled(program, hand))
