"""A stored run as a page for people: HTML or Markdown, of what `run --out` and `run --figures` wrote into a folder."""

from __future__ import annotations

import json
from base64 import b64encode
from collections.abc import Iterator
from dataclasses import dataclass
from math import nan
from pathlib import Path
from typing import Any, Final

from sim.measure.definitions import MEASURES
from sim.report.files import SCHEMA
from sim.report.folder import StoredRunError
from sim.report.readings import Reading
from sim.scenario.errors import described
from sim.scenario.units import write_duration

SUMMARY: Final = "summary.json"
PICTURES: Final = {".png": "image/png", ".svg": "image/svg+xml"}

SHOWN: Final = {
    "channel": ("offered", "service_level", "first_response", "abandonment", "average_speed_of_answer"),
    "tier": ("offered", "service_level", "abandonment", "average_speed_of_answer", "handle_time", "occupancy"),
    "agent_group": ("answered", "occupancy", "handle_time", "staff_hours", "overtime", "cost"),
    "contact_type": ("inquiries", "contacts_per_inquiry", "first_contact_resolution", "resolution", "reached_nobody"),
}
"""Measures by breakdown, where the run has figures of them; readings that have names are left to the file."""
WHOLE: Final = ("inquiries", "contacts_per_inquiry", "satisfaction", "staff_hours", "cost", "cost_per_resolved")

NOTE: Final = "± is half the 95 % confidence interval over the replications; (a–b) is an uneven interval."


@dataclass(frozen=True)
class Table:
    """Figures by item (down) and measure (across)."""

    title: str
    heads: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


@dataclass(frozen=True)
class Page:
    """A stored run.

    Parameters
    ----------
    summary
        As `summary.json` has it.
    pictures
        Files of figures beside it.
    """

    summary: dict[str, Any]
    pictures: tuple[Path, ...]

    @classmethod
    def of(cls, folder: Path) -> Page:
        """Read what a run wrote into a folder.

        Raises
        ------
        StoredRunError
            If it has no summary that this version reads.
        """
        file = folder / SUMMARY
        rule = f"name a folder that `madoguchi run SCENARIO --out {folder}` wrote"
        try:
            summary = json.loads(file.read_text(encoding="utf-8"))
        except OSError as error:
            raise StoredRunError(f"{file}: cannot be read ({error.strerror}); {rule}") from None
        except ValueError:
            raise StoredRunError(f"{file}: is not JSON; {rule}") from None
        layout = summary.get("schema") if isinstance(summary, dict) else None
        if layout != SCHEMA or "measures" not in summary:
            said = f"got layout {described(layout)}, must be {SCHEMA} of a run's summary"
            raise StoredRunError(f"{file}: {said}; run the scenario anew with this version, or {rule}")
        return cls(summary, tuple(sorted(path for path in folder.iterdir() if path.suffix in PICTURES)))

    @property
    def title(self) -> str:
        """Name of the scenario."""
        return str(self.summary["scenario"])

    @property
    def head(self) -> str:
        """What was run, in a line."""
        versions = ", ".join(f"{name} {version}" for name, version in self.summary["versions"].items())
        return (
            f"Seed {self.summary['seed']}; {self.summary['ended']}. Scenario {self.summary['scenario_hash'][:12]}; "
            f"{versions}."
        )

    @property
    def definitions(self) -> list[tuple[str, str]]:
        """The measures shown, each with the first sentence of its definition."""
        names = dict.fromkeys(name for names in (WHOLE, *SHOWN.values()) for name in names)
        there = {one["measure"] for one in self._usual(tuple(names))}
        return [(name, self.summary["definitions"][name].split("\n\n")[0]) for name in names if name in there]

    def tables(self) -> Iterator[Table]:
        """Give the targets, then figures of the whole, then by each breakdown; what has no figures is left out."""
        if self.summary["targets"]:
            yield Table(
                "Targets", ("verdict", "target", "found", "days kept"), tuple(map(_target, self.summary["targets"]))
            )
        whole = [one for one in self._usual(WHOLE) if "by" not in one]
        rows = tuple((_head(one), _figure(one)) for one in whole)
        yield Table("The whole", ("measure", "figure"), rows)
        for by, names in SHOWN.items():
            yield from self._by(by, names)

    def _usual(self, names: tuple[str, ...]) -> list[dict[str, Any]]:
        """Give the figures of measures in their usual readings, in the order of their names."""
        found = [
            one
            for one in self.summary["measures"]
            if one["measure"] in names
            and one["estimate"] is not None
            and one.get("reading", "") in {"", *MEASURES[one["measure"]].readings[:1]}
        ]
        return sorted(found, key=lambda one: names.index(one["measure"]))

    def _by(self, by: str, names: tuple[str, ...]) -> Iterator[Table]:
        columns: dict[str, dict[str, str]] = {}
        items: dict[str, None] = {}
        for one in self._usual(names):
            if one.get("by") == by:
                items[one["of"]] = None
                columns.setdefault(_head(one), {})[one["of"]] = _figure(one)
        if columns:
            rows = tuple((item, *(column.get(item, "–") for column in columns.values())) for item in items)
            yield Table(f"By {by.replace('_', ' ')}", (by.replace("_", " "), *columns), rows)


