"""What a workspace holds: people, channels, messages and views, in Slack's shapes."""

from __future__ import annotations

from bisect import insort
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, TypeAlias
from zoneinfo import ZoneInfo

Json: TypeAlias = dict[str, Any]
Values: TypeAlias = dict[str, dict[str, Json]]

SLACKBOT = "USLACKBOT"


@dataclass(slots=True)
class Person:
    """A user of the workspace, of another organisation, or another app's bot."""

    id: str
    name: str
    real_name: str
    team_id: str
    tz: str = "Europe/Berlin"
    guest: bool = False
    ultra: bool = False
    stranger: bool = False
    foreign: bool = False
    admin: bool = False
    bot: bool = False
    bot_id: str = ""
    deleted: bool = False
    updated: int = 0

    def as_user(self, now: float) -> Json:
        """Return Slack's user object at a time (seconds since 1970), which sets the offset of `tz`.

        A deactivated user has no time zone in it.
        """
        user: Json = {
            "id": self.id,
            "team_id": self.team_id,
            "name": self.name,
            "deleted": self.deleted,
            "updated": self.updated,
            "is_bot": self.bot,
            "is_app_user": False,
            "profile": {
                "real_name": self.real_name,
                "display_name": self.name,
                "team": self.team_id,
                **({"bot_id": self.bot_id} if self.bot_id else {}),
            },
        }
        if self.deleted:
            return user
        offset = datetime.fromtimestamp(now, ZoneInfo(self.tz)).utcoffset()
        user |= {
            "real_name": self.real_name,
            "tz": self.tz,
            "tz_label": self.tz,
            "tz_offset": int(offset.total_seconds()) if offset else 0,
            "is_admin": self.admin,
            "is_owner": False,
            "is_primary_owner": False,
            "is_restricted": self.guest or self.ultra,
            "is_ultra_restricted": self.ultra,
        }
        if self.foreign or self.stranger:
            user["is_stranger"] = self.stranger
        return user


@dataclass(slots=True)
class Message:
    """A message, posted for all or shown to one (`to`)."""

    ts: str
    channel: str
    user: str
    text: str
    team: str
    blocks: list[Json] = field(default_factory=list)
    attachments: list[Json] = field(default_factory=list)
    thread_ts: str | None = None
    subtype: str | None = None
    bot_id: str | None = None
    app_id: str | None = None
    bot_profile: Json | None = None
    client_msg_id: str | None = None
    edited: Json | None = None
    metadata: Json | None = None
    reactions: dict[str, list[str]] = field(default_factory=dict)
    extra: Json = field(default_factory=dict)
    # Whom an ephemeral message is shown to.
    to: str | None = None
    # The command or click which this message answers.
    answers: str | None = None
    # What each person has selected in the elements of the message.
    values: dict[str, Values] = field(default_factory=dict)

    @property
    def root(self) -> str:
        """The timestamp of the thread that this message is in or would begin."""
        return self.thread_ts or self.ts

    def as_message(self, *, all_metadata: bool = True) -> Json:
        """Return Slack's message object, without what only its channel knows of replies."""
        found: Json = {
            "type": "message",
            "subtype": self.subtype,
            "user": self.user,
            "bot_id": self.bot_id,
            "app_id": self.app_id,
            "bot_profile": self.bot_profile,
            "client_msg_id": self.client_msg_id,
            "team": self.team,
            "thread_ts": self.thread_ts,
            "edited": self.edited,
            "attachments": self.attachments or None,
            "blocks": self.blocks or None,
        }
        message = {key: value for key, value in found.items() if value is not None}
        message |= {"text": self.text, "ts": self.ts} | self.extra
        if self.reactions:
            message["reactions"] = [
                {"name": name, "users": list(users), "count": len(users)}
                for name, users in self.reactions.items()
            ]
        if self.metadata:
            keep = dict(self.metadata) if all_metadata else {}
            message["metadata"] = {"event_type": self.metadata["event_type"]} | keep
        return message


