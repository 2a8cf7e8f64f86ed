"""The command `frontier`: what a higher promise costs, plan by plan."""

import sys
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from sim.cli.lint_command import findings
from sim.cli.progress import telling_on
from sim.cli.run_command import (
    INTERRUPTED,
    EngineName,
    FigureFormat,
    Figures,
    Workers,
    console_on,
    engine_named,
    output_folder,
    workers_of,
)
from sim.cli.scenario_commands import BAD_INPUT, Settings, Variant
from sim.experiment.figures import write_amount

if TYPE_CHECKING:
    from sim.staffing.frontier import FrontierProgress


def register(app: typer.Typer) -> None:
    """Add the command to the application."""
    app.command(short_help="What better promises cost: a plan for each.")(frontier)


def frontier(  # noqa: PLR0913, PLR0917  (a parameter an option)
    path: Annotated[str, typer.Argument(metavar="SCENARIO", help="A scenario file with targets and a `plan`.")],
    bounds: Annotated[
        str, typer.Option(metavar="A,B,C", help="Shares that the varied target asks, one after the other.")
    ] = "70 %,80 %,85 %,90 %,95 %",
    target: Annotated[
        int | None,
        typer.Option(metavar="N", help="Number of the varied target, from 0. Left out: the first service level."),
    ] = None,
    paces: Annotated[
        list[str] | None,
        typer.Option("--pace", metavar="GROUP=A,B", help="Paces of a group; each has a curve. Repeatable."),
    ] = None,
    seed: Annotated[
        int, typer.Option(min=0, metavar="N", help="Of all chance; the same seed gives the same plans.")
    ] = 1,
    workers: Workers = "auto",
    engine: EngineName = "compiled",
    resume: Annotated[
        Path | None,
        typer.Option(
            metavar="FILE",
            help="Keep every evaluation in this file, and go on from it if it is there; `plan` shares it.",
        ),
    ] = None,
    effort: Annotated[
        float,
        typer.Option(metavar="SHARE", help="Of the replications that `plan` takes; with fewer, plans are dearer."),
    ] = 0.3,
    settings: Settings = None,
    variant: Variant = None,
    out: Annotated[str | None, typer.Option(metavar="DIR", help="Write frontier.json and frontier.csv here.")] = None,
    figures: Figures = None,
    figure_format: FigureFormat = "png",
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON instead of the table.")] = False,
    quiet: Annotated[bool, typer.Option("--quiet", "-q", "--no-progress", help="Show no progress.")] = False,
) -> None:
    """Plan for one promise after the other: cost beside service level, satisfaction and first-contact resolution.

    Every plan is the cheapest found, and confirmed; all are measured on the same fresh customers. What one plan has
    played, the next does not play again. Ctrl-C keeps the points that are complete, and says which are missing. Exit
    status: 0 fine (plans that miss a promise included: the table shows them), 2 bad input, 130 interrupted.
    """
    from sim.scenario.load import load  # noqa: PLC0415

    side_by_side, asked = workers_of(workers), [one.strip() for one in bounds.split(",")]
    paced = _paces(paces or [])
    scenario = load(path, settings or (), variant)
    for finding in findings(scenario):
        typer.echo(f"lint: {finding}", err=True)

    from sim.report.frontier_report import frontier_grids, frontier_json, write_frontier  # noqa: PLC0415
    from sim.report.pictures import draw_frontier  # noqa: PLC0415
    from sim.staffing.frontier import frontier as traced  # noqa: PLC0415

    playing = engine_named(engine, quiet=quiet)
    with ExitStack() as stack:
        folder, drawn = output_folder(stack, "--out", out), output_folder(stack, "--figures", figures)
        told = None if quiet else stack.enter_context(telling_on(console_on(sys.stderr)))
        options: dict[str, Any] = {"seed": seed, "workers": side_by_side, "engine": playing.name, "effort": effort}
        options["resume"] = resume
        if told is not None:
            options["progress"] = lambda progress: told(_words(progress))
        found = traced(scenario, asked, target=target, paces=paced, **options)
        if folder is not None:
            write_frontier(found, folder)
        if drawn is not None:
            draw_frontier(found, drawn, figure_format)
    if as_json:
        typer.echo(frontier_json(found), nl=False)
    else:
        for grid in frontier_grids(found):
            console_on(sys.stdout).print(grid)
    for written in (folder, drawn):
        if written is not None:
            typer.echo(f"wrote {written.path}", err=True)
    if found.interrupted:
        raise typer.Exit(INTERRUPTED)


def _words(progress: "FrontierProgress") -> str:
    plan = progress.plan
    best = "nothing holds yet" if plan.objective is None else f"best so far {write_amount(plan.objective)}"
    promise = f"plan {progress.point} of {progress.points} (≥ {100 * progress.bound:g} %)"
    return f"{promise}: {plan.doing}; {best}; {plan.replications:,} replications"


def _paces(given: list[str]) -> dict[str, list[float]]:
    """Read GROUP=A,B."""
    from sim.scenario.units import read_factor  # noqa: PLC0415

    found: dict[str, list[float]] = {}
    for one in given:
        group, _, values = one.partition("=")
        try:
            found[group.strip()] = [read_factor(value.strip()) for value in values.split(",")]
        except ValueError:
            typer.echo(f"--pace: got {one!r}, must be GROUP=A,B such as front_desk=100 %,110 %", err=True)
            raise typer.Exit(BAD_INPUT) from None
    return found
