"""Search: people's words turned into words to match, with typos corrected."""

from collections.abc import Iterable, Sequence
from typing import Final

from sqlalchemy import ColumnElement, func, literal, union_all
from sqlmodel import Session, col, select

from bot.domain.entries import EntryId, TeamId
from bot.domain.spelling import distance
from storage.aggregate import Queries
from storage.search.matching import Join, WordSearch, any_matching, matching
from storage.search.spelling import grams, tokens
from storage.tables.search import TermGramRow, TermRow

_STOP_WORD_LIST: Final = """
a an and any are as at be been but by can could did do does for from get had has have he her how i
if in into is it its just let may me my no not of on or our should so some than that the their them
then there these they this those to up us was we were what when where which who why will with would
you your
"""
_STOP_WORDS: Final = frozenset(_STOP_WORD_LIST.split())
# People don't type more words than this into a search. A pasted text is cut here.
_MOST_WORDS: Final = 24
# The shortest word to correct. Shorter ones are similar to too many others.
_CORRECTED_LETTERS: Final = 4
# From this length on, a word with two typos is still recognizable.
_LONG: Final = 7
_CANDIDATES: Final = 60
_MOST_SIMILAR: Final = 5
# How many entries either database ranks in about 10 ms.
_RANKED: Final = 6000
# Sorts after every word with the same beginning.
_LAST: Final = "\uffff"


class Search(Queries):
    """A search among the entries that meet `where`."""

    def __init__(
        self, session: Session, team: TeamId, where: Sequence[ColumnElement[bool]]
    ) -> None:
        super().__init__(session, team)
        self._where = where

    def find(self, words: str, limit: int, *, exact: bool = False) -> list[EntryId]:
        """Return the entries with all the words, then those with some.

        `exact`: only entries with all the words, exactly as typed.
        """
        chosen = _significant_words(words)
        if exact:
            return self._match(WordSearch(words=chosen, prefix=False), limit)
        matches = self._match(WordSearch(words=chosen), limit)
        if not matches:
            chosen = self._correct(chosen)
            matches = self._match(WordSearch(words=chosen), limit)
        if len(matches) < limit and len(chosen) > 1:
            matches += self._match(WordSearch(words=self._rarest(chosen), join=Join.ANY), limit)
        return list(dict.fromkeys(matches))[:limit]

    def complete(self, words: str, limit: int) -> list[EntryId]:
        """Return the entries with all the words in their title; otherwise, `find`.

        The last word may be half typed.
        """
        chosen = tokens(words)[:_MOST_WORDS]
        return self._match(WordSearch(words=chosen, in_title=True), limit) or self.find(
            words, limit
        )

    def covering(self, terms: Iterable[str], limit: int) -> list[EntryId]:
        """Return the entries with any of the terms. The terms may be stems."""
        chosen = list(dict.fromkeys(token for term in terms for token in tokens(term)))
        return self._match(
            WordSearch(words=self._rarest(chosen[:_MOST_WORDS]), join=Join.ANY), limit
        )

    def _match(self, search: WordSearch, limit: int) -> list[EntryId]:
        return matching(self._session, search, self._where, limit)

    def _has_match(self, search: WordSearch) -> bool:
        return any_matching(self._session, search, self._where)

    def _rarest(self, words: Sequence[str]) -> list[str]:
        """Return the words that the fewest entries have, as many as can be ranked quickly.

        A word in half of all entries would take most of the time and hardly change the order.
        """
        counts = self._count_revisions(words)
        chosen: list[str] = []
        budget = _RANKED
        for word in sorted((word for word in words if counts[word]), key=counts.__getitem__):
            if chosen and counts[word] > budget:
                break
            chosen.append(word)
            budget -= counts[word]
        return chosen

    def _count_revisions(self, words: Sequence[str]) -> dict[str, int]:
        """Return about how many revisions contain each word, or a word that begins with it."""
        if not words:
            return {}
        # One query for all words.
        queries = [
            select(literal(place), func.coalesce(func.sum(TermRow.seen), 0)).where(
                TermRow.team_id == self._team, TermRow.term >= word, TermRow.term < word + _LAST
            )
            for place, word in enumerate(words)
        ]
        rows = self._session.connection().execute(union_all(*queries))
        return {words[place]: count for place, count in rows}

    def _correct(self, words: Sequence[str]) -> list[str]:
        """Replace each word that no entry has with the most similar word that one has."""
        # If there is only one word, no entry has it.
        corrected = [
            word
            if len(words) > 1 and self._has_match(WordSearch(words=[word]))
            else self._most_similar(word)
            for word in words
        ]
        return list(dict.fromkeys(word for word in corrected if word))

    def _most_similar(self, word: str) -> str | None:
        similar = self._similar(word) if len(word) >= _CORRECTED_LETTERS else []
        return next(
            (term for term in similar if self._has_match(WordSearch(words=[term], prefix=False))),
            None,
        )

    def _similar(self, word: str) -> list[str]:
        """Return the workspace's words that a mistyped word may mean, the most similar first."""
        most = 2 if len(word) >= _LONG else 1
        shared = func.count()
        query = (
            select(TermGramRow.term, shared)
            .where(TermGramRow.team_id == self._team, col(TermGramRow.gram).in_(grams(word)))
            .group_by(col(TermGramRow.term))
            .order_by(shared.desc(), col(TermGramRow.term))
            .limit(_CANDIDATES)
        )
        ranked = [(distance(word, term), -count, term) for term, count in self._session.exec(query)]
        return [term for steps, _, term in sorted(ranked) if steps <= most][:_MOST_SIMILAR]


def _significant_words(words: str) -> list[str]:
    """Return the words without stop words; all of them if they are all stop words."""
    unique = list(dict.fromkeys(tokens(words)))
    return ([word for word in unique if word not in _STOP_WORDS] or unique)[:_MOST_WORDS]
