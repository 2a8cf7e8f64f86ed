"""The whole scenario: its sections, immutable, with where each value came from."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from html import escape
from pathlib import Path
from typing import Annotated, Any

from pydantic import Field

from sim.scenario import units
from sim.scenario.errors import Place, must_be
from sim.scenario.model.agent_groups import AgentGroup
from sim.scenario.model.arrivals import Demand, Incident
from sim.scenario.model.channels import Channel
from sim.scenario.model.contact_types import ContactType
from sim.scenario.model.customers import Customer
from sim.scenario.model.plan import Plan
from sim.scenario.model.quality import Assist, History, Quality
from sim.scenario.model.section import Section
from sim.scenario.model.self_service import SelfServiceStage, Tier
from sim.scenario.model.targets import Regression, Target
from sim.scenario.model.time import HolidayCalendar, Time, WeeklyHoursText, Weights
from sim.scenario.quantities import AnyText, Context, Name, Reading, Text
from sim.scenario.tables import FileName
from sim.scenario.yaml_text import Node


def _read_format(value: object, _context: Context) -> int:
    if value is True or value != 1:
        raise must_be(value, "1, the version of the language")
    return 1


def _read_variants(value: object, _context: Context) -> dict[str, dict[str, Any]]:
    if not isinstance(value, dict) or not all(isinstance(changes, dict) for changes in value.values()):
        raise must_be(value, "names of variants with their changes such as {no_bot: {self_service.chatbot: null}}")
    return value


_VARIANTS_SCHEMA = {"type": "object", "additionalProperties": {"type": "object"}}


@dataclass(frozen=True)
class Origin:
    """What a scenario was made of."""

    document: Node
    """Every value as written, with its place; bases, variants and overrides applied."""
    folder: Path | None = None
    """The folder of its files; None for a text."""
    digests: Mapping[str, str] = field(default_factory=dict)
    """SHA-256 of each table read, by its path in the folder."""


class Scenario(Section):
    """A validated scenario: one attribute a section, in the planner's words.

    Made by `sim.scenario.load`; `with_changes` and `variant` give changed copies.
    """

    format: Annotated[int, Reading(_read_format, {"const": 1})]
    """Version of the language; 1."""
    name: Text
    """What reports call the scenario."""
    description: Text | None = None
    """The question it answers. Default: none."""
    currency: AnyText = ""
    """Currency of all amounts. Default: not said."""
    time: Time
    """The simulated span."""
    opening_hours: dict[Name, WeeklyHoursText] = Field(default_factory=dict)
    """Opening hours by name. Default: none."""
    holidays: HolidayCalendar = HolidayCalendar.model_construct(set())
    """Public holidays. Default: none."""
    channels: dict[Name, Channel]
    """The ways for customers to reach the desk."""
    customers: dict[Name, Customer] = Field(default_factory=dict)
    """Customer segments. Default: none."""
    profiles: dict[Name, Weights] = Field(default_factory=dict)
    """Shapes of a week, by name. Default: none."""
    demand: Demand = Demand.model_construct(set())
    """What all arrivals have in common. Default: nothing."""
    contact_types: dict[Name, ContactType]
    """What customers want."""
    self_service: dict[Name, SelfServiceStage] = Field(default_factory=dict)
    """Stages before a person is asked, passed in the order of the file. Default: none."""
    tiers: dict[Name, Tier]
    """Lines of support, first line first."""
    agent_groups: dict[Name, AgentGroup]
    """The people."""
    assists: dict[Name, Assist] = Field(default_factory=dict)
    """Tools that change the work. Default: none."""
    history: History = History.model_construct(set())
    """Whether agents see what was before. Default: not."""
    incidents: tuple[Incident, ...] = ()
    """Outages and campaigns. Default: none."""
    quality: Quality = Quality.model_construct(set())
    """Quality against speed. Default: not measured."""
    targets: tuple[Target, ...] = ()
    """What must hold. Default: none."""
    regression: Regression = Regression.model_construct(set())
    """How far measures may move. Default: not at all."""
    plan: Plan | None = None
    """What the planner may change. Default: nothing."""
    variants: Annotated[dict[str, dict[str, Any]], Reading(_read_variants, _VARIANTS_SCHEMA)] = Field(
        default_factory=dict
    )
    """Named changes: dotted keys and their other values; null removes. Default: none."""

    _origin: Origin = Origin(Node({}, Place("")))

    @property
    def origin(self) -> Origin:
        """What it was made of: every value as written, with its place, and the files it names."""
        return self._origin

    @property
    def tree(self) -> dict[str, Any]:
        """The values as written (bases, variants and overrides applied), as plain dicts, lists, texts and numbers.

        Files of a base in another folder are named as seen from the scenario's.
        """
        plain: dict[str, Any] = _seen_from(self._origin.folder, self._origin.document.plain())
        return plain

    @property
    def hash(self) -> str:
        """SHA-256 (hex) of all values, defaults included, and of the files it names.

        Comments, the order of keys (save of `tiers` and `self_service`), the way a quantity is written, and `variants`
        do not change it.
        """
        from sim.scenario.fingerprint import fingerprint  # noqa: PLC0415  (it reads scenarios)

        return fingerprint(self)

    def to_yaml(self) -> str:
        """Print as YAML that loads to the same scenario (beside the files it names)."""
        from sim.scenario.yaml_write import write_yaml  # noqa: PLC0415  (rarely needed)

        return write_yaml(self.tree)

    def with_changes(self, changes: Mapping[str, Any]) -> "Scenario":
        """Give a copy with other values.

        Parameters
        ----------
        changes
            Dotted keys and their new values as they would be written (`{"demand.scale": "110 %"}`); None removes.

        Raises
        ------
        ScenarioError
            If a key is unknown or the changed scenario is not sound.
        """
        from sim.scenario.load import rebuilt  # noqa: PLC0415  (it makes scenarios)

        return rebuilt(self.origin, changes=changes)

    def variant(self, name: str) -> "Scenario":
        """Give a copy with the changes of a variant."""
        from sim.scenario.load import rebuilt  # noqa: PLC0415  (it makes scenarios)

        return rebuilt(self.origin, variant=name)

    def __repr__(self) -> str:
        return f"<Scenario {self.name!r}: {'; '.join(f'{title} {text}' for title, text in self.summary())}>"

    __str__ = __repr__

    def _repr_html_(self) -> str:
        """Show a small table in a notebook."""
        rows = "".join(
            f"<tr><th style='text-align:left'>{escape(title)}</th><td style='text-align:left'>{escape(text)}</td></tr>"
            for title, text in self.summary()
        )
        return f"<table><caption>{escape(self.name)}</caption>{rows}</table>"

    def summary(self) -> list[tuple[str, str]]:
        """Give its parts as (title, text), for people."""
        length = units.write_duration(self.time.length)
        parts = [
            ("time", f"{length} from {self.time.start} ({self.time.zone})"),
            ("channels", ", ".join(self.channels)),
            ("contact types", ", ".join(self.contact_types)),
            ("self-service", ", ".join(self.self_service)),
            ("tiers", ", ".join(self.tiers)),
            ("agent groups", ", ".join(self.agent_groups)),
            ("targets", str(len(self.targets)) if self.targets else ""),
            ("variants", ", ".join(self.variants)),
        ]
        return [(title, text) for title, text in parts if text]


def _seen_from(folder: Path | None, value: Any) -> Any:
    """Make plain texts of the names of files, which know the folder of the base that names them."""
    if isinstance(value, dict):
        return {key: _seen_from(folder, child) for key, child in value.items()}
    if isinstance(value, list):
        return [_seen_from(folder, child) for child in value]
    if isinstance(value, FileName):
        if folder is not None and value.folder != folder:
            return (value.folder / value).relative_to(folder).as_posix()
        return str(value)
    return value
