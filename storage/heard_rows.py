"""Conversion between rows of heard messages and what listening knows of them."""

from collections.abc import Mapping
from typing import Any, Final

from bot.domain.entries import EntryId, UserId
from bot.domain.listening.heard import Heard
from bot.domain.listening.stored import StoredMessage
from bot.domain.recognition import Reading, SpeechAct

_ACTS: Final = tuple(act for act in SpeechAct if act is not SpeechAct.NONE)
_DIGITS: Final = 3  # of a probability


def values_of(message: StoredMessage) -> dict[str, Any]:
    """Return the columns of a message, except its keys."""
    heard = message.heard
    return {
        "user": heard.user,
        "at": heard.at,
        "features": {
            "mentions": sorted(heard.mentions),
            "terms": sorted(heard.terms),
            "pairs": sorted(heard.pairs),
            "identifiers": sorted(heard.identifiers),
            "words": heard.words,
            "asks": heard.asks,
            "reading": _reading_values(heard.reading),
        },
        "meaning": heard.meaning,
        "excerpt": message.excerpt,
        "incident": heard.reading.incident,
        "entry_id": message.entry,
        "coverage": message.coverage,
    }


def stored_of(row: Mapping[Any, Any]) -> StoredMessage:
    """Return the message of a row."""
    features = row["features"]
    return StoredMessage(
        heard=Heard(
            ts=row["ts"],
            user=UserId(row["user"]),
            at=row["at"],
            mentions=frozenset(map(UserId, features["mentions"])),
            terms=frozenset(features["terms"]),
            pairs=frozenset(features["pairs"]),
            identifiers=frozenset(features["identifiers"]),
            words=features["words"],
            asks=features["asks"],
            reading=_reading(features["reading"]),
            meaning=bytes(row["meaning"]),
        ),
        excerpt=row["excerpt"],
        entry=None if row["entry_id"] is None else EntryId(row["entry_id"]),
        coverage=row["coverage"],
    )


def _reading_values(reading: Reading) -> dict[str, Any]:
    return {
        "act": reading.act.value,
        "score": round(reading.score, _DIGITS),
        "scores": [round(reading.scores[act], _DIGITS) for act in _ACTS],
        "standing": round(reading.standing, _DIGITS),
        "settles": round(reading.settles, _DIGITS),
        "closes": reading.closes,
        "acute": reading.acute,
        "incident": reading.incident,
        "small_talk": round(reading.small_talk, _DIGITS),
    }


def _reading(values: Mapping[str, Any]) -> Reading:
    scores = dict(zip(_ACTS, values["scores"], strict=True))
    return Reading(**{**values, "act": SpeechAct(values["act"]), "scores": scores})
