"""How far a run is, said on a terminal and elsewhere."""

import io
import threading
import warnings
from pathlib import Path
from typing import Any

import pytest
from rich.console import Console

from sim.cli import progress
from sim.engine.choice import Engine
from sim.experiment.judge import Judgement
from sim.experiment.replicate import Progress
from tests.cli.calls import Command

HALF = Progress(40, 50, Judgement(enough=False, found="widest interval [bold] service_level 83.20 % ± 1.40 points"))


def test_progress_says_what_is_done_and_how_long_it_takes() -> None:
    """The time left is written in seconds or minutes, and not at all as long as nobody can know it."""
    assert progress.words(HALF, 15.2) == (
        "40 of 50 replications, about 15 s left; widest interval [bold] service_level 83.20 % ± 1.40 points"
    )
    assert progress.words(Progress(2, 1000, None), 9980.0) == "2 of 1000 replications, about 166 min left"
    assert progress.words(Progress(1, 1000, None), None) == "1 of 1000 replications"


def test_the_time_left_leaves_out_what_came_before_the_first_replication() -> None:
    """40 s of compiling before the first of 50 replications are not taken for what the others take: 1.5 s each."""
    pace = progress.Pace()
    ends = [40.0 + 1.5 * number for number in range(5)]
    found = [pace.left(Progress(done, 50, None), end) for done, end in enumerate(ends, 1)]
    assert found == [None, 72.0, 70.5, 69.0, 67.5]


def test_no_time_left_is_guessed_from_replications_that_come_at_once() -> None:
    """Four workers end their first long replications within half a second, which does not tell what one takes."""
    pace = progress.Pace()
    ends = (10.0, 10.1, 10.3, 10.5, 20.0, 20.1, 20.3, 20.5, 30.0)
    found = [pace.left(Progress(done, 100, None), end) for done, end in enumerate(ends, 1)]
    assert found == [*[None] * 8, 227.5]


def test_the_time_left_leaves_out_the_start_of_workers() -> None:
    """A crew that takes 6 s to start after nine replications in half a second is not taken for slow replications."""
    pace = progress.Pace()
    ends = [0.0625 * number for number in range(9)] + [6.5 + 0.0625 * number for number in range(17)]
    found = [pace.left(Progress(done, 126, None), end) for done, end in enumerate(ends, 1)]
    assert found == [*[None] * 25, 6.25]


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


def test_a_pipe_is_not_told_of_half_an_hour_because_the_engine_was_compiled(monkeypatch: pytest.MonkeyPatch) -> None:
    """A first replication that waited 35 s for the engine is told without an estimate, the next one with it."""
    now = [0.0]
    monkeypatch.setattr(progress.time, "monotonic", lambda: now[0])
    stream = io.StringIO()
    with progress.progress_on(Console(file=stream, width=200, markup=False, highlight=False)) as show:
        for done in range(1, 12):
            now[0] = 34.5 + done / 2
            show(Progress(done, 50, None))
    assert stream.getvalue().splitlines() == ["1 of 50 replications", "11 of 50 replications, about 20 s left"]


@pytest.fixture
def terminal() -> Console:
    return Console(
        file=io.StringIO(), width=200, force_terminal=True, force_interactive=True, legacy_windows=False, markup=False
    )


def shown_on(console: Console) -> str:
    assert isinstance(console.file, io.StringIO)
    return console.file.getvalue()


def test_a_terminal_gets_one_line_that_goes_away(terminal: Console, monkeypatch: pytest.MonkeyPatch) -> None:
    """The moving line shows names as they are and is erased at the end; it moves ten times a second at most."""
    now = [0.0]
    monkeypatch.setattr(progress.time, "monotonic", lambda: now[0])
    with progress.progress_on(terminal) as show:
        for hundredths in (5, 11, 15, 22):
            now[0] = hundredths / 100
            show(HALF)
    assert "first replication" in shown_on(terminal)
    assert shown_on(terminal).count("[bold] service_level 83.20 %") == 3  # two moves, and the last once more
    assert shown_on(terminal).endswith("\x1b[2K")


def test_a_terminal_is_told_at_once_what_is_being_done(terminal: Console) -> None:
    """Nobody says it again while it takes its time."""
    with progress.telling_on(terminal) as tell:
        for doing in ("the first [thing]", "the second"):
            tell(doing)
            assert shown_on(terminal).endswith(doing)


@pytest.mark.parametrize("showing", [progress.progress_on, progress.telling_on])
def test_no_thread_shows_what_is_shown(showing: Any, terminal: Console) -> None:
    """Beside a thread, workers could not be forked."""
    with showing(terminal):
        assert not [thread for thread in threading.enumerate() if "Refresh" in type(thread).__name__]


PLAYING = {
    ("run",): "sim.experiment.replicate.run",
    ("compare", "--change", "less:agent_groups.clerks.headcount=2"): "sim.experiment.compare.compare",
    ("sensitivity", "--vary", "volume"): "sim.staffing.sensitivity.sensitivity",
    ("check",): "sim.check.checking.check_case",
    ("plan",): "sim.staffing.plan.plan",
    ("staff",): "sim.staffing.staff.staff",
    ("frontier", "--bounds", "70 %"): "sim.staffing.frontier.frontier",
}
"""Commands that play, with what they call to do it."""


@pytest.mark.parametrize("command", PLAYING, ids=lambda command: str(command[0]))
def test_whoever_waits_for_the_engine_to_be_compiled_is_told_so_once(
    command: tuple[str, ...], madoguchi: Command, tiny: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """With what else is to be said of it, by every command that plays and before it does; `--quiet` keeps the rest."""

    def stop(*_: object, **__: object) -> None:
        warnings.warn("the engine is not kept", RuntimeWarning, stacklevel=1)  # as Python is told
        raise KeyboardInterrupt

    playing = Engine(
        "compiled", lambda *_: pytest.fail("nothing is played"), ("the engine is not kept",), compiles=True
    )
    monkeypatch.setattr("sim.engine.choice.engine", lambda _="compiled": playing)
    monkeypatch.setattr(PLAYING[command], stop)
    name, *options = command
    told = madoguchi(name, tiny, *options)
    assert told.status == 130
    assert told.err.count("compiling the engine first, for up to a minute\n") == 1
    assert told.err.count("the engine is not kept\n") == 1
    assert "compiling" not in madoguchi(name, tiny, *options, "--quiet").err
