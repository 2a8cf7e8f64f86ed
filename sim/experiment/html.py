"""What a Result looks like in a notebook: targets, channels, tiers and groups, each figure with its interval."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from jinja2 import Environment

if TYPE_CHECKING:
    import pandas as pd

    from sim.experiment.comparison import Comparison
    from sim.experiment.result import Result

_PAGE: Final = Environment(autoescape=True).from_string(
    """<div>
<p><b>{{ result.scenario.name }}</b>: {{ result.replications }} replications, seed {{ result.seed }}
({{ result.ended }}). Figures with the half-width of their 95 % interval.</p>
{% for heading, columns, rows in tables if rows %}<table>
<caption>{{ heading }}</caption>
<thead><tr>{% for column in columns %}<th>{{ column }}</th>{% endfor %}</tr></thead>
<tbody>{% for row in rows %}<tr>{% for cell in row %}<td>{{ cell }}</td>{% endfor %}</tr>{% endfor %}</tbody>
</table>
{% endfor %}</div>"""
)

_BY: Final = {
    "channel": ("offered", "service_level", "abandonment", "average_speed_of_answer"),
    "tier": ("offered", "abandonment", "average_speed_of_answer", "handle_time", "occupancy"),
    "agent_group": ("agents_on_duty", "occupancy", "handle_time", "staff_hours", "overtime", "cost"),
}


def page(result: Result) -> str:
    """Give a Result as HTML; all text of the scenario is escaped."""
    targets = result.targets()
    tables: list[tuple[str, tuple[str, ...], list[tuple[str, ...]]]] = [
        (
            "Targets",
            ("target", "verdict", "estimate", "days kept"),
            [
                (
                    row["target"],
                    row["verdict"],
                    figure(row["estimate"], row["half_width"], row["unit"]),
                    figure(row["days_kept"], (row["days_kept_high"] - row["days_kept_low"]) / 2, "share"),
                )
                for row in targets.to_dict(orient="records")
            ],
        )
    ]
    for dimension, names in _BY.items():
        columns = {name: _column(result, name, dimension) for name in names}
        labels = dict.fromkeys(label for column in columns.values() for label in column)
        heads = (dimension, *(f"{name} (20 s)" if name == "service_level" else name for name in names))
        lines = [(label, *(column.get(label, "") for column in columns.values())) for label in labels]
        tables.append((f"By {dimension}", heads, lines))
    return _PAGE.render(result=result, tables=tables)


_COMPARISON: Final = Environment(autoescape=True).from_string(
    """<div>
<p><b>{{ found.base }}</b> beside {{ others }}: {{ found.replications }} replications of each on the same dealt hands,
seed {{ found.seed }} ({{ found.ended }}). All {{ found.differences.intervals }} intervals of differences hold together
with 95 %; * leaves 0 out.</p>
<table>
<thead><tr><th>scenario</th><th>measure</th><th>{{ found.base }}</th><th>beside it</th><th>difference</th>
<th>unpaired replications</th></tr></thead>
<tbody>{% for row in rows %}<tr>{% for cell in row %}<td>{{ cell }}</td>{% endfor %}</tr>{% endfor %}</tbody>
</table>
</div>"""
)


def comparison_page(found: Comparison) -> str:
    """Give a Comparison as HTML; all text of the scenarios is escaped."""
    rows = []
    for line in found.differences.lines:
        unit, start, difference = found.unit_of(line), found.start_of(line), line.difference.estimate
        star = " *" if line.difference.significant else ""
        if unit == "share":
            shown = f"{100 * difference.estimate:+.1f} points ± {100 * difference.half_width:.1f}"
        else:
            shown = f"{difference.estimate:+,.1f} ± {difference.half_width:,.1f} {unit}"
        rows.append(
            (
                line.scenario,
                line.words if start is None else f"{line.words}, {start:%a %d %b %H:%M}",
                figure(line.base.estimate, line.base.half_width, unit),
                figure(line.other.estimate, line.other.half_width, unit),
                "same" if line.difference.same else f"{shown}{star}",
                "–" if line.difference.unpaired is None else f"{line.difference.unpaired:,}",
            )
        )
    others = ", ".join(name for name in found.scenarios if name != found.base)
    return _COMPARISON.render(found=found, others=others, rows=rows)


def figure(estimate: float, half_width: float, unit: str) -> str:
    """Write a figure with its half-width."""
    if estimate != estimate:  # noqa: PLR0124  (NaN)
        return "none"
    if unit == "share":
        return f"{100 * estimate:.1f} % ± {100 * half_width:.1f}"
    return f"{estimate:,.1f} ± {half_width:,.1f} {unit}"


def _column(result: Result, name: str, by: str) -> dict[str, str]:
    table: pd.DataFrame = result.measure(name, by=by, within=20_000 if name == "service_level" else None)
    return {
        str(row[by]): figure(row["estimate"], row["half_width"], row["unit"]) for row in table.to_dict(orient="records")
    }
