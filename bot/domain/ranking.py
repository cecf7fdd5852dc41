"""The one ranking of search: which entries answer a question, best first, or that none does.

A word counts by how rare it is and by the field that has it (BM25F; S. Robertson, H. Zaragoza,
M. Taylor, 2004). Words that mean about the same count too, for less. If there are embeddings, they
decide together with the words. `tests/recognition/train_ranking.py` learns the weights.
"""

from bisect import bisect_left
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from bot.domain.compounds import Pair, join_neighbors, split_unknown
from bot.domain.documents import (
    Corpus,
    Document,
    EntryText,
    mend,
    read_corpus,
    read_document,
    read_words,
)
from bot.domain.embedding import Embedding, cosine
from bot.domain.ranking_weights import (
    CUT_BY_PASSAGES,
    CUT_BY_WORDS,
    WITH_PASSAGES,
    WORDS_ONLY,
    Features,
    measure_cut,
)
from bot.domain.related import related
from bot.domain.search_terms import search_terms
from bot.domain.thread_evidence import USUAL, ThreadEvidence

__all__ = [
    "ANSWERS",
    "SURE",
    "Corpus",
    "Document",
    "EntryText",
    "Features",
    "Match",
    "Ranking",
    "compare",
    "mend",
    "rank",
    "read_corpus",
    "read_document",
    "read_words",
]

# How much a field's words count: title, tags, trigger or condition, rule, all other text.
FIELD_WEIGHTS: Final = (4.0, 3.0, 2.0, 1.0, 1.0)
# How soon more of the same word stops to count, and how much of that is the text's length.
_SATURATION: Final = 1.8
_BY_LENGTH: Final = 0.5
_MOST_REPEATED: Final = 4
# The weight of a longer word that begins with the half typed last one, or shares its beginning.
_BEGUN: Final = 0.8
_SAME_BEGINNING: Final = 0.5
_FEWEST_TYPED: Final = 3  # letters
_FEWEST_SHARED: Final = 4  # letters
_MOST_UNSHARED: Final = 3  # letters
# Texts that share no word are alike in meaning from here on; unrelated ones are at 0.1 to 0.2.
_LEAST_ALIKE: Final = 0.3
_SHORT_FIELDS: Final = 3  # title, tags, trigger or condition
# Search is about the first words. A pasted text is cut here.
_MOST_TERMS: Final = 24


@dataclass(frozen=True, slots=True, kw_only=True)
class Match:
    """An entry that a search found; the higher the score, the better."""

    key: str
    score: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Ranking:
    """The entries by how well they answer, and how probably the first one does, 0 to 1.

    `has_all_words`: whether the first one has every word of the question as it was typed.
    """

    matches: tuple[Match, ...] = ()
    probability: float = 0.0
    has_all_words: bool = False

    @property
    def answers(self) -> bool:
        """Whether the first entry is probably what was searched for."""
        return self._is_at_least(ANSWERS)

    @property
    def is_sure(self) -> bool:
        """Whether the first entry may be posted as the answer, for everyone in a channel."""
        return self._is_at_least(SURE)

    def _is_at_least(self, probability: float) -> bool:
        return bool(self.matches) and (self.has_all_words or self.probability >= probability)


# From these probabilities on, search lists the first entry as one that answers, and a question is
# answered with it. On teams that were left out, half to two thirds of the questions with an answer
# reach the first, and a tenth of those without; of the latter, one in twenty reaches the second.
ANSWERS: Final = 0.7
SURE: Final = 0.8


def rank(
    query: str,
    documents: Sequence[Document],
    corpus: Corpus | None = None,
    embedding: Embedding | None = None,
    evidence: ThreadEvidence = USUAL,
) -> Ranking:
    """Return the documents that have anything of the query, best first.

    `corpus`: if the documents are only candidates. `embedding`: the query's, if the documents have
    passages. `evidence`: what threads say about the query.
    """
    corpus = corpus or read_corpus(documents)
    features = compare(query, documents, corpus, embedding, evidence)
    weights = WITH_PASSAGES if embedding is not None else WORDS_ONLY
    scores = {key: weights.score(found) for key, found in features.items()}
    ordered = sorted(scores, key=scores.__getitem__, reverse=True)
    ordered = [key for key in ordered if _fits(features[key])]
    if not ordered:
        return Ranking()
    cut = measure_cut([features[key] for key in ordered], weights, evidence, corpus.total)
    ordered = [key for key in ordered if _is_near(features[key])]
    cut_weights = CUT_BY_PASSAGES if embedding is not None else CUT_BY_WORDS
    return Ranking(
        matches=tuple(Match(key=key, score=scores[key]) for key in ordered),
        probability=cut_weights.probability(cut),
        has_all_words=bool(ordered) and features[ordered[0]].has_all_words,
    )


def _fits(features: Features) -> bool:
    """Return whether a document has anything of a query."""
    return bool(features.related or features.passages or features.threads)


def _is_near(features: Features) -> bool:
    """Return whether a document is worth a look: any two texts are a little alike in meaning."""
    return bool(features.related or features.threads or features.passages >= _LEAST_ALIKE)


def compare(
    query: str,
    documents: Sequence[Document],
    corpus: Corpus | None = None,
    embedding: Embedding | None = None,
    evidence: ThreadEvidence = USUAL,
) -> dict[str, Features]:
    """Return how well each document fits the query, by its key."""
    asked = _Query.read(query, documents, corpus or read_corpus(documents))
    average = sum(document.length for document in documents) / max(1, len(documents))
    return {
        document.key: asked.compare(
            document, average, embedding, evidence.covered.get(document.key, 0.0)
        )
        for document in documents
    }


