"""What work comes to in a group's hands: factors on its length and the odds of resolving, worked out once.

Rules
-----
- Talk is multiplied by the product of the `handle_time` of all assists that apply, divided by the group's `pace`, and
  where history is `shared` at every tier after a type's first, which gets the contact escalated, multiplied by
  `history.escalated_handle_time`, and at every tier for repeats by `history.repeat_handle_time`.
  Wrap-up is multiplied by the assists' `wrap_up` alone.
- The odds of resolving, p / (1 − p), are multiplied by e to the sum of the `resolved` of all assists that apply and of
  the slots' `resolved_when_sharing`, and by `pace` to the power `quality.pace_effect.resolved`. A share of 0 or 100 %
  stays as it is.
- `ramp`: a new person's talk and wrap-up are multiplied by the factor of the step that the instant lies in, counted
  from the scenario's start; by 1 after the last step.
"""

from __future__ import annotations

from math import exp, log
from typing import TYPE_CHECKING, Final

import numpy as np

from sim.engine.program import Effects, Tiers

if TYPE_CHECKING:
    from sim.engine.program import Floats, Ints
    from sim.scenario.model.agent_groups import AgentGroup, Slots
    from sim.scenario.model.quality import Assist
    from sim.scenario.names import Names
    from sim.scenario.schema import Scenario


MOST_LOG_ODDS: Final = 700.0
"""The exponential of more is too large for a float."""


def effects(scenario: Scenario, names: Names, tiers: Tiers) -> Effects:
    """Work out what groups make of the work that the tiers state.

    Parameters
    ----------
    tiers
        With the stated shares resolved and each type's first tier.
    """
    groups = [scenario.agent_groups[name] for name in names.groups]
    highest = max((slots.limit for group in groups for slots in group.slots.values()), default=1)
    shape = len(groups), len(names.contact_types), len(names.tiers), len(names.channels)
    talk: Floats = np.ones(shape)
    wrap_up: Floats = np.ones(shape)
    log_odds: Floats = np.zeros((*shape, highest + 1))
    if scenario.history.shared:
        escalated = np.arange(len(names.tiers)) > tiers.first[:, None]
        talk[:, escalated] *= scenario.history.escalated_handle_time
    for assist in scenario.assists.values():
        where = applies_to(assist, names)
        talk[where] *= assist.handle_time
        wrap_up[where] *= assist.wrap_up
        log_odds[where] += assist.resolved
    for g, group in enumerate(groups):
        talk[g] /= group.pace
        log_odds[g] += scenario.quality.pace_effect.resolved * log(group.pace)
        for channel, slots in group.slots.items():
            log_odds[g, :, :, names.channels.index(channel)] += _when_sharing(slots, highest)
    stated = np.broadcast_to(tiers.resolved[None, ..., None], log_odds.shape)
    repeats = talk * (scenario.history.repeat_handle_time if scenario.history.shared else 1.0)
    return Effects(talk, repeats, wrap_up, _shifted(stated, log_odds), *_ramps(groups, scenario.time.length))


def applies_to(assist: Assist, names: Names) -> tuple[Ints, ...]:
    """Give the (groups, types, tiers, channels) that an assist applies to, as an index."""
    chosen = (
        [place for place, name in enumerate(known) if wanted is None or name in wanted]
        for known, wanted in (
            (names.groups, assist.agent_groups),
            (names.contact_types, assist.contact_types),
            (names.tiers, assist.tiers),
            (names.channels, assist.channels),
        )
    )
    return np.ix_(*(np.array(places, dtype=np.int64) for places in chosen))


def _when_sharing(slots: Slots, highest: int) -> Floats:
    """Give the change of the log-odds by occupied slots, from 0."""
    change: Floats = np.zeros(highest + 1)
    change[1 : slots.limit + 1] = slots.resolved_when_sharing or 0.0
    return change


def _shifted(share: Floats, log_odds: Floats) -> Floats:
    """Give shares whose odds are multiplied by e to the given power; exactly the same ones where it is 0."""
    shifted = np.array(share)
    for at in zip(*np.nonzero((log_odds != 0) & (share > 0) & (share < 1)), strict=True):
        shifted[at] = 1 / (1 + (1 - share[at]) / share[at] * exp(min(-log_odds[at], MOST_LOG_ODDS)))
    return shifted


def _ramps(groups: list[AgentGroup], length: int) -> tuple[Ints, Floats]:
    steps = max((len(group.ramp.handle_time) for group in groups if group.ramp), default=0)
    factors: Floats = np.ones((len(groups), steps + 1))
    for g, group in enumerate(groups):
        if group.ramp is not None:
            factors[g, : len(group.ramp.handle_time)] = group.ramp.handle_time
    return np.array([group.ramp.per if group.ramp else length for group in groups], dtype=np.int64), factors
