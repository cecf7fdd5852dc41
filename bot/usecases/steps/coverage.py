"""Which entry covers a thread, inside a transaction."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from bot.domain.embedding import Embedding
from bot.domain.entries import EntryId
from bot.domain.listening.conversation import Conversation
from bot.domain.listening.coverage import find_cover, text_of
from bot.domain.ranking import Document, read_words
from bot.domain.visibility import Reader
from storage.search.candidates import Candidates
from storage.store import Transaction


@dataclass(frozen=True, slots=True, kw_only=True)
class Covering:
    """The entry that most probably covers a thread, and how probably, 0 to 1."""

    entry: EntryId
    probability: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Meanings:
    """The meaning of a message and of the entries near it, embedded before the transaction.

    `entries`: by their passages, because an entry may have changed since then.
    """

    message: Embedding
    entries: Mapping[tuple[str, ...], tuple[Embedding, ...]]


def find_covering(
    tx: Transaction, reader: Reader, conversation: Conversation, meanings: Meanings | None = None
) -> Covering | None:
    """Return the entry or draft that most probably covers a thread, as far as the reader sees it.

    A draft counts, because someone is writing the matter down already. Meaning only counts if that
    of every entry near the thread is known, so that no entry lacks a better one beside it.
    """
    visible = tx.entries.visible_to(reader)
    candidates = visible.chat_candidates(text_of(conversation))
    documents = [
        read_words(str(key), title=text.title, tags=text.tags, body=text.body)
        for key, text in candidates.texts.items()
    ]
    embedding = None
    if meanings and all(text.passages in meanings.entries for text in candidates.texts.values()):
        documents = _add_meanings(documents, candidates, meanings)
        embedding = meanings.message
    cover = find_cover(conversation, documents, candidates.corpus, embedding)
    if cover is None:
        return None
    return Covering(entry=EntryId(int(cover.key)), probability=cover.probability)


def _add_meanings(
    documents: list[Document], candidates: Candidates, meanings: Meanings
) -> list[Document]:
    texts = candidates.texts
    return [
        replace(document, passages=meanings.entries[texts[EntryId(int(document.key))].passages])
        for document in documents
    ]
