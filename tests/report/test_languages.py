"""What a Result and its report tell of languages, on calls that a reader can follow."""

import io

import pytest
from rich.console import Console

from sim.experiment.replicate import run
from sim.experiment.result import Result
from sim.report.files import contacts_table
from sim.report.languages import by_language
from sim.scenario.load import loads

DESK = """
format: 1
name: Two calls in Japanese and one in English
time: {start: 2026-04-06, length: 1 h, interval: 30 min, repeat_window: 10 min}
channels: {phone: {}}
contact_types:
  order:
    languages: ja
    arrivals:
      phone: {log: [{time: "2026-04-06 00:10:00"}, {time: "2026-04-06 00:10:40"}]}
    handling: {desk: {handle_time: {distribution: constant, mean: 60 s}}}
  fault:
    languages: {en: 100 %, es: 0}
    arrivals: {phone: {log: [{time: "2026-04-06 00:10:20"}]}}
    handling: {desk: {handle_time: {distribution: constant, mean: 60 s}}}
tiers: {desk: {}}
agent_groups:
  a: {tier: desk, headcount: 1, languages: [ja]}
  b: {tier: desk, headcount: 1, languages: [en, es]}
targets:
  - {measure: service_level, language: ja, within: 10 s, at_least: 60 %}
  - "en.service_level(10 s) >= 60 %"
"""
"""The second Japanese call waits 20 s for the first to end; the English one is answered at once."""


@pytest.fixture(scope="module")
def three_calls() -> Result:
    return run(loads(DESK), replications=2, seed=1)


def test_measures_are_broken_down_and_narrowed_by_language(three_calls: Result) -> None:
    offered = three_calls.measure("offered", by="language")
    assert dict(zip(offered["language"], offered["estimate"], strict=True)) == {"en": 1, "ja": 2}
    assert three_calls.measure("average_speed_of_answer", language="ja")["estimate"].tolist() == [10]
    assert three_calls.measure("wait_max", tier="desk", language="ja")["estimate"].tolist() == [20]
    by_half_hour = three_calls.measure("service_level", language="ja", within="10 s", per="interval")
    assert by_half_hour["estimate"].tolist()[0] == 0.5
    with pytest.raises(ValueError, match=r"unknown language 'jp'; known: .*, en, es, ja"):
        three_calls.measure("offered", language="jp")


def test_targets_are_judged_by_language(three_calls: Result) -> None:
    """Half of the Japanese calls are answered within 10 s, and all of the English ones."""
    targets = three_calls.targets()
    assert targets["target"].tolist() == ["ja service_level within 10 s ≥ 60 %", "en service_level within 10 s ≥ 60 %"]
    assert targets["estimate"].tolist() == [0.5, 1]


def test_contacts_and_legs_name_their_language(three_calls: Result) -> None:
    assert three_calls.contacts()["language"].tolist() == ["ja", "en", "ja"]
    legs = three_calls.legs()
    assert legs["language"].tolist() == ["ja", "en", "ja"]
    assert legs["queue"].tolist() == ["desk/order/phone/ja", "desk/fault/phone/en", "desk/order/phone/ja"]
    assert contacts_table(three_calls)["language"].tolist() == ["ja", "en", "ja"]


def test_the_report_shows_languages_where_there_are_several(three_calls: Result) -> None:
    """One in which nobody comes is left out; of a single language, or of none, there is no table."""
    stream = io.StringIO()
    for table in by_language(three_calls, ["phone"], []):
        Console(file=stream, width=80).print(table)
    text = stream.getvalue()
    head, first, second, level, *_ = text.splitlines()[:5]
    assert (head, first.split()) == ("Languages", ["en", "ja"])
    assert second.split() == ["inquiries", "1", "±", "0", "2", "±", "0"]
    assert level.split()[:2] == ["contacts", "offered"]
    assert "service level, 10 s" in text
    alone = run(loads(DESK.replace("{en: 100 %, es: 0}", "ja").split("targets:")[0].replace("[ja]", "[ja, en]")))
    assert list(by_language(alone, ["phone"], [])) == []


def test_counts_by_language_and_of_no_language_make_the_whole() -> None:
    """Orders in two languages, faults in none that is named."""
    text = DESK.replace("languages: ja", "languages: {ja: 50 %, en: 50 %}").replace("{en: 100 %, es: 0}", "{}")
    text = text.replace("[ja]", "[ja, en]").split("targets:", maxsplit=1)[0]
    result = run(loads(text), replications=8, seed=1)
    for measure in ("arrived", "offered", "answered", "inquiries"):
        named = result.measure(measure, by="language")
        assert named["language"].tolist() == ["en", "ja"]
        (nameless,) = result.measure(measure, language="(nobody)")["estimate"]
        (whole,) = result.measure(measure)["estimate"]
        assert (named["estimate"].sum(), nameless, whole) == (2, 1, 3)
