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


def test_overtime_costs_its_pay_and_a_night_shift_is_paid_once() -> None:
    """A shift from 22:00 to 06:00 with a break after midnight costs 150; 100 s after it, at 54 an hour, cost 1.5.

    Clerks in London, at 36 an hour from 09:00 to 10:00, are there at 17:00 in Tokyo: 36.
    """
    night = {"days": "mon", "hours": "22:00-06:00", "headcount": 1, "cost": "150 each"}
    night["breaks"] = [{"length": "30 min", "at": "02:00"}]
    day = {"days": "mon", "hours": "09:00-10:00", "headcount": 1}
    groups = {
        "clerks": {"tier": "first", "cost": "36 per hour", "overtime": {"pay": "150 %"}, "shifts": {"night": night}},
        "london": {"tier": "first", "cost": "36 per hour", "zone": "Europe/London", "shifts": {"day": day}},
    }
    late = {"time": "2026-04-07 05:59:50", "handle_time": "110 s"}
    tree = desk({"phone": [late]}, agent_groups=groups, time={"length": "2 days", "zone": "Asia/Tokyo"})
    result = run(loads(yaml.safe_dump(tree)), replications=1, seed=1)
    costs = result.measure("cost", by="agent_group").set_index("agent_group")["estimate"]
    assert costs["clerks"] == pytest.approx(150 + 1.5)
    assert costs["london"] == pytest.approx(36)
    assert result.measure("overtime")["estimate"].item() * 3600 == pytest.approx(100)
