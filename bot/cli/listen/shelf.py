"""The entries that were loaded, and which of them answer a search."""

from collections import Counter
from collections.abc import Mapping
from typing import Final

from bot.cli.listen.entries import RecordedEntry
from bot.cli.listen.heard import Found
from bot.domain.embedding import Embedder
from bot.domain.kinds import Kind
from bot.domain.ranking import EntryText, mend, rank, read_document
from bot.domain.search_terms import split_words
from bot.domain.thread_evidence import ThreadEvidence

# The fields that say when an entry applies, and what to do.
_MAIN: Final = {
    Kind.DECISION: ("trigger", "rule"),
    Kind.HANDOFF: ("trigger", "payload"),
    Kind.ESCALATION: ("condition", "levels"),
}
# A severity is the same few words in all entries.
_LEFT_OUT: Final = "severity"
# With less probability that its first entry answers, a search has no results.
_ABSTAINS: Final = 0.2
_MOST: Final = 10  # results of a search


class Shelf:
    """Searches entries."""

    def __init__(self, texts: Mapping[str, EntryText], embedder: Embedder | None) -> None:
        """Read the entries, each by its key."""
        self._embedder = embedder
        self._documents = [read_document(key, text, embedder) for key, text in texts.items()]
        self._words = Counter(
            part
            for text in texts.values()
            for passage in text.passages
            for _, parts in split_words(passage)
            for part in parts
        )

    def search(self, query: str, evidence: ThreadEvidence) -> list[Found]:
        """Return the entries that answer a query, best first; empty if none probably does.

        `evidence`: what the threads say about the query.
        """
        mended = mend(query, self._words)
        embedding = self._embedder.embed([mended])[0] if self._embedder else None
        ranking = rank(mended, self._documents, embedding=embedding, evidence=evidence)
        if not ranking.matches or ranking.probability < _ABSTAINS:
            return []
        # The first score is a probability, so that scores of different searches can be compared.
        first = ranking.matches[0].score
        return [
            Found(key=match.key, score=ranking.probability * match.score / first)
            for match in ranking.matches[:_MOST]
        ]


def read_text(entry: RecordedEntry) -> EntryText:
    """Return the text of an entry, by field."""
    fields = {name: _flatten(value) for name, value in entry.fields.items()}
    trigger, rule = _MAIN[entry.kind]
    others = (value for name, value in fields.items() if name not in (trigger, rule, _LEFT_OUT))
    return EntryText(
        title=entry.title,
        tags=fields.pop("tags", ""),
        trigger=fields.get(trigger, ""),
        rule=fields.get(rule, ""),
        other="\n".join(others),
    )


def _flatten(value: object) -> str:
    """Return the text of a value: a text, or a list or mapping of values."""
    if isinstance(value, Mapping):
        return " ".join(map(_flatten, value.values()))
    if isinstance(value, list):
        return "\n".join(map(_flatten, value))
    return str(value)
