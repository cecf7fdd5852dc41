"""The columns of the model that hold for a message in its thread."""

from collections.abc import Sequence
from functools import cache
from typing import Final

from bot.domain.recognition.cache import Kept
from bot.domain.recognition.context import ROLES, Role, Said, find_role, find_talk, situations
from bot.domain.recognition.cues import CUES
from bot.domain.recognition.features import CUES_AT, RUNS_AT, features
from bot.domain.recognition.layout import (
    OPENING_AT,
    OPENING_BITS,
    ROLE_COLUMNS,
    ROLES_AT,
    SIGNS_AT,
    SITUATIONS_AT,
    STEM_BITS,
    STEMS_AT,
)
from bot.domain.recognition.signs import SIGNS, find_signs
from bot.domain.recognition.stems import bucket_stems, hash_stems, spread
from bot.domain.recognition.tokens import CODE, encoded


@cache
def _role_columns(role: Role) -> tuple[dict[str, int], list[int]]:
    """Return the columns of each code and of each cue, when the author has this role."""
    first = ROLES_AT + ROLES.index(role) * ROLE_COLUMNS
    codes = {code: first + at for at, code in enumerate(CODE.values())}
    return codes, [first + len(CODE) + at for at in range(len(CUES))]


def _opening_columns(text: str) -> frozenset[int]:
    return frozenset(OPENING_AT + spread(number, OPENING_BITS) for number in hash_stems(text))


_OPENINGS: Final = Kept(_opening_columns, 1 << 10)


def columns(said: Said, before: Sequence[Said]) -> set[int]:
    """Return the columns that hold for a message. `before`: the thread's earlier messages."""
    talk = find_talk(said, before)
    role = find_role(said, talk)
    stems = bucket_stems(hash_stems(said.text), STEM_BITS)
    found = features(said.text).union(
        [STEMS_AT + bucket for bucket in stems], [SIGNS_AT + at for at in find_signs(said.text)]
    )
    codes, cues = _role_columns(role)
    shift = len(SIGNS) * (1 + ROLES.index(role))
    found.update(
        [cues[column - CUES_AT] for column in found if CUES_AT <= column < RUNS_AT],
        map(codes.__getitem__, encoded(said.text)),
        [SITUATIONS_AT + at for at in situations(said, talk, role)],
        [shift + column for column in found if column >= SIGNS_AT],
    )
    if talk:
        found |= _OPENINGS[talk[0].text]
    return found
