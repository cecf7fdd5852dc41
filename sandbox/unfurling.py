"""Links to the app's domains: their events, and the app's previews."""

from __future__ import annotations

import hashlib
import re
from urllib.parse import urlsplit

from sandbox.markup import unescape
from sandbox.model import SLACKBOT, Channel, Json, Message
from sandbox.workspace import Workspace

_LINK = re.compile(r"<(https?://[^|<>]+)(?:\|[^<>]*)?>")


def links(text: str) -> list[str]:
    """Return the addresses of a text's links, without repeats."""
    return list(dict.fromkeys(unescape(url) for url in _LINK.findall(text)))


def domain_of(workspace: Workspace, url: str) -> str | None:
    """Return the manifest's domain of an address, which may be in a subdomain."""
    host = urlsplit(url).hostname or ""
    for domain in workspace.manifest.unfurl_domains:
        if host == domain or host.endswith(f".{domain}"):
            return domain
    return None


def tell_of_links(workspace: Workspace, channel: Channel, message: Message) -> None:
    """Send the app `link_shared` for links to its domains, even in channels without its bot.

    Links in its own messages, and in those of people of another organisation, don't count.
    """
    if message.user in (workspace.bot.id, SLACKBOT) or workspace.people[message.user].foreign:
        return
    pairs = [(url, domain_of(workspace, url)) for url in links(message.text)]
    mine = [{"domain": domain, "url": url} for url, domain in pairs if domain]
    if not mine:
        return
    event: Json = {
        "type": "link_shared",
        "user": message.user,
        "channel": channel.id,
        "message_ts": message.ts,
        "links": mine,
        "source": "conversations_history",
        "unfurl_id": unfurl_id(message),
        "is_bot_user_member": workspace.bot.id in channel.members,
    }
    if message.thread_ts:
        event["thread_ts"] = message.thread_ts
    workspace.publish(event, None)


def unfurl_id(message: Message) -> str:
    """Return the `unfurl_id` of a message."""
    place = f"{message.channel}.{message.ts}"
    return f"{place}.{hashlib.sha256(place.encode()).hexdigest()}"


def with_unfurls(
    workspace: Workspace, attachments: list[Json], unfurls: dict[str, Json]
) -> list[Json]:
    """Return attachments with a preview for each address, which replaces an earlier one."""
    previews = list(attachments)
    for url, given in unfurls.items():
        old = next((each for each in previews if each.get("app_unfurl_url") == url), None)
        number = old["id"] if old else 1 + max((each.get("id", 0) for each in previews), default=0)
        preview = {key: value for key, value in given.items() if key != "preview"} | {
            "id": number,
            "fallback": given.get("fallback") or given.get("title") or "[no preview available]",
            "from_url": url,
            "app_unfurl_url": url,
            "is_app_unfurl": True,
            "app_id": workspace.app_id,
            "bot_id": workspace.bot.bot_id,
            "bot_team_id": workspace.team_id,
        }
        if old:
            previews[previews.index(old)] = preview
        else:
            previews.append(preview)
    return previews
