"""The command `staff`: how many people each group needs in each interval."""

import sys
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, NoReturn

import typer

from sim.cli.run_command import (
    FigureFormat,
    Figures,
    Seed,
    Workers,
    console_on,
    count_of,
    engine_named,
    output_folder,
    workers_of,
)
from sim.cli.scenario_commands import BAD_INPUT, Settings, Variant

if TYPE_CHECKING:
    from sim.scenario.schema import Scenario

NOT_KEPT = 1


def register(app: typer.Typer) -> None:
    """Add the command to the application."""
    app.command(short_help="How many people each interval takes.")(staff)


def staff(  # noqa: PLR0913, PLR0917  (a parameter an option)
    path: Annotated[str, typer.Argument(metavar="SCENARIO", help="A scenario file with targets.")],
    explain: Annotated[
        list[str] | None,
        typer.Option(
            metavar="GROUP@TIME",
            help="Take a number apart: front_desk@2026-04-06 10:00, or front_desk@10:00 of the first day. Repeatable.",
        ),
    ] = None,
    analytic: Annotated[bool, typer.Option("--analytic", help="What formulas say, without simulation.")] = False,
    replications: Annotated[
        str, typer.Option(metavar="N|auto", help="Fresh ones, to confirm; auto: until targets are known precisely.")
    ] = "200",
    seed: Seed = 1,
    workers: Workers = "auto",
    settings: Settings = None,
    variant: Variant = None,
    out: Annotated[
        Path | None,
        typer.Option(metavar="DIR", help="Write requirement.csv, staffing_GROUP.csv and others here."),
    ] = None,
    figures: Figures = None,
    figure_format: FigureFormat = "png",
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON instead of the report.")] = False,
    quiet: Annotated[bool, typer.Option("--quiet", "-q", "--no-progress", help="Show no progress.")] = False,
) -> None:
    """Say how many people each group needs in each interval to keep the targets, net and with shrinkage.

    Formulas give a start; simulation lowers and raises it until the targets hold in the periods they name, on the same
    dealt hands, and confirms it on fresh ones. Exit status: 0 every target is kept or undecided, 1 one is not, 2 bad
    input.
    """
    wanted, side_by_side = count_of("--replications", replications), workers_of(workers)

    from sim.scenario.load import load  # noqa: PLC0415

    scenario = load(path, settings or (), variant)
    asked = [_asked(scenario, text) for text in explain or ()]
    if not scenario.targets and not analytic:
        _refuse("the scenario has no `targets` to keep; add some, or ask with --analytic for what formulas say")

    from sim.report.folder import OutputFolder  # noqa: PLC0415
    from sim.report.pictures import draw_requirement  # noqa: PLC0415
    from sim.report.staff_report import StaffReport, requirement_json, write_requirement  # noqa: PLC0415
    from sim.staffing.staff import staff as find  # noqa: PLC0415

    if not analytic:
        engine_named(quiet=quiet)
    with ExitStack() as stack:
        folder = stack.enter_context(OutputFolder(out)) if out is not None else None
        drawn = output_folder(stack, "--figures", figures)
        need = find(
            scenario,
            simulate=not analytic,
            replications=wanted,
            seed=seed,
            workers=side_by_side,
            progress=None if quiet else lambda words: typer.echo(words, err=True),
        )
        explained = [need.explain(group, at) for group, at in asked]
        if folder is not None:
            write_requirement(need, folder)
        if drawn is not None:
            draw_requirement(need, drawn, figure_format)
        if as_json:
            typer.echo(requirement_json(need), nl=False)
        else:
            console = console_on(sys.stdout)
            console.print(StaffReport(need))
            for one in explained:
                console.print()
                console.print(one)
        for written in (folder, drawn):
            if written is not None:
                typer.echo(f"wrote {written.path}", err=True)
    if need.result is not None and (need.verdicts["verdict"] == "fail").any():
        raise typer.Exit(NOT_KEPT)


def _asked(scenario: "Scenario", text: str) -> tuple[str, str]:
    """Read GROUP@TIME, and see that both are there before anything runs."""
    from sim.scenario.units import read_datetime  # noqa: PLC0415

    group, sign, at = text.partition("@")
    if not sign or group not in scenario.agent_groups:
        known = ", ".join(scenario.agent_groups)
        _refuse(f"--explain: got {text!r}, must be GROUP@TIME with one of the groups {known}")
    try:
        read_datetime(at, scenario.time.start)
    except ValueError as rule:
        _refuse(f"--explain: got {at!r}, must be {rule}, or a time of the first day such as 10:00")
    return group, at


def _refuse(message: str) -> NoReturn:
    typer.echo(message, err=True)
    raise typer.Exit(BAD_INPUT)
