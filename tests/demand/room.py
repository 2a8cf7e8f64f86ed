"""Where arrays stand."""

from mmap import mmap
from typing import Any

import numpy as np


def in_a_map(values: np.ndarray[Any, Any]) -> bool:
    """Tell whether an array stands in a memory map, or is a part of one that does."""
    base = values.base
    if isinstance(base, np.ndarray):
        return in_a_map(base)
    return isinstance(base.obj if isinstance(base, memoryview) else base, mmap)
