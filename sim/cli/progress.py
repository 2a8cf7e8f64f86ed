"""How far a run is: a moving line on a terminal, a line now and then elsewhere."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from rich.console import Console

    from sim.experiment.replicate import Progress

SECONDS_BETWEEN_LINES: Final = 5.0
"""Off a terminal."""


@contextmanager
def progress_on(console: Console) -> Iterator[Callable[[Progress], None]]:
    """Show the progress of a run on a console, and remove it from a terminal at the end."""
    from rich.text import Text  # noqa: PLC0415  (slow to import)

    if console.is_terminal:
        with console.status("first replication") as status:
            began = time.monotonic()
            yield lambda progress: status.update(Text(words(progress, time.monotonic() - began)))
        return
    began = last = time.monotonic()

    def line(progress: Progress) -> None:
        nonlocal last
        if time.monotonic() - last >= SECONDS_BETWEEN_LINES:
            last = time.monotonic()
            console.print(words(progress, last - began), highlight=False, markup=False, soft_wrap=True)

    yield line


@contextmanager
def telling_on(console: Console) -> Iterator[Callable[[str], None]]:
    """Show what is being done on a console: a moving line on a terminal; elsewhere a line when that changes."""
    from rich.text import Text  # noqa: PLC0415  (slow to import)

    if console.is_terminal:
        with console.status("starting") as status:
            yield lambda doing: status.update(Text(doing))
        return
    last = time.monotonic() - SECONDS_BETWEEN_LINES

    def line(doing: str) -> None:
        nonlocal last
        if time.monotonic() - last >= SECONDS_BETWEEN_LINES:
            last = time.monotonic()
            console.print(doing, highlight=False, markup=False, soft_wrap=True)

    yield line


def words(progress: Progress, elapsed: float) -> str:
    """Say how far a run is.

    Parameters
    ----------
    elapsed
        Seconds since its begin.
    """
    left = elapsed / progress.done * (progress.planned - progress.done)
    found = f"; {progress.judgement}" if progress.judgement else ""
    return f"{progress.done} of {progress.planned} replications, about {_span(left)} left{found}"


def _span(seconds: float) -> str:
    return f"{seconds:.0f} s" if seconds < 100 else f"{seconds / 60:.0f} min"
