"""Commands, button presses, views and submissions as typed values."""

import contextlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from bot.domain.entries import ChannelId, TeamId, UserId
from bot.slack.payloads.fields import (
    OLDER,
    MalformedError,
    ident,
    mapping,
    needed,
    optional,
    optional_ident,
    optional_timestamp,
    texts,
    timestamp,
)
from bot.slack.text import mrkdwn


@dataclass(frozen=True, slots=True, kw_only=True)
class SlashCommand:
    """A `/lore …`, with the first word in lower case and the rest as typed.

    `mentioned`: the people that it names. `typed`: the whole text as Slack sent it, with escapes
    and entities; the other texts have none.
    """

    team: TeamId
    channel: ChannelId
    user: UserId
    word: str
    rest: str
    mentioned: tuple[UserId, ...]
    trigger_id: str
    response_url: str
    typed: str

    @classmethod
    def parse(cls, body: Mapping[str, Any]) -> "SlashCommand":
        """Read a slash command's form."""
        typed = optional(body, "text")
        word, rest = _word_and_rest(typed, {})
        return cls(
            team=TeamId(ident(body, "team_id")),
            channel=ChannelId(ident(body, "channel_id")),
            user=UserId(ident(body, "user_id")),
            word=word,
            rest=rest,
            mentioned=mrkdwn.mentions(typed),
            trigger_id=optional(body, "trigger_id"),
            response_url=optional(body, "response_url"),
            typed=typed,
        )

    def naming(self, names: Mapping[UserId, str]) -> "SlashCommand":
        """Return the command with people's names instead of their ids, as far as they are known."""
        word, rest = _word_and_rest(self.typed, names)
        return replace(self, word=word, rest=rest)

    @property
    def text(self) -> str:
        """The whole text after `/lore`."""
        return f"{self.word} {self.rest}".strip()


@dataclass(frozen=True, slots=True, kw_only=True)
class ButtonPress:
    """A click on a message, in a modal or in App Home, with the view around it."""

    team: TeamId
    user: UserId
    action: str
    value: str
    trigger_id: str
    channel: ChannelId | None = None
    ts: str | None = None
    thread_ts: str | None = None
    ephemeral: bool = False
    response_url: str = ""
    view: "View | None" = None
    block: str = ""

    @classmethod
    def parse(cls, body: Mapping[str, Any]) -> "ButtonPress":
        """Read a `block_actions`."""
        actions = body.get("actions")
        action = mapping(actions[0]) if isinstance(actions, list) and actions else {}
        value = optional(action, "value") or optional(action, "selected_option", "value")
        container = mapping(body, "container")
        place = (body, "channel", "id") if body.get("channel") else (container, "channel_id")
        channel = optional_ident(*place)
        return cls(
            team=_team(body),
            user=UserId(ident(body, "user", "id")),
            action=needed(action, "action_id"),
            value=value or optional(action, "selected_user"),
            trigger_id=optional(body, "trigger_id"),
            channel=ChannelId(channel) if channel else None,
            ts=optional_timestamp(container, "message_ts"),
            thread_ts=optional_timestamp(container, "thread_ts")
            or optional_timestamp(body, "message", "thread_ts"),
            ephemeral=bool(container.get("is_ephemeral")),
            response_url=optional(body, "response_url"),
            view=View.parse(mapping(body, "view")) if body.get("view") else None,
            block=optional(action, "block_id"),
        )

    @property
    def place(self) -> ChannelId:
        """The channel of a button that only messages have.

        Raises:
            MalformedError: it was pressed elsewhere.
        """
        if self.channel is None:
            raise MalformedError(OLDER)
        return self.channel

    @property
    def form(self) -> "View":
        """The view of a button that only modals have.

        Raises:
            MalformedError: it was pressed elsewhere.
        """
        if self.view is None:
            raise MalformedError(OLDER)
        return self.view


