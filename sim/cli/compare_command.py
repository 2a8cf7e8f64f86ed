"""The commands `compare` and `sweep`: scenarios beside a base, over the same replications."""

import sys
from contextlib import ExitStack
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Annotated, Any, Generic, NoReturn, TypeVar

import typer

from sim.cli.run_command import (
    INTERRUPTED,
    Cluster,
    EngineName,
    FigureFormat,
    Figures,
    Seed,
    Workers,
    console_on,
    count_of,
    engine_named,
    output_folder,
    refuse_what_does_not_fit,
    simulated,
    workers_of,
)
from sim.cli.scenario_commands import BAD_INPUT, Settings

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from sim.experiment.comparison import Comparison
    from sim.report.folder import OutputFolder
    from sim.report.pictures import Format
    from sim.scenario.schema import Scenario

Measures = Annotated[
    list[str] | None,
    typer.Option("--measure", metavar="NAME", help="What to compare. Left out: what the targets name. Repeatable."),
]
By = Annotated[list[str] | None, typer.Option(metavar="NAME", help="Break measures down. Repeatable.")]
Per = Annotated[str, typer.Option(metavar="PERIOD", help="run, week, day, hour or interval.")]
Within = Annotated[str | None, typer.Option(metavar="TIME", help="Deadline of measures that take one, such as '20 s'.")]
Where = Annotated[
    list[str] | None,
    typer.Option(metavar="NAME=LABEL", help="Narrow measures, such as channel=phone. Repeatable."),
]
During = Annotated[
    str | None, typer.Option(metavar="HOURS", help="Only in these opening hours, or in those of a shift: GROUP.SHIFT.")
]
Replications = Annotated[
    str, typer.Option(metavar="N|auto", help="How many of each; auto: until every difference is precise enough.")
]
Out = Annotated[str | None, typer.Option(metavar="DIR", help="Write comparison.json and differences.csv here.")]
AsJson = Annotated[bool, typer.Option("--json", help="Print JSON instead of tables.")]
Quiet = Annotated[bool, typer.Option("--quiet", "-q", "--no-progress", help="Show no progress.")]
Force = Annotated[bool, typer.Option("--force", help="Run even if memory will not do.")]


def register(app: typer.Typer) -> None:
    """Add the commands to the application."""
    app.command(short_help="Differences between scenarios on the same customers.")(compare)
    app.command(short_help="The same over a grid of values.")(sweep)


