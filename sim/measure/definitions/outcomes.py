"""Definitions of what becomes of contacts and inquiries."""

from __future__ import annotations

from sim.measure.definitions.formulas import CONTACTS, DIMENSIONS, INQUIRIES, LEGS, Ask, Formula, Ratio, measure
from sim.measure.periods import HOUR_MS


@measure("share", INQUIRIES, DIMENSIONS["visits"], readings=("truly", "reported"))
def containment(ask: Ask) -> Formula:
    """Inquiries resolved by self-service ÷ inquiries that met it.

    By stage: contacts that the stage resolved ÷ contacts that met it. Readings: `truly` resolved; `reported` by the
    stage, which counts what it falsely thinks resolved.
    """
    thought = ask.reading == "reported"
    if "stage" in ask.dimensions:
        return Ratio("visits", {"resolved": 1, **({"falsely_resolved": 1} if thought else {})}, {"met": 1})
    return Ratio("contacts", {"thought_contained" if thought else "contained": 1}, {"met_self_service": 1})


@measure("contacts", DIMENSIONS["visits"], readings=("met", "resolved", "falsely_resolved", "gave_up", "handed_on"))
def self_service(ask: Ask) -> Formula:
    """Contacts at a self-service stage; mean number per replication.

    Readings: all that `met` it; those it truly `resolved`; those it only thinks resolved, `falsely_resolved`; that
    `gave_up`; that it `handed_on`.
    """
    return Ratio("visits", {ask.reading: 1})


@measure("h", INQUIRIES)
def work_saved(_ask: Ask) -> Formula:
    """Hours of handling that self-service saved, per replication.

    Talk and wrap-up that the inquiries which it resolved would have taken at their first tier, as dealt.
    """
    return Ratio("contacts", {"work_saved": 1}, scale=HOUR_MS)


@measure("share", CONTACTS, within="may")
def first_response(ask: Ask) -> Formula:
    """Share of the contacts offered that had their first response within T (inclusive) of arrival.

    On the channel's clock: live when the handling begins, backlog when the first one ends (the reply is sent). Without
    T: the mean time to it, s, of those that had one.
    """
    if ask.within is None:
        return Ratio("contacts", {"response_time": 1}, {"responses": 1}, scale=1000)
    return Ratio("contacts", {f"response_within@{ask.within}": 1}, {f"response_due@{ask.within}": 1})


@measure("share", INQUIRIES, within="may")
def resolution(ask: Ask) -> Formula:
    """Share of all inquiries that came which were resolved within T (inclusive) of their first arrival.

    On the clock of their first channel, which rests while we wait for the customer to write again. Without T: the mean
    time to resolution, s, of those resolved.
    """
    if ask.within is None:
        return Ratio("contacts", {"resolution_time": 1}, {"resolutions": 1}, scale=1000)
    return Ratio("contacts", {f"resolution_within@{ask.within}": 1}, {f"resolution_due@{ask.within}": 1})


@measure("share", CONTACTS, readings=("resolved", "one_leg"))
def first_contact_resolution(ask: Ask) -> Formula:
    """Inquiries resolved on their first answered contact, no repeat, ÷ inquiries with an answered contact.

    Of those first answered at least `repeat_window` (72 h) before the end, chasers left out. Who came back because
    self-service had left it unresolved is not resolved at first contact. Readings: `resolved`; `one_leg`: and without
    escalation.
    """
    top = "resolved_first_one_leg" if ask.reading == "one_leg" else "resolved_first"
    return Ratio("contacts", {top: 1}, {"first_answers": 1})


@measure("share", CONTACTS, LEGS)
def escalation(ask: Ask) -> Formula:
    """Contacts escalated ÷ contacts answered (of legs: legs escalated ÷ legs answered)."""
    return Ratio(ask.table, {"escalated": 1}, {"answered": 1})


@measure("share", CONTACTS, LEGS)
def returned(ask: Ask) -> Formula:
    """Contacts sent back to the tier that handed them up ÷ contacts answered (of legs: legs sent back ÷ answered)."""
    return Ratio(ask.table, {"sent_back": 1}, {"answered": 1})


@measure("number", CONTACTS)
def transfer(_ask: Ask) -> Formula:
    """Moves to another queue, by escalation or from the wrong desk to the right one, ÷ contacts answered."""
    return Ratio("contacts", {"transfers": 1}, {"answered": 1})


@measure("number", CONTACTS)
def exchange(_ask: Ask) -> Formula:
    """Times that customers wrote again and their replies came into a queue ÷ contacts answered."""
    return Ratio("contacts", {"exchanges": 1}, {"answered": 1})


@measure("number", CONTACTS)
def retry(_ask: Ask) -> Formula:
    """Contacts that try again after a busy tone, a closed door or an abandoned wait ÷ contacts answered."""
    return Ratio("contacts", {"retries": 1}, {"answered": 1})


@measure("number", CONTACTS)
def repeat(_ask: Ask) -> Formula:
    """Contacts of customers who come back because they were left unresolved ÷ contacts answered."""
    return Ratio("contacts", {"repeats": 1}, {"answered": 1})


@measure("inquiries", INQUIRIES)
def inquiries(_ask: Ask) -> Formula:
    """Inquiries whose first contact arrived; mean number per replication."""
    return Ratio("contacts", {"inquiries": 1})


@measure("inquiries", INQUIRIES)
def inquiries_resolved(_ask: Ask) -> Formula:
    """Inquiries that were resolved before the end, by a stage or a tier; mean number per replication."""
    return Ratio("contacts", {"inquiries_resolved": 1})


@measure("contacts", INQUIRIES)
def contacts_per_inquiry(_ask: Ask) -> Formula:
    """Contacts, retries, repeats and chasers among them, ÷ inquiries that came."""
    return Ratio("contacts", {"contacts_of_inquiries": 1}, {"inquiries": 1})


@measure("share", INQUIRIES)
def reached_nobody(_ask: Ask) -> Formula:
    """Inquiries whose contacts all ended without an agent and without a resolution by self-service ÷ inquiries."""
    return Ratio("contacts", {"reached_nobody": 1}, {"inquiries": 1})


@measure("score", CONTACTS)
def satisfaction(_ask: Ask) -> Formula:
    """Mean score, 1 to 5, of the contacts that ended, chasers apart: CSAT, as `quality.satisfaction` says.

    `best`, plus what it says per minute waiting in live queues, per hour waiting in a backlog (for us, not for the
    customer's replies), per transfer and of being left unresolved; who was not served scores `abandoned`, whom
    self-service resolved `best`.
    """
    return Ratio("contacts", {"score": 1}, {"scored": 1}, scale=1_000_000)


@measure("points", CONTACTS)
def nps(_ask: Ask) -> Formula:
    """Net promoter score, -100 to 100: 100 × (promoters − detractors) ÷ contacts that ended.

    Promoters score at least `quality.nps.promoters_from`, detractors less than `detractors_below` (Reichheld 2003, the
    score of 1 to 5 stretched to 0 to 10).
    """
    return Ratio("contacts", {"promoters": 1, "detractors": -1}, {"scored": 1}, scale=0.01)


@measure("customers", INQUIRIES)
def churn(_ask: Ask) -> Formula:
    """Customers who are expected to leave, per replication: inquiries left dissatisfied × `quality.churn.leaves`.

    An inquiry is dissatisfied if its contact that ended last scores less than `dissatisfied_below`.
    """
    return Ratio("contacts", {"leaving": 1}, scale=1_000_000)
