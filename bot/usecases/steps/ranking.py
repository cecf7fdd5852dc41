"""Rank the candidates of a search by their words, and the best of them by their meaning."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Final

from bot.domain.entries import EntryId
from bot.domain.ranking import Ranking, rank, read_words
from bot.domain.thread_evidence import ThreadEvidence
from bot.embedding.cache import EmbeddingCache
from storage.search.candidates import Candidates, WordText

# How many entries are ranked again by their meaning, and how many texts are embedded for it: each
# takes about 8 ms.
RANKED_AGAIN: Final = 100
NEWLY_EMBEDDED: Final = 6


def rank_candidates(
    candidates: Candidates, embeddings: EmbeddingCache | None, evidence: ThreadEvidence
) -> Ranking:
    """Return the candidates by how well they answer.

    `evidence`: what threads say about the question. With embeddings, the best by their words are
    ranked again by what they mean. Few new ones are embedded in one search, so that it stays fast;
    the next search has more.
    """
    texts, question = candidates.texts, candidates.question
    documents = {
        str(key): read_words(str(key), title=text.title, tags=text.tags, body=text.body)
        for key, text in texts.items()
    }
    by_words = rank(question, list(documents.values()), candidates.corpus, evidence=evidence)
    if embeddings is None or not question:
        return by_words
    ordered = dict.fromkeys([*(match.key for match in by_words.matches), *documents])
    chosen = _choose_to_embed({key: texts[EntryId(int(key))] for key in ordered}, embeddings)
    [asked] = embeddings.embed([question])
    meant = [
        replace(documents[key], passages=tuple(embeddings.embed(texts[EntryId(int(key))].passages)))
        for key in chosen
    ]
    again = rank(question, meant, candidates.corpus, asked, evidence)
    others = (match for match in by_words.matches if match.key not in chosen)
    return replace(again, matches=(*again.matches, *others))


def _choose_to_embed(texts: Mapping[str, WordText], embeddings: EmbeddingCache) -> set[str]:
    """Return the best entries whose meaning is known, and as many others as there is time for."""
    chosen: set[str] = set()
    new = 0
    for key, text in texts.items():
        missing = embeddings.count_missing(text.passages)
        if new + missing <= NEWLY_EMBEDDED:
            chosen.add(key)
            new += missing
        if len(chosen) == RANKED_AGAIN:
            break
    return chosen