@dataclass(slots=True)
class Channel:
    """A public channel ("channel"), a private one ("group") or a direct message ("im")."""

    id: str
    name: str
    kind: str
    creator: str
    created: int
    user: str = ""
    archived: bool = False
    shared: bool = False
    members: dict[str, None] = field(default_factory=dict)
    messages: dict[str, Message] = field(default_factory=dict)
    order: list[str] = field(default_factory=list)
    threads: dict[str, list[str]] = field(default_factory=dict)
    ephemerals: list[Message] = field(default_factory=list)

    @property
    def private(self) -> bool:
        """Whether only members see it."""
        return self.kind != "channel"

    def add(self, message: Message) -> None:
        """Put a message in its place by time, in the channel and in its thread."""
        self.messages[message.ts] = message
        insort(self.order, message.ts)
        if message.thread_ts and message.thread_ts != message.ts:
            insort(self.threads.setdefault(message.thread_ts, []), message.ts)

    def drop(self, message: Message) -> None:
        """Take a message out."""
        del self.messages[message.ts]
        self.order.remove(message.ts)
        replies = self.threads.get(message.root, [])
        if message.ts in replies:
            replies.remove(message.ts)

    def full(self, message: Message, *, all_metadata: bool = True) -> Json:
        """Return Slack's message object with the counts of its replies."""
        found = message.as_message(all_metadata=all_metadata)
        replies = self.threads.get(message.ts)
        if replies:
            users = list(dict.fromkeys(self.messages[ts].user for ts in replies))
            found |= {
                "thread_ts": message.ts,
                "reply_count": len(replies),
                "reply_users": users[:5],
                "reply_users_count": len(users),
                "latest_reply": replies[-1],
                "is_locked": False,
                "subscribed": False,
            }
        elif message.thread_ts and message.thread_ts in self.messages:
            found["parent_user_id"] = self.messages[message.thread_ts].user
        return found

    def as_conversation(self, *, member: bool) -> Json:
        """Return Slack's conversation object as the app's bot sees it."""
        if self.kind == "im":
            return {
                "id": self.id,
                "created": self.created,
                "is_im": True,
                "is_org_shared": False,
                "user": self.user,
                "is_user_deleted": False,
                "is_archived": self.archived,
                "context_team_id": "",
            }
        return {
            "id": self.id,
            "name": self.name,
            "name_normalized": self.name,
            "is_channel": True,
            "is_group": False,
            "is_im": False,
            "is_mpim": False,
            "is_private": self.private,
            "is_archived": self.archived,
            "is_general": False,
            "is_shared": self.shared,
            "is_ext_shared": self.shared,
            "is_org_shared": False,
            "is_member": member,
            "created": self.created,
            "creator": self.creator,
            "num_members": len(self.members),
            "topic": {"value": "", "creator": "", "last_set": 0},
            "purpose": {"value": "", "creator": "", "last_set": 0},
        }


@dataclass(slots=True)
class View:
    """A modal or a Home tab, with what the person has typed in it."""

    id: str
    user: str
    team: str
    app_id: str
    bot_id: str
    definition: Json
    hash: str
    values: Values
    root_id: str = ""
    previous_id: str | None = None
    # What the person reads beside fields after a refused submit: block_id to words.
    errors: dict[str, str] = field(default_factory=dict)
    # Options that the app offered for an external select, by block and action.
    offered: dict[tuple[str, str], list[Json]] = field(default_factory=dict)

    @property
    def kind(self) -> str:
        """Which surface it is for, "modal" or "home"."""
        return str(self.definition["type"])

    @property
    def blocks(self) -> list[Json]:
        """The blocks, each with a block_id."""
        return list(self.definition["blocks"])

    def as_view(self) -> Json:
        """Return Slack's view object, its state and hash included."""
        given = self.definition
        return {
            "id": self.id,
            "team_id": self.team,
            "type": self.kind,
            "blocks": self.blocks,
            "private_metadata": given.get("private_metadata") or "",
            "callback_id": given.get("callback_id") or "",
            "external_id": given.get("external_id") or "",
            "state": {"values": self.values},
            "hash": self.hash,
            "title": given.get("title"),
            "submit": given.get("submit"),
            "close": given.get("close"),
            "clear_on_close": bool(given.get("clear_on_close")),
            "notify_on_close": bool(given.get("notify_on_close")),
            "submit_disabled": False,
            "previous_view_id": self.previous_id,
            "root_view_id": self.root_id or self.id,
            "app_id": self.app_id,
            "app_installed_team_id": self.team,
            "bot_id": self.bot_id,
        }
