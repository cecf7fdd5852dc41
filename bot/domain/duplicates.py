"""Entries that may already say what someone is about to record."""

from collections.abc import Iterable, Sequence
from collections.abc import Set as AbstractSet
from math import log1p
from typing import Final

from bot.domain.listening.coverage import WORDS_ONLY, Numbers
from bot.domain.ranking import Corpus, Document, Features, compare
from bot.domain.search_terms import search_terms

# From this probability on that an entry covers a text, it is shown. On the drafts of 60 matters of
# four teams, that found 5 of the 20 entries that they repeat, and one other.
_SURE: Final = 0.95
# A single shared word may be chance.
_FEWEST: Final = 2
_MOST: Final = 3
# Two entries about one matter fit nearly as well, so neither leads.
_NEARLY: Final = 0.8


def list_duplicates(text: str, documents: Sequence[Document], corpus: Corpus) -> list[str]:
    """Return the keys of the entries that probably cover a text, best first.

    So does an entry that has all words of the text, or whose whole title is in it. `corpus`: as in
    `rank`.
    """
    terms = set(search_terms(text))
    if len(terms) < _FEWEST:
        return []
    features = compare(text, documents, corpus)
    titled = {document.key for document in documents if _is_titled(document, terms)}
    chances = {
        key: 1.0
        if key in titled or found.has_all_words
        else _probability(found.amount, features.values(), terms)
        for key, found in features.items()
    }
    likely = [key for key, chance in chances.items() if chance >= _SURE]
    return sorted(likely, key=lambda key: (-chances[key], -features[key].amount))[:_MOST]


def _probability(amount: float, features: Iterable[Features], terms: AbstractSet[str]) -> float:
    """Return how probably an entry covers a text, as if no other one fitted nearly as well."""
    others = (found.amount for found in features if found.amount < _NEARLY * amount)
    numbers = Numbers(
        amount=amount,
        amount_lead=amount - max(others, default=0.0),
        length=log1p(len(terms)),
        passages=0.0,
        passages_lead=0.0,
    )
    return WORDS_ONLY.probability(numbers)


def _is_titled(document: Document, terms: AbstractSet[str]) -> bool:
    """Return whether all words of an entry's title are among these."""
    title = document.fields[0].keys()
    return len(title) >= _FEWEST and title <= terms
