"""Phrases of chat that one reader rated as titles: `data/titles.json`."""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

TITLES: Final = Path(__file__).with_name("data") / "titles.json"
GOOD: Final = 0.7  # a title of at least this grade names its matter
_ARTICLE: Final = re.compile(r"^(?:the|an?|my|our|your|his|her|their|its|this|these) ")
# A fair phrase is worth half a good one, and a phrase that was called poor at most this much.
_FAIR: Final = 0.5
_POOR: Final = 0.3
_DECENT: Final = 0.6  # from this similarity to a rated phrase on, a phrase is worth something


@dataclass(frozen=True, slots=True, kw_only=True)
class RatedPhrases:
    """Phrases of a matter or thread: those that make a good, a fair and a poor title."""

    good: tuple[str, ...]
    fair: tuple[str, ...]
    poor: tuple[str, ...]

    def rate(self, title: str) -> float:
        """Return how good a title is, 0 to 1, judged by the rated phrases."""
        grades = {
            **{_plain(phrase): 0.0 for phrase in self.poor},
            **{_plain(phrase): _FAIR for phrase in self.fair},
            **{_plain(phrase): 1.0 for phrase in self.good},
        }
        grade = grades.get(_plain(title))
        if grade:
            return grade
        near = max(
            (
                worth * max(0.0, compare(title, phrase) - _DECENT) / (1 - _DECENT)
                for phrase, worth in grades.items()
            ),
            default=0.0,
        )
        return near if grade is None else min(near, _POOR)


UNRATED: Final = RatedPhrases(good=(), fair=(), poor=())


def load_phrases(team: str) -> Mapping[str, RatedPhrases]:
    """Return the rated phrases of a team, by the key of the matter or the thread's timestamp.

    No one rated those of the added and the unseen teams.
    """
    rows = json.loads(TITLES.read_text("utf-8")).get(team, {})
    return {
        key: RatedPhrases(**{grade: tuple(phrases) for grade, phrases in row.items()})
        for key, row in rows.items()
    }


def compare(title: str, phrase: str) -> float:
    """Return how well the words of two phrases agree, without an article at their start."""
    return f1(_plain(title).split(), _plain(phrase).split())


def f1(found: list[str], expected: list[str]) -> float:
    """Return how well two lists of words agree, whatever their order."""
    rest = list(expected)
    for word in found:
        if word in rest:
            rest.remove(word)
    common = len(expected) - len(rest)
    return 2 * common / (len(found) + len(expected)) if common else 0.0


def _plain(phrase: str) -> str:
    return _ARTICLE.sub("", phrase.lower())
