"""Definitions of what happens at the door and in queues."""

from __future__ import annotations

from typing import Final

from sim.measure.definitions.formulas import (
    CONTACTS,
    INQUIRIES,
    LEGS,
    PERCENTILES,
    QUEUE_LINES,
    QUEUES,
    Ask,
    Definition,
    Formula,
    Quantile,
    Ratio,
    measure,
)


@measure("contacts", CONTACTS)
def arrived(_ask: Ask) -> Formula:
    """Contacts that arrived, those refused, busy or resolved by self-service included; mean number per replication."""
    return Ratio("contacts", {"arrived": 1})


@measure("contacts", CONTACTS, QUEUES)
def offered(ask: Ask) -> Formula:
    """Contacts that came to a human queue; mean number per replication.

    Also those blocked by `queue_limit`, balked, disconnected; not busy, refused or self-served.
    """
    return Ratio(ask.table, {"offered": 1})


@measure("contacts", CONTACTS, LEGS)
def answered(ask: Ask) -> Formula:
    """Contacts that an agent took (of legs: legs that began); mean number per replication."""
    return Ratio(ask.table, {"answered": 1})


@measure("share", CONTACTS, QUEUES)
def waited(ask: Ask) -> Formula:
    """Share that did not begin at once: (offered − answered in the instant of entering) ÷ offered.

    Where nobody is blocked this is the probability of waiting of Erlang (1917).
    """
    return Ratio(ask.table, {"offered": 1, "answered_at_once": -1}, {"offered": 1})


@measure("share", CONTACTS, QUEUES, readings=("offered", "answered", "short_out", "settled"), within="yes")
def service_level(ask: Ask) -> Formula:
    """Share answered within T (inclusive) of entering the queue.

    Readings: `offered`: answered within T ÷ (offered − call-backs accepted − not yet due); `answered`: answered within
    T ÷ answered; `short_out`: answered within T ÷ (offered − abandoned within T); `settled`: (answered or abandoned
    within T) ÷ offered. Accepted call-backs are left out of all of them. Not yet due is who entered T or less before
    the end. Who abandoned sooner than the channel's `short_abandon` is left out. With a tier, a ticket's wait counts on
    the tier's clock.
    """
    within, due, lost = (f"{name}@{ask.within}" for name in ("answered_within", "due", "abandoned_within"))
    match ask.reading:
        case "answered":
            return Ratio(ask.table, {within: 1}, {f"answered_due@{ask.within}": 1})
        case "short_out":
            return Ratio(ask.table, {within: 1}, {due: 1, lost: -1})
        case "settled":
            return Ratio(ask.table, {within: 1, lost: 1}, {due: 1})
        case _:
            return Ratio(ask.table, {within: 1}, {due: 1})


@measure("contacts", CONTACTS, within="yes")
def not_yet_due(ask: Ask) -> Formula:
    """Contacts that `service_level` leaves out because T or less was left when they entered; number per replication.

    They are not judged, whether answered by then or not: to leave out only those still open would flatter.
    """
    return Ratio("contacts", {"judged": 1, "call_backs_accepted": -1, f"due@{ask.within}": -1})


@measure("s", CONTACTS, LEGS)
def average_speed_of_answer(ask: Ask) -> Formula:
    """Mean wait of the answered: total wait ÷ answered, accepted call-backs left out, s."""
    return Ratio(ask.table, {"wait_answered": 1}, {"waits_answered": 1}, scale=1000)


@measure("s", CONTACTS, QUEUES, readings=("all", "answered", "abandoned"))
def wait(ask: Ask) -> Formula:
    """Mean wait, accepted call-backs left out, s.

    Readings: of `all` whose wait ended (answered, abandoned, balked with 0, disconnected; the blocked never waited); of
    the `answered`; of the `abandoned`, balkers apart.
    """
    match ask.reading:
        case "answered":
            return Ratio(ask.table, {"wait_answered": 1}, {"waits_answered": 1}, scale=1000)
        case "abandoned":
            return Ratio(ask.table, {"wait_abandoned": 1}, {"gave_up_waiting": 1}, scale=1000)
        case _:
            return Ratio(ask.table, {"wait_all": 1}, {"wait_ended": 1}, scale=1000)


@measure("share", CONTACTS, QUEUES, readings=("all", "silent"))
def abandonment(ask: Ask) -> Formula:
    """Abandoned ÷ offered, the balked counted with the abandoned.

    Who abandoned sooner than the channel's `short_abandon` is left out of both. Readings: `all` who abandoned; who of
    them left without a sign (`silent`).
    """
    return Ratio(ask.table, {ask.reading if ask.reading == "silent" else "abandoned": 1}, {"judged": 1})


@measure("contacts", CONTACTS, readings=("accepted", "offered", "pending"))
def call_backs(ask: Ask) -> Formula:
    """Call-backs; mean number per replication.

    Readings: those `accepted`; `offered`; `pending`: accepted, and not dialled a first time before the end.
    """
    return Ratio("contacts", {f"call_backs_{ask.reading or 'accepted'}": 1})


@measure("s", CONTACTS)
def call_back_delay(_ask: Ask) -> Formula:
    """Mean time from accepting a call-back to its first dial, s, of those dialled before the end."""
    return Ratio("contacts", {"call_back_delay": 1}, {"call_backs_begun": 1}, scale=1000)


