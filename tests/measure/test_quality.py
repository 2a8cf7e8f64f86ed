"""Satisfaction, recommendation and churn, worked by hand and again from contacts.csv by a few lines."""

import csv
import io
from typing import Any

import pytest
import yaml

from sim.experiment.replicate import run
from sim.experiment.result import Result
from sim.report.files import contacts_table
from sim.report.spreadsheet import write_csv
from sim.scenario.load import loads
from tests.engine.timeline import Tree, call, constant, desk

WEIGHTS = {
    "best": 4.6,
    "per_minute_waiting": -0.5,
    "per_hour_in_backlog": -0.6,
    "per_transfer": -0.25,
    "unresolved": -1.6,
    "abandoned": 1.5,
}


def played(tree: Tree, **quality: Any) -> Result:
    """Play one replication of a desk that scores its contacts."""
    tree = tree | {"quality": {"satisfaction": WEIGHTS, **quality}}
    return run(loads(yaml.safe_dump(tree, sort_keys=False)), replications=1)


def scored(tree: Tree, **quality: Any) -> list[float]:
    """Give the contacts' scores in order."""
    return played(tree, **quality).contacts()["satisfaction"].tolist()


def value(result: Result, measure: str, **ask: Any) -> float:
    return float(result.measure(measure, **ask)["estimate"].iloc[0])


def test_waiting_on_the_line_costs_by_the_minute() -> None:
    """At once, and after 60 s: 4.6, and 4.6 − 0.5."""
    assert scored(desk({"phone": [call(0, 60), call(0, 60)]})) == pytest.approx([4.6, 4.1])


def test_waiting_in_a_backlog_costs_by_the_hour() -> None:
    """After 1,200 s, a third of an hour: 4.6 − 0.2."""
    assert scored(desk({"email": [call(0, 1200), call(0, 60)]})) == pytest.approx([4.6, 4.4])


def test_a_channel_has_its_own_weights() -> None:
    """On the messaging channel an hour costs three times as much; what it does not say is as on others."""
    tree = desk({"email": [call(0, 1200), call(0, 60)], "line": [call(1300, 1200), call(1300, 60)]})
    own = {**WEIGHTS, "on_line": {"per_hour_in_backlog": -1.8}}
    assert scored(tree, satisfaction=own) == pytest.approx([4.6, 4.4, 4.6, 4.0])


def test_of_several_messages_each_wait_for_us_costs_and_the_customers_replies_do_not() -> None:
    """The second case waits 1,200 s, and again 600 s with its reply: half an hour at 1.8; both replies take 2,000 s."""
    tree = desk({"line": [call(0, 1200), call(0, 800)]}, time={"length": "2 h"})
    replies = {"continues": "100 %", "customer_replies_after": constant(2000), "limit": 1}
    tree["channels"]["line"] = {"waiting": "backlog", "exchanges": replies}
    tree["contact_types"]["question"]["handling"]["first"]["handle_time"] = constant(1400)
    own = {**WEIGHTS, "on_line": {"per_hour_in_backlog": -1.8}}
    # Answered at 1,200 and 2,000; replies at 3,200 and 4,000, the latter taken at 4,600.
    assert scored(tree, satisfaction=own) == pytest.approx([4.6, 4.6 - 0.9])


def test_a_transfer_and_being_left_unresolved_cost_once() -> None:
    """Escalated at once and unresolved there: 4.6 − 0.25 − 1.6."""
    groups = {name: {"tier": name, "headcount": 1} for name in ("first", "second")}
    tree = desk({"phone": [call(0, 60)]}, tiers={"first": {}, "second": {}}, agent_groups=groups)
    tree["contact_types"]["question"]["handling"] = {
        "first": {"handle_time": constant(60), "resolved": 0, "escalated": 1.0},
        "second": {"handle_time": constant(50), "resolved": 0},
    }
    assert scored(tree) == pytest.approx([2.75])


def test_who_is_not_served_has_a_fixed_score_and_who_is_open_none() -> None:
    """Abandoned after 30 s: 1.5; refused at the door: 1.5; in hand at the end: none."""
    tree = desk({"phone": [call(0, 60), call(0, 60, patience=30), call(3590, 60)]})
    scores = scored(tree)
    assert scores[:2] == pytest.approx([4.6, 1.5])
    assert scores[2] != scores[2]
    hours = {"early": {"mon-sun": "00:00-00:10"}}
    closed = desk({"phone": [call(1200)]}, channels={"phone": {"open": "early"}}, opening_hours=hours)
    assert scored(closed) == [1.5]


def test_self_service_scores_best_unless_it_is_wrong() -> None:
    bot = {"channels": ["chat"], "takes": constant(600), "resolves": "100 %"}
    tree = desk({"chat": [call(0)]}, self_service={"bot": bot})
    assert scored(tree) == pytest.approx([4.6])
    assert scored(tree | {"self_service": {"bot": bot | {"falsely_resolved": "100 %"}}}) == pytest.approx([3.0])


def test_scores_stay_on_the_scale() -> None:
    """A wait of 10 minutes would come to −0.4; it is 1."""
    assert scored(desk({"phone": [call(0, 600), call(0, 60)]})) == pytest.approx([4.6, 1])


