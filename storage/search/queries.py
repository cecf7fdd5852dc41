"""Search: what people type or say, turned into words to match, with slips of typing mended."""

from collections.abc import Iterable, Sequence
from typing import Final

from sqlalchemy import ColumnElement, func, literal, union_all
from sqlmodel import Session, col, select

from bot.domain.entries import EntryId, TeamId
from storage.aggregate import Queries
from storage.search.matching import Join, Wanted, any_matching, matching
from storage.search.spelling import distance, grams, tokens
from storage.tables.search import TermGramRow, TermRow

_UNSAYING: Final = """
a an and any are as at be been but by can could did do does for from get had has have he her how i
if in into is it its just let may me my no not of on or our should so some than that the their them
then there these they this those to up us was we were what when where which who why will with would
you your
"""
_STOP: Final = frozenset(_UNSAYING.split())
# Nobody types more words than this into a search; a pasted text is cut here.
_MOST_WORDS: Final = 24
# A shorter word is too near to too many others.
_MENDED_LETTERS: Final = 4
# From this length on, two slips still leave a word to be known by.
_LONG: Final = 7
_CANDIDATES: Final = 60
_TRIED: Final = 5
# So many entries are ranked in about 10 ms on either database.
_RANKED: Final = 6000
# Sorts after every word that begins alike.
_LAST: Final = "\uffff"


class Search(Queries):
    """Searches among the entries that fulfil `where`."""

    def __init__(
        self, session: Session, team: TeamId, where: Sequence[ColumnElement[bool]]
    ) -> None:
        super().__init__(session, team)
        self._where = where

    def find(self, words: str, limit: int, *, exact: bool = False) -> list[EntryId]:
        """Those with all the words, then those with some. `exact`: all, as they were typed."""
        wanted = _telling(words)
        if exact:
            return self._match(Wanted(words=wanted, prefix=False), limit)
        found = self._match(Wanted(words=wanted), limit)
        if not found:
            wanted = self._mended(wanted)
            found = self._match(Wanted(words=wanted), limit)
        if len(found) < limit and len(wanted) > 1:
            found += self._match(Wanted(words=self._rarest(wanted), join=Join.ANY), limit)
        return list(dict.fromkeys(found))[:limit]

    def begun(self, words: str, limit: int) -> list[EntryId]:
        """Those whose title holds all the words, the last perhaps half typed; else `find`."""
        wanted = tokens(words)[:_MOST_WORDS]
        found = self._match(Wanted(words=wanted, in_title=True), limit)
        return found or self.find(words, limit)

    def covering(self, terms: Iterable[str], limit: int) -> list[EntryId]:
        """Those with any of the terms, which may be cut to their stems already."""
        wanted = list(dict.fromkeys(token for term in terms for token in tokens(term)))
        return self._match(Wanted(words=self._rarest(wanted[:_MOST_WORDS]), join=Join.ANY), limit)

    def _match(self, wanted: Wanted, limit: int) -> list[EntryId]:
        return matching(self._session, wanted, self._where, limit)

    def _any(self, wanted: Wanted) -> bool:
        return any_matching(self._session, wanted, self._where)

    def _rarest(self, words: Sequence[str]) -> list[str]:
        """The words that tell entries apart, as many as can be ranked in a moment.

        What half of all entries hold would cost most of the time and change little in the order.
        """
        held = self._held(words)
        chosen: list[str] = []
        budget = _RANKED
        for word in sorted((word for word in words if held[word]), key=held.__getitem__):
            if chosen and held[word] > budget:
                break
            chosen.append(word)
            budget -= held[word]
        return chosen

    def _held(self, words: Sequence[str]) -> dict[str, int]:
        """In about how many revisions each word, or a longer one, stands; asked in one query."""
        if not words:
            return {}
        counts = [
            select(literal(at), func.coalesce(func.sum(TermRow.seen), 0)).where(
                TermRow.team_id == self._team, TermRow.term >= word, TermRow.term < word + _LAST
            )
            for at, word in enumerate(words)
        ]
        found = self._session.connection().execute(union_all(*counts))
        return {words[at]: count for at, count in found}

    def _mended(self, words: Sequence[str]) -> list[str]:
        """Words no entry holds all of: each that anything holds, or else the nearest such one."""
        # A single word is known to be held by none.
        mended = [
            word if len(words) > 1 and self._any(Wanted(words=[word])) else self._nearest(word)
            for word in words
        ]
        return list(dict.fromkeys(word for word in mended if word))

    def _nearest(self, word: str) -> str | None:
        near = self._near(word) if len(word) >= _MENDED_LETTERS else []
        return next((term for term in near if self._any(Wanted(words=[term], prefix=False))), None)

    def _near(self, word: str) -> list[str]:
        """Words of the workspace that may have been meant, the nearest first."""
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
        return [term for apart, _, term in sorted(ranked) if apart <= most][:_TRIED]


def _telling(words: str) -> list[str]:
    """The words that say something; all of them if none does."""
    found = list(dict.fromkeys(tokens(words)))
    return ([word for word in found if word not in _STOP] or found)[:_MOST_WORDS]
