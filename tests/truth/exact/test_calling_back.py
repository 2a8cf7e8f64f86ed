"""The call-back chain against what is known at its edges."""

from __future__ import annotations

from typing import Any

import pytest

from sim.staffing.erlang import erlang_a, erlang_c
from tests.truth.exact.calling_back import CallBackFigures, calling_back


def desk(**changed: Any) -> CallBackFigures:
    """Solve two agents for 100 calls an hour of a minute, with patience of a minute."""
    given: dict[str, Any] = {
        "arrivals": 100 / 3600,
        "handled": 1 / 60,
        "leaving": 1 / 60,
        "agents": 2,
        "threshold": 1,
        "accepted": 0.5,
        "connects": 1.0,
        "behind": True,
        "room": (25, 100),
    }
    return calling_back(**{**given, **changed})


@pytest.mark.parametrize("behind", [True, False])
def test_if_everybody_accepts_at_once_who_waits_is_endlessly_patient(behind: bool) -> None:
    """Erlang C: nobody waits on the line, and every call-back is reached."""
    figures = desk(threshold=0, accepted=1.0, behind=behind, room=(1, 200))
    queue = erlang_c(arrivals_per_hour=100, handle_time_s=60, agents=2)
    assert figures.abandonment == 0
    assert figures.accepted == pytest.approx(100 / 3600 * queue.waits, rel=1e-9)
    assert figures.delay == pytest.approx(queue.mean_wait_s / queue.waits, rel=1e-9)
    assert figures.occupancy == pytest.approx(queue.occupancy, rel=1e-9)


def test_an_offer_that_hardly_ever_comes_leaves_the_impatient_queue() -> None:
    """Erlang A."""
    figures = desk(threshold=20, room=(30, 2))
    queue = erlang_a(arrivals_per_hour=100, handle_time_s=60, patience_s=60, agents=2)
    assert figures.abandonment == pytest.approx(queue.abandonment, rel=1e-7)
    assert figures.queue_length == pytest.approx(queue.queue_length, rel=1e-7)
    assert figures.occupancy == pytest.approx(queue.occupancy, rel=1e-7)


@pytest.mark.parametrize("changes", [{}, {"behind": False, "accepted": 1.0, "room": (2, 60)}])
def test_the_agents_do_the_work_of_all_who_are_reached(changes: dict[str, Any]) -> None:
    """What comes, less the abandoned, less the accepted who are not reached."""
    figures = desk(connects=0.6, **changes)
    handled = 100 / 3600 * (1 - figures.abandonment) - figures.accepted * 0.4
    assert figures.occupancy * 2 == pytest.approx(handled * 60, rel=1e-9)
