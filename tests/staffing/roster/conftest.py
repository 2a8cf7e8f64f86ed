"""Rosters are solved in this process, which saves the start of another for each."""

import pytest

from sim.staffing.roster import stages
from sim.staffing.solver import solve_here


@pytest.fixture(autouse=True)
def _here(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(stages, "solve", solve_here)
