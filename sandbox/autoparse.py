"""Automatic links in the mrkdwn of blocks without `verbatim`, as in Slack."""

from __future__ import annotations

import re
from typing import Any

from sandbox.model import Json
from sandbox.workspace import Workspace

# Explicit tokens and code stay as they are; docs.slack.dev, formatting text, automatic parsing.
_LIVE = re.compile(
    r"(?P<kept><[^<>]*>|```[\s\S]*?```|`[^`\n]*`)"
    r"|(?<![\w@])@(?P<broadcast>here|channel|everyone)\b"
    r"|(?<![\w#&])#(?P<channel>[\w\-]+)"
    r"|(?P<url>https?://[^\s<>|]+)"
)


def make_live(part: Any, workspace: Workspace) -> None:  # noqa: ANN401 - any part of Block Kit
    """Turn broadcasts, channel names and addresses in `part` into tokens, in place.

    Without `verbatim`, even escaped text of another person can notify a whole channel.
    """
    if isinstance(part, list):
        for each in part:
            make_live(each, workspace)
    elif isinstance(part, dict):
        if part.get("type") == "mrkdwn" and isinstance(part.get("text"), str):
            _parse(part, workspace)
        for each in part.values():
            make_live(each, workspace)


def _parse(text: Json, workspace: Workspace) -> None:
    if text.setdefault("verbatim", False):
        return

    def live(match: re.Match[str]) -> str:
        text = match.group()
        if match["broadcast"]:
            return f"<!{match['broadcast']}>"
        if match["channel"]:
            return workspace.names.channel(match["channel"]) or text
        return f"<{text}>" if match["url"] else text

    text["text"] = _LIVE.sub(live, text["text"])
