"""madoguchi: a simulator of support operations and a staffing planner.

>>> import sim
>>> scenario = sim.load("scenarios/call_centre.yaml")
>>> result = sim.run(scenario, replications=50, seed=1)
>>> result.measure("service_level", by="channel", within="20 s")

Nothing is imported before it is used.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from sim.check.checking import check
    from sim.check.verdicts import Verdicts
    from sim.experiment.bench import bench
    from sim.experiment.compare import compare, sweep
    from sim.experiment.comparison import Comparison
    from sim.experiment.replicate import run
    from sim.experiment.result import Result
    from sim.report import figures
    from sim.scenario.errors import DataError, ScenarioError
    from sim.scenario.load import load, loads
    from sim.scenario.schema import Scenario
    from sim.staffing import erlang
    from sim.staffing.errors import InfeasibleError
    from sim.staffing.frontier import frontier
    from sim.staffing.plan import Plan, plan
    from sim.staffing.roster import Roster, roster
    from sim.staffing.sensitivity import Sensitivity, sensitivity
    from sim.staffing.staff import Requirement, staff

_HOME = {
    "Comparison": "sim.experiment.comparison",
    "DataError": "sim.scenario.errors",
    "InfeasibleError": "sim.staffing.errors",
    "Plan": "sim.staffing.plan",
    "Requirement": "sim.staffing.staff",
    "Result": "sim.experiment.result",
    "Scenario": "sim.scenario.schema",
    "Roster": "sim.staffing.roster",
    "ScenarioError": "sim.scenario.errors",
    "Sensitivity": "sim.staffing.sensitivity",
    "Verdicts": "sim.check.verdicts",
    "bench": "sim.experiment.bench",
    "check": "sim.check.checking",
    "compare": "sim.experiment.compare",
    "erlang": "sim.staffing.erlang",
    "figures": "sim.report.figures",
    "frontier": "sim.staffing.frontier",
    "load": "sim.scenario.load",
    "loads": "sim.scenario.load",
    "plan": "sim.staffing.plan",
    "roster": "sim.staffing.roster",
    "run": "sim.experiment.replicate",
    "sensitivity": "sim.staffing.sensitivity",
    "staff": "sim.staffing.staff",
    "sweep": "sim.experiment.compare",
}

__all__ = [
    "Comparison",
    "DataError",
    "InfeasibleError",
    "Plan",
    "Requirement",
    "Result",
    "Roster",
    "Scenario",
    "ScenarioError",
    "Sensitivity",
    "Verdicts",
    "bench",
    "check",
    "compare",
    "erlang",
    "figures",
    "frontier",
    "load",
    "loads",
    "plan",
    "roster",
    "run",
    "sensitivity",
    "staff",
    "sweep",
]


def __getattr__(name: str) -> Any:
    if name not in _HOME:
        raise AttributeError(f"module 'sim' has no attribute {name!r}")
    module = import_module(_HOME[name])
    return module if _HOME[name].endswith(f".{name}") and not hasattr(module, name) else getattr(module, name)


def __dir__() -> list[str]:
    return sorted([*globals(), *__all__])
