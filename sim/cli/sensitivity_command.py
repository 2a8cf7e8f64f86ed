"""The command `sensitivity`: what moves the figures most."""

from typing import TYPE_CHECKING, Annotated

import typer

from sim.cli.compare_command import (
    AsJson,
    By,
    During,
    Force,
    Measures,
    Out,
    Per,
    Quiet,
    Replications,
    Shown,
    Where,
    Within,
    asked_of,
    compared,
)
from sim.cli.run_command import Cluster, EngineName, FigureFormat, Figures, Seed, Workers
from sim.cli.scenario_commands import BAD_INPUT, Settings, Variant

if TYPE_CHECKING:
    from sim.staffing.sensitivity import Sensitivity


def register(app: typer.Typer) -> None:
    """Add the command to the application."""
    app.command(short_help="Say what moves the figures most.")(sensitivity)


def sensitivity(  # noqa: PLR0913, PLR0917  (a parameter an option)
    path: Annotated[str, typer.Argument(metavar="SCENARIO", help="A scenario file.")],
    vary: Annotated[
        list[str] | None,
        typer.Option(
            metavar="FACTOR[=LOW,HIGH]",
            help="volume, handle_time, containment, absence or patience; by 90 % and 110 % if no values are given. "
            "Left out: all. Repeatable.",
        ),
    ] = None,
    settings: Settings = None,
    variant: Variant = None,
    measures: Measures = None,
    by: By = None,
    per: Per = "run",
    within: Within = None,
    where: Where = None,
    during: During = None,
    replications: Replications = "auto",
    seed: Seed = 1,
    workers: Workers = "auto",
    cluster: Cluster = None,
    engine: EngineName = "compiled",
    out: Out = None,
    figures: Figures = None,
    figure_format: FigureFormat = "png",
    as_json: AsJson = False,
    quiet: Quiet = False,
    force: Force = False,
) -> None:
    """Vary volume, handle time, containment, absence and patience one at a time, over the same replications.

    Exit status: 0 fine, 2 bad input, 130 interrupted.
    """
    from sim.report.files import sensitivity_json, write_sensitivity  # noqa: PLC0415
    from sim.report.pictures import draw_sensitivity  # noqa: PLC0415
    from sim.report.sensitivity import SensitivityReport  # noqa: PLC0415
    from sim.scenario.load import load  # noqa: PLC0415
    from sim.scenario.scaled import FACTORS  # noqa: PLC0415
    from sim.staffing.sensitivity import TENTH  # noqa: PLC0415
    from sim.staffing.sensitivity import sensitivity as vary_factors  # noqa: PLC0415

    if figures is not None and per != "run":
        typer.echo(f"--figures draws sensitivity over the run, not per {per}; leave --per or --figures out", err=True)
        raise typer.Exit(BAD_INPUT)
    scenario = load(path, settings or (), variant)
    factors: dict[str, tuple[float | str, ...]] = {}
    for one in vary or FACTORS:
        name, equals, values = one.partition("=")
        factors[name.strip()] = tuple(value.strip() for value in values.split(",")) if equals else TENTH
    shown: Shown[Sensitivity] = Shown(
        lambda found: found.comparison, SensitivityReport, sensitivity_json, write_sensitivity, draw_sensitivity
    )
    compared(
        lambda **ask: vary_factors(scenario, factors, **ask),
        shown,
        [scenario] * (2 * len(factors) + 1),
        asked_of(measures, by, per, within, where, during) | {"seed": seed, "cluster": cluster},
        counts=(replications, workers),
        engine=engine,
        out=out,
        figures=(figures, figure_format),
        as_json=as_json,
        quiet=quiet,
        force=force,
    )
