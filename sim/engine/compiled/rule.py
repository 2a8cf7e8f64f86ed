"""How a rule of the compiled engine is compiled: to machine code, without the interpreter's lock, arrays in and out."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar, cast

from numba import njit

F = TypeVar("F", bound=Callable[..., Any])


def rule(function: F) -> F:
    """Compile a function that only other compiled functions call.

    Floats behave as the processor's do: no fused or reordered operations, so that the results are the interpreter's.
    """
    options = njit(nogil=True, error_model="numpy", no_cpython_wrapper=True, no_cfunc_wrapper=True)
    return cast("F", options(function))
