"""Figures by language, where customers come in several: one that few agents speak waits longer."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from sim.report.deadlines import deadlines, live_deadlines
from sim.report.grid import Grid
from sim.report.readings import Lines
from sim.scenario.errors import listed
from sim.scenario.reach import languages_of
from sim.scenario.units import write_duration

if TYPE_CHECKING:
    from sim.experiment.result import Result


def by_language(result: Result, live: list[str], backlog: list[str]) -> Iterator[Grid]:
    """Give a table of service by language, if contacts come in several."""
    scenario = result.scenario
    spoken = {language for kind in scenario.contact_types for language in languages_of(scenario, kind)}
    named = sorted(language for language in spoken if language is not None)
    if len(named) < 2:
        return
    lines = Lines(result, "language", named)
    within = sorted({limit for limits in live_deadlines(scenario, live).values() for limit in limits})
    yield Grid(
        "Languages",
        tuple(named),
        (
            lines.of("inquiries", "inquiries"),
            lines.of("contacts offered", "offered"),
            *(
                lines.of(f"service level, {write_duration(limit)}", "service_level", within=limit, channel=live)
                for limit in within
            ),
            *([lines.of("mean wait of the answered", "average_speed_of_answer", channel=live)] if live else ()),
            *([lines.of("90 % answered within", "wait_p90", channel=live)] if live else ()),
            *(lines.if_any("abandonment", "abandonment", channel=live) if live else ()),
            *(
                lines.of(f"first response, {write_duration(limit)}", "first_response", within=limit, channel=backlog)
                for limit in (deadlines(scenario, "first_response") if backlog else ())
            ),
            *([lines.of("mean time to first response", "first_response", channel=backlog)] if backlog else ()),
            lines.of("resolved at first contact", "first_contact_resolution"),
        ),
        (
            *([f"Service level, waits and abandonment: on {listed(live)}."] if live and backlog else ()),
            *([f"First response: on {listed(backlog)}."] if live and backlog else ()),
            *(["Who comes in no named language is not shown."] if None in spoken else ()),
        ),
    )
