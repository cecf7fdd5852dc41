"""The events that the app gets, and their envelope."""

from __future__ import annotations

from sandbox.delivery import Delivery
from sandbox.model import Channel, Json, Message
from sandbox.workspace import Workspace

_MESSAGE_EVENTS = {"channel": "message.channels", "group": "message.groups", "im": "message.im"}
# Sent when the app is removed, and therefore without the usual checks.
_FAREWELLS = ("app_uninstalled", "tokens_revoked")


class Events:
    """Sends the app the events that it subscribed to, from channels that its bot is in."""

    def __init__(self, workspace: Workspace, delivery: Delivery) -> None:
        self._workspace = workspace
        self._delivery = delivery

    def publish(self, event: Json, channel: Channel | None) -> None:
        """Send an event. If `channel` is given, the bot has to be a member of it."""
        workspace = self._workspace
        kind = str(event["type"])
        name = kind
        if kind == "message" and channel is not None:
            name = _MESSAGE_EVENTS[channel.kind]
        if name not in workspace.manifest.events:
            return
        if not workspace.installed and kind not in _FAREWELLS:
            return
        if channel is not None and workspace.bot.id not in channel.members:
            return
        event.setdefault("event_ts", workspace.clock.ts())
        self._delivery.event(kind, self._envelope(event, channel))

    def _envelope(self, event: Json, channel: Channel | None) -> Json:
        workspace = self._workspace
        return {
            "token": "legacy-verification-token",
            "team_id": workspace.team_id,
            "context_team_id": workspace.team_id,
            "context_enterprise_id": None,
            "api_app_id": workspace.app_id,
            "event": event,
            "type": "event_callback",
            "event_id": workspace.new_id("Ev"),
            "event_time": int(workspace.clock.seconds()),
            "authorizations": [
                {
                    "enterprise_id": None,
                    "team_id": workspace.team_id,
                    "user_id": workspace.bot.id,
                    "is_bot": True,
                    "is_enterprise_install": False,
                }
            ],
            "is_ext_shared_channel": bool(channel and channel.shared),
            "event_context": f"4-{workspace.number()}",
        }


def posted(channel: Channel, message: Message) -> Json:
    """Return the event of a new message."""
    event = message.as_message()
    if message.thread_ts and message.thread_ts in channel.messages:
        event["parent_user_id"] = channel.messages[message.thread_ts].user
    return event | {
        "channel": channel.id,
        "channel_type": channel.kind,
        "event_ts": message.ts,
    }


def mentioned(channel: Channel, message: Message) -> Json:
    """Return the event of a mention of the bot."""
    keep = ("user", "bot_id", "app_id", "text", "ts", "team", "thread_ts", "client_msg_id")
    fields = message.as_message()
    event = {key: fields[key] for key in (*keep, "blocks", "edited") if key in fields}
    return event | {"type": "app_mention", "channel": channel.id, "event_ts": message.ts}


def changed(channel: Channel, message: Message, before: Json, ts: str) -> Json:
    """Return the event of an edited message; `before` is the message object before the edit."""
    return {
        "type": "message",
        "subtype": "message_changed",
        "hidden": True,
        "message": channel.full(message),
        "previous_message": before,
        "channel": channel.id,
        "channel_type": channel.kind,
        "ts": ts,
        "event_ts": ts,
    }


def deleted(channel: Channel, before: Json, ts: str) -> Json:
    """Return the event of a deleted message."""
    return {
        "type": "message",
        "subtype": "message_deleted",
        "hidden": True,
        "deleted_ts": before["ts"],
        "previous_message": before,
        "channel": channel.id,
        "channel_type": channel.kind,
        "ts": ts,
        "event_ts": ts,
    }
