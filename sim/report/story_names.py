"""Names, times and lengths as a contact's story tells them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from sim.experiment.records import agent_names
from sim.measure.breakdowns import queue_names
from sim.report.wording import day_of_year
from sim.scenario.calendar import Calendar
from sim.scenario.units import write_counted

if TYPE_CHECKING:
    from collections.abc import Iterable

    from sim.experiment.witness import Witnessed

MOST_NUMBERS: Final = 30
"""So many contacts are named in one place."""


class Names:
    """Writes numbers of a replication as people know them.

    Parameters
    ----------
    seen
        The replication.
    """

    def __init__(self, seen: Witnessed) -> None:
        self._contacts = seen.hand.contacts
        self._rows = seen.program.rows
        self._first_row = seen.program.groups.first_row
        self._calendar = Calendar.of(seen.scenario)
        self._agents = agent_names(seen.joined.frame.labels, seen.hand.agents)
        self.labels = seen.joined.frame.labels
        self._queues = queue_names(self.labels, seen.program)

    def contact(self, number: int) -> str:
        """Write a contact with its channel and type."""
        channel = self.labels.channels[self._contacts.channel[number]]
        return f"contact {number} ({channel}, {self.labels.contact_types[self._contacts.contact_type[number]]})"

    @staticmethod
    def contacts(numbers: Iterable[int]) -> str:
        """Write several contacts by their numbers, each once; of very many the first."""
        numbers = list(dict.fromkeys(numbers))
        more = f" and {len(numbers) - MOST_NUMBERS} more" if len(numbers) > MOST_NUMBERS else ""
        shown = ", ".join(str(number) for number in numbers[:MOST_NUMBERS])
        return f"contact{'s' if len(numbers) > 1 else ''} {shown}{more}"

    def agent(self, number: int) -> str:
        """Write an agent as group/shift/number."""
        return self._agents[number]

    def queue(self, number: int) -> str:
        """Write a queue as tier/contact type/channel, and its language where it has a name."""
        return self._queues[number]

    def group_of_row(self, row: int) -> str:
        """Write the group that a row belongs to."""
        return self.labels.groups[int(self._rows.group[row])]

    def row(self, row: int) -> str:
        """Write a row as its place in its group's `serves`, from 1."""
        return f"row {row - int(self._first_row[self._rows.group[row]]) + 1} of {self.group_of_row(row)}"

    def day(self, at: int) -> str:
        """Write the day of an instant."""
        wall = self._calendar.wall(at)
        return f"{day_of_year(wall)} {wall:%Y}"

    def clock(self, at: int) -> str:
        """Write an instant as a clock shows it; thousandths only where there are some."""
        thousandths = f".{at % 1000:03}" if at % 1000 else ""
        return f"{self._calendar.wall(at):%H:%M:%S}{thousandths}"

    def then(self, at: int, since: int) -> str:
        """Write an instant, with its day if it is another one than that of `since`."""
        day = self.day(at)
        return self.clock(at) if day == self.day(since) else f"{day} {self.clock(at)}"

    @property
    def zone(self) -> str:
        """The zone of all times."""
        return str(self._calendar.zone)


def span(milliseconds: int) -> str:
    """Write a length of time in days, hours, minutes and seconds; tenths of a second below a minute."""
    if milliseconds < 60_000:
        return f"{milliseconds / 1000:.1f}".removesuffix(".0") + " s"
    seconds = round(milliseconds / 1000)
    parts = ((seconds // 86_400, "day"), (seconds // 3600 % 24, "h"), (seconds // 60 % 60, "min"), (seconds % 60, "s"))
    words = (write_counted(count, "day") if unit == "day" else f"{count} {unit}" for count, unit in parts if count)
    return " ".join(words)


def percent(factor: float) -> str:
    """Write a share or factor in per cent, to four digits."""
    return f"{100 * factor:.4g} %"
