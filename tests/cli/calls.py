"""A call of the command and what it came to."""

from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True)
class Ran:
    """What a call of the command came to."""

    status: int
    out: str
    err: str


Command = Callable[..., Ran]
