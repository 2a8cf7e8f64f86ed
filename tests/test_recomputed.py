"""Satisfaction, churn and cost of shipped scenarios, worked out once more from the tables that a run writes.

Nothing of the measures is used here: the scenario as YAML, the rows of contacts.csv, and arithmetic.
"""

from __future__ import annotations

import csv
from collections import defaultdict
from itertools import pairwise
from pathlib import Path
from typing import Any, Final

import pytest
import yaml

import sim
from sim.report.files import write_files
from sim.report.folder import OutputFolder

SCENARIOS: Final = Path(__file__).parent.parent / "scenarios"
MONTH_H: Final = 30.4375 * 24
WEEK_H: Final = 168
BY_COURSE: Final = {"resolved", "unresolved", "resolved_by_stage", "falsely_resolved"}
OWN_WEIGHTS: Final = {"quality.satisfaction.on_chat": {"best": 4.2, "per_transfer": -0.5}}

Row = dict[str, str]


class Ran:
    """A week of a shipped scenario: its figures, its YAML, and its tables as text."""

    def __init__(self, name: str, changes: dict[str, Any], folder: Path) -> None:
        self.result = sim.run(sim.load(SCENARIOS / f"{name}.yaml", changes), replications=1, seed=4)
        self.tree = yaml.safe_load((SCENARIOS / f"{name}.yaml").read_text(encoding="utf-8"))
        for key, value in changes.items():
            *above, last = key.split(".")
            section = self.tree
            for one in above:
                section = section[one]
            section[last] = value
        with OutputFolder(folder) as out:
            write_files(self.result, out)
        self.contacts: dict[str, list[Row]] = defaultdict(list)
        with (folder / "contacts.csv").open(encoding="utf-8", newline="") as file:
            for row in csv.DictReader(file):
                self.contacts[row["contact"]].append(row)

    def figure(self, measure: str, **where: str) -> float:
        """Give what the run says."""
        return float(self.result.measure(measure, **where)["estimate"].iloc[0])

    def came_before_the_start(self, contact: str) -> bool:
        """Tell whether a contact is of the initial backlog."""
        return self.contacts[contact][0]["arrived"] < str(self.tree["time"]["start"])

    def score(self, legs: list[Row]) -> float:
        """Score a contact by its legs."""
        own = self.tree["quality"]["satisfaction"]
        weights = {**own, **own.get(f"on_{legs[0]['channel']}", {})}
        if legs[0]["end"] not in BY_COURSE:
            return weights["abandoned"]
        waits = [(leg["backlog"] == "yes", float(leg["wait_s"] or 0)) for leg in legs if leg["queue"]]
        queues = [leg["queue"] for leg in legs]
        score = weights["best"]
        score += weights["per_minute_waiting"] * sum(wait for backlog, wait in waits if not backlog) / 60
        score += weights["per_hour_in_backlog"] * sum(wait for backlog, wait in waits if backlog) / 3600
        score += weights["per_transfer"] * sum(a != b for a, b in pairwise(queues))
        score += weights["unresolved"] * (legs[0]["end"] in {"unresolved", "falsely_resolved"})
        return min(5.0, max(1.0, round(score, 6)))


@pytest.fixture(scope="module")
def front_desk(tmp_path_factory: pytest.TempPathFactory) -> Ran:
    """Run the shop's front desk, chats scored by their own weights."""
    return Ran("front_desk", OWN_WEIGHTS, tmp_path_factory.mktemp("front_desk"))


@pytest.fixture(scope="module")
def software_support(tmp_path_factory: pytest.TempPathFactory) -> Ran:
    """Run the software support, with churn."""
    churn = {"quality.churn": {"dissatisfied_below": 3.0, "leaves": "40 %"}}
    return Ran("software_support", churn, tmp_path_factory.mktemp("software_support"))


