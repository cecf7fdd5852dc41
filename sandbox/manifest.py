"""The app manifest: the app's scopes, events, commands and shortcuts."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

import yaml

from sandbox.model import Json

# The scopes of which an event needs one: docs.slack.dev, reference/events/<name>. Empty: none.
EVENT_SCOPES = {
    "app_home_opened": "",
    "app_mention": "app_mentions:read",
    "app_uninstalled": "",
    "channel_archive": "channels:read",
    "channel_created": "channels:read",
    "channel_deleted": "channels:read",
    "channel_history_changed": "channels:history",
    "channel_id_changed": "",
    "channel_left": "channels:read",
    "channel_rename": "channels:read",
    "channel_unarchive": "channels:read",
    "file_deleted": "files:read",
    "file_shared": "files:read",
    "group_archive": "groups:read",
    "group_deleted": "groups:read",
    "group_left": "groups:read",
    "group_rename": "groups:read",
    "group_unarchive": "groups:read",
    "link_shared": "links:read",
    "member_joined_channel": "",
    "member_left_channel": "",
    "message.channels": "channels:history",
    "message.groups": "groups:history",
    "message.im": "im:history",
    "message.mpim": "mpim:history",
    "reaction_added": "reactions:read",
    "reaction_removed": "reactions:read",
    "subteam_created": "usergroups:read",
    "subteam_members_changed": "usergroups:read",
    "subteam_updated": "usergroups:read",
    "team_join": "users:read",
    "tokens_revoked": "",
    "user_change": "users:read",
}

# Events that never happen in the sandbox; an app may still subscribe to them.
_NEVER_SENT = {
    "assistant_thread_context_changed": "assistant:write",
    "assistant_thread_started": "assistant:write",
    "channel_shared": "channels:read",
    "channel_unshared": "channels:read",
    "dnd_updated_user": "dnd:read",
    "emoji_changed": "emoji:read",
    "file_change": "files:read",
    "file_created": "files:read",
    "file_public": "files:read",
    "file_unshared": "files:read",
    "function_executed": "",
    "group_close": "groups:read",
    "group_history_changed": "groups:history",
    "group_open": "groups:read",
    "im_close": "im:read",
    "im_created": "im:read",
    "im_history_changed": "im:history",
    "im_open": "im:read",
    "message.app_home": "",
    "pin_added": "pins:read",
    "pin_removed": "pins:read",
    "star_added": "stars:read",
    "star_removed": "stars:read",
    "team_domain_change": "team:read",
    "team_rename": "team:read",
    "user_huddle_changed": "users:read",
    "user_profile_changed": "users:read",
    "user_status_changed": "users:read",
}


@dataclass(frozen=True, slots=True)
class Command:
    """A slash command that the app declared."""

    name: str
    should_escape: bool
    description: str = ""
    usage_hint: str = ""


@dataclass(frozen=True, slots=True)
class Shortcut:
    """A shortcut that the app declared: `kind` is "message" or "global"."""

    name: str
    kind: str
    callback_id: str
    description: str = ""


@dataclass(frozen=True, slots=True)
class Manifest:
    """The parts of a manifest that the sandbox uses."""

    name: str
    bot_name: str
    scopes: tuple[str, ...] = ()
    events: frozenset[str] = frozenset()
    commands: dict[str, Command] = field(default_factory=dict)
    shortcuts: tuple[Shortcut, ...] = ()
    home_tab: bool = False
    messages_tab: bool = False
    # Whether people can't write to the app in its direct messages.
    read_only: bool = False
    # The domains whose links the app previews.
    unfurl_domains: tuple[str, ...] = ()
    interactive: bool = False
    socket_mode: bool = False

    @classmethod
    def load(cls, source: Path | Json) -> Manifest:
        """Read a manifest from a YAML or JSON file, or from a parsed one.

        Raises:
            ValueError: Slack would not accept it: an unknown event, an event without its scope, or
                commands without the scope `commands`.
        """
        document: Json
        document = _read(source) if isinstance(source, Path) else source
        features = document.get("features", {})
        app_home = features.get("app_home", {})
        settings = document.get("settings", {})
        scopes = document.get("oauth_config", {}).get("scopes", {}).get("bot", [])
        events = settings.get("event_subscriptions", {}).get("bot_events", [])
        manifest = cls(
            name=document["display_information"]["name"],
            bot_name=features.get("bot_user", {}).get("display_name", "bot"),
            scopes=tuple(scopes),
            events=frozenset(events),
            commands={
                each["command"]: Command(
                    each["command"],
                    bool(each.get("should_escape")),
                    each.get("description", ""),
                    each.get("usage_hint", ""),
                )
                for each in features.get("slash_commands", [])
            },
            shortcuts=tuple(
                Shortcut(
                    each["name"], each["type"], each["callback_id"], each.get("description", "")
                )
                for each in features.get("shortcuts", [])
            ),
            home_tab=bool(app_home.get("home_tab_enabled")),
            messages_tab=bool(app_home.get("messages_tab_enabled")),
            read_only=bool(app_home.get("messages_tab_read_only_enabled")),
            unfurl_domains=tuple(features.get("unfurl_domains", [])),
            interactive=bool(settings.get("interactivity", {}).get("is_enabled")),
            socket_mode=bool(settings.get("socket_mode_enabled")),
        )
        manifest.check()
        return manifest

    def check(self) -> None:
        """Raise ValueError if Slack would refuse the manifest."""
        for event in sorted(self.events):
            needed = (EVENT_SCOPES | _NEVER_SENT).get(event)
            if needed is None:
                raise ValueError(f"the manifest subscribes to an unknown event: {event}")
            if needed and needed not in self.scopes:
                raise ValueError(f"the event {event} needs the scope {needed}")
        if (self.commands or self.shortcuts) and "commands" not in self.scopes:
            raise ValueError("slash commands and shortcuts need the scope commands")

    def allows(self, scopes: tuple[str, ...]) -> bool:
        """Return whether one of `scopes` was granted, or none is needed."""
        return not scopes or any(scope in self.scopes for scope in scopes)


def _read(path: Path) -> Json:
    # libyaml is ten times as fast and as safe, if PyYAML was built with it.
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    document: Json = yaml.load(path.read_text("utf-8"), Loader=loader)  # noqa: S506 - as above
    return document
