"""Lanes in which legs wait to be taken."""

from __future__ import annotations

from sim.engine.compiled.flags import raise_flag
from sim.engine.compiled.line import first, join, leave
from sim.engine.compiled.rule import hot, rule
from sim.engine.compiled.state import DUE_TREES, IN, LANE_FLAGS, LANE_SIZE, LANES, LEAF, TREE, Ints
from sim.engine.compiled.tournament import settle


@rule
def join_lane(s: Ints, lane: int, leg: int, key: int, tie: int) -> None:
    """Let a leg stand in a lane."""
    raise_flag(s, s[LANE_FLAGS], (lane - s[LANES]) // LANE_SIZE)
    join(s, lane, leg, key, tie)
    if s[DUE_TREES] != 0:
        _settle_by_due(s, lane)


@hot
def leave_lane(s: Ints, leg: int) -> None:
    """Let a leg leave the lane that it stands in, if any."""
    lane = abs(s[leg + IN])
    leave(s, leg)
    if lane != 0 and s[DUE_TREES] != 0:
        _settle_by_due(s, lane)


@rule
def _settle_by_due(s: Ints, lane: int) -> None:
    settle(s, s[lane + TREE] + s[DUE_TREES], s[lane + LEAF], first(s, lane))
