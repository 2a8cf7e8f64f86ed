"""The command `erlang`: the formulas as a calculator, for one queue or for a table of intervals."""

import math
import sys
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, NoReturn, TypeVar

import typer

from sim.cli.run_command import console_on
from sim.cli.scenario_commands import BAD_INPUT

if TYPE_CHECKING:
    from sim.staffing.erlang import Question

READINGS = ("offered", "answered", "short_out", "settled", "virtual")

Text = str | None
Value = TypeVar("Value")


def _option(metavar: str, text: str) -> Any:
    return typer.Option(metavar=metavar, help=text)


def register(app: typer.Typer) -> None:
    """Add the command to the application."""
    app.command(short_help="Erlang B, C and A as a calculator.")(erlang)


def erlang(  # noqa: PLR0913, PLR0917  (a parameter an option)
    arrivals: Annotated[
        Text, _option("RATE", "Such as '100 per hour'. Left out: the most that keep the goals.")
    ] = None,
    handle_time: Annotated[Text, _option("TIME", "Mean, talk and wrap-up, such as '4 min'.")] = None,
    patience: Annotated[Text, _option("TIME", "Mean, such as '3 min'. Left out: nobody gives up.")] = None,
    agents: Annotated[Text, _option("N", "On duty. Left out: the least that keep the goals.")] = None,
    within: Annotated[str, _option("TIME", "Deadline T of the service level.")] = "20 s",
    at_least: Annotated[Text, _option("SHARE", "Service level to keep, such as '80 %'.")] = None,
    reading: Annotated[str, _option("READING", f"Of the service level: {', '.join(READINGS)}.")] = READINGS[0],
    abandonment: Annotated[Text, _option("SHARE", "Most that may give up, such as '5 %'.")] = None,
    wait: Annotated[Text, _option("TIME", "Longest average speed of answer.")] = None,
    waits: Annotated[Text, _option("SHARE", "Most that may not find an agent free.")] = None,
    occupancy: Annotated[Text, _option("SHARE", "Cap on the agents' time handling, such as '85 %'.")] = None,
    lost: Annotated[bool, typer.Option("--lost", help="Nobody can wait: Erlang B.")] = False,
    blocked: Annotated[Text, _option("SHARE", "With --lost: most that may be turned away, such as '1 %'.")] = None,
    shrinkage: Annotated[str, _option("SHARE", "Of the scheduled people who are away, such as '30 %'.")] = "0 %",
    intervals: Annotated[Text, _option("FILE", "A CSV or Excel table of intervals, answered row by row.")] = None,
    interval: Annotated[Text, _option("TIME", "With --intervals: plain numbers of arrivals are in so long.")] = None,
    out: Annotated[Path | None, _option("FILE", "With --intervals: write the CSV here instead of printing it.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON (of one queue).")] = False,
) -> None:
    """Erlang B, C and A as a calculator: service levels, agents for a goal, contacts that fit.

    Give two of --arrivals, --agents and what to keep (--at-least, --abandonment, --wait, --waits, --occupancy); the
    third is the answer. With --intervals the columns arrivals, handle_time, patience and agents of a table say it row
    by row; its other columns are kept. Exit status: 0 fine, 2 bad input.
    """
    from sim.scenario.counts import read_count  # noqa: PLC0415  (no option is read before --help is answered)
    from sim.scenario.units import (  # noqa: PLC0415
        SECOND_MS,
        read_duration,
        read_positive_duration,
        read_rate,
        read_share,
    )

    def seconds(text: object) -> float:
        return read_positive_duration(text) / SECOND_MS

    def whole(text: object) -> int:
        return read_count(int(text) if isinstance(text, str) and text.isascii() and text.isdigit() else text)

    if reading not in READINGS:
        _refuse(f"--reading: got {reading!r}, must be one of {', '.join(READINGS)}")
    if intervals is None and handle_time is None:
        _refuse("--handle-time: is needed, such as --handle-time '4 min'")
    if intervals is None:
        for name, given in (("--interval", interval), ("--out", out)):
            if given is not None:
                _refuse(f"{name}: goes with --intervals FILE only")
    elif as_json:
        _refuse("--json: is for one queue; --intervals prints CSV")
    question = _question(
        goals={
            "service_level": _read("--at-least", at_least, _between(read_share)),
            "within_s": read_option("--within", within, read_duration) / SECOND_MS,
            "reading": reading,
            "abandonment": _read("--abandonment", abandonment, _above(read_share)),
            "mean_wait_answered_s": _read("--wait", wait, seconds),
            "waits": _read("--waits", waits, _above(read_share)),
            "occupancy": _read("--occupancy", occupancy, _above(read_share)),
        },
        handle_time_s=math.nan if handle_time is None else read_option("--handle-time", handle_time, seconds),
        arrivals_per_hour=_read("--arrivals", arrivals, read_rate),
        agents=_read("--agents", agents, whole),
        patience_s=math.inf if patience is None else read_option("--patience", patience, seconds),
        lost=lost,
        blocked=_read("--blocked", blocked, _above(read_share)),
        shrinkage=read_option("--shrinkage", shrinkage, _below(read_share)),
    )
    if intervals is None:
        _print_answer(question, as_json=as_json)
    else:
        _write_intervals(intervals, question, _read("--interval", interval, read_positive_duration), out)


