"""The journal of evaluations: a plan that was ended goes on where it was, and plays nothing twice."""

import os
import signal
import subprocess
import sys
import time
from contextlib import closing
from pathlib import Path

import numpy as np
import pytest

import sim
from sim.scenario.schema import Scenario
from sim.staffing.errors import JournalError
from sim.staffing.plan import PlanProgress
from sim.staffing.plan.evaluation import Sizes
from sim.staffing.plan.journal import Journal, played_as
from sim.staffing.plan.schedules import Schedules
from tests.staffing.plan.desk import SERVICE, SHIFTS, morning

RISKY = "{measure: service_level, channel: phone, within: 20 s, at_least: 80 %, per: hour, risk: 90 %}"
SLOWEST = "{measure: wait_p90, channel: phone, at_most: 60 s}"


class KilledError(Exception):
    """Stands for the end of the process."""


def test_a_plan_that_was_ended_goes_on(short_blocks: Sizes, tmp_path: Path) -> None:
    """Ended in the middle and resumed: the same plan, and together as many replications as without a break."""
    whole = sim.plan(morning(), workers=1)
    played = 0

    def kill(progress: PlanProgress) -> None:
        nonlocal played
        played = progress.replications
        if played > whole.effort.played / 2:
            raise KilledError

    journal = tmp_path / "plan.db"
    with pytest.raises(KilledError):
        sim.plan(morning(), workers=1, resume=journal, progress=kill)
    again = sim.plan(morning(), workers=1, resume=journal)
    assert again.headcounts == whole.headcounts
    assert (again.found.tops == whole.found.tops).all()
    assert (again.effort.recalled, again.effort.played + played) == (played, whole.effort.played)
    assert sim.plan(morning(), workers=1, resume=journal).effort.played == 0


def test_a_plan_that_ran_out_of_time_goes_on(short_blocks: Sizes, tmp_path: Path) -> None:
    """Stopped at a limit and resumed without: the plan of a search to its end, which plays nothing again."""
    journal, asked = tmp_path / "plan.db", 0

    def clock() -> float:
        nonlocal asked
        asked += 1
        return float(asked)

    whole = sim.plan(morning(), workers=1)
    stopped = sim.plan(morning(), workers=1, resume=journal, time_limit="20 s", clock=clock)
    assert stopped.out_of_time
    assert 0 < stopped.effort.played < whole.effort.played
    again = sim.plan(morning(), workers=1, resume=journal)
    assert (again.headcounts, again.out_of_time) == (whole.headcounts, False)
    assert again.effort.recalled > 0
    assert again.effort.recalled + again.effort.played == whole.effort.played


@pytest.mark.slow
def test_a_plan_that_was_killed_goes_on(tmp_path: Path) -> None:
    """Kill -9 in the middle: what was played is in the file."""
    path, journal = tmp_path / "desk.yaml", tmp_path / "plan.db"
    path.write_text(morning().to_yaml(), encoding="utf-8")
    command = [
        sys.executable,
        "-c",
        "from sim.cli.main import main; main()",
        "plan",
        str(path),
        "--resume",
        str(journal),
    ]
    with subprocess.Popen(
        [*command, "--workers", "1"], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    ) as process:
        deadline = time.monotonic() + 120
        while _known(journal) < 500 and time.monotonic() < deadline:
            time.sleep(0.1)
        os.kill(process.pid, signal.SIGKILL)
    known = _known(journal)
    assert known >= 500
    again = sim.plan(morning(), resume=journal)
    assert again.effort.recalled >= known
    assert again.headcounts == sim.plan(morning()).headcounts


def _known(path: Path) -> int:
    if not path.exists():
        return 0
    with closing(Journal(path, Schedules(sim.loads(morning().to_yaml())), 1)) as journal:
        return int(journal.known)


