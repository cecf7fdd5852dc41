"""A command with what its handler needs, and the ways to answer it."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from bot.deps import Deps
from bot.domain.entries import Key
from bot.domain.visibility import Reader
from bot.domain.workspaces import Channel
from bot.listeners.answers import open_view
from bot.listeners.channel_choice import channel_at
from bot.listeners.reasons import ask_why
from bot.slack.payloads.interactions import SlashCommand
from bot.usecases.entries.find import read_card, read_card_as_of
from bot.usecases.entries.plans import Plan

Answer = Mapping[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """A command, with its author and channel as Slack describes them now."""

    deps: Deps
    command: SlashCommand

    @property
    def reader(self) -> Reader:
        """Return the person who typed it."""
        return self.deps.people.reader(self.command.user)

    @property
    def channel(self) -> Channel | None:
        """Return the channel it was typed in; None if the bot can't see it.

        Raises:
            NotAllowedError: it is a direct message.
        """
        return channel_at(self.deps, self.command.channel)

    def note(self, text: str) -> Answer:
        """Return a short text as the answer."""
        return self.deps.render("note", text=text)

    def card(self, key: str) -> Answer:
        """Return the card of an entry, or of the revision that the key cites."""
        deps = self.deps
        card = read_card(deps.store, deps.team, reader=self.reader, key=key)
        return deps.render("entry_card", card=card)

    def card_as_of(self, key: str, when: str) -> Answer:
        """Return the card of the revision that was in force at a time."""
        deps = self.deps
        card = read_card_as_of(
            deps.store, deps.team, reader=self.reader, key=key, when=when, now=deps.now()
        )
        return deps.render("entry_card", card=card)

    def ask_why(self, plan: Plan) -> Answer | None:
        """Open the form that asks for the reason."""
        command = self.command
        ask_why(self.deps, command.trigger_id, command.user, command.channel, plan)
        return None

    def modal(self, name: str, **shown: object) -> Answer | None:
        """Open a modal, which is the whole answer."""
        view = self.deps.render(name, **shown)
        open_view(self.deps, self.command.trigger_id, view)
        return None


def key_and_rest(text: str) -> tuple[str, str]:
    """Return the key at the beginning of a text, `DEC-12` or `dec 12`, and the rest."""
    for count in (1, 2):
        *words, rest = [*text.split(maxsplit=count), "", ""][: count + 1]
        if Key.parse(key := " ".join(words)):
            return key, rest
    word, rest = [*text.split(maxsplit=1), "", ""][:2]
    return word, rest
