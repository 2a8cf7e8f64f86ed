"""The command `plan`: the headcounts of shifts that keep every target at the least cost."""

import sys
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Final

import typer

from sim.cli.erlang_command import read_option
from sim.cli.lint_command import findings
from sim.cli.progress import telling_on
from sim.cli.run_command import (
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
    from collections.abc import Iterable

    from sim.report.grid import Grid
    from sim.scenario.schema import Scenario
    from sim.staffing.plan import Plan, PlanProgress

UNDECIDED: Final = 3
STATUS: Final = {"missed": 1, "infeasible": 1, "undecided": UNDECIDED}
OUT_OF_TIME: Final = 4


def register(app: typer.Typer) -> None:
    """Add the command to the application."""
    app.command(short_help="Find the cheapest shifts that keep every target.")(plan)


def plan(  # noqa: PLR0913, PLR0917  (a parameter an option)
    path: Annotated[str, typer.Argument(metavar="SCENARIO", help="A scenario file with targets and a `plan`.")],
    seed: Annotated[
        int, typer.Option(min=0, metavar="N", help="Of all chance; the same seed gives the same plan.")
    ] = 1,
    workers: Workers = "auto",
    engine: EngineName = "compiled",
    settings: Settings = None,
    variant: Variant = None,
    out: Annotated[
        Path | None, typer.Option(metavar="FILE", help="Write the scenario with the planned headcounts here (YAML).")
    ] = None,
    resume: Annotated[
        Path | None,
        typer.Option(metavar="FILE", help="Keep every evaluation in this file, and go on from it if it is there."),
    ] = None,
    time_limit: Annotated[
        str | None,
        typer.Option(
            metavar="TIME",
            help="How long it may take, such as '10 min': then the best plan so far is confirmed. Default: no limit.",
        ),
    ] = None,
    figures: Figures = None,
    figure_format: FigureFormat = "png",
    requirement: Annotated[
        Path | None,
        typer.Option(
            metavar="FILE",
            help="Cover this table of people by interval (start, group, net) instead, without simulating.",
        ),
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print the plan as JSON instead of the report.")] = False,
    quiet: Annotated[bool, typer.Option("--quiet", "-q", "--no-progress", help="Show no progress.")] = False,
) -> None:
    """Find the headcounts of shifts that keep every target at the least cost, proven by simulation.

    `plan` in the scenario says which shifts may change, or rules by which shifts are made. Ctrl-C ends the search, and
    so does --time-limit: the best plan so far is confirmed and shown; a second Ctrl-C ends all. With --resume, a later
    search goes on from there. Exit status: 0 planned and verified, 1 infeasible or a target not kept, 2 bad input,
    3 undecided, or nothing that keeps all targets when the time was over, 4 verified, but the time was over before the
    search was, or the solver's above its gap, 130 interrupted with nothing found.
    """
    from sim.scenario.load import load  # noqa: PLC0415
    from sim.scenario.units import read_positive_duration  # noqa: PLC0415

    side_by_side = workers_of(workers)
    limit_ms = None if time_limit is None else read_option("--time-limit", time_limit, read_positive_duration)
    scenario = load(path, settings or (), variant)
    for finding in findings(scenario):
        typer.echo(f"lint: {finding}", err=True)
    if out is not None:
        _refuse_a_place(out, scenario)

    if requirement is not None:
        _cover(scenario, requirement, limit_ms, out, as_json=as_json)
        return

    from sim.report.folder import OutputFolder  # noqa: PLC0415
    from sim.report.pictures import draw_plan  # noqa: PLC0415
    from sim.report.plan_report import plan_grids, plan_json, planned_yaml  # noqa: PLC0415
    from sim.staffing.plan import plan as planned  # noqa: PLC0415

    playing = engine_named(engine, quiet=quiet)
    with ExitStack() as stack:
        folder = stack.enter_context(OutputFolder(out.parent)) if out is not None else None
        drawn = output_folder(stack, "--figures", figures)
        told = None if quiet else stack.enter_context(telling_on(console_on(sys.stderr)))
        found = planned(
            scenario,
            seed=seed,
            workers=side_by_side,
            engine=playing.name,
            resume=resume,
            time_limit=time_limit,
            progress=None if told is None else lambda progress: told(_words(progress)),
        )
        if folder is not None and out is not None:
            with folder.writing(out.name) as file:
                file.write(planned_yaml(found))
            folder.publish()
        if drawn is not None:
            draw_plan(found, drawn, figure_format)
    if as_json:
        typer.echo(plan_json(found), nl=False)
    else:
        _print(plan_grids(found))
    if out is not None:
        typer.echo(f"wrote {out}; next: madoguchi run {out}", err=True)
    if figures is not None:
        typer.echo(f"wrote {figures}", err=True)
    if status := _status(found):
        raise typer.Exit(status)


def _status(found: "Plan") -> int:
    if found.verified:
        return OUT_OF_TIME if found.out_of_time or found.gap else 0
    return UNDECIDED if found.out_of_time else STATUS[found.status]


def _print(grids: "Iterable[Grid]") -> None:
    console = console_on(sys.stdout)
    for number, grid in enumerate(grids):
        if number:
            console.print()
        console.print(grid)


def _cover(scenario: "Scenario", requirement: Path, limit_ms: int | None, out: Path | None, *, as_json: bool) -> None:
    """Cover a given requirement: print the shifts, write the scenario, end with the status."""
    from sim.report.folder import OutputFolder  # noqa: PLC0415
    from sim.report.plan_report import cover_grids, cover_json, covered_yaml  # noqa: PLC0415
    from sim.staffing.errors import SolverError  # noqa: PLC0415
    from sim.staffing.plan import schedules_of  # noqa: PLC0415
    from sim.staffing.plan.given import read_needs  # noqa: PLC0415
    from sim.staffing.shifts import TIME_LIMIT_S, cover  # noqa: PLC0415

    schedules, needs = schedules_of(scenario), read_needs(requirement, scenario)
    limit = limit_ms or (scenario.plan.time_limit if scenario.plan is not None else None)
    try:
        found = cover(scenario, needs, time_limit_s=TIME_LIMIT_S if limit is None else limit / 1000)
    except SolverError as error:
        typer.echo(str(error), err=True)
        raise typer.Exit(STATUS["infeasible"]) from None
    if out is not None:
        with OutputFolder(out.parent) as folder:
            with folder.writing(out.name) as file:
                file.write(covered_yaml(schedules, found))
            folder.publish()
    if as_json:
        typer.echo(cover_json(schedules, found, needs), nl=False)
    else:
        _print(cover_grids(schedules, found, needs))
    if out is not None:
        typer.echo(f"wrote {out}; next: madoguchi run {out}", err=True)
    if not found.solution.proven:
        raise typer.Exit(OUT_OF_TIME)


def _words(progress: "PlanProgress") -> str:
    best = "nothing holds yet" if progress.objective is None else f"best so far {write_amount(progress.objective)}"
    return f"{progress.doing}; {best}; {progress.replications:,} replications"


def _refuse_a_place(out: Path, scenario: "Scenario") -> None:
    """Refuse, before anything runs, a file that could not be run where it is."""
    problem = ""
    if out.is_dir():
        problem = f"{out} is a folder; name a file, such as {out / 'planned.yaml'}"
    elif scenario.origin.digests and scenario.origin.folder != out.resolve().parent:
        names = ", ".join(sorted(scenario.origin.digests))
        problem = f"the scenario names files ({names}); write the plan into its folder, {scenario.origin.folder}"
    if problem:
        typer.echo(f"--out: {problem}", err=True)
        raise typer.Exit(BAD_INPUT)
