"""Replications, one after the other or side by side: played and collected until there are enough."""

from __future__ import annotations

import signal
import threading
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from typing import Literal

from sim.engine.choice import Engine, Name
from sim.experiment.cluster import cluster_crew
from sim.experiment.collect import Collected
from sim.experiment.errors import QuestionError, WorkersLost
from sim.experiment.judge import Judgement, judge
from sim.experiment.line import Line
from sim.experiment.result import Result
from sim.experiment.statistics import LOOKS, SPENT
from sim.experiment.workers import (
    Player,
    Sums,
    check_workers,
    local_crew,
    side_by_side,
    side_by_side_if_worth_it,
)
from sim.scenario.schema import Scenario
from sim.scenario.units import write_counted

Auto = Literal["auto"]


@dataclass(frozen=True)
class Progress:
    """How far a run is."""

    done: int
    """Replications done."""
    planned: int
    """Replications at the end, or for `auto` at the next look."""
    judgement: Judgement | None
    """What the last look found."""


def run(  # noqa: PLR0913  (all that can be asked of a run)
    scenario: Scenario,
    *,
    replications: int | Auto = "auto",
    seed: int = 1,
    first_replication: int = 0,
    workers: int | Auto = 1,
    cluster: str | None = None,
    engine: Name | Engine = "compiled",
    progress: Callable[[Progress], None] | None = None,
) -> Result:
    """Simulate a scenario in independent replications.

    Parameters
    ----------
    scenario
        What to simulate.
    replications
        How many; `auto`: until every target (else service level within 20 s and abandonment by channel) has a 95 %
        half-width of at most 1 percentage point or 5 %, looked at after 30, 50, 80, 120, 200, 300, 500 and 700
        replications, and 1,000 at most.
    seed
        Of all chance, 0 or more. The same scenario, seed and version give the same figures to the last digit.
    first_replication
        Number of the first replication; replication k is the same alone as among others.
    workers
        Processes that play side by side; `auto`: as many as there are processors, if the work is worth their start. A
        script that asks for more than one needs the usual `if __name__ == "__main__":`, since they import it where they
        cannot be forked (`sim.experiment.processes`). The figures are the same whatever the number.
    cluster
        Address of a Dask scheduler, such as tcp://host:8786, whose workers play instead: all that it has.
    engine
        `compiled`, or `reference`, which is much slower and the definition of the model. The figures are the same. What
        keeps the compiled one from serving, or from being kept, is warned of; if need be the reference engine serves.
    progress
        Called after every replication.

    Returns
    -------
    Result
        Interrupted (Ctrl-C, or workers lost again and again), it holds the complete replications and says how many are
        missing.

    Raises
    ------
    ClusterError
        If the cluster cannot be worked with.
    """
    check_scenario(scenario)
    check_numbers(replications, seed, first_replication, workers)
    return run_until(
        scenario,
        Playing(replications, seed, first_replication, workers, cluster, progress, looks=LOOKS),
        partial(judge, scenario),
        spent=SPENT if replications == "auto" else 1.0,
        engine=engine,
    )


def run_until(
    scenario: Scenario,
    asked: Playing,
    look: Callable[[Collected], Judgement],
    *,
    spent: float,
    engine: Name | Engine = "compiled",
) -> Result:
    """Simulate a scenario until a rule says that replications are enough.

    Parameters
    ----------
    look
        The rule, asked at every look of `auto`.
    spent
        Share of the error 1 − level that intervals may use, so that looking does not spoil them.
    """
    line = Line(scenario, engine)
    if not isinstance(engine, Engine):
        for remark in line.engine.remarks:
            warnings.warn(remark, RuntimeWarning, stacklevel=3)
    collected = line.collecting()
    ended = play(line, collected.add, asked, lambda: look(collected))
    return Result(
        scenario=scenario,
        seed=asked.seed,
        engine=line.engine,
        first_replication=asked.first_replication,
        collected=collected,
        spent=spent,
        ended=ended.why,
        interrupted=ended.interrupted,
    )


@dataclass(frozen=True)
class Playing:
    """Which replications are played, and where."""

    replications: int | Auto
    seed: int
    first_replication: int
    workers: int | Auto
    cluster: str | None
    progress: Callable[[Progress], None] | None
    looks: tuple[int, ...] = LOOKS
    """Of `auto`: numbers of replications after which it looks, increasing; the last is the limit."""
    purpose: str = "precise enough"
    """What `auto` goes on for."""


