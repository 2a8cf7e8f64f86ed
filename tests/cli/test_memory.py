"""How much memory a run needs, and how much there is."""

from pathlib import Path

import pytest

from sim.cli import memory
from sim.scenario.load import load
from tests.benchmarks.memory import MIB, peak_of

SCENARIOS = Path(__file__).parents[2] / "scenarios"


def test_the_container_s_limit_counts_if_it_is_less(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A machine of many gigabytes helps nobody whose container may use one megabyte."""
    limit = tmp_path / "memory.max"
    monkeypatch.setattr(memory, "CONTROL_GROUP_LIMITS", (limit, tmp_path / "absent"))
    unlimited = memory.machine_bytes()
    limit.write_text("1000000\n")
    assert memory.machine_bytes() == 1_000_000
    limit.write_text("max\n")
    assert memory.machine_bytes() == unlimited
    assert unlimited is None or unlimited > 10**8


def test_the_expected_inquiries_are_the_volumes() -> None:
    """The call centre says 6000 per week and runs for a week of 336 half hours and 168 hours."""
    need = memory.memory_needed(load(SCENARIOS / "call_centre.yaml"), 100)
    assert need.inquiries == pytest.approx(6000)
    assert need.intervals == 336 + 168


def test_what_is_kept_adds_to_the_need() -> None:
    """More inquiries, intervals and replications each need more."""
    scenario = load(SCENARIOS / "call_centre.yaml")
    need = memory.memory_needed(scenario, 100).bytes
    busier = scenario.with_changes({"contact_types.order.arrivals.phone.volume": "60000 per week"})
    finer = scenario.with_changes({"time.interval": "1 min"})
    assert memory.memory_needed(busier, 100).bytes - need == pytest.approx(54_000 * memory.BYTES_PER_INQUIRY, rel=1e-6)
    assert memory.memory_needed(finer, 100).bytes > need
    assert memory.memory_needed(scenario, 1000).bytes > need


@pytest.mark.slow
@pytest.mark.parametrize("name", ["call_centre", "software_support"])
def test_what_a_run_takes_is_within_the_need_and_not_a_small_part_of_it(name: str) -> None:
    """At ten times the volume: calls that nobody repeats, and tickets through several tiers."""
    scenario = load(SCENARIOS / f"{name}.yaml", {"demand.scale": "1000 %"})
    needed = memory.memory_needed(scenario, 1).bytes - memory.BYTES_AT_REST
    assert needed / 8 < peak_of(scenario, 0, 1)["peak"] * MIB < needed
