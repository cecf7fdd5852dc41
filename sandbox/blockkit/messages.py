"""Validation of messages."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from sandbox.blockkit.blocks import against_blocks
from sandbox.blockkit.schema import is_array, is_object
from sandbox.errors import SlackError

# docs.slack.dev, chat.postMessage and chat.update; a longer text of a new message is truncated.
POSTED_TEXT = 40_000
EDITED_TEXT = 4_000
MARKDOWN_TEXT = 12_000
ATTACHMENTS = 100
# Slack publishes no limit for a whole message. Its developers mention 12,000 characters of text
# plus the containers (slackapi/bolt-js issues 2509 and 2867). There, a text of 13,297 characters
# was accepted, and a divider beside it cost 125 of them.
MESSAGE_WEIGHT = 13_297
BLOCK_WEIGHT = 125


def check_message(payload: Mapping[str, object], *, edited: bool = False) -> None:
    """Refuse the arguments of chat.postMessage, chat.postEphemeral or a response_url.

    With `edited`, the limit for the text is that of chat.update. Only texts, blocks and attachments
    are checked; unknown arguments are ignored, as in Slack.

    Raises:
        SlackError: `no_text`, `msg_too_long`, `markdown_text_conflict`, `invalid_blocks_format`,
            `invalid_blocks`, `msg_blocks_too_long`, `too_many_attachments` or
            `invalid_attachments`, with a line and JSON pointer for each fault.
    """
    words = payload.get("text")
    blocks = payload.get("blocks")
    attachments = payload.get("attachments")
    markdown = payload.get("markdown_text")
    if not (words or blocks or attachments or markdown):
        raise SlackError("no_text")
    if markdown and (words or blocks):
        raise SlackError("markdown_text_conflict")
    if isinstance(markdown, str) and len(markdown) > MARKDOWN_TEXT:
        raise SlackError("msg_too_long")
    if isinstance(words, str) and len(words) > (EDITED_TEXT if edited else POSTED_TEXT):
        raise SlackError("msg_too_long")
    if blocks is not None:
        _check_blocks(blocks)
    if attachments is not None:
        _check_attachments(attachments)


def _check_blocks(blocks: object) -> None:
    if not is_array(blocks):
        raise SlackError("invalid_blocks_format")
    if faults := list(against_blocks(blocks, "/blocks", "message")):
        raise SlackError("invalid_blocks", faults)
    if weight(blocks) > MESSAGE_WEIGHT:
        raise SlackError("msg_blocks_too_long")


def _check_attachments(attachments: object) -> None:
    if not is_array(attachments):
        raise SlackError("invalid_attachments")
    if len(attachments) > ATTACHMENTS:
        raise SlackError("too_many_attachments")
    if faults := list(_against_attachments(attachments)):
        raise SlackError("invalid_attachments", faults)


def _against_attachments(attachments: Sequence[object]) -> Iterator[str]:
    for index, attachment in enumerate(attachments):
        blocks = attachment.get("blocks") if is_object(attachment) else None
        if is_array(blocks):
            yield from against_blocks(blocks, f"/attachments/{index}/blocks", "message")


def weight(blocks: Sequence[object]) -> int:
    """Return the weight of blocks: their characters, plus a fee for each block."""
    return BLOCK_WEIGHT * (len(blocks) - 1) + sum(_characters(block) for block in blocks)


def _characters(value: object) -> int:
    if is_object(value):
        text = value.get("text")
        own = len(text) if isinstance(text, str) else 0
        return own + sum(_characters(field) for field in value.values())
    if is_array(value):
        return sum(_characters(item) for item in value)
    return 0
