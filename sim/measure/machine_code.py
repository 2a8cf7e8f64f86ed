"""How rules of measuring are run: as machine code that is kept, or by the interpreter where there is no Numba.

There is one text of each rule. As machine code it is compiled as the engine's rules are: floats behave as the
interpreter's do, nothing is allocated, whole numbers are int64.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any, TypeVar, cast

F = TypeVar("F", bound=Callable[..., Any])

try:
    from sim.engine.compiled.cache import Kept, folder
    from sim.engine.compiled.rule import hot, rule
except ImportError:  # no Numba

    def rule(function: F) -> F:
        """Leave a rule to the interpreter."""
        return function

    def hot(function: F) -> F:
        """Leave a rule to the interpreter."""
        return function

    def kept(function: F) -> F:
        """Leave a function to the interpreter."""
        return function

else:

    def kept(function: F) -> F:
        """Compile a function, with all that it calls, when it is first called, or find it where it was left."""
        return cast("F", Kept(function, _folder()))

    @cache
    def _folder() -> Path:
        here = Path(__file__).parent
        return folder("measure", here.rglob("*.py"))


__all__ = ["hot", "kept", "rule"]
