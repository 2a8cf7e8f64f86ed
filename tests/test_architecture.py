"""The picture of CONTRIBUTING.md, held against the import statements."""

import ast
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

import sim

ROOT = Path(__file__).parent.parent
PACKAGE = ROOT / "sim"
MODULES = sorted(PACKAGE.rglob("*.py"))

LINE = ("scenario", "demand", "engine", "measure", "experiment", "staffing", "check", "report", "cli")
"""Data flows from left to right; imports point left."""
ALLOWED = {part: set(LINE[: position + 1]) for position, part in enumerate(LINE)}
ALLOWED["calibrate"] = {"calibrate", "scenario", "demand", "engine", "measure", "experiment"}
ALLOWED["report"].add("calibrate")
ALLOWED["cli"].add("calibrate")

HEAVY = ("numpy", "scipy", "pandas", "matplotlib", "numba", "simpy", "jinja2", "holidays")
LIGHT_IMPORTS = ("sim", "sim.scenario.load", "sim.cli.main", "sim.check.pytest_plugin")

LONGEST_MODULE = 400
REASON = "# Longer than 400 lines because "
MOST_PUBLIC_NAMES = 30


def part_of(module: str) -> str:
    """Return `engine` for `sim.engine.program`, and an empty text for `sim` itself."""
    return module.split(".")[1] if "." in module else ""


