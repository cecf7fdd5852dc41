"""Group threads into recurring matters by how likely each two are about the same one."""

from collections.abc import Collection, Hashable, Mapping
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
    while likely:
        (a, b), value = max(likely.items(), key=lambda item: (item[1], -item[0][0], -item[0][1]))
        if value < join:
            break
        del likely[a, b]
        if len(groups[a]) + len(groups[b]) <= LARGEST:
            _join(groups, likely, a, b)
    return list(groups.values())


def _pairs_among(
    threads: Collection[Thread], likelihoods: Likelihoods[Thread]
) -> dict[tuple[int, int], float]:
    """Return how likely each two threads are about one matter, by their places."""
    place_of = {thread: at for at, thread in enumerate(threads)}
    likely: dict[tuple[int, int], float] = {}
    for thread, at in place_of.items():
        for other, value in likelihoods.get(thread, {}).items():
            place = place_of.get(other)
            if place is not None and value > 0:
                likely[min(at, place), max(at, place)] = value
    return likely


def _join(
    groups: dict[int, list[Thread]], likely: dict[tuple[int, int], float], a: int, b: int
) -> None:
    """Join group `b` to group `a`, and average their likelihoods with the others."""
    size_a, size_b = len(groups[a]), len(groups[b])
    groups[a] += groups.pop(b)
    for other in groups:
        if other == a:
            continue
        mine = likely.pop((min(a, other), max(a, other)), 0.0)
        joined = likely.pop((min(b, other), max(b, other)), 0.0)
        mean = (size_a * mine + size_b * joined) / (size_a + size_b)
        if mean > 0:
            likely[min(a, other), max(a, other)] = mean
