"""Blocks of what is looked through together: a queue's pools of one rank, a row's lanes of one priority."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from typing import Final, NamedTuple

from sim.engine.compiled.flags import FLAGS_OF_WORD
from sim.engine.compiled.lists import Lists
from sim.engine.compiled.state import BLOCK_OF_FLAG, BLOCK_SIZE
from sim.engine.compiled.trees import asks_tree

MANY_BLOCKS: Final = 8
"""As many are not looked at one after the other, but those of which a flag is up."""


class Lane(NamedTuple):
    """A lane as rows see it."""

    order: int
    """Its place among all priorities, and within one, of those in front before those behind."""
    number: int


class Way(NamedTuple):
    """A row by which a contact can come to somebody of a line."""

    rank: int
    after: int
    number: int
    """Of the line: whose of them come out first is asked."""
    row: int


def keep_lanes(lists: Lists, lanes: Iterable[Lane], of_all: int) -> tuple[int, int]:
    """Keep a row's blocks of lanes, as it goes through them, and return where they begin and where they end.

    Parameters
    ----------
    lists
        Where they are kept.
    lanes
        That it serves.
    of_all
        How many lanes there are.
    """
    blocks: defaultdict[int, list[int]] = defaultdict(list)
    for order, number in lanes:
        blocks[order].append(number)
    numbers = sorted(number for block in blocks.values() for number in block)
    by_tree = asks_tree(len(numbers), of_all)
    looked_at = [numbers] if by_tree else [sorted(block) for _, block in sorted(blocks.items())]
    return lists.keep([each for block in looked_at for each in [*_block(lists, block, by_tree), 0]])


def keep_ranks(lists: Lists, ways: Iterable[Way], of_all: int) -> tuple[int, int]:
    """Keep a queue's blocks of lines of people, lowest rank first, and return where they begin and where they end.

    Parameters
    ----------
    lists
        Where they are kept.
    ways
        To all those lines; of one line in order of the rows.
    of_all
        How many lines there are.
    """
    blocks: defaultdict[tuple[int, int], defaultdict[int, list[int]]] = defaultdict(lambda: defaultdict(list))
    for way in ways:
        blocks[way.rank, way.after][way.number].append(way.row)
    in_order = sorted(blocks)
    lines = [sorted(blocks[block]) for block in in_order]
    kept: list[list[int]] = []
    for place, ((rank, after), numbers) in enumerate(zip(in_order, lines, strict=True)):
        rows = blocks[rank, after]
        begins = _by_number(lists, numbers, [lists.keep_once((*rows[number], 0)) for number in numbers])
        next_rank = sum(each == rank for each, _ in in_order[place:]) * BLOCK_SIZE
        kept.append(_block(lists, numbers, asks_tree(len(numbers), of_all), begins, after, next_rank))
    every = _keep_all(lists, lines)
    first, last = lists.keep([each for block in kept for each in [*block, every]])
    if every:
        leads_to = [first + place * BLOCK_SIZE for place, numbers in enumerate(lines) for _ in numbers]
        lists.put(every + BLOCK_OF_FLAG, _by_number(lists, [number for block in lines for number in block], leads_to))
    return first, last


def _keep_all(lists: Lists, lines: list[list[int]]) -> int:
    """Keep which lines are of many blocks, if these are in order of the lines, and return where; 0 if not."""
    every = [number for numbers in lines for number in numbers]
    if len(lines) < MANY_BLOCKS or sorted({*every}) != every:
        return 0
    return lists.keep(_block(lists, every))[0]


def _by_number(lists: Lists, numbers: list[int], values: list[int]) -> int:
    """Keep a value of each of some numbers, ascending, and return where that of 0 would be."""
    listed = [0] * (numbers[-1] - numbers[0] + 1)
    for number, value in zip(numbers, values, strict=True):
        listed[number - numbers[0]] = value
    return lists.keep(listed)[0] - numbers[0]


def _block(lists: Lists, numbers: list[int], *more: int) -> list[int]:
    """Keep the masks of a block of numbers, ascending, and return what says all of it but for what there is in none."""
    first_word, last_word = numbers[0] // FLAGS_OF_WORD, numbers[-1] // FLAGS_OF_WORD + 1
    masks = [0] * (last_word - first_word)
    for number in numbers:
        masks[number // FLAGS_OF_WORD - first_word] |= 1 << number % FLAGS_OF_WORD
    said = [first_word, last_word, lists.keep(masks)[0] - first_word, *more]
    return said + [0] * (BLOCK_SIZE - 1 - len(said))
