"""Replications side by side: the figures of one process, whatever happens to the workers."""

import os
import pickle
import signal
import socket
from collections.abc import Callable, Iterator
from concurrent.futures import BrokenExecutor, Executor, Future, ThreadPoolExecutor
from contextlib import contextmanager
from multiprocessing import active_children
from threading import Barrier
from types import SimpleNamespace
from typing import Any

import pytest

from sim.experiment import cluster, replicate, workers
from sim.experiment.cluster import ADDRESS, cluster_crew
from sim.experiment.errors import ClusterError, QuestionError, WorkersLost
from sim.experiment.gather import Gathered
from sim.experiment.line import Line
from sim.experiment.replicate import Progress, run
from sim.experiment.workers import Crew, Job, Player, play_chunk, players, side_by_side
from sim.staffing.plan.playing import Players
from sim.staffing.plan.schedules import Schedules
from tests.experiment.desks import random_hours
from tests.staffing.plan.desk import morning


def answered(gathered: Gathered) -> int:
    return int(gathered.days["contacts"]["answered"].sum())


def alone(numbers: range) -> list[int]:
    return [answered(one) for one in replicate.Line(random_hours()).one_by_one(7, numbers)]


def threads(lose_after: Callable[[], float] = lambda: float("inf")) -> Crew:
    """Give a crew of two threads; each time it is called it takes so many chunks and is lost with the next."""

    class Losing(ThreadPoolExecutor):
        left = 0.0

        def submit(self, *task: Any, **more: Any) -> Any:
            self.left -= 1
            if self.left < 0:
                raise BrokenExecutor("gone")
            return super().submit(*task, **more)

    @contextmanager
    def called() -> Iterator[Executor]:
        with Losing(2) as executor:
            executor.left = lose_after()
            yield executor

    return Crew(2, called, (BrokenExecutor,), "a hint")


def test_replications_come_in_order_whoever_played_them() -> None:
    numbers = range(3, 14)
    assert [answered(one) for one in side_by_side(Line(random_hours()), threads(), 7, numbers)] == alone(numbers)


def test_threads_of_a_worker_do_not_share_a_player() -> None:
    """Each writes into room that its player keeps; the same thread finds its player again."""
    recipe, both = pickle.dumps(Line(random_hours()).recipe), Barrier(2)

    def mine(_: int) -> list[Player[Any]]:
        both.wait(60)
        return [players.player(recipe), players.player(recipe)]

    with ThreadPoolExecutor(2) as pool:
        (one, again), (other, _) = pool.map(mine, range(2))
    assert one is again
    assert one is not other


def test_a_lent_player_is_found_in_its_thread_alone() -> None:
    """And no longer than it is lent."""
    line = Line(random_hours())
    recipe = pickle.dumps(line.recipe)
    with players.lent(recipe, line), ThreadPoolExecutor(1) as pool:
        assert players.player(recipe) is line
        assert pool.submit(players.player, recipe).result() is not line
    assert players.player(recipe) is not line


def test_replications_of_lost_workers_are_played_again() -> None:
    """Every crew is lost with its sixth chunk: two others take over in turn, and nothing is missing or twice there."""
    numbers = range(9)
    assert [answered(one) for one in side_by_side(Line(random_hours()), threads(lambda: 5), 7, numbers)] == alone(
        numbers
    )


