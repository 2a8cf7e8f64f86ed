"""How far a run is, said on a terminal and elsewhere."""

import io

import pytest
from rich.console import Console

from sim.cli import progress
from sim.experiment.judge import Judgement
from sim.experiment.replicate import Progress

HALF = Progress(40, 50, Judgement(enough=False, found="widest interval [bold] service_level 83.20 % ± 1.40 points"))


def test_progress_says_what_is_done_and_how_long_it_takes() -> None:
    """40 of 50 replications in 60 s leave 10, at 1.5 s each."""
    assert progress.words(HALF, 60.0) == (
        "40 of 50 replications, about 15 s left; widest interval [bold] service_level 83.20 % ± 1.40 points"
    )
    assert progress.words(Progress(1, 1000, None), 10.0) == "1 of 1000 replications, about 166 min left"


def test_a_pipe_gets_a_line_now_and_then(monkeypatch: pytest.MonkeyPatch) -> None:
    """Off a terminal a line comes when five seconds have passed, not with every replication."""
    now = [0.0]
    monkeypatch.setattr(progress.time, "monotonic", lambda: now[0])
    stream = io.StringIO()
    with progress.progress_on(Console(file=stream, width=200, markup=False, highlight=False)) as show:
        for second in range(1, 13):
            now[0] = float(second)
            show(Progress(second, 12, None))
    assert stream.getvalue().splitlines() == [
        "5 of 12 replications, about 7 s left",
        "10 of 12 replications, about 2 s left",
    ]


def test_a_terminal_gets_one_line_that_goes_away() -> None:
    """The moving line shows names as they are and is erased at the end."""
    stream = io.StringIO()
    console = Console(file=stream, width=200, force_terminal=True, force_interactive=True, legacy_windows=False)
    with progress.progress_on(console) as show:
        show(HALF)
        stream.truncate(0)
        stream.seek(0)
        show(HALF)
        console._live_stack[-1].refresh()
    shown = stream.getvalue()
    assert "[bold] service_level 83.20 %" in shown
    assert shown.endswith("\x1b[2K")
