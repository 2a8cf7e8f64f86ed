"""`madoguchi run`: what it prints, what it writes, and how it ends."""

import json
import os
import subprocess
import sys
from io import StringIO
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from sim.cli import memory
from sim.cli.run_command import console_on
from tests.cli.calls import Command

REPORT = """\
Tiny desk
Mon 6 Apr 2026 00:00 to Mon 6 Apr 2026 01:00 Europe/Paris
Seed 1; 2 replications, as asked.
± is half the 95 % confidence interval over the replications; (a–b) is an uneven interval.

Targets
  fail        phone service_level within 20 s ≥ 80 %        50 % ± 0
  undecided   phone service_level within 1 min ≥ 80 %   100 % (≥ 40)
  pass: the whole 95 % interval keeps the bound; fail: none of it does; undecided: more replications
  may tell. Of a target per day (week, hour, interval) the worst one decides and is shown; on a
  share of them, that share decides.

Targets, day by day
                                               days kept   intervals kept    10 % day    50 % day
  phone service_level within 20 s ≥ 80 %      0 % (≤ 84)       0 % (≤ 84)    50 % ± 0    50 % ± 0
  phone service_level within 1 min ≥ 80 %   100 % (≥ 16)     100 % (≥ 16)   100 % ± 0   100 % ± 0

                                             90 % day
  phone service_level within 20 s ≥ 80 %     50 % ± 0
  phone service_level within 1 min ≥ 80 %   100 % ± 0
  Days and intervals that keep the bound, of those of all replications with something to judge. 10,
  50, 90 % day: so many of these days have at most this figure.

Live channels
                                   phone
  contacts offered                 2 ± 0
  service level, 20 s           50 % ± 0
  service level, 1 min      100 % (≥ 40)
  average speed of answer       30 s ± 0
  90 % answered within          60 s ± 0
  abandonment                 0 % (≤ 60)
  most waiting at once             1 ± 0
  Offered: came to a human queue. Service level, T: answered within T ÷ (offered − not yet due).
  Abandonment: abandoned or balked ÷ offered. Busy, blocked, refused, disconnected: ÷ arrivals.
  Percentile: of the answered.

Agent groups
                             clerks
  most on duty at once        1 ± 0
  paid hours                1 h ± 0
  occupancy                 5 % ± 0
  utilisation               5 % ± 0
  contacts answered           2 ± 0
  handle time              90 s ± 0
  cost                   30 EUR ± 0
  Occupancy: handling ÷ time on duty. Utilisation: handling with overtime ÷ paid time. Overtime:
  finishing work after the shift.

Inquiries, by contact type
                                   order
  inquiries                        2 ± 0
  contacts per inquiry             1 ± 0
  resolved at first contact            –
  mean time to resolution      2 min ± 0
  reached nobody              0 % (≤ 60)
  Resolved at first contact ÷ inquiries first answered 3 days or more before the end. Time to
  resolution: of those resolved, from first arrival, on the channel's clock. Reached nobody: no
  agent, and no stage that resolved it.

Hours with most late answers on phone
                     in 20 s   offered
  Mon 6 Apr 00:00   50 % ± 0     2 ± 0
  The hours with the largest (1 − service level) × offered.

Cost of the run
  people                 30 EUR ± 0
  all                    30 EUR ± 0
  per inquiry resolved   15 EUR ± 0

Erlang beside simulation, desk: clerks
                        simulation   Erlang A   Erlang C
  service level, 20 s     50 % ± 0     91.8 %     91.8 %
  abandonment           0 % (≤ 60)        0 %        0 %
  By interval in its steady state, with the agents on duty on average, weighted by expected
  contacts. They differ by:
  - load is carried over: a queue left at the end of an interval burdens the next; Erlang starts
  each afresh
  - variability: handle times (talk and wrap-up) are not exponential
"""
"""By hand: the calls wait 0 s and 60 s (half within 20 s, both within 60 s) and are served 120 s and 60 s, so one agent
is busy 3 min of 60; both are resolved after 120 s. Erlang: 4 calls an hour of 90 s are 0.1 Erlangs, one agent lets one
in ten wait, 20 s or less with probability 1 − 0.1 e^(−0.9 · 20/90) = 91.8 %. In four trials without a failure the
exact bound is 0.025^(1/4) = 40 %; of the two days (and the two intervals in which they come) 0.025^(1/2) = 16 %."""

FILES = {"summary.json", "measures.csv", "intervals.csv", "contacts.csv"}


