"""What each measure is: the docstring is the definition (who is counted, over what, unit, source), shown in reports.

Without a tier, waits, service level and abandonment judge a contact once, by its first human queue; by tier, queue or
group they judge legs there. Service figures belong to the period in which the contact entered its queue, shares of
arrivals and inquiries to that of the arrival, lengths, agents and costs to the clock. A share with a deadline judges only
those whose deadline lies before the end of the scenario, kept or broken.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from inspect import getdoc
from typing import Final

from sim.measure.periods import HOUR_MS

DIMENSIONS: Final[Mapping[str, tuple[str, ...]]] = {
    "contacts": ("channel", "contact_type", "customer", "attempt"),
    "legs": ("queue", "tier", "channel", "contact_type", "customer", "attempt", "agent_group"),
    "visits": ("stage", "channel", "contact_type"),
    "agents": ("agent_group", "tier", "shift"),
    "costs": ("agent_group", "tier", "stage", "part"),
    "leg_lines": ("channel", "contact_type", "tier", "queue"),
    "agent_lines": ("tier", "agent_group"),
}
"""What each kind of record can be told apart by. Lines: one at a time, for what does not add up."""

INQUIRY: Final = ("channel", "contact_type", "customer")
QUEUED: Final = ("queue", "tier", "channel", "contact_type", "customer", "attempt")
PERCENTILES: Final = {"p50": 0.5, "p80": 0.8, "p90": 0.9, "p95": 0.95, "p99": 0.99, "max": 1.0}

Terms = Mapping[str, int]
"""Counters and what each is multiplied by."""


@dataclass(frozen=True)
class Ratio:
    """A sum of counters over another, in totals; over nothing: per replication; over time: per ms of the period."""

    table: str
    top: Terms
    bottom: Terms | None = None
    over_time: bool = False
    scale: float = 1.0
    """What the quotient is divided by for the unit: 1000 from ms to s."""

    @property
    def counters(self) -> tuple[str, ...]:
        """All counters that it reads."""
        return tuple(sorted({*self.top, *(self.bottom or {})}))


@dataclass(frozen=True)
class Quantile:
    """A percentile of the values in a histogram, ms shown in s."""

    table: str
    histogram: str
    share: float
    scale: float = 1000.0


Formula = Ratio | Quantile


@dataclass(frozen=True)
class Ask:
    """What is asked of a measure."""

    dimensions: frozenset[str] = frozenset()
    """What it is broken down or narrowed by."""
    within: int | None = None
    """The deadline T, ms."""
    reading: str = ""

    def table(self, *tables: str) -> str:
        """Give the first of the tables that is told apart by all that was asked."""
        return next((table for table in tables if self.dimensions <= set(DIMENSIONS[table])), tables[-1])


@dataclass(frozen=True)
class Measure:
    """One measure."""

    name: str
    unit: str
    """share, s, h, contacts, inquiries, agents, currency, or number."""
    dimensions: tuple[tuple[str, ...], ...]
    """What it can be broken down by: any subset of one of these."""
    readings: tuple[str, ...]
    """The first is the default; empty if there is only one way to read it."""
    within: str
    """Whether it takes a deadline: no, yes (must), may."""
    formula: Callable[[Ask], Formula] = field(repr=False)

    @property
    def definition(self) -> str:
        """The definition in words."""
        return getdoc(self.formula) or ""


MEASURES: Final[dict[str, Measure]] = {}
"""Every measure that is simulated, by name."""


def _measure(
    unit: str, *dimensions: tuple[str, ...], readings: tuple[str, ...] = (), within: str = "no"
) -> Callable[[Callable[[Ask], Formula]], Callable[[Ask], Formula]]:
    def register(formula: Callable[[Ask], Formula]) -> Callable[[Ask], Formula]:
        MEASURES[formula.__name__] = Measure(formula.__name__, unit, dimensions, readings, within, formula)
        return formula

    return register


def _count(table: str, counter: str) -> Ratio:
    return Ratio(table, {counter: 1})


@_measure("contacts", DIMENSIONS["contacts"])
def arrived(_ask: Ask) -> Formula:
    """Contacts that arrived, those refused, busy or resolved by self-service included; mean number per replication."""
    return _count("contacts", "arrived")


@_measure("contacts", DIMENSIONS["contacts"], QUEUED)
def offered(ask: Ask) -> Formula:
    """Contacts that came to a human queue, also blocked by `queue_limit`, balked, disconnected; not busy, refused or
    self-served. Mean number per replication.
    """
    return _count(ask.table("contacts", "legs"), "offered")


@_measure("contacts", DIMENSIONS["contacts"], DIMENSIONS["legs"])
def answered(ask: Ask) -> Formula:
    """Contacts that an agent took (of legs: legs taken); mean number per replication."""
    return _count(ask.table("contacts", "legs"), "answered")


@_measure("share", DIMENSIONS["contacts"], QUEUED)
def waited(ask: Ask) -> Formula:
    """Share that did not begin at once: (offered − answered in the instant of entering) ÷ offered. Where nobody balks or
    is blocked this is Erlang's probability of waiting (Erlang 1917).
    """
    return Ratio(ask.table("contacts", "legs"), {"offered": 1, "answered_at_once": -1}, {"offered": 1})


@_measure(
    "share",
    DIMENSIONS["contacts"],
    QUEUED,
    readings=("offered", "answered", "short_out", "settled"),
    within="yes",
)
def service_level(ask: Ask) -> Formula:
    """Share answered within T (inclusive) of entering the queue. Readings: `offered`: answered within T ÷ (offered − not
    yet due); `answered`: ÷ answered; `short_out`: ÷ (offered − abandoned within T); `settled`: (answered or abandoned
    within T) ÷ offered. Not yet due is who entered less than T before the end; who abandoned sooner than the
    channel's `short_abandon` is left out.
    """
    table, limit = ask.table("contacts", "legs"), ask.within
    within, due, lost = f"answered_within@{limit}", f"due@{limit}", f"abandoned_within@{limit}"
    match ask.reading:
        case "answered":
            return Ratio(table, {within: 1}, {f"answered_due@{limit}": 1})
        case "short_out":
            return Ratio(table, {within: 1}, {due: 1, lost: -1})
        case "settled":
            return Ratio(table, {within: 1, lost: 1}, {due: 1})
        case _:
            return Ratio(table, {within: 1}, {due: 1})


@_measure("s", DIMENSIONS["contacts"], DIMENSIONS["legs"])
def average_speed_of_answer(ask: Ask) -> Formula:
    """Mean wait of the answered: total wait ÷ answered, s."""
    return Ratio(ask.table("contacts", "legs"), {"wait_answered": 1}, {"answered": 1}, scale=1000)


@_measure("s", DIMENSIONS["contacts"], QUEUED, readings=("all", "answered", "abandoned"))
def wait(ask: Ask) -> Formula:
    """Mean wait, s. Readings: `all` whose wait ended (answered, abandoned, balked with 0, disconnected; the blocked never
    waited); `answered`; `abandoned` (balkers apart).
    """
    bottom = {"answered": "answered", "abandoned": "gave_up_waiting"}.get(ask.reading, "wait_ended")
    top = f"wait_{ask.reading}" if ask.reading in {"answered", "abandoned"} else "wait_all"
    return Ratio(ask.table("contacts", "legs"), {top: 1}, {bottom: 1}, scale=1000)


def _wait_quantile(name: str) -> Callable[[Ask], Formula]:
    def quantile(ask: Ask) -> Formula:
        kind = "all" if ask.reading == "all" else "answered"
        return Quantile(ask.table("contacts", "legs"), kind, PERCENTILES[name])

    quantile.__name__ = f"wait_{name}"
    quantile.__doc__ = (
        f"{_quantile_words(name)} wait, s. Readings: of the `answered`; of `all` whose wait ended. {_BINS}"
    )
    return quantile


def _promise_quantile(what: str, words: str, name: str) -> Callable[[Ask], Formula]:
    def quantile(_ask: Ask) -> Formula:
        return Quantile("contacts", "response" if what == "first_response" else what, PERCENTILES[name])

    quantile.__name__ = f"{what}_{name}"
    quantile.__doc__ = f"{_quantile_words(name)} {words}, s, of those that came to it before the end. {_BINS}"
    return quantile


_BINS: Final = "Read from bins of at most 0.1 %: the upper edge of the bin."


def _quantile_words(name: str) -> str:
    return "Longest" if name == "max" else f"{name[1:]}th percentile of the"


for _name in PERCENTILES:
    _measure("s", DIMENSIONS["contacts"], DIMENSIONS["legs"], readings=("answered", "all"))(_wait_quantile(_name))
    _measure("s", DIMENSIONS["contacts"])(_promise_quantile("first_response", "time to first response", _name))
    _measure("s", INQUIRY)(_promise_quantile("resolution", "time to resolution", _name))


@_measure("share", DIMENSIONS["contacts"], QUEUED)
def abandonment(ask: Ask) -> Formula:
    """Abandoned ÷ offered, the balked counted with the abandoned; who abandoned sooner than the channel's `short_abandon`
    is left out of both.
    """
    return Ratio(ask.table("contacts", "legs"), {"abandoned": 1}, {"judged": 1})


@_measure("share", DIMENSIONS["contacts"])
def busy(_ask: Ask) -> Formula:
    """Contacts that met a busy tone (all `lines` taken) ÷ arrivals."""
    return Ratio("contacts", {"ended_busy": 1}, {"arrived": 1})


@_measure("share", DIMENSIONS["contacts"])
def blocked(_ask: Ask) -> Formula:
    """Contacts turned away by `queue_limit` ÷ arrivals."""
    return Ratio("contacts", {"ended_blocked": 1}, {"arrived": 1})


@_measure("share", DIMENSIONS["contacts"])
def refused(_ask: Ask) -> Formula:
    """Contacts that met a closed door ÷ arrivals."""
    return Ratio("contacts", {"ended_refused": 1}, {"arrived": 1})


@_measure("share", DIMENSIONS["contacts"])
def disconnected(_ask: Ask) -> Formula:
    """Contacts cleared from the queue at closing ÷ arrivals."""
    return Ratio("contacts", {"ended_disconnected": 1}, {"arrived": 1})


@_measure("contacts", DIMENSIONS["contacts"])
def open_at_end(_ask: Ask) -> Formula:
    """Contacts that began and did not end before the end of the scenario; mean number per replication."""
    return _count("contacts", "ended_open")


@_measure("contacts", QUEUED, readings=("mean", "maximum"))
def queue_length(ask: Ask) -> Formula:
    """Contacts waiting in queues. Readings: `mean`: total waiting time in the period ÷ its length; `maximum`: the most at
    once in the period, mean over replications.
    """
    if ask.reading == "maximum":
        return _count("peaks", "waiting")
    return Ratio("legs", {"waiting": 1}, over_time=True)


@_measure("contacts", QUEUED, readings=("mean", "maximum", "at_end"))
def backlog(ask: Ask) -> Formula:
    """Open contacts of backlog channels and tickets, waiting or in hand. Readings: `mean` over the period's time; `maximum`
    at once; `at_end`: at the last instant of the period.
    """
    if ask.reading == "maximum":
        return _count("peaks", "backlog")
    if ask.reading == "at_end":
        return _count("standing", "backlog")
    return Ratio("legs", {"backlog": 1}, over_time=True)


@_measure("s", DIMENSIONS["leg_lines"])
def backlog_oldest(_ask: Ask) -> Formula:
    """Age of the oldest open backlog contact at the end of the period, since its arrival, s; 0 if none is open."""
    return Ratio("oldest", {"oldest": 1}, scale=1000)


@_measure("agents", DIMENSIONS["agents"], readings=("mean", "maximum"))
def agents_busy(ask: Ask) -> Formula:
    """Agents with work in hand (talk, wrap-up, briefing, holding), on duty or in overtime. Readings: `mean` over time;
    `maximum` at once.
    """
    if ask.reading == "maximum":
        return _count("peaks", "busy")
    return Ratio("agents", {"busy": 1, "overtime": 1}, over_time=True)


@_measure("agents", DIMENSIONS["agents"], readings=("mean", "maximum"))
def agents_free(ask: Ask) -> Formula:
    """Agents on duty with empty hands. Readings: `mean` over time; `maximum` at once."""
    if ask.reading == "maximum":
        return _count("peaks", "free")
    return Ratio("agents", {"duty": 1, "busy": -1}, over_time=True)


@_measure("agents", DIMENSIONS["agents"], readings=("mean", "maximum"))
def agents_on_duty(ask: Ask) -> Formula:
    """Agents on duty. Readings: `mean` over time; `maximum` at once."""
    if ask.reading == "maximum":
        return _count("peaks", "duty")
    return Ratio("agents", {"duty": 1}, over_time=True)


@_measure("share", INQUIRY, DIMENSIONS["visits"])
def containment(ask: Ask) -> Formula:
    """Inquiries resolved by self-service ÷ inquiries that met it; by stage: contacts that it resolved ÷ contacts that met
    it.
    """
    if "stage" in ask.dimensions:
        return Ratio("visits", {"resolved": 1}, {"met": 1})
    return Ratio("contacts", {"contained": 1}, {"met_self_service": 1})


@_measure("contacts", DIMENSIONS["visits"], readings=("met", "resolved", "gave_up", "handed_on"))
def self_service(ask: Ask) -> Formula:
    """Contacts that met a stage. Readings: all that `met` it; those it `resolved`, that `gave_up`, that it `handed_on`;
    mean number per replication.
    """
    return _count("visits", ask.reading)


@_measure("h", INQUIRY)
def work_saved(_ask: Ask) -> Formula:
    """Talk and wrap-up that the inquiries resolved by self-service would have taken at their first tier, as dealt, h per
    replication.
    """
    return Ratio("contacts", {"work_saved": 1}, scale=HOUR_MS)


@_measure("share", DIMENSIONS["contacts"], within="may")
def first_response(ask: Ask) -> Formula:
    """Share of the contacts offered that had their first response within T of arrival, on the channel's clock: live when
    the handling begins, backlog when it ends (the reply is sent). Without T: the mean time to it, s, of those that had
    one.
    """
    if ask.within is None:
        return Ratio("contacts", {"response_time": 1}, {"responses": 1}, scale=1000)
    return Ratio("contacts", {f"response_within@{ask.within}": 1}, {f"response_due@{ask.within}": 1})


@_measure("share", INQUIRY, within="may")
def resolution(ask: Ask) -> Formula:
    """Share of all inquiries that came which were resolved within T of their first arrival, on the clock of their first
    channel. Without T: the mean time to resolution, s, of those resolved.
    """
    if ask.within is None:
        return Ratio("contacts", {"resolution_time": 1}, {"resolutions": 1}, scale=1000)
    return Ratio("contacts", {f"resolution_within@{ask.within}": 1}, {f"resolution_due@{ask.within}": 1})


@_measure("share", DIMENSIONS["contacts"], readings=("resolved", "one_leg"))
def first_contact_resolution(ask: Ask) -> Formula:
    """Inquiries resolved on their first answered contact ÷ inquiries first answered at least `repeat_window` (72 h) before
    the end. Readings: `resolved`; `one_leg`: and without escalation.
    """
    top = "resolved_first_one_leg" if ask.reading == "one_leg" else "resolved_first"
    return Ratio("contacts", {top: 1}, {"first_answers": 1})


@_measure("number", DIMENSIONS["contacts"], DIMENSIONS["legs"])
def escalation(ask: Ask) -> Formula:
    """Escalations ÷ contacts answered (of legs: legs escalated from there ÷ legs answered there)."""
    return Ratio(ask.table("contacts", "legs"), {"escalations": 1}, {"answered": 1})


@_measure("number", DIMENSIONS["contacts"])
def transfer(_ask: Ask) -> Formula:
    """Moves to another queue ÷ contacts answered."""
    return Ratio("contacts", {"transfers": 1}, {"answered": 1})


@_measure("number", DIMENSIONS["contacts"])
def retry(_ask: Ask) -> Formula:
    """Contacts that try again after a busy tone, a closed door or an abandoned wait ÷ contacts answered."""
    return Ratio("contacts", {"retries": 1}, {"answered": 1})


@_measure("inquiries", INQUIRY)
def inquiries(_ask: Ask) -> Formula:
    """Inquiries whose first contact arrived; mean number per replication."""
    return _count("contacts", "inquiries")


@_measure("inquiries", INQUIRY)
def inquiries_resolved(_ask: Ask) -> Formula:
    """Inquiries that were resolved before the end, by a stage or a tier; mean number per replication."""
    return _count("contacts", "inquiries_resolved")


@_measure("contacts", INQUIRY)
def contacts_per_inquiry(_ask: Ask) -> Formula:
    """Contacts ÷ inquiries that came."""
    return Ratio("contacts", {"contacts_of_inquiries": 1}, {"inquiries": 1})


@_measure("share", INQUIRY)
def reached_nobody(_ask: Ask) -> Formula:
    """Inquiries all of whose contacts ended without an agent and without being resolved by self-service ÷ inquiries."""
    return Ratio("contacts", {"reached_nobody": 1}, {"inquiries": 1})


@_measure("share", DIMENSIONS["agents"])
def occupancy(_ask: Ask) -> Formula:
    """Handling ÷ (handling + free) of on-duty time; holding included, overtime and parked work not; with slots any work
    counts.
    """
    return Ratio("agents", {"busy": 1}, {"duty": 1})


@_measure("share", DIMENSIONS["agents"])
def slot_occupancy(_ask: Ask) -> Formula:
    """Slot-time occupied ÷ slot-time on duty: a piece of work with slots takes 1/limit of an agent, other work all."""
    return Ratio("agents", {"slots_used": 1}, {"slots": 1})


@_measure("share", DIMENSIONS["agents"])
def utilisation(_ask: Ask) -> Formula:
    """Handling with overtime ÷ paid time."""
    return Ratio("agents", {"busy": 1, "overtime": 1}, {"paid": 1})


@_measure("s", DIMENSIONS["legs"], readings=("both", "talk", "wrap_up", "holding"))
def handle_time(ask: Ask) -> Formula:
    """Mean time of a handled leg as experienced (slower while sharing, parked time apart), s. Readings: `both` talk (with
    the briefing it began with) and wrap-up; `talk`; `wrap_up`; `holding` the line in warm handovers.
    """
    top = {"talk": 1, "wrap_up": 1} if ask.reading in {"", "both"} else {ask.reading: 1}
    return Ratio("legs", top, {"handled": 1}, scale=1000)


@_measure("h", DIMENSIONS["agents"])
def staff_hours(_ask: Ask) -> Formula:
    """Paid hours per replication: unpaid breaks out, absence in, overtime apart."""
    return Ratio("agents", {"paid": 1}, scale=HOUR_MS)


@_measure("h", DIMENSIONS["agents"])
def overtime(_ask: Ask) -> Formula:
    """Hours with work in hand outside duty, per replication."""
    return Ratio("agents", {"overtime": 1}, scale=HOUR_MS)


@_measure("currency", DIMENSIONS["costs"])
def cost(_ask: Ask) -> Formula:
    """Cost per replication: people by paid hour or shift, overtime at `pay`, self-service by contact."""
    return Ratio("costs", {"cost": 1}, scale=1000)


@_measure("currency", ())
def cost_per_resolved(_ask: Ask) -> Formula:
    """Cost ÷ inquiries resolved in the period."""
    return Ratio("costs", {"cost": 1}, {"resolved": 1}, scale=1000)


def ratios(thresholds: Mapping[str, tuple[int, ...]]) -> Iterator[Ratio]:
    """Give the formula of every measure, reading and table that sums can be asked of, at the given deadlines.

    Parameters
    ----------
    thresholds
        By measure, the deadlines T (ms) that are counted.
    """
    for measure in MEASURES.values():
        deadlines: tuple[int | None, ...] = thresholds.get(measure.name, ())
        if measure.within != "yes":
            deadlines = (*deadlines, None)
        for dimensions in measure.dimensions:
            for reading in measure.readings or ("",):
                for within in deadlines:
                    formula = measure.formula(Ask(frozenset(dimensions), within, reading))
                    if isinstance(formula, Ratio):
                        yield formula
