"""The command `run`: simulate a scenario, print the report, write its files."""

import os
import re
import sys
import warnings
from contextlib import ExitStack
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Final, Literal, NoReturn, TextIO, TypeVar

import typer

from sim.cli.lint_command import findings
from sim.cli.scenario_commands import BAD_INPUT, Settings, Variant

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from rich.console import Console

    from sim.engine.choice import Engine, Name
    from sim.report.folder import OutputFolder
    from sim.scenario.schema import Scenario

INTERRUPTED = 130
LONGEST_WRITTEN_OUT: Final = 1e15
"""Larger numbers are written with a power of ten."""
WIDTH_OFF_A_TERMINAL = 100
"""Of the report in a pipe or a file, where the environment's COLUMNS does not say."""


Seed = Annotated[int, typer.Option(min=0, metavar="N", help="Of all chance; the same seed gives the same figures.")]
Workers = Annotated[
    str, typer.Option(metavar="N|auto", help="Processes that play side by side; auto: where it pays. Same figures.")
]
Cluster = Annotated[
    str | None,
    typer.Option(
        metavar="ADDRESS",
        help="Of a Dask scheduler, such as tcp://host:8786: its workers play, instead of --workers. Same figures.",
    ),
]


EngineName = Annotated[
    Literal["compiled", "reference"],
    typer.Option(help="Which engine plays; the reference engine is much slower. Same figures."),
]


Figures = Annotated[str | None, typer.Option(metavar="DIR", help="Draw what was found into files here.")]
FigureFormat = Annotated[Literal["png", "svg"], typer.Option(help="Of the figures.")]


def register(app: typer.Typer) -> None:
    """Add the command to the application."""
    app.command()(run)


def run(  # noqa: PLR0913, PLR0917  (a parameter an option)
    path: Annotated[str, typer.Argument(metavar="SCENARIO", help="A scenario file.")],
    replications: Annotated[
        str, typer.Option(metavar="N|auto", help="How many; auto: until every target is known precisely enough.")
    ] = "auto",
    seed: Seed = 1,
    workers: Workers = "auto",
    cluster: Cluster = None,
    engine: EngineName = "compiled",
    settings: Settings = None,
    variant: Variant = None,
    out: Annotated[
        str | None,
        typer.Option(metavar="DIR", help="Write summary.json, measures.csv, intervals.csv and contacts.csv here."),
    ] = None,
    figures: Figures = None,
    figure_format: FigureFormat = "png",
    as_json: Annotated[bool, typer.Option("--json", help="Print the summary as JSON instead of the report.")] = False,
    quiet: Annotated[bool, typer.Option("--quiet", "-q", "--no-progress", help="Show no progress.")] = False,
    force: Annotated[bool, typer.Option("--force", help="Run even if memory will not do.")] = False,
) -> None:
    """Simulate a scenario and print its report.

    Exit status: 0 fine (missed targets included: the report shows them), 2 bad input, 130 interrupted.
    """
    from sim.scenario.load import load  # noqa: PLC0415

    wanted, side_by_side = count_of("--replications", replications), workers_of(workers, cluster)
    scenario = load(path, settings or (), variant)
    refuse_what_does_not_fit([scenario], wanted, force=force)
    for finding in findings(scenario):
        typer.echo(f"lint: {finding}", err=True)

    from sim.experiment.replicate import run as simulate  # noqa: PLC0415
    from sim.report.files import summary_json, write_files  # noqa: PLC0415
    from sim.report.tables import RunReport  # noqa: PLC0415

    playing = engine_named(engine, quiet=quiet)
    with ExitStack() as stack:
        folder, drawn = output_folder(stack, "--out", out), output_folder(stack, "--figures", figures)
        result = simulated(
            partial(
                simulate,
                scenario,
                replications=wanted,
                seed=seed,
                workers=side_by_side,
                cluster=cluster,
                engine=playing,
            ),
            quiet=quiet,
        )
        if folder is not None:
            write_files(result, folder)  # first: whoever reads the report may close the pipe
        if drawn is not None:
            from sim.report.pictures import draw_run  # noqa: PLC0415

            draw_run(result, drawn, figure_format)
        if as_json:
            typer.echo(summary_json(result), nl=False)
        else:
            console_on(sys.stdout).print(RunReport(result))
        for written in (folder, drawn):
            if written is not None:
                typer.echo(f"wrote {written.path}", err=True)
    if result.interrupted:
        typer.echo(result.ended, err=True)
        raise typer.Exit(INTERRUPTED)


def engine_named(name: "Name" = "compiled", *, quiet: bool) -> "Engine":
    """Give the engine of a name, and say once what whoever waits for it should know."""
    from sim.engine.choice import engine  # noqa: PLC0415

    playing = engine(name)
    for remark in playing.remarks:
        typer.echo(remark, err=True)
        warnings.filterwarnings("ignore", re.escape(remark), RuntimeWarning)  # it has been said
    if playing.compiles and not quiet:
        typer.echo("compiling the engine first, for up to a minute", err=True)
    return playing