def test_workers_that_are_lost_again_and_again_end_the_run_with_what_is_complete(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    calls = iter([5, 0, 0, 0])
    monkeypatch.setattr(replicate, "local_crew", lambda _size: threads(lambda: next(calls)))
    result = run(random_hours(), replications=9, seed=7, workers=2)
    assert result.interrupted
    done = result.replications
    assert 0 < done < 9
    assert result.ended == (
        f"workers were lost 3 times one after the other (gone) after {done} complete replications; "
        f"{9 - done} are missing"
    )
    assert result.measure("answered")["estimate"][0] * done == sum(alone(range(done)))


def test_an_answer_is_not_awaited_over_a_lost_connection(monkeypatch: pytest.MonkeyPatch) -> None:
    """What was sent while the connection broke is neither answered nor called off."""

    class Deaf(ThreadPoolExecutor):
        def submit(self, *_: Any, **__: Any) -> Any:
            return Future()

    monkeypatch.setattr(workers, "SECONDS_BETWEEN_LOOKS", 0.001)
    crew = Crew(2, lambda: Deaf(1), (ConnectionError,), "a hint", lambda: False)
    with pytest.raises(WorkersLost, match=r"3 times one after the other \(the connection was lost; a hint\)"):
        list(side_by_side(Line(random_hours()), crew, 7, range(9)))


@pytest.mark.parametrize("there", [True, False])
def test_an_answer_that_went_wrong_is_a_loss_if_the_connection_is_lost(there: bool) -> None:
    """Whoever hands answers on may stumble over one that comes as the connection breaks; else an error is an error."""

    class Stumbling(ThreadPoolExecutor):
        def submit(self, *_: Any, **__: Any) -> Any:
            answer: Future[Any] = Future()
            answer.set_exception(TypeError("cannot unpack"))
            return answer

    crew = Crew(2, lambda: Stumbling(1), (ConnectionError,), "a hint", lambda: there)
    told = (
        pytest.raises(TypeError, match=r"^cannot unpack$")
        if there
        else pytest.raises(WorkersLost, match=r"3 times one after the other \(the connection was lost; a hint\)")
    )
    with told:
        list(side_by_side(Line(random_hours()), crew, 7, range(9)))


def test_workers_that_never_answer_are_said_with_what_to_look_at() -> None:
    with pytest.raises(WorkersLost, match=r"^3 times one after the other \(gone; a hint\)$"):
        list(side_by_side(Line(random_hours()), threads(lambda: 0), 7, range(2)))


def test_a_worker_of_another_version_is_refused() -> None:
    job = Job(pickle.dumps(Line(random_hours()).recipe), 1, "0.0.0")
    with pytest.raises(ClusterError, match=r"a worker has madoguchi \S+ and this is 0\.0\.0, which might give other"):
        play_chunk(job, range(1))


def test_two_processes_give_every_digit_of_one_also_when_one_is_killed() -> None:
    """Of a run in a thread, which must not be forked; its first progress kills every worker that is alive."""

    def kill(progress: Progress) -> None:
        if progress.done == 1:
            children = active_children()
            assert {type(child).__name__ for child in children} == {"SpawnProcess"}
            for child in children:
                assert child.pid is not None
                os.kill(child.pid, signal.SIGTERM)

    one = run(random_hours(), replications=6, seed=7)
    with ThreadPoolExecutor(1) as pool:
        two = pool.submit(run, random_hours(), replications=6, seed=7, workers=2, progress=kill).result()
    assert two.summary() == one.summary()


@pytest.mark.parametrize(
    ("each_s", "forked", "called"),
    [
        (0.2, True, range(3, 9)),  # after 0.6 s 1.2 s are left
        (0.15, True, None),  # after 0.6 s 0.75 s are left
        (0.2, False, None),
        (0.8, False, range(1, 9)),  # after 0.8 s 5.6 s are left
        (0.6, False, range(1, 9)),  # 4.2 s
        (0.3, False, None),
    ],
)
def test_a_run_alone_calls_a_crew_once_the_rest_is_worth_its_start(
    each_s: float, forked: bool, called: range | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The rest is worth a fork from one second on, and new interpreters from four. The figures are the same."""
    clock, calls = 0.0, []

    def tick(line: Line, seed: int, number: int) -> Gathered:
        nonlocal clock
        clock += each_s
        return gathered(line, seed, number)

    def noted(scenario: Any, crew: Crew, seed: int, numbers: range) -> Iterator[Gathered]:
        calls.append(numbers)
        return side_by_side(scenario, crew, seed, numbers)

    gathered = Line.gathered
    monkeypatch.setattr(Line, "gathered", tick)
    monkeypatch.setattr(workers, "time", SimpleNamespace(perf_counter=lambda: clock))
    monkeypatch.setattr(workers, "processors", lambda: 2)
    monkeypatch.setattr(workers, "may_fork", lambda: forked)
    monkeypatch.setattr(workers, "local_crew", lambda _size: threads())
    monkeypatch.setattr(workers, "side_by_side", noted)
    result = run(random_hours(), replications=9, seed=7, workers="auto")
    assert calls == ([] if called is None else [called])
    assert result.measure("answered")["estimate"][0] * 9 == sum(alone(range(9)))


@pytest.mark.parametrize(
    "address",
    ["foo", "tcp://foo", "tcp://:8786", "http://foo:8786", "foo:0", "foo:65536", "foo:port", "foo:1/x", 8786],
)
def test_what_is_no_address_is_refused_before_anybody_connects(address: str) -> None:
    with pytest.raises(ClusterError) as caught:
        cluster_crew(address)
    assert str(caught.value) == (
        f"cluster: got {address!r}, must be the address of a Dask scheduler: HOST:PORT or tcp://HOST:PORT, such as "
        "tcp://127.0.0.1:8786; `dask scheduler` prints it when it starts"
    )


@pytest.mark.parametrize("address", ["foo:8786", "tcp://a-b.c_d.example:1", "tls://[fe80::1%eth0]:65535", "[::1]:8786"])
def test_addresses_of_schedulers_are_known(address: str) -> None:
    assert ADDRESS.fullmatch(address)


@pytest.mark.slow
@pytest.mark.parametrize(
    ("address", "why"),
    [
        ("tcp://127.0.0.1:9", "nothing within 0.5 s"),
        ("ucx://127.0.0.1:9", "Can't instantiate abstract class"),
        ("tls://127.0.0.1:9", "TLS expects a `ssl_context` argument"),
    ],
)
def test_a_scheduler_that_does_not_answer_is_named(address: str, why: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cluster, "SECONDS_TO_CONNECT", 0.5)
    with pytest.raises(ClusterError) as caught:
        cluster_crew(address)
    told = str(caught.value)
    assert told.startswith(f"{address}: no Dask scheduler answers there ({why}")
    assert told.endswith("); start one with `dask scheduler`, or mend the address")


@pytest.mark.slow
def test_what_answers_and_is_no_scheduler_is_not_waited_for(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cluster, "SECONDS_TO_CONNECT", 0.5)
    with socket.create_server(("127.0.0.1", 0)) as mute:
        address = f"127.0.0.1:{mute.getsockname()[1]}"
        with pytest.raises(ClusterError, match=f"^{address}: no Dask scheduler answers there \\("):
            cluster_crew(address)


def test_more_workers_than_any_machine_has_use_for_are_refused() -> None:
    """Also of a plan; nothing is started."""
    said = "^workers: got 100000, must be 'auto' or a whole number from 1 to 1,000$"
    with pytest.raises(QuestionError, match=said):
        run(random_hours(), replications=2, workers=100_000)
    with pytest.raises(QuestionError, match=said):
        Players(Schedules(morning()), 1, 100_000, "compiled")
