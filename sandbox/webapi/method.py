"""A Web API method, a call of it, and the look-ups that calls share."""

from __future__ import annotations

import base64
from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal, TypeVar

from sandbox.errors import SlackError
from sandbox.installation import Installation
from sandbox.model import Channel, Json, Message, Person
from sandbox.workspace import Workspace

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Call:
    """The arguments of one call, read as Slack reads them."""

    installation: Installation
    args: Json

    @property
    def workspace(self) -> Workspace:
        """The workspace that the token belongs to."""
        return self.installation.workspace

    def text(self, name: str) -> str:
        """Return an argument as a string; "" if it is missing."""
        value = self.args.get(name)
        return "" if value is None else str(value)

    def required(self, name: str) -> str:
        """Return a required argument.

        Raises:
            SlackError: `invalid_arguments`.
        """
        if not self.text(name):
            raise SlackError("invalid_arguments", [f"[ERROR] missing required field: {name}"])
        return self.text(name)

    def flag(self, name: str) -> bool:
        """Return a boolean argument in any spelling that clients use."""
        return self.text(name).lower() in ("1", "true")

    def number(self, name: str, default: int) -> int:
        """Return an integer argument.

        Raises:
            SlackError: `invalid_arguments`.
        """
        try:
            return int(self.text(name) or default)
        except ValueError:
            raise SlackError("invalid_arguments", [f"[ERROR] not a number: {name}"]) from None

    def conversation(self, name: str = "channel") -> Channel:
        """Return the channel of an argument, if the bot can see it.

        Raises:
            SlackError: `channel_not_found`, also for a private channel that the bot isn't in.
        """
        channel = self.workspace.channels.get(self.text(name))
        bot = self.workspace.bot.id
        if channel is None or (channel.private and bot not in channel.members):
            raise SlackError("channel_not_found")
        return channel

    def joined(self, name: str = "channel") -> Channel:
        """Return a channel that the bot is a member of.

        Raises:
            SlackError: `channel_not_found` or `not_in_channel`.
        """
        channel = self.conversation(name)
        if self.workspace.bot.id not in channel.members:
            raise SlackError("not_in_channel")
        return channel

    def person(self, name: str = "user") -> Person:
        """Return the user of an argument.

        Raises:
            SlackError: `user_not_found`.
        """
        person = self.workspace.people.get(self.text(name))
        if person is None:
            raise SlackError("user_not_found")
        return person

    def message(self, channel: Channel, name: str, error: str = "message_not_found") -> Message:
        """Return a message of a channel by the timestamp in an argument.

        Raises:
            SlackError: `error`.
        """
        message = channel.messages.get(self.text(name))
        if message is None:
            raise SlackError(error)
        return message

    def page(self, items: list[T], default: int, most: int) -> tuple[list[T], str]:
        """Return a page of items and the cursor of the next one; "" at the end.

        Raises:
            SlackError: `invalid_limit` or `invalid_cursor`.
        """
        limit = self.number("limit", default)
        if not 1 <= limit <= most:
            raise SlackError("invalid_limit")
        start = 0
        if cursor := self.text("cursor"):
            try:
                start = int(base64.b64decode(cursor, validate=True).decode().removeprefix("next:"))
            except ValueError:
                raise SlackError("invalid_cursor") from None
        end = start + limit
        more = base64.b64encode(f"next:{end}".encode()).decode() if end < len(items) else ""
        return items[start:end], more


Scopes = tuple[str, ...] | Callable[[Call], tuple[str, ...]]


@dataclass(frozen=True, slots=True)
class Method:
    """A method's function, the kind of token it needs, and the scopes of which it needs one."""

    do: Callable[[Call], Json]
    scopes: Scopes = ()
    caller: Literal["bot", "app", "anyone"] = "bot"


def by_kind(action: str) -> Callable[[Call], tuple[str, ...]]:
    """Return the scope for a call's kind of channel, such as "channels:history"."""
    families = {"channel": "channels", "group": "groups", "im": "im"}

    def scopes(call: Call) -> tuple[str, ...]:
        channel = call.workspace.channels.get(call.text("channel"))
        if channel is not None and call.workspace.bot.id in channel.members:
            return (f"{families[channel.kind]}:{action}",)
        return tuple(f"{family}:{action}" for family in families.values())

    return scopes


def next_page(cursor: str) -> Json:
    """Return the part of an answer with the cursor of the next page."""
    return {"response_metadata": {"next_cursor": cursor}}
