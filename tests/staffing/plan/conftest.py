"""Plans that take a second: short blocks, and covers solved in this process."""

import pytest

from sim.staffing.plan.evaluation import Sizes
from tests.staffing.plan.desk import shorten


@pytest.fixture
def short_blocks(monkeypatch: pytest.MonkeyPatch) -> Sizes:
    """Have plans search on 32 replications, select on 32 others, and confirm on 64."""
    return shorten(monkeypatch)
