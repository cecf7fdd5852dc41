"""Blocks, the surfaces that show them, and the limits of all blocks of a payload together.

docs.slack.dev, reference/block-kit/blocks, the page of each block. "Unchecked" marks the
limits that slack_sdk doesn't check.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

from bot.slack.limits.elements import ACCESSORY, ACTION, CONTEXT, CONTEXT_ACTION, ID, IMAGE, INPUT
from bot.slack.limits.rules import (
    LimitError,
    Rule,
    WeightError,
    among,
    boolean,
    chars,
    items,
    number,
    plain,
    shape,
    text,
    word,
)

MARKDOWN: Final = 12_000  # over all markdown blocks of a message, unchecked
# Slack publishes no limit for msg_blocks_too_long: one text passed with 13,297 characters, and
# each further block cost 125 of them (slackapi/bolt-js issues 2509 and 2867); unchecked.
MESSAGE_WEIGHT: Final = 13_000
BLOCK_WEIGHT: Final = 125
# A block costs about as much as the JSON around its text; a styled run of rich text costs this.
RUN_WEIGHT: Final = 50

# Slack publishes only two limits for rich text: runs aren't empty, and lists are indented up to 8.
_MANY: Final = 10_000
_STYLE: Final = shape(
    **dict.fromkeys(
        ("bold", "italic", "strike", "code", "underline", "highlight", "client_highlight"),
        boolean,
    )
)
_RUN: Final = among(
    {
        "text": shape("text", style=_STYLE, text=chars(_MANY, 1)),
        "link": shape("url", style=_STYLE, url=chars(3000, 1), text=chars(_MANY)),
        "user": shape("user_id", style=_STYLE),
        "usergroup": shape("usergroup_id", style=_STYLE),
        "channel": shape("channel_id", style=_STYLE),
        "emoji": shape("name", style=_STYLE),
        "date": shape("timestamp", "format", style=_STYLE),
        "broadcast": shape("range", style=_STYLE),
        "color": shape("value", style=_STYLE),
        "team": shape("team_id", style=_STYLE),
    }
)
_RUNS: Final = shape("elements", elements=items(_MANY, _RUN, 0))
_LIST: Final = shape("elements", elements=items(_MANY, _RUNS, 0), indent=number(0, 8))
_FLAT: Final = ("rich_text_section", "rich_text_quote", "rich_text_preformatted")
_RICH: Final = among({"rich_text_list": _LIST, **dict.fromkeys(_FLAT, _RUNS)})


def _block(*needs: str, **parts: Rule) -> Rule:
    return shape(*needs, block_id=ID, **parts)


_RICH_TEXT: Final = _block("elements", elements=items(_MANY, _RICH, 0))
_CELL: Final = among(
    {
        "raw_text": shape("text", text=chars(_MANY, 1)),
        "raw_number": shape("value"),
        "rich_text": _RICH_TEXT,
    }
)
_CARD: Final = _block(title=text(150), subtitle=text(150), body=text(200), hero_image=IMAGE)
_EVERYWHERE: Final[Mapping[str, Rule]] = {
    "section": _block(
        "text|fields",
        text=text(3000),
        fields=items(10, text(2000)),  # the length is unchecked
        accessory=ACCESSORY,
    ),
    "header": _block("text", text=plain(150)),
    "divider": _block(),
    "context": _block("elements", elements=items(10, CONTEXT)),
    "actions": _block("elements", elements=items(25, ACTION)),
    "input": _block("label", "element", label=plain(2000), hint=plain(2000), element=INPUT),
    "image": _block(
        *("alt_text", "image_url^slack_file"),
        alt_text=chars(2000, 1),
        image_url=chars(3000, 1),
        title=plain(2000),
    ),
    "rich_text": _RICH_TEXT,
}
_CHILD: Final = among(_EVERYWHERE)
_MESSAGES_ONLY: Final[Mapping[str, Rule]] = {
    "markdown": _block("text", text=chars(MARKDOWN, 1)),
    "table": _block(
        "rows",
        rows=items(100, items(20, _CELL)),  # unchecked
        column_settings=items(20, shape(), 0),
    ),
    # A row of headings, then at most 100 rows of data.
    "data_table": _block(
        *("rows", "caption"),
        rows=items(101, items(20, shape())),
        page_size=number(1, 100),
    ),
    "context_actions": _block("elements", elements=items(5, CONTEXT_ACTION)),
    "alert": _block("text", level=word("default", "info", "warning", "error", "success")),
    "card": _CARD,
    "carousel": _block("elements", elements=items(10, among({"card": _CARD}))),
    "container": _block("child_blocks", child_blocks=items(10, _CHILD)),
    "video": _block("alt_text", "title", "video_url", "thumbnail_url", title=plain(200)),
    "plan": _block("title"),
    "task_card": _block("title", "task_id"),
}
MESSAGE: Final = among({**_EVERYWHERE, **_MESSAGES_ONLY})
VIEW: Final = among(_EVERYWHERE)


def together(blocks: Sequence[Mapping[str, Any]], where: str) -> None:
    """Check the ids and the focus across all blocks of a payload, which no SDK checks.

    Raises:
        LimitError: a block_id twice, an action_id twice in a block, or more than one element with
            focus_on_load.
    """
    block_ids: set[str] = set()
    focused = 0
    for index, block in enumerate(blocks):
        _unique(block.get("block_id"), block_ids, f"{where}[{index}].block_id")
        action_ids: set[str] = set()
        for element in _elements(block):
            _unique(element.get("action_id"), action_ids, f"{where}[{index}]")
            focused += element.get("focus_on_load") is True
    if focused > 1:
        raise LimitError(where, f"{focused} elements set focus_on_load, only one may")


def _unique(ident: str | None, seen: set[str], where: str) -> None:
    if ident is None:
        return
    if ident in seen:
        raise LimitError(where, f"{ident!r} is used twice")
    seen.add(ident)


def _elements(block: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    yield from (block[name] for name in ("accessory", "element") if name in block)
    yield from block.get("elements", ())


def weigh(blocks: Sequence[Mapping[str, Any]], where: str) -> None:
    """Check the weight of all blocks of a message together.

    Raises:
        WeightError: past MESSAGE_WEIGHT.
        LimitError: past MARKDOWN, or with a second table.
    """
    markdown = sum(len(block["text"]) for block in blocks if block["type"] == "markdown")
    if markdown > MARKDOWN:
        raise LimitError(where, f"{markdown:,} characters of markdown, Slack takes {MARKDOWN:,}")
    if sum(block["type"] == "table" for block in blocks) > 1:
        raise LimitError(where, "two tables, a message holds one")
    runs = sum(_runs(block) for block in blocks if block["type"] == "rich_text")
    weight = _characters(blocks) + BLOCK_WEIGHT * (len(blocks) - 1) + RUN_WEIGHT * runs
    if weight > MESSAGE_WEIGHT:
        raise WeightError(where, f"weighs {weight:,}, Slack takes about {MESSAGE_WEIGHT:,}")


def _runs(node: Mapping[str, Any]) -> int:
    return sum(map(_runs, node["elements"])) if "elements" in node else 1


def _characters(node: object) -> int:
    if isinstance(node, Mapping):
        own = node.get("text")
        return (len(own) if isinstance(own, str) else 0) + sum(map(_characters, node.values()))
    if isinstance(node, list):
        return sum(map(_characters, node))
    return 0
