"""The methods and events of Slack that the bot uses, and the scopes that they need.

The bot asks for no other scopes. `test_manifest` keeps this equal to the code's calls, manifest.yml
and docs/scopes.md. Slack documents the scopes at docs.slack.dev, reference/methods/<method> and
reference/events/<event>.
"""

from typing import Final

COMMAND: Final = "/lore"

_HISTORY: Final = ("channels:history", "groups:history")
# The bot's own direct messages, in which people ask it questions.
_DIRECT: Final = ("im:history",)
_READ: Final = ("channels:read", "groups:read")

METHODS: Final[dict[str, tuple[str, ...]]] = {
    # This call uses the app-level token, which has the scope connections:write.
    "apps.connections.open": (),
    "auth.test": (),
    "bots.info": ("users:read",),
    "chat.postEphemeral": ("chat:write",),
    "chat.postMessage": ("chat:write",),
    "chat.update": ("chat:write",),
    "conversations.history": (*_HISTORY, *_DIRECT),
    "conversations.info": _READ,
    "conversations.members": _READ,
    "conversations.open": ("im:write",),
    "conversations.replies": _HISTORY,
    "users.conversations": _READ,
    "users.info": ("users:read",),
    "users.list": ("users:read",),
    "views.open": (),
    "views.publish": (),
    "views.push": (),
    "views.update": (),
}

# As a manifest names them. The listener for "message" gets both kinds of "message.…".
EVENTS: Final[dict[str, tuple[str, ...]]] = {
    "app_home_opened": (),
    "app_mention": ("app_mentions:read",),
    "app_uninstalled": (),
    "channel_archive": ("channels:read",),
    "channel_deleted": ("channels:read",),
    "channel_id_changed": _READ,
    "channel_left": ("channels:read",),
    "channel_unarchive": ("channels:read",),
    "group_archive": ("groups:read",),
    "group_deleted": ("groups:read",),
    "group_left": ("groups:read",),
    "group_unarchive": ("groups:read",),
    "member_joined_channel": _READ,
    "member_left_channel": _READ,
    "message.channels": ("channels:history",),
    "message.groups": ("groups:history",),
    "message.im": ("im:history",),
    "reaction_added": ("reactions:read",),
    "tokens_revoked": (),
}

# The slash command and the shortcut.
_SURFACES: Final = frozenset({"commands"})

SCOPES: Final[frozenset[str]] = _SURFACES.union(*METHODS.values(), *EVENTS.values())
