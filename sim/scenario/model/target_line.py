"""The one-line form of a target: `phone.service_level(20 s) >= 80 % per day`.

    [NAME.]... MEASURE [(DEADLINE [, READING])] (>= | <=) BOUND [per PERIOD] [on SHARE of PERIODs]
        [, warn BOUND] [, floor BOUND per PERIOD] [, undecided pass]

A name is that of a channel, contact type, tier, agent group, customer segment, language or kind of attempt.
"""

import re
from typing import TYPE_CHECKING, Any, Final

from sim.scenario.errors import Fault, described, faulty, listed, must_be
from sim.scenario.measure_names import ATTEMPTS, BREAKDOWNS, READINGS
from sim.scenario.quantities import Context, unknown_name
from sim.scenario.units import write_duration, write_share

if TYPE_CHECKING:
    from sim.scenario.model.targets import Target

RULE: Final = (
    "a measure with its bound such as {measure: abandonment, channel: phone, at_most: 5 %} or "
    '"phone.service_level(20 s) >= 80 %"'
)
CLAUSES: Final = "`warn BOUND`, `floor BOUND per PERIOD` or `undecided pass`"

_LINE = re.compile(
    r"(?P<of>(?:[\w-]+\s*\.\s*)*)(?P<measure>[^\W\d]\w*)\s*(?:\((?P<asked>[^)]*)\))?\s*(?P<sign>>=|<=|≥|≤)\s*"
    r"(?P<bound>[^,]+?)(?:\s+per\s+(?P<per>\w+))?(?:\s+on\s+(?P<risk>[^,]+?)\s+of\s+(?P<periods>\w+))?"
    r"\s*(?:,(?P<clauses>.*))?"
)
_FLOOR = re.compile(r"floor\s+(?P<bound>.+?)\s+per\s+(?P<per>\w+)")
_WORD = re.compile(r"(?P<key>warn|undecided)\s+(?P<value>.+)")

SECTIONS: Final = {
    "channel": "channels",
    "contact_type": "contact_types",
    "tier": "tiers",
    "agent_group": "agent_groups",
    "customer": "customers",
    "language": "languages",
}
"""Where the names are defined that narrow a target."""


def read_line(line: str, context: Context) -> dict[str, Any]:
    """Read a line as the mapping that says the same; what the mapping's keys forbid is said by them.

    Raises
    ------
    pydantic_core.PydanticCustomError
        If the line has another form, or a name in it is unknown or stands for several things.
    """
    match = _LINE.fullmatch(line.strip())
    if match is None:
        raise must_be(line, RULE)
    target: dict[str, Any] = {"measure": match["measure"]}
    for name in (part.strip() for part in match["of"].split(".")[:-1]):
        key = _narrowed_by(name, line, context)
        if key in target:
            raise faulty(Fault(f"got {described(line)}: '{target[key]}' and '{name}' are both {key}; name one"))
        target[key] = name
    for part in match["asked"].split(",") if match["asked"] is not None else ():
        target["reading" if "within" in target or part.strip() in READINGS else "within"] = part.strip()
    bound = "at_least" if match["sign"] in {">=", "≥"} else "at_most"
    target[bound] = _plain(match["bound"])
    if match["per"] is not None:
        target["per"] = match["per"]
    if match["risk"] is not None:
        target["per"], target["risk"] = match["periods"].removesuffix("s"), match["risk"]
    for clause in match["clauses"].split(",") if match["clauses"] is not None else ():
        target |= _clause(clause.strip(), bound, line)
    return target


def _narrowed_by(name: str, line: str, context: Context) -> str:
    """Give the key that a name stands for."""
    if not context.names:  # read without a scenario: nothing to look the name up in
        return "channel"
    keys = [key for key, section in SECTIONS.items() if name in context.names.get(section, ())]
    keys += ["attempt"] * (name in ATTEMPTS)
    if not keys:
        known = {each for section in SECTIONS.values() for each in context.names.get(section, ())}
        raise faulty(Fault(f"got {described(line)}: {unknown_name(name, known, 'name')}"))
    if len(keys) > 1:
        raise faulty(Fault(f"got {described(line)}: '{name}' is {listed(keys)}; say which in a mapping"))
    return keys[0]


def _clause(clause: str, bound: str, line: str) -> dict[str, Any]:
    if floor := _FLOOR.fullmatch(clause):
        return {"floor": {"per": floor["per"], bound: _plain(floor["bound"])}}
    if word := _WORD.fullmatch(clause):
        return {word["key"]: _plain(word["value"]) if word["key"] == "warn" else word["value"]}
    raise faulty(Fault(f"got {described(line)}: after a comma comes {CLAUSES}, not {described(clause)}"))


def _plain(text: str) -> Any:
    """Give a bound as YAML would: a number, or the text with its unit."""
    try:
        return float(text)
    except ValueError:
        return text.strip()


def write_line(target: "Target") -> str:
    """Write a target on a line that reads back to it, unless a name in it stands for several things."""
    of = "".join(f"{getattr(target, key)}." for key in BREAKDOWNS if getattr(target, key) is not None)
    asked = [write_duration(target.within)] if target.within is not None else []
    asked += [target.reading] if target.reading != "offered" else []
    sign, bound = (">=", target.at_least) if target.at_least is not None else ("<=", target.at_most)
    assert bound is not None, "a target has a bound"
    line = f"{of}{target.measure}{'(' + ', '.join(asked) + ')' if asked else ''} {sign} {_written(target, bound)}"
    if target.per is not None:
        line += f" on {write_share(target.risk)} of {target.per}s" if target.risk is not None else f" per {target.per}"
    if target.warn is not None:
        line += f", warn {_written(target, target.warn)}"
    if target.floor is not None:
        weaker = target.floor.at_least if target.floor.at_least is not None else target.floor.at_most
        assert weaker is not None, "a floor has the bound of its target"
        line += f", floor {_written(target, weaker)} per {target.floor.per}"
    return line + (f", undecided {target.undecided}" if target.undecided == "pass" else "")


def _written(target: "Target", bound: float) -> str:
    if target.unit == "share":
        return write_share(bound)
    return write_duration(round(bound)) if target.unit == "duration" else f"{bound:.12g}"
