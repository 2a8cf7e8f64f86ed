"""Targets and regression baselines to verdicts: what CI asks of scenarios.

`sim.check(...)` is the function `sim.check.checking.check`: importing any module of this package makes `sim.check` the
package, so the package can be called too.
"""

import sys
from types import ModuleType
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sim.check.verdicts import Verdicts


class _Callable(ModuleType):
    def __call__(self, *what: object, **options: object) -> "Verdicts":
        """Check targets and baselines of scenarios; see `sim.check.checking.check`."""
        from sim.check.checking import check  # noqa: PLC0415  (it needs all of the simulator)

        return check(*what, **options)  # type: ignore[arg-type]  # checked by the function itself


sys.modules[__name__].__class__ = _Callable
