"""Sensitivity: one factor at a time, the greatest swing first."""

import io

import pytest
from rich.console import Console

import sim
from sim.report.sensitivity import SensitivityReport
from tests.experiment.desks import random_hours, replayed


@pytest.fixture(scope="module")
def found() -> sim.Sensitivity:
    """Two random hours with two clerks: nothing is contained and nobody absent."""
    return sim.sensitivity(random_hours(), measures=["abandonment", "staff_hours"], replications=20, seed=2)


def report(found: sim.Sensitivity) -> str:
    stream = io.StringIO()
    Console(file=stream, width=100).print(SensitivityReport(found))
    return stream.getvalue()


def test_factors_that_scale_nothing_are_named(found: sim.Sensitivity) -> None:
    assert found.idle == ("containment", "absence")
    assert list(found.ranges) == ["volume", "handle_time", "patience"]
    assert "Not varied: containment and absence; the scenario has nothing" in " ".join(report(found).split())


def test_the_greatest_swing_stands_first(found: sim.Sensitivity) -> None:
    """Work decides here, patience less: more work, more abandon; more patience, fewer."""
    table = found.table.query("measure == 'abandonment'")
    assert table["factor"].iloc[-1] == "patience"
    assert (table["swing"].diff().dropna() <= 0).all()
    by_factor = table.set_index("factor")
    assert by_factor.loc["volume", "low_difference"] < 0 < by_factor.loc["volume", "high_difference"]
    assert by_factor.loc["patience", "low_difference"] > 0 > by_factor.loc["patience", "high_difference"]
    assert (table["swing"] == (table["at_high"] - table["at_low"]).abs()).all()


def test_the_report_has_base_low_and_high(found: sim.Sensitivity) -> None:
    text = report(found)
    assert "Abandonment: " in text
    assert " as it stands" in text
    assert "at 90 %" in text
    assert "at 110 %" in text
    assert "Staff hours: 4 h ± 0 as it stands; no factor changes it" in text
    assert max(map(len, text.splitlines())) <= 100


def test_values_may_be_given() -> None:
    """A log is replayed as it is, but its handle times are scaled: half as long, nobody waits longer than 10 s."""
    found = sim.sensitivity(
        replayed(), {"handle_time": ("50 %", 1.5)}, measures="average_speed_of_answer", replications=2
    )
    (row,) = found.table.to_dict("records")
    assert (row["low"], row["high"]) == (0.5, 1.5)
    assert row["at_low"] < row["base"] < row["at_high"]


@pytest.mark.parametrize(
    ("factors", "message"),
    [
        (["volumes"], "unknown factor 'volumes'; did you mean 'volume'?"),
        (
            {"volume": ("110 %", "90 %")},
            "volume: got ('110 %', '90 %'), must be two factors above 0, the smaller first",
        ),
        ({"volume": (0.9,)}, "volume: got (0.9,), must be two factors above 0"),
        (["containment"], "the scenario has nothing that containment scales; name another factor"),
    ],
)
def test_slips_are_refused(factors: object, message: str) -> None:
    with pytest.raises(ValueError, match=r"^") as refused:
        sim.sensitivity(random_hours(), factors)  # type: ignore[arg-type]
    assert str(refused.value).startswith(message)
