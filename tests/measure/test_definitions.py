"""Every measure says in words what it is, and reads only what accounts add up."""

import re

import pytest

from sim.measure.counters import KINDS
from sim.measure.definitions import DIMENSIONS, MEASURES, Ask, Quantile, Ratio, ratios
from sim.measure.frame import Thresholds
from sim.scenario.measure_names import MEASURES as NAMES
from tests.measure.typed import Desk

AT = {"service_level": (20_000,), "first_response": (4_000,), "resolution": (8_000,)}
DESK = Desk(thresholds=Thresholds((20_000,), (4_000,), (8_000,)))


@pytest.mark.parametrize("name", MEASURES)
def test_a_definition_opens_with_a_sentence(name: str) -> None:
    first = MEASURES[name].definition.splitlines()[0]
    assert first.endswith("."), first
    assert first[0].isupper() or first[0].isdigit()


@pytest.mark.parametrize("name", MEASURES)
def test_a_definition_names_every_reading(name: str) -> None:
    for reading in MEASURES[name].readings:
        assert f"`{reading}`" in MEASURES[name].definition


def test_every_measure_may_be_a_target_and_the_other_way_round() -> None:
    assert set(NAMES) == set(MEASURES)


@pytest.mark.parametrize("name", sorted(NAMES))
def test_a_target_and_its_measure_agree_on_deadlines_units_and_breakdowns(name: str) -> None:
    defined, known = MEASURES[name], NAMES[name]
    assert known.within == defined.within
    assert (known.unit == "share") == (defined.unit == "share")
    assert (known.unit == "duration") == (defined.unit == "s")
    assert (known.unit == "money") == (defined.unit == "currency")
    allowed = [set(one) for one in defined.by] or [set()]
    for together in known.by:
        assert any(set(together) <= one for one in allowed), together


def test_every_formula_reads_counters_that_are_added_up() -> None:
    tables = DESK.measured().tables
    for formula in ratios(AT):
        assert set(formula.counters) <= set(tables[formula.table].values), formula


def test_every_percentile_reads_a_histogram_that_is_kept() -> None:
    for measure in MEASURES.values():
        for reading in measure.readings or ("",):
            for dimensions in measure.by:
                formula = measure.formula(Ask(frozenset(dimensions), 20_000, reading))
                if isinstance(formula, Quantile):
                    assert formula.histogram in KINDS[formula.table]


def test_waits_are_of_contacts_unless_asked_by_tier_queue_or_group() -> None:
    service = MEASURES["service_level"].formula

    def table(*dimensions: str) -> str:
        formula = service(Ask(frozenset(dimensions), 20_000, "offered"))
        assert isinstance(formula, Ratio)
        return formula.table

    assert [table(), table("channel", "attempt"), table("tier"), table("channel", "queue")] == [
        "contacts",
        "contacts",
        "legs",
        "legs",
    ]


def test_the_readings_of_service_level_divide_by_what_they_say() -> None:
    def formula(reading: str) -> Ratio:
        found = MEASURES["service_level"].formula(Ask(frozenset(), 20_000, reading))
        assert isinstance(found, Ratio)
        return found

    within, due, lost = "answered_within@20000", "due@20000", "abandoned_within@20000"
    assert formula("offered") == Ratio("contacts", {within: 1}, {due: 1})
    assert formula("answered") == Ratio("contacts", {within: 1}, {"answered_due@20000": 1})
    assert formula("short_out") == Ratio("contacts", {within: 1}, {due: 1, lost: -1})
    assert formula("settled") == Ratio("contacts", {within: 1, lost: 1}, {due: 1})


def test_the_cells_of_each_table_have_the_dimensions_that_measures_are_told_apart_by() -> None:
    for table, dimensions in DIMENSIONS.items():
        assert set(dimensions) <= set(DESK.measured().tables[table].cells.names)


def test_definitions_name_no_counter_of_the_code() -> None:
    for measure in MEASURES.values():
        assert not re.search(r"\w+_\w+@", measure.definition)
