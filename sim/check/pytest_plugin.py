"""The pytest plugin: every scenario with targets or a baseline is a file of tests, `desk.yaml::TARGET`.

Collected are YAML files that are meant as scenarios (see `sim.check.collect.is_scenario`), under the paths that pytest
is given, unless `madoguchi_scenarios = false`. A scenario is run once, whatever number of its items are asked for; with
pytest-xdist all items of a file go to one worker. Importing this module imports nothing else of madoguchi, so that it
costs other projects nothing.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import pytest

if TYPE_CHECKING:
    from sim.check.collect import Case
    from sim.check.verdicts import BaselineVerdict, FileVerdicts, TargetVerdict

ENDINGS: Final = (".yaml", ".yml")
BASELINE: Final = "baseline"
"""Name of the item of a baseline."""
LEFT_OUT: Final = ("node_modules", "venv", "build", "dist")
"""Folders, beside hidden ones, that are not searched for what pytest-xdist has to keep together."""


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add the settings of pyproject.toml."""
    parser.addini("madoguchi_scenarios", "Collect scenarios of madoguchi.", type="bool", default=True)
    parser.addini("madoguchi_max_replications", "The limit for each scenario.", default="1000")
    parser.addini("madoguchi_replications", "So many, and one look; auto: until all is decided.", default="auto")
    parser.addini("madoguchi_seed", "Of all chance; that of the baseline where there is one.", default="1")
    parser.addini("madoguchi_undecided", "What undecided verdicts count as: fail or pass.", default="fail")
    parser.addini("madoguchi_engine", "compiled or reference.", default="compiled")


def pytest_collect_file(file_path: Path, parent: pytest.Collector) -> ScenarioFile | None:
    """Take in what is meant as a scenario."""
    if file_path.suffix not in ENDINGS or not parent.config.getini("madoguchi_scenarios"):
        return None
    if not _is_scenario(file_path):
        return None
    found: ScenarioFile = ScenarioFile.from_parent(parent, path=file_path)
    return found


def _is_scenario(path: Path) -> bool:
    from sim.check.collect import is_scenario  # noqa: PLC0415  (only where there are YAML files)

    return is_scenario(path)


class ScenarioFile(pytest.File):
    """A scenario: an item for each target, and one for its baseline."""

    def collect(self) -> Iterator[ScenarioItem]:
        """Read the scenario; one that is not sound is an error of collection."""
        from sim.scenario.model.target_line import write_line  # noqa: PLC0415

        names: dict[str, int] = {}
        for number, target in enumerate(self.case.scenario.targets):
            name = write_line(target).replace("::", ":")
            names[name] = names.get(name, 0) + 1
            again = "" if names[name] == 1 else f" ({names[name]})"
            yield ScenarioItem.from_parent(self, name=name + again, number=number)
        if self.case.has_baseline:
            yield ScenarioItem.from_parent(self, name=BASELINE, number=None)

    @cached_property
    def case(self) -> Case:
        """The scenario and where its baseline is."""
        from sim.check.collect import Case, baseline_of  # noqa: PLC0415
        from sim.scenario.load import load  # noqa: PLC0415

        return Case(self.shown(self.path), load(self.path), baseline_of(self.path))

    def shown(self, path: Path) -> str:
        """Name a file as pytest does: as seen from the project's folder."""
        root = self.config.rootpath
        return str(path.relative_to(root) if path.is_relative_to(root) else path)

    @cached_property
    def verdicts(self) -> FileVerdicts:
        """Run the scenario, once."""
        from sim.check.checking import Effort, check_case  # noqa: PLC0415

        ini = self.config.getini
        replications = ini("madoguchi_replications")
        undecided = ini("madoguchi_undecided")
        try:
            effort = Effort(
                max_replications=int(ini("madoguchi_max_replications")),
                replications=None if replications == "auto" else int(replications),
                seed=None if self.case.has_baseline else int(ini("madoguchi_seed")),
                engine=ini("madoguchi_engine"),
            )
            if undecided not in {"fail", "pass"}:
                raise ValueError(f"madoguchi_undecided: got {undecided!r}, must be fail or pass")
        except ValueError as error:
            raise pytest.UsageError(f"settings of madoguchi: {error}") from None
        return check_case(self.case, effort, passes_undecided=undecided == "pass")

    def repr_failure(self, excinfo: pytest.ExceptionInfo[BaseException], *_: Any) -> Any:
        """Show problems of a scenario without what led to them."""
        return _in_words(excinfo) or super().repr_failure(excinfo)


