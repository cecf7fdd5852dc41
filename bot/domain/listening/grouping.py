"""Group threads into recurring matters by how likely each two are about the same one."""

from collections import defaultdict
from collections.abc import Collection, Hashable, Iterator, Mapping
from heapq import heapify, heappop, heappush
from typing import Final, TypeVar

Thread = TypeVar("Thread", bound=Hashable)
Likelihoods = Mapping[Thread, Mapping[Thread, float]]

# A less likely pair isn't kept: it counts as 0 in the mean over two groups.
KEPT: Final = 0.03
# A new thread brings the groups of its likely threads up for regrouping, and no others.
NEAR: Final = 0.1
# In real chat, a larger group swallows everything. The threads beyond it form another group.
LARGEST: Final = 12


def group_threads(
    threads: Collection[Thread], likelihoods: Likelihoods[Thread], join: float
) -> list[list[Thread]]:
    """Return the threads in groups, by average linkage: a thread alone is a group of one.

    The two groups whose threads are most likely about one matter are joined, again and again,
    while their mean likelihood is at least `join`.
    """
    groups = {at: [thread] for at, thread in enumerate(threads)}
    likely = _pairs_among(threads, likelihoods)
    # Most pairs are less likely than `join`, so they aren't sorted.
    heap = [
        (-value, a, b)
        for a, others in likely.items()
        for b, value in others.items()
        if a < b and value >= join
    ]
    heapify(heap)
    while heap:
        value, a, b = heappop(heap)
        # The pair may have been joined, or changed by another one.
        if likely[a].get(b) != -value:
            continue
        del likely[a][b], likely[b][a]
        if len(groups[a]) + len(groups[b]) <= LARGEST:
            for other, mean in _join(groups, likely, a, b):
                if mean >= join:
                    heappush(heap, (-mean, min(a, other), max(a, other)))
    return list(groups.values())


def _pairs_among(
    threads: Collection[Thread], likelihoods: Likelihoods[Thread]
) -> defaultdict[int, dict[int, float]]:
    """Return how likely each thread is about one matter with others, by their places."""
    place_of = {thread: at for at, thread in enumerate(threads)}
    likely: defaultdict[int, dict[int, float]] = defaultdict(dict)
    for thread, at in place_of.items():
        links = likelihoods.get(thread, {})
        for other in links.keys() & place_of.keys():
            place, value = place_of[other], links[other]
            if value > 0:
                likely[at][place] = likely[place][at] = value
    return likely


def _join(
    groups: dict[int, list[Thread]], likely: defaultdict[int, dict[int, float]], a: int, b: int
) -> Iterator[tuple[int, float]]:
    """Join group `b` to group `a`, and yield how likely they are, on average, with each other."""
    size_a, size_b = len(groups[a]), len(groups[b])
    groups[a] += groups.pop(b)
    mine, joined = likely[a], likely.pop(b)
    for other in mine.keys() | joined.keys():
        likely[other].pop(b, None)
        sums = size_a * mine.get(other, 0.0) + size_b * joined.get(other, 0.0)
        mine[other] = likely[other][a] = sums / (size_a + size_b)
        yield other, mine[other]
