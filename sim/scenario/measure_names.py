"""The measures that targets, tolerances and reports may name, and what each takes.

Definitions are with the code that computes them; here is only what the scenario needs to know to check a target.
"""

from dataclasses import dataclass

BREAKDOWNS = ("channel", "contact_type", "tier", "agent_group", "customer", "language", "attempt")
"""What a target may be narrowed by."""
CONTACTS = ("channel", "contact_type", "tier", "customer", "language", "attempt")
AGENTS = ("agent_group", "tier")
PERIODS = ("week", "day", "hour", "interval")
ATTEMPTS = ("first", "retry", "repeat")
READINGS = ("offered", "answered", "short_out", "settled")
"""Readings of service level, by what it divides."""


@dataclass(frozen=True)
class MeasureName:
    """What may be said of a measure."""

    unit: str
    """Of the value that is bounded: share, duration, count, money, score, or number."""
    by: tuple[str, ...] = CONTACTS
    """Breakdowns that make sense."""
    within: str = "no"
    """Whether it takes a deadline: no; yes (it must); may (with one the value is a share, without a mean duration)."""


MEASURES = {
    "offered": MeasureName("count"),
    "answered": MeasureName("count"),
    "waited": MeasureName("share"),
    "service_level": MeasureName("share", within="yes"),
    "average_speed_of_answer": MeasureName("duration"),
    "wait": MeasureName("duration"),
    "wait_p50": MeasureName("duration"),
    "wait_p80": MeasureName("duration"),
    "wait_p90": MeasureName("duration"),
    "wait_p95": MeasureName("duration"),
    "wait_p99": MeasureName("duration"),
    "wait_max": MeasureName("duration"),
    "abandonment": MeasureName("share"),
    "busy": MeasureName("share", ("channel", "contact_type", "customer", "language", "attempt")),
    "blocked": MeasureName("share", ("channel", "contact_type", "customer", "language", "attempt")),
    "refused": MeasureName("share", ("channel", "contact_type", "customer", "language", "attempt")),
    "disconnected": MeasureName("share", ("channel", "contact_type", "customer", "language", "attempt")),
    "queue_length": MeasureName("number"),
    "backlog": MeasureName("number"),
    "agents_busy": MeasureName("number", AGENTS),
    "agents_free": MeasureName("number", AGENTS),
    "agents_on_duty": MeasureName("number", AGENTS),
    "call_backs_kept": MeasureName("share"),
    "containment": MeasureName("share", ("channel", "contact_type", "customer", "language")),
    "first_response": MeasureName("share", within="may"),
    "resolution": MeasureName("share", ("channel", "contact_type", "customer", "language"), within="may"),
    "first_contact_resolution": MeasureName("share", ("channel", "contact_type", "customer", "language")),
    "escalation": MeasureName("share"),
    "transfer": MeasureName("number"),
    "repeat": MeasureName("share"),
    "retry": MeasureName("share"),
    "occupancy": MeasureName("share", AGENTS),
    "slot_occupancy": MeasureName("share", AGENTS),
    "utilisation": MeasureName("share", AGENTS),
    "handle_time": MeasureName("duration", BREAKDOWNS),
    "staff_hours": MeasureName("number", AGENTS),
    "overtime": MeasureName("number", AGENTS),
    "cost": MeasureName("money", AGENTS),
    "cost_per_resolved": MeasureName("money", ()),
    "satisfaction": MeasureName("score"),
    "nps": MeasureName("number"),
    "churn": MeasureName("number", ("channel", "contact_type", "customer", "language")),
}
"""Every measure by name."""
