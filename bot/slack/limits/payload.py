"""The check of a whole message or view against Slack's limits."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any, Final

from bot.slack.limits.blocks import MESSAGE, VIEW, together, weigh
from bot.slack.limits.rules import LimitError, Rule, chars, items, plain, shape

MESSAGE_TEXT: Final = 40_000  # chat.postMessage cuts a longer one
ATTACHMENTS: Final = 100  # chat.postMessage
MESSAGE_BLOCKS: Final = 50  # reference/block-kit/blocks, unchecked by slack_sdk
VIEW_BLOCKS: Final = 100  # surfaces/modals, surfaces/app-home
VIEW_BYTES: Final = 250_000  # views.open: view_too_large, unchecked by slack_sdk
PRIVATE_METADATA: Final = 3_000  # surfaces/modals
# Slack publishes no limit for metadata_too_large. This is small enough to be safe.
METADATA_BYTES: Final = 1_000

_VIEW_PARTS: Final[Mapping[str, Rule]] = {
    "private_metadata": chars(PRIVATE_METADATA),
    "callback_id": chars(255),
    "external_id": chars(255),
    "blocks": items(VIEW_BLOCKS, VIEW),
}
_VIEWS: Final[Mapping[str, Rule]] = {
    "modal": shape(
        *("title", "blocks"), title=plain(24), submit=plain(24), close=plain(24), **_VIEW_PARTS
    ),
    "home": shape("blocks", **_VIEW_PARTS),
}
_MESSAGE: Final = shape(
    text=chars(MESSAGE_TEXT),
    blocks=items(MESSAGE_BLOCKS, MESSAGE, 0),
    attachments=items(ATTACHMENTS, shape(blocks=items(MESSAGE_BLOCKS, MESSAGE, 0)), 0),
    metadata=shape("event_type", "event_payload", event_type=chars(255, 1)),
)


def check(payload: Mapping[str, Any]) -> None:
    """Check a message's arguments, or a view when its type is modal or home.

    Other arguments (channel, thread_ts, …) aren't checked. A message with blocks also needs `text`,
    for notifications and screen readers.

    Raises:
        LimitError: Slack would refuse or cut a part of it.
    """
    if payload.get("type") in _VIEWS:
        _check_view(payload)
    else:
        _check_message(payload)


def _check_view(view: Mapping[str, Any]) -> None:
    _VIEWS[view["type"]](view, "")
    blocks = view["blocks"]
    together(blocks, "blocks")
    # Unchecked by slack_sdk.
    if view["type"] == "modal" and "submit" not in view:
        for index, block in enumerate(blocks):
            if block["type"] == "input":
                raise LimitError(f"blocks[{index}]", "a modal with an input needs submit")
    size = _bytes(view)
    if size > VIEW_BYTES:
        raise LimitError("", f"{size:,} bytes, Slack takes {VIEW_BYTES:,} for a view")


def _check_message(message: Mapping[str, Any]) -> None:
    _MESSAGE(message, "")
    if not message.get("text"):
        raise LimitError("text", "is missing")
    blocks = message.get("blocks", [])
    together(blocks, "blocks")
    weigh(blocks, "blocks")
    for index, attachment in enumerate(message.get("attachments", [])):
        together(attachment.get("blocks", []), f"attachments[{index}].blocks")
    size = _bytes(message["metadata"]) if "metadata" in message else 0
    if size > METADATA_BYTES:
        raise LimitError("metadata", f"{size:,} bytes, only {METADATA_BYTES:,} are safe")


def _bytes(part: object) -> int:
    return len(json.dumps(part, ensure_ascii=False, separators=(",", ":")).encode())
