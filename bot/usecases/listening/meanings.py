"""Embed a message and the entries near it, before the transaction that compares them."""

from collections.abc import Collection

from bot.domain.embedding import Embedding
from bot.domain.entries import TeamId
from bot.domain.listening.coverage import drop_names
from bot.domain.visibility import Reader
from bot.embedding.cache import EmbeddingCache
from bot.usecases.steps.coverage import Meanings
from bot.usecases.steps.ranking import NEWLY_EMBEDDED
from storage.store import Store


def embed_opening(
    store: Store,
    team: TeamId,
    text: str,
    *,
    names: Collection[str],
    reader: Reader,
    embeddings: EmbeddingCache,
) -> Meanings | None:
    """Return what the opening of a thread and the entries near it mean; None without entries.

    `names`: people's, which mean nothing here. Few entries are embedded for one message, so that it
    doesn't take long; the next message has more.
    """
    opening = drop_names(text, names)
    with store.read(team) as tx:
        near = tx.entries.visible_to(reader).chat_candidates(opening).texts
    if not near:
        return None
    entries: dict[tuple[str, ...], tuple[Embedding, ...]] = {}
    new = 0
    for entry in near.values():
        missing = embeddings.count_missing(entry.passages)
        if new + missing <= NEWLY_EMBEDDED:
            entries[entry.passages] = tuple(embeddings.embed(entry.passages))
            new += missing
    [message] = embeddings.embed([opening])
    return Meanings(message=message, entries=entries)
