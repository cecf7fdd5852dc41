"""People, channels, messages and user groups, which return Slack's objects."""

from __future__ import annotations

from bisect import insort
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, TypeAlias
from zoneinfo import ZoneInfo

from sandbox.changes import next_change

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
    # The ts of the last message they have read, by channel.
    read: dict[str, str] = field(default_factory=dict)

    def as_user(self, now: float) -> Json:
        """Return Slack's user object at a time (seconds since 1970), which sets the offset of `tz`.

        A deactivated user has no time zone.
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
    """A message, posted to a channel or shown to one person (`to`)."""

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
    # The person to whom an ephemeral message is shown.
    to: str | None = None
    # The id of the response URL through which it was sent.
    answers: str | None = None
    # The blocks before its latest update: someone may be pressing a button in them right now.
    earlier: list[Json] = field(default_factory=list)
    # The values of the message's elements by person.
    values: dict[str, Values] = field(default_factory=dict)
    # The number of its last change.
    change: int = field(default_factory=next_change)

    def changed(self) -> None:
        """Record a change, so that open pages draw it again."""
        self.change = next_change()

    @property
    def every_block(self) -> list[Json]:
        """Its blocks, and those in its attachments."""
        inner = [block for each in self.attachments for block in each.get("blocks") or []]
        return [*self.blocks, *inner]

    @property
    def root(self) -> str:
        """The timestamp of the thread that this message is in or would begin."""
        return self.thread_ts or self.ts

    def as_message(self, *, all_metadata: bool = True) -> Json:
        """Return Slack's message object without the counts of replies, which the channel has."""
        fields: Json = {
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
        message = {key: value for key, value in fields.items() if value is not None}
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
    # The timestamps of removed messages, with the number of the change.
    gone: list[tuple[int, str]] = field(default_factory=list)

    @property
    def private(self) -> bool:
        """Whether only members see it."""
        return self.kind != "channel"

    def add(self, message: Message) -> None:
        """Add a message by time to the channel and to its thread."""
        self.messages[message.ts] = message
        insort(self.order, message.ts)
        if message.thread_ts and message.thread_ts != message.ts:
            insort(self.threads.setdefault(message.thread_ts, []), message.ts)
        self._touch(message)

    def drop(self, message: Message) -> None:
        """Remove a message."""
        del self.messages[message.ts]
        self.order.remove(message.ts)
        replies = self.threads.get(message.root, [])
        if message.ts in replies:
            replies.remove(message.ts)
        self.gone.append((next_change(), message.ts))
        self._touch(message)

    def whisper(self, message: Message) -> None:
        """Show a message to one person, `message.to`."""
        self.ephemerals.append(message)
        message.changed()

    def hush(self, message: Message) -> None:
        """Remove an ephemeral message; it may be gone already."""
        if message in self.ephemerals:
            self.ephemerals.remove(message)
            self.gone.append((next_change(), message.ts))

    def _touch(self, message: Message) -> None:
        """Record a change of a message and of its thread's root, which counts the replies."""
        message.changed()
        if message.root in self.messages:
            self.messages[message.root].changed()

    def full(self, message: Message, *, all_metadata: bool = True) -> Json:
        """Return Slack's message object with the counts of its replies."""
        fields = message.as_message(all_metadata=all_metadata)
        replies = self.threads.get(message.ts)
        if replies:
            users = list(dict.fromkeys(self.messages[ts].user for ts in replies))
            fields |= {
                "thread_ts": message.ts,
                "reply_count": len(replies),
                "reply_users": users[:5],
                "reply_users_count": len(users),
                "latest_reply": replies[-1],
                "is_locked": False,
                "subscribed": False,
            }
        elif message.thread_ts and message.thread_ts in self.messages:
            fields["parent_user_id"] = self.messages[message.thread_ts].user
        return fields

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
class Usergroup:
    """A user group, mentioned as `@handle`."""

    id: str
    team: str
    name: str
    handle: str
    creator: str
    created: int
    updated: int
    users: list[str] = field(default_factory=list)
    disabled: int = 0

    def as_usergroup(self, *, users: bool = True) -> Json:
        """Return Slack's usergroup object, with the ids of its members unless `users` is off."""
        usergroup: Json = {
            "id": self.id,
            "team_id": self.team,
            "is_usergroup": True,
            "is_subteam": True,
            "name": self.name,
            "description": "",
            "handle": self.handle,
            "is_external": False,
            "date_create": self.created,
            "date_update": self.updated,
            "date_delete": self.disabled,
            "auto_type": None,
            "auto_provision": False,
            "created_by": self.creator,
            "updated_by": self.creator,
            "deleted_by": None,
            "prefs": {"channels": [], "groups": []},
            "user_count": len(self.users),
        }
        return usergroup | ({"users": list(self.users)} if users else {})
