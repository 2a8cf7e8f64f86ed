"""Comparisons and sweeps: the same hands, simultaneous intervals, what is asked of whom."""

import json
import pickle
from pathlib import Path

import pytest

import sim
from sim.experiment.asked import ToPair
from sim.experiment.estimate import question
from sim.experiment.line import Line, Lines
from sim.experiment.statistics import t_quantile
from tests.experiment.desks import random_hours, replayed

SCENARIOS = Path(__file__).parents[2] / "scenarios"
ONE_MORE = {"agent_groups.clerks.headcount": 3}


@pytest.fixture(scope="module")
def hours() -> sim.Comparison:
    """Two random hours with two, three and four clerks."""
    base = random_hours()
    others = {"three": base.with_changes(ONE_MORE), "four": base.with_changes({"agent_groups.clerks.headcount": 4})}
    return sim.compare(base, others, measures=["service_level", "offered"], by="channel", replications=12, seed=3)


def test_each_scenario_is_run_as_it_is_alone(hours: sim.Comparison) -> None:
    """The figures of a comparison are those of runs with its seed and replications, to the last digit."""
    alone = sim.run(random_hours().with_changes(ONE_MORE), replications=12, seed=3)
    assert hours.results["three"].summary() == alone.summary()
    row = hours.table.query("scenario == 'three' and measure == 'service_level'").iloc[0]
    level = alone.measure("service_level", by="channel", within="20 s")
    assert (row["other"], row["other_low"], row["other_high"]) == tuple(level.loc[0, ["estimate", "low", "high"]])
    assert row["difference"] == row["other"] - row["base"]


def test_all_intervals_hold_together(hours: sim.Comparison) -> None:
    """Four differences: each has an interval of 1 − 5 % ÷ 4; alone it would be shorter by the quotient of quantiles."""
    assert hours.table.attrs == {"base": "base", "level": 0.95, "intervals": 4}
    (alone,) = sim.compare(
        random_hours(),
        {"three": random_hours().with_changes(ONE_MORE)},
        measures="service_level",
        where={"channel": "phone"},
        replications=12,
        seed=3,
    ).table["half_width"]
    together = hours.table.query("scenario == 'three' and measure == 'service_level'")["half_width"].iloc[0]
    assert together / alone == pytest.approx(t_quantile(1 - 0.05 / 4, 11) / t_quantile(0.95, 11))


def test_the_same_customers_come(hours: sim.Comparison) -> None:
    """Who comes does not depend on the clerks: no replication differs in offered, whatever the service level does."""
    offered = hours.table.query("measure == 'offered'")
    assert (offered["difference"] == 0).all()
    assert all(line.difference.same for line in hours.differences.lines if line.asked.measure.name == "offered")


def test_one_clerk_more_is_worked_by_hand() -> None:
    """Of four calls three are answered within 20 s, all by two clerks; in every replication, so without doubt."""
    two = replayed().with_changes({"agent_groups.clerks.headcount": 2})
    found = sim.compare(replayed(), [two], measures="service_level", replications=2)
    (row,) = found.table.to_dict("records")
    assert row["scenario"] == "Three calls <and> one clerk"
    assert (row["base"], row["other"], row["difference"], row["half_width"]) == (0.75, 1.0, 0.25, 0.0)
    assert row["significant"]


def test_days_and_hours_are_paired_one_by_one() -> None:
    """On Monday two of three are answered within 20 s, in the hour from nine; on Tuesday all, either way."""
    two = replayed().with_changes({"agent_groups.clerks.headcount": 2})
    found = sim.compare(replayed(), {"two": two}, measures="service_level", per="day", replications=2)
    assert found.table["difference"].tolist() == [pytest.approx(1 / 3), 0.0]
    assert [f"{start:%a}" for start in found.table["start"]] == ["Mon", "Tue"]
    hours = found.measure("service_level", per="hour")
    assert hours["difference"].tolist() == [pytest.approx(1 / 3), 0.0]
    assert [f"{start:%a %H:%M}" for start in hours["start"]] == ["Mon 09:00", "Tue 09:00"]


def test_the_hours_of_a_shift_are_pooled() -> None:
    """Tuesday's calls alone: one, answered at once; of hours the agents' time is a mean over them."""
    hours = {"opening_hours": {"tuesday": {"tue": "09:00-10:00"}}}
    base = replayed().with_changes(hours)
    two = base.with_changes({"agent_groups.clerks.headcount": 2})
    found = sim.compare(
        base, {"two": two}, measures=["offered", "service_level", "agents_on_duty"], during="tuesday", replications=2
    )
    assert found.table["base"].tolist() == [1.0, 1.0, 1.0]
    assert found.table["other"].tolist() == [1.0, 1.0, 2.0]


