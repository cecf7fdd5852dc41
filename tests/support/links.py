"""An app that Slack tells of links."""

from __future__ import annotations

from pathlib import Path

import yaml

from tests.support.sandbox_sample import manifest

URL = "https://lore.example.com/entries/12?a=1&b=2"


def with_links(folder: Path, *, scopes: tuple[str, ...] = ("links:read", "links:write")) -> Path:
    """Write the sample's manifest with a domain of its own."""
    path = manifest(folder)
    given = yaml.safe_load(path.read_text("utf-8"))
    given["features"]["unfurl_domains"] = ["lore.example.com"]
    given["oauth_config"]["scopes"]["bot"] += scopes
    given["settings"]["event_subscriptions"]["bot_events"].append("link_shared")
    path.write_text(yaml.safe_dump(given), "utf-8")
    return path