def test_promoters_less_detractors_make_the_net_promoter_score() -> None:
    """4.6 promotes, 4.1 is neither, 3.6 neither, 3.1 and 1.5 are against: 100 × (1 − 2) ÷ 5."""
    calls = [call(0, 60), call(0, 60), call(0, 60), call(0, 60), call(0, 60, patience=10)]
    result = played(desk({"phone": calls}))
    assert value(result, "nps") == pytest.approx(-20)
    assert value(result, "satisfaction") == pytest.approx((4.6 + 4.1 + 3.6 + 3.1 + 1.5) / 5)
    wide = played(desk({"phone": calls}), nps={"promoters_from": 4, "detractors_below": 2})
    assert value(wide, "nps") == pytest.approx(20)


def test_a_customer_who_was_helped_in_the_end_is_not_lost() -> None:
    """Of two who abandon one comes again and is helped: half of the one other leaves."""
    channel = {"phone": {"waiting": "live", "retry": {"share": 1.0, "after": constant(600), "when": ["abandoned"]}}}
    churn = {"dissatisfied_below": 2.5, "leaves": "50 %"}
    log = {"phone": [call(0, 300), call(0, 60, patience=30)]}
    assert value(played(desk(log), churn=churn), "churn") == pytest.approx(0.5)
    assert value(played(desk(log, channels=channel), churn=churn), "churn") == 0


def test_what_is_not_scored_is_not_given() -> None:
    result = run(loads(yaml.safe_dump(desk({"phone": [call(0)]}))), replications=1)
    for measure in ("satisfaction", "nps", "churn"):
        with pytest.raises(ValueError, match=f"{measure} needs `quality.satisfaction`"):
            result.measure(measure)
    with pytest.raises(ValueError, match=r"churn needs `quality.churn`"):
        played(desk({"phone": [call(0)]})).measure("churn")
    assert not set(result.measures["measure"]) & {"satisfaction", "nps", "churn"}


BUSY = """
format: 1
name: Enough of everything
time: {start: 2026-04-06, length: 12 h}
channels:
  phone:
    patience: {distribution: exponential, mean: 4 min}
    retry: {share: 50 %, after: {distribution: exponential, mean: 20 min}}
  email: {waiting: backlog}
contact_types:
  question:
    arrivals: {phone: {rate: 20 per hour}, email: {rate: 6 per hour}}
    handling:
      first: {handle_time: {distribution: exponential, mean: 4 min}, resolved: 60 %, escalated: 25 %}
      second: {handle_time: {distribution: exponential, mean: 10 min}, resolved: 90 %}
    repeat: {share: 40 %, after: {distribution: exponential, mean: 1 h}}
self_service:
  bot: {channels: [phone], takes: {distribution: constant, mean: 1 min}, resolves: 15 %, gives_up: 5 %}
tiers: {first: {}, second: {handover: ticket}}
agent_groups:
  clerks: {tier: first, headcount: 2, cost: 30 per hour}
  experts: {tier: second, headcount: 1, cost: 50 per hour}
assists: {templates: {channels: [email], handle_time: 80 %, cost: 0.5 per contact}}
quality:
  satisfaction:
    best: 4.6
    per_minute_waiting: -0.06
    per_hour_in_backlog: -0.3
    per_transfer: -0.25
    unresolved: -1.6
    abandoned: 1.5
    on_email: {per_hour_in_backlog: -0.9}
  churn: {dissatisfied_below: 2.5, leaves: 45.3 %}
"""


def test_satisfaction_churn_and_cost_follow_from_contacts_csv() -> None:
    """A few lines of plain Python find what the report says."""
    result = run(loads(BUSY), replications=1, seed=4)
    file = io.StringIO()
    write_csv(contacts_table(result), file)
    contacts: dict[str, list[dict[str, str]]] = {}
    for row in csv.DictReader(io.StringIO(file.getvalue())):
        contacts.setdefault(row["contact"], []).append(row)

    last: dict[str, tuple[str, float]] = {}
    scores = []
    for legs in contacts.values():
        one, score = legs[0], 1.5
        if one["end"] == "open":
            continue
        if one["end"] in {"resolved", "unresolved", "resolved_by_stage"}:
            hourly = -0.9 if one["channel"] == "email" else -0.3
            score = 4.6 - (1.6 if one["end"] == "unresolved" else 0)
            for leg in legs:
                waited = float(leg["wait_s"] or 0)
                score += hourly * waited / 3600 if leg["backlog"] == "yes" else -0.06 * waited / 60
            score -= 0.25 * (len(legs) - 1)
        scores.append(min(max(score, 1), 5))
        last[one["inquiry"]] = max(last.get(one["inquiry"], ("", 0.0)), (one["ended"], scores[-1]))
    assert value(result, "satisfaction") == pytest.approx(sum(scores) / len(scores), abs=1e-6)
    lost = sum(score < 2.5 for _, score in last.values())
    assert lost > 5
    assert value(result, "churn") == pytest.approx(0.453 * lost)

    taken = [leg for legs in contacts.values() for leg in legs if leg["channel"] == "email" and leg["agent"]]
    assert value(result, "cost") == pytest.approx(12 * (2 * 30 + 50) + 0.5 * len(taken))
