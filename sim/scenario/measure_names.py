"""The measures that targets, tolerances and reports may name, and what each takes.

Definitions are with the code that computes them; here is only what the scenario needs to know to check a target.
"""

from dataclasses import dataclass

BREAKDOWNS = ("channel", "contact_type", "tier", "agent_group", "customer", "language", "attempt")
"""What a target may be narrowed by."""
PERIODS = ("week", "day", "hour", "interval")
ATTEMPTS = ("first", "retry", "repeat", "chaser")
READINGS = ("offered", "answered", "short_out", "settled")
"""Readings of service level, by what it divides."""

INQUIRIES = ("channel", "contact_type", "customer", "language")
CONTACTS = (*INQUIRIES, "attempt")
LEGS = ("tier", *CONTACTS)
HANDLED = (*LEGS, "agent_group")
AGENTS = ("agent_group", "tier")
PERCENTILES = ("p50", "p80", "p90", "p95", "p99", "max")


@dataclass(frozen=True)
class MeasureName:
    """What may be said of a measure."""

    unit: str
    """Of the value that is bounded: share, duration, count, money, score, or number."""
    by: tuple[tuple[str, ...], ...]
    """What it can be narrowed by: any of one of these."""
    within: str = "no"
    """Whether it takes a deadline: no; yes (it must); may (with one the value is a share, without a mean duration)."""

    def narrows_by(self, keys: frozenset[str]) -> bool:
        """Tell whether it can be narrowed by all of these at once."""
        return any(keys <= set(dimensions) for dimensions in self.by)


MEASURES = {
    "arrived": MeasureName("count", (CONTACTS,)),
    "offered": MeasureName("count", (CONTACTS, LEGS)),
    "answered": MeasureName("count", (CONTACTS, HANDLED)),
    "waited": MeasureName("share", (CONTACTS, LEGS)),
    "service_level": MeasureName("share", (CONTACTS, LEGS), within="yes"),
    "not_yet_due": MeasureName("count", (CONTACTS,), within="yes"),
    "average_speed_of_answer": MeasureName("duration", (CONTACTS, HANDLED)),
    "wait": MeasureName("duration", (CONTACTS, LEGS)),
    **{f"wait_{name}": MeasureName("duration", (CONTACTS, HANDLED)) for name in PERCENTILES},
    "abandonment": MeasureName("share", (CONTACTS, LEGS)),
    "busy": MeasureName("share", (CONTACTS,)),
    "blocked": MeasureName("share", (CONTACTS,)),
    "refused": MeasureName("share", (CONTACTS,)),
    "disconnected": MeasureName("share", (CONTACTS,)),
    "open_at_end": MeasureName("count", (CONTACTS,)),
    "queue_length": MeasureName("number", (LEGS,)),
    "backlog": MeasureName("number", (LEGS,)),
    "backlog_oldest": MeasureName("duration", (("channel",), ("contact_type",), ("tier",))),
    "agents_busy": MeasureName("number", (AGENTS,)),
    "agents_free": MeasureName("number", (AGENTS,)),
    "agents_on_duty": MeasureName("number", (AGENTS,)),
    "call_backs": MeasureName("count", (CONTACTS,)),
    "call_back_delay": MeasureName("duration", (CONTACTS,)),
    "call_backs_kept": MeasureName("share", (CONTACTS,)),
    "reached": MeasureName("share", (CONTACTS,)),
    "in_time": MeasureName("share", (CONTACTS,)),
    "dials": MeasureName("number", (CONTACTS,)),
    "containment": MeasureName("share", (INQUIRIES,)),
    "self_service": MeasureName("count", (("channel", "contact_type"),)),
    "work_saved": MeasureName("number", (INQUIRIES,)),
    "first_response": MeasureName("share", (CONTACTS,), within="may"),
    **{f"first_response_{name}": MeasureName("duration", (CONTACTS,)) for name in PERCENTILES},
    "resolution": MeasureName("share", (INQUIRIES,), within="may"),
    **{f"resolution_{name}": MeasureName("duration", (INQUIRIES,)) for name in PERCENTILES},
    "first_contact_resolution": MeasureName("share", (CONTACTS,)),
    "inquiries": MeasureName("count", (INQUIRIES,)),
    "inquiries_resolved": MeasureName("count", (INQUIRIES,)),
    "contacts_per_inquiry": MeasureName("number", (INQUIRIES,)),
    "reached_nobody": MeasureName("share", (INQUIRIES,)),
    "escalation": MeasureName("share", (CONTACTS, HANDLED)),
    "returned": MeasureName("share", (CONTACTS, HANDLED)),
    "transfer": MeasureName("number", (CONTACTS,)),
    "repeat": MeasureName("number", (CONTACTS,)),
    "retry": MeasureName("number", (CONTACTS,)),
    "exchange": MeasureName("number", (CONTACTS,)),
    "occupancy": MeasureName("share", (AGENTS,)),
    "slot_occupancy": MeasureName("share", (AGENTS,)),
    "utilisation": MeasureName("share", (AGENTS,)),
    "handle_time": MeasureName("duration", (HANDLED,)),
    "silent_leavers_time": MeasureName("number", (HANDLED,)),
    "staff_hours": MeasureName("number", (AGENTS,)),
    "overtime": MeasureName("number", (AGENTS,)),
    "cost": MeasureName("money", (AGENTS,)),
    "cost_per_resolved": MeasureName("money", ((),)),
    "satisfaction": MeasureName("score", (CONTACTS,)),
    "nps": MeasureName("number", (CONTACTS,)),
    "churn": MeasureName("number", (INQUIRIES,)),
}
"""Every measure by name."""
