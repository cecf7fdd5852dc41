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
from tests.recognition.rated_titles import UNRATED, RatedPhrases, f1, load_phrases

DATA: Final = Path(__file__).with_name("data")


@dataclass(frozen=True, slots=True, kw_only=True)
class Matter:
    """A matter with its threads, oldest first.

    `title`, `holder`, `kind`: as its author wrote them. `rules`: the messages that state its rule,
    or else the ones that decide it, or else (for a handoff) the ones that hand it over, or else the
    answers of its holder. `phrases`: of its threads, rated as titles.
    """

    team: str
    title: str
    kind: str
    holder: str
    conversations: tuple[Conversation, ...]
    rules: frozenset[str]
    phrases: RatedPhrases

    def match_title(self, title: str) -> float:
        """Return the F1 of a title's terms against those of the given title."""
        return f1(terms(title), terms(self.title))


def load_matters(team: str) -> list[Matter]:
    """Return the matters of a team."""
    path = DATA / "ops-chat" / team / "matters.json"
    described = json.loads(path.read_text("utf-8"))
    phrases = load_phrases(team)
    threads: defaultdict[object, list[Labeled]] = defaultdict(list)
    for message in load_team(team):
        threads[message.thread].append(message)
    people = frozenset(m.said.user.removeprefix("u_") for ms in threads.values() for m in ms)
    return [
        _matter(
            row,
            [ms for ms in threads.values() if any(m.matter == key for m in ms)],
            key=key,
            phrases=phrases.get(key, UNRATED),
            people=people,
        )
        for key, row in described.items()
    ]


def _matter(
    row: Mapping[str, Any],
    threads: list[list[Labeled]],
    *,
    key: str,
    phrases: RatedPhrases,
    people: frozenset[str],
) -> Matter:
    holder = row.get("holder") or row["carrier"]
    about = [message for messages in threads for message in messages if message.matter == key]
    decisions = frozenset(m.id for m in about if "decision" in m.labels)
    is_handoff = row["kind"] == "handoff"
    handoffs = frozenset(m.id for m in about if is_handoff and "handoff" in m.labels)
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
        rules=decisions or handoffs or answers,
        phrases=phrases,
    )
