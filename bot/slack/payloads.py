"""What Slack sends, read once into typed values; nothing past this module digs in dicts."""

import contextlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, Final

from bot.domain.entries import ChannelId, TeamId, UserId
from bot.domain.errors import OpsloreError

# Subtypes under which people write; every other subtype is Slack's own telling of what happened
# (docs.slack.dev, message event).
_WRITTEN: Final = frozenset({None, "file_share", "thread_broadcast", "me_message"})


class MalformedError(OpsloreError):
    """A payload that is not of the documented shape."""


@dataclass(frozen=True)
class Message:
    """A message that a person wrote. `text` is Slack's own, escaped, with entities."""

    team: TeamId
    channel: ChannelId
    ts: str
    user: UserId
    text: str
    thread_ts: str | None = None
    bot: bool = False

    @classmethod
    def parse(cls, event: Mapping[str, Any], team: TeamId) -> "Message | None":
        """Read a plain message; None for bots, edits, joins and the like."""
        if event.get("subtype") not in _WRITTEN or not event.get("user") or event.get("bot_id"):
            return None
        thread = event.get("thread_ts")
        return cls(
            team=team,
            channel=ChannelId(event["channel"]),
            ts=str(event["ts"]),
            user=UserId(event["user"]),
            text=event.get("text") or "",
            thread_ts=thread if thread and thread != event["ts"] else None,
        )

    @property
    def root(self) -> str:
        """The thread that it is in, or would begin."""
        return self.thread_ts or self.ts


@dataclass(frozen=True)
class Edit:
    """A message whose text changed."""

    channel: ChannelId
    ts: str
    text: str

    @classmethod
    def parse(cls, event: Mapping[str, Any]) -> "Edit | None":
        """Read a `message_changed`; None where the text stayed, as with an unfurl."""
        new, old = event.get("message") or {}, event.get("previous_message") or {}
        if new.get("subtype") == "tombstone" or not new.get("ts"):
            return None
        if old and old.get("text") == new.get("text"):
            return None
        return cls(ChannelId(event["channel"]), str(new["ts"]), new.get("text") or "")


def deleted_ts(event: Mapping[str, Any]) -> str | None:
    """The timestamp of the message that a `message_deleted`, or a tombstone of a root, is about."""
    if event.get("subtype") == "message_deleted":
        return str(event["deleted_ts"]) if event.get("deleted_ts") else None
    new = event.get("message") or {}
    return str(new["ts"]) if new.get("subtype") == "tombstone" else None


@dataclass(frozen=True)
class SlashCommand:
    """A `/lore …`: the first word in lower case, and the rest as typed."""

    team: TeamId
    channel: ChannelId
    user: UserId
    word: str
    rest: str
    trigger_id: str
    response_url: str

    @classmethod
    def parse(cls, body: Mapping[str, Any]) -> "SlashCommand":
        """Read a slash command's form."""
        text = (body.get("text") or "").strip()
        word, _, rest = text.partition(" ")
        return cls(
            team=TeamId(body["team_id"]),
            channel=ChannelId(body["channel_id"]),
            user=UserId(body["user_id"]),
            word=word.lower(),
            rest=rest.strip(),
            trigger_id=body.get("trigger_id") or "",
            response_url=body.get("response_url") or "",
        )

    @property
    def text(self) -> str:
        """The whole text behind `/lore`."""
        return f"{self.word} {self.rest}".strip()


@dataclass(frozen=True)
class ButtonPress:
    """A click on a message, in a modal or in App Home, with what the view around it holds."""

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

    @classmethod
    def parse(cls, body: Mapping[str, Any]) -> "ButtonPress":
        """Read a `block_actions`."""
        action = body["actions"][0]
        chosen = action.get("selected_option") or {}
        value = action.get("value") or chosen.get("value") or action.get("selected_user") or ""
        container = body.get("container") or {}
        channel = (body.get("channel") or {}).get("id") or container.get("channel_id")
        return cls(
            team=_team(body),
            user=UserId(body["user"]["id"]),
            action=action["action_id"],
            value=str(value),
            trigger_id=body.get("trigger_id") or "",
            channel=ChannelId(channel) if channel else None,
            ts=container.get("message_ts"),
            thread_ts=container.get("thread_ts") or (body.get("message") or {}).get("thread_ts"),
            ephemeral=bool(container.get("is_ephemeral")),
            response_url=body.get("response_url") or "",
            view=View.parse(body["view"]) if body.get("view") else None,
        )


