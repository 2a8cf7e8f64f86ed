"""What `bench` counts, and that it runs what it times."""

import json

import pytest

import sim
from sim.experiment import bench as benching
from tests.experiment.desks import random_hours, replayed


@pytest.fixture
def no_new_process(monkeypatch: pytest.MonkeyPatch) -> None:
    """Take the start of a new process for granted."""
    monkeypatch.setattr(benching, "_start", lambda _scenario, _engine: 1.5)


@pytest.mark.usefixtures("no_new_process")
def test_contacts_and_events_are_those_of_a_replication() -> None:
    """Four calls, three of them answered: arrival, end, entry, departure; talk's and wrap-up's end of the answered.

    Of the hand 28 bytes are the inquiries', 110 the contacts', 139 the tier marks' and 103 the agent's: what is the
    same for all four is there once.
    """
    found = sim.bench(replayed(), rounds=2, engines=["reference"])
    assert (found.inquiries, found.contacts, found.events) == (4, 4, 4 * 4 + 3 * 2)
    assert found.bytes_at_rest == (28 + 110 + 139 + 103) / 4
    assert found.bytes_at_peak > found.bytes_at_rest


@pytest.mark.usefixtures("no_new_process")
def test_speeds_follow_from_the_medians_of_the_rounds() -> None:
    found = sim.bench(random_hours(), rounds=3, engines=["reference"])
    (timing,) = found.timings
    assert timing.start_seconds == 1.5
    table = found.table().set_index("step")
    assert list(table.index) == ["deal", "play", "measure", "whole"]
    assert table.loc["whole", "cpu_ms"] == pytest.approx(table.loc[["deal", "play", "measure"], "cpu_ms"].sum())
    assert table.loc["play", "contacts_per_second"] == pytest.approx(found.contacts / timing.seconds["play"])
    assert (table["times_as_fast"] == 1).all()


def test_no_round_is_refused() -> None:
    with pytest.raises(ValueError, match="rounds: got 0, must be a whole number of at least 1"):
        sim.bench(random_hours(), rounds=0)


@pytest.mark.slow
def test_both_engines_are_raced_and_started() -> None:
    """On work enough for the compiled engine to be the faster one."""
    found = sim.bench(random_hours().with_changes({"time.length": "20 days"}), rounds=2)
    compiled, reference = found.timings
    assert compiled.seconds["play"] < reference.seconds["play"]
    assert found.times_as_fast(reference, "play") == 1 < found.times_as_fast(compiled, "play")
    assert compiled.start_seconds > 0
    assert len(json.loads(found.table().to_json(orient="records"))) == 8
