"""How a rule of the compiled engine is compiled: to machine code, without the interpreter's lock, arrays in and out."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final, TypeVar, cast

import numba
from numba import types

from sim.engine.compiled.indices import FromTheStart

NJIT: Any = numba.njit
UNLITERAL: Any = types.unliteral
OPTIONS: Final[dict[str, Any]] = {
    "nogil": True,
    "error_model": "numpy",
    "_nrt": False,
    "pipeline_class": FromTheStart,
}
"""Floats behave as the processor's do: no fused or reordered operations, so that the results are the interpreter's.
Nothing is allocated, so that nobody counts who refers to the arrays: that would cost more than the rules."""
F = TypeVar("F", bound=Callable[..., Any])


def rule(function: F) -> F:
    """Compile a function that only other compiled functions call.

    It is compiled once for all whole numbers, not again for each constant and width that it is called with.
    """
    return _compiled(function)


def hot(function: F) -> F:
    """Compile a rule of which every contact makes use into all that call it.

    To hand on the arrays costs more than most rules do.
    """
    return _compiled(function, forceinline=True)


def _compiled(function: F, **options: bool) -> F:
    dispatcher = NJIT(**OPTIONS, **options, no_cpython_wrapper=True, no_cfunc_wrapper=True)(function)
    if hasattr(dispatcher, "get_call_template"):  # not where the interpreter runs the rules
        as_it_is = dispatcher.get_call_template
        dispatcher.get_call_template = lambda args, kws: as_it_is(tuple(_widest(arg) for arg in args), kws)
    return cast("F", dispatcher)


def part(function: F) -> F:
    """Compile a function as a part of the one function that calls it: what is not shared need not stand alone."""
    return cast("F", NJIT(**OPTIONS, inline="always")(function))


def _widest(kind: Any) -> Any:
    """Return the type of all whole numbers for any of them."""
    kind = UNLITERAL(kind)
    return types.int64 if isinstance(kind, types.Integer | types.Boolean | types.IntEnumMember) else kind
