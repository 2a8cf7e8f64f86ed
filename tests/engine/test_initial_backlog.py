"""Cases that wait at the start, worked by hand."""

import pytest
import yaml

from sim.engine.rules import End
from sim.experiment.replicate import run
from sim.scenario.load import loads
from tests.engine.timeline import Tree, call, constant, desk, tell


def two_waiting(**more: object) -> Tree:
    """Return a desk with cases of 50 and 150 s waiting, each 60 s of work, and one that comes at 10."""
    tree = desk({"email": [call(10, 30)]}, channels={"email": {"waiting": "backlog", **BACKLOG}}, **more)
    tree["contact_types"]["question"]["handling"]["first"]["handle_time"] = constant(60)
    return tree


BACKLOG = {"initial_backlog": {"waiting": 2, "oldest": "200 s"}}


def test_the_oldest_is_taken_first_at_the_start() -> None:
    told = tell(two_waiting())
    assert [(stay.enter, stay.leave) for stay in told.stays] == [(-150, 0), (-50, 60), (10, 120)]
    assert told.times == {0: (-150, 60), 1: (-50, 120), 2: (10, 150)}
    assert set(told.ends.values()) == {End.RESOLVED}


def test_after_counts_from_when_they_came() -> None:
    groups = {"clerks": {"tier": "first", "headcount": 1, "serves": [{"after": "100 s"}]}}
    told = tell(two_waiting(agent_groups=groups))
    # 150 s have passed at the start; the other's 100 s pass at 50, while the agent is busy; the last one's at 110.
    assert [stay.leave for stay in told.stays] == [0, 60, 120]


def test_they_have_passed_the_door_and_self_service() -> None:
    hours = {"late": {"mon": "00:10-00:20"}}
    bot = {"bot": {"channels": ["email"], "takes": constant(5), "resolves": "100 %"}}
    tree = two_waiting(opening_hours=hours, self_service=bot)
    tree["channels"]["email"] |= {"open": "late", "when_closed": "refuse"}
    told = tell(tree)
    assert told.ends == {0: End.RESOLVED, 1: End.RESOLVED, 2: End.REFUSED}


def test_they_count_in_backlog_and_work_and_not_in_shares() -> None:
    """Open for 60, 120 and 140 s, busy for 150 s; one arrived and had its reply after 140 s."""
    result = run(
        loads(yaml.safe_dump(two_waiting(time={"length": "1 h", "interval": "1 min"}))), replications=1, seed=1
    )

    def figure(name: str, **where: object) -> float:
        return float(result.measure(name, **where)["estimate"].iloc[0])

    assert figure("arrived") == 1
    assert figure("first_response_max") == pytest.approx(140, rel=0.002)
    assert figure("backlog") * 3600 == pytest.approx(60 + 120 + 140)
    assert figure("occupancy") == pytest.approx(150 / 3600)
    assert figure("backlog_oldest", per="interval") == pytest.approx(150 + 60, abs=0.01)
