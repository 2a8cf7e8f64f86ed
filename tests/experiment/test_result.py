"""What a Result hands out, on four calls that a reader can follow."""

import json
from math import isnan
from typing import Any

import pandas as pd
import pytest

from sim.experiment.line import Line
from sim.experiment.replicate import run
from sim.experiment.result import ESTIMATE_COLUMNS, TARGET_COLUMNS, Result
from tests.experiment.desks import random_hours, replayed

SERVICE = "{measure: service_level, channel: phone, within: 20 s, at_least: 60 %, per: day}"


@pytest.fixture(scope="module")
def four_calls() -> Result:
    return run(
        replayed(SERVICE, '"phone.abandonment <= 20 %"', "{measure: occupancy, at_most: 50 %}"), replications=3, seed=7
    )


@pytest.fixture(scope="module")
def two_hours() -> Result:
    return run(random_hours(), replications=45, seed=3)


def value(table: pd.DataFrame) -> float:
    [estimate] = table["estimate"]
    return float(estimate)


@pytest.mark.parametrize(
    ("measure", "asked", "expected"),
    [
        ("arrived", {}, 4),
        ("offered", {}, 4),
        ("answered", {}, 3),
        ("waited", {}, 0.5),
        ("service_level", {"within": "20 s"}, 0.75),
        ("service_level", {"within": "19 s"}, 0.5),
        ("service_level", {"within": "20 s", "reading": "answered"}, 1),
        ("service_level", {"within": "30 s", "reading": "short_out"}, 1),
        ("service_level", {"within": "30 s", "reading": "settled"}, 1),
        ("average_speed_of_answer", {}, 20 / 3),
        ("wait", {}, 12.5),
        ("wait", {"reading": "abandoned"}, 30),
        ("wait_p50", {}, 0),
        ("wait_p90", {}, 20),
        ("wait_max", {"reading": "all"}, 30),
        ("abandonment", {"by": "channel"}, 0.25),
        ("not_yet_due", {"within": "20 s"}, 0),
        ("queue_length", {}, 50 / 172_800),
        ("queue_length", {"reading": "maximum"}, 2),
        ("agents_busy", {}, 150 / 172_800),
        ("agents_on_duty", {"by": "agent_group"}, 1),
        ("agents_free", {"reading": "maximum"}, 1),
        ("occupancy", {}, 150 / 172_800),
        ("handle_time", {"tier": "desk"}, 50),
        ("staff_hours", {}, 48),
        ("cost", {"agent_group": "clerks"}, 48 * 3600),
        ("cost_per_resolved", {}, 48 * 3600 / 3),
        ("first_response", {"within": "20 s"}, 0.75),
        ("first_response", {}, 20 / 3),
        ("resolution", {}, (60 + 80 + 30) / 3),
        ("resolution", {"within": "60 s"}, 0.5),
        ("first_contact_resolution", {}, 1),
        ("contacts_per_inquiry", {}, 1),
        ("reached_nobody", {"by": "contact_type"}, 0.25),
    ],
)
def test_a_measure_is_what_the_four_calls_say(
    four_calls: Result, measure: str, asked: dict[str, str], expected: float
) -> None:
    assert value(four_calls.measure(measure, **asked)) == pytest.approx(expected)  # type: ignore[arg-type]


def test_every_table_of_estimates_has_the_interval_beside_the_figure(four_calls: Result) -> None:
    table = four_calls.measure("service_level", by="channel", within="20 s")
    assert tuple(table.columns) == ("channel", *ESTIMATE_COLUMNS)
    assert table["half_width"].tolist() == [0]
    assert table["n"].tolist() == [3]
    assert "Share answered within T" in table.attrs["definition"]


def test_days_are_on_the_scenarios_clock(four_calls: Result) -> None:
    table = four_calls.measure("abandonment", per="day")
    assert [str(start) for start in table["start"]] == ["2026-04-06 00:00:00+09:00", "2026-04-07 00:00:00+09:00"]
    assert table["estimate"].tolist() == pytest.approx([1 / 3, 0])