@dataclass(frozen=True)
class View:
    """A modal or App Home as Slack sends it back: what was typed, by block_id."""

    id: str
    callback_id: str
    hash: str
    private_metadata: str
    typed: Mapping[str, Any] = field(default_factory=dict)

    @classmethod
    def parse(cls, view: Mapping[str, Any]) -> "View":
        """Read a view and flatten its state: one element a block, as all our forms have."""
        state = (view.get("state") or {}).get("values") or {}
        return cls(
            id=view["id"],
            callback_id=view.get("callback_id") or "",
            hash=view.get("hash") or "",
            private_metadata=view.get("private_metadata") or "",
            typed={
                block: _typed(next(iter(elements.values()), {}))
                for block, elements in state.items()
            },
        )


@dataclass(frozen=True)
class Submission:
    """A modal that a person submitted."""

    team: TeamId
    user: UserId
    view: View

    @classmethod
    def parse(cls, body: Mapping[str, Any]) -> "Submission":
        """Read a `view_submission`."""
        return cls(_team(body), UserId(body["user"]["id"]), View.parse(body["view"]))


@dataclass(frozen=True)
class Shortcut:
    """A message shortcut and the message that it was used on."""

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
        message = body.get("message") or {}
        return cls(
            team=_team(body),
            user=UserId(body["user"]["id"]),
            channel=ChannelId(body["channel"]["id"]),
            ts=str(body.get("message_ts") or message["ts"]),
            thread_ts=message.get("thread_ts"),
            trigger_id=body["trigger_id"],
            response_url=body.get("response_url") or "",
            message=message,
        )


@dataclass(frozen=True)
class Suggestion:
    """What someone typed in a select that asks us for its options."""

    team: TeamId
    user: UserId
    action: str
    typed: str

    @classmethod
    def parse(cls, body: Mapping[str, Any]) -> "Suggestion":
        """Read a `block_suggestion`."""
        return cls(
            _team(body), UserId(body["user"]["id"]), body["action_id"], body.get("value") or ""
        )


def event_of(body: Mapping[str, Any]) -> Mapping[str, Any]:
    """The event in an `event_callback`."""
    event: Mapping[str, Any] = body["event"]
    return event


def at(ts: str) -> datetime:
    """When a message was written, by its timestamp."""
    with contextlib.suppress(ValueError, OverflowError, OSError):
        return datetime.fromtimestamp(float(ts), UTC)
    raise MalformedError(f"{ts!r} is no timestamp of a message.")


def packed(**values: object) -> str:
    """A few ids as one string, for a button's value or a view's private_metadata."""
    return json.dumps(values, separators=(",", ":"))


def unpacked(value: str) -> dict[str, Any]:
    """What `packed` made.

    Raises:
        MalformedError: it is not of our making.
    """
    with contextlib.suppress(ValueError):
        found = json.loads(value)
        if isinstance(found, dict):
            return found
    raise MalformedError("This button is from an older Opslore; ask for the message again.")


def _team(body: Mapping[str, Any]) -> TeamId:
    team = body.get("team") or {}
    return TeamId(team.get("id") or body["user"].get("team_id") or body["view"]["team_id"])


def _typed(element: Mapping[str, Any]) -> Any:  # noqa: ANN401 - a form's value is what it is
    """The value of one element of a form, in the shape that `Content.of` reads."""
    match element.get("type"):
        case "static_select" | "external_select" | "radio_buttons":
            return (element.get("selected_option") or {}).get("value")
        case "users_select":
            return element.get("selected_user")
        case "multi_users_select":
            return element.get("selected_users") or []
        case "timepicker":
            return element.get("selected_time")
        case _:
            return element.get("value")
