"""Figures as files: of a run, a comparison, a sensitivity, a requirement, a plan, a frontier."""

from __future__ import annotations

from io import BytesIO
from typing import TYPE_CHECKING, Final, Literal

from sim.report.figures.canvas import per_of
from sim.report.figures.differences import differences, measures_of
from sim.report.figures.differences import height as rows_height
from sim.report.figures.frontier import frontier, told_of
from sim.report.figures.heat_map import heat_map, size
from sim.report.figures.schedule import needs_of, required, required_and_scheduled
from sim.report.figures.tornado import figures_of, tornado
from sim.report.figures.tornado import height as bars_height
from sim.report.figures.waits import waits
from sim.report.figures.week import agents, queue_length
from sim.staffing.staff import staff

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from sim.experiment.comparison import Comparison
    from sim.experiment.result import Result
    from sim.report.folder import OutputFolder
    from sim.staffing.frontier import Frontier
    from sim.staffing.plan import Plan
    from sim.staffing.sensitivity import Sensitivity
    from sim.staffing.staff import Requirement

Format = Literal["png", "svg"]
DOTS_PER_INCH: Final = 130
WIDTH: Final = 11
ROW: Final = 2.6
"""Inches."""


def draw_run(result: Result, folder: OutputFolder, format_of: Format) -> None:
    """Draw a run into a folder, and publish the files together; the same run draws the same bytes.

    Of each live channel `service_level_CHANNEL`; `queues_and_agents` with a row for the queues and one for each agent
    group, with the agents that keep the targets by formula; `waits`.
    """
    live = sorted(name for name, channel in result.scenario.channels.items() if channel.waiting == "live")
    pictures = {f"service_level_{channel}": _heat_map(result, channel) for channel in live}
    pictures["queues_and_agents"] = _courses(result)
    pictures["waits"] = _waits(result)
    _put(pictures, folder, format_of)


def draw_comparison(comparison: Comparison, folder: OutputFolder, format_of: Format) -> None:
    """Draw a comparison into a folder: `differences`, a panel for each measure."""
    measures = measures_of(comparison)
    picture, panels = _panels([rows_height(comparison, measure) for measure in measures])
    for measure, ax in zip(measures, panels, strict=True):
        differences(comparison, measure, ax=ax)
    _put({"differences": picture}, folder, format_of)


def draw_sensitivity(sensitivity: Sensitivity, folder: OutputFolder, format_of: Format) -> None:
    """Draw a sensitivity into a folder: `sensitivity`, a tornado for each figure that any factor moves."""
    every = figures_of(sensitivity)
    found = {words: bars for words, bars in every.items() if any(bar.swing for bar in bars)} or every
    picture, panels = _panels([bars_height(bars) for bars in found.values()])
    for words, ax in zip(found, panels, strict=True):
        tornado(sensitivity, words, ax=ax)
    _put({"sensitivity": picture}, folder, format_of)


def draw_requirement(need: Requirement, folder: OutputFolder, format_of: Format) -> None:
    """Draw a requirement into a folder: `required`, a row for each agent group."""
    picture, panels = _panels([ROW] * len(need.net))
    for group, ax in zip(need.net, panels, strict=True):
        required(need, group, ax=ax)
    _put({"required": picture}, folder, format_of)


def draw_plan(plan: Plan, folder: OutputFolder, format_of: Format) -> None:
    """Draw a plan into a folder: `required_and_scheduled`, a row for each need."""
    needs = needs_of(plan)
    picture, panels = _panels([ROW] * len(needs))
    for need, ax in zip(needs, panels, strict=True):
        required_and_scheduled(plan, need, ax=ax)
    _put({"required_and_scheduled": picture}, folder, format_of)


def draw_frontier(found: Frontier, folder: OutputFolder, format_of: Format) -> None:
    """Draw a frontier into a folder: `frontier`, a panel each for cost, satisfaction and first-contact resolution."""
    told = told_of(found)
    picture, panels = _panels([4.0] * len(told))
    for of, ax in zip(told, panels, strict=True):
        frontier(found, of, ax=ax)
    _put({"frontier": picture}, folder, format_of)


def _panels(heights: list[float]) -> tuple[Figure, list[Axes]]:
    picture = _sheet(WIDTH, sum(heights))
    return picture, list(picture.subplots(len(heights), squeeze=False, height_ratios=heights)[:, 0])


def _put(pictures: dict[str, Figure], folder: OutputFolder, format_of: Format) -> None:
    for name, picture in pictures.items():
        folder.put(f"{name}.{format_of}", _bytes(picture, format_of))
    folder.publish()


def _bytes(picture: Figure, format_of: Format) -> bytes:
    """Give a picture as the bytes of a file, which hold nothing of when it was drawn."""
    from matplotlib import rc_context  # noqa: PLC0415  (drawing alone loads Matplotlib)

    file = BytesIO()
    with rc_context({"svg.hashsalt": "madoguchi"}):
        metadata = {"Date": None} if format_of == "svg" else None
        picture.savefig(file, format=format_of, dpi=DOTS_PER_INCH, metadata=metadata)
    return file.getvalue()


def _heat_map(result: Result, channel: str) -> Figure:
    picture = _sheet()
    ax = heat_map(result, channel=channel, ax=picture.add_subplot())
    days, hours = ax.images[0].get_size()
    picture.set_size_inches(*size(days, hours))
    return picture


def _courses(result: Result) -> Figure:
    groups = sorted(result.scenario.agent_groups)
    picture = _sheet(WIDTH, ROW * (1 + len(groups)))
    queues, *rows = picture.subplots(1 + len(groups), sharex=True)
    queue_length(result, ax=queues)
    need = staff(result.scenario, simulate=False) if result.scenario.targets and per_of(result) == "interval" else None
    for group, ax in zip(groups, rows, strict=True):
        told = need is not None and group in need.net
        agents(result, agent_group=group, required=need if told else None, ax=ax)
    for ax in (queues, *rows[:-1]):
        ax.set_xlabel("")
    return picture


def _waits(result: Result) -> Figure:
    picture = _sheet(7, 4)
    waits(result, ax=picture.add_subplot())
    return picture


def _sheet(width: float = WIDTH, height: float = 4) -> Figure:
    """Give a figure that no window shows."""
    from matplotlib.figure import Figure  # noqa: PLC0415

    return Figure(figsize=(width, height), layout="constrained")