@measure("share", CONTACTS)
def call_backs_kept(_ask: Ask) -> Formula:
    """Call-backs first dialled within `promised_within` (inclusive) of acceptance ÷ accepted with a promise.

    Of those whose promise ran out before the end. The desk keeps it by dialling, whether the customer answers or not.
    """
    return Ratio("contacts", {"call_backs_kept": 1}, {"call_backs_due": 1})


@measure("share", CONTACTS)
def reached(_ask: Ask) -> Formula:
    """Customers reached ÷ customers dialled (call-backs and outbound) and reached or given up before the end."""
    return Ratio("contacts", {"reached": 1}, {"dialled": 1})


@measure("share", CONTACTS)
def in_time(_ask: Ask) -> Formula:
    """Outbound contacts reached within their `due` (inclusive) of arrival ÷ outbound contacts that have a `due`.

    On the channel's clock, to the begin of the dial that reached the customer. Of those whose `due` ran out before the
    end; who was not reached in all tries is not reached in time.
    """
    return Ratio("contacts", {"outbound_in_time": 1}, {"outbound_due": 1})


@measure("number", CONTACTS)
def dials(_ask: Ask) -> Formula:
    """Dials ÷ customers dialled (call-backs and outbound) and reached or given up before the end."""
    return Ratio("contacts", {"dials": 1}, {"dialled": 1})


@measure("share", CONTACTS)
def busy(_ask: Ask) -> Formula:
    """Contacts that met a busy tone (all `lines` taken) ÷ arrivals."""
    return Ratio("contacts", {"ended_busy": 1}, {"arrived": 1})


@measure("share", CONTACTS)
def blocked(_ask: Ask) -> Formula:
    """Contacts turned away by `queue_limit` ÷ arrivals."""
    return Ratio("contacts", {"ended_blocked": 1}, {"arrived": 1})


@measure("share", CONTACTS)
def refused(_ask: Ask) -> Formula:
    """Contacts that met a closed door ÷ arrivals."""
    return Ratio("contacts", {"ended_refused": 1}, {"arrived": 1})


@measure("share", CONTACTS)
def disconnected(_ask: Ask) -> Formula:
    """Contacts cleared from the queue at closing ÷ arrivals."""
    return Ratio("contacts", {"ended_disconnected": 1}, {"arrived": 1})


@measure("contacts", CONTACTS, readings=("all", "awaiting"))
def open_at_end(ask: Ask) -> Formula:
    """Contacts that began and did not end before the end of the scenario; mean number per replication.

    Readings: `all`; those `awaiting` their customer's reply.
    """
    return Ratio("contacts", {"awaiting" if ask.reading == "awaiting" else "ended_open": 1})


@measure("contacts", QUEUES, readings=("mean", "maximum"))
def queue_length(ask: Ask) -> Formula:
    """Contacts waiting in queues.

    Readings: `mean`: total waiting time in the period ÷ its length; `maximum`: the most at once in it, mean over
    replications.
    """
    if ask.reading == "maximum":
        return Ratio("peaks", {"waiting": 1})
    return Ratio("legs", {"waiting": 1}, over_time=True)


@measure("contacts", QUEUES, readings=("mean", "maximum", "at_end"))
def backlog(ask: Ask) -> Formula:
    """Open contacts of backlog channels, and tickets: waiting or in hand, not those that await their customer's reply.

    Readings: `mean` over the period's time; `maximum`: the most at once, mean over replications; `at_end`: just before
    the end of the period, mean over replications.
    """
    match ask.reading:
        case "maximum":
            return Ratio("peaks", {"backlog": 1})
        case "at_end":
            return Ratio("standing", {"backlog": 1})
        case _:
            return Ratio("legs", {"backlog": 1}, over_time=True)


@measure("s", *((line,) for line in QUEUE_LINES))
def backlog_oldest(_ask: Ask) -> Formula:
    """Age since its arrival of the oldest open backlog contact at the end of the period, s; 0 if none is open.

    Without the time in which it awaited its customer's replies.
    """
    return Ratio("oldest", {"oldest": 1}, scale=1000)


BINS: Final = "Read from bins of at most 0.1 %: the upper edge of the bin. The longest has no interval."


def quantile_words(name: str) -> str:
    """Say a percentile in words."""
    return "Longest" if name == "max" else f"{name[1:]}th percentile of the"


def _wait_quantile(name: str) -> Definition:
    def quantile(ask: Ask) -> Formula:
        return Quantile(ask.table, "all" if ask.reading == "all" else "answered", PERCENTILES[name])

    quantile.__name__ = f"wait_{name}"
    quantile.__doc__ = (
        f"{quantile_words(name)} wait, s.\n\nReadings: of the `answered`; of `all` whose wait ended. {BINS}"
    )
    return quantile


def _promise_quantile(measured: str, promise: str, words: str, name: str) -> Definition:
    def quantile(_ask: Ask) -> Formula:
        return Quantile("contacts", promise, PERCENTILES[name])

    quantile.__name__ = f"{measured}_{name}"
    quantile.__doc__ = f"{quantile_words(name)} {words}, s, of those that came to it before the end.\n\n{BINS}"
    return quantile


for _name in PERCENTILES:
    measure("s", CONTACTS, LEGS, readings=("answered", "all"))(_wait_quantile(_name))
    measure("s", CONTACTS)(_promise_quantile("first_response", "response", "time to first response", _name))
    measure("s", INQUIRIES)(_promise_quantile("resolution", "resolution", "time to resolution", _name))
