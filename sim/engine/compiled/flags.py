"""Flags: which pools may have somebody for a contact, and in which lanes somebody may stand, 32 to a word.

A pool has one, and where rows keep people free another for those rows.

Whoever looks for one of many looks at those only whose flag is up. A flag is raised at once, and lowered by who looks
there and finds nobody.
"""

from __future__ import annotations

from typing import Final

from sim.engine.compiled.rule import rule
from sim.engine.compiled.state import LINE, Ints

FLAGS_OF_WORD: Final = 32
FLAGS_OF_LINE: Final = FLAGS_OF_WORD * LINE
"""In a cache line: whatever comes behind them begins with one, too."""


@rule
def raise_flag(s: Ints, flags: int, number: int) -> None:
    """Let the flag of that number be up."""
    s[flags + number // FLAGS_OF_WORD] |= 1 << number % FLAGS_OF_WORD


@rule
def lower_flag(s: Ints, flags: int, number: int) -> None:
    """Let the flag of that number be down."""
    s[flags + number // FLAGS_OF_WORD] &= ~(1 << number % FLAGS_OF_WORD)