class ScenarioItem(pytest.Item):
    """A target, or the baseline."""

    def __init__(self, *, number: int | None, **ask: Any) -> None:
        super().__init__(**ask)
        self._number = number
        if self.config.pluginmanager.hasplugin("xdist"):
            self.add_marker(pytest.mark.xdist_group(str(self.path)))

    @property
    def _file(self) -> ScenarioFile:
        assert isinstance(self.parent, ScenarioFile)
        return self.parent

    def runtest(self) -> None:
        """Fail if the verdict is no pass."""
        verdict = self._verdict()
        properties = {"verdict": verdict.verdict, "replications": verdict.replications, "found": verdict.said()}
        self.user_properties += [(f"madoguchi_{name}", value) for name, value in properties.items()]
        if verdict.status:
            # What was found comes first: it is what the summary of all failures shows.
            at = replace(verdict.place, source=self._file.shown(Path(verdict.place.source)))
            raise NotKeptError(f"{verdict.verdict}: {verdict.said()}\n{at}: {verdict.name}")

    def _verdict(self) -> TargetVerdict | BaselineVerdict:
        verdicts = self._file.verdicts
        if self._number is not None:
            return verdicts.targets[self._number]
        assert verdicts.baseline is not None, "collected because it is there"
        return verdicts.baseline

    def repr_failure(self, excinfo: pytest.ExceptionInfo[BaseException], *_: Any) -> Any:
        """Show the verdict without what led to it."""
        return _in_words(excinfo) or super().repr_failure(excinfo)

    def reportinfo(self) -> tuple[Path, int | None, str]:
        """Give the file, the line from 0, and the name."""
        if self._number is None:
            return self._file.path, None, self.name
        targets = self._file.case.scenario.origin.document.child("targets")
        node = targets.child(self._number) if targets is not None else None
        line = node.place.line if node is not None else None
        return self.path, None if line is None else line - 1, self.name


class NotKeptError(Exception):
    """A verdict that is no pass."""


def _in_words(excinfo: pytest.ExceptionInfo[BaseException]) -> str | None:
    """Give the text of what says all in its text."""
    from sim.check.errors import CheckError  # noqa: PLC0415
    from sim.scenario.errors import ScenarioError  # noqa: PLC0415

    return str(excinfo.value) if isinstance(excinfo.value, NotKeptError | CheckError | ScenarioError) else None


@pytest.hookimpl(optionalhook=True, tryfirst=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> Any:
    """Keep the items of a scenario together where pytest-xdist deals out single tests, if there are scenarios."""
    if config.getvalue("dist") != "load" or not config.getini("madoguchi_scenarios") or not _has_scenarios(config):
        return None
    from xdist.scheduler import LoadScopeScheduling  # noqa: PLC0415

    class ByScenario(LoadScopeScheduling):  # type: ignore[misc]  # without types where pytest-xdist is not installed
        """Single tests, and scenario files as a whole."""

        def _split_scope(self, nodeid: str) -> str:
            file = nodeid.partition("::")[0]
            return file if file.endswith(ENDINGS) else nodeid

    return ByScenario(config, log)


def _has_scenarios(config: pytest.Config) -> bool:
    paths = [Path(config.invocation_params.dir, argument.partition("::")[0]) for argument in config.args]
    return any(_is_scenario(file) for path in paths for file in _yaml_files(path))


def _yaml_files(path: Path) -> Iterator[Path]:
    if path.is_dir():
        for below in sorted(path.iterdir()):
            if below.suffix in ENDINGS or (
                below.is_dir() and not below.name.startswith(".") and below.name not in LEFT_OUT
            ):
                yield from _yaml_files(below)
    elif path.suffix in ENDINGS:
        yield path
