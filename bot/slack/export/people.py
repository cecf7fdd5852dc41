"""The people of an export, from `users.json`."""

import re
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from bot.domain.entries import UserId
from bot.slack.payloads.fields import MalformedError, mapping, needed, optional

_SHORTEST_NAME: Final = 3  # letters; a shorter one is often a word too
SLACKBOT: Final = UserId("USLACKBOT")
# Not within an address, such as that of a mail.
MENTIONED: Final = re.compile(r"(?<![\w@])@([\w.-]*\w)")


@dataclass(frozen=True, slots=True, kw_only=True)
class People:
    """Names by id, ids by handle, and the ids of bots.

    A handle is the unique `name` of an account, which old messages have after an `@`. People who
    left the workspace keep their names. `team`: the workspace that most of them belong to, if the
    export says so. `strangers`: people of other workspaces, who wrote in shared channels.
    """

    names: Mapping[UserId, str] = field(default_factory=dict)
    handles: Mapping[str, UserId] = field(default_factory=dict)
    bots: frozenset[UserId] = frozenset({SLACKBOT})
    team: str = ""
    strangers: frozenset[UserId] = frozenset()

    @property
    def words(self) -> frozenset[str]:
        """The words of people's names and handles, which aren't words of what they talk about."""
        return frozenset(
            word
            for name in (*self.names.values(), *self.handles)
            for word in name.split()
            if len(word) >= _SHORTEST_NAME
        )

    def name(self, user: str) -> str:
        """Return a person's name; the id if the export doesn't have one."""
        return self.names.get(UserId(user)) or user

    def named(self, text: str) -> str:
        """Return a plain text with names in place of ids, `@U0ANA0001`."""
        return MENTIONED.sub(lambda found: "@" + self.name(found[1]), text)


def read_people(records: Iterable[object]) -> tuple[People, list[str]]:
    """Return the people of `users.json`, and a text for each record that can't be used."""
    names: dict[UserId, str] = {}
    handles: dict[str, UserId] = {}
    bots = {SLACKBOT}
    teams: dict[UserId, str] = {}
    faults: list[str] = []
    for number, record in enumerate(records, 1):
        try:
            user = UserId(needed(record, "id"))
            names[user], handle = _name(mapping(record)), optional(record, "name")
            handles.setdefault(handle, user)
        except MalformedError as error:
            faults.append(f"record {number}: {error.user_text}")
            continue
        teams[user] = optional(record, "team_id")
        if mapping(record).get("is_bot") is True:
            bots.add(user)
    handles.pop("", None)
    team = _most_common(team for user, team in teams.items() if user not in bots)
    strangers = {user for user, other in teams.items() if other not in ("", team)}
    people = People(
        names=names,
        handles=handles,
        bots=frozenset(bots),
        team=team,
        strangers=frozenset(strangers),
    )
    return people, faults


def _most_common(teams: Iterable[str]) -> str:
    return next(iter(Counter(filter(None, teams)).most_common(1)), ("", 0))[0]


def _name(record: Mapping[str, Any]) -> str:
    """Return the name that Slack shows: the one that the person chose, or else the full one."""
    profile = mapping(record, "profile")
    return (
        optional(profile, "display_name").strip()
        or optional(profile, "real_name").strip()
        or optional(record, "real_name").strip()
        or optional(record, "name").strip()
    )
