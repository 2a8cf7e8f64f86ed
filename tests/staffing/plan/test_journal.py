"""The journal of evaluations: a plan that was ended goes on where it was, and plays nothing twice."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pytest

import sim
from sim.staffing.errors import JournalError
from sim.staffing.plan.evaluation import Sizes
from sim.staffing.plan.journal import Journal
from sim.staffing.plan.planning import PlanProgress
from tests.staffing.plan.desk import morning


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
    journal = Journal(path, sim.loads(morning().to_yaml()), 1)
    try:
        return int(journal.known)
    finally:
        journal.close()


def test_evaluations_of_another_scenario_or_seed_are_left_alone(tmp_path: Path) -> None:
    """What one plan keeps, another does not find."""
    sums = np.array([[1, 2], [3, 4]])
    scenario, other = morning(), morning().with_changes({"demand.scale": "90 %"})
    Journal(tmp_path / "j", scenario, 1).put((1, 2), 0, 2, sums, 2 * sums)
    kept = Journal(tmp_path / "j", scenario, 1)
    found = kept.get((1, 2), 0, 2)
    assert found is not None
    assert (found[0] == sums).all()
    assert (found[1] == 2 * sums).all()
    assert kept.known == 2
    assert kept.get((1, 3), 0, 2) is None
    assert kept.get((1, 2), 1, 2) is None
    assert Journal(tmp_path / "j", scenario, 2).get((1, 2), 0, 2) is None
    assert Journal(tmp_path / "j", other, 1).get((1, 2), 0, 2) is None


def test_a_file_that_is_no_journal_is_refused(tmp_path: Path) -> None:
    """It says which file and what to do."""
    (tmp_path / "notes.txt").write_text("not a database, but long enough to be looked at\n" * 50)
    with pytest.raises(JournalError, match=r"notes\.txt: cannot be used as a journal of evaluations"):
        Journal(tmp_path / "notes.txt", morning(), 1)
    with pytest.raises(JournalError, match="is a folder; name a file"):
        Journal(tmp_path, morning(), 1)
