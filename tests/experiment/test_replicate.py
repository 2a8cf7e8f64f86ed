"""Replications one after the other, and what ends them."""

import signal

import pytest

from sim.experiment import line, replicate
from sim.experiment.collect import Collected
from sim.experiment.gather import Gathered
from sim.experiment.replicate import Progress, run
from tests.experiment.desks import random_hours, replayed


def test_replication_k_alone_is_replication_k_of_a_batch() -> None:
    batch = run(random_hours(), replications=3, seed=5)
    alone = run(random_hours(), replications=1, seed=5, first_replication=2)
    assert alone.contacts(2)["arrived"].tolist() == batch.contacts(2)["arrived"].tolist()
    assert alone.measure("answered")["estimate"][0] == len(batch.legs(2).query("left == 'taken'"))


def test_the_same_seed_gives_every_digit_again() -> None:
    one, other = (run(random_hours(), replications=5, seed=5).summary() for _ in range(2))
    assert one == other


def test_another_seed_gives_other_figures() -> None:
    one, other = (run(random_hours(), replications=2, seed=seed).measure("wait")["estimate"][0] for seed in (1, 2))
    assert one != other


def test_auto_ends_at_the_first_look_when_nothing_is_left_to_chance() -> None:
    result = run(replayed("{measure: abandonment, at_most: 30 %}"), replications="auto", seed=1)
    assert result.replications == 30
    assert result.ended.startswith("precise enough after 30 replications: widest interval abandonment 25.00 % ± 0.00")


def test_auto_goes_on_until_its_targets_are_precise() -> None:
    """Abandonment of about 25 % after so few calls needs more than 30 replications, but not the most."""
    result = run(random_hours("{measure: abandonment, at_most: 30 %}"), replications="auto", seed=1)
    half = result.measure("abandonment")["half_width"][0]
    assert result.replications in {50, 80, 120}
    assert half <= 0.05 * result.measure("abandonment")["estimate"][0]


def test_auto_ends_at_its_limit(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(replicate, "LOOKS", (2, 4))
    result = run(random_hours(), replications="auto", seed=1)
    assert result.replications == 4
    assert result.ended.startswith("limit of 4 replications: widest interval ")


def test_an_interrupted_run_keeps_complete_replications_and_says_what_is_missing() -> None:
    def stop(progress: Progress) -> None:
        if progress.done == 3:
            raise KeyboardInterrupt

    result = run(random_hours(), replications=10, seed=1, progress=stop)
    assert result.replications == 3
    assert result.interrupted
    assert result.ended == "interrupted after 3 complete replications; 7 are missing"
    assert result.measure("offered")["n"][0] == 3


def test_an_interrupt_while_a_replication_is_added_waits_until_it_is_whole(monkeypatch: pytest.MonkeyPatch) -> None:
    """Ctrl-C in the middle of adding the second: it counts in days and in hours alike."""

    def add(collected: Collected, gathered: Gathered) -> None:
        if collected.replications == 1:
            signal.raise_signal(signal.SIGINT)
        whole(collected, gathered)

    whole, before = Collected.add, signal.getsignal(signal.SIGINT)
    monkeypatch.setattr(Collected, "add", add)
    result = run(random_hours(), replications=5, seed=1)
    assert (result.replications, result.interrupted) == (2, True)
    by_hour = result.measure("offered", per="hour")["estimate"].sum()
    assert by_hour == result.measure("offered")["estimate"][0]
    assert signal.getsignal(signal.SIGINT) is before


def test_a_run_interrupted_before_anything_is_complete_stays_interrupted(monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupted(*_args: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(line, "account", interrupted)
    with pytest.raises(KeyboardInterrupt):
        run(random_hours(), replications=10, seed=1)


def test_progress_is_told_after_every_replication() -> None:
    told: list[tuple[int, int]] = []
    run(
        random_hours(), replications=3, seed=1, progress=lambda progress: told.append((progress.done, progress.planned))
    )
    assert told == [(1, 3), (2, 3), (3, 3)]


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"replications": 0}, "replications: got 0, must be 'auto' or a whole number of at least 1"),
        ({"replications": "many"}, "replications: got 'many'"),
        ({"workers": 0}, "workers: got 0, must be 'auto' or a whole number from 1 to 1,000"),
        ({"workers": True}, "workers: got True, must be 'auto' or a whole number from 1 to 1,000"),
        (
            {"workers": 2, "cluster": "tcp://127.0.0.1:8786"},
            "workers: got 2 beside a cluster, whose own workers play; leave one of the two out",
        ),
        ({"seed": -1}, "seed: got -1, must be a whole number, 0 or more"),
        ({"first_replication": 1.5}, "first_replication: got 1.5"),
    ],
)
def test_bad_arguments_are_refused(wrong: dict[str, object], said: str) -> None:
    with pytest.raises(ValueError, match=said):
        run(random_hours(), **wrong)  # type: ignore[arg-type]


def test_a_path_in_place_of_a_scenario_is_refused_with_what_to_do() -> None:
    with pytest.raises(TypeError, match=r"scenario: got 'desk.yaml', must be a Scenario, such as sim.load"):
        run("desk.yaml")  # type: ignore[arg-type]


def test_one_replication_is_one_in_words() -> None:
    assert run(replayed(), replications=1, seed=1).ended == "1 replication, as asked"


def test_progress_says_when_it_looks_next() -> None:
    """`auto` looks after 30 replications, then after 50; so many that are asked are the only end."""
    seen: list[Progress] = []
    run(random_hours('"phone.service_level(20 s) >= 50 %"'), progress=seen.append)
    assert [(one.done, one.planned) for one in seen if one.done in (1, 29, 30, 31)] == [
        (1, 30),
        (29, 30),
        (30, 50),
        (31, 50),
    ]
    seen.clear()
    run(random_hours(), replications=40, progress=seen.append)
    assert {one.planned for one in seen} == {40}
