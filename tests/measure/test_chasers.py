"""Who asks for a case counts where it waits and is answered, and in nothing that is said of the case."""

import pytest
import yaml

from sim.experiment.replicate import run
from sim.experiment.result import Result
from sim.report.files import summary_json
from sim.scenario.load import loads
from tests.engine.test_chasers import asking
from tests.engine.timeline import Tree, call
from tests.measure.test_quality import WEIGHTS


def played(tree: Tree) -> Result:
    tree = tree | {"quality": {"satisfaction": WEIGHTS}}
    tree["time"] = tree["time"] | {"repeat_window": "10 min"}
    return run(loads(yaml.safe_dump(tree, sort_keys=False)), replications=1)


def value(result: Result, measure: str, **ask: object) -> float:
    return float(result.measure(measure, **ask)["estimate"].iloc[0])


@pytest.fixture(scope="module")
def result() -> Result:
    """Cases at 0 and 10 of 150 s each; both are asked for, the first at once, the second after 10 s, 20 s each.

    A call of 60 s comes before, at 50.
    """
    return played(asking([call(0, 150), call(10, 150)], [call(50, 50)]))


def test_chasers_count_on_their_live_channel(result: Result) -> None:
    """Three offered and answered on the phone, two of them to ask, after 0 and 10 s."""
    assert [value(result, name, channel="phone") for name in ("offered", "answered")] == [3, 3]
    assert [value(result, "offered", channel=channel, attempt="chaser") for channel in ("phone", "email")] == [2, 0]
    assert value(result, "average_speed_of_answer", channel="phone") == pytest.approx(10 / 3)
    assert value(result, "handle_time", channel="phone", attempt="chaser") == 20


def test_they_change_nothing_that_is_said_of_inquiries(result: Result) -> None:
    """Two cases, resolved after 150 and 290 s at first contact, and a call, in 5 contacts."""
    assert value(result, "inquiries") == value(result, "inquiries_resolved") == 3
    assert value(result, "contacts_per_inquiry") == pytest.approx(5 / 3)
    assert value(result, "first_contact_resolution") == 1
    assert value(result, "resolution", channel="email") == pytest.approx((150 + 290) / 2)
    assert value(result, "first_response", channel="email") == pytest.approx((150 + 290) / 2)


def test_they_have_no_score(result: Result) -> None:
    """The case that waited 140 s is scored for that; nobody who asked is."""
    scores = result.contacts().set_index("contact")["satisfaction"]
    assert scores.isna().tolist() == [kind == "chaser" for kind in result.contacts()["kind"]]
    assert value(result, "satisfaction", channel="phone") == pytest.approx(4.6)


def test_the_table_of_contacts_tells_them_apart(result: Result) -> None:
    """Of the inquiry, but of no attempt."""
    table = result.contacts()
    rows = table[table["kind"] == "chaser"]
    assert rows["inquiry"].tolist() == [0, 1]
    assert rows["attempt"].isna().all()
    assert rows["end"].tolist() == ["chased", "chased"]
    assert table["attempt"].dropna().tolist() == [0, 0, 0]


def test_a_chaser_is_no_first_answer() -> None:
    """The first case is resolved, the second answered too late to be judged, the third never: only its chaser is."""
    late = played(asking([call(0, 3500), call(1, 500), call(2, 30)]))
    assert value(late, "answered", attempt="chaser") == 3
    assert value(late, "first_contact_resolution") == 1


def test_cases_are_never_cut_from_who_asks_for_them(monkeypatch: pytest.MonkeyPatch) -> None:
    """However few contacts are counted at a time: who asks comes after all cases, and belongs to one of them."""
    tree = asking([call(0, 150), call(10, 150)], [call(50, 50)])
    whole = summary_json(played(tree))
    monkeypatch.setattr("sim.measure.counting.records.CONTACTS", 1)
    assert summary_json(played(tree)) == whole
