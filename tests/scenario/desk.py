"""A small sound scenario that tests change one thing of."""

DESK = """\
format: 1
name: Desk
time: {start: 2026-04-06, length: 7 days, zone: Europe/Berlin}
opening_hours:
  office: {mon-fri: "09:00-18:00"}
channels:
  phone: {open: office, patience: {distribution: exponential, mean: 3 min}}
  email: {waiting: backlog, clock: office}
profiles:
  flat: {mon-sun: {"00:00": 1}}
contact_types:
  order:
    arrivals:
      phone: {volume: 700 per week, profile: flat}
      email: {rate: 2 per hour}
    handling:
      desk: {handle_time: {distribution: lognormal, mean: 5 min, cv: 1}, resolved: 80 %, escalated: 15 %}
      experts: {handle_time: 10 min}
tiers: {desk: {}, experts: {}}
agent_groups:
  clerks:
    tier: desk
    shifts:
      day: {days: mon-fri, hours: "09:00-18:00", breaks: [{length: 60 min, between: "11:00-14:00"}], headcount: 5}
  experts: {tier: experts, headcount: 2}
targets:
  - {measure: service_level, channel: phone, within: 20 s, at_least: 80 %}
"""


def changed(old: str, new: str) -> str:
    """Give the desk with one text replaced."""
    assert DESK.count(old) == 1, f"{old!r} is there {DESK.count(old)} times"
    return DESK.replace(old, new)