@dataclass(frozen=True)
class Ended:
    """How playing came to its end."""

    why: str
    """In words."""
    interrupted: bool


def play(player: Player[Sums], take: Callable[[Sums], None], asked: Playing, look: Callable[[], Judgement]) -> Ended:
    """Play replications until there are enough, and have each taken in whole.

    Parameters
    ----------
    take
        Takes in what is kept of the next replication.
    look
        Judges whether those taken in are enough, which `auto` asks at every look.
    """
    source = _source(player, asked.workers, asked.cluster)
    auto, done = asked.replications == "auto", 0
    limit = asked.looks[-1] if asked.replications == "auto" else asked.replications
    judgement: Judgement | None = None
    ended = f"{write_counted(limit, 'replication')}, as asked"
    try:
        for sums in source(asked.seed, range(asked.first_replication, asked.first_replication + limit)):
            with _uninterrupted():
                take(sums)
                done += 1
            if auto and done in asked.looks:
                judgement = look()
                if judgement.enough:
                    ended = f"{asked.purpose} after {write_counted(done, 'replication')}: {judgement}"
                    break
                ended = f"limit of {write_counted(limit, 'replication')}: {judgement}"
            if asked.progress is not None:
                next_look = next((each for each in asked.looks if each > done), limit)
                asked.progress(Progress(done, next_look if auto else limit, judgement))
    except (KeyboardInterrupt, WorkersLost) as stop:
        if not done:
            raise
        purpose = asked.purpose if auto else None
        return Ended(_words_of_stop(stop, done, limit, purpose), interrupted=True)
    return Ended(ended, interrupted=False)


def _source(player: Player[Sums], workers: int | Auto, cluster: str | None) -> Callable[[int, range], Iterator[Sums]]:
    """Give what turns a seed and numbers of replications into their sums."""
    if cluster is not None:
        if workers not in {1, "auto"}:
            raise QuestionError(
                f"workers: got {workers} beside a cluster, whose own workers play; leave one of the two out"
            )
        return partial(side_by_side, player, cluster_crew(cluster))
    if workers == "auto":
        return partial(side_by_side_if_worth_it, player)
    if workers == 1:
        return player.one_by_one
    return partial(side_by_side, player, local_crew(workers))


def _words_of_stop(stop: BaseException, done: int, limit: int, purpose: str | None) -> str:
    """Say what ended a run before its time."""
    left = limit - done
    missing = f"until {purpose}" if purpose else f"{left} {'is' if left == 1 else 'are'} missing"
    why = f"workers were lost {stop}" if isinstance(stop, WorkersLost) else "interrupted"
    return f"{why} after {write_counted(done, 'complete replication')}; {missing}"


@contextmanager
def _uninterrupted() -> Iterator[None]:
    """Let Ctrl-C wait for the end of the block, so that a replication is added whole or not at all."""
    if threading.current_thread() is not threading.main_thread():
        yield  # signals only ever reach the main thread
        return
    pressed = []
    before = signal.signal(signal.SIGINT, lambda *_: pressed.append(True))
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before if before is not None else signal.SIG_DFL)
    if pressed:
        raise KeyboardInterrupt


def check_scenario(scenario: object) -> None:
    """Refuse what is no scenario."""
    if not isinstance(scenario, Scenario):
        raise TypeError(f"scenario: got {scenario!r:.80}, must be a Scenario, such as sim.load('desk.yaml')")


def check_numbers(replications: object, seed: object, first: object, workers: object) -> None:
    """Refuse numbers that no run can have; ValueError says what is allowed."""
    if replications != "auto" and (
        not isinstance(replications, int) or isinstance(replications, bool) or replications < 1
    ):
        raise ValueError(f"replications: got {replications!r}, must be 'auto' or a whole number of at least 1")
    check_workers(workers)
    for name, value in (("seed", seed), ("first_replication", first)):
        if not isinstance(value, int) or isinstance(value, bool) or value < 0:
            raise ValueError(f"{name}: got {value!r}, must be a whole number, 0 or more")