@pytest.mark.parametrize("per", ["hour", "interval"])
def test_hours_and_intervals_show_when_it_happened(four_calls: Result, per: str) -> None:
    table = four_calls.measure("offered", per=per, by="channel")
    some = table[table["estimate"] > 0]
    assert [start.strftime("%a %H:%M") for start in some["start"]] == ["Mon 09:00", "Tue 09:00"]
    assert some["estimate"].tolist() == [3, 1]


@pytest.mark.parametrize("per", ["hour", "interval"])
def test_what_was_not_asked_before_is_gathered_by_playing_again(
    four_calls: Result, per: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Once for all measures of a breakdown."""
    table = four_calls.measure("offered", per=per, by=["channel", "contact_type"])
    some = table[table["estimate"] > 0]
    assert [start.strftime("%a %H:%M") for start in some["start"]] == ["Mon 09:00", "Tue 09:00"]
    monkeypatch.delattr(Line, "measures")
    waits = four_calls.measure("wait", per=per, by=["channel", "contact_type"])["estimate"].dropna()
    assert waits.tolist() == pytest.approx([50 / 3, 0])
    assert four_calls.measure("offered", per=per, by="channel")["estimate"].sum() == 4, "asked by reports"


def test_playing_again_once_serves_all_measures_of_the_same_rows(
    four_calls: Result, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Of contacts, stays in queues, agents and costs alike, by each reading."""
    four_calls.measure("queue_length", per="hour")
    monkeypatch.delattr(Line, "measures")
    assert four_calls.measure("offered", per="hour")["estimate"].sum() == 4
    assert four_calls.measure("service_level", within="20 s", reading="answered", per="hour")["estimate"].notna().any()
    assert four_calls.measure("agents_on_duty", per="hour")["estimate"].tolist() == [1.0] * 48


@pytest.mark.parametrize(
    ("measure", "by"), [("abandonment", "channel"), ("queue_length", "channel"), ("occupancy", "agent_group")]
)
def test_what_is_played_again_is_the_same(two_hours: Result, measure: str, by: str) -> None:
    """To the last digit: of a single channel and group, asked with it and without."""
    before, again = two_hours.measure(measure, by=by, per="interval"), two_hours.measure(measure, per="interval")
    for column in ("estimate", "low", "high"):
        assert before[column].tolist() == pytest.approx(again[column].tolist(), abs=0, rel=0, nan_ok=True)


def test_a_day_is_the_sum_of_its_hours(two_hours: Result) -> None:
    by_hour = two_hours.measure("offered", per="hour")["estimate"].sum()
    assert value(two_hours.measure("offered")) == pytest.approx(by_hour)
    assert value(two_hours.measure("offered", per="day")) == pytest.approx(by_hour)


def test_a_deadline_asked_for_later_is_the_same_as_one_counted_on_the_way() -> None:
    """Per replication blocks are single up to 39 replications, so that the interval is the same too."""
    later = run(random_hours(), replications=20, seed=3).measure("service_level", within="45 s")
    counted = run(
        random_hours("{measure: service_level, within: 45 s, at_least: 1 %}"), replications=20, seed=3
    ).measure("service_level", within="45 s")
    for column in ("estimate", "low", "high"):
        assert value(later.assign(estimate=later[column])) == pytest.approx(
            value(counted.assign(estimate=counted[column]))
        )


@pytest.mark.parametrize("reading", ["answered", "short_out", "settled"])
def test_every_reading_of_a_later_deadline_is_the_counted_one(reading: str) -> None:
    target = "{measure: service_level, within: 45 s, at_least: 1 %}"
    counted = run(random_hours(target), replications=4, seed=3).measure("service_level", within="45 s", reading=reading)
    later = run(random_hours(), replications=4, seed=3).measure("service_level", within="45 s", reading=reading)
    assert value(later) == pytest.approx(value(counted), abs=1e-12)


def test_percentiles_have_intervals_around_them(two_hours: Result) -> None:
    [row] = two_hours.measure("wait_p80", reading="all").to_dict("records")
    assert row["low"] < row["estimate"] < row["high"]
    assert 20 <= row["n"] <= 39
    [longest] = two_hours.measure("wait_max").to_dict("records")
    assert isnan(longest["half_width"])


def test_a_wider_level_gives_a_wider_interval(two_hours: Result) -> None:
    narrow, wide = (two_hours.measure("abandonment", level=level)["half_width"][0] for level in (0.9, 0.99))
    assert narrow < wide


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        ({"name": "service_levl", "within": "20 s"}, "unknown measure 'service_levl'; did you mean 'service_level'"),
        ({"name": "service_level"}, "needs `within`, the deadline, such as within='20 s'"),
        ({"name": "abandonment", "within": "20 s"}, "abandonment takes no deadline"),
        (
            {"name": "abandonment", "by": "agent_group"},
            "abandonment is not told apart by agent_group; it is by channel",
        ),
        ({"name": "abandonment", "channel": "phnoe"}, "unknown channel 'phnoe'; did you mean 'phone'"),
        ({"name": "abandonment", "per": "month"}, "unknown period 'month'; known: day, hour"),
        ({"name": "wait", "reading": "median"}, "no reading 'median'; its readings are: all, answered, abandoned"),
        (
            {"name": "wait_p50", "per": "day"},
            "percentiles that no target names per period are kept for the whole run only",
        ),
        ({"name": "service_level", "within": "33 s", "per": "day"}, r"deadlines that no target names \(33 s\)"),
        ({"name": "service_level", "within": "33 s", "per": "hour"}, r"deadlines that no target names \(33 s\)"),
        ({"name": "not_yet_due", "within": "33 s"}, "counted for deadlines that targets name"),
        ({"name": "service_level", "within": 33_333_333}, "finer than waits are kept"),
        ({"name": "queue_length", "by": "attempt", "reading": "maximum"}, "maximum is not kept by attempt"),
        ({"name": "occupancy", "level": 95}, "level: got 95, must be between 0 and 1"),
    ],
)
def test_what_cannot_be_answered_is_refused_with_what_can(four_calls: Result, asked: dict[str, str], said: str) -> None:
    with pytest.raises(ValueError, match=said):
        four_calls.measure(**asked)  # type: ignore[arg-type]


