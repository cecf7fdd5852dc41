"""Cards, containers, alerts, tasks, videos and files."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from sandbox.blockkit.elements import BUTTON, IMAGE
from sandbox.blockkit.rich_text import RICH_TEXT
from sandbox.blockkit.schema import (
    Schema,
    array,
    block_shape,
    boolean,
    is_object,
    said,
    shape,
    string,
    tagged,
    word,
)
from sandbox.blockkit.texts import HTTPS, URL, plain, text

_STATUS = word("pending", "in_progress", "complete", "error")


def _shows_something(value: object, at: str) -> Iterator[str]:
    visible = ("hero_image", "title", "actions", "body")
    if is_object(value) and not any(key in value for key in visible):
        yield said(f"must provide at least one of: {', '.join(visible)}", at)


def _header_of_container(value: object, at: str) -> Iterator[str]:
    if not is_object(value):
        return
    if "title" not in value and "rich_text_title" not in value:
        yield said("missing required field: title", at)
    if value.get("is_collapsible") is True and value.get("has_header_divider") is True:
        words = "has_header_divider cannot be set when is_collapsible is true"
        yield said(words, f"{at}/has_header_divider")
    if value.get("default_collapsed") is True and value.get("is_collapsible") is not True:
        yield said("default_collapsed needs is_collapsible", f"{at}/default_collapsed")


# Slack publishes no limit for the buttons of a card or the tasks of a plan; an actions block takes
# 25 elements and a message 50 blocks.
CARD = block_shape(
    "card",
    {},
    {
        "hero_image": IMAGE,
        "icon": IMAGE,
        "title": text(150),
        "subtitle": text(150),
        "body": text(200),
        "actions": array(tagged({"button": BUTTON}), 1, 25),
    },
    _shows_something,
)
CAROUSEL = block_shape("carousel", {"elements": array(tagged({"card": CARD}), 1, 10)}, {})
ALERT = block_shape(
    "alert",
    {"text": text(3000)},
    {"level": word("default", "info", "warning", "error", "success")},
)
TASK_CARD = block_shape(
    "task_card",
    {"task_id": string(least=1), "title": string(least=1)},
    {
        "details": RICH_TEXT,
        "output": RICH_TEXT,
        "sources": array(
            tagged({"url": shape({"type": word("url"), "url": URL, "text": string(least=1)})})
        ),
        "status": _STATUS,
    },
)
PLAN = block_shape(
    "plan",
    {"title": string(least=1)},
    {"tasks": array(tagged({"task_card": TASK_CARD}), 0, 50)},
)
VIDEO = block_shape(
    "video",
    # "Must be less than 200 characters", and the author's name less than 50.
    {
        "alt_text": string(2000, least=1),
        "title": plain(199),
        "thumbnail_url": string(3000, least=1),
        "video_url": HTTPS,
    },
    {
        "title_url": HTTPS,
        "description": plain(200),
        "provider_icon_url": string(3000, least=1),
        "provider_name": string(),
        "author_name": string(49),
    },
)
FILE = block_shape("file", {"external_id": string(least=1), "source": word("remote")}, {})


def container(children: Mapping[str, Schema]) -> Schema:
    """Return the schema of a container with up to 10 blocks of these types."""
    return block_shape(
        "container",
        {"child_blocks": array(tagged(children), 1, 10)},
        {
            "title": plain(150),
            "rich_text_title": RICH_TEXT,
            "subtitle": text(150),
            "icon": IMAGE,
            "width": word("narrow", "standard", "wide", "full"),
            "is_collapsible": boolean,
            "default_collapsed": boolean,
            "has_header_divider": boolean,
        },
        _header_of_container,
    )