@pytest.mark.parametrize("name", ["front_desk", "software_support"])
def test_satisfaction_is_the_mean_of_the_scores_of_all_that_ended(name: str, request: pytest.FixtureRequest) -> None:
    """Every term of the score occurs, and each contact's own score is the one that contacts.csv shows.

    Cases that were there before the start are scored, and are no part of the figure; who asks for a case is not scored.
    """
    ran = request.getfixturevalue(name)
    scores = {}
    for number, legs in ran.contacts.items():
        if legs[0]["end"] != "open" and legs[0]["kind"] != "chaser":
            scores[number] = ran.score(legs)
            assert float(legs[0]["satisfaction"]) == pytest.approx(scores[number], abs=2e-6)
        else:
            assert legs[0]["satisfaction"] == ""
    counted = [score for number, score in scores.items() if not ran.came_before_the_start(number)]
    assert ran.figure("satisfaction") == pytest.approx(sum(counted) / len(counted), abs=2e-6)
    rows = [leg for legs in ran.contacts.values() for leg in legs]
    assert {"resolved", "unresolved", "abandoned"} <= {row["end"] for row in rows}
    assert ("self_service" in ran.tree) == bool(
        {"resolved_by_stage", "falsely_resolved"} & {row["end"] for row in rows}
    )
    assert {row["backlog"] for row in rows if float(row["wait_s"] or 0) > 60} == {"yes", "no"}
    assert any(a["queue"] != b["queue"] for legs in ran.contacts.values() for a, b in pairwise(legs))


@pytest.mark.parametrize("name", ["front_desk", "software_support"])
def test_churn_is_a_share_of_the_inquiries_whose_last_contact_was_poor(
    name: str, request: pytest.FixtureRequest
) -> None:
    """By the score of the contact that ended last, whoever asked for the case meanwhile."""
    ran = request.getfixturevalue(name)
    churn = ran.tree["quality"]["churn"]
    last: dict[str, tuple[str, int, float]] = {}
    early = {legs[0]["inquiry"] for number, legs in ran.contacts.items() if ran.came_before_the_start(number)}
    for number, legs in ran.contacts.items():
        if legs[0]["end"] != "open" and legs[0]["kind"] != "chaser" and legs[0]["inquiry"] not in early:
            ended = (legs[0]["ended"], int(number), ran.score(legs))
            last[legs[0]["inquiry"]] = max(last.get(legs[0]["inquiry"], ended), ended)
    poor = sum(score < churn["dissatisfied_below"] for _, _, score in last.values())
    assert poor > 0
    assert ran.figure("churn") == pytest.approx(poor * float(churn["leaves"].rstrip(" %")) / 100, abs=2e-6)


def money(text: str) -> float:
    """Give the amount of `2400 per hour`."""
    return float(text.split(maxsplit=1)[0])


def people(ran: Ran) -> float:
    """Give what all people cost whose hours are paid."""
    total = 0.0
    for row in ran.result.agents().to_dict("records"):
        group = ran.tree["agent_groups"][row["agent_group"]]
        own = group.get("shifts", {}).get(row["shift"], {}).get("cost", "")
        pay = float(group.get("overtime", {}).get("pay", "100 %").rstrip(" %")) / 100
        total += money(group["cost"]) * (pay * row["overtime_h"] + (0 if own.endswith("each") else row["paid_h"]))
    return total


def test_cost_of_the_front_desk_is_its_people_and_its_lines(front_desk: Ran) -> None:
    """To a unit of the currency: amounts are kept in thousandths by group, shift and interval."""
    phone = front_desk.tree["channels"]["phone"]
    lines = phone["lines"] * money(phone["line_cost"]) * WEEK_H / MONTH_H
    assert front_desk.figure("cost") == pytest.approx(people(front_desk) + lines, abs=1)


def test_cost_of_the_software_support_is_people_stages_and_tools(software_support: Ran) -> None:
    """Nights on call are paid by the piece, one tool by the month and one by each terminal that it helps with."""
    ran, tree = software_support, software_support.tree
    stages = {"portal": "knowledge_base", "chat": "chatbot"}
    met = {channel: ran.figure("self_service", channel=channel) for channel in stages}
    helped = sum(
        leg["agent_group"] == "technicians" and leg["tier"] == "technical" and leg["contact_type"] == "terminal_fault"
        for legs in ran.contacts.values()
        for leg in legs
    )
    assert helped > 0
    total = people(ran)
    total += 7 * money(tree["agent_groups"]["technicians"]["shifts"]["night"]["cost"])
    total += sum(met[channel] * money(tree["self_service"][stage]["cost"]) for channel, stage in stages.items())
    total += helped * money(tree["assists"]["remote_tool"]["cost"])
    total += money(tree["assists"]["ticket_summary"]["cost"]) * WEEK_H / MONTH_H
    assert ran.figure("cost") == pytest.approx(total, abs=1)
