"""Whatever a scenario asks, its run has a summary, as the published JSON Schema says."""

import json
import random
from importlib.resources import files

import pytest
from jsonschema import Draft202012Validator

import sim
from sim.report.files import summary_json
from tests.laws.scenarios import random_loaded


@pytest.mark.slow
@pytest.mark.parametrize("engine", ["compiled", "reference"])
def test_random_scenarios_have_a_summary(engine: str) -> None:
    """Targets of every kind are judged: by hour and interval, with risk and floors, of what nobody else asks."""
    checks = Draft202012Validator(json.loads((files("sim.report") / "summary.schema.json").read_text("utf-8")))
    for seed in range(30 if engine == "compiled" else 12):
        result = sim.run(random_loaded(random.Random(seed)), replications=1, engine=engine)
        checks.validate(json.loads(summary_json(result)))
