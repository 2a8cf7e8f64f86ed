"""Commands about scenario files: `init`, `validate`, `show`, `schema`.

The language is imported by the commands that read it, so that `--help` answers at once.
"""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal, NoReturn

import typer

if TYPE_CHECKING:
    from sim.scenario.schema import Scenario

BAD_INPUT = 2
SCHEMAS = {
    "scenario": ("sim.scenario", "schema.json"),
    "summary": ("sim.report", "summary.schema.json"),
    "comparison": ("sim.report", "comparison.schema.json"),
    "verdicts": ("sim.check", "verdicts.schema.json"),
}
TEMPLATES = ("call-centre", "support-desk", "it-help-desk")

Settings = Annotated[
    list[str] | None,
    typer.Option("--set", metavar="PATH=VALUE", help="Another value for a dotted key; null removes it. Repeatable."),
]
Variant = Annotated[str | None, typer.Option("--variant", metavar="NAME", help="Apply one of the file's variants.")]


def register(app: typer.Typer) -> None:
    """Add the commands to the application."""
    app.command(short_help="Write a small scenario to begin with.")(init)
    app.command(short_help="Find everything that is wrong with scenario files.")(validate)
    app.command(short_help="Print a scenario, and where its values come from.")(show)
    app.command(short_help="Print JSON Schemas: of scenarios, of what is written.")(schema)


def init(
    template: Annotated[str, typer.Argument(metavar="TEMPLATE", help=f"One of {', '.join(TEMPLATES)}.")],
    out: Annotated[Path | None, typer.Option(help="File to write. Default: TEMPLATE.yaml here.")] = None,
    force: Annotated[bool, typer.Option(help="Overwrite the file if it is there.")] = False,
) -> None:
    """Write a small scenario to begin with."""
    from sim.report.folder import OutputFolder  # noqa: PLC0415
    from sim.scenario.errors import suggestion  # noqa: PLC0415

    if template not in TEMPLATES:
        _refuse(f"unknown template '{template}'{suggestion(template, TEMPLATES)}")
    path = out if out is not None else Path(f"{template}.yaml")
    if path.is_dir():
        path = path / f"{template}.yaml"
    if path.exists() and not force:
        _refuse(f"{path} is there already; --force overwrites it, --out names another file")
    with OutputFolder(path.parent) as folder:
        with folder.writing(path.name) as file:
            file.write(shipped(f"templates/{template}.yaml"))
        folder.publish()
    typer.echo(f"wrote {path}; next: madoguchi validate {path}")


def validate(
    paths: Annotated[list[str], typer.Argument(metavar="PATH...", help="Scenario files.")],
    settings: Settings = None,
    variant: Variant = None,
) -> None:
    """Check scenario files and print every problem with its place. Exit status 2 if there is any."""
    from sim.scenario.errors import ScenarioError  # noqa: PLC0415
    from sim.scenario.load import load  # noqa: PLC0415
    from sim.scenario.units import write_counted  # noqa: PLC0415

    failed = False
    for path in paths:
        try:
            scenario = load(path, settings or (), variant)
        except ScenarioError as error:
            failed = True
            typer.echo(str(error), err=True)
            typer.echo(f"{path}: {write_counted(len(error.problems), 'problem')}", err=True)
        else:
            typer.echo(f"{path}: ok: {in_brief(scenario)}")
    if failed:
        raise typer.Exit(BAD_INPUT)


def show(
    path: Annotated[str, typer.Argument(metavar="PATH", help="A scenario file.")],
    resolved: Annotated[bool, typer.Option("--resolved", help="Every value, with where it comes from.")] = False,
    settings: Settings = None,
    variant: Variant = None,
) -> None:
    """Print a scenario with its bases, a variant and overrides applied."""
    from sim.scenario.load import load  # noqa: PLC0415

    scenario = load(path, settings or (), variant)
    if resolved:
        from sim.scenario.show import resolved as resolved_text  # noqa: PLC0415  (only this command needs it)

        typer.echo(resolved_text(scenario), nl=False)
    else:
        typer.echo(scenario.to_yaml(), nl=False)


def schema(
    of: Annotated[
        Literal["scenario", "summary", "comparison", "verdicts"],
        typer.Option(help="Scenario files; what `run`, `compare` and `sweep`, or `check` print with --json."),
    ] = "scenario",
) -> None:
    """Print a JSON Schema: of scenario files, for editors that check and complete, or of what commands write."""
    package, name = SCHEMAS[of]
    typer.echo(shipped(name, package), nl=False)


def shipped(name: str, package: str = "sim.scenario") -> str:
    """Read a text that is shipped with a package."""
    from importlib.resources import files  # noqa: PLC0415

    return (files(package) / name).read_text(encoding="utf-8")


def in_brief(scenario: "Scenario") -> str:
    """Give what is in a scenario on one line."""
    from sim.scenario.units import write_counted  # noqa: PLC0415

    parts = [
        (len(scenario.contact_types), "contact type"),
        (len(scenario.channels), "channel"),
        (len(scenario.tiers), "tier"),
        (len(scenario.agent_groups), "agent group"),
        (len(scenario.targets), "target"),
    ]
    return ", ".join(write_counted(count, noun) for count, noun in parts)


def _refuse(message: str) -> NoReturn:
    typer.echo(message, err=True)
    raise typer.Exit(BAD_INPUT)
