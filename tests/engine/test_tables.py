"""Records as rows of tables: the same, column by column, whichever engine wrote them."""

from dataclasses import fields
from pathlib import Path

import pytest

from sim.demand.deal import deal
from sim.engine.choice import Name, engine
from sim.engine.compile import compile_program
from sim.engine.tables import ContactTable, LegTable
from sim.scenario.load import load

TINY = Path(__file__).parents[2] / "scenarios" / "tiny.yaml"


@pytest.mark.parametrize("name", ["reference", "compiled"])
def test_columns_are_those_of_the_tables(name: Name) -> None:
    """What stands in a table, its rare columns apart from the others, is what the records say."""
    scenario = load(TINY)
    outcome = engine(name).play(compile_program(scenario), deal(scenario, 1, 0))
    for records, table in (
        (outcome.contacts, ContactTable.of(outcome.contacts)),
        (outcome.legs, LegTable.of(outcome.legs)),
    ):
        assert len(table.table) == len(records.contact) > 0
        for column in fields(records):
            assert getattr(table, column.name).tolist() == getattr(records, column.name).tolist(), column.name
