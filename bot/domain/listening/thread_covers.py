"""Which entry covers each of some threads, by the terms that are kept of them.

A search needs this for the threads near its question. Their texts are gone by then, and an entry
may be newer than a thread, so the terms are compared again.
"""

from collections import defaultdict
from collections.abc import Collection, Mapping
from math import log1p
from typing import Final, TypeVar

from bot.domain.listening.coverage import Cover, Numbers, Weights
from bot.domain.thread_evidence import Ids

Thread = TypeVar("Thread")

# Learned by `tests/recognition/train_coverage.py`. An entry has fewer of a thread's terms than of
# its words, because words of about the same meaning don't count here.
BY_TERMS: Final = Weights(offset=-5.77, amount=1.45, amount_lead=1.46, length=0.184)


def cover_threads(
    threads: Mapping[Thread, Ids], entries: Mapping[str, Ids], rarities: Mapping[int, float]
) -> dict[Thread, Cover]:
    """Return the entry that most probably covers each thread. All are given by their terms.

    Of the rarities, only those of `shared_terms` are needed.
    """
    shared = shared_terms(threads.values(), entries.values())
    having: defaultdict[int, list[str]] = defaultdict(list)
    for key, terms in entries.items():
        for term in terms & shared:
            having[term].append(key)
    return {thread: _cover(terms, entries, having, rarities) for thread, terms in threads.items()}


def shared_terms(threads: Collection[Ids], entries: Collection[Ids]) -> Ids:
    """Return the terms that any of the threads and any of the entries have."""
    return frozenset[int]().union(*threads) & frozenset[int]().union(*entries)


def _cover(
    terms: Ids,
    entries: Collection[str],
    having: Mapping[int, Collection[str]],
    rarities: Mapping[int, float],
) -> Cover:
    amounts = dict.fromkeys(entries, 0.0)
    for term in sorted(terms & having.keys()):
        for key in having[term]:
            amounts[key] += rarities[term]
    best = max(amounts, key=amounts.__getitem__)
    most = amounts.pop(best)
    numbers = Numbers(
        amount=most,
        amount_lead=most - max(amounts.values(), default=0.0),
        length=log1p(len(terms)),
        passages=0.0,
        passages_lead=0.0,
    )
    return Cover(key=best, probability=BY_TERMS.probability(numbers))
