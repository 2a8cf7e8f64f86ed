"""What a Requirement looks like in a notebook: targets, hours by group, hours by day."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from jinja2 import Environment

from sim.experiment.figures import write_figure

if TYPE_CHECKING:
    from sim.staffing.staff import Requirement

_PAGE: Final = Environment(autoescape=True).from_string(
    """<div>
<p><b>{{ need.scenario.name }}</b>: {{ "{:,.0f}".format(need.net_hours) }} h of people net,
{{ "{:,.0f}".format(need.gross_hours) }} h gross ({{ need.search }}).</p>
{% for heading, columns, rows in tables if rows %}<table>
<caption>{{ heading }}</caption>
<thead><tr>{% for column in columns %}<th>{{ column }}</th>{% endfor %}</tr></thead>
<tbody>{% for row in rows %}<tr>{% for cell in row %}<td>{{ cell }}</td>{% endfor %}</tr>{% endfor %}</tbody>
</table>
{% endfor %}{% for line in need.unmet + need.assumed %}<p>{{ line }}</p>
{% endfor %}</div>"""
)


def page(need: Requirement) -> str:
    """Give a Requirement as HTML; all text of the scenario is escaped."""
    targets = [] if need.result is None else need.result.targets().to_dict("records")
    days = need.by_day.to_dict("records")
    return _PAGE.render(
        need=need,
        tables=[
            (
                "Targets under the net curve",
                ("target", "verdict", "estimate", "low", "high"),
                [
                    (row["target"], row["verdict"], *(write_figure(row[name]) for name in ("estimate", "low", "high")))
                    for row in targets
                ],
            ),
            (
                "Hours of people",
                ("group", "day", "net", "gross", "full-time equivalents", "most at a time"),
                [
                    (
                        row["group"],
                        f"{row['day']:%a %Y-%m-%d}",
                        *(f"{row[name]:.1f}" for name in ("net_hours", "gross_hours", "fte")),
                        row["peak"],
                    )
                    for row in days
                ],
            ),
        ],
    )
