"""Small planning problems whose schedules can all be enumerated: a few hours, a few people, up to four shifts."""

from typing import Final

from sim.scenario.load import loads
from sim.scenario.schema import Scenario
from tests.staffing.plan.desk import SERVICE, morning

CALLS: Final = (
    "{rates: {mon-sun: {'00:00': 0 per hour, '08:00': %s per hour, '10:00': %s per hour, '12:00': 0 per hour}}}"
)
FLOOR: Final = SERVICE.replace("at_least: 80 %", "at_least: 75 %, floor: {per: hour, at_least: 65 %}")
RISK: Final = SERVICE.replace("80 %", "70 %, per: day, risk: 80 %")
ABANDONMENT: Final = "{measure: abandonment, channel: phone, at_most: 6 %}"
ANSWERED: Final = "{measure: first_response, channel: email, within: 90 min, at_least: 90 %}"
FOUR: Final = """\
      open: {days: mon, hours: "08:00-10:00", headcount: 4}
      middle: {days: mon, hours: "09:00-11:00", headcount: 4}
      close: {days: mon, hours: "10:00-12:00", headcount: 4}
      whole: {days: mon, hours: "08:00-12:00", headcount: 2}"""


def desk(channels: str, kinds: str, tiers: str, groups: str, targets: str) -> Scenario:
    """A desk on a Monday from eight to twelve."""
    names = [line.split(":")[0].strip() for line in groups.splitlines() if line.startswith("  ") and line[2] != " "]
    return loads(f"""\
format: 1
name: Small desk
time: {{start: 2026-04-06, length: 14 h, interval: 30 min}}
opening_hours: {{day: {{mon: "08:00-12:00"}}}}
channels: {channels}
contact_types:
{kinds}
tiers: {tiers}
agent_groups:
{groups}
targets: [{targets}]
plan: {{shifts: {{{", ".join(f"{name}: all" for name in names)}}}}}
""")


PHONE: Final = "phone: {open: day, patience: {distribution: exponential, mean: 2 min}}"


def two_groups() -> Scenario:
    """Orders and bills, each with people of their own; after half a minute the one helps the other."""
    return desk(
        f"{{{PHONE}}}",
        f"""\
  order: {{arrivals: {{phone: {CALLS % (30, 20)}}}, handling: {{desk: {{handle_time: 4 min}}}}}}
  bill: {{arrivals: {{phone: {CALLS % (15, 20)}}}, handling: {{desk: {{handle_time: 5 min}}}}}}""",
        "{desk: {}}",
        """\
  clerks:
    tier: desk
    cost: 20 per hour
    serves: [{contact_types: [order]}, {contact_types: [bill], after: 30 s}]
    shifts:
      early: {days: mon, hours: "08:00-11:00", headcount: 5}
      late: {days: mon, hours: "09:00-12:00", headcount: 3}
  cashiers:
    tier: desk
    cost: 25 per hour
    serves: [{contact_types: [bill]}, {contact_types: [order], after: 30 s}]
    shifts: {whole: {days: mon, hours: "08:00-12:00", headcount: 5}}""",
        f"{SERVICE}, {{measure: service_level, channel: phone, contact_type: bill, within: 20 s, at_least: 75 %}}",
    )


def two_tiers() -> Scenario:
    """Two calls in five go on to technicians, who have a promise of their own."""
    return desk(
        f"{{{PHONE}}}",
        f"""\
  fault:
    arrivals: {{phone: {CALLS % (30, 24)}}}
    handling: {{desk: {{handle_time: 4 min, resolved: 60 %, escalated: 40 %}}, workshop: {{handle_time: 8 min}}}}""",
        "{desk: {}, workshop: {}}",
        """\
  clerks:
    tier: desk
    cost: 20 per hour
    shifts:
      early: {days: mon, hours: "08:00-11:00", headcount: 5}
      late: {days: mon, hours: "09:00-12:00", headcount: 5}
  technicians:
    tier: workshop
    cost: 40 per hour
    shifts: {whole: {days: mon, hours: "08:00-12:00", headcount: 6}}""",
        f"{SERVICE}, {{measure: service_level, tier: workshop, within: 60 s, at_least: 70 %}}",
    )


def chat() -> Scenario:
    """Two chats at a time, each slower."""
    return desk(
        "{chat: {open: day, patience: {distribution: exponential, mean: 2 min}}}",
        f"  question: {{arrivals: {{chat: {CALLS % (40, 30)}}}, handling: {{desk: {{handle_time: 6 min}}}}}}",
        "{desk: {}}",
        """\
  writers:
    tier: desk
    cost: 20 per hour
    slots: {chat: {limit: 2, pace: [100 %, 70 %]}}
    shifts:
      early: {days: mon, hours: "08:00-11:00", headcount: 5}
      late: {days: mon, hours: "09:00-12:00", headcount: 5}""",
        "{measure: service_level, channel: chat, within: 30 s, at_least: 80 %}",
    )


def backlog() -> Scenario:
    """Calls and letters for the same people; a letter is laid aside when the telephone rings."""
    return desk(
        f"{{{PHONE}, email: {{waiting: backlog}}}}",
        f"""\
  order: {{arrivals: {{phone: {CALLS % (24, 24)}}}, handling: {{desk: {{handle_time: 4 min}}}}}}
  letter: {{arrivals: {{email: {CALLS % (12, 8)}}}, handling: {{desk: {{handle_time: 6 min}}}}}}""",
        "{desk: {}}",
        """\
  clerks:
    tier: desk
    cost: 20 per hour
    serves: [{channels: [phone]}, {channels: [email], interruptible: true}]
    shifts:
      early: {days: mon, hours: "08:00-11:00", headcount: 6}
      late: {days: mon, hours: "09:00-12:00", headcount: 6}
      after: {days: mon, hours: "12:00-13:30", headcount: 2, cost: 15 per hour}""",
        f"{SERVICE}, {ANSWERED}",
    )


PROBLEMS: Final = {
    "one group": morning,
    "a floor in every hour": lambda: morning(FLOOR),
    "four shifts": lambda: morning(f"{SERVICE}, {ABANDONMENT}", shifts=FOUR),
    "risk": lambda: morning(RISK),
    "two groups": two_groups,
    "two tiers": two_tiers,
    "chat": chat,
    "calls and letters": backlog,
}