def imported_modules(source: str, package: str) -> Iterator[str]:
    """Yield the dotted name of every module of `sim` that a source text of the package imports, anywhere in it."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            above = package.split(".")[: len(package.split(".")) - node.level + 1] if node.level else []
            module = ".".join([*above, *([node.module] if node.module else [])])
            # `from sim import engine` imports the part, `from sim import load` the package itself.
            names = [f"sim.{alias.name}" for alias in node.names] if module == "sim" else [module]
        else:
            continue
        yield from (name for name in names if name == "sim" or name.startswith("sim."))


def faults_of_imports(source: str, package: str) -> list[str]:
    """Return the imports that do not point left, each as a sentence."""
    part = part_of(package)
    if not part:  # sim/__init__.py hands out the public names of every part
        return []
    return [
        f"{package} imports {module}; {part} may import {', '.join(sorted(ALLOWED.get(part, set())))}"
        for module in imported_modules(source, package)
        if part_of(module) not in ALLOWED.get(part, set())
    ]


def faults_of_length(source: str, name: str) -> list[str]:
    """Return a sentence if a module is long and does not say why."""
    lines = source.splitlines()
    if len(lines) <= LONGEST_MODULE or any(line.startswith(REASON) and len(line) > len(REASON) for line in lines):
        return []
    return [f"{name} has {len(lines)} lines; split it along its nouns, or say why in a line '{REASON}...'"]


def heavy_modules_after_import(module: str, heavy: tuple[str, ...] = HEAVY) -> set[str]:
    """Return which heavy libraries a fresh interpreter holds after importing the module."""
    code = f"import sys, {module}; print(*(name for name in {heavy!r} if name in sys.modules))"
    ran = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    return set(ran.stdout.split())


@pytest.mark.parametrize("path", MODULES, ids=lambda path: str(path.relative_to(ROOT)))
def test_imports_point_left(path: Path) -> None:
    """A module imports only from its own part and from those before it."""
    package = ".".join(path.relative_to(ROOT).parent.parts)
    assert faults_of_imports(path.read_text(encoding="utf-8"), package) == []


def test_every_part_has_a_place_in_the_picture() -> None:
    """Every folder of the package is named in the picture."""
    parts = {path.name for path in PACKAGE.iterdir() if path.is_dir() and any(path.glob("*.py"))}
    assert parts <= set(ALLOWED)


@pytest.mark.parametrize(
    ("source", "package"),
    [
        ("from sim.engine.program import Program", "sim.demand"),
        ("import sim.report.tables", "sim.measure"),
        ("def late():\n    from sim import cli", "sim.report"),
        ("from sim import run", "sim.cli"),
        ("from ..engine import rules", "sim.scenario"),
        ("from sim.staffing import plan", "sim.calibrate"),
        ("from sim.scenario import load", "sim.helpers"),
    ],
)
def test_an_import_that_points_right_is_found(source: str, package: str) -> None:
    """Imports that point right, at the package itself, or from a part without a place are refused."""
    assert len(faults_of_imports(source, package)) == 1


@pytest.mark.parametrize(
    ("source", "package"),
    [
        ("from sim.scenario.load import load\nfrom sim.demand import deal", "sim.engine"),
        ("from . import program\nfrom .program import Program\nfrom ..demand.deal import deal", "sim.engine"),
        ("from sim.calibrate import fit", "sim.cli"),
        ("import numpy\nfrom simpy import Environment", "sim.engine"),
    ],
)
def test_an_import_that_points_left_is_allowed(source: str, package: str) -> None:
    """Imports from the same part, from parts before it and from other libraries are no fault."""
    assert faults_of_imports(source, package) == []


@pytest.mark.parametrize("path", MODULES, ids=lambda path: str(path.relative_to(ROOT)))
def test_long_modules_say_why(path: Path) -> None:
    """No module is above 400 lines without a written reason."""
    assert faults_of_length(path.read_text(encoding="utf-8"), path.name) == []


def test_a_long_module_is_found() -> None:
    """A module of 401 lines is refused, and accepted with a reason."""
    assert faults_of_length("x = 1\n" * 401, "long.py") != []
    assert faults_of_length("x = 1\n" * 400 + REASON + "a table is one thing\n", "long.py") == []
    assert faults_of_length("x = 1\n" * 400, "at_the_limit.py") == []


@pytest.mark.parametrize("module", LIGHT_IMPORTS)
def test_light_modules_import_nothing_heavy(module: str) -> None:
    """Importing `sim`, the loader or the command line loads no numerical library."""
    assert heavy_modules_after_import(module) == set()


def test_the_command_line_reads_its_arguments_before_it_imports_the_language() -> None:
    """`--help` and a mistyped option are answered without what only reading a scenario needs."""
    assert heavy_modules_after_import("sim.cli.main", ("pydantic", "yaml", "rich", "sim.scenario.load")) == set()


def test_the_pytest_plugin_costs_other_projects_nothing() -> None:
    """It is loaded with every pytest, and looks at what it needs only where there are scenarios."""
    ours = ("pydantic", "yaml", "sim.scenario.load", "sim.check.collect", "sim.check.checking")
    assert heavy_modules_after_import("sim.check.pytest_plugin", ours) == set()


def test_a_run_loads_what_it_needs() -> None:
    """Nor pandas, nor optimisation, nor drawing, nor a cluster; and of Numba only what calls code that is kept."""
    not_needed = (
        *("pandas", "matplotlib", "jinja2", "holidays", "simpy", "distributed", "dask"),
        *("scipy.optimize", "scipy.stats", "scipy.sparse", "scipy.signal"),
        *("numba.np.arrayobj", "numba.cpython.unicode"),
        *("sim.staffing.solver", "sim.staffing.plan", "sim.report.figures", "sim.engine.reference"),
    )
    sim.run(sim.load(ROOT / "scenarios/call_centre.yaml"), replications=1)  # keeps what is compiled
    code = f"""
import sys
from sim.cli.main import main
sys.argv = ["madoguchi", "run", "scenarios/call_centre.yaml", "--replications", "30", "--workers", "1", "--quiet"]
try:
    main()
except SystemExit as ended:
    assert not ended.code
print(*(name for name in {not_needed!r} if name in sys.modules), file=sys.stderr)
"""
    ran = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    assert "With control variates" in ran.stdout
    assert ran.stderr.splitlines()[-1].split() == []


def test_a_heavy_import_is_found() -> None:
    """The check above does see a library that a module loads."""
    assert "numpy" in heavy_modules_after_import("numpy.random")


def test_public_names_are_few_and_exist() -> None:
    """`sim` exports at most 30 names, each of which can be had."""
    assert len(sim.__all__) <= MOST_PUBLIC_NAMES
    assert [name for name in sim.__all__ if not hasattr(sim, name)] == []
