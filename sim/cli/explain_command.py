"""The command `explain`: one contact's story."""

import sys
from typing import Annotated, Literal

import typer

from sim.cli.run_command import console_on
from sim.cli.scenario_commands import BAD_INPUT, Settings, Variant

NOTHING_TO_TELL = 1


def register(app: typer.Typer) -> None:
    """Add the command to the application."""
    app.command(short_help="Tell one contact's story.")(explain)


def explain(  # noqa: PLR0913, PLR0917  (a parameter an option)
    path: Annotated[str, typer.Argument(metavar="SCENARIO", help="A scenario file.")],
    contact: Annotated[int | None, typer.Option(min=0, metavar="N", help="Its number, as in contacts.csv.")] = None,
    longest_wait: Annotated[bool, typer.Option("--longest-wait", help="Who held the line longest in a queue.")] = False,
    abandoned: Annotated[bool, typer.Option("--abandoned", help="Who abandoned after the longest wait.")] = False,
    replication: Annotated[int, typer.Option(min=0, metavar="R", help="Which replication.")] = 0,
    seed: Annotated[
        int, typer.Option(min=0, metavar="N", help="Of all chance; the same seed gives the same contacts.")
    ] = 1,
    settings: Settings = None,
    variant: Variant = None,
) -> None:
    """Tell one contact's story: what happened to it when, who was busy with what meanwhile, and which rule decided.

    Exit status: 0 told, 1 nobody abandoned, 2 bad input or no such contact.
    """
    wanted = _wanted(contact, longest_wait=longest_wait, abandoned=abandoned)
    from sim.scenario.load import load  # noqa: PLC0415

    scenario = load(path, settings or (), variant)

    from sim.experiment.witness import NobodyAbandonedError, NoSuchContactError, witness  # noqa: PLC0415
    from sim.report.story import Story  # noqa: PLC0415

    try:
        seen = witness(scenario, wanted, seed, replication)
    except (NobodyAbandonedError, NoSuchContactError) as error:
        typer.echo(str(error), err=True)
        raise typer.Exit(NOTHING_TO_TELL if isinstance(error, NobodyAbandonedError) else BAD_INPUT) from None
    console_on(sys.stdout).print(str(Story(seen)), end="", soft_wrap=True)


def _wanted(contact: int | None, *, longest_wait: bool, abandoned: bool) -> int | Literal["longest_wait", "abandoned"]:
    """Give which contact is asked for, if it is exactly one."""
    if (contact is not None) + longest_wait + abandoned != 1:
        typer.echo("say whose story: one of --contact N, --longest-wait and --abandoned", err=True)
        raise typer.Exit(BAD_INPUT)
    if contact is not None:
        return contact
    return "longest_wait" if longest_wait else "abandoned"
