"""`madoguchi erlang`: one queue on a line, or a table of intervals."""

import csv
import io
import json
from pathlib import Path

import pytest

from sim.staffing.erlang import Goals, erlang_a, erlang_b, least_agents
from tests.cli.calls import Command

DESK = ("--arrivals", "100 per hour", "--handle-time", "4 min", "--patience", "3 min")
DAY = """\
start,arrivals,handle_time,patience,agents,queue
09:00,50,4 min,3 min,9,orders
09:30,60,240,180,,orders
10:00,100 per hour,,,,"orders, late"
"""


def table(text: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(text)))


def test_the_least_agents_are_shown_with_one_less_and_one_more(madoguchi: Command) -> None:
    """8 do not keep 80 % in 20 s, 9 do; the heads say which column is which."""
    ran = madoguchi("erlang", *DESK, "--at-least", "80 %")
    assert (ran.status, ran.err) == (0, "")
    lines = [line.split() for line in ran.out.splitlines()]
    assert ran.out.startswith("100 per hour × 4 min = 6.67 Erlangs, patience 3 min\n")
    assert ["8", "agents", "9", "agents", "10", "agents"] in lines
    [level] = [line for line in lines if line[:5] == ["service", "level", "20", "s,", "offered"]]
    assert level[5::2] == [f"{100 * erlang_a(100, 240, 180, n).service_level(20):.1f}" for n in (8, 9, 10)]
    assert ["keeps", "what", "is", "asked", "no", "yes", "yes"] in lines
    assert "Erlang A" in ran.out
    assert "for the same share that waits: 9 agents." in ran.out


def test_json_has_every_reading_of_the_queue_asked_for(madoguchi: Command) -> None:
    """Unrounded, with units in the names."""
    ran = madoguchi("erlang", *DESK, "--agents", 9, "--within", "30 s", "--json")
    figures = json.loads(ran.out)
    queue = erlang_a(100, 240, 180, 9)
    assert figures["formula"] == "A"
    assert figures["service_level"]["short_out"] == queue.service_level(30, "short_out")
    assert figures["average_speed_of_answer_s"] == queue.mean_wait_answered_s
    assert (figures["agents"], figures["kept"], figures["blocked"]) == (9, None, None)


def test_every_goal_is_asked(madoguchi: Command) -> None:
    """Each alone gives what the formula's inverse gives for it."""
    asked = {
        ("--abandonment", "2 %"): Goals(abandonment=0.02),
        ("--wait", "2 s"): Goals(mean_wait_answered_s=2),
        ("--waits", "5 %"): Goals(waits=0.05),
        ("--occupancy", "50 %"): Goals(occupancy=0.5),
        ("--at-least", "90 %", "--within", "5 s", "--reading", "settled"): Goals(0.9, 5, "settled"),
    }
    for options, goals in asked.items():
        found = json.loads(madoguchi("erlang", *DESK, *options, "--json").out)
        assert found["agents"] == least_agents(100, 240, goals, 180), options


def test_arrivals_are_solved_for(madoguchi: Command) -> None:
    """Nine agents and a goal: so many contacts fit."""
    ran = madoguchi("erlang", "--agents", 9, "--handle-time", "4 min", "--at-least", "80 %", "--json")
    assert json.loads(ran.out)["service_level"]["offered"] == pytest.approx(0.8)


def test_lost_contacts_are_erlang_b(madoguchi: Command) -> None:
    """Lines for 20 Erlangs at 1 %: 30 of the published tables."""
    ran = madoguchi(
        "erlang", "--lost", "--arrivals", "1200 per hour", "--handle-time", "1 min", "--blocked", "1 %", "--json"
    )
    found = json.loads(ran.out)
    assert (found["formula"], found["agents"]) == ("B", 30)
    assert found["blocked"] == erlang_b(20, 30)


def test_shrinkage_says_how_many_to_schedule(madoguchi: Command) -> None:
    """9 agents at 10 % away: 10 people."""
    assert json.loads(madoguchi("erlang", *DESK, "--agents", 9, "--shrinkage", "10 %", "--json").out)["scheduled"] == 10
    assert "people to schedule" in madoguchi("erlang", *DESK, "--agents", 9, "--shrinkage", "10 %").out


def test_a_queue_without_end_is_told_and_the_next_that_has_one_shown(madoguchi: Command) -> None:
    """6.67 Erlangs on six agents, nobody gives up."""
    ran = madoguchi("erlang", *DESK[:4], "--agents", 6)
    assert ran.status == 0
    assert "With 6 agents: 6.667 Erlangs are more than 6 agents can handle: the queue grows without end." in ran.out
    assert "7 agents" in ran.out


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ((), "--handle-time: is needed"),
        (DESK, "give two of --arrivals, --agents and what to keep"),
        ((*DESK, "--at-least", "100 %"), "--at-least: got '100 %', must be above 0 % and below 100 %"),
        ((*DESK, "--at-least", "80"), "--at-least: got '80', must be a share such as 52 %"),
        ((*DESK, "--agents", "2.5"), "--agents: got '2.5', must be a whole number"),
        ((*DESK, "--agents", "9", "--arrivals", "100"), "--arrivals: got '100', must be a rate such as 100 per hour"),
        ((*DESK, "--agents", "9", "--patience", "0 s"), "--patience: got '0 s', must be a duration of more than 0"),
        ((*DESK, "--agents", "9", "--reading", "best"), "--reading: got 'best', must be one of offered, answered"),
        ((*DESK, "--agents", "9", "--shrinkage", "100 %"), "--shrinkage: got '100 %', must be below 100 %"),
        ((*DESK, "--agents", "9", "--blocked", "1 %"), "--blocked: is asked of queues in which nobody can wait"),
        ((*DESK, "--agents", "9", "--lost"), "--lost: nobody waits"),
        ((*DESK, "--agents", "9", "--out", "a.csv"), "--out: goes with --intervals"),
        (("--intervals", "a.csv", "--json"), "--json: is for one queue"),
    ],
)
def test_bad_options_are_refused(madoguchi: Command, arguments: tuple[str, ...], message: str) -> None:
    """Status 2 and one line: what was given, what is allowed."""
    ran = madoguchi("erlang", *arguments)
    assert (ran.status, ran.out) == (2, "")
    assert ran.err.startswith(message)


