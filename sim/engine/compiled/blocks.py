"""Blocks of what is looked through together: a queue's pools of one rank, a row's lanes of one priority."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable

from sim.engine.compiled.flags import FLAGS_OF_WORD
from sim.engine.compiled.lists import Lists


def keep_priorities(lists: Lists, lanes: Iterable[tuple[int, bool, int]]) -> tuple[int, int]:
    """Keep a row's blocks of lanes, as it goes through them, and return where they begin and where they end.

    Parameters
    ----------
    lists
        Where they are kept.
    lanes
        Of each its priority, whether it is of those behind, and its number.
    """
    blocks: defaultdict[tuple[int, bool], list[int]] = defaultdict(list)
    for priority, behind, number in lanes:
        blocks[priority, behind].append(number)
    return _keep(lists, [(sorted(numbers), 0) for _, numbers in sorted(blocks.items())])


def keep_ranks(lists: Lists, rows: Iterable[tuple[int, int, int]]) -> tuple[int, int]:
    """Keep a queue's blocks of pools, lowest rank first, and return where they begin and where they end.

    Parameters
    ----------
    lists
        Where they are kept.
    rows
        Of each its rank, its pool's flag for it, and the row; those of a flag in order.
    """
    ranks: defaultdict[int, defaultdict[int, list[int]]] = defaultdict(lambda: defaultdict(list))
    for rank, flag, row in rows:
        ranks[rank][flag].append(row)
    blocks = []
    for _, of_rank in sorted(ranks.items()):
        flags = sorted(of_rank)
        begins = [0] * (flags[-1] - flags[0] + 1)
        for flag in flags:
            begins[flag - flags[0]], _ = lists.keep([*of_rank[flag], 0])
        blocks.append((flags, lists.keep(begins)[0] - flags[0]))
    return _keep(lists, blocks)


def _keep(lists: Lists, blocks: Iterable[tuple[list[int], int]]) -> tuple[int, int]:
    """Keep blocks of flags' numbers, ascending; of each, too, where it is kept where the rows of its pools begin."""
    kept: list[int] = []
    for numbers, rows_of_pools in blocks:
        first_word, last_word = numbers[0] // FLAGS_OF_WORD, numbers[-1] // FLAGS_OF_WORD + 1
        masks = [0] * (last_word - first_word)
        for number in numbers:
            masks[number // FLAGS_OF_WORD - first_word] |= 1 << number % FLAGS_OF_WORD
        kept += [first_word, last_word, lists.keep(masks)[0] - first_word, rows_of_pools]
    return lists.keep(kept)
