"""A command as its listener is given it, and the ways in which it answers."""

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
    """One command with the one who typed it and the channel, both looked up when first needed."""

    deps: Deps
    command: SlashCommand

    @property
    def reader(self) -> Reader:
        """The one who typed it."""
        return self.deps.people.reader(self.command.user)

    @property
    def channel(self) -> Channel | None:
        """The channel it was typed in; None where the bot can not see it.

        Raises:
            NotAllowedError: it is a direct message.
        """
        return channel_at(self.deps, self.command.channel)

    def note(self, text: str) -> Answer:
        """A few words as the answer."""
        return self.deps.render("note", text=text)

    def card(self, key: str) -> Answer:
        """An entry's card, or that of the revision which the key cites."""
        deps = self.deps
        card = read_card(deps.store, deps.team, reader=self.reader, key=key)
        return deps.render("entry_card", card=card)

    def card_as_of(self, key: str, when: str) -> Answer:
        """An entry's card as it was in force at a time."""
        deps = self.deps
        card = read_card_as_of(
            deps.store, deps.team, reader=self.reader, key=key, when=when, now=deps.now()
        )
        return deps.render("entry_card", card=card)

    def ask_why(self, plan: Plan) -> Answer | None:
        """Ask in a form for the reason that the command didn't give."""
        command = self.command
        ask_why(self.deps, command.trigger_id, command.user, command.channel, plan)
        return None

    def modal(self, name: str, **shown: object) -> Answer | None:
        """Open a modal; nothing else is then to be answered."""
        view = self.deps.render(name, **shown)
        open_view(self.deps, self.command.trigger_id, view)
        return None


def key_and_rest(text: str) -> tuple[str, str]:
    """The key at the head of a text, `DEC-12` or `dec 12`, and what follows it."""
    for count in (1, 2):
        *words, rest = [*text.split(maxsplit=count), "", ""][: count + 1]
        if Key.parse(key := " ".join(words)):
            return key, rest
    word, rest = [*text.split(maxsplit=1), "", ""][:2]
    return word, rest