def names(folder: Path) -> set[str]:
    """Return the names of a folder's files."""
    return {path.name for path in folder.iterdir()}


def cache_of_tests() -> dict[str, str]:
    """Return the settings that say where the compiled engine is kept."""
    return {name: os.environ[name] for name in ("MADOGUCHI_CACHE", "XDG_CACHE_HOME", "HOME") if name in os.environ}


def run_as_process(*arguments: object, **settings: Any) -> subprocess.CompletedProcess[bytes]:
    """Call the command in a process of its own."""
    command = [sys.executable, "-c", "from sim.cli.main import main; main()", *map(str, arguments)]
    return subprocess.run(command, capture_output=True, check=False, **settings)


def test_the_report_shows_what_was_worked_by_hand(madoguchi: Command, tiny: Path) -> None:
    """Every line of the report of two calls and one agent is what a reader works out on paper."""
    ran = madoguchi("run", tiny, "--replications", 2)
    assert (ran.status, ran.err) == (0, "")
    assert [line.rstrip() for line in ran.out.splitlines()] == REPORT.splitlines()


def test_two_runs_of_a_seed_write_the_same_bytes(madoguchi: Command, tiny: Path, tmp_path: Path) -> None:
    """Files hold nothing of when or how fast a run was made."""
    for folder in ("one", "two"):
        assert madoguchi("run", tiny, "--replications", 3, "--seed", 7, "--out", tmp_path / folder).status == 0
    assert names(tmp_path / "one") == FILES
    for name in FILES:
        assert (tmp_path / "one" / name).read_bytes() == (tmp_path / "two" / name).read_bytes()


def test_json_prints_what_summary_json_holds(madoguchi: Command, tiny: Path, tmp_path: Path) -> None:
    """Standard output is the file to the last byte, and nothing else."""
    ran = madoguchi("run", tiny, "--replications", 2, "--json", "--out", tmp_path / "out")
    assert ran.out == (tmp_path / "out/summary.json").read_text(encoding="utf-8")
    summary = json.loads(ran.out)
    assert summary["schema"] == 1
    assert summary["scenario"] == "Tiny desk"
    assert len(summary["scenario_hash"]) == 64
    assert (summary["seed"], summary["replications"]) == (1, 2)
    assert set(summary["versions"]) == {"madoguchi", "python", "numpy", "scipy", "simpy"}
    assert [target["verdict"] for target in summary["targets"]] == ["fail", "undecided"]
    (level,) = (
        one
        for one in summary["measures"]
        if one["measure"] == "service_level"
        and one["reading"] == "offered"
        and one["within_s"] == 20
        and "by" not in one
    )
    assert (level["estimate"], level["low"], level["high"], level["unit"]) == (0.5, 0.5, 0.5, "share")
    assert {one["measure"] for one in summary["measures"]} <= set(summary["definitions"])


def test_contacts_csv_tells_each_contact_with_wall_clock_times(madoguchi: Command, tiny: Path, tmp_path: Path) -> None:
    """The second call waits from 00:11 to 00:12; Paris is two hours ahead of UTC in April."""
    madoguchi("run", tiny, "--replications", 1, "--out", tmp_path)
    table = pd.read_csv(tmp_path / "contacts.csv")
    second = table.iloc[1]
    assert len(table) == 2
    assert second["arrived"] == "2026-04-06T00:11:00.000+02:00"
    assert second["left_queue"] == "2026-04-06T00:12:00.000+02:00"
    assert (second["channel"], second["end"], second["leg"], second["wait_s"]) == ("phone", "resolved", 1, 60)
    assert pd.isna(second["holding_ended"])


def test_a_contact_without_a_leg_has_empty_cells(madoguchi: Command, tiny: Path, tmp_path: Path) -> None:
    """Who meets a closed door came to no queue: one row, nothing behind the contact's own columns."""
    closed = ["--set", "opening_hours={noon: {mon-sun: '12:00-13:00'}}", "--set", "channels.phone.open=noon"]
    ran = madoguchi("run", tiny, "--replications", 1, "--out", tmp_path, *closed)
    assert ran.status == 0, ran.err
    table = pd.read_csv(tmp_path / "contacts.csv")
    assert list(table["end"]) == ["refused", "refused"]
    assert table.loc[:, "leg":].isna().all(axis=None)