@dataclass(frozen=True, slots=True, kw_only=True)
class View:
    """A modal or App Home as Slack sends it back, with the typed values by field."""

    id: str
    callback_id: str
    hash: str
    private_metadata: str
    typed: Mapping[str, Any] = field(default_factory=dict)

    @classmethod
    def parse(cls, view: Mapping[str, Any]) -> "View":
        """Read a view and flatten its state. All our forms have one element per block."""
        state = mapping(view, "state", "values")
        return cls(
            id=needed(view, "id"),
            callback_id=optional(view, "callback_id"),
            hash=optional(view, "hash"),
            private_metadata=optional(view, "private_metadata"),
            typed={
                name_of(block): _typed(mapping(next(iter(mapping(elements).values()), {})))
                for block, elements in state.items()
            },
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Submission:
    """A submitted modal."""

    team: TeamId
    user: UserId
    view: View

    @classmethod
    def parse(cls, body: Mapping[str, Any]) -> "Submission":
        """Read a `view_submission`."""
        user = UserId(ident(body, "user", "id"))
        return cls(team=_team(body), user=user, view=View.parse(mapping(body, "view")))


@dataclass(frozen=True, slots=True, kw_only=True)
class Shortcut:
    """A message shortcut, with the message that it was used on."""

    team: TeamId
    user: UserId
    channel: ChannelId
    ts: str
    thread_ts: str | None
    trigger_id: str
    response_url: str
    message: Mapping[str, Any]

    @classmethod
    def parse(cls, body: Mapping[str, Any]) -> "Shortcut":
        """Read a `message_action`."""
        message = mapping(body, "message")
        return cls(
            team=_team(body),
            user=UserId(ident(body, "user", "id")),
            channel=ChannelId(ident(body, "channel", "id")),
            ts=optional_timestamp(body, "message_ts") or timestamp(message, "ts"),
            thread_ts=optional_timestamp(message, "thread_ts"),
            trigger_id=optional(body, "trigger_id"),
            response_url=optional(body, "response_url"),
            message=message,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Suggestion:
    """The text typed in a select that asks us for its options."""

    team: TeamId
    user: UserId
    action: str
    typed: str

    @classmethod
    def parse(cls, body: Mapping[str, Any]) -> "Suggestion":
        """Read a `block_suggestion`."""
        return cls(
            team=_team(body),
            user=UserId(ident(body, "user", "id")),
            action=needed(body, "action_id"),
            typed=optional(body, "value"),
        )


def name_of(block_id: str) -> str:
    """Return the field of a block: `title` for `title.12`.

    The part after the dot identifies the form. When another form replaces it, all block ids change,
    so that Slack doesn't keep the text that was typed in the old one.
    """
    return block_id.partition(".")[0]


def packed(**values: object) -> str:
    """Return values as one string, for a button's value or a view's private_metadata."""
    # Slack counts characters, and an escaped emoji takes twelve.
    return json.dumps(values, separators=(",", ":"), ensure_ascii=False)


def unpacked(value: str) -> dict[str, Any]:
    """Return the values from a string that `packed` made.

    Raises:
        MalformedError: `packed` didn't make it.
    """
    with contextlib.suppress(ValueError):
        values = json.loads(value)
        if isinstance(values, dict):
            return values
    raise MalformedError(OLDER)


def _word_and_rest(typed: str, names: Mapping[UserId, str]) -> tuple[str, str]:
    said = mrkdwn.plain(typed, lambda ident: names.get(UserId(ident), ""))
    word, rest = [*said.split(maxsplit=1), "", ""][:2]
    return word.lower(), rest.strip()


def _team(body: Mapping[str, Any]) -> TeamId:
    team = optional(body, "team", "id") or optional(body, "user", "team_id")
    return TeamId(team or needed(body, "view", "team_id"))


def _typed(element: Mapping[str, Any]) -> str | list[str]:
    """Return the value of a form's element, in the shape that `Content.of` reads."""
    match element.get("type"):
        case "static_select" | "external_select" | "radio_buttons":
            return optional(element, "selected_option", "value")
        case "users_select":
            return optional(element, "selected_user")
        case "multi_users_select":
            return texts(element.get("selected_users"))
        case "timepicker":
            return optional(element, "selected_time")
        case _:
            return optional(element, "value")