def test_a_shift_says_its_hours() -> None:
    """The late shift of the mail-order house begins at 11:45 and ends at 20:15, Monday to Friday."""
    from sim.experiment.compare import hours_of  # noqa: PLC0415

    week = sim.load(SCENARIOS / "call_centre.yaml")
    quarter = 15 * 60_000
    spans = hours_of(week, "agents.late")
    assert len(spans) == 5
    assert spans[0] == (47 * quarter, 81 * quarter)


def test_one_agent_less_in_one_shift_is_seen_in_its_hours() -> None:
    """Seven on the late shift instead of eight, seen with 12 replications; apart it takes hundreds."""
    week = sim.load(SCENARIOS / "support_week.yaml")
    less = week.with_changes({"agent_groups.front_desk.shifts.late.headcount.tue-fri": 7})
    found = sim.compare(
        week,
        {"one less": less},
        measures="service_level",
        where={"channel": "phone"},
        during="front_desk.late",
        replications=12,
    )
    (row,) = found.table.to_dict("records")
    assert row["significant"]
    assert row["high"] < 0
    assert row["unpaired_replications"] > 20 * found.replications
    from tests.report.test_comparison_report import report  # noqa: PLC0415

    assert f" {row['unpaired_replications']:,}\n" in report(found)


def test_percentiles_are_paired_by_blocks() -> None:
    """The 90th percentile of waits has a difference with an interval; the longest wait has none."""
    found = sim.compare(
        random_hours(),
        {"three": random_hours().with_changes(ONE_MORE)},
        measures=["wait_p90", "wait_max"],
        replications=8,
    )
    percentile, longest = found.table.to_dict("records")
    assert percentile["difference"] < 0 < percentile["half_width"]
    assert longest["difference"] < 0
    assert longest["half_width"] != longest["half_width"]
    assert found.table.attrs["intervals"] == 1


def test_a_deadline_that_no_target_names_is_counted() -> None:
    """By hand: one of four waits 20 s, so 10 s are kept by two of four."""
    two = replayed().with_changes({"agent_groups.clerks.headcount": 2})
    found = sim.compare(replayed(), {"two": two}, measures="service_level", within="10 s", per="day", replications=2)
    assert found.table["base"].tolist() == [pytest.approx(1 / 3), 1.0]
    later = found.measure("service_level", within="15 s")
    assert later["base"].tolist() == [0.5]


def test_lines_travel_as_what_they_are_asked() -> None:
    """What makes the lines elsewhere gives the same sums, those of each replication among them."""
    asked = ToPair((question("service_level", by="channel", per="hour", within=10_000),))
    here = Lines(
        [Line(random_hours(), "compiled", asked), Line(random_hours().with_changes(ONE_MORE), "compiled", asked)]
    )
    there = pickle.loads(pickle.dumps(here.recipe))()
    for one, other in zip(here.gathered(1, 0), there.gathered(1, 0), strict=True):
        assert one.paired[0].tolist() == other.paired[0].tolist()
        assert one.known == other.known


def test_auto_ends_when_every_difference_is_precise() -> None:
    """Nothing is left to chance: the first look is enough, and says how it ended."""
    two = replayed().with_changes({"agent_groups.clerks.headcount": 2})
    found = sim.compare(replayed(), {"two": two})
    assert found.replications == 30
    assert found.ended.startswith("precise enough after 30 replications: widest interval two: ")


def test_what_another_scenario_lacks_is_named() -> None:
    """It has no group clerks; what both have is compared."""
    group = {"tier": "desk", "headcount": 1}
    other = replayed().with_changes({"agent_groups.clerks": None, "agent_groups.others": group})
    found = sim.compare(replayed(), {"renamed": other}, measures=["occupancy", "offered"], by=None, replications=2)
    assert len(found.table) == 2
    by_group = sim.compare(replayed(), {"renamed": other}, measures="occupancy", by="agent_group", replications=2)
    assert by_group.differences.missing == {"renamed": ("clerks occupancy",)}
    assert by_group.table.empty


