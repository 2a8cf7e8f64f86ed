"""Indices count from the start of an array, never from its end.

To ask of each whether it is negative, at each number that is read or written, would cost a third of playing.
"""

from __future__ import annotations

from typing import Any

from numba.core import compiler, compiler_machinery, ir, types
from numba.core.typed_passes import NopythonTypeInference

# Numba is typed in part only.
PASSES: Any = compiler_machinery
COMPILER: Any = compiler
TYPES: Any = types


@PASSES.register_pass(mutates_CFG=False, analysis_only=False)
class _CountFromTheStart(compiler_machinery.FunctionPass):
    """Read the indices of arrays as numbers without a sign."""

    _name = "count_from_the_start"

    def __init__(self) -> None:
        PASSES.FunctionPass.__init__(self)

    def run_pass(self, state: Any) -> bool:
        """Change the types that indices are cast to."""
        changed = {
            what: signature.replace(args=(signature.args[0], _unsigned(signature.args[1]), *signature.args[2:]))
            for what, signature in state.calltypes.items()
            if _indexes(what) and isinstance(signature.args[0], types.Array)
        }
        state.calltypes.update(changed)
        return bool(changed)


class FromTheStart(compiler.CompilerBase):
    """Numba's compiler, with indices that count from the start."""

    def define_pipelines(self) -> list[Any]:
        """Give Numba's passes and ours."""
        passes = COMPILER.DefaultPassBuilder.define_nopython_pipeline(self.state)
        passes.add_pass_after(_CountFromTheStart, NopythonTypeInference)
        passes.finalize()
        return [passes]


def _indexes(what: Any) -> bool:
    """Return whether something is the reading or writing of an element."""
    return isinstance(what, ir.SetItem) or (isinstance(what, ir.Expr) and what.op == "getitem")


def _unsigned(kind: Any) -> Any:
    """Return the type of an index without its sign."""
    if isinstance(kind, TYPES.BaseTuple):
        return TYPES.Tuple([_unsigned(one) for one in kind])
    return TYPES.uint64 if isinstance(kind, TYPES.Integer) else kind
