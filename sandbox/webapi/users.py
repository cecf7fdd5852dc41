"""auth, users, team, bots and apps.connections."""

from __future__ import annotations

from sandbox.errors import SlackError
from sandbox.model import Json
from sandbox.webapi.method import Call, Method, next_page


def api_test(call: Call) -> Json:
    """api.test."""
    return {"args": call.args}


def auth_test(call: Call) -> Json:
    """auth.test."""
    workspace = call.workspace
    return {
        "url": f"https://{workspace.domain}.slack.com/",
        "team": workspace.domain.title(),
        "user": workspace.bot.name,
        "team_id": workspace.team_id,
        "user_id": workspace.bot.id,
        "bot_id": workspace.bot.bot_id,
        "is_enterprise_install": False,
    }


def users_info(call: Call) -> Json:
    """users.info."""
    call.required("user")
    return {"user": call.person().as_user(call.workspace.clock.seconds())}


def users_list(call: Call) -> Json:
    """users.list."""
    page, cursor = call.page(list(call.workspace.people.values()), 200, 1000)
    now = call.workspace.clock.seconds()
    return {"members": [person.as_user(now) for person in page]} | next_page(cursor)


def users_conversations(call: Call) -> Json:
    """users.conversations: the channels that the bot shares with a user, or its own."""
    workspace = call.workspace
    person = call.person() if call.text("user") else workspace.bot
    kinds = {"public_channel": "channel", "private_channel": "group", "im": "im", "mpim": "mpim"}
    names = (call.text("types") or "public_channel").replace(" ", "").split(",")
    if not all(name in kinds for name in names):
        raise SlackError("invalid_types")
    kinds_asked = {kinds[name] for name in names}
    channels = [
        channel
        for channel in workspace.channels.values()
        if channel.kind in kinds_asked
        and {person.id, workspace.bot.id} <= channel.members.keys()
        and not (call.flag("exclude_archived") and channel.archived)
    ]
    page, cursor = call.page(channels, 100, 999)
    return {"channels": [each.as_conversation(member=True) for each in page]} | next_page(cursor)


def _conversation_scopes(call: Call) -> tuple[str, ...]:
    families = {"public_channel": "channels", "private_channel": "groups", "im": "im"}
    names = (call.text("types") or "public_channel").replace(" ", "").split(",")
    missing = [
        f"{families.get(name, 'mpim')}:read"
        for name in names
        if f"{families.get(name, 'mpim')}:read" not in call.workspace.manifest.scopes
    ]
    return tuple(missing)


def team_info(call: Call) -> Json:
    """team.info."""
    workspace = call.workspace
    return {"team": {"id": workspace.team_id, "name": "Sandbox", "domain": workspace.domain}}


def bots_info(call: Call) -> Json:
    """bots.info."""
    bot = call.text("bot")
    for person in call.workspace.people.values():
        if person.bot_id and person.bot_id == bot:
            about = {"id": bot, "user_id": person.id, "name": person.real_name, "deleted": False}
            ours = bot == call.workspace.bot.bot_id
            return {"bot": about | ({"app_id": call.workspace.app_id} if ours else {})}
    raise SlackError("bot_not_found")


def connections_open(call: Call) -> Json:
    """apps.connections.open: an address for one Socket Mode connection."""
    if not call.workspace.manifest.socket_mode:
        raise SlackError("socket_mode_not_enabled")
    ticket = call.installation.sockets.ticket()
    address = call.installation.url.replace("http", "ws", 1)
    return {"url": f"{address}/link/?ticket={ticket}&app_id={call.workspace.app_id}"}


METHODS = {
    "apps.connections.open": Method(connections_open, caller="app"),
    "api.test": Method(api_test, caller="anyone"),
    "auth.test": Method(auth_test),
    "users.info": Method(users_info, ("users:read",)),
    "users.list": Method(users_list, ("users:read",)),
    "users.conversations": Method(users_conversations, _conversation_scopes),
    "team.info": Method(team_info, ("team:read",)),
    "bots.info": Method(bots_info, ("users:read",)),
}