@pytest.mark.parametrize(
    ("ask", "message"),
    [
        ({"measures": "servce_level"}, "unknown measure 'servce_level'; did you mean 'service_level'?"),
        ({"measures": "service_level", "where": {"channel": "fax"}}, "unknown channel 'fax'"),
        ({"measures": "satisfaction"}, "satisfaction needs `quality.satisfaction` in the scenario"),
        ({"measures": "wait_p90", "per": "day"}, "wait_p90 is compared over the whole run only"),
        ({"measures": "service_level", "within": "soon"}, "within: got 'soon', must be a duration such as '20 s'"),
        ({"during": "ofice"}, "during: there are no hours 'ofice'"),
        ({"by": "channel"}, "say which `measures` are meant by `by`"),
        ({"replications": 0}, "replications: got 0, must be 'auto' or a whole number of at least 1"),
    ],
)
def test_slips_are_refused_before_anything_runs(ask: dict[str, object], message: str) -> None:
    with pytest.raises(ValueError, match=r"^" + message.replace("?", r"\?").replace("`", "`")):
        sim.compare(random_hours(), {"three": random_hours().with_changes(ONE_MORE)}, **ask)  # type: ignore[arg-type]


def test_scenarios_that_cannot_stand_beside_each_other_are_refused() -> None:
    base = replayed()
    euros = base.with_changes({"currency": "EUR"})
    with pytest.raises(ValueError, match=r"different currencies cannot be compared \(base: JPY; euros: EUR\)"):
        sim.compare(base, {"euros": euros})
    with pytest.raises(ValueError, match=r"^two scenarios are called 'Three calls <and> one clerk'; give names"):
        sim.compare(base, [base, base])
    with pytest.raises(ValueError, match=r"^name at least one scenario"):
        sim.compare(base, {})
    longer = base.with_changes({"time.length": "3 days"})
    with pytest.raises(ValueError, match=r"^longer: its days are not those of base; compare them over the run$"):
        sim.compare(base, {"longer": longer}, measures="offered", per="day")


def test_a_sweep_has_every_point_of_its_grid() -> None:
    """Two keys of two values; the point that is the scenario itself is the base."""
    base = random_hours()
    values = {"demand.scale": ["100 %", "120 %"], "agent_groups.clerks.headcount": [2, 3]}
    found = sim.sweep(base, values, measures="offered", replications=3)
    assert found.base == "scale=100 %, headcount=2"
    assert found.table["demand.scale"].tolist() == ["100 %", "120 %", "120 %"]
    assert found.table["agent_groups.clerks.headcount"].tolist() == [3, 2, 3]
    assert found.table["difference"].iloc[0] == 0
    assert (found.table["difference"].iloc[1:] > 0).all()


def test_keys_that_end_alike_are_told_apart() -> None:
    from sim.experiment.compare import short_keys  # noqa: PLC0415

    keys = ["groups.a.headcount", "groups.b.headcount", "demand.scale"]
    assert list(short_keys(keys).values()) == ["a.headcount", "b.headcount", "scale"]


@pytest.mark.parametrize(
    ("values", "message"),
    [
        ({}, "a grid of 0 points; there must be between 1 and 200"),
        ({"demand.scale": list(range(1, 300))}, "a grid of 299 points"),
        ({"demand.scale": "90 %"}, "demand.scale: got '90 %', must be a list of values"),
        ({"demand.scale": ["100 %"]}, "every point of the grid is the scenario as it stands; name other values"),
    ],
)
def test_grids_without_sense_are_refused(values: dict[str, object], message: str) -> None:
    with pytest.raises(ValueError, match=f"^{message}"):
        sim.sweep(random_hours(), values)  # type: ignore[arg-type]


def test_a_point_that_is_not_sound_is_refused_as_a_change() -> None:
    with pytest.raises(sim.ScenarioError, match=r"demand\.scale\n  got '3 apples', must be a factor above 0"):
        sim.sweep(random_hours(), {"demand.scale": ["3 apples"]})


def test_plain_data_and_a_page_for_notebooks(hours: sim.Comparison) -> None:
    """JSON without NaN; HTML with the names of scenarios escaped."""
    assert len(json.loads(json.dumps(hours.summary(), allow_nan=False))["differences"]) == 4
    two = replayed().with_changes({"agent_groups.clerks.headcount": 2})
    page = sim.compare(replayed(), [two], measures="service_level", replications=2)._repr_html_()
    assert "Three calls &lt;and&gt; one clerk" in page
    assert "+25.0 points ± 0.0 *" in page
