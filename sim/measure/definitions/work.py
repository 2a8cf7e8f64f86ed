"""Definitions of what agents' time goes into, and what it costs."""

from __future__ import annotations

from sim.measure.definitions.formulas import DIMENSIONS, LEGS, Ask, Formula, Ratio, measure
from sim.measure.periods import HOUR_MS

AGENTS = DIMENSIONS["agents"]


@measure("agents", AGENTS, readings=("mean", "maximum"))
def agents_busy(ask: Ask) -> Formula:
    """Agents with work in hand (talk, wrap-up, briefing, holding), on duty or beyond.

    Readings: `mean` over the period's time; `maximum`: the most at once, mean over replications.
    """
    if ask.reading == "maximum":
        return Ratio("peaks", {"busy": 1})
    return Ratio("agents", {"busy": 1, "beyond": 1}, over_time=True)


@measure("agents", AGENTS, readings=("mean", "maximum"))
def agents_free(ask: Ask) -> Formula:
    """Agents on duty with empty hands.

    Readings: `mean` over the period's time; `maximum`: the most at once, mean over replications.
    """
    if ask.reading == "maximum":
        return Ratio("peaks", {"free": 1})
    return Ratio("agents", {"duty": 1, "busy": -1}, over_time=True)


@measure("agents", AGENTS, readings=("mean", "maximum"))
def agents_on_duty(ask: Ask) -> Formula:
    """Agents on duty, free or with work in hand.

    Readings: `mean` over the period's time; `maximum`: the most at once, mean over replications.
    """
    if ask.reading == "maximum":
        return Ratio("peaks", {"duty": 1})
    return Ratio("agents", {"duty": 1}, over_time=True)


@measure("share", AGENTS)
def occupancy(_ask: Ask) -> Formula:
    """Handling ÷ (handling + free) of on-duty time.

    Holding the line counts as handling; parked work and what runs into breaks or overtime do not; with slots any work
    counts.
    """
    return Ratio("agents", {"busy": 1}, {"duty": 1})


@measure("share", AGENTS)
def slot_occupancy(_ask: Ask) -> Formula:
    """Slot-time occupied ÷ slot-time on duty: a piece of work with slots takes 1/limit of an agent, other work all."""
    return Ratio("agents", {"slots_used": 1}, {"slots": 1})


@measure("share", AGENTS)
def utilisation(_ask: Ask) -> Formula:
    """Handling, what runs into breaks and overtime included, ÷ paid time."""
    return Ratio("agents", {"busy": 1, "beyond": 1}, {"paid": 1})


@measure("s", LEGS, readings=("both", "talk", "wrap_up", "holding"))
def handle_time(ask: Ask) -> Formula:
    """Mean time of a handled leg as experienced (slower while sharing, parked time apart), s.

    Readings: `both` talk and wrap-up; `talk`, with the briefing it began with; `wrap_up`; `holding` the line in warm
    handovers.
    """
    top = {ask.reading: 1} if ask.reading in {"talk", "wrap_up", "holding"} else {"talk": 1, "wrap_up": 1}
    return Ratio("legs", top, {"handled": 1}, scale=1000)


@measure("h", LEGS)
def silent_leavers_time(_ask: Ask) -> Formula:
    """Agents' hours per replication that went into finding out that a customer had left silently.

    Of those who entered the queue in the period and were found out about before the end. Handle times leave it out;
    agents' busy time has it.
    """
    return Ratio("legs", {"detection": 1}, scale=HOUR_MS)


@measure("h", AGENTS)
def staff_hours(_ask: Ask) -> Formula:
    """Paid hours per replication: unpaid breaks out, absence in, overtime apart."""
    return Ratio("agents", {"paid": 1}, scale=HOUR_MS)


@measure("h", AGENTS)
def overtime(_ask: Ask) -> Formula:
    """Hours with work in hand after the end of the shift (of the number, where staffed by numbers), per replication."""
    return Ratio("agents", {"overtime": 1}, scale=HOUR_MS)


@measure("currency", DIMENSIONS["costs"])
def cost(_ask: Ask) -> Formula:
    """Cost per replication: people by paid hour or shift, overtime at `pay`, self-service by contact, assists, lines.

    Assists and lines paid by the hour or month cost that all the time (a month is 30.4375 days); assists paid by
    contact cost each stay in a queue that ends with an agent whom they help.
    """
    return Ratio("costs", {"cost": 1}, scale=1000)


@measure("currency")
def cost_per_resolved(_ask: Ask) -> Formula:
    """Cost ÷ inquiries resolved in the period."""
    return Ratio("costs", {"cost": 1}, {"resolved": 1}, scale=1000)
