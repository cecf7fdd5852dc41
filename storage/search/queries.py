"""Search: people's words turned into words to match, with typos corrected."""

from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Final

from sqlalchemy import TextClause, func, text
from sqlmodel import Session, col, select

from bot.domain.compounds import join_neighbors, split_compound
from bot.domain.entries import EntryId, TeamId
from bot.domain.ranking import Corpus, rank, read_words
from bot.domain.related import is_common
from bot.domain.search_terms import term_of
from bot.domain.spelling import distance
from bot.domain.stemming import stem
from storage.aggregate import Queries
from storage.search.candidates import Candidates, choose_candidates, count_entries, list_related
from storage.search.matching import Join, Where, WordSearch, any_matching, matching
from storage.search.spelling import grams, tokens
from storage.tables.search import TermGramRow

_STOP_WORD_LIST: Final = """
a an and any are as at be been but by can could did do does for from get had has have he her how i
if in into is it its just let may me my no not of on or our should so some than that the their them
then there these they this those to up us was we were what when where which who why will with would
you your
"""
_STOP_WORDS: Final = frozenset(_STOP_WORD_LIST.split())
# People don't type more words than this into a search. A pasted text is cut here.
_MOST_WORDS: Final = 24
_MOST_TYPED: Final = 60
# The shortest word to correct. Shorter ones are similar to too many others.
_CORRECTED_LETTERS: Final = 4
# From this length on, a word with two typos is still recognizable.
_LONG: Final = 7
# The letters of the parts of a compound: `log in` is written in a row.
_LEAST_PART: Final = 3
_LEAST_END: Final = 2
_CANDIDATES: Final = 60
_MOST_SIMILAR: Final = 5
# How many entries either database ranks in about 10 ms.
_RANKED: Final = 6000
# Sorts after every word with the same beginning.
_LAST: Final = "\uffff"
# So many statements are kept, because building one takes longer than running it.
_MOST_COUNTED: Final = 200


class Search(Queries):
    """A search among the entries that meet `where`."""

    def __init__(self, session: Session, team: TeamId, where: Where) -> None:
        super().__init__(session, team)
        self._where = where.of_team(team)

    def find(self, words: str, limit: int, *, exact: bool = False) -> list[EntryId]:
        """Return the entries with any of the words, or with words that mean the same, best first.

        `exact`: only entries with all the words, exactly as typed.
        """
        if exact:
            chosen = _significant_words(words)
            return self._match(WordSearch(words=chosen, prefix=False), limit)
        candidates = self.choose(words)
        documents = [
            read_words(str(key), title=text.title, tags=text.tags, body=text.body)
            for key, text in candidates.texts.items()
        ]
        ranking = rank(candidates.question, documents, candidates.corpus)
        return [EntryId(int(match.key)) for match in ranking.matches[:limit]]

    def choose(self, words: str, *, correct: bool = True, most: int | None = None) -> Candidates:
        """Return the candidates for the ranking; a typo is corrected if no entry has the word.

        `most`: of those with the words, so many; None is as many as are ranked in a search.
        """
        typed = _significant_words(words)
        corrected = self._correct(typed) if correct else typed
        changed = dict(zip(typed, corrected, strict=True))
        asked = tokens(words)[:_MOST_TYPED]
        # The ranking itself looks for entries with both parts of a compound.
        whole = {word for word, better in changed.items() if _has_parts(better)}
        question = " ".join(
            token if token in whole else changed.get(token, token) for token in asked
        )
        chosen = _significant_words(" ".join(changed.get(token, token) for token in asked))
        near = list_related(chosen)
        stems = {stem(word) for word in chosen} | {it for like in near.values() for it in like}
        stems |= {it for joined in join_neighbors(question).values() for it in joined}
        counts = self._count_revisions(sorted(stems | set(chosen)))
        held = [it for it in dict.fromkeys([*chosen, *sorted(stems)]) if counts[it]]
        total = count_entries(self._session, self._team)
        rarest = self._rarest(held, counts)
        texts = choose_candidates(self._session, rarest, self._where, total=total, most=most)
        corpus = Corpus(
            total=total,
            counts={term: counts[term] for term in stems if counts[term]},
        )
        return Candidates(question=question, texts=texts, corpus=corpus)

    def complete(self, words: str, limit: int) -> list[EntryId]:
        """Return the entries with all the words in their title; otherwise, `find`.

        The last word may be half typed.
        """
        chosen = tokens(words)[:_MOST_WORDS]
        return self._match(WordSearch(words=chosen, in_title=True), limit) or self.find(
            words, limit
        )

    def _match(self, search: WordSearch, limit: int) -> list[EntryId]:
        return matching(self._session, search, self._where, limit)

    def _has_match(self, search: WordSearch) -> bool:
        return any_matching(self._session, search, self._where)

    def _rarest(self, words: Sequence[str], counts: Mapping[str, int]) -> list[str]:
        """Return the words that the fewest entries have, as many as can be compared quickly.

        A word in half of all entries would take most of the time and hardly change the order.
        """
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
        params: dict[str, object] = {"team": self._team}
        for place, word in enumerate(words):
            params |= {f"from{place}": word, f"to{place}": word + _LAST}
        rows = self._session.connection().execute(_counting(len(words)), params)
        return {words[place]: count for place, count in rows.all()}

    def _correct(self, words: Sequence[str]) -> list[str]:
        """Replace each word that no entry has with its parts, or with the most similar one.

        The last word may be half typed. A word that no entry has the like of stays.
        """
        counts = self._count_revisions(words)
        return [self._correct_word(word, counts[word]) for word in words]

    def _correct_word(self, word: str, count: int) -> str:
        """Return two words for a compound; a common word that no entry has isn't a slip."""
        is_word = is_common(stem(word))
        if count if is_word else self._has_match(WordSearch(words=[word])):
            return word
        similar = None if is_word else self._most_similar(word)
        return self._split(word) or similar or word

    def _split(self, word: str) -> str:
        """Return the two words in a row, in some entry, that a word is made of; empty if none."""
        beginnings = [word[:at] for at in range(_LEAST_PART, len(word) - _LEAST_END + 1)]
        known = {it for it, count in self._count_revisions(beginnings).items() if count}
        pair = split_compound(
            word,
            lambda pair: (
                pair[0] in known
                and self._has_match(WordSearch(words=pair, join=Join.ROW, prefix=False))
            ),
            _LEAST_END,
        )
        return " ".join(pair or ())

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


@lru_cache(_MOST_COUNTED)
def _counting(words: int) -> TextClause:
    """Count the revisions with each of so many words, in one query.

    As text, because SQLAlchemy takes longer over so many parts than the database.
    """
    parts = (
        f"SELECT {place}, coalesce(sum(seen), 0) FROM terms WHERE team_id = :team"  # noqa: S608 - only numbers are put in
        f" AND term >= :from{place} AND term < :to{place}"
        for place in range(words)
    )
    return text(" UNION ALL ".join(parts))


def _has_parts(text: str) -> bool:
    """Return whether a text is two words that both say something, unlike `log in`."""
    return " " in text and all(map(term_of, text.split()))


def _significant_words(words: str) -> list[str]:
    """Return the words without stop words; all of them if they are all stop words."""
    unique = list(dict.fromkeys(tokens(words)))
    return ([word for word in unique if word not in _STOP_WORDS] or unique)[:_MOST_WORDS]
