"""Replications side by side: in worker processes here, or on a Dask cluster. The figures are those of one process.

Workers are sent the scenario, the seed and numbers of replications, in chunks of at least 100 ms of work, and send the
sums back. Those are handed on in the order of the replications, whoever played them and whenever, so that nothing that
is printed depends on how the work was shared out.
"""

from __future__ import annotations

import os
import pickle
import threading
import time
from collections import deque
from collections.abc import Callable, Iterator
from concurrent.futures import BrokenExecutor, CancelledError, Executor, Future, wait
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from functools import lru_cache, partial
from importlib.metadata import version
from math import ceil
from typing import Any, Final, Generic, Protocol, TypeVar

from sim.experiment.errors import ClusterError, QuestionError, WorkersLost
from sim.experiment.processes import may_fork, processes

SECONDS_OF_CHUNK: Final = 0.1
"""Shorter chunks would cost more to send than to play."""

CHUNKS_PER_WORKER: Final = 2
"""Sent ahead: one that is played and one that waits, so that nobody idles while the sums are added up."""

SECONDS_ALONE: Final = 0.5
SECONDS_WORTH_A_FORK: Final = 1.0
SECONDS_WORTH_IT: Final = 4.0
"""A crew is called when the rest of the work, seen from what was done alone, is worth its start: forked it takes 0.1 s,
else a second or two."""

MOST_WORKERS: Final = 1_000
"""Processes on one machine: more are a slip, which would take all that it has."""

MOST_LOSSES: Final = 3
"""Losses of workers, one after the other without a replication between them, after which a run gives up."""

SECONDS_BETWEEN_LOOKS: Final = 1.0
"""At whether those whose answer is awaited are still there."""

LOST_HERE: Final = (BrokenExecutor, CancelledError, ConnectionError, EOFError)
"""What it looks like when workers are gone, whatever the kind of executor."""


Sums = TypeVar("Sums")
"""What is kept of a replication."""
Sums_co = TypeVar("Sums_co", covariant=True)


class Player(Protocol[Sums_co]):
    """What plays replications: a line, or several that play the same ones."""

    @property
    def recipe(self) -> Callable[[], Player[Sums_co]]:
        """What makes the same elsewhere; it can be pickled."""

    def warm_up(self) -> None:
        """Have the engine compiled and kept before others look for it."""

    def gathered(self, seed: int, replication: int) -> Sums_co:
        """Give what is kept of one replication."""

    def one_by_one(self, seed: int, numbers: range) -> Iterator[Sums_co]:
        """Give what is kept of replications, one after the other."""


@dataclass(frozen=True)
class Job:
    """What a worker needs to know to play any replication of a run."""

    recipe: bytes
    """Of the player, pickled: sent with every chunk, unpacked once by each worker that was not forked with it."""
    seed: int
    version: str
    """Of the product: another one might give other figures."""


@dataclass(frozen=True)
class Chunk(Generic[Sums]):
    """Neighbouring replications, played."""

    replications: list[Sums]
    seconds: float
    """What it took the worker."""


def play_chunk(job: Job, numbers: range) -> Chunk[Any]:
    """Play replications: what a worker does."""
    if version("madoguchi") != job.version:
        raise ClusterError(
            f"a worker has madoguchi {version('madoguchi')} and this is {job.version}, which might give other figures; "
            "install the same version on all"
        )
    player = players.player(job.recipe)
    began = time.perf_counter()
    measures = list(player.one_by_one(job.seed, numbers))
    return Chunk(measures, time.perf_counter() - began)


class _Players(threading.local):
    """The players of a thread: they write into room of their own, which no other thread may write to meanwhile."""

    def __init__(self) -> None:
        self._lent: dict[bytes, Player[Any]] = {}
        self._made = lru_cache(maxsize=4)(_unpacked)

    def player(self, recipe: bytes) -> Player[Any]:
        """Give the player of a recipe: one that was lent, or that is made when first asked for."""
        return self._lent.get(recipe) or self._made(recipe)

    @contextmanager
    def lent(self, recipe: bytes, player: Player[Any]) -> Iterator[None]:
        """Have processes that are forked meanwhile go on with the player that is here, instead of making their own."""
        self._lent[recipe] = player
        try:
            yield
        finally:
            self._lent.pop(recipe, None)


def _unpacked(recipe: bytes) -> Player[Any]:
    player: Player[Any] = pickle.loads(recipe)()
    return player


players: Final = _Players()


@dataclass(frozen=True)
class Crew:
    """Workers that may be called together, again if they were lost."""

    size: int
    called: Callable[[], AbstractContextManager[Executor]]
    lost: tuple[type[BaseException], ...]
    """What it looks like when they are gone."""
    hint: str
    """What to look at if none of them ever answered."""
    connected: Callable[[], bool] = lambda: True
    """Whether those called last can still answer; of a crew whose executor tells who waits, there is no need to ask."""


