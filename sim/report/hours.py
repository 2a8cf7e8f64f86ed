"""The hours in which a channel misses its promise most: where a person more, or a shift moved, helps first."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Final

from sim.report.deadlines import live_deadlines
from sim.report.grid import Grid, Line
from sim.report.readings import readings_in
from sim.report.wording import day_of_year
from sim.scenario.units import write_duration

if TYPE_CHECKING:
    from sim.experiment.result import Result

HOURS_SHOWN: Final = 5


def hardest_hours(result: Result, channels: list[str]) -> Iterator[Grid]:
    """Give, for each live channel, the hours in which most contacts are not answered in time.

    They are ordered by the expected number of such contacts, (1 − service level) × offered, because a low share of few
    contacts matters less than a fair one of many.
    """
    for channel, limits in live_deadlines(result.scenario, channels).items():
        level = result.figures("service_level", per="hour", within=limits[0], channel=channel)
        offered = result.figures("offered", per="hour", channel=channel)
        levels, numbers = readings_in(level), readings_in(offered)
        late = [(1 - share.estimate) * number.estimate for share, number in zip(levels, numbers, strict=True)]
        worst = sorted((hour for hour in range(len(late)) if late[hour] > 0), key=lambda hour: -late[hour])
        if worst:
            starts = [one.start for one in level]
            yield Grid(
                f"Hours with most late answers on {channel}",
                (f"in {write_duration(limits[0])}", "offered"),
                tuple(
                    Line(f"{day_of_year(starts[hour])} {starts[hour]:%H:%M}", (str(levels[hour]), str(numbers[hour])))
                    for hour in sorted(worst[:HOURS_SHOWN])
                ),
                ("The hours with the largest (1 − service level) × offered.",),
            )
