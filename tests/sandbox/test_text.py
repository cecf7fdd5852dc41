"""Text from typing to reading, and the timestamps of messages."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sandbox.clock import Clock, ts_key
from sandbox.drawing import drawn
from sandbox.manifest import Manifest
from sandbox.markup import Names, typed, unescape
from sandbox.model import Json
from sandbox.rich_text import rich_text
from sandbox.workspace import Workspace

NOBODY = Names(lambda _name: None, lambda _name: None, lambda _name: None)


@given(st.text())
def test_nobody_can_type_a_live_token(text: str) -> None:
    """Text without names or addresses comes back unchanged."""
    live = typed(text.replace("http", "ftp").replace("@", "a"), NOBODY)

    assert "<" not in live
    assert unescape(live) == text.replace("http", "ftp").replace("@", "a")


def test_a_typed_address_can_not_look_like_another() -> None:
    assert typed("https://a.b|c.d", NOBODY) == "<https://a.b%7Cc.d>"


@given(st.lists(st.floats(1_000_000_000, 4_000_000_000), max_size=20))
def test_timestamps_never_repeat_and_now_goes_on(moments: list[float]) -> None:
    """New messages stay in order, whatever the dates of past messages."""
    clock = Clock(lambda: datetime(2026, 3, 2, tzinfo=UTC))
    past, new = [], []
    for moment in moments:
        past.append(clock.ts(moment))
        new.append(clock.ts())

    assert len({*past, *new}) == 2 * len(moments)
    assert new == sorted(new, key=ts_key)


@pytest.fixture
def workspace() -> Workspace:
    parsed = {"display_information": {"name": "Sample"}}
    return Workspace(Manifest.load(parsed), Clock())


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("*bold* and _slanted_, not snake_case_name", "bold and slanted, not snake_case_name"),
        ("<https://x.example|here> or <https://y.example>", "here or https://y.example"),
        ("<!date^1700000000^{date}|14 Nov>", "14 Nov"),
        ("<!channel> a &lt; b &amp;&amp; c", "@channel a < b && c"),
        ("<@U0UNKNOWN>: 2 * 3 * 4 ~ 5", "@U0UNKNOWN: 2 * 3 * 4 ~ 5"),
    ],
)
def test_markup_is_drawn_as_words(workspace: Workspace, text: str, words: str) -> None:
    assert drawn(text, workspace) == words


def test_people_and_channels_are_drawn_by_name(workspace: Workspace) -> None:
    ana = workspace.add_person("ana")
    ops = workspace.add_channel("ops", private=False, creator=ana.id)

    assert drawn(f"<@{ana.id}> in <#{ops.id}|old-name>", workspace) == "@ana in #ops"


def test_what_is_typed_becomes_rich_text_with_styles() -> None:
    text = "*bold _both_* `a*b*` 10:30:45 :scroll: ~gone~ snake_case <https://x.example/a_b_c>"
    (block,) = rich_text(text, "b")

    assert block["elements"] == [
        {
            "type": "rich_text_section",
            "elements": [
                {"type": "text", "text": "bold ", "style": {"bold": True}},
                {"type": "text", "text": "both", "style": {"bold": True, "italic": True}},
                {"type": "text", "text": " "},
                {"type": "text", "text": "a*b*", "style": {"code": True}},
                {"type": "text", "text": " 10:30:45 "},
                {"type": "emoji", "name": "scroll"},
                {"type": "text", "text": " "},
                {"type": "text", "text": "gone", "style": {"strike": True}},
                {"type": "text", "text": " snake_case "},
                {"type": "link", "url": "https://x.example/a_b_c"},
            ],
        }
    ]


def test_quotes_lists_and_code_are_parts_of_their_own() -> None:
    (block,) = rich_text("why\n&gt; he said\n&gt; so\n- one\n- two\n1. first\n```\na *b*\n```", "b")

    assert [each["type"].removeprefix("rich_text_") for each in block["elements"]] == [
        "section",
        "quote",
        "list",
        "list",
        "preformatted",
    ]
    assert [each.get("style") for each in block["elements"][2:4]] == ["bullet", "ordered"]
    assert block["elements"][4]["elements"] == [{"type": "text", "text": "a *b*"}]


@given(st.text(alphabet="ab *_~`>&;-\n1.:<", max_size=40))
def test_no_text_is_lost_on_its_way_to_rich_text(text: str) -> None:
    """Only the signs of styles disappear; all letters stay in order."""
    (block,) = rich_text(typed(text, NOBODY), "b")

    assert re.sub("[^ab]", "", "".join(_texts(block))) == re.sub("[^ab]", "", text)


def _texts(part: Json) -> Iterator[str]:
    yield part.get("text", "") or part.get("name", "")
    for each in part.get("elements", []):
        yield from _texts(each)
