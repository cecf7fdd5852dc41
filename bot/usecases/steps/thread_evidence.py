"""The evidence of the threads heard so far about a search, inside a transaction."""

from collections import Counter
from collections.abc import Collection, Mapping
from functools import lru_cache
from typing import Final

from bot.domain.entries import ChannelId
from bot.domain.listening.coverage import Cover
from bot.domain.listening.heard import term_id
from bot.domain.listening.rarity import Rarity, shipped_background
from bot.domain.listening.thread_covers import cover_threads, shared_terms
from bot.domain.listening.weighing import weigh_question
from bot.domain.ranking import read_words
from bot.domain.thread_evidence import USUAL, Ids, ThreadEvidence
from storage.asked_threads import AskedThreads, Root
from storage.search.candidates import Candidates, WordText
from storage.store import Transaction

# A person recorded the entry for the gap of a thread, so it probably covers the thread.
_RECORDED: Final = 0.9
# In a large workspace, the candidates are the entries with the question's words. The first
# ones have most of them.
_COMPARED: Final = 40
# The terms of so many entries are kept, because the same ones come up again and again.
_KEPT: Final = 1000


def weigh_heard_threads(
    tx: Transaction, channels: Collection[ChannelId], candidates: Candidates
) -> ThreadEvidence:
    """Return what the threads of some channels say about a search.

    Take only channels that all who see the result may read.
    """
    if not candidates.texts or not channels:
        return USUAL
    texts = list(candidates.texts.items())
    if candidates.corpus.total > len(texts):
        texts = texts[:_COMPARED]
    entries = {str(key): _read_terms(text) for key, text in texts}
    threads = tx.asked_threads(channels)

    def find_covers(wholes: Mapping[Root, Ids]) -> Mapping[Root, Cover]:
        return _find_covers(threads, wholes, entries)

    return weigh_question(candidates.question, threads, find_covers, Rarity(shipped_background()))


def _find_covers(
    threads: AskedThreads, wholes: Mapping[Root, Ids], entries: Mapping[str, Ids]
) -> Mapping[Root, Cover]:
    shared = shared_terms(wholes.values(), entries.values())
    total, counts = threads.counts(shared)
    # A word is as rare as it is in threads and entries together.
    together = Counter(counts)
    for terms in entries.values():
        together.update(terms & shared)
    rarities = Rarity(shipped_background()).among(total + len(entries), together)
    covers = cover_threads(wholes, entries, rarities)
    for root, entry in threads.recorded.items():
        if str(entry) in entries:
            covers[root] = Cover(key=str(entry), probability=_RECORDED)
    return covers


@lru_cache(_KEPT)
def _read_terms(text: WordText) -> Ids:
    """Return the terms of an entry, as threads have them."""
    document = read_words("", title=text.title, tags=text.tags, body=text.body)
    return frozenset(map(term_id, document.terms))
