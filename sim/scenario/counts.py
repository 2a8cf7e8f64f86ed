"""Whole numbers and ranges of them, as people write them; a reader raises `ValueError` with the rule that is broken."""

import re
from dataclasses import dataclass
from typing import Final

MOST: Final = 10**9
"""Of anything that is counted."""
MOST_PEOPLE: Final = 100_000
"""On one shift, or in one group: each of them is dealt on each day."""
MOST_ROUNDS: Final = 1_000
"""Of what happens to a contact again and again: each is dealt."""


@dataclass(frozen=True)
class Range:
    """Whole numbers from `low` to `high`, both allowed."""

    low: int
    high: int


def read_count(value: object) -> int:
    """Read a whole number of at least 0."""
    return _whole(value, 0, MOST)


def read_positive_count(value: object) -> int:
    """Read a whole number of at least 1."""
    return _whole(value, 1, MOST)


def read_headcount(value: object) -> int:
    """Read a number of people."""
    return _whole(value, 0, MOST_PEOPLE)


def read_rounds(value: object) -> int:
    """Read how often something may happen to one contact, at least once."""
    return _whole(value, 1, MOST_ROUNDS)


def _whole(value: object, least: int, most: int) -> int:
    if isinstance(value, bool) or not isinstance(value, int) or value < least:
        raise ValueError(f"a whole number of at least {least}")
    if value > most:
        raise ValueError(f"a whole number of at most {most:,}")
    return value


def read_range(value: object) -> Range:
    """Read `4..20`, or one whole number."""
    if isinstance(value, int) and not isinstance(value, bool) and value >= 0:
        low = high = value
    else:
        match = re.fullmatch(r"(\d{1,9})\.\.(\d{1,9})", value.strip()) if isinstance(value, str) else None
        if not match or int(match[1]) > int(match[2]):
            raise ValueError("a range of whole numbers such as 4..20, the smaller first")
        low, high = int(match[1]), int(match[2])
    if high > MOST_PEOPLE:
        raise ValueError(f"at most {MOST_PEOPLE:,} people")
    return Range(low, high)
