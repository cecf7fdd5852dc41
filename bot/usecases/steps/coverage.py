"""Which entry covers a thread, inside a transaction."""

from dataclasses import dataclass

from bot.domain.entries import EntryId
from bot.domain.listening.conversation import Conversation
from bot.domain.listening.coverage import find_cover, text_of
from bot.domain.ranking import read_words
from bot.domain.visibility import Reader
from storage.store import Transaction


@dataclass(frozen=True, slots=True, kw_only=True)
class Covering:
    """The entry that most probably covers a thread, and how probably, 0 to 1."""

    entry: EntryId
    probability: float


def find_covering(tx: Transaction, reader: Reader, conversation: Conversation) -> Covering | None:
    """Return the entry or draft that most probably covers a thread, as far as the reader sees it.

    A draft counts, because someone is writing the matter down already. Only words are compared:
    embedding entries takes too long for a transaction.
    """
    visible = tx.entries.visible_to(reader)
    candidates = visible.candidates(text_of(conversation), correct=False)
    documents = [
        read_words(str(key), title=text.title, tags=text.tags, body=text.body)
        for key, text in candidates.texts.items()
    ]
    cover = find_cover(conversation, documents, candidates.corpus)
    if cover is None:
        return None
    return Covering(entry=EntryId(int(cover.key)), probability=cover.probability)
