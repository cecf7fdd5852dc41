"""The terms of a text: the stems of its content words, and its identifiers."""

import re
from functools import lru_cache
from typing import Final

from bot.domain.stemming import stem

__all__ = ["stem", "terms"]

_SMALL_TALK: Final = """
a about actually afternoon again ah all always am an and any anybody anyone anything apr are arent
as ask asked asking asks at aug back be because been being bit both btw but by can cant cheers come
comes could day days dec did didnt do does doesnt doing don done dont down each else evening ever
every everybody everyone feb few fine first folks for fri friday from fyi gave get gets getting give
given go goes going gone good got guys had has have having he hello her here hers hes hey hi him his
hour hours how id if ill im in into is isnt it its ive jan jul jun just knew know known knows last
later least let lets like look looked looking looks lot made make makes mar may maybe me might min
mine mins minute minutes monday more morning most much must my need needed needs never new next
night no nobody nope nor not nothing nov now oct of off oh ok okay old on once one only or other our
ours out over own people perhaps please pls plz probably put puts r ready really right said same
saturday saw say says see seen sep shall she shes should so some somebody someone something soon
sorry still such sunday sure take taken takes team tell than thank thanks that thats the their them
then there theres these they theyre thing things think this those thought three through thursday thx
till time times to today told tomorrow tonight too took tried tries try trying tuesday twice two ty
u under until up ur us very w want wanted wants was wasnt we wednesday week weeks well went were
what whats when where which while who whom whose why will with wont would yeah yep yes yesterday yet
you your youre yours
"""
_STOPWORDS: Final = frozenset(_SMALL_TALK.split())
_WORD: Final = re.compile(r"@[\w.+-]+|https?://\S+|<[^<>\s]*>|[\w'./-]+")
# Where an identifier is split: at marks, and between letters and digits.
_SPLIT: Final = re.compile(r"[^a-z0-9]+|(?<=[a-z])(?=\d)|(?<=\d)(?=[a-z])")
_IDENTIFIER: Final = re.compile(r"(?=.*\d)(?=.*[a-z])")


def terms(text: str) -> list[str]:
    """Return the terms of a plain text in order, repeated as in the text.

    Small talk, mentions, links and plain numbers aren't terms. An identifier such as `web-01` is
    one, with a leading `#`, and so are its parts.
    """
    found: list[str] = []
    for word in _WORD.findall(text.lower().replace("\u2019", "'")):
        found.extend(_split(word))
    return found


@lru_cache(maxsize=1 << 15)
def _split(word: str) -> tuple[str, ...]:
    """Return the terms of the characters between two spaces."""
    if word[0] in "@<" or word.startswith("http"):
        return ()
    plain = word.strip("'./-")
    parts = [part for part in _SPLIT.split(plain.replace("'", "")) if part]
    stems = tuple(
        stem(part)
        for part in parts
        if len(part) > 1 and not part.isdigit() and part not in _STOPWORDS
    )
    if len(parts) > 1 and _IDENTIFIER.match(plain):
        return (f"#{plain}", *stems)
    return stems
