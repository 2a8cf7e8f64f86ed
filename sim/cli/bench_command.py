"""The command `bench`: how fast a scenario runs here."""

import json
import sys
from typing import Annotated

import typer

from sim.cli.run_command import console_on, engine_named, refuse_what_does_not_fit
from sim.cli.scenario_commands import Settings, Variant


def register(app: typer.Typer) -> None:
    """Add the command to the application."""
    app.command(short_help="Measure how fast a scenario runs on this machine.")(bench)


def bench(  # noqa: PLR0913, PLR0917  (a parameter an option)
    path: Annotated[
        str | None, typer.Argument(metavar="SCENARIO", help="A scenario file. Default: the template call-centre.")
    ] = None,
    rounds: Annotated[int, typer.Option(min=1, help="Replications that are timed.")] = 5,
    seed: Annotated[int, typer.Option(min=0, metavar="N", help="Of all chance.")] = 1,
    settings: Settings = None,
    variant: Variant = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print the figures as JSON instead of the report.")] = False,
    force: Annotated[bool, typer.Option("--force", help="Measure even if memory will not do.")] = False,
) -> None:
    """Measure how fast a scenario runs on this machine, engine against engine."""
    from sim.cli.scenario_commands import shipped  # noqa: PLC0415
    from sim.experiment.bench import bench as measure  # noqa: PLC0415
    from sim.report.bench_table import BenchReport  # noqa: PLC0415
    from sim.scenario.load import load, loads  # noqa: PLC0415

    if path is None:
        scenario = loads(shipped("templates/call-centre.yaml"), overrides=settings or (), variant=variant)
    else:
        scenario = load(path, settings or (), variant)
    refuse_what_does_not_fit([scenario], 1, force=force)
    engine_named(quiet=False)  # says what whoever waits should know
    found = measure(scenario, rounds=rounds, seed=seed)
    if as_json:
        typer.echo(json.dumps(found.to_dict(), indent=2, ensure_ascii=False, allow_nan=False))
    else:
        console_on(sys.stdout).print(BenchReport(found))
