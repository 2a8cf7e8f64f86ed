"""The whole scenario: its sections, each by the noun that it is about."""

from typing import Annotated, Any

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
from sim.scenario.quantities import Context, Name, Reading, Text
from sim.scenario.errors import must_be


def _read_format(value: object, _context: Context) -> int:
    if value is True or value != 1:
        raise must_be(value, "1, the version of the language")
    return 1


def _read_variants(value: object, _context: Context) -> dict[str, dict[str, Any]]:
    if not isinstance(value, dict) or not all(isinstance(changes, dict) for changes in value.values()):
        raise must_be(value, "names of variants with their changes such as {no_bot: {self_service.chatbot: null}}")
    return value


_VARIANTS_SCHEMA = {"type": "object", "additionalProperties": {"type": "object"}}


class Sections(Section):
    """A scenario as it is written: one key a section."""

    format: Annotated[int, Reading(_read_format, {"const": 1})]
    """Version of the language; 1."""
    name: Text
    """What reports call the scenario."""
    description: Text | None = None
    """The question it answers. Default: none."""
    currency: Text = ""
    """Currency of all amounts. Default: not said."""
    time: Time
    """The simulated span."""
    opening_hours: dict[Name, WeeklyHoursText] = {}
    """Opening hours by name."""
    holidays: HolidayCalendar = HolidayCalendar.model_construct(set())
    """Public holidays. Default: none."""
    channels: dict[Name, Channel]
    """The ways for customers to reach the desk."""
    customers: dict[Name, Customer] = {}
    """Customer segments. Default: none."""
    profiles: dict[Name, Weights] = {}
    """Shapes of a week, by name."""
    demand: Demand = Demand.model_construct(set())
    """What all arrivals have in common."""
    contact_types: dict[Name, ContactType]
    """What customers want."""
    self_service: dict[Name, SelfServiceStage] = {}
    """Stages before a person is asked, passed in the order of the file. Default: none."""
    tiers: dict[Name, Tier]
    """Lines of support, first line first."""
    agent_groups: dict[Name, AgentGroup]
    """The people."""
    assists: dict[Name, Assist] = {}
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
    variants: Annotated[dict[str, dict[str, Any]], Reading(_read_variants, _VARIANTS_SCHEMA)] = {}
    """Named changes: dotted keys and their other values; null removes. Default: none."""
