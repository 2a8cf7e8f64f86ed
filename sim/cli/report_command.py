"""The command `report`: a stored run as a page for people."""

from pathlib import Path
from typing import Annotated, Final

import typer

from sim.cli.scenario_commands import BAD_INPUT

ENDINGS: Final = (".html", ".md")


def register(app: typer.Typer) -> None:
    """Add the command to the application."""
    app.command(short_help="A stored run as a page: HTML or Markdown.")(report)


def report(
    folder: Annotated[str, typer.Argument(metavar="FOLDER", help="What `run --out FOLDER` wrote.")],
    out: Annotated[
        str | None,
        typer.Option(metavar="FILE", help="Write the page here, .html or .md. Left out: Markdown is printed."),
    ] = None,
) -> None:
    """Make a page for people of a run that `run --out` stored, with the figures that `run --figures` put beside it.

    HTML has its figures within and needs no other file; Markdown links to them, so keep it in the same folder. Nothing
    is simulated.

    Exit status: 0 fine, 2 bad input.
    """
    from sim.report.folder import OutputFolder  # noqa: PLC0415
    from sim.report.page import Page, html, markdown  # noqa: PLC0415

    file = None if out is None else Path(out)
    if file is not None and (file.suffix not in ENDINGS or file.is_dir()):
        typer.echo(f"--out: got {out!r}, must be a file that ends in .html or .md", err=True)
        raise typer.Exit(BAD_INPUT)
    page = Page.of(Path(folder))
    if file is None:
        typer.echo(markdown(page), nl=False)
        return
    with OutputFolder(file.parent) as output:
        with output.writing(file.name) as text:
            text.write(html(page) if file.suffix == ".html" else markdown(page))
        output.publish()
    typer.echo(f"wrote {file}", err=True)
