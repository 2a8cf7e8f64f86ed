"""The command `roster`: named people to the shifts of a scenario."""

import sys
from pathlib import Path
from typing import Annotated

import typer

from sim.cli.erlang_command import read_option
from sim.cli.run_command import console_on
from sim.cli.scenario_commands import BAD_INPUT, Settings, Variant

UNCOVERED = 1


def register(app: typer.Typer) -> None:
    """Add the command to the application."""
    app.command(short_help="Say who works which shift.")(roster)


def roster(  # noqa: PLR0913, PLR0917  (a parameter an option)
    path: Annotated[str, typer.Argument(metavar="SCENARIO", help="A scenario file whose groups have shifts.")],
    people: Annotated[str, typer.Argument(metavar="PEOPLE", help="Who there is: a YAML, CSV or Excel file.")],
    time_limit: Annotated[
        str, typer.Option(metavar="TIME", help="After so long the best that was found counts.")
    ] = "60 s",
    gap: Annotated[str, typer.Option(metavar="SHARE", help="How near to the best is near enough.")] = "0.1 %",
    out: Annotated[
        Path | None, typer.Option(metavar="DIR", help="Write calendar.csv, shifts.csv, hours.csv and others here.")
    ] = None,
    excel: Annotated[bool, typer.Option("--excel", help="With --out: also write roster.xlsx.")] = False,
    settings: Settings = None,
    variant: Variant = None,
) -> None:
    """Say who works which shift: contracts are kept, shifts filled as far as people go, wishes as far as shifts allow.

    People have a name and any of: skills (agent groups), hours (most paid hours a week), at_least (guaranteed ones),
    days_off, off_per_week, rest (11 h), longest_run (6 days), run_before, wishes ("off fri", "avoid late mon-wed",
    "prefer early", each with "weight 3" if it matters more). Exit status: 0 every shift has its people, 1 some lack
    people, 2 bad input.
    """
    from sim.scenario.load import load  # noqa: PLC0415
    from sim.scenario.units import read_positive_duration, read_share  # noqa: PLC0415

    read_option("--time-limit", time_limit, read_positive_duration)
    share = read_option("--gap", gap, read_share)
    scenario = load(path, settings or (), variant)

    from sim.report.folder import OutputFolder  # noqa: PLC0415
    from sim.report.roster_report import can_write_workbooks, roster_grids, write_roster  # noqa: PLC0415
    from sim.staffing.roster import roster as solve  # noqa: PLC0415

    if excel and (out is None or not can_write_workbooks()):
        reason = "goes with --out DIR" if out is None else "needs the extra: pip install 'madoguchi[excel]'"
        typer.echo(f"--excel: {reason}", err=True)
        raise typer.Exit(BAD_INPUT)
    if out is None:
        found = solve(scenario, people, time_limit=time_limit, gap=share)
    else:
        with OutputFolder(out) as folder:
            found = solve(scenario, people, time_limit=time_limit, gap=share)
            write_roster(found, folder, workbook=excel)
    console = console_on(sys.stdout)
    for number, grid in enumerate(roster_grids(found)):
        if number:
            console.print()
        console.print(grid)
    if out is not None:
        typer.echo(f"wrote {out}", err=True)
    if not found.complete:
        raise typer.Exit(UNCOVERED)