def test_targets_are_judged_by_their_interval(four_calls: Result) -> None:
    """One of four abandons in every replication: not at most 20 %."""
    table = four_calls.targets()
    assert tuple(table.columns) == TARGET_COLUMNS
    assert table["verdict"].tolist()[1:] == ["fail", "pass"]
    assert table["estimate"].tolist()[1:] == pytest.approx([0.25, 150 / 172_800])
    assert table["days_kept"].tolist() == [1, 0.5, 1]
    assert table["day_p50"][0] == pytest.approx((2 / 3 + 1) / 2)
    assert table["day_p90"][1] == pytest.approx(1 / 3)


def test_a_target_per_day_is_undecided_as_long_as_one_day_is(four_calls: Result) -> None:
    """Monday 2 of 3 within 20 s without variance; Tuesday all of three: as few as 23 % could be the truth behind it."""
    [first, *_] = four_calls.targets().to_dict("records")
    assert first["target"] == "phone service_level within 20 s ≥ 60 % per day"
    assert (first["verdict"], first["estimate"]) == ("undecided", 1)
    assert first["low"] ** 3 == pytest.approx(0.0125), "half of 5 % for each of two days"
    assert str(first["decided_by"]) == "2026-04-07 00:00:00+09:00"


def test_of_days_that_all_pass_the_worst_is_shown() -> None:
    [target] = run(replayed(SERVICE), replications=30, seed=7).targets().to_dict("records")
    assert (target["verdict"], target["estimate"]) == ("pass", pytest.approx(2 / 3))
    assert str(target["decided_by"]) == "2026-04-06 00:00:00+09:00"


