"""The people who were pulled in one after the other, and how long each was waited for."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from bot.domain.entries import UserId
from bot.domain.kinds import MOST_LEVELS, Kind, field_of
from bot.domain.listening.conversation import Said

_WORDS: Final = {
    "a": 1,
    "an": 1,
    "one": 1,
    "two": 2,
    "four": 4,
    "five": 5,
    "eight": 8,
    "ten": 10,
    "fifteen": 15,
    "thirty": 30,
    "half an": 0.5,
}
_DURATION: Final = (
    rf"(\d+|{'|'.join(sorted(_WORDS, key=len, reverse=True))})\s*(m|h)(?:in|ou?r|r)?\w*"
)
# A time that someone waits, as in "after 15 minutes", "give him ten minutes", "no reply in 1 h".
_WAIT: Final = re.compile(
    r"\b(?:after|within|wait(?:s|ing)?(?: for)?|give (?:him|her|them|it|@?[\w.-]+)"
    rf"|(?:answers?|reply|replies|response|reacts?|up) (?:in|within|for|after))\s+{_DURATION}\b",
    re.IGNORECASE,
)
_HOUR: Final = 60  # minutes
_CHOICES: Final = frozenset(
    int(choice.value) for choice in field_of(Kind.ESCALATION, "levels").choices
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Level:
    """One person to notify. `wait`: minutes to wait for them, if someone said so.

    `sources`: the messages that mention them.
    """

    user: UserId
    wait: int | None = None
    sources: tuple[Said, ...]


def find_levels(messages: Sequence[Said], calls: Sequence[bool]) -> tuple[Level, ...]:
    """Return the people whom a thread pulled in, in the order of their first mention.

    `calls`: for each message, whether it pulls someone in or says whom to pull in. A person who
    spoke before they were mentioned wasn't pulled in.
    """
    spoke: set[UserId] = set()
    levels: dict[UserId, Level] = {}
    for said, is_call in zip(messages, calls, strict=True):
        spoke.add(said.user)
        if not is_call:
            continue
        for user, wait in _mentions(said):
            if user in levels:
                levels[user] = Level(
                    user=user,
                    wait=levels[user].wait or wait,
                    sources=(*levels[user].sources, said),
                )
            elif user not in spoke:
                levels[user] = Level(user=user, wait=wait, sources=(said,))
    return tuple(levels.values())[:MOST_LEVELS]


def _mentions(said: Said) -> Iterator[tuple[UserId, int | None]]:
    """Yield the people whom a message mentions, each with the wait before the next of them."""
    places = sorted((max(said.text.find(f"@{user}"), 0), user) for user in set(said.mentions))
    ends = [*(start for start, _ in places[1:]), len(said.text)]
    for (start, user), end in zip(places, ends, strict=False):
        yield user, _wait(said.text[start:end])


def _wait(text: str) -> int | None:
    """Return the minutes to wait that a text states, if a form offers them."""
    stated = _WAIT.search(text)
    if stated is None:
        return None
    amount = stated.group(1).lower()
    number = float(_WORDS[amount]) if amount in _WORDS else float(amount)
    minutes = int(number * (_HOUR if stated.group(2).lower() == "h" else 1))
    return minutes if minutes in _CHOICES else None
