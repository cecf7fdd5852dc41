"""A message on a terminal reads as it does in Slack, and can't harm the terminal."""

from __future__ import annotations

import re
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.slack import terminal
from bot.slack.terminal.runs import columns
from bot.slack.text import mrkdwn

Json = dict[str, Any]
NAMES = {"U1": "Ana", "C1": "ops"}


def plain(text: str) -> Json:
    return {"type": "plain_text", "text": text}


def section(text: str, **more: object) -> Json:
    return {"type": "section", "text": {"type": "mrkdwn", "text": text}, **more}


def button(label: str, **more: object) -> Json:
    return {"type": "button", "text": plain(label), "action_id": label, **more}


def rich(*elements: Json) -> Json:
    return {"type": "rich_text", "elements": list(elements)}


def words(text: str, **style: bool) -> Json:
    return {"type": "text", "text": text, "style": style}


def rich_section(*elements: Json) -> Json:
    return {"type": "rich_text_section", "elements": list(elements)}


def drawn(*blocks: Json, **more: Any) -> str:  # noqa: ANN401 - passed through
    message = {"text": "not shown", "blocks": list(blocks)}
    return terminal.draw(message, names=lambda ident: NAMES.get(ident, ident), **more)


def test_a_digest_reads_from_top_to_bottom() -> None:
    assert drawn(
        {"type": "header", "text": plain("Weekly review :scroll:")},
        {"type": "context", "elements": [plain("2 March"), plain("sent on time")]},
        {"type": "divider"},
        section("*Failover* asked 6 times\n~DEC-12~ done by <@U1>", accessory=button("Assign")),
        {"type": "actions", "elements": [button("Record it"), button("Not recurring")]},
        section("*Next*"),
        width=50,
    ).split("\n") == [
        "Weekly review 📜",
        "━━━━━━━━━━━━━━━━",
        "2 March  sent on time",
        "──────────────────────────────────────────────────",
        "Failover asked 6 times",
        "~DEC-12~ done by @Ana",
        "[ Assign ]",
        "[ Record it ]  [ Not recurring ]",
        "",
        "Next",
    ]


def test_a_button_is_next_to_its_text_if_there_is_space() -> None:
    line = drawn(section("short", accessory=button("Assign")), width=70)
    assert line == "short" + " " * 55 + "[ Assign ]"


def test_fields_are_side_by_side_if_there_is_space() -> None:
    fields = {"type": "section", "fields": [plain("Owner\nAna"), plain("Due\nMonday"), plain("x")]}
    assert drawn(fields, width=50).split("\n") == [
        "Owner                     Due",
        "Ana                       Monday",
        "x",
    ]
    assert drawn(fields, width=20) == "Owner\nAna\nDue\nMonday\nx"


@pytest.mark.parametrize(
    ("text", "seen"),
    [
        ("<@U1> in <#C1>, <@U9>", "@Ana in #ops, @U9"),
        ("see <https://x.io/?a=1&amp;b=2|the runbook>", "see the runbook (https://x.io/?a=1&b=2)"),
        ("<https://x.io>", "https://x.io"),
        ("<!date^1772442000^{date}|2 March 2026>", "2 March 2026"),
        ("*a* _b_ ~c~ `d`", "a b ~c~ `d`"),
        ("*by <@U1>*, 2*3*4, snake_case_name", "by @Ana, 2*3*4, snake_case_name"),
        ("~*gone*~", "~gone~"),
        ("*_~all three~_*", "~all three~"),
        ("a &lt; b &amp;amp; c", "a < b &amp; c"),
        ("&gt; said", "│ said"),
        ("10:30:45 :warning: :unheard-of:", "10:30:45 ⚠️ :unheard-of:"),
        ("look:\n```\n*a* &lt;b&gt;\nc\n```\ndone", "look:\n    *a* <b>\n    c\ndone"),
    ],
)
def test_markup_is_shown_as_in_slack(text: str, seen: str) -> None:
    assert drawn(section(text)) == seen


def test_colors_and_links_are_codes_only_if_turned_on() -> None:
    block = section("*a* ~b~ <https://x.io|c>")
    assert drawn(block, colour=True, hyperlinks=True) == (
        "\x1b[1ma\x1b[0m \x1b[9mb\x1b[0m \x1b]8;;https://x.io\x1b\\\x1b[4;34mc\x1b[0m\x1b]8;;\x1b\\"
    )
    assert "\x1b" not in drawn(block)