@dataclass(frozen=True, slots=True, kw_only=True)
class _Query:
    """A query's terms, each with its rarity, as typed and with related ones.

    A word that two neighbors make counts as either of them. `parts`: the two terms that an unknown
    one is made of; an entry with both has it.
    """

    typed: Mapping[str, Mapping[str, float]]
    near: Mapping[str, Mapping[str, float]]
    parts: Mapping[str, Pair]
    rarity: Mapping[str, float]
    wanted: frozenset[str]
    total: float

    @classmethod
    def read(cls, query: str, documents: Sequence[Document], corpus: Corpus) -> "_Query":
        """Look the terms of a query up in the documents."""
        terms = list(dict.fromkeys(search_terms(query)))[:_MOST_TERMS]
        held = set[str]().union(*(field for document in documents for field in document.fields))
        # Only terms with these beginnings are looked up by them.
        beginnings = {term[:_FEWEST_TYPED] for term in terms}
        ordered = sorted(term for term in held if term[:_FEWEST_TYPED] in beginnings)
        joined = join_neighbors(query)
        typed, near, rarity = {}, {}, {}
        for term in terms:
            begun = _begun(term, ordered) if term == terms[-1] and term not in held else []
            typed[term] = {term: 1.0} if term in held else dict.fromkeys(begun, _BEGUN)
            typed[term] |= dict.fromkeys(joined.get(term, set()) & held, 1.0)
            shared = dict.fromkeys(_same_beginning(term, ordered), _SAME_BEGINNING)
            like = {other: x * x for other, x in related(term).items() if other in held}
            both = {other: max(shared.get(other, 0), like.get(other, 0)) for other in shared | like}
            near[term] = both | typed[term]
            best = max(near[term], key=near[term].__getitem__, default=term)
            rarity[term] = corpus.rarity(term if term in corpus.counts else best)
        parts = split_unknown(query, held)
        return cls(
            typed=typed,
            near=near,
            parts=parts,
            rarity=rarity,
            wanted=frozenset().union(*near.values()),
            total=sum(rarity.values()) or 1.0,
        )

    def compare(
        self, document: Document, average: float, embedding: Embedding | None, threads: float
    ) -> Features:
        """Return how well a document fits the query.

        `average`: the length of the documents. `threads`: how much of it covered threads have.
        """
        bend = 1 - _BY_LENGTH + _BY_LENGTH * document.length / max(1.0, average)
        exact = near = amount = 0.0
        # A document has many terms, and few of them are of interest.
        held = {term for terms in document.fields for term in terms.keys() & self.wanted}
        for term, rarity in self.rarity.items():
            if held.isdisjoint(self.near[term]):
                if term in self.parts and _has_both(document, self.parts[term]):
                    both = min(_saturated({it: 1.0}, document, bend) for it in self.parts[term])
                    exact += rarity * both
                    near += rarity * both
                    amount += rarity
                continue
            exact += rarity * _saturated(self.typed[term], document, bend)
            near += rarity * _saturated(self.near[term], document, bend)
            amount += rarity * max(
                (x for other, x in self.near[term].items() if _has(document, other)), default=0.0
            )
        passages = document.passages if embedding else ()
        likeness = sorted((cosine(embedding or (), passage) for passage in passages), reverse=True)
        return Features(
            exact=exact / self.total,
            related=near / self.total,
            amount=amount,
            passages=sum(likeness[:2]) / max(1, len(likeness[:2])),
            likeness=likeness[0] if likeness else 0.0,
            threads=threads,
            has_all_words=all(
                any(_has(document, other) for other in typed)
                or (term in self.parts and _has_both(document, self.parts[term]))
                for term, typed in self.typed.items()
            ),
        )


def _has(document: Document, term: str) -> bool:
    title, tags, trigger, rule, other = document.fields
    return term in title or term in rule or term in trigger or term in other or term in tags


def _has_both(document: Document, parts: Pair) -> bool:
    """Return whether a document has both parts of a compound in one of its short fields.

    In a long text, two common words are often far apart.
    """
    return any(all(part in field for part in parts) for field in document.fields[:_SHORT_FIELDS])


def _saturated(wanted: Mapping[str, float], document: Document, bend: float) -> float:
    """Return how much a document has of a term, 0 to nearly 1."""
    amount = 0.0
    for weight, counts in zip(FIELD_WEIGHTS, document.fields, strict=True):
        most = 0.0
        for term, x in wanted.items():
            if term in counts:
                most = max(most, x * min(counts[term], _MOST_REPEATED))
        amount += weight * most
    return amount / (amount + _SATURATION * bend) if amount else 0.0


def _begun(term: str, ordered: Sequence[str]) -> list[str]:
    """Return the terms that begin with a half typed one."""
    return _beginning_with(term, ordered) if len(term) >= _FEWEST_TYPED else []


def _same_beginning(term: str, ordered: Sequence[str]) -> list[str]:
    """Return the terms that differ from a term in a few last letters only."""
    if len(term) <= _FEWEST_SHARED or term[0] == "#":
        return []
    beginning = term[: max(_FEWEST_SHARED, len(term) - 2)]
    return [
        other
        for other in _beginning_with(term[:_FEWEST_SHARED], ordered)
        if other != term
        and abs(len(other) - len(term)) <= _MOST_UNSHARED
        and (other.startswith(beginning) or term.startswith(other))
    ]


def _beginning_with(beginning: str, ordered: Sequence[str]) -> list[str]:
    first = bisect_left(ordered, beginning)
    last = bisect_left(ordered, beginning + "\uffff")
    return list(ordered[first:last])