def _target(row: dict[str, Any]) -> tuple[str, ...]:
    kept = row["kept"].get("day")
    return row["verdict"], row["target"], _figure(row), _figure({**kept, "unit": "share"}) if kept else "–"


def _head(one: dict[str, Any]) -> str:
    words = one["measure"].replace("_", " ")
    if "within_s" in one:
        return f"{words}, {write_duration(round(1000 * one['within_s']))}"
    return f"mean time to {words}" if one["measure"] in {"first_response", "resolution"} else words


def _figure(one: dict[str, Any]) -> str:
    estimate, low, high = (nan if one[name] is None else one[name] for name in ("estimate", "low", "high"))
    return str(Reading(estimate, low, high, one["unit"]))


def markdown(page: Page) -> str:
    """Give a page as Markdown, with links to its pictures."""
    lines = [f"# {_cell(page.title)}", "", _cell(page.head), "", NOTE]
    for table in page.tables():
        lines += ["", f"## {table.title}", "", _row(table.heads), _row(["---"] * len(table.heads))]
        lines += [_row([_cell(cell) for cell in row]) for row in table.rows]
    lines += ["", "## Figures", ""] if page.pictures else []
    lines += [f"![{path.stem.replace('_', ' ')}]({path.name})" for path in page.pictures]
    lines += ["", "## Definitions", "", *(f"- **{name}**: {_cell(text)}" for name, text in page.definitions)]
    return "\n".join(lines) + "\n"


def _row(cells: Any) -> str:
    return f"| {' | '.join(cells)} |"


def _cell(text: str) -> str:
    """Write a text so that Markdown shows it as it is, on one line."""
    for character in "\\`*_[]<>|":
        text = text.replace(character, f"\\{character}")
    return text.replace("\n", " ")


_HTML: Final = """<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>{{ page.title }}</title>
<style>
body { font-family: sans-serif; max-width: 70em; margin: 2em auto; padding: 0 1em; color: #222 }
table { border-collapse: collapse }
th, td { padding: .25em .8em; text-align: left; border-bottom: 1px solid #ddd }
.pass { color: #1a7f37 } .fail { color: #b3261e; font-weight: bold }
.undecided { color: #8a6100 } img { max-width: 100% }
</style></head><body>
<h1>{{ page.title }}</h1>
<p>{{ page.head }}</p>
<p>{{ note }}</p>
{% for table in page.tables() %}<h2>{{ table.title }}</h2>
<table><thead><tr>{% for head in table.heads %}<th>{{ head }}</th>{% endfor %}</tr></thead>
<tbody>{% for row in table.rows %}<tr>{% for cell in row %}<td{% if loop.first and table.title == "Targets" %}
 class="{{ cell }}"{% endif %}>{{ cell }}</td>{% endfor %}</tr>
{% endfor %}</tbody></table>
{% endfor %}{% for name, source in pictures %}<p><img alt="{{ name }}" src="{{ source }}" /></p>
{% endfor %}<h2>Definitions</h2>
<dl>{% for name, text in page.definitions %}<dt><b>{{ name }}</b></dt><dd>{{ text }}</dd>{% endfor %}</dl>
</body></html>
"""


def html(page: Page) -> str:
    """Give a page as HTML that needs no other file: pictures are in it, texts of the scenario are escaped."""
    from jinja2 import Environment  # noqa: PLC0415  (loading it takes longer than Markdown)

    pictures = [
        (path.stem, f"data:{PICTURES[path.suffix]};base64,{b64encode(path.read_bytes()).decode()}")
        for path in page.pictures
    ]
    return Environment(autoescape=True).from_string(_HTML).render(page=page, pictures=pictures, note=NOTE) + "\n"
