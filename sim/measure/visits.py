"""The account of self-service: visits of contacts to stages, in the slot in which they began."""

from __future__ import annotations

import numpy as np

from sim.demand.hand import StageOutcome
from sim.engine.rules import MISSING
from sim.measure.joined import Joined
from sim.measure.tally import Sums, Tally


def visit_sums(joined: Joined) -> Sums:
    """Add up the visits of contacts that arrived in measured time: how many met a stage, and what it did with them."""
    tally = Tally(joined.frame.visits, joined.frame.periods)
    contacts, visits = joined.outcome.contacts, joined.outcome.visits
    of = np.searchsorted(contacts.contact, visits.contact)
    counted = contacts.begin[of] >= tally.periods.begin
    cell = tally.cells.number(stage=visits.stage, channel=joined.channel[of], contact_type=joined.contact_type[of])
    slot = tally.periods.slot_of(visits.begin)
    ended = counted & (visits.end != MISSING)
    tally.count("met", cell, slot, counted)
    tally.count("ended", cell, slot, ended)
    tally.count("time", cell, slot, ended, visits.end - visits.begin)
    for outcome in StageOutcome:
        tally.count(outcome.name.lower(), cell, slot, ended & (visits.outcome == outcome))
    return tally.sums()
