"""The profile of a thread, which likeness compares: numbers and hashes without any text."""

from array import array
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from math import fsum, sqrt
from operator import add, mul
from typing import Final

from bot.domain.embedding import unpack
from bot.domain.entries import ChannelId, UserId
from bot.domain.listening.heard import Heard
from bot.domain.recognition import SpeechAct

Ids = frozenset[int]

# A message that settles its thread with less probability isn't taken for an answer.
ANSWERS: Final = 0.3
_ACTS: Final = tuple(act for act in SpeechAct if act is not SpeechAct.NONE)
# A longer message doesn't count more in the meaning of its thread.
_COUNTED_WORDS: Final = 30


@dataclass(frozen=True, slots=True, kw_only=True)
class Meaning:
    """The sentence embeddings of a thread's parts, of length 1; empty for an empty part."""

    opening: "array[float]"
    answer: "array[float]"
    whole: "array[float]"


@dataclass(frozen=True, slots=True, kw_only=True)
class Profile:
    """The facts about a thread.

    `opening`, `answer`: the terms before and after the first reply. `settler`: who wrote the reply
    with the most terms, or the asker. `answerer`: who most likely settled it, None if no one did.
    `pairs`: a set of them would take ten times the memory. `acts`: the likeliest of each speech
    act. `meaning`: None if its messages have no embeddings.
    """

    channel: ChannelId
    at: datetime
    asker: UserId
    settler: UserId
    people: frozenset[UserId]
    mentions: frozenset[UserId]
    opening: Ids
    answer: Ids
    whole: Ids
    pairs: "array[int]"
    identifiers: Ids
    messages: int
    asks: bool
    answerer: UserId | None
    acts: tuple[float, ...]
    settles: float
    standing: float
    work: float
    opening_work: float
    meaning: Meaning | None = None

    @property
    def helpers(self) -> frozenset[UserId]:
        """The people other than the asker."""
        return self.people - {self.asker}


def make_profile(channel: ChannelId, messages: Sequence[Heard]) -> Profile:
    """Return the profile of a thread from its messages so far, oldest first."""
    asker = messages[0].user
    count = next((at for at, said in enumerate(messages) if said.user != asker), len(messages))
    opening, replies = messages[:count], messages[count:]
    asked, answered = _union(said.terms for said in opening), _union(said.terms for said in replies)
    others = [said for said in replies if said.user != asker]
    readings = [said.reading for said in messages]
    best = max(messages, key=lambda said: said.reading.settles)
    return Profile(
        channel=channel,
        at=messages[0].at,
        asker=asker,
        settler=max(others, key=lambda said: len(said.terms)).user if others else asker,
        people=frozenset(said.user for said in messages),
        mentions=frozenset[UserId]().union(*(said.mentions for said in messages)),
        opening=asked,
        answer=answered,
        whole=asked | answered if answered else asked,
        pairs=array("I", _union(said.pairs for said in messages)),
        identifiers=_union(said.identifiers for said in messages),
        messages=len(messages),
        asks=any(said.asks for said in opening),
        answerer=best.user if best.reading.settles >= ANSWERS else None,
        acts=tuple(max(reading.scores[act] for reading in readings) for act in _ACTS),
        settles=best.reading.settles,
        standing=max(reading.standing for reading in readings),
        work=1 - min(reading.small_talk for reading in readings),
        opening_work=1 - readings[0].small_talk,
        meaning=_meaning(opening, replies) if messages[0].meaning else None,
    )


def _union(parts: Iterable[Ids]) -> Ids:
    return frozenset[int]().union(*parts)


def _meaning(opening: Sequence[Heard], replies: Sequence[Heard]) -> Meaning:
    return Meaning(opening=_mean(opening), answer=_mean(replies), whole=_mean([*opening, *replies]))


def _mean(messages: Sequence[Heard]) -> "array[float]":
    """Return the mean of embeddings, of length 1; longer messages count more."""
    sums: list[float] = []
    for said in messages:
        weight = sqrt(min(said.words, _COUNTED_WORDS))
        numbers = [weight * number for number in unpack(said.meaning)]
        sums = list(map(add, sums, numbers)) if sums else numbers
    length = sqrt(fsum(map(mul, sums, sums)))
    return array("f", [number / length for number in sums] if length else [])
