"""Tables of figures, laid out for a terminal's width."""

import io

from rich.console import Console

from sim.report.grid import Grid, Line


def shown(grid: Grid, width: int) -> list[str]:
    """Return the lines of a grid at a width, blanks at their ends apart."""
    stream = io.StringIO()
    Console(file=stream, width=width).print(grid)
    return [line.rstrip() for line in stream.getvalue().splitlines()]


def test_figures_stand_right_under_their_heads() -> None:
    """A measure a line, an item a column; the note is wrapped below."""
    grid = Grid(
        "Channels", ("chat", "phone"), (Line("offered", ("12 ± 1", "345 ± 20")),), ("Offered: came to a queue.",)
    )
    assert shown(grid, 30) == [
        "Channels",
        "              chat      phone",
        "  offered   12 ± 1   345 ± 20",
        "  Offered: came to a queue.",
    ]


def test_items_that_do_not_fit_go_into_a_further_block() -> None:
    """Every figure is shown whole however narrow the terminal; labels are repeated."""
    grid = Grid("Days", ("Mon", "Tue", "Wed"), (Line("offered", ("10 ± 1", "20 ± 2", "30 ± 3")),))
    assert shown(grid, 28) == [
        "Days",
        "               Mon      Tue",
        "  offered   10 ± 1   20 ± 2",
        "",
        "               Wed",
        "  offered   30 ± 3",
    ]


def test_long_labels_are_wrapped_where_that_saves_a_block() -> None:
    """Three figures fit beside a label of 32 columns, and not beside one of 42."""
    label = "phone service level within 20 s >= 80 % or"
    grid = Grid("Days", ("Mon", "Tue", "Wed"), (Line(label, ("10 ± 1", "20 ± 2", "30 ± 3")),))
    assert shown(grid, 61) == [
        "Days",
        "                                        Mon      Tue      Wed",
        "  phone service level within 20 s    10 ± 1   20 ± 2   30 ± 3",
        "  >= 80 % or",
    ]
    assert shown(grid, 80)[2] == f"  {label}   10 ± 1   20 ± 2   30 ± 3"


def test_names_in_wide_letters_take_two_columns_each() -> None:
    """A head of four Japanese letters is as wide as eight others."""
    grid = Grid("窓口", ("電話対応", "chat"), (Line("offered", ("1", "2")),))
    assert shown(grid, 40) == ["窓口", "            電話対応   chat", "  offered          1      2"]
    assert len(shown(grid, 26)) == 6


def test_names_are_shown_as_they_are() -> None:
    """What Rich takes for a style in its own markup is text in a name."""
    grid = Grid("[red]", ("[bold]",), (Line("[/]", ("[dim]1",)),), ("[link]",))
    assert shown(grid, 40) == ["[red]", "        [bold]", "  [/]   [dim]1", "  [link]"]