def test_contacts_have_names_and_wall_clock_times(four_calls: Result) -> None:
    contacts = four_calls.contacts()
    assert contacts["end"].tolist() == ["resolved", "resolved", "abandoned", "resolved"]
    assert contacts["wait_s"].tolist() == [0, 20, 30, 0]
    assert str(contacts["arrived"][1]) == "2026-04-06 09:00:40+09:00"
    assert str(contacts["ended"][1]) == "2026-04-06 09:02:00+09:00"
    assert contacts["channel"].tolist() == ["phone"] * 4


def test_legs_say_who_took_them_and_missing_times_are_missing(four_calls: Result) -> None:
    legs = four_calls.legs()
    assert legs["agent"].tolist() == ["clerks/1", "clerks/1", "", "clerks/1"]
    assert legs["queue"].tolist() == ["desk/order/phone"] * 4
    assert legs["talk_ended"].isna().tolist() == [False, False, True, False]
    assert legs["handled"].tolist() == ["resolved", "resolved", "not", "resolved"]


def test_agents_hours_are_told_apart(four_calls: Result) -> None:
    [agent] = four_calls.agents().to_dict("records")
    assert (agent["agent"], agent["on_duty_h"], agent["paid_h"], agent["taken"]) == ("clerks/1", 48, 48, 3)
    assert agent["busy_h"] == pytest.approx(150 / 3600)


def test_another_replications_records_are_its_own(two_hours: Result) -> None:
    first, second = two_hours.contacts(0), two_hours.contacts(1)
    assert first["arrived"].tolist() != second["arrived"].tolist()
    assert two_hours.contacts(0)["arrived"].tolist() == first["arrived"].tolist()


def test_the_summary_is_plain_json_without_nan(four_calls: Result) -> None:
    text = json.dumps(four_calls.summary(), allow_nan=False)
    summary = json.loads(text)
    assert summary["replications"] == 3
    assert [target["verdict"] for target in summary["targets"]] == ["undecided", "fail", "pass"]
    cost = next(one for one in summary["measures"] if one["measure"] == "cost")
    assert (cost["unit"], cost["estimate"]) == ("JPY", 172_800)


def test_all_measures_of_the_run_are_in_one_table(four_calls: Result) -> None:
    table = four_calls.measures
    offered = table[(table["measure"] == "offered") & (table["by"] == "tier")]
    assert offered["of"].tolist() == ["desk"]
    assert offered["estimate"].tolist() == [4]
    assert "resolved" not in table[table["by"] == "part"]["of"].tolist()


def test_intervals_show_channels_and_groups(four_calls: Result) -> None:
    table = four_calls.intervals
    nine = table[(table["start"] == pd.Timestamp("2026-04-06 09:00", tz="Asia/Tokyo"))]
    figures = nine.set_index("measure")["estimate"]
    assert figures["offered"] == 3
    assert figures["agents_busy"] == pytest.approx(120 / 1800)
    assert set(table["of"]) == {"phone", "clerks"}


def test_a_notebook_shows_targets_and_escapes_text_of_the_scenario(four_calls: Result) -> None:
    html = four_calls._repr_html_()
    assert "Three calls &lt;and&gt; one clerk" in html
    assert "<and>" not in html
    assert "phone service_level within 20 s" in html
    assert "75.0 % ± 0.0" in html


@pytest.mark.parametrize("within", ["20", "soon", -1, 2.5])
def test_a_deadline_that_is_none_is_refused_with_what_was_given(four_calls: Result, within: object) -> None:
    with pytest.raises(ValueError, match=rf"within: got {within!r}, must be a duration such as '20 s'"):
        four_calls.measure("service_level", within=within)  # type: ignore[arg-type]


def test_a_result_says_in_a_line_what_it_is(four_calls: Result) -> None:
    assert repr(four_calls) == f"<Result of {four_calls.scenario.name!r}: 3 replications, seed 7>"


@pytest.mark.parametrize("replication", ["a", None, 1.5, True, -1])
def test_a_replication_that_is_none_is_refused_with_what_was_given(four_calls: Result, replication: Any) -> None:
    """Each table of records asks for the number of one."""
    for table in (four_calls.contacts, four_calls.legs, four_calls.agents):
        with pytest.raises(ValueError, match=f"got replication {replication!r}, must be a whole number from 0"):
            table(replication)
