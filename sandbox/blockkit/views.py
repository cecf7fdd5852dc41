"""Validation of modals and the Home tab."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Literal

from sandbox.blockkit.blocks import against_blocks
from sandbox.blockkit.schema import (
    Schema,
    array,
    boolean,
    is_array,
    is_object,
    said,
    shape,
    string,
    word,
)
from sandbox.blockkit.texts import plain
from sandbox.errors import SlackError

# docs.slack.dev, views.open: 250 kB for the whole view.
VIEW_BYTES = 250_000


# Only checks for a list that isn't empty: the blocks are checked together later.
_BLOCKS = array(lambda _value, _at: (), 1)
_KEPT = {
    "private_metadata": string(3000),
    "callback_id": string(255),
    "external_id": string(255),
}
_VIEWS: Mapping[str, Schema] = {
    "modal": shape(
        {"type": word("modal"), "title": plain(24), "blocks": _BLOCKS},
        {
            "submit": plain(24),
            "close": plain(24),
            "clear_on_close": boolean,
            "notify_on_close": boolean,
            **_KEPT,
        },
    ),
    "home": shape({"type": word("home"), "blocks": _BLOCKS}, _KEPT),
}


def check_view(view: Mapping[str, object], surface: Literal["modal", "home"]) -> None:
    """Refuse a view of views.open, push, update (`modal`) or publish (`home`).

    The workspace checks whether an external_id is taken.

    Raises:
        SlackError: `view_too_large`, or `invalid_arguments` with a line and JSON pointer for each
            fault.
    """
    if len(json.dumps(view, ensure_ascii=False, separators=(",", ":")).encode()) > VIEW_BYTES:
        raise SlackError("view_too_large")
    if faults := list(_against_view(view, surface)):
        raise SlackError("invalid_arguments", faults)


def _against_view(view: Mapping[str, object], surface: Literal["modal", "home"]) -> Iterator[str]:
    kind = view.get("type")
    if kind != surface:
        yield said(f"unsupported type: {kind}", "/view/type")
        return
    yield from _VIEWS[surface](view, "/view")
    blocks = view.get("blocks")
    if not is_array(blocks):
        return
    yield from against_blocks(blocks, "/view/blocks", surface)
    if surface == "modal" and "submit" not in view:
        for index, block in enumerate(blocks):
            if is_object(block) and block.get("type") == "input":
                words = "must define `submit` to use an `input` block in modals"
                yield said(words, f"/view/blocks/{index}/input")