def test_evaluations_of_another_scenario_or_seed_are_left_alone(tmp_path: Path) -> None:
    """What one plan keeps, another does not find."""
    sums = np.array([[1, 2], [3, 4]])
    schedules = Schedules(morning())
    other = Schedules(morning().with_changes({"demand.scale": "90 %"}))
    with closing(Journal(tmp_path / "j", schedules, 1)) as journal:
        journal.put((1, 2), 0, 2, sums, 2 * sums)
    with closing(Journal(tmp_path / "j", schedules, 1)) as kept:
        found = kept.get((1, 2), 0, 2)
        assert found is not None
        assert (found[0] == sums).all()
        assert (found[1] == 2 * sums).all()
        assert kept.known == 2
        assert kept.get((1, 3), 0, 2) is None
        assert kept.get((1, 2), 2, 2) is None
    for another in (Journal(tmp_path / "j", schedules, 2), Journal(tmp_path / "j", other, 1)):
        with closing(another):
            assert another.get((1, 2), 0, 2) is None


def test_what_is_known_of_replications_is_told_up_to_the_first_gap(tmp_path: Path) -> None:
    """Replications 10 to 13 and 13 to 15 were played, and 16: of those from 11 on four are known, whoever asked."""
    sums = np.arange(20).reshape(10, 2)
    with closing(Journal(tmp_path / "j", Schedules(morning()), 1)) as journal:
        for begin, end in ((0, 3), (3, 5), (6, 7)):
            journal.put((1, 2), 10 + begin, end - begin, sums[begin:end], -sums[begin:end])
        found = journal.get((1, 2), 11, 20)
        assert found is not None
        assert found[0].tolist() == sums[1:5].tolist()
        assert found[1].tolist() == (-sums[1:5]).tolist()
        assert [len(part) for part in journal.get((1, 2), 10, 2) or ()] == [2, 2]
        assert journal.get((1, 2), 15, 2) is None


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        (morning(), morning(SERVICE.replace("80 %", "95 %")), True),
        (morning(), morning(plan="{objective: headcount, shifts: {clerks: {early: 0..6, late: 1..6}}}"), True),
        (morning(), morning(SERVICE.replace("20 s", "30 s")), False),
        (morning(RISKY), morning(RISKY.replace("at_least: 80 %", "at_least: 90 %")), False),
        (morning(RISKY), morning(RISKY.replace("risk: 90 %", "risk: 95 %")), False),
        (morning(SLOWEST), morning(SLOWEST.replace("60 s", "90 s")), False),
        (morning(), morning(shifts=SHIFTS.replace("09:00-11:00", "09:00-11:30")), False),
    ],
    ids=["bound", "what may change", "deadline", "bound with risk", "risk", "percentile", "shift"],
)
def test_plans_share_what_is_played_and_counted_alike(one: Scenario, other: Scenario, same: bool) -> None:
    """A bound is held against sums that do not know it, but for periods that keep it and values within it."""
    assert (played_as(Schedules(one)) == played_as(Schedules(other))) == same


def test_a_plan_of_another_bound_plays_less_and_finds_the_same(short_blocks: Sizes, tmp_path: Path) -> None:
    """It recalls of the first plan's evaluations what it needs, and judges them by its own bound."""
    stricter = morning(SERVICE.replace("80 %", "90 %"))
    alone = sim.plan(stricter, workers=1)
    sim.plan(morning(), workers=1, resume=tmp_path / "j")
    beside = sim.plan(stricter, workers=1, resume=tmp_path / "j")
    assert (beside.headcounts, beside.targets().equals(alone.targets())) == (alone.headcounts, True)
    assert beside.effort.recalled > 0
    assert beside.effort.played + beside.effort.recalled == alone.effort.played


def test_a_file_that_is_no_journal_is_refused(tmp_path: Path) -> None:
    """It says which file and what to do."""
    (tmp_path / "notes.txt").write_text("not a database, but long enough to be looked at\n" * 50)
    with pytest.raises(JournalError, match=r"notes\.txt: cannot be used as a journal of evaluations"):
        Journal(tmp_path / "notes.txt", Schedules(morning()), 1)
    with pytest.raises(JournalError, match="is a folder; name a file"):
        Journal(tmp_path, Schedules(morning()), 1)
