"""How long talk and wrap-up take in whose hands."""

from __future__ import annotations

from typing import Final

import numpy as np

from sim.demand.hand import AttemptKind
from sim.engine.compiled.rule import hot, rule
from sim.engine.compiled.state import (
    AGENT,
    AGENT_GROUP,
    AGENT_NUMBER,
    COMES_AS,
    GROUP_NUMBER,
    NEW,
    NOW,
    OF_CASE,
    QUEUE,
    QUEUE_NUMBER,
    RAMP_STEP,
    TALK,
    WRAP_UP,
    Desk,
)

REPEAT: Final = int(AttemptKind.REPEAT)

ON_TALK: Final = 0
ON_TALK_OF_REPEATS: Final = 1
ON_WRAP_UP: Final = 2

LONGEST: Final = 2**42
"""ms; no horizon is as long, and in millionths it still fits into 63 bits."""


@hot
def talk_length(desk: Desk, leg: int) -> int:
    """Return the length (ms) of a talk that its agent begins now."""
    s = desk.state
    return _length(desk, leg, s[leg + TALK], ON_TALK + (s[s[leg + OF_CASE] + COMES_AS] == REPEAT))


@hot
def wrap_up_length(desk: Desk, leg: int) -> int:
    """Return the length (ms) of a wrap-up that its agent begins now."""
    return _length(desk, leg, desk.state[leg + WRAP_UP], ON_WRAP_UP)


@rule
def rounded(length: float) -> int:
    """Return a length in whole ms, half to even."""
    return int(min(np.rint(length), float(LONGEST)))


@hot
def _length(desk: Desk, leg: int, dealt: int, which: int) -> int:
    s = desk.state
    if dealt == 0:
        return 0
    agent = s[leg + AGENT]
    group = s[agent + AGENT_GROUP]
    number = s[group + GROUP_NUMBER]
    length = rounded(dealt * desk.factors[number, which, s[s[leg + QUEUE] + QUEUE_NUMBER]])
    if desk.speed.shape[0] > 0:
        length = rounded(length * desk.speed[s[agent + AGENT_NUMBER]])
    if s[agent + NEW]:
        step = min(s[NOW] // s[group + RAMP_STEP], desk.ramp.shape[1] - 1)
        length = rounded(length * desk.ramp[number, step])
    return length
