"""Processes on this machine, each of which is asked on its own and keeps what it needs for its share of the work.

Who has work for any worker that is free uses an executor (`sim.experiment.workers`). Partners have no thread here, and
each has a pipe, so that all of them can be forked (`sim.experiment.processes`), and forked anew later on. An answer is
whole, or the pipe is at its end: whoever is killed as it sends is noticed.
"""

from __future__ import annotations

import gc
import multiprocessing
from collections.abc import Callable, Sequence
from contextlib import suppress
from multiprocessing.connection import Connection
from typing import TYPE_CHECKING, Any, Generic, Self, TypeVar, cast

from sim.experiment.processes import end_with_the_parent, interrupts_held, may_fork

if TYPE_CHECKING:
    from multiprocessing.context import ForkContext
    from multiprocessing.process import BaseProcess
    from types import TracebackType

Asked = TypeVar("Asked")
Answer = TypeVar("Answer")


class PartnersLost(Exception):  # noqa: N818  (what happened, not what somebody did wrong)
    """A partner ended before it had answered; all have been ended."""


class Partners(Generic[Asked, Answer]):
    """Partners, who begin with the first question, and anew after they were ended; a context, at whose end they end.

    Parameters
    ----------
    size
        How many.
    begin
        Called by each of them to get what answers questions. Partners that are forked go on with all that it holds
        here; for others it is pickled.
    """

    def __init__(self, size: int, begin: Callable[[], Callable[[Asked], Answer]]) -> None:
        self.size, self._begin_work = size, begin
        self._begun: list[tuple[BaseProcess, Connection]] = []

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._end()

    def answers(self, asked: Sequence[Asked]) -> list[Answer]:
        """Ask each of them something, and give what they answer.

        What keeps an answer from coming ends them all: nobody works on for nothing, and no later question gets an
        answer to one of before.

        Raises
        ------
        PartnersLost
            If one of them is gone.
        """
        try:
            if not self._begun:
                self._begin()
            for (_, pipe), one in zip(self._begun, asked, strict=True):
                _sent(pipe, one)
            found = [_received(pipe) for _, pipe in self._begun]
            error = next((one for one in found if isinstance(one, BaseException)), None)
            if error is not None:
                raise error
        except BaseException:
            self._end()
            raise
        return found

    def _begin(self) -> None:
        # The contexts' kinds of processes are the same, but the type checker does not know.
        context = cast("ForkContext", multiprocessing.get_context("fork" if may_fork() else "spawn"))
        with interrupts_held():
            gc.freeze()
            for _ in range(self.size):
                ours, theirs = context.Pipe()
                process = context.Process(target=_serve, args=(theirs, self._begin_work), daemon=True)
                self._begun.append((process, ours))
                process.start()
                theirs.close()  # only the partner has it now: it is closed when the partner is gone

    def _end(self) -> None:
        for process, pipe in self._begun:
            if process.pid is not None:
                process.kill()
                process.join()
            pipe.close()
        if self._begun:
            gc.unfreeze()
        self._begun = []


def _sent(pipe: Connection, asked: object) -> None:
    try:
        pipe.send(asked)
    except OSError as error:
        raise PartnersLost from error


def _received(pipe: Connection) -> Any:
    try:
        return pipe.recv()
    except (EOFError, OSError) as error:
        raise PartnersLost from error


def _serve(pipe: Connection, begin: Callable[[], Callable[[Asked], Answer]]) -> None:
    """Answer until nobody asks any more: what a partner does."""
    end_with_the_parent()
    work = begin()
    with suppress(EOFError, OSError):  # nobody is there to be told
        while True:
            asked = pipe.recv()
            answer: object
            try:
                answer = work(asked)
            except Exception as error:  # whatever it is, who asked is told
                answer = error
            pipe.send(answer)