def test_intervals_csv_has_each_interval_by_the_clock(madoguchi: Command, tiny: Path, tmp_path: Path) -> None:
    """Both calls come in the first half hour, in which the agent is busy a tenth of the time."""
    madoguchi("run", tiny, "--replications", 2, "--out", tmp_path)
    rows = pd.read_csv(tmp_path / "intervals.csv")
    table = rows[rows["within_s"].isna()].set_index(["item", "measure", "start"])["estimate"]
    first, second = "2026-04-06T00:00:00.000+02:00", "2026-04-06T00:30:00.000+02:00"
    assert table["phone", "offered", first] == 2
    assert table["phone", "offered", second] == 0
    assert table["clerks", "occupancy", first] == pytest.approx(0.1)
    assert table["clerks", "agents_on_duty", second] == 1
    levels = rows[(rows["measure"] == "service_level") & (rows["start"] == first)]
    assert list(zip(levels["within_s"], levels["estimate"], strict=True)) == [(20, 0.5), (60, 1.0)]


def test_measures_csv_is_tidy(madoguchi: Command, tiny: Path, tmp_path: Path) -> None:
    """One row a figure: which measure, of what, in which period, with its interval and unit."""
    madoguchi("run", tiny, "--replications", 2, "--out", tmp_path)
    table = pd.read_csv(tmp_path / "measures.csv")
    columns = ["measure", "reading", "within_s", "breakdown", "item", "period", "estimate", "low", "high", "unit"]
    assert list(table.columns) == columns
    assert not table.duplicated(columns[:6]).any()
    mine = table[(table["measure"] == "average_speed_of_answer") & (table["item"] == "phone")]
    assert list(zip(mine["period"], mine["estimate"], mine["unit"], strict=True)) == [
        ("run", 30, "s"),
        ("2026-04-06", 30, "s"),
    ]


def test_names_are_never_read_as_markup_or_formulas(madoguchi: Command, tiny: Path, tmp_path: Path) -> None:
    """A scenario may be called what Rich takes for a style, a group what a spreadsheet takes for a formula."""
    text = tiny.read_text(encoding="utf-8").replace("Tiny desk", "'Desk [red] [/]'")
    tiny.write_text(text.replace("clerks", "'-clerks'"), encoding="utf-8")
    ran = madoguchi("run", tiny, "--replications", 1, "--out", tmp_path / "out")
    assert ran.status == 0, ran.err
    assert ran.out.startswith("Desk [red] [/]\n")
    assert "-clerks" in ran.out.split()
    agents = pd.read_csv(tmp_path / "out/contacts.csv")["agent_group"]
    assert list(agents) == ["'-clerks", "'-clerks"]


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--replications", "many"], "--replications: got 'many', must be auto or a whole number of at least 1"),
        (["--replications", "0"], "--replications: got '0', must be auto or a whole number of at least 1"),
        (["--workers", "0"], "--workers: got '0', must be auto or a whole number from 1 to 1,000"),
        (["--workers", "1001"], "--workers: got '1001', must be auto or a whole number from 1 to 1,000"),
        (
            ["--workers", "2", "--cluster", "tcp://127.0.0.1:8786"],
            "--workers: got '2' beside --cluster, whose own workers play; leave one of the two out",
        ),
        (["--cluster", "nowhere"], "cluster: got 'nowhere', must be the address of a Dask scheduler"),
        (["--seed", "-1"], "Invalid value for '--seed'"),
        (["--set", "agent_groups.clerks.headcount=few"], "agent_groups.clerks.headcount"),
        (["--variant", "busy"], "busy"),
        (["--set", "agent_groups.clerks.zone=Asia/Nowhere"], "agent_groups.clerks.zone"),
    ],
)
def test_bad_input_runs_and_writes_nothing(
    madoguchi: Command, tiny: Path, tmp_path: Path, arguments: list[str], said: str
) -> None:
    """What cannot be run as it is said ends with status 2 and a reason, and leaves no file behind."""
    ran = madoguchi("run", tiny, "--out", tmp_path / "out", *arguments)
    assert (ran.status, ran.out) == (2, "")
    assert said in ran.err
    assert names(tmp_path) == {"tiny.yaml"}


def test_a_folder_that_cannot_be_written_to_is_refused_first(madoguchi: Command, tiny: Path) -> None:
    """Nobody waits for a run whose files then have no place."""
    ran = madoguchi("run", tiny, "--out", tiny)
    assert (ran.status, ran.out) == (2, "")
    assert ran.err == f"--out {tiny}: is a file; name a folder that you may write to\n"


