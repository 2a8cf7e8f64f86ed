"""Memory that is asked for before it is needed, so that nobody waits for it.

Ends of talks come in no order of agents or contacts; at a large desk what they concern has long left the processor's
caches. As an end rises towards the top of the heap of events, what it will look at is fetched, while others happen.
"""

from __future__ import annotations

from typing import Any

import numba
from numba.core import cgutils, types
from numba.extending import intrinsic
from numpy.typing import NDArray

# Numba is typed in part only.
CONFIG: Any = numba.config
CODE: Any = cgutils
TO_READ, KEEP, DATA = 0, 3, 1
"""What a processor is told with an address."""

if CONFIG.DISABLE_JIT:

    def fetch(column: NDArray[Any], row: int) -> None:
        """Leave memory to the interpreter."""

else:

    @intrinsic
    def fetch(typing_context: Any, column: Any, row: Any) -> Any:  # noqa: ARG001  (Numba names them)
        """Ask for the cache line in which an element of an array begins; any address may be asked for."""

        def lower(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
            array = context.make_array(signature.args[0])(context, builder, arguments[0])
            offset = builder.mul(arguments[1], array.itemsize)
            address = CODE.pointer_add(builder, array.data, offset, CODE.voidptr_t)
            number = CODE.ir.IntType(32)
            kind = CODE.ir.FunctionType(CODE.ir.VoidType(), [CODE.voidptr_t, number, number, number])
            prefetch = CODE.get_or_insert_function(builder.module, kind, "llvm.prefetch.p0")
            builder.call(prefetch, [address, number(TO_READ), number(KEEP), number(DATA)])
            return context.get_dummy_value()

        return types.none(column, types.int64), lower
