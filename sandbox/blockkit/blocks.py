"""Blocks, their surfaces, and the rules for all blocks of a payload together."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from typing import Literal

from sandbox.blockkit.cards import (
    ALERT,
    CARD,
    CAROUSEL,
    FILE,
    PLAN,
    TASK_CARD,
    VIDEO,
    container,
)
from sandbox.blockkit.elements import ACCESSORY, ACTION, CONTEXT_ACTION, IMAGE, INPUT
from sandbox.blockkit.rich_text import RICH_TEXT
from sandbox.blockkit.schema import (
    Schema,
    array,
    block_shape,
    boolean,
    exactly_one,
    integer,
    is_array,
    is_object,
    said,
    shape,
    string,
    tagged,
)
from sandbox.blockkit.tables import DATA_TABLE, TABLE
from sandbox.blockkit.texts import URL, plain, text, texts_and

Surface = Literal["message", "modal", "home"]

# docs.slack.dev, blocks and the markdown block: 50 per message, 100 per view; 12,000 characters
# in all markdown blocks of a payload.
MOST_BLOCKS = {"message": 50, "modal": 100, "home": 100}
MARKDOWN_CHARACTERS = 12_000


def _says_something(value: object, at: str) -> Iterator[str]:
    if is_object(value) and not ("text" in value or "fields" in value):
        yield said("missing required field: text", at)


_EVERYWHERE: dict[str, Schema] = {
    "section": block_shape(
        "section",
        {},
        {
            "text": text(3000),
            "fields": array(text(2000), 1, 10),
            "accessory": ACCESSORY,
            "expand": boolean,
        },
        _says_something,
    ),
    "header": block_shape("header", {"text": plain(150)}, {"level": integer(1, 4)}),
    "divider": block_shape("divider", {}, {}),
    "context": block_shape("context", {"elements": array(texts_and({"image": IMAGE}), 1, 10)}, {}),
    "actions": block_shape("actions", {"elements": array(ACTION, 1, 25)}, {}),
    "input": block_shape(
        "input",
        {"label": plain(2000), "element": INPUT},
        {"hint": plain(2000), "optional": boolean, "dispatch_action": boolean},
    ),
    "image": block_shape(
        "image",
        {"alt_text": string(2000, least=1)},
        {
            "image_url": string(3000, least=1),
            "slack_file": shape({}, {"id": string(least=1), "url": URL}),
            "title": plain(2000),
        },
        exactly_one("image_url", "slack_file"),
    ),
    "rich_text": RICH_TEXT,
    "video": VIDEO,
}
_FRAMED = ("actions", "context", "divider", "header", "image", "input", "rich_text", "section")
_CONTAINER = container(
    {kind: _EVERYWHERE[kind] for kind in _FRAMED} | {"file": FILE, "table": TABLE, "video": VIDEO}
)
# Slack doesn't document every block's surfaces: see sandbox/README.md, "Where it is not Slack".
_NOT_AT_HOME: dict[str, Schema] = {"alert": ALERT, "container": _CONTAINER}
_MESSAGES_ONLY: dict[str, Schema] = {
    "markdown": block_shape("markdown", {"text": string(MARKDOWN_CHARACTERS, least=1)}, {}),
    "table": TABLE,
    "data_table": DATA_TABLE,
    "card": CARD,
    "carousel": CAROUSEL,
    "task_card": TASK_CARD,
    "plan": PLAN,
    "file": FILE,
    "context_actions": block_shape(
        "context_actions", {"elements": array(CONTEXT_ACTION, 1, 5)}, {}
    ),
}
_KINDS: Mapping[Surface, Schema] = {
    "message": tagged({**_EVERYWHERE, **_NOT_AT_HOME, **_MESSAGES_ONLY}),
    "modal": tagged({**_EVERYWHERE, **_NOT_AT_HOME}),
    "home": tagged(_EVERYWHERE),
}


def against_blocks(blocks: Sequence[object], at: str, surface: Surface) -> Iterator[str]:
    """Yield Slack's complaints about the blocks of one payload."""
    yield from array(_KINDS[surface], most=MOST_BLOCKS[surface])(blocks, at)
    yield from _repeated_ids(blocks, at)
    elements = [e for _, block in _objects(blocks, at) for e in _elements(block, "")]
    if sum(element.get("focus_on_load") is True for _, element in elements) > 1:
        yield said("only one element may set focus_on_load", at)
    if surface == "message":
        yield from _markdown_and_tables(blocks, at)


def _repeated_ids(blocks: Sequence[object], at: str) -> Iterator[str]:
    """Yield repeated ids: a block_id is unique in its payload, an action_id in its block."""
    block_ids: set[object] = set()
    for pointer, block in _objects(blocks, at):
        block_id = block.get("block_id")
        if isinstance(block_id, str) and block_id in block_ids:
            yield said(f'`block_id` "{block_id}" already exists', f"{pointer}/block_id")
        block_ids.add(block_id)
        action_ids: set[object] = set()
        for spot, element in _elements(block, pointer):
            action_id = element.get("action_id")
            if isinstance(action_id, str) and action_id in action_ids:
                yield said(f'`action_id` "{action_id}" already exists', f"{spot}/action_id")
            action_ids.add(action_id)


def _markdown_and_tables(blocks: Sequence[object], at: str) -> Iterator[str]:
    objects = [block for _, block in _objects(blocks, at)]
    markdown = sum(len(str(b.get("text", ""))) for b in objects if b.get("type") == "markdown")
    if markdown > MARKDOWN_CHARACTERS:
        yield said(f"must be less than {MARKDOWN_CHARACTERS + 1} characters in all markdown", at)
    if Counter(block.get("type") for block in objects)["table"] > 1:
        yield said("only_one_table_allowed", at)


# The fields of blocks that contain other blocks.
_INNER = {"container": "child_blocks", "carousel": "elements", "plan": "tasks"}


def _objects(blocks: Sequence[object], at: str) -> Iterator[tuple[str, Mapping[str, object]]]:
    """Yield every block with its pointer, including nested ones."""
    for index, block in enumerate(blocks):
        if is_object(block):
            yield f"{at}/{index}", block
            key = _INNER.get(str(block.get("type")), "")
            inner = block.get(key)
            if is_array(inner):
                yield from _objects(inner, f"{at}/{index}/{key}")


def _elements(block: Mapping[str, object], at: str) -> Iterator[tuple[str, Mapping[str, object]]]:
    for key in ("accessory", "element"):
        element = block.get(key)
        if is_object(element):
            yield f"{at}/{key}", element
    for key in ("elements", "actions"):
        several = block.get(key)
        for index, element in enumerate(several if is_array(several) else ()):
            if is_object(element):
                yield f"{at}/{key}/{index}", element
