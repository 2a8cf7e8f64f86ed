"""Scenario files to check: small, and with a truth that is known."""

from pathlib import Path

DESK = """\
format: 1
name: Checked desk
time: {start: 2026-04-06, length: 2 h}
channels: {phone: {patience: {distribution: exponential, mean: 3 min}}}
contact_types:
  order:
    arrivals: {phone: {rate: 60 per hour}}
    handling: {desk: {handle_time: {distribution: exponential, mean: 2 min}}}
tiers: {desk: {}}
agent_groups: {clerks: {tier: desk, headcount: 3}}
"""
"""Two hours of 60 calls an hour: 120 calls are to be expected."""


def desk(folder: Path, *targets: str, name: str = "desk.yaml", more: str = "") -> Path:
    """Write the desk with targets on a line each."""
    listed = "".join(f'  - "{target}"\n' for target in targets)
    path = folder / name
    path.write_text(DESK + (f"targets:\n{listed}" if targets else "") + more, encoding="utf-8")
    return path


def edited(path: Path, old: str, new: str) -> None:
    """Change one text of a file."""
    text = path.read_text(encoding="utf-8")
    assert text.count(old) == 1, f"{old!r} is there {text.count(old)} times"
    path.write_text(text.replace(old, new), encoding="utf-8")
