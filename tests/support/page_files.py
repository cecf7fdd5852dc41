"""Files on the page."""

from __future__ import annotations

from playwright.sync_api import FilePayload


def file(name: str, content: bytes) -> FilePayload:
    """Return a file as a person chooses it on their machine."""
    return {"name": name, "mimeType": "application/octet-stream", "buffer": content}
