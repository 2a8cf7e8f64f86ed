"""Small planning problems whose schedules can all be enumerated: a few hours, a few people, up to four shifts."""

from typing import Final

from tests.staffing.plan.desk import SERVICE, morning

FLOOR: Final = SERVICE.replace("at_least: 80 %", "at_least: 75 %, floor: {per: hour, at_least: 65 %}")
RISK: Final = SERVICE.replace("80 %", "70 %, per: day, risk: 80 %")
ABANDONMENT: Final = "{measure: abandonment, channel: phone, at_most: 6 %}"
FOUR: Final = """\
      open: {days: mon, hours: "08:00-10:00", headcount: 4}
      middle: {days: mon, hours: "09:00-11:00", headcount: 4}
      close: {days: mon, hours: "10:00-12:00", headcount: 4}
      whole: {days: mon, hours: "08:00-12:00", headcount: 2}"""


PROBLEMS: Final = {
    "one group": morning,
    "a floor in every hour": lambda: morning(FLOOR),
    "four shifts": lambda: morning(f"{SERVICE}, {ABANDONMENT}", shifts=FOUR),
    "risk": lambda: morning(RISK),
}
