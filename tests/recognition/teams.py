"""The chat of a labeled team, in threads, with the recurring matters that they are about."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Final

from bot.domain.entries import ChannelId
from tests.recognition.labeled import DATA, NCAR, OPS_TEAMS, Labeled, load_team

ALL_TEAMS: Final = (*OPS_TEAMS, NCAR)

Root = tuple[ChannelId, str]


@dataclass(frozen=True)
class Team:
    """One team's chat, oldest first."""

    name: str
    messages: tuple[Labeled, ...]

    @cached_property
    def threads(self) -> Mapping[Root, tuple[Labeled, ...]]:
        """The messages of each thread, by its channel and root."""
        threads: dict[Root, list[Labeled]] = {}
        for message in self.messages:
            threads.setdefault((message.said.channel, message.said.root), []).append(message)
        return {root: tuple(messages) for root, messages in threads.items()}

    @cached_property
    def names(self) -> frozenset[str]:
        """The names of the people who speak."""
        return frozenset(message.said.user.removeprefix("u_") for message in self.messages)

    @cached_property
    def matters(self) -> Mapping[Root, str]:
        """The recurring matter of each thread that is about one."""
        return {
            root: matter
            for root, messages in self.threads.items()
            if (matter := next((one.matter for one in messages if one.matter), None))
        }

    def read(self, name: str) -> Any:  # noqa: ANN401 - each file has its own shape
        """Return another file of the team, such as `matters` or `entries`."""
        path = DATA / "ops-chat" / self.name / f"{name}.json"
        return json.loads(path.read_text(encoding="utf-8"))


def read_team(name: str) -> Team:
    """Return the chat of one of `ALL_TEAMS`."""
    return Team(name, tuple(load_team(name)))
