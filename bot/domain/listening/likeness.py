"""How likely two threads are about the same matter."""

from collections.abc import Mapping
from dataclasses import dataclass
from math import fsum, log, sqrt
from operator import mul
from typing import Final

from bot.domain.embedding import cosine as closeness
from bot.domain.entries import UserId
from bot.domain.listening.models import Models
from bot.domain.listening.profiles import Ids, Profile
from bot.domain.listening.rarity import Rarities

FEATURES: Final = (
    *("whole", "opening", "opening_whole", "answer", "answer_opening"),
    *("rarest", "second_rarest", "third_rarest", "six_rarest", "shared", "pair", "pairs"),
    *("same_settler", "same_asker", "same_helper", "settled_by_each_other", "same_channel"),
    *("size_a", "size_b", "size_difference", "days", "same_shift"),
    *("identifier", "lone_a", "lone_b", "rarest_same_settler", "share_of_smaller"),
    *("rare_settler", "both_ask", "same_kind", "whole_same_settler", "same_mention"),
    *("rare_words", "any_rare_word", "people_overlap", "opening_rank"),
    *("both_work", "both_open_with_work", "both_settled", "standing", "same_acts"),
    *("same_answerer", "rare_answerer"),
    *("both_decide", "both_escalate", "both_hand_over", "both_ask_likely", "both_report"),
)
SEMANTIC_FEATURES: Final = (
    *FEATURES,
    *("meaning", "meaning_opening", "meaning_answer", "meaning_crossed", "meaning_same_settler"),
)

_SHIFT: Final = 6 * 3600
_DAY: Final = 86_400
# A term that is this rare, 0 to 1, seldom comes up in two threads by chance.
_RARE: Final = 0.62
# Terms that are counted singly; more add little.
_COUNTED: Final = 8


@dataclass(frozen=True, slots=True)
class People:
    """How many threads each person settled, of how many."""

    settled: Mapping[UserId, int]
    threads: int

    def rarity(self, user: UserId) -> float:
        """Return how rarely a person settles a thread, about 0 to 1."""
        return log((self.threads + 1) / (self.settled.get(user, 0) + 0.5)) / log(self.threads + 2)


@dataclass(frozen=True, slots=True, kw_only=True)
class Likeness:
    """Compares threads, given how rare terms are here and who settles threads."""

    models: Models
    rarity: Rarities
    people: People

    def probability(self, a: Profile, b: Profile) -> float:
        """Return the probability that two threads are about the same matter.

        The model with meaning is used if both threads have embeddings.
        """
        columns = features(a, b, self.rarity, self.people)
        if a.meaning is None or b.meaning is None:
            return self.models["likeness"].probability(columns)
        columns += semantic_features(a, b)
        return self.models["likeness_semantic"].probability(columns)


def cosine(a: Ids, b: Ids, rarity: Rarities) -> float:
    """Return how similar two sets of terms are, 0 to 1, rare terms counting most."""
    shared = a & b
    if not shared:
        return 0.0
    return rarity.squares(shared) / (rarity.length(a) * rarity.length(b))


def features(a: Profile, b: Profile, rarity: Rarities, people: People) -> list[float]:
    """Return the features of two threads, in the order of `FEATURES`."""
    whole_a, whole_b = a.whole, b.whole
    shared = whole_a & whole_b
    weights = sorted(map(rarity.__getitem__, shared), reverse=True)
    top = [*weights[:3], 0.0, 0.0, 0.0][:3]
    whole = cosine(whole_a, whole_b, rarity)
    pairs = len(frozenset(a.pairs).intersection(b.pairs)) if shared else 0
    settler = a.settler == b.settler
    apart = abs((a.at - b.at).total_seconds())
    size_a, size_b = log(1 + len(whole_a)), log(1 + len(whole_b))
    smaller = min(rarity.total(whole_a), rarity.total(whole_b))
    rare = sum(weight >= _RARE for weight in weights)
    return [
        whole,
        cosine(a.opening, b.opening, rarity),
        max(cosine(a.opening, whole_b, rarity), cosine(b.opening, whole_a, rarity)),
        cosine(a.answer, b.answer, rarity),
        max(cosine(a.answer, b.opening, rarity), cosine(b.answer, a.opening, rarity)),
        *top,
        sum(weights[:6]),
        min(len(shared), _COUNTED) / _COUNTED,
        float(pairs > 0),
        float(min(pairs, 3)),
        float(settler),
        float(a.asker == b.asker),
        float(bool(a.helpers & b.helpers)),
        float(a.settler in b.people and b.settler in a.people),
        float(a.channel == b.channel),
        size_a,
        size_b,
        abs(size_a - size_b),
        log(1 + apart / _DAY),
        float(apart < _SHIFT),
        float(bool(a.identifiers & b.identifiers)),
        float(a.messages == 1),
        float(b.messages == 1),
        sum(top) * settler,
        sum(weights) / max(smaller, 1e-6),
        people.rarity(a.settler) * settler,
        float(a.asks and b.asks),
        float(a.asks == b.asks),
        whole * settler,
        float(bool(a.mentions & b.mentions)),
        float(min(rare, _COUNTED)),
        float(min(rare, 2)),
        len(a.people & b.people) / len(a.people | b.people),
        _bm25(a, b, rarity),
        *_act_features(a, b, people),
    ]


def _act_features(a: Profile, b: Profile, people: People) -> list[float]:
    """Return what both threads do, and whether the same person answered both."""
    same = a.answerer is not None and a.answerer == b.answerer
    lengths = sqrt(fsum(map(mul, a.acts, a.acts))) * sqrt(fsum(map(mul, b.acts, b.acts)))
    return [
        min(a.work, b.work),
        min(a.opening_work, b.opening_work),
        min(a.settles, b.settles),
        max(a.standing, b.standing),
        fsum(map(mul, a.acts, b.acts)) / max(lengths, 1e-6),
        float(same),
        people.rarity(a.answerer) if a.answerer is not None and same else 0.0,
        *map(min, a.acts, b.acts),
    ]


def semantic_features(a: Profile, b: Profile) -> list[float]:
    """Return the features of two threads by meaning, in the order of `SEMANTIC_FEATURES`."""
    if a.meaning is None or b.meaning is None:
        return [0.0] * (len(SEMANTIC_FEATURES) - len(FEATURES))
    mine, other = a.meaning, b.meaning
    whole = closeness(mine.whole, other.whole)
    return [
        whole,
        closeness(mine.opening, other.opening),
        closeness(mine.answer, other.answer),
        max(closeness(mine.opening, other.whole), closeness(mine.whole, other.opening)),
        whole * (a.settler == b.settler),
    ]


def _bm25(a: Profile, b: Profile, rarity: Rarities) -> float:
    """Return the larger of two: how well one's opening finds the other thread."""
    return max(
        fsum([rarity[term] ** 1.5 for term in opening & whole]) / (3 + 0.3 * len(whole))
        for opening, whole in ((a.opening, b.whole), (b.opening, a.whole))
    )
