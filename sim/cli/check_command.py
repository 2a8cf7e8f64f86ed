"""The command `check`: targets and baselines to verdicts, for people and for CI."""

import json
import os
import sys
import time
from contextlib import ExitStack
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Final, Literal, NoReturn

import typer

from sim.cli.progress import progress_on
from sim.cli.run_command import (
    Cluster,
    EngineName,
    Workers,
    console_on,
    count_of,
    engine_named,
    refuse_what_does_not_fit,
    workers_of,
)
from sim.cli.scenario_commands import BAD_INPUT, Settings, Variant

if TYPE_CHECKING:
    from sim.check.checking import Effort
    from sim.check.collect import Case
    from sim.check.verdicts import Verdicts

STEP_SUMMARY: Final = "GITHUB_STEP_SUMMARY"
"""Where GitHub Actions names the file of a step's summary, to which is added."""
ON_GITHUB: Final = "GITHUB_ACTIONS"


def register(app: typer.Typer) -> None:
    """Add the command to the application."""
    app.command(short_help="Verdicts on targets and baselines, for people and CI.")(check)


def check(  # noqa: PLR0913, PLR0917  (a parameter an option)
    paths: Annotated[list[str], typer.Argument(metavar="PATH...", help="Scenario files, and folders of them.")],
    max_replications: Annotated[
        int, typer.Option(min=1, metavar="N", help="The limit for each scenario; the last look at targets is there.")
    ] = 1000,
    replications: Annotated[
        str, typer.Option(metavar="N|auto", help="So many, and one look; auto: until every target is decided.")
    ] = "auto",
    seed: Annotated[
        int | None, typer.Option(min=0, metavar="N", help="Of all chance. Default: that of the baseline, else 1.")
    ] = None,
    undecided: Annotated[
        Literal["report", "pass"], typer.Option(help="What undecided verdicts count as; report: exit status 3.")
    ] = "report",
    update_baseline: Annotated[
        bool,
        typer.Option(
            "--update-baseline", help="Write the baseline of each file named, and renew those of folders, beside them."
        ),
    ] = False,
    junit: Annotated[str | None, typer.Option(metavar="FILE", help="Write the verdicts as JUnit XML.")] = None,
    summary: Annotated[
        str | None,
        typer.Option(metavar="FILE", help=f"Write them as Markdown. Default: added to ${STEP_SUMMARY}, if it is set."),
    ] = None,
    annotations: Annotated[
        Literal["auto", "github", "none"],
        typer.Option(help=f"Print where in a file something failed, for CI; auto: if ${ON_GITHUB} is set."),
    ] = "auto",
    as_json: Annotated[bool, typer.Option("--json", help="Print the verdicts as JSON instead of the table.")] = False,
    workers: Workers = "auto",
    cluster: Cluster = None,
    engine: EngineName = "compiled",
    settings: Settings = None,
    variant: Variant = None,
    quiet: Annotated[bool, typer.Option("--quiet", "-q", "--no-progress", help="Show no progress.")] = False,
    force: Annotated[bool, typer.Option("--force", help="Run even if memory will not do.")] = False,
) -> None:
    """Check that scenarios keep their targets, and still give what their baselines say.

    Exit status: 0 all pass, 1 something failed, 2 bad input or nothing to check, 3 nothing failed but something is
    undecided, 130 interrupted.
    """
    from sim.check.checking import Effort  # noqa: PLC0415
    from sim.check.collect import collect, find  # noqa: PLC0415
    from sim.report.check_outputs import Outputs, write_baselines  # noqa: PLC0415
    from sim.report.check_report import CheckReport  # noqa: PLC0415
    from sim.report.folder import OutputFolder  # noqa: PLC0415

    if update_baseline and (settings or variant):
        _refuse("--update-baseline: a baseline is of the file as it is; leave --set and --variant out")
    asked = count_of("--replications", replications)
    playing = engine_named(engine, quiet=quiet)
    effort = Effort(
        max_replications,
        None if asked == "auto" else asked,
        seed,
        workers_of(workers, cluster),
        cluster,
        playing,
    )
    notes = annotations == "github" or (annotations == "auto" and bool(os.environ.get(ON_GITHUB)))
    print_note = partial(typer.echo, err=as_json)  # workflow commands are read from either; JSON stays alone
    with Outputs(junit, summary, os.environ.get(STEP_SUMMARY), print_note if notes else None) as outputs:
        found = find(paths)
        cases = collect(found, settings or (), variant, without_targets=update_baseline)
        for line in found.passed_over:
            typer.echo(line, err=True)
        renewed = [case for case in cases if update_baseline and (case.has_baseline or Path(case.path) in found.named)]
        for case in cases:
            refuse_what_does_not_fit([case.scenario], effort.looks.at[-1], force=force)
        began = time.monotonic()
        with ExitStack() as stack:
            folders = {
                folder: stack.enter_context(OutputFolder(folder, "--update-baseline"))
                for folder in {case.baseline.parent for case in renewed if case.baseline}
            }
            verdicts = _checked(cases, renewed, effort, passes=undecided == "pass", quiet=quiet)
            for path in write_baselines(verdicts, folders):
                typer.echo(f"wrote {path}", err=True)
        outputs.write(verdicts)
        if as_json:
            typer.echo(json.dumps(verdicts.to_dict(), indent=1, ensure_ascii=False, allow_nan=False))
        else:
            console_on(sys.stdout).print(CheckReport(verdicts))
        typer.echo(f"took {time.monotonic() - began:.1f} s", err=True)
    raise typer.Exit(verdicts.status)


def _checked(cases: "list[Case]", renewed: "list[Case]", effort: "Effort", *, passes: bool, quiet: bool) -> "Verdicts":
    """Check case by case, with the progress of each."""
    from sim.check.checking import check_case  # noqa: PLC0415
    from sim.check.verdicts import Verdicts  # noqa: PLC0415

    console = console_on(sys.stderr)
    files = []
    for case in cases:
        checked = partial(check_case, case, effort, passes_undecided=passes, renew=case in renewed)
        if quiet:
            files.append(checked())
        else:
            with progress_on(console) as progress:
                files.append(checked(progress=progress))
    return Verdicts(tuple(files))


def _refuse(message: str) -> NoReturn:
    typer.echo(message, err=True)
    raise typer.Exit(BAD_INPUT)
