"""The lowest bit of a word that is set, by the processor's own instruction."""

from __future__ import annotations

from typing import Any

import numba
from numba.core import types
from numba.extending import intrinsic

# Numba is typed in part only.
CONFIG: Any = numba.config

if CONFIG.DISABLE_JIT:

    def lowest(word: int) -> int:
        """Return the number of the lowest bit of a word that is set; one is."""
        return (int(word) & -int(word)).bit_length() - 1

else:

    @intrinsic
    def lowest(typing_context: Any, word: Any) -> Any:  # noqa: ARG001  (Numba names them)
        """Return the number of the lowest bit of a word that is set; one is."""

        def lower(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:  # noqa: ARG001
            never_zero = context.get_constant(types.boolean, True)
            return builder.cttz(arguments[0], never_zero)

        return types.int64(types.int64), lower
