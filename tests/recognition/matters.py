"""The recurring matters of the ops-chat teams: their threads, and what a good draft holds."""

import json
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from bot.domain.listening.conversation import Conversation
from bot.domain.listening.terms import terms
from tests.recognition.labeled import Labeled, load_team

DATA: Final = Path(__file__).with_name("data")
TITLES: Final = DATA / "titles.json"
NAMES_IT: Final = 0.7  # from this similarity on, a title names the matter as an accepted one does


@dataclass(frozen=True, slots=True, kw_only=True)
class Matter:
    """A matter with its threads, oldest first.

    `title`, `holder`, `kind`: as its author wrote them. `rules`: the messages that state its rule,
    or else the ones that decide it, or else the answers of its holder. `names`: phrases of the
    threads that name it well enough for a title.
    """

    team: str
    title: str
    kind: str
    holder: str
    conversations: tuple[Conversation, ...]
    rules: frozenset[str]
    names: tuple[str, ...]

    def rate_title(self, title: str) -> float:
        """Return how close a title is to the nearest accepted one, 0 to 1."""
        words = title.lower().split()
        return max((f1(words, name.lower().split()) for name in self.names), default=0.0)

    def match_title(self, title: str) -> float:
        """Return the F1 of a title's terms against those of the given title."""
        return f1(terms(title), terms(self.title))


def load_matters(team: str) -> list[Matter]:
    """Return the matters of a team."""
    path = DATA / "ops-chat" / team / "matters.json"
    described = json.loads(path.read_text("utf-8"))
    names = json.loads(TITLES.read_text("utf-8"))[team]
    threads: defaultdict[object, list[Labeled]] = defaultdict(list)
    for message in load_team(team):
        threads[message.thread].append(message)
    people = frozenset(m.said.user.removeprefix("u_") for ms in threads.values() for m in ms)
    return [
        _matter(
            row,
            [ms for ms in threads.values() if any(m.matter == key for m in ms)],
            key=key,
            names=tuple(names[key]),
            people=people,
        )
        for key, row in described.items()
    ]


def _matter(
    row: Mapping[str, Any],
    threads: list[list[Labeled]],
    *,
    key: str,
    names: tuple[str, ...],
    people: frozenset[str],
) -> Matter:
    holder = row.get("holder") or row["carrier"]
    about = [message for messages in threads for message in messages if message.matter == key]
    decisions = frozenset(m.id for m in about if "decision" in m.labels)
    answers = frozenset(m.id for m in about if m.said.user == holder and m.is_reply)
    return Matter(
        team=threads[0][0].team,
        title=row["title"],
        kind=row["kind"],
        holder=holder,
        conversations=tuple(
            Conversation(messages=tuple(m.said for m in messages), named=people)
            for messages in threads
        ),
        rules=decisions or answers,
        names=names,
    )


def f1(found: list[str], expected: list[str]) -> float:
    """Return how well two lists of words agree, whatever their order."""
    rest = list(expected)
    for word in found:
        if word in rest:
            rest.remove(word)
    common = len(expected) - len(rest)
    return 2 * common / (len(found) + len(expected)) if common else 0.0