SPACES_AT_THE_END: Final = re.compile(r" +$", re.MULTILINE)


def console_on(stream: TextIO) -> "Console":
    """Give a console that prints texts as they are, on whatever the stream is.

    Tables end in columns of spaces; elsewhere than on a terminal lines end where their text does.
    """
    from rich.console import Console  # noqa: PLC0415

    class Ours(Console):
        def on_broken_pipe(self) -> None:
            raise BrokenPipeError  # the command decides how to end, not the console

        def print(self, *objects: object, **options: Any) -> None:
            if self.is_terminal:
                super().print(*objects, **options)
                return
            with self.capture() as printed:
                super().print(*objects, **options)
            self.file.write(SPACES_AT_THE_END.sub("", printed.get()))
            self.file.flush()

    if hasattr(stream, "reconfigure"):
        stream.reconfigure(errors="replace")  # a name in letters that the terminal lacks is no reason to fail
    narrow = stream.isatty() or "COLUMNS" in os.environ
    return Ours(file=stream, width=None if narrow else WIDTH_OFF_A_TERMINAL, markup=False, highlight=False)


def count_of(option: str, text: str, most: int | None = None) -> "int | Literal['auto']":
    """Read a number, at least 1 (and no more than are allowed), or auto."""
    if text == "auto":
        return "auto"
    if not text.isascii() or not text.isdigit() or int(text) == 0 or (most is not None and int(text) > most):
        allowed = "of at least 1" if most is None else f"from 1 to {most:,}"
        _refuse(f"{option}: got {text!r}, must be auto or a whole number {allowed}")
    return int(text)


def workers_of(text: str, cluster: str | None = None) -> "int | Literal['auto']":
    """Read how many processes play side by side; beside a cluster there is nothing to say."""
    if text == "auto":
        return "auto"
    if cluster is not None:
        _refuse(f"--workers: got {text!r} beside --cluster, whose own workers play; leave one of the two out")
    from sim.experiment.workers import MOST_WORKERS  # noqa: PLC0415  (not for those who say nothing of it)

    return count_of("--workers", text, MOST_WORKERS)


Found = TypeVar("Found")


def simulated(simulate: "Callable[..., Found]", *, quiet: bool) -> "Found":
    """Run a simulation with its progress shown, and end in order if there is nothing to report."""
    from sim.cli.progress import progress_on  # noqa: PLC0415
    from sim.experiment.errors import WorkersLost  # noqa: PLC0415

    try:
        if quiet:
            return simulate()
        with progress_on(console_on(sys.stderr)) as progress:
            return simulate(progress=progress)
    except (KeyboardInterrupt, WorkersLost) as stop:
        what = f"workers were lost {stop}" if isinstance(stop, WorkersLost) else "interrupted"
        typer.echo(f"{what} before the first replication was complete: there is nothing to report", err=True)
        raise typer.Exit(INTERRUPTED) from None


def output_folder(stack: ExitStack, option: str, name: str | None) -> "OutputFolder | None":
    """Open the folder that an option names; none where it was not given."""
    from sim.report.folder import OutputFolder  # noqa: PLC0415

    if name is None:
        return None
    if not name:
        _refuse(f"{option}: got an empty name; name a folder, or . for this one")
    return stack.enter_context(OutputFolder(Path(name), option))


def refuse_what_does_not_fit(
    scenarios: "Sequence[Scenario]", replications: "int | Literal['auto']", *, force: bool
) -> None:
    """Refuse a run of scenarios together that needs more memory than there is."""
    from sim.cli.memory import machine_bytes, memory_needed  # noqa: PLC0415
    from sim.experiment.statistics import LOOKS  # noqa: PLC0415

    wanted = LOOKS[-1] if replications == "auto" else replications
    by_scenario = {id(scenario): memory_needed(scenario, wanted) for scenario in scenarios}
    needs = [by_scenario[id(scenario)] for scenario in scenarios]
    need, whole = max(needs, key=lambda one: one.bytes), sum(one.bytes for one in needs)
    there = machine_bytes()
    if there is None or whole <= there:
        return
    estimate = (
        f"{_number(need.inquiries)} inquiries a replication, measured in {need.intervals:,} intervals and hours, need "
        f"about {_number(whole / 1e9, 1)} GB of memory; this machine has {there / 1e9:,.1f} GB"
    )
    if not force:
        _refuse(f"{estimate}. Shorten time.length, widen time.interval, lower the volumes, or go on with --force")
    typer.echo(f"{estimate}. Going on as asked", err=True)


def _number(value: float, decimals: int = 0) -> str:
    """Write a number with its thousands parted; by powers of ten where it would be longer than a line bears."""
    return f"{value:,.{decimals}f}" if value < LONGEST_WRITTEN_OUT else f"{value:.0e}"


def _refuse(message: str) -> NoReturn:
    typer.echo(message, err=True)
    raise typer.Exit(BAD_INPUT)
