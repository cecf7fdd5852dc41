"""The chat of a labeled team, in threads, with the recurring matters that they are about."""

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import timedelta
from functools import cached_property
from pathlib import Path
from typing import Any, Final

from bot.domain.entries import ChannelId
from bot.domain.listening.conversation import Said
from tests.recognition.labeled import (
    DATA,
    MOST_BEFORE,
    NCAR,
    OPS_TEAMS,
    RUST,
    Labeled,
    load_team,
)

ALL_TEAMS: Final = (*OPS_TEAMS, NCAR)
# A topic of Zulip that goes on after such a silence is another thread.
_SILENCE: Final = timedelta(days=1)

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

    def people_of(self, matter: str) -> set[str]:
        """Return who knows a matter: its holder, and who decided in one of its threads."""
        gold = self.read("matters")[matter]
        decided = {
            one.said.user
            for root, messages in self.threads.items()
            if self.matters.get(root) == matter
            for one in messages
            if "decision" in one.labels
        }
        return decided | {str(gold.get("holder") or gold.get("carrier"))}

    def read(self, name: str) -> Any:  # noqa: ANN401 - each file has its own shape
        """Return another file of the team, such as `matters` or `entries`."""
        path = DATA / "ops-chat" / self.name / f"{name}.json"
        return json.loads(path.read_text(encoding="utf-8"))


def read_team(name: str, rust: Path | None = None) -> Team:
    """Return the chat of one of `ALL_TEAMS`, or the Rust project's from its file."""
    messages = load_team(name, rust if name == RUST else None)
    return Team(name, tuple(_split(messages) if name in (NCAR, RUST) else messages))


def _split(messages: Iterable[Labeled]) -> Iterator[Labeled]:
    """Return the messages of Zulip in shorter threads; of other chat nothing."""
    threads: dict[Root, list[Said]] = {}
    for message in messages:
        said = message.said
        if message.id.partition(":")[0] not in (NCAR, RUST):
            continue
        thread = threads.setdefault((said.channel, said.root), [])
        if thread and said.at - thread[-1].at > _SILENCE:
            thread.clear()
        said = replace(said, root=thread[0].ts if thread else said.ts)
        yield replace(message, said=said, before=tuple(thread[-MOST_BEFORE:]))
        thread.append(said)
