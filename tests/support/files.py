"""Files, and an app that may upload them."""

from __future__ import annotations

import base64
from pathlib import Path

import yaml

from tests.support.sandbox_sample import manifest

# One pixel.
PNG = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
)


def with_files(folder: Path, *, read: bool = True) -> Path:
    """Write the sample's manifest with the scopes and events of files."""
    path = manifest(folder)
    given = yaml.safe_load(path.read_text("utf-8"))
    given["oauth_config"]["scopes"]["bot"] += ["files:write", *(["files:read"] if read else [])]
    if read:
        given["settings"]["event_subscriptions"]["bot_events"] += ["file_shared", "file_deleted"]
    path.write_text(yaml.safe_dump(given), "utf-8")
    return path
