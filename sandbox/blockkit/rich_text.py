"""The rich_text block, whose text is not parsed."""

from __future__ import annotations

from sandbox.blockkit.schema import Schema, array, boolean, integer, shape, string, tagged, word

_STYLE = shape(
    {},
    dict.fromkeys(
        ("bold", "italic", "strike", "code", "underline", "highlight", "client_highlight"),
        boolean,
    ),
)


def _inline(kind: str, required: dict[str, Schema], optional: dict[str, Schema]) -> Schema:
    return shape({"type": word(kind), **required}, {"style": _STYLE, **optional})


_INLINE = {
    "text": _inline("text", {"text": string(least=1)}, {}),
    "link": _inline("link", {"url": string(3000, least=1)}, {"text": string(), "unsafe": boolean}),
    "user": _inline("user", {"user_id": string(least=1)}, {}),
    "channel": _inline("channel", {"channel_id": string(least=1)}, {}),
    "usergroup": _inline("usergroup", {"usergroup_id": string(least=1)}, {}),
    "emoji": _inline(
        "emoji", {"name": string(least=1)}, {"unicode": string(), "skin_tone": integer(1, 6)}
    ),
    "date": _inline(
        "date",
        {"timestamp": integer(0), "format": string(least=1)},
        {"timezone": string(), "url": string(3000), "fallback": string()},
    ),
    "broadcast": _inline("broadcast", {"range": word("here", "channel", "everyone")}, {}),
    "color": _inline("color", {"value": string(least=1)}, {}),
    "team": _inline("team", {"team_id": string(least=1)}, {}),
}
_SECTION = shape({"type": word("rich_text_section"), "elements": array(tagged(_INLINE))})
_PARTS = {
    "rich_text_section": _SECTION,
    "rich_text_list": shape(
        {
            "type": word("rich_text_list"),
            "style": word("bullet", "ordered"),
            "elements": array(tagged({"rich_text_section": _SECTION})),
        },
        {"indent": integer(0, 8), "offset": integer(0), "border": integer(0, 1)},
    ),
    "rich_text_preformatted": shape(
        {"type": word("rich_text_preformatted"), "elements": array(tagged(_INLINE))},
        {"border": integer(0, 1), "language": string()},
    ),
    "rich_text_quote": shape(
        {"type": word("rich_text_quote"), "elements": array(tagged(_INLINE))},
        {"border": integer(0, 1)},
    ),
}

RICH_TEXT = shape(
    {"type": word("rich_text"), "elements": array(tagged(_PARTS))},
    {"block_id": string(255)},
)
