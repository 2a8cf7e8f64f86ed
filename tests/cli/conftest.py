"""A scenario small enough to work by hand, and the command as people call it."""

import os
from pathlib import Path

import pytest

from sim.cli.main import main
from sim.experiment.replicate import run
from sim.scenario.load import loads
from tests.cli.calls import Command, Ran

TINY = """\
format: 1
name: Tiny desk
currency: EUR
time: {start: 2026-04-06, length: 1 h, zone: Europe/Paris, interval: 30 min}
channels: {phone: {}}
contact_types:
  order:
    arrivals:
      phone:
        log:
          - {time: "2026-04-06 00:10:00", handle_time: 120 s}
          - {time: "2026-04-06 00:11:00", handle_time: 60 s}
    handling: {desk: {handle_time: {distribution: constant, mean: 60 s}}}
tiers: {desk: {}}
agent_groups: {clerks: {tier: desk, headcount: 1, cost: 30 per hour}}
targets:
  - {measure: service_level, channel: phone, within: 20 s, at_least: 80 %}
  - {measure: service_level, channel: phone, within: 60 s, at_least: 80 %}
"""


@pytest.fixture
def tiny(tmp_path: Path) -> Path:
    """One agent, two calls: the second comes while the first is served, and waits 60 s."""
    path = tmp_path / "tiny.yaml"
    path.write_text(TINY, encoding="utf-8")
    return path


@pytest.fixture(scope="session")
def compiled_engine() -> None:
    """Have the engine compiled, which the first run says."""
    run(loads(TINY), replications=1)


@pytest.fixture
def madoguchi(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], compiled_engine: None) -> Command:
    """Call the command with arguments, in this process, as from a pipe without settings of its own."""
    for name in ("COLUMNS", "FORCE_COLOR", "TTY_COMPATIBLE"):
        if name in os.environ:
            monkeypatch.delenv(name)

    def call(*arguments: object) -> Ran:
        monkeypatch.setattr("sys.argv", ["madoguchi", *map(str, arguments)])
        with pytest.raises(SystemExit) as ended:
            main()
        captured = capsys.readouterr()
        return Ran(int(ended.value.code or 0), captured.out, captured.err)

    return call
