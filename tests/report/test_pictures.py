"""A run's figures as files."""

from pathlib import Path

import pytest

from sim.experiment.replicate import run
from sim.report.folder import OutputFolder
from sim.report.pictures import Format, draw_run
from tests.experiment.desks import replayed

BEGIN = {"png": b"\x89PNG", "svg": b"<?xml"}


@pytest.mark.parametrize("format_of", ["png", "svg"])
def test_the_same_run_draws_the_same_bytes(format_of: Format, tmp_path: Path) -> None:
    """Each channel's hours, the courses and the waits; nothing of when they were drawn."""
    result = run(replayed(), replications=2)
    for folder in ("one", "two"):
        with OutputFolder(tmp_path / folder) as output:
            draw_run(result, output, format_of)
    names = {path.name for path in (tmp_path / "one").iterdir()}
    assert names == {f"{name}.{format_of}" for name in ("service_level_phone", "queues_and_agents", "waits")}
    for name in names:
        drawn = (tmp_path / "one" / name).read_bytes()
        assert drawn.startswith(BEGIN[format_of])
        assert drawn == (tmp_path / "two" / name).read_bytes()
