"""Work that runs into a break puts the break off; only work after the shift is overtime."""

import pytest
import yaml

from sim.experiment.replicate import run
from sim.scenario.load import loads
from tests.engine.timeline import call, desk

SHIFT = {"days": "mon", "hours": "00:00-00:30", "headcount": 1, "breaks": [{"length": "5 min", "at": "00:05"}]}


def test_only_what_is_finished_after_the_shift_is_overtime_and_paid_as_such() -> None:
    """One call runs 60 s into the break, another 100 s past the shift: 100 s of overtime at 36 an hour cost 1."""
    groups = {"clerks": {"tier": "first", "cost": "36 per hour", "shifts": {"day": SHIFT}}}
    tree = desk({"phone": [call(290, 70), call(1700, 200)]}, agent_groups=groups)
    result = run(loads(yaml.safe_dump(tree)), replications=1, seed=1)
    agent = result.agents().iloc[0]
    # On duty from 0 to 300 and, after the break from 360 to 660, to 1800.
    assert agent["on_duty_h"] * 3600 == pytest.approx(300 + 1140)
    assert agent["busy_h"] * 3600 == pytest.approx(10 + 100)
    assert agent["busy_beyond_duty_h"] * 3600 == pytest.approx(60 + 100)
    assert agent["overtime_h"] * 3600 == pytest.approx(100)
    assert result.measure("overtime")["estimate"].item() * 3600 == pytest.approx(100)
    assert result.measure("cost")["estimate"].item() == pytest.approx(36 * 25 / 60 + 1)
