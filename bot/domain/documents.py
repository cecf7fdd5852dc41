"""Entries as search compares them: how often each field has each term, and how rare terms are."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from math import log
from typing import Final

from bot.domain.compounds import split_compound
from bot.domain.embedding import Embedder, Embedding
from bot.domain.related import is_common
from bot.domain.search_terms import is_stop_word, search_terms, split_words, term_of
from bot.domain.spelling import most_similar

# Rarity means little among a few entries, so this many imagined ones are added.
_IMAGINED: Final = 20
_TRIGGER_WORDS: Final = 25
# The counts of so many entries are kept, because the same few entries come up again and again. They
# take about 10 MB.
_KEPT: Final = 1000
_NOTHING: Final[Mapping[str, int]] = {}


@dataclass(frozen=True, slots=True, kw_only=True)
class EntryText:
    """The text of an entry by field. `trigger`: or condition. `rule`: what to do."""

    title: str
    tags: str = ""
    trigger: str = ""
    rule: str = ""
    other: str = ""

    @property
    def passages(self) -> tuple[str, ...]:
        """The texts to embed."""
        parts = (self.trigger, self.rule, self.other)
        return (self.title, *(f"{self.title}. {part}" for part in parts if part))


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """An entry as search compares it. `fields`: how often it has each term, in each field."""

    key: str
    fields: tuple[Mapping[str, int], ...]
    length: int
    passages: tuple[Embedding, ...] = ()

    @property
    def terms(self) -> set[str]:
        """The terms of all its fields."""
        return set().union(*self.fields)


@dataclass(frozen=True, slots=True, kw_only=True)
class Corpus:
    """How many entries there are, and how many of them have a term, about."""

    total: int
    counts: Mapping[str, int]

    def rarity(self, term: str, count: int | None = None) -> float:
        """Return how rare a term is: 1 if no entry has it, near 0 if all do."""
        total = self.total + _IMAGINED
        count = self.counts.get(term, 0) if count is None else count
        return log(1 + (total - min(count, total) + 0.5) / (count + 1.5)) / log(1 + total / 1.5)


def read_document(key: str, text: EntryText, embedder: Embedder | None = None) -> Document:
    """Return an entry as search compares it, with embeddings if there is an embedder."""
    texts = (text.title, text.tags, text.trigger, text.rule, text.other)
    fields = tuple(Counter(search_terms(part)) for part in texts)
    return Document(
        key=key,
        fields=fields,
        length=sum(map(Counter.total, fields)),
        passages=tuple(embedder.embed(text.passages)) if embedder else (),
    )


def read_words(key: str, *, title: str, tags: str, body: str) -> Document:
    """Return an entry whose words are already apart, in lower case and without accents.

    This takes a tenth of the time of `read_document`. The body's first words are taken for the
    trigger, which is its first field.
    """
    fields, length = _count_words(title, tags, body)
    return Document(key=key, fields=fields, length=length)


@lru_cache(_KEPT)
def _count_words(title: str, tags: str, body: str) -> tuple[tuple[Mapping[str, int], ...], int]:
    """Return how often each field has each term, and how many there are in all."""
    words = body.split()
    parts = (title.split(), tags.split(), words[:_TRIGGER_WORDS], words[_TRIGGER_WORDS:])
    # Plain dicts of strings and numbers, which the garbage collector doesn't have to look through.
    counts = [dict(Counter(filter(None, map(term_of, part)))) for part in parts]
    return (*counts, _NOTHING), sum(sum(count.values()) for count in counts)


def read_corpus(documents: Iterable[Document]) -> Corpus:
    """Return the counts of a few documents that are all there are."""
    counts: Counter[str] = Counter()
    total = 0
    for document in documents:
        counts.update(document.terms)
        total += 1
    return Corpus(total=total, counts=counts)


def mend(query: str, words: Mapping[str, int]) -> str:
    """Replace each word that no entry has, and that isn't a common one, with the most similar.

    A compound of two words of entries isn't a slip. `words`: the words of the entries, in lower
    case, each with how often it occurs.
    """
    mended = query
    for word, parts in split_words(query):
        is_plain = len(parts) == 1 and parts[0] not in words
        if is_plain and not any(map(is_common, search_terms(word))):
            similar = most_similar(parts[0], words)
            is_compound = split_compound(parts[0], lambda pair: all(it in words for it in pair))
            if similar and not is_compound and not is_stop_word(similar):
                mended = mended.replace(word, similar, 1)
    return mended
