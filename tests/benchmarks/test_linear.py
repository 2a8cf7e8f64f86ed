"""What one more inquiry costs is told apart from what every replication costs, and from what happens meanwhile."""

from collections.abc import Callable
from itertools import count

import pytest

from tests.benchmarks.sizes import cost_of_one_more
from tests.benchmarks.timing import BLOCKS, Timing, around

SIZES = (1_000, 10_000, 100_000)


def runs(seconds: Callable[[int], float]) -> list[Timing]:
    """Return the timings of runs that take so many seconds by size."""
    return [Timing({"deal": seconds(size) / size / 4, "play": 3 * seconds(size) / size / 4}, size) for size in SIZES]


def test_fixed_cost_hides_nothing_of_what_one_more_costs() -> None:
    """Beside ten seconds that every replication takes, the cost of one more is still seen, level or growing."""
    assert cost_of_one_more(runs(lambda size: 10 + 3e-3 * size)) == pytest.approx([3e-3, 3e-3])
    level, growing = cost_of_one_more(runs(lambda size: 10 + 1e-7 * size**2))
    assert growing == pytest.approx(10 * level)


def test_machine_that_slows_down_does_so_for_all_sizes_of_a_round() -> None:
    """Runs that take longer one after the other are as long on average before and after the longest as it is itself."""
    clock = count()

    def slowing(lasts: int) -> Callable[[int], Timing]:
        def run(_: int) -> Timing:
            ticks = [next(clock) for _ in range(lasts)]
            return Timing({"whole": sum(ticks) / lasts}, 1)

        return run

    short, other, long = around([slowing(1), slowing(2)], slowing(BLOCKS), 0)
    end = next(clock)
    assert end == BLOCKS * 3 + 2 * BLOCKS
    assert short.whole == pytest.approx(other.whole, rel=0.01)
    assert short.whole + BLOCKS / 2 == pytest.approx(long.whole, abs=0.5)  # whose first run counts for nothing
