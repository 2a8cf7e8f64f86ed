"""Which of two events happens first, told without a jump: two numbers each, compared as one of 128 bits.

Which is the earlier nobody can foresee, a processor neither: to guess it wrong at every other level of the heap costs
more than all else that is done there.
"""

from __future__ import annotations

from typing import Any

import numba
from numba.core import cgutils, types
from numba.extending import intrinsic

# Numba is typed in part only.
CONFIG: Any = numba.config
CODE: Any = cgutils

if CONFIG.DISABLE_JIT:

    def earlier(instant: int, at: int, other_instant: int, other_at: int) -> bool:
        """Return whether an event happens before another: at an earlier instant, or at an earlier place within it."""
        return bool((instant, at) < (other_instant, other_at))

else:
    # Numba passes the types in these places, whether they are asked or not.
    @intrinsic
    def earlier(typing_context: Any, instant: Any, at: Any, other_instant: Any, other_at: Any) -> Any:  # noqa: ARG001
        """Return whether an event happens before another: at an earlier instant, or at an earlier place within it."""

        # So it does with the context and the signature.
        def lower(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:  # noqa: ARG001
            wide = CODE.ir.IntType(128)

            def joined(high: Any, low: Any) -> Any:
                return builder.or_(builder.shl(builder.sext(high, wide), wide(64)), builder.zext(low, wide))

            return builder.icmp_signed("<", joined(*arguments[:2]), joined(*arguments[2:]))

        return types.boolean(types.int64, types.int64, types.int64, types.int64), lower