def test_a_table_of_intervals_is_answered_row_by_row(madoguchi: Command, tmp_path: Path) -> None:
    """Contacts in half an hour, seconds, rates, empty cells from the options; other columns kept."""
    path = tmp_path / "day.csv"
    path.write_text(DAY)
    options = ("--interval", "30 min", "--at-least", "80 %", "--handle-time", "5 min")
    ran = madoguchi("erlang", "--intervals", path, *options)
    assert (ran.status, ran.err) == (0, "")
    first, second, third = table(ran.out)
    assert (first["start"], third["queue"]) == ("09:00", "orders, late")
    assert (first["formula"], first["arrivals_per_hour"], first["agents"]) == ("A", "100", "9")
    assert float(first["service_level"]) == erlang_a(100, 240, 180, 9).service_level(20)
    assert second["agents"] == str(least_agents(120, 240, Goals(service_level=0.8), 180))
    assert (third["formula"], third["handle_time_s"]) == ("C", "300")
    assert third["agents"] == str(least_agents(100, 300, Goals(service_level=0.8)))


def test_a_table_goes_to_a_file(madoguchi: Command, tmp_path: Path) -> None:
    """`--out` names it, and nothing is printed but that."""
    (tmp_path / "day.csv").write_text(DAY)
    options = ("--interval", "30 min", "--at-least", "80 %", "--handle-time", "5 min", "--out", tmp_path / "staff.csv")
    ran = madoguchi("erlang", "--intervals", tmp_path / "day.csv", *options)
    assert (ran.status, ran.out, ran.err) == (0, "", f"wrote {tmp_path / 'staff.csv'}\n")
    assert len(table((tmp_path / "staff.csv").read_text())) == 3


def test_an_interval_that_overflows_or_is_empty_says_so_and_spoils_no_other(madoguchi: Command, tmp_path: Path) -> None:
    """Notes, and no figures, where there is no steady state."""
    path = tmp_path / "day.csv"
    path.write_text("arrivals,agents\n100 per hour,6\n0 per hour,6\n100 per hour,8\n")
    ran = madoguchi("erlang", "--intervals", path, "--handle-time", "4 min")
    over, empty, fine = table(ran.out)
    assert "more than 6 agents can handle" in over["note"]
    assert "nobody comes" in empty["note"]
    assert (over["service_level"], empty["service_level"], fine["note"]) == ("", "", "")
    assert float(fine["service_level"]) > 0


def test_every_bad_cell_is_told_with_line_and_column(madoguchi: Command, tmp_path: Path) -> None:
    """All at once; quotes and blanks do not shift the count."""
    path = tmp_path / "day.csv"
    path.write_text(
        "start,arrivals,patience,agents\n09:00,lots,3 min,5\n\n09:30,9 per hour,0,half\n10:00,7,1 min,5\n11,,,5\n"
    )
    ran = madoguchi("erlang", "--intervals", path, "--handle-time", "4 min")
    assert ran.status == 2
    rate = "must be a rate such as 100 per hour; for plain numbers say how long an interval is (--interval)"
    assert ran.err.splitlines() == [
        f"{path}:2:2: got 'lots', {rate}",
        f"{path}:4:3: got '0', must be more than 0 seconds",
        f"{path}:4:4: got 'half', must be a whole number of at least 0",
        f"{path}:5:2: got '7', {rate}",
        f"{path}:6:1: needs two of arrivals, agents and something to keep; give them here or, for all rows, as options",
    ]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("arrivals,patiense\n5 per hour,20\n", "1:1: unknown column 'patiense'; did you mean 'patience'?"),
        ("arrivals,waits\n5 per hour,20\n", "1:1: column 'waits' has the name of an answer; give it another"),
        ("arrivals;agents\n5;2\n", "1:1: its columns are parted by semicolons"),
        ("arrivals,agents\n5 per hour,2\n", "2:1: has no handle time"),
        ("arrivals,agents\n", "1:1: has a header but no rows"),
    ],
)
def test_a_table_that_is_none_is_refused(madoguchi: Command, tmp_path: Path, text: str, message: str) -> None:
    """Where, and what to do."""
    path = tmp_path / "day.csv"
    path.write_text(text)
    ran = madoguchi("erlang", "--intervals", path)
    assert (ran.status, ran.out) == (2, "")
    assert f"{path}:{message}" in ran.err


def test_a_table_that_is_not_there_is_told(madoguchi: Command, tmp_path: Path) -> None:
    """With the tables that are."""
    (tmp_path / "day.csv").write_text(DAY)
    ran = madoguchi("erlang", "--intervals", tmp_path / "days.csv", "--handle-time", "4 min")
    assert ran.status == 2
    assert "days.csv: is not there; did you mean 'day.csv'?" in ran.err
