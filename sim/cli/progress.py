"""How far a run is: a moving line on a terminal, a line now and then elsewhere.

The line moves when there is something new to say, and not by a thread of its own: beside one, workers could not be
forked.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from rich.console import Console

    from sim.experiment.replicate import Progress

SECONDS_BETWEEN_LINES: Final = 5.0
"""Off a terminal."""
SECONDS_BETWEEN_MOVES: Final = 0.1
"""Of a run's line on a terminal: replications may come faster than anybody reads."""

SECONDS_THAT_TELL: Final = 1.0
"""Replications of less time in all, such as the first ones of several workers, do not tell how long the rest takes."""
TIMES_AS_LONG: Final = 5.0
"""As before, that a replication takes for which workers had to start."""


@contextmanager
def progress_on(console: Console) -> Iterator[Callable[[Progress], None]]:
    """Show the progress of a run on a console, and remove it from a terminal at the end."""
    if console.is_terminal:
        with _moving_line(console, "first replication") as show:
            yield _now_and_then(show, SECONDS_BETWEEN_MOVES)
        return
    line = partial(console.print, highlight=False, markup=False, soft_wrap=True)
    yield _now_and_then(line, SECONDS_BETWEEN_LINES)


def _now_and_then(show: Callable[[str], None], seconds: float) -> Callable[[Progress], None]:
    """Give what has the progress shown in words, but not again within so many seconds."""
    pace, last = Pace(), time.monotonic()

    def tell(progress: Progress) -> None:
        nonlocal last
        now = time.monotonic()
        left = pace.left(progress, now)
        if now - last >= seconds:
            last = now
            show(words(progress, left))

    return tell


@contextmanager
def telling_on(console: Console) -> Iterator[Callable[[str], None]]:
    """Show what is being done on a console: a moving line on a terminal; elsewhere a line when that changes."""
    if console.is_terminal:
        with _moving_line(console, "starting") as show:
            yield show
        return
    last = time.monotonic() - SECONDS_BETWEEN_LINES

    def line(doing: str) -> None:
        nonlocal last
        if time.monotonic() - last >= SECONDS_BETWEEN_LINES:
            last = time.monotonic()
            console.print(doing, highlight=False, markup=False, soft_wrap=True)

    yield line


@contextmanager
def _moving_line(console: Console, first: str) -> Iterator[Callable[[str], None]]:
    """Show a text on a terminal, and whatever replaces it, until the end of the block."""
    from rich.live import Live  # noqa: PLC0415  (slow to import)
    from rich.spinner import Spinner  # noqa: PLC0415  (slow to import)
    from rich.text import Text  # noqa: PLC0415  (slow to import)

    spinner = Spinner("dots", Text(first), style="status.spinner")
    with Live(spinner, console=console, auto_refresh=False, transient=True) as live:

        def show(text: str) -> None:
            spinner.update(text=Text(text))
            live.refresh()

        yield show


class Pace:
    """Tells how long the rest of a run takes, by the replications after the first.

    The first one may have waited for the engine to be compiled, or for workers to start; so may a later one, once, when
    workers are called after the first few.
    """

    def __init__(self) -> None:
        self._first: tuple[int, float] | None = None
        self._last, self._waited = 0.0, False

    def left(self, progress: Progress, now: float) -> float | None:
        """Give the seconds that are left, of a run that has just come so far; None as long as nobody can know.

        Parameters
        ----------
        now
            Seconds on any clock, the same one at every call.
        """
        if self._first is None:
            self._first = (progress.done, now)
        first, began = self._first
        before, waited = progress.done - 1 - first, now - self._last
        each = (self._last - began) / before if before > 0 else waited
        if not self._waited and waited >= SECONDS_THAT_TELL and waited > TIMES_AS_LONG * each:
            self._waited = True
            self._first = first, began = progress.done, now
        self._last = now
        if progress.done == first or now - began < SECONDS_THAT_TELL:
            return None
        return (now - began) / (progress.done - first) * (progress.planned - progress.done)


def words(progress: Progress, left: float | None) -> str:
    """Say how far a run is.

    Parameters
    ----------
    left
        Seconds until its end, if anybody can know.
    """
    ahead = "" if left is None else f", about {_span(left)} left"
    found = f"; {progress.judgement}" if progress.judgement else ""
    return f"{progress.done} of {progress.planned} replications{ahead}{found}"


def _span(seconds: float) -> str:
    return f"{seconds:.0f} s" if seconds < 100 else f"{seconds / 60:.0f} min"
