"""The command `lint`: what can be said against a scenario before a run."""

from typing import TYPE_CHECKING, Annotated

import typer

from sim.cli.scenario_commands import Settings, Variant

if TYPE_CHECKING:
    from sim.scenario.schema import Scenario

FOUND = 1


def register(app: typer.Typer) -> None:
    """Add the command to the application."""
    app.command(short_help="Say what is valid but probably not meant.")(lint)


def lint(
    path: Annotated[str, typer.Argument(metavar="SCENARIO", help="A scenario file.")],
    settings: Settings = None,
    variant: Variant = None,
) -> None:
    """Say what is valid in a scenario but probably not meant: too few agents, queues nobody serves, idle promises.

    Exit status: 0 nothing found, 1 something found, 2 bad input.
    """
    from sim.scenario.load import load  # noqa: PLC0415

    found = findings(load(path, settings or (), variant))
    for finding in found:
        typer.echo(finding)
    if found:
        raise typer.Exit(FOUND)
    typer.echo(f"{path}: nothing found")


def findings(scenario: "Scenario") -> list[str]:
    """Give the findings on a scenario, each as a line."""
    from sim.measure import lint as of_measures  # noqa: PLC0415  (NumPy)

    return [str(finding) for finding in of_measures.lint(scenario)]