def local_crew(size: int) -> Crew:
    """Give processes on this machine.

    Processes and not threads: the engine would let go of the interpreter, but dealing and measuring, half of the work,
    are many short steps of NumPy that hold it. How they are started is told in `sim.experiment.processes`.
    """
    check_workers(size)
    hint = "a script that asks for workers must do so under `if __name__ == '__main__':`, since they import it"
    return Crew(size, partial(processes, size), LOST_HERE, hint)


def check_workers(workers: object) -> None:
    """Refuse what is no number of processes, and more than any machine has use for."""
    if workers == "auto":
        return
    if not isinstance(workers, int) or isinstance(workers, bool) or not 1 <= workers <= MOST_WORKERS:
        raise QuestionError(f"workers: got {workers!r}, must be 'auto' or a whole number from 1 to {MOST_WORKERS:,}")


def processors() -> int:
    """Tell how many processors this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def side_by_side(player: Player[Sums], crew: Crew, seed: int, numbers: range) -> Iterator[Sums]:
    """Give the sums of replications, in order, played by a crew.

    Replications of workers that were lost are played again, by a crew called together anew.

    Raises
    ------
    WorkersLost
        If that happened several times without one replication done.
    """
    player.warm_up()
    job = Job(pickle.dumps(player.recipe), seed, version("madoguchi"))
    plan = _Plan(numbers, crew.size)
    losses = 0
    with players.lent(job.recipe, player):
        while plan.left:
            try:
                with crew.called() as executor:
                    for measures in _played(crew, executor, job, plan):
                        losses = 0
                        yield measures
            except crew.lost as error:
                losses += 1
                if losses == MOST_LOSSES:
                    reason = str(error) or type(error).__name__
                    reasons = reason if plan.begun else f"{reason}; {crew.hint}"
                    raise WorkersLost(f"{losses} times one after the other ({reasons})") from error


def side_by_side_if_worth_it(player: Player[Sums], seed: int, numbers: range) -> Iterator[Sums]:
    """Give the sums of replications, in order: played here, and by a crew once the rest is worth its start."""
    began, worth_it = time.perf_counter(), SECONDS_WORTH_A_FORK
    alone = processors() == 1
    for done, number in enumerate(numbers):
        spent = time.perf_counter() - began
        if not alone and done and spent >= SECONDS_ALONE:
            left = spent / done * (len(numbers) - done)
            if worth_it <= left < SECONDS_WORTH_IT and not may_fork():
                worth_it = SECONDS_WORTH_IT
            if left >= worth_it:
                yield from side_by_side(player, local_crew(processors()), seed, numbers[done:])
                return
        yield player.gathered(seed, number)


class _Plan:
    """Which replications are left, and how many make a chunk."""

    def __init__(self, numbers: range, workers: int) -> None:
        self.numbers = self.left = numbers
        self.workers = workers
        self._size = 1

    @property
    def begun(self) -> bool:
        """Whether anything came back."""
        return self.left != self.numbers

    def chunk_of(self, numbers: range) -> range:
        """Give the chunk at the head of replications; the last ones are shared out evenly."""
        return numbers[: min(self._size, max(1, len(numbers) // self.workers))]

    def learn(self, chunk: Chunk[Any]) -> None:
        """Learn from a chunk how many replications make one."""
        each = chunk.seconds / len(chunk.replications)
        self._size = ceil(SECONDS_OF_CHUNK / max(each, 1e-6))


def _played(crew: Crew, executor: Executor, job: Job, plan: _Plan) -> Iterator[Any]:
    """Play what is left of a plan, in order."""
    sent: deque[Future[Chunk[Any]]] = deque()
    unsent = plan.left
    while plan.left:
        while unsent and len(sent) < CHUNKS_PER_WORKER * plan.workers:
            numbers = plan.chunk_of(unsent)
            sent.append(executor.submit(play_chunk, job, numbers))
            unsent = unsent[len(numbers) :]
        chunk = _answer(crew, sent.popleft())
        plan.learn(chunk)
        for measures in chunk.replications:
            plan.left = plan.left[1:]
            yield measures


def _answer(crew: Crew, sent: Future[Chunk[Any]]) -> Chunk[Any]:
    """Wait for a chunk as long as its workers can be reached."""
    while not wait((sent,), SECONDS_BETWEEN_LOOKS).done:
        if not crew.connected():
            raise ConnectionError("the connection was lost")
    error = sent.exception()
    if error is not None and not isinstance(error, crew.lost) and not crew.connected():
        # Dask stumbles over an answer that comes as the connection breaks (`distributed.cfexecutor`).
        raise ConnectionError("the connection was lost") from error
    return sent.result()
