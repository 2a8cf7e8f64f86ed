"""What all figures keep: the axes they are given, the style, and imports."""

from collections.abc import Callable

import pytest
from matplotlib import pyplot, rcParams
from matplotlib.axes import Axes

import sim
from sim.experiment.replicate import run
from sim.experiment.result import Result
from sim.report import figures
from sim.report.figures.canvas import drawing, plain
from tests.experiment.desks import replayed
from tests.report.figures.sheets import sheet
from tests.test_architecture import heavy_modules_after_import

OF_RESULTS = (figures.heat_map, figures.queue_length, figures.agents, figures.waits)


@pytest.fixture(scope="module")
def result() -> Result:
    return run(replayed(), replications=2)


@pytest.mark.parametrize("draw", OF_RESULTS)
def test_a_figure_draws_where_it_is_told_and_changes_no_style(draw: Callable[..., Axes], result: Result) -> None:
    style, ax = dict(rcParams), sheet()
    assert draw(result, ax=ax) is ax
    assert dict(rcParams) == style
    assert pyplot.get_fignums() == []


def test_without_axes_a_figure_makes_some(result: Result) -> None:
    ax = figures.waits(result)
    assert ax.figure.axes == [ax]
    pyplot.close(ax.figure)  # pyplot knows it: notebooks show it


def test_what_is_set_while_the_first_figure_is_made_stays(monkeypatch: pytest.MonkeyPatch) -> None:
    """Notebooks become interactive then; undone, they would show the first figure and no further one."""
    monkeypatch.setitem(rcParams, "interactive", False)
    family = rcParams["font.family"]

    @drawing
    def first() -> bool:
        rcParams["interactive"] = True
        return True

    assert first()
    assert (rcParams["interactive"], rcParams["font.family"]) == (True, family)


def test_texts_of_scenarios_are_no_formulas() -> None:
    """What stands between two dollar signs would be set as a formula."""
    assert plain("US$ or A$") == r"US\$ or A\$"


def test_matplotlib_is_loaded_by_drawing_alone() -> None:
    assert heavy_modules_after_import("sim.report.pictures", ("matplotlib",)) == set()


def test_figures_are_reached_from_the_package() -> None:
    assert sim.figures is figures
    assert all(name in dir(figures) for name in figures.__all__)
