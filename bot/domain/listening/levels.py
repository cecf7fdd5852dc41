"""The people who were pulled in one after the other, and how long each was waited for."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Final

from bot.domain.entries import UserId
from bot.domain.kinds import MOST_LEVELS, Kind, field_of
from bot.domain.listening.clauses import sentences
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
    r"|(?:answers?|reply|replies|response|reacts?|up|nothing) (?:in|within|for|after))"
    rf"\s+{_DURATION}\b",
    re.IGNORECASE,
)
_HOUR: Final = 60  # minutes
_CHOICES: Final = frozenset(
    int(choice.value) for choice in field_of(Kind.ESCALATION, "levels").choices
)


_ORDER: Final = re.compile(r"\b(?:first|then|next|second|otherwise)\b", re.IGNORECASE)
# Between the mentions of people who are told at the same time.
_TOGETHER: Final = re.compile(r"[\s,;&/+]*(?:(?:and|or)\b)?\s*", re.IGNORECASE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Level:
    """The people to notify at once. `wait`: minutes to wait for them, if someone said so.

    `sources`: the messages that mention them.
    """

    users: tuple[UserId, ...]
    wait: int | None = None
    sources: tuple[Said, ...]


def find_levels(messages: Sequence[Said], calls: Sequence[bool]) -> tuple[Level, ...]:
    """Return the people whom a thread pulled in, in the order of their first mention.

    `calls`: for each message, whether it pulls someone in or says whom to pull in. A person who
    spoke before they were mentioned wasn't pulled in.
    """
    spoke: set[UserId] = set()
    levels: list[Level] = []
    for said, is_call in zip(messages, calls, strict=True):
        spoke.add(said.user)
        if not is_call:
            continue
        for users, wait in _mentions(said):
            known = {user for level in levels for user in level.users}
            new = tuple(user for user in users if user not in known | spoke)
            levels = [
                replace(level, wait=level.wait or wait, sources=(*level.sources, said))
                if set(users) & set(level.users)
                else level
                for level in levels
            ]
            if new:
                levels.append(Level(users=new, wait=wait, sources=(said,)))
    return tuple(levels[:MOST_LEVELS])


def states_order(said: Said) -> bool:
    """Return whether a message says in which order, or how long, people are waited for."""
    return bool(_ORDER.search(said.text) or _WAIT.search(said.text))


def last_resort(rule: str, answers: Sequence[Said], levels: Sequence[Level]) -> str:
    """Return the part of a rule that says what to do when no level is left.

    `answers`: the messages that the rule is from. If they say whom to notify, it's the sentences
    after that; the levels say the rest already.
    """
    users = {user for level in levels if set(level.sources) & set(answers) for user in level.users}
    lines = [sentences(line) for line in rule.splitlines()]
    told = [
        (at, place)
        for at, parts in enumerate(lines)
        for place, part in enumerate(parts)
        if any(f"@{user}" in part for user in users)
    ]
    if not told:
        return rule
    at, place = told[-1]
    rest = [" ".join(lines[at][place + 1 :]), *rule.splitlines()[at + 1 :]]
    return "\n".join(rest).strip()


def _mentions(said: Said) -> Iterator[tuple[list[UserId], int | None]]:
    """Yield the people whom a message mentions together, each with the wait after them."""
    places = sorted((max(said.text.find(f"@{user}"), 0), user) for user in set(said.mentions))
    groups: list[list[tuple[int, UserId]]] = []
    for start, user in places:
        end = _end(groups[-1][-1]) if groups else start + 1
        if end <= start and _TOGETHER.fullmatch(said.text[end:start]):
            groups[-1].append((start, user))
        else:
            groups.append([(start, user)])
    ends = [*(group[0][0] for group in groups[1:]), len(said.text)]
    for group, end in zip(groups, ends, strict=False):
        yield [user for _, user in group], _wait(said.text[_end(group[-1]) : end])


def _end(mention: tuple[int, UserId]) -> int:
    start, user = mention
    return start + len(f"@{user}")


def _wait(text: str) -> int | None:
    """Return the minutes to wait that a text states, if a form offers them."""
    stated = _WAIT.search(text)
    if stated is None:
        return None
    amount = stated.group(1).lower()
    number = float(_WORDS[amount]) if amount in _WORDS else float(amount)
    minutes = int(number * (_HOUR if stated.group(2).lower() == "h" else 1))
    return minutes if minutes in _CHOICES else None