def compare(  # noqa: PLR0913, PLR0917  (a parameter an option)
    base: Annotated[str, typer.Argument(metavar="BASE", help="The scenario file that the others are compared with.")],
    others: Annotated[list[str] | None, typer.Argument(metavar="OTHER", help="Other scenario files.")] = None,
    variants: Annotated[
        list[str] | None, typer.Option("--variant", metavar="NAME", help="A variant of BASE. Repeatable.")
    ] = None,
    changes: Annotated[
        list[str] | None,
        typer.Option(
            "--change",
            metavar="NAME:PATH=VALUE",
            help="BASE with another value for a dotted key; those with one NAME make one scenario. Repeatable.",
        ),
    ] = None,
    settings: Settings = None,
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
    """Compare scenarios over the same replications: differences to BASE with simultaneous 95 % intervals.

    Others are files, variants of BASE (--variant), or BASE with changes (--change "less:agent_groups.x.headcount=7").
    --set holds for all.

    Exit status: 0 fine, 2 bad input, 130 interrupted.
    """
    from sim.experiment.compare import compare as compare_scenarios  # noqa: PLC0415
    from sim.report.comparison import names_of  # noqa: PLC0415
    from sim.scenario.load import load  # noqa: PLC0415

    base_name, *names = names_of([base, *(others or ())])
    loaded = load(base, settings or ())
    named = dict(zip(names, (load(path, settings or ()) for path in others or ()), strict=True))
    more = [(name, load(base, settings or (), name)) for name in variants or ()]
    more += [(name, _with_change(base, settings or (), name, own)) for name, own in _grouped(changes or ()).items()]
    for name, scenario in more:
        if name in {base_name, *named}:
            _refuse(f"two scenarios are called {name!r}; give another name")
        named[name] = scenario
    if not named:
        _refuse("nothing to compare with: name another FILE, --variant NAME, or --change NAME:PATH=VALUE")
    compared(
        lambda **ask: compare_scenarios(loaded, named, base_name=base_name, **ask),
        _shown(),
        [loaded, *named.values()],
        asked_of(measures, by, per, within, where, during) | {"seed": seed, "cluster": cluster},
        counts=(replications, workers),
        engine=engine,
        out=out,
        figures=(figures, figure_format),
        as_json=as_json,
        quiet=quiet,
        force=force,
    )


def sweep(  # noqa: PLR0913, PLR0917  (a parameter an option)
    path: Annotated[
        str, typer.Argument(metavar="SCENARIO", help="The scenario file that every point is compared with.")
    ],
    grid: Annotated[
        list[str],
        typer.Argument(metavar="PATH=A,B,C...", help="Values of a dotted key; several keys make a grid of all points."),
    ],
    variant: Annotated[str | None, typer.Option("--variant", metavar="NAME", help="A variant as the base.")] = None,
    settings: Settings = None,
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
    """Compare every point of a grid of values with the scenario as it stands, over the same replications.

    Exit status: 0 fine, 2 bad input, 130 interrupted.
    """
    from sim.experiment.compare import sweep as sweep_grid  # noqa: PLC0415
    from sim.scenario.load import load  # noqa: PLC0415

    scenario, values = load(path, settings or (), variant), _values(grid)
    number = 1
    for one in values.values():
        number *= len(one)
    compared(
        lambda **ask: sweep_grid(scenario, values, **ask),
        _shown(),
        [scenario] * (number + 1),
        asked_of(measures, by, per, within, where, during) | {"seed": seed, "cluster": cluster},
        counts=(replications, workers),
        engine=engine,
        out=out,
        figures=(figures, figure_format),
        as_json=as_json,
        quiet=quiet,
        force=force,
    )


Found = TypeVar("Found")


@dataclass(frozen=True)
class Shown(Generic[Found]):
    """How what was found is shown and written."""

    comparison: "Callable[[Found], Comparison]"
    report: "Callable[[Found], Any]"
    json: "Callable[[Found], str]"
    write: "Callable[[Found, OutputFolder], None]"
    draw: "Callable[[Found, OutputFolder, Format], None]"


def _shown() -> "Shown[Comparison]":
    from sim.report.comparison import ComparisonReport  # noqa: PLC0415
    from sim.report.files import comparison_json, write_comparison  # noqa: PLC0415
    from sim.report.pictures import draw_comparison  # noqa: PLC0415

    return Shown(lambda found: found, ComparisonReport, comparison_json, write_comparison, draw_comparison)


def compared(  # noqa: PLR0913  (what both commands do with what was asked)
    compare_them: "Callable[..., Found]",
    shown: "Shown[Found]",
    scenarios: "Sequence[Scenario]",
    ask: dict[str, Any],
    *,
    counts: tuple[str, str],
    engine: Any,
    out: str | None,
    figures: "tuple[str | None, Format]",
    as_json: bool,
    quiet: bool,
    force: bool,
) -> None:
    """Compare, print and write what was found, and end as the command does."""
    replications, workers = count_of("--replications", counts[0]), workers_of(counts[1], ask["cluster"])
    refuse_what_does_not_fit(scenarios, replications, force=force)
    ask |= {"replications": replications, "workers": workers, "engine": engine_named(engine, quiet=quiet)}
    with ExitStack() as stack:
        folder, drawn = output_folder(stack, "--out", out), output_folder(stack, "--figures", figures[0])
        found = simulated(lambda **more: compare_them(**ask, **more), quiet=quiet)
        if folder is not None:
            shown.write(found, folder)  # first: whoever reads the report may close the pipe
        if drawn is not None:
            shown.draw(found, drawn, figures[1])
        if as_json:
            typer.echo(shown.json(found), nl=False)
        else:
            console_on(sys.stdout).print(shown.report(found))
        for written in (folder, drawn):
            if written is not None:
                typer.echo(f"wrote {written.path}", err=True)
    comparison = shown.comparison(found)
    if comparison.interrupted:
        typer.echo(comparison.ended, err=True)
        raise typer.Exit(INTERRUPTED)


def asked_of(  # noqa: PLR0913, PLR0917  (all that can be asked)
    measures: list[str] | None,
    by: list[str] | None,
    per: str,
    within: str | None,
    where: list[str] | None,
    during: str | None,
) -> dict[str, Any]:
    """Give what is asked of a comparison, as its parameters."""
    if not measures and (by or within or where):
        _refuse("--by, --within and --where narrow what --measure asks; say --measure NAME too")
    narrowed: dict[str, list[str]] = {}
    for one in where or ():
        name, equals, label = one.partition("=")
        if not equals or not name or not label:
            _refuse(f"--where: got {one!r}, must be NAME=LABEL such as channel=phone")
        narrowed.setdefault(name, []).append(label)
    return {
        "measures": measures or None,
        "by": by or None,
        "per": per,
        "within": within,
        "where": narrowed or None,
        "during": during,
    }


def _grouped(changes: "Sequence[str]") -> "Mapping[str, list[str]]":
    """Give the settings of each named change."""
    named: dict[str, list[str]] = {}
    for change in changes:
        name, colon, setting = change.partition(":")
        if not colon or not name.strip() or "=" in name:
            _refuse(f"--change: got {change!r}, must be NAME:PATH=VALUE such as less:agent_groups.x.headcount=7")
        named.setdefault(name.strip(), []).append(setting)
    return named


def _with_change(base: str, settings: "Sequence[str]", name: str, own: "Sequence[str]") -> "Scenario":
    """Load the base with the settings of a named change; what is wrong with one is said of it as it was written."""
    from sim.scenario.errors import ScenarioError  # noqa: PLC0415
    from sim.scenario.load import load  # noqa: PLC0415

    try:
        return load(base, [*settings, *own])
    except ScenarioError as error:
        written = {f"--set {setting}": f"--change {name}:{setting}" for setting in own}
        problems = [
            replace(
                problem, place=replace(problem.place, source=written.get(problem.place.source, problem.place.source))
            )
            for problem in error.problems
        ]
        raise ScenarioError(problems) from None


def _values(grid: "Sequence[str]") -> dict[str, list[Any]]:
    """Read `path=a,b,c`, the values as YAML; commas within brackets and quotes are theirs."""
    from sim.scenario.errors import ScenarioError  # noqa: PLC0415
    from sim.scenario.yaml_text import read_yaml  # noqa: PLC0415

    values: dict[str, list[Any]] = {}
    for one in grid:
        path, equals, text = one.partition("=")
        path = path.strip()
        if not equals or not path or not text.strip():
            _refuse(f"got {one!r}, must be PATH=A,B,C such as demand.scale=90 %,110 %")
        if path in values:
            _refuse(f"{path} is there twice; name all its values at once: {path}=A,B,C")
        try:
            values[path] = read_yaml(f"[{text}]", "sweep", None).plain()
        except ScenarioError as error:
            _refuse(f"{one}: {error.problems[0].message}")
    return values


def _refuse(message: str) -> NoReturn:
    typer.echo(message, err=True)
    raise typer.Exit(BAD_INPUT)
