"""What the compiled engine knows of a Program, a Hand and an Outcome: what is new to it may change what happens."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import fields, is_dataclass
from types import ModuleType
from typing import Final

from sim.demand import hand
from sim.engine import outcome, program

KNOWN: Final[dict[str, str]] = {
    "Channels": (
        "live open clock when_closed clears_at_closing lines queue_limit detected_after retry_when most_exchanges"
        " chased_on"
    ),
    "Stages": "open limit harder_rest",
    "Dialling": "outbound offer_wait offer_waiting behind dial again_after tries",
    "Tiers": "handover clock warm_limit first misrouted_to number position resolved escalated returns",
    "Queues": "tier contact_type channel language priority due of rows",
    "Rows": "group rank after keep_free interruptible due_first queues",
    "Groups": "tier first_row by_numbers slot_limit slot_pace",
    "Effects": "talk talk_of_repeats wrap_up resolved ramp_step ramp",
    "Program": "length channels dialling stages tiers queues rows groups effects head_start",
    "Inquiries": "contact_type channel customer language first_contact",
    "Contacts": (
        "inquiry attempt kind contact_type channel at balks silent skips_self_service accepts_call_back "
        "reached_on misrouted retry retry_after repeat repeat_after first_stage_mark first_tier_mark"
    ),
    "StageMarks": "stage takes outcome",
    "TierMarks": "tier talk wrap_up patience briefing decide sent_back",
    "Appointments": "mark delay",
    "Exchanges": "mark reply_after talk wrap_up",
    "Agents": (
        "group shift index speed new first_span span_start span_end span_pause span_shift_end step_group "
        "step_at step_number first_paid paid_start paid_end first_shift shift_begin"
    ),
    "Hand": "seed replication inquiries contacts stage_marks tier_marks appointments exchanges agents",
    "ContactRecords": "contact begin end how stage call_back",
    "VisitRecords": "contact stage begin end outcome",
    "LegRecords": (
        "contact queue backlog enter leave left found agent row briefing talk_end talk dialled parked "
        "hold_end wrap_up_end handled"
    ),
    "AgentRecords": "duty_agent duty_begin duty_end busy_agent busy_begin busy_end",
    "Outcome": "contacts visits legs agents",
}
"""Columns by class."""


def unknown_columns() -> tuple[str, ...]:
    """Return what a Program, a Hand or an Outcome has of which no rule here knows, as `Class.column`."""
    return tuple(name for module in (program, hand, outcome) for name in _unknown(module))


def _unknown(module: ModuleType) -> Iterator[str]:
    for kind in vars(module).values():
        if isinstance(kind, type) and is_dataclass(kind) and kind.__module__ == module.__name__:
            known = KNOWN.get(kind.__name__, "").split()
            yield from (f"{kind.__name__}.{column.name}" for column in fields(kind) if column.name not in known)
