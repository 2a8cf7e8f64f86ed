"""How fast a scenario runs, for a terminal."""

from __future__ import annotations

from math import isnan
from typing import TYPE_CHECKING

from rich.console import Console, ConsoleOptions, RenderResult
from rich.text import Text

from sim.experiment.bench import STEPS, WHOLE
from sim.report.grid import Grid, Line

if TYPE_CHECKING:
    from sim.experiment.bench import Bench


class BenchReport:
    """The report of `bench`."""

    def __init__(self, bench: Bench) -> None:
        self._bench = bench

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        """Lay the report out."""
        bench = self._bench
        yield Text(bench.scenario, style="bold")
        yield Text(
            f"{bench.inquiries:,.0f} inquiries, {bench.contacts:,.0f} contacts, {bench.events:,.0f} events a "
            f"replication; medians of {bench.rounds} replications, after one to warm up."
        )
        yield Text()
        yield Grid("CPU time of a replication", *self._speeds(), ("Events: all instants that the records hold.",))
        yield Text()
        yield Grid(
            "Memory by inquiry",
            ("",),
            (
                Line("dealt", (_bytes(bench.bytes_at_rest),)),
                Line("at the peak of the line", (_bytes(bench.bytes_at_peak),)),
            ),
        )

    def _speeds(self) -> tuple[tuple[str, ...], tuple[Line, ...]]:
        bench, timings = self._bench, self._bench.timings
        lines = [
            Line(step, tuple(f"{timing.of(step) * 1000:,.1f} ms" for timing in timings)) for step in (*STEPS, WHOLE)
        ]
        for number, what in ((bench.contacts, "contacts"), (bench.events, "events")):
            lines.append(Line(f"{what} a second", tuple(f"{number / timing.of(WHOLE):,.0f}" for timing in timings)))
        if len(timings) > 1:
            for step in ("play", WHOLE):
                ratios = tuple(f"{bench.times_as_fast(timing, step):,.1f} ×" for timing in timings)
                lines.append(Line(f"times as fast, {step}", ratios))
        starts = tuple(f"{timing.start_seconds:.2f} s" for timing in timings)
        lines.append(Line("start to first result, on the clock", starts))
        return tuple(timing.engine for timing in timings), tuple(lines)


def _bytes(number: float) -> str:
    return "–" if isnan(number) else f"{number:,.0f} bytes"
