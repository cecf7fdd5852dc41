"""The entries that are in force, and which of them cover what is said in threads."""

from collections import Counter
from collections.abc import Mapping

from bot.domain.embedding import Embedder
from bot.domain.listening.conversation import Conversation
from bot.domain.listening.coverage import Cover, Weights, cover_messages, find_cover, text_of
from bot.domain.ranking import Corpus, EntryText, read_document
from bot.domain.search_terms import search_terms


class Covers:
    """Compares threads with entries. Words are as rare as they are in both so far."""

    def __init__(
        self,
        entries: Mapping[str, EntryText],
        embedder: Embedder | None,
        weights: Weights | None = None,
    ) -> None:
        self._embedder, self._weights = embedder, weights
        self._documents = [read_document(key, text, embedder) for key, text in entries.items()]
        self._by_key = {document.key: document for document in self._documents}
        self._counts = Counter(term for document in self._documents for term in document.terms)
        self._total = len(self._documents)

    def count(self, conversation: Conversation) -> None:
        """Count the words of a thread that has settled."""
        if self._documents:
            self._counts.update(set(search_terms(text_of(conversation))))
            self._total += 1

    def find(self, conversation: Conversation) -> Cover | None:
        """Return the entry that most probably covers a thread; None if there are no entries."""
        if not self._documents:
            return None
        embedding = None
        if self._embedder is not None:
            (embedding,) = self._embedder.embed([text_of(conversation)])
        return find_cover(conversation, self._documents, self._corpus, embedding, self._weights)

    def of_messages(self, conversation: Conversation, cover: Cover) -> list[float]:
        """Return for each message how probably it is about the matter that the entry covers."""
        return cover_messages(conversation, cover, self._by_key[cover.key], self._corpus)

    @property
    def _corpus(self) -> Corpus:
        return Corpus(total=self._total, counts=self._counts)