def test_a_run_that_does_not_fit_is_refused_with_the_estimate(
    madoguchi: Command, tiny: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Two inquiries do not fit into 100 MB beside the interpreter; --force goes on."""
    monkeypatch.setattr(memory, "machine_bytes", lambda: 100_000_000)
    ran = madoguchi("run", tiny, "--replications", 1)
    assert (ran.status, ran.out) == (2, "")
    assert ran.err == (
        "2 inquiries a replication, measured in 3 intervals and hours, need about 0.2 GB of memory; this machine has "
        "0.1 GB. Shorten time.length, widen time.interval, lower the volumes, or go on with --force\n"
    )
    forced = madoguchi("run", tiny, "--replications", 1, "--force")
    assert forced.status == 0
    assert "Going on as asked" in forced.err


def interrupt_after(replications: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """Press Ctrl-C in the replication after so many."""
    from sim.experiment import line  # noqa: PLC0415

    whole, done = line.account, []

    def account(*arguments: Any) -> Any:
        if len(done) == replications:
            raise KeyboardInterrupt
        done.append(arguments)
        return whole(*arguments)

    monkeypatch.setattr(line, "account", account)


def test_ctrl_c_keeps_what_is_complete(
    madoguchi: Command, tiny: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Two of five replications are done: they are reported and written, and it is said that three are missing."""
    interrupt_after(2, monkeypatch)
    ran = madoguchi("run", tiny, "--replications", 5, "--out", tmp_path / "out")
    assert ran.status == 130
    assert ran.err.endswith("interrupted after 2 complete replications; 3 are missing\n")
    assert "Seed 1; interrupted after 2 complete replications; 3 are missing." in ran.out
    assert names(tmp_path / "out") == FILES
    assert json.loads((tmp_path / "out/summary.json").read_text(encoding="utf-8"))["replications"] == 2


def test_ctrl_c_before_the_first_replication_leaves_nothing(
    madoguchi: Command, tiny: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Without a complete replication there is nothing to report, and no folder."""
    interrupt_after(0, monkeypatch)
    ran = madoguchi("run", tiny, "--replications", 5, "--out", tmp_path / "out")
    assert (ran.status, ran.out) == (130, "")
    assert ran.err == "interrupted before the first replication was complete: there is nothing to report\n"
    assert names(tmp_path) == {"tiny.yaml"}


def test_an_internal_error_says_how_to_report_it(
    madoguchi: Command, tiny: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A fault of ours ends with status 70, a short message and no file; --debug adds where it happened."""

    def fail(*_arguments: object) -> None:
        raise ZeroDivisionError("division by zero")

    monkeypatch.setattr("sim.experiment.line.account", fail)
    ran = madoguchi("run", tiny, "--out", tmp_path / "out")
    assert (ran.status, ran.out) == (70, "")
    assert ran.err.startswith("internal error: ZeroDivisionError: division by zero\n")
    assert "Please report it" in ran.err
    assert "Traceback" not in ran.err
    assert names(tmp_path) == {"tiny.yaml"}
    assert "Traceback" in madoguchi("--debug", "run", tiny).err


def test_the_command_runs_in_a_process_without_colours_or_progress_in_its_output(tiny: Path) -> None:
    """Piped output is the report alone, even where the terminal's letters lack some of ours."""
    ran = run_as_process(
        "run", tiny, "--replications", 2, env={**cache_of_tests(), "PYTHONIOENCODING": "ascii", "NO_COLOR": "1"}
    )
    assert ran.returncode == 0, ran.stderr
    assert ran.stdout.startswith(b"Tiny desk\n")
    assert b"\x1b" not in ran.stdout
    assert b"50 % ? 0" in ran.stdout


@pytest.mark.parametrize("form", [[], pytest.param(["--json"], marks=pytest.mark.slow)])
def test_a_reader_who_has_seen_enough_does_not_cost_the_files(tiny: Path, tmp_path: Path, form: list[str]) -> None:
    """The pipe is closed before anything is read, as by `| head`: the files are there, and nothing is wrong."""
    reading, writing = os.pipe()
    os.close(reading)
    command = [sys.executable, "-c", "from sim.cli.main import main; main()", "run", str(tiny), "--replications", "2"]
    ran = subprocess.run(
        [*command, "--out", str(tmp_path / "out"), *form], stdout=writing, stderr=subprocess.PIPE, check=False
    )
    os.close(writing)
    assert (ran.returncode, ran.stderr) == (0, b"")
    assert names(tmp_path / "out") == FILES


def test_ctrl_c_while_the_scenario_is_read_is_said(
    madoguchi: Command, tiny: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whoever stops a command sees that it stopped, whatever it was doing."""

    def stop(*_arguments: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("sim.scenario.load.load", stop)
    ran = madoguchi("run", tiny)
    assert (ran.status, ran.out, ran.err) == (130, "", "interrupted\n")


def test_a_volume_beyond_all_measure_is_refused_in_a_line_that_can_be_read(madoguchi: Command, tiny: Path) -> None:
    """Three hundred digits help nobody."""
    ran = madoguchi(
        "run", tiny, "--replications", 1, "--set", "contact_types.order.arrivals.phone={rate: 1e300 per hour}"
    )
    assert ran.status == 2
    assert "inquiries a replication" in ran.err
    assert "e+300 inquiries" in ran.err
    assert len(ran.err) < 400


def test_an_output_folder_without_a_name_is_refused(madoguchi: Command, tiny: Path, tmp_path: Path) -> None:
    """Nothing is written into the current folder by mistake."""
    ran = madoguchi("run", tiny, "--replications", 1, "--out", "")
    assert ran.status == 2
    assert ran.err == "--out: got an empty name; name a folder, or . for this one\n"


def test_both_engines_print_and_write_the_same(madoguchi: Command, tiny: Path, tmp_path: Path) -> None:
    """Nothing that is read tells which engine played."""
    compiled, reference = (
        madoguchi("run", tiny, "--replications", 2, "--engine", name, "--out", tmp_path / name)
        for name in ("compiled", "reference")
    )
    assert (compiled.status, compiled.out) == (0, reference.out)
    files = sorted(path.name for path in (tmp_path / "compiled").iterdir())
    assert files
    for name in files:
        assert (tmp_path / "compiled" / name).read_bytes() == (tmp_path / "reference" / name).read_bytes()


def test_an_engine_that_cannot_serve_is_said(madoguchi: Command, tiny: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Without Numba the report is the same, and a line on the error output tells why it took longer."""
    for module in [name for name in sys.modules if name.startswith("sim.engine.compiled")]:
        monkeypatch.delitem(sys.modules, module)
    monkeypatch.setitem(sys.modules, "numba", None)
    ran = madoguchi("run", tiny, "--replications", 2)
    assert ran.status == 0
    assert "the reference engine plays, much slower: Numba cannot be imported" in ran.err


def test_figures_are_drawn_into_a_folder(madoguchi: Command, tiny: Path, tmp_path: Path) -> None:
    """A planner gets pictures without a line of Python, and is told where they are."""
    ran = madoguchi("run", tiny, "--replications", 2, "--figures", tmp_path / "drawn", "--figure-format", "svg")
    assert ran.status == 0
    assert ran.err == f"wrote {tmp_path / 'drawn'}\n"
    assert names(tmp_path / "drawn") == {"service_level_phone.svg", "queues_and_agents.svg", "waits.svg"}


def test_a_folder_of_figures_that_cannot_be_made_is_refused_before_anything_runs(
    madoguchi: Command, tiny: Path
) -> None:
    """The option that named it is the one to mend."""
    ran = madoguchi("run", tiny, "--replications", 2, "--figures", tiny)
    assert (ran.status, ran.out) == (2, "")
    assert ran.err == f"--figures {tiny}: is a file; name a folder that you may write to\n"
    ran = madoguchi("run", tiny, "--replications", 2, "--figures", "")
    assert (ran.status, ran.err) == (2, "--figures: got an empty name; name a folder, or . for this one\n")


@pytest.mark.parametrize(
    "arguments",
    [
        ["run", "TINY", "-q", "--replications", "2"],
        ["compare", "TINY", "--change", "more:agent_groups.clerks.headcount=2", "-q", "--replications", "2"],
        ["erlang", "--arrivals", "100 per hour", "--handle-time", "3 min", "--agents", "7"],
    ],
)
def test_lines_end_where_their_text_does_off_a_terminal(madoguchi: Command, tiny: Path, arguments: list[str]) -> None:
    """No spaces stand at the ends of lines in a file or a pipe."""
    said = madoguchi(*(str(tiny) if argument == "TINY" else argument for argument in arguments)).out
    assert [line for line in said.splitlines() if line.endswith(" ")] == []
    assert "  " in said


def test_on_a_terminal_lines_are_as_the_console_writes_them() -> None:
    class Terminal(StringIO):
        def isatty(self) -> bool:
            return True

    for stream, said in ((Terminal(), "two  \n  one\n"), (StringIO(), "two\n  one\n")):
        console_on(stream).print("two  \n  one")
        assert stream.getvalue() == said
