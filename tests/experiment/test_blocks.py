"""Blocks of replications hold what was added, stay few, and are put together without copying much."""

from collections import Counter

import numpy as np
import pytest

from sim.experiment.blocks import MOST_BLOCKS, Blocks
from sim.experiment.estimate import question, with_and_without
from sim.experiment.line import Line
from sim.measure.definitions import Quantile
from sim.measure.histogram import BINS, Histogram, percentile
from tests.demand.room import in_a_map
from tests.experiment.desks import random_hours

KEY = ("waits",)


def of_one(cell: int) -> dict[tuple[object, ...], Histogram]:
    """Give what a replication adds: one value, in a cell of its own."""
    return {KEY: Histogram.of(np.array([cell]), np.array([7])).compact()}


def cells(histogram: Histogram) -> list[int]:
    """Give the cell of each entry."""
    found: list[int] = (histogram.key.astype(np.int64) // BINS).tolist()
    return found


def held(blocks: Blocks) -> list[list[int]]:
    """Give the replications of each block, told by their cells."""
    found: list[list[int]] = [[] for _ in range(len(blocks))]
    for block, part in zip(blocks.of_part(), blocks.parts, strict=True):
        found[block] += cells(part.histograms[KEY])
    return found


def test_there_are_no_blocks_without_replications() -> None:
    assert (len(Blocks()), Blocks().of_part()) == (0, [])


def test_blocks_hold_every_replication_in_order_and_stay_few() -> None:
    """Each is one replication until there would be 40; then they double, and all are of one size but the last."""
    blocks, most = Blocks(), 0
    for done in range(1, 401):
        blocks.add(of_one(done - 1))
        most = max(most, len(blocks))
        if done < MOST_BLOCKS or done % 57 == 0 or done == 400:
            found = held(blocks)
            assert [each for block in found for each in block] == list(range(done))
            *full, last = (len(block) for block in found)
            assert set(full) <= {max(full, default=1)}
            assert last <= max(full, default=1)
            assert len(found) >= min(done, MOST_BLOCKS // 2)
    assert most == MOST_BLOCKS - 1
    assert len(blocks) == 400 / 16


def test_a_replication_is_copied_as_often_as_the_size_of_a_block_was_doubled() -> None:
    """Of 16 in a block, that is four times; the eighth of a block is not copied anew for each that comes behind it."""
    copied: Counter[int] = Counter()

    class Watched(Histogram):
        def __add__(self, other: Histogram) -> Histogram:
            return self._told(super().__add__(other))

        def lasting_with(self, other: Histogram) -> Histogram:
            return self._told(super().lasting_with(other))

        def lasting(self) -> Histogram:
            return self

        @staticmethod
        def _told(both: Histogram) -> Histogram:
            copied.update(cells(both))
            return Watched(both.key, both.count)

    blocks = Blocks()
    for cell in range(400):
        one = of_one(cell)[KEY]
        blocks.add({KEY: Watched(one.key, one.count)})
    assert set(copied.values()) == {4}


def test_a_full_block_stands_where_it_does_not_tear_the_heap_apart() -> None:
    """In a copy that lasts; a replication that another is put together with next stays where it is."""
    blocks, seen = Blocks(), []
    for cell in range(41):
        one = of_one(cell)
        blocks.add(one)
        seen.append(blocks.parts[-1].histograms[KEY].key is one[KEY].key)
    assert seen == [False] * 39 + [False, True], "39 blocks of one; the last of 20 is filled up, and one is begun"


@pytest.mark.parametrize(("entries", "in_maps"), [(1_000, False), (100_000, True)])
def test_a_block_is_put_together_where_it_stays(entries: int, *, in_maps: bool) -> None:
    """Twenty of two once there would be forty of one: in maps of their own if they are long."""
    blocks = Blocks()
    for _ in range(40):
        blocks.add({KEY: Histogram.of(np.arange(entries), np.full(entries, 7)).compact()})
    parts = [part.histograms[KEY] for part in blocks.parts]
    assert [part.replications for part in blocks.parts] == [2] * 20
    assert {in_a_map(one.key) for one in parts} == {in_maps}
    assert all(cells(one) == list(range(entries)) for one in parts)
    assert {int(one.count.sum()) for one in parts} == {2 * entries}


def test_a_block_that_is_being_filled_counts_as_one() -> None:
    """Of 83 replications in blocks of four the last has a pair and a single one, left out of a percentile together."""
    line = Line(random_hours())
    collected = line.collecting()
    for gathered in line.one_by_one(1, range(83)):
        collected.add(gathered)
    assert [block for block in collected.blocks.of_part() if block == 20] == [20, 20]
    formula = question("wait_p90").formula
    assert isinstance(formula, Quantile)
    key, everything = collected.of_kind(formula.table, formula.histogram, np.arange(len(line.frame.contacts)))
    whole, without = with_and_without(collected, formula, key, everything)
    one_by_one = [gathered.histograms[key].of_cells(everything) for gathered in line.one_by_one(1, range(83))]

    def of(chosen: range) -> float:
        bins, counts = (np.concatenate([one_by_one[at][part] for at in chosen]) for part in (0, 1))
        order = np.argsort(bins, kind="stable")
        return percentile(bins[order], counts[order], formula.share)

    assert whole == of(range(83))
    assert without[20] == of(range(80)) > 0
