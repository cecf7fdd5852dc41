"""Aligning two sequences: their equal items in order, found within a bounded amount of work."""

from bisect import bisect_left
from collections import Counter
from collections.abc import Hashable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

# Steps for one alignment: about 5 milliseconds. Words that occur once on either side are landmarks.
# Between them, only stretches of repeated words are compared pair by pair, and two long stretches
# count as different.
_STEPS: Final = 50_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Stretch:
    """A stretch of two sequences, which is equal or differs; either side may be empty."""

    begin: int
    end: int
    begin_new: int
    end_new: int
    same: bool

    def with_next(self, other: "Stretch") -> "Stretch":
        """Return this stretch and the next one as a single stretch that differs."""
        return Stretch(
            begin=self.begin,
            end=other.end,
            begin_new=self.begin_new,
            end_new=other.end_new,
            same=False,
        )


def split_stretches(old: Sequence[Hashable], new: Sequence[Hashable]) -> list[Stretch]:
    """Return both sequences from end to end, split into stretches that are equal or differ."""
    parts: list[Stretch] = []
    i = j = 0
    for begin, begin_new, length in _runs(align(old, new), (len(old), len(new))):
        if (i, j) != (begin, begin_new):
            parts.append(Stretch(begin=i, end=begin, begin_new=j, end_new=begin_new, same=False))
        i, j = begin + length, begin_new + length
        if length:
            parts.append(Stretch(begin=begin, end=i, begin_new=begin_new, end_new=j, same=True))
    return parts


def _runs(pairs: Iterable[tuple[int, int]], end: tuple[int, int]) -> Iterator[tuple[int, int, int]]:
    """Yield each run of consecutive pairs with its start and length, then the end with length 0."""
    begin, length = (0, 0), 0
    for i, j in pairs:
        if length and (i, j) == (begin[0] + length, begin[1] + length):
            length += 1
            continue
        if length:
            yield (*begin, length)
        begin, length = (i, j), 1
    if length:
        yield (*begin, length)
    yield (*end, 0)


def align(old: Sequence[Hashable], new: Sequence[Hashable]) -> list[tuple[int, int]]:
    """Return pairs of positions of equal items, ascending on both sides."""
    pairs: list[tuple[int, int]] = []
    steps = _STEPS
    todo = [(0, len(old), 0, len(new))]
    while todo:
        begin, end, begin_new, end_new = todo.pop()
        while begin < end and begin_new < end_new and old[begin] == new[begin_new]:
            pairs.append((begin, begin_new))
            begin, begin_new = begin + 1, begin_new + 1
        while begin < end and begin_new < end_new and old[end - 1] == new[end_new - 1]:
            end, end_new = end - 1, end_new - 1
            pairs.append((end, end_new))
        left, right = old[begin:end], new[begin_new:end_new]
        steps -= len(left) + len(right)
        if not left or not right or steps < 0:
            continue
        if matches := _landmarks(left, right):
            # The items between two landmarks are compared separately.
            edges = [(-1, -1), *matches, (len(left), len(right))]
            todo += [
                (begin + i + 1, begin + j, begin_new + i_new + 1, begin_new + j_new)
                for (i, i_new), (j, j_new) in pairwise(edges)
            ]
        elif len(left) * len(right) <= steps:
            steps -= len(left) * len(right)
            matches = _longest(left, right)
        pairs += [(begin + i, begin_new + j) for i, j in matches]
    return sorted(pairs)


def _landmarks(old: Sequence[Hashable], new: Sequence[Hashable]) -> list[tuple[int, int]]:
    """Return the longest ascending run of the items that occur once on either side."""
    count, count_new = Counter(old), Counter(new)
    where = {item: at for at, item in enumerate(new) if count_new[item] == 1}
    single = [(i, where[item]) for i, item in enumerate(old) if count[item] == 1 and item in where]
    # For each length: where the best run ends in `new`, and the number of its last pair.
    last: list[int] = []
    ends: list[int] = []
    before: list[int] = []
    for number, (_, at) in enumerate(single):
        length = bisect_left(last, at)
        before.append(ends[length - 1] if length else -1)
        last[length : length + 1] = [at]
        ends[length : length + 1] = [number]
    run = []
    number = ends[-1] if ends else -1
    while number >= 0:
        run.append(single[number])
        number = before[number]
    return run[::-1]


def _longest(old: Sequence[Hashable], new: Sequence[Hashable]) -> list[tuple[int, int]]:
    """Return a longest common subsequence, from the table of all lengths."""
    lengths = [[0] * (len(new) + 1)]
    for item in reversed(old):
        below, row = lengths[-1], [0]
        for at in range(len(new) - 1, -1, -1):
            same = below[at + 1] + 1 if item == new[at] else 0
            row.append(max(same, below[at], row[-1]))
        lengths.append(row[::-1])
    lengths.reverse()
    pairs = []
    i = j = 0
    while i < len(old) and j < len(new):
        if old[i] == new[j]:
            pairs.append((i, j))
            i, j = i + 1, j + 1
        elif lengths[i + 1][j] >= lengths[i][j + 1]:
            i += 1
        else:
            j += 1
    return pairs