def test_rich_text_is_shown_as_in_slack() -> None:
    bullets = {
        "type": "rich_text_list",
        "style": "ordered",
        "elements": [
            rich_section(words("stop "), words("the old one", strike=True)),
            rich_section({"type": "link", "url": "https://x.io", "text": "start"}),
        ],
    }
    assert drawn(
        rich(
            rich_section({"type": "user", "user_id": "U1"}, words(" says\n")),
            {**bullets, "indent": 1},
            {"type": "rich_text_quote", "elements": [words("one\ntwo")]},
            {"type": "rich_text_preformatted", "elements": [words("ls\npwd")]},
        )
    ).split("\n") == [
        "@Ana says",
        "  1. stop ~the old one~",
        "  2. start (https://x.io)",
        "│ one",
        "│ two",
        "    ls",
        "    pwd",
    ]


def test_a_long_line_continues_under_its_first_word() -> None:
    assert drawn(section("• drain the node first, then cordon it"), width=20).split("\n") == [
        "• drain the node",
        "  first, then cordon",
        "  it",
    ]


def test_a_url_is_never_broken() -> None:
    url = f"https://x.io/{'a' * 40}"
    assert f"({url})" in drawn(section(f"read <{url}|this> now"), width=20).split("\n")


def test_text_without_spaces_is_broken_between_characters() -> None:
    assert drawn(section("日本語の長い文章。"), width=10).split("\n") == ["日本語の長", "い文章。"]
    assert drawn(section("x" * 25), width=10).split("\n") == ["x" * 10, "x" * 10, "x" * 5]
    family = "👩\u200d👧"
    assert drawn(section(family * 5), width=5).split("\n") == [family * 2, family * 2, family]
    heart = "❤\ufe0f"
    assert drawn(section(heart * 12), width=21).split("\n") == [heart * 10, heart * 2]
    accented = "e\u0301"
    assert drawn(section(accented * 8), width=8) == accented * 8
    assert drawn(section(accented * 9), width=8) == f"{accented * 8}\n{accented}"


@pytest.mark.parametrize(
    ("text", "wide"),
    [
        ("abc", 3),
        ("日本", 4),
        ("e\u0301", 1),
        ("👩\u200d👩\u200d👧", 2),
        ("👍🏽", 2),
        ("❤\ufe0f", 2),
        ("🇵🇱", 2),
    ],
)
def test_the_width_of_text_is_that_on_a_terminal(text: str, wide: int) -> None:
    assert columns(text) == wide


# Bullets, long words and characters of several parts, which are hard to wrap.
PIECES = st.sampled_from(
    ["• ", " ", "\n", "x" * 30, "日本語", "e\u0301" * 9, "👩\u200d👧" * 9, "> "]
)
TYPED = st.one_of(st.text(max_size=200), st.lists(PIECES, max_size=12).map("".join))


@given(TYPED, st.integers(8, 60))
def test_typed_text_stays_in_its_width_and_sends_no_code(text: str, width: int) -> None:
    safe = mrkdwn.defused(text)
    shown = drawn(section(safe), {"type": "context", "elements": [plain(text or "-")]}, width=width)
    assert not re.search(r"[\x00-\x09\x0b-\x1f\x7f-\x9f\u202a-\u202e]", shown)
    lines = [line for line in shown.split("\n") if "://" not in line]
    assert all(columns(line) <= width for line in lines)


# Colons belong to emoji, which are drawn as such.
WORDS = st.text(st.characters(categories=["L", "N", "P"], exclude_characters=":"), max_size=80)


@given(WORDS, st.integers(8, 40))
def test_wrapping_loses_no_word(text: str, width: int) -> None:
    shown = drawn({"type": "section", "text": plain(f"a {text} z")}, width=width)
    assert re.sub(r"\s", "", shown) == re.sub(r"\s", "", f"a{text}z")


def test_nested_marks_end() -> None:
    assert "a" in drawn(section("*_" * 700 + "a" + "_*" * 700))


def test_a_link_cannot_contain_a_code() -> None:
    shown = drawn(section("<https://x.io/\x1b]8;;|a\x07b>"), hyperlinks=True)
    assert shown == "\x1b]8;;https://x.io/]8;;\x1b\\ab\x1b]8;;\x1b\\"


def test_a_message_without_blocks_shows_its_text() -> None:
    def draw(message: Json) -> str:
        return terminal.draw(message, names=str)

    assert draw({"text": "*hello* <@U1>"}) == "hello @U1"
    assert draw({"text": "a", "attachments": [{"text": "b"}]}) == "a\n\n│ b"


def test_other_parts_of_a_message_are_named() -> None:
    image = {"type": "image", "image_url": "u", "alt_text": "a chart", "title": plain("Week 9")}
    menu = {"type": "static_select", "placeholder": plain("Snooze"), "options": []}
    assert drawn(image) == "Week 9\n[image: a chart]"
    assert drawn({"type": "actions", "elements": [menu]}) == "[ Snooze ▾ ]"
    assert drawn({"type": "actions", "elements": [button("Open", url="https://x.io")]}) == (
        "[ Open ] https://x.io"
    )
    assert drawn({"type": "video"}) == "[video]"
