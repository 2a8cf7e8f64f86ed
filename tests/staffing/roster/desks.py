"""Rosters small enough to work by hand."""

from pathlib import Path

from sim.scenario.load import loads
from sim.scenario.schema import Scenario

WEEK = "2026-04-06, length: 7 days"
EARLY_AND_LATE = """\
      early: {days: mon-fri, hours: "08:00-16:00", headcount: 1}
      late: {days: mon-fri, hours: "14:00-22:00", headcount: 1}"""


def desk(shifts: str = EARLY_AND_LATE, time: str = WEEK, more: str = "") -> Scenario:
    """A desk with one group, `clerks`; 2026-04-06 is a Monday."""
    return loads(f"""\
format: 1
name: Desk
time: {{start: {time}}}
channels: {{phone: {{}}}}
contact_types: {{order: {{arrivals: {{phone: {{rate: 10 per hour}}}}, handling: {{desk: {{handle_time: 4 min}}}}}}}}
tiers: {{desk: {{}}}}
agent_groups:
  clerks:
    tier: desk
    shifts:
{shifts}
{more}
""")


def people(folder: Path, text: str) -> Path:
    """Write a file of people."""
    path = folder / "people.yaml"
    path.write_text(text, encoding="utf-8")
    return path
