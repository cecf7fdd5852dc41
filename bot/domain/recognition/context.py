"""A message's situation in its thread: who speaks, after whom, and who is mentioned."""

from bisect import bisect_right
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Final, Literal, Protocol

from bot.domain.entries import UserId


class Said(Protocol):
    """A message as `bot.domain.listening.conversation.Said` has it; that package builds on this."""

    @property
    def user(self) -> UserId:
        """Who wrote it."""

    @property
    def text(self) -> str:
        """The plain text; mentions are `@name`."""

    @property
    def at(self) -> datetime:
        """When it was written."""

    @property
    def mentions(self) -> tuple[UserId, ...]:
        """The people whom it mentions."""


# The message opens the talk, comes from the person who did, or is someone else's reply.
Role = Literal["opening", "asker", "reply"]
ROLES: Final[tuple[Role, ...]] = ("opening", "asker", "reply")

# In a long-lived thread (a Zulip topic, a thread of the week), talk ends with a silence.
_SILENCE: Final = timedelta(days=1)
_MOST_MESSAGES: Final = 60  # read back, so that a message costs the same in any thread
_GAPS: Final = (60, 300, 1800, 6 * 3600)  # seconds
_LENGTHS: Final = (13, 31, 61, 101, 161, 251, 401)  # characters
_ROUGH_LENGTHS: Final = (31, 101, 251)
_PLACES: Final = (1, 2, 3, 4, 6)  # messages before
_MOST_PEOPLE: Final = 4
_MOST_LINES: Final = 3


def _name_situations() -> tuple[str, ...]:
    names = [
        *(f"place {at}" for at in range(len(_PLACES) + 1)),
        *(f"gap {at}" for at in range(len(_GAPS) + 1)),
        *(f"length {at}" for at in range(len(_LENGTHS) + 1)),
        *(f"people {count}" for count in range(1, _MOST_PEOPLE + 1)),
        *(f"lines {count}" for count in range(1, _MOST_LINES + 1)),
        *(
            "continues",
            "newcomer",
            "to asker",
            "first reply",
            "was mentioned",
            "was just mentioned",
        ),
        *("mentions new", "mentions known", "mentions several new", "capital"),
    ]
    by_role = (
        *("role", "after question", "question opened", "asker asked", "no question"),
        *("mentions", "asks", "code", "digits", "emoji"),
        *(f"rough length {at}" for at in range(len(_ROUGH_LENGTHS) + 1)),
    )
    return (*names, *(f"{name}, {role}" for name in by_role for role in ROLES))


SITUATIONS: Final = _name_situations()
_AT: Final = {name: at for at, name in enumerate(SITUATIONS)}


def find_talk(said: Said, before: Sequence[Said]) -> Sequence[Said]:
    """Return the messages of the thread before this one since the last long silence."""
    start, at = len(before), said.at
    while start and len(before) - start < _MOST_MESSAGES and at - before[start - 1].at < _SILENCE:
        start -= 1
        at = before[start].at
    return before[start:]


def find_role(said: Said, talk: Sequence[Said]) -> Role:
    """Return the role of a message's author in the talk."""
    if not talk:
        return "opening"
    return "asker" if said.user == talk[0].user else "reply"


def situations(said: Said, talk: Sequence[Said], role: Role) -> set[int]:
    """Return what holds for a message after some talk, by position in `SITUATIONS`."""
    names = _form(said, role)
    names += _mentions(said, talk, role)
    if talk:
        names += _speakers(said, talk)
        names += _exchange(talk, role)
    return {_AT[name] for name in names}


def _form(said: Said, role: Role) -> list[str]:
    text = said.text
    length, lines = len(text), text.count("\n")
    names = [
        f"role, {role}",
        f"length {bisect_right(_LENGTHS, length)}",
        f"rough length {bisect_right(_ROUGH_LENGTHS, length)}, {role}",
    ]
    if lines:
        names.append(f"lines {min(lines, _MOST_LINES)}")
    if text[:1].isupper():
        names.append("capital")
    if "?" in text:
        names.append(f"asks, {role}")
    if "`" in text:
        names.append(f"code, {role}")
    if text.count(":") > 1:
        names.append(f"emoji, {role}")
    if any(map(text.__contains__, "0123456789")):
        names.append(f"digits, {role}")
    return names


def _mentions(said: Said, talk: Sequence[Said], role: Role) -> list[str]:
    mentioned = {user for user in said.mentions if user != said.user}
    if not mentioned:
        return []
    new = mentioned.difference([earlier.user for earlier in talk])
    names = [f"mentions, {role}", "mentions new" if new else "mentions known"]
    if len(new) > 1:
        names.append("mentions several new")
    return names


def _speakers(said: Said, talk: Sequence[Said]) -> list[str]:
    last, asker, user = talk[-1], talk[0].user, said.user
    users = {earlier.user for earlier in talk}
    seconds = (said.at - last.at).total_seconds()
    names = [
        f"place {bisect_right(_PLACES, len(talk))}",
        f"gap {bisect_right(_GAPS, seconds)}",
        f"people {min(len(users | {user}), _MOST_PEOPLE)}",
    ]
    if last.user == user:
        names.append("continues")
    if user not in users:
        names.append("newcomer")
    if last.user == asker != user:
        names.append("to asker")
    if users == {asker} and user != asker:
        names.append("first reply")
    if any(user in earlier.mentions for earlier in talk):
        names.append("was mentioned")
    if user in last.mentions:
        names.append("was just mentioned")
    return names


def _exchange(talk: Sequence[Said], role: Role) -> list[str]:
    asker = talk[0].user
    questions = {
        "after question": "?" in talk[-1].text,
        "question opened": "?" in talk[0].text,
        "asker asked": any("?" in earlier.text for earlier in talk if earlier.user == asker),
    }
    questions["no question"] = not (questions["after question"] or questions["question opened"])
    return [f"{name}, {role}" for name, holds in questions.items() if holds]