def read_option(name: str, text: str, read: Callable[[object], Value]) -> Value:
    """Read an option as a quantity; the command ends with status 2 if it is none."""
    try:
        return read(text)
    except ValueError as rule:
        _refuse(f"{name}: got {text!r}, must be {rule}")


def _read(name: str, text: str | None, read: Callable[[object], Value]) -> Value | None:
    return None if text is None else read_option(name, text, read)


def _above(read: Callable[[object], float]) -> Callable[[object], float]:
    return _limited(read, lambda share: share > 0, "above 0 %: agents never bring it to none")


def _below(read: Callable[[object], float]) -> Callable[[object], float]:
    return _limited(read, lambda share: share < 1, "below 100 %")


def _between(read: Callable[[object], float]) -> Callable[[object], float]:
    return _limited(read, lambda share: 0 < share < 1, "above 0 % and below 100 %: no staff answers everybody in time")


def _limited(read: Callable[[object], float], allowed: Callable[[float], bool], rule: str) -> Callable[[object], float]:
    def limited(text: object) -> float:
        value = read(text)
        if not allowed(value):
            raise ValueError(rule)
        return value

    return limited


def _question(goals: dict[str, Any], **given: Any) -> "Question":
    from sim.staffing.erlang import Goals, Question  # noqa: PLC0415  (NumPy)

    wanted = Goals(**goals)
    if given["lost"] and (wanted or given["patience_s"] != math.inf):
        _refuse("--lost: nobody waits, so that only --blocked can be asked and --patience means nothing")
    if given["blocked"] is not None and not given["lost"]:
        _refuse("--blocked: is asked of queues in which nobody can wait; add --lost")
    return Question(goals=wanted, **given)


def _print_answer(question: "Question", *, as_json: bool) -> None:
    from sim.report.erlang_answer import answer_grid, answer_json  # noqa: PLC0415
    from sim.staffing.erlang import answer  # noqa: PLC0415

    if not question.enough:
        goals = "--blocked" if question.lost else "--at-least, --abandonment, --wait, --waits or --occupancy"
        _refuse(f"give two of --arrivals, --agents and what to keep ({goals}); the third is the answer")
    found = answer(question)
    if as_json:
        typer.echo(answer_json(found), nl=False)
    else:
        console_on(sys.stdout).print(answer_grid(found))


def _write_intervals(path: str, question: "Question", interval_ms: int | None, out: Path | None) -> None:
    from sim.report.folder import OutputFolder  # noqa: PLC0415
    from sim.report.spreadsheet import write_csv  # noqa: PLC0415
    from sim.staffing.erlang import answer_intervals  # noqa: PLC0415

    table = answer_intervals(path, question, interval_ms)
    if out is None:
        write_csv(table, sys.stdout)
        return
    with OutputFolder(out.parent) as folder:
        with folder.writing(out.name) as file:
            write_csv(table, file)
        folder.publish()
    typer.echo(f"wrote {out}", err=True)


def _refuse(message: str) -> NoReturn:
    typer.echo(message, err=True)
    raise typer.Exit(BAD_INPUT)
