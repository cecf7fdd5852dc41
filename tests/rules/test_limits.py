"""Slack's limits are checked before Slack sees a payload, and cuts break no markup."""

from __future__ import annotations

import re
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.slack import limits
from bot.slack.text import mrkdwn
from bot.slack.text.clipping import clip
from sandbox.blockkit import check_message, check_view

Json = dict[str, Any]


def plain(text: str) -> Json:
    return {"type": "plain_text", "text": text}


def mrkdwn_text(text: str) -> Json:
    return {"type": "mrkdwn", "text": text}


def section(text: str = "hello", **more: object) -> Json:
    return {"type": "section", "text": mrkdwn_text(text), **more}


def button(**more: object) -> Json:
    return {"type": "button", "text": plain("Go"), "action_id": "go", **more}


def actions(*elements: Json) -> Json:
    return {"type": "actions", "elements": list(elements)}


def options(count: int, **more: object) -> list[Json]:
    return [{"text": plain("A"), "value": f"{number}", **more} for number in range(count)]


def select(**more: object) -> Json:
    return {"type": "static_select", "action_id": "pick", "options": options(1), **more}


def entry(**more: object) -> Json:
    element = {"type": "plain_text_input", "action_id": "typed", **more}
    return {"type": "input", "label": plain("Title"), "element": element}


def modal(*blocks: Json, **more: object) -> Json:
    shown = list(blocks) or [section()]
    return {"type": "modal", "title": plain("T"), "submit": plain("Save"), "blocks": shown, **more}


def rich(*runs: Json) -> Json:
    return {
        "type": "rich_text",
        "elements": [{"type": "rich_text_section", "elements": list(runs)}],
    }


def refused(payload: Json) -> str:
    with pytest.raises(limits.LimitError) as found:
        limits.check(payload)
    return str(found.value)


def said_of(block: Json) -> str:
    return refused({"text": "t", "blocks": [section(), block]})


KEPT = [
    section("x" * 3000, block_id="b" * 255),
    {"type": "section", "fields": [plain("x" * 2000), *[mrkdwn_text("x")] * 9]},
    {"type": "header", "text": plain("x" * 150)},
    {"type": "divider"},
    {"type": "context", "elements": [mrkdwn_text("x")] * 10},
    {"type": "image", "image_url": "https://x.io/a.png", "alt_text": "a"},
    actions(*[button(action_id=f"go{number}") for number in range(25)]),
    actions(button(text=plain("x" * 75), value="v" * 2000, style="danger")),
    actions(select(options=options(100, description=plain("d" * 75)), placeholder=plain("p"))),
    actions({"type": "radio_buttons", "options": options(10)}),
    section(accessory={"type": "overflow", "options": options(5)}),
    entry(min_length=1, max_length=3000),
    {"type": "markdown", "text": "x" * 12_000},
    {"type": "table", "rows": [[{"type": "raw_text", "text": "x"}] * 20] * 10},
    {
        "type": "rich_text",
        "elements": [
            {
                "type": "rich_text_list",
                "style": "bullet",
                "elements": [
                    {"type": "rich_text_section", "elements": [{"type": "text", "text": "x"}]}
                ],
            }
        ],
    },
]


@pytest.mark.parametrize("block", KEPT, ids=lambda block: block["type"])
def test_a_payload_within_all_limits_passes_here_and_in_the_sandbox(block: Json) -> None:
    message = {"channel": "C1", "text": "t", "blocks": [block]}
    limits.check(message)
    check_message(message)


PAST = [
    (rich({"type": "text", "text": ""}), ".elements[0].elements[0].text: 0 characters"),
    (rich({"type": "text", "text": "x", "style": {"bold": 1}}), ".style.bold: 1 is neither true"),
    (rich({"type": "mrkdwn", "text": "x"}), ".elements[0].elements[0]: a 'mrkdwn' isn't allowed"),
    (section("x" * 3001), ".text.text: 3,001 characters, Slack takes 1 to 3,000"),
    (section(""), ".text.text: 0 characters"),
    ({"type": "section"}, ": needs text or fields"),
    ({"type": "section", "fields": [plain("x" * 2001)]}, ".fields[0].text: 2,001 characters"),
    ({"type": "section", "fields": [plain("x")] * 11}, ".fields: 11 items"),
    ({"type": "header", "text": plain("x" * 151)}, ".text.text: 151 characters"),
    ({"type": "header", "text": mrkdwn_text("x")}, ".text.type: 'mrkdwn' isn't one of plain_text"),
    ({"type": "context", "elements": [plain("x")] * 11}, ".elements: 11 items"),
    ({"type": "context", "elements": [button()]}, ".elements[0]: a 'button' isn't allowed here"),
    (actions(*[button(action_id=f"{n}") for n in range(26)]), ".elements: 26 items"),
    (actions(button(text=plain("x" * 76))), ".elements[0].text.text: 76 characters"),
    (actions(button(value="v" * 2001)), ".elements[0].value: 2,001 characters"),
    (actions(button(url="u" * 3001)), ".elements[0].url: 3,001 characters"),
    (actions(button(url="wiki/failover")), ".elements[0].url: doesn't match"),
    (
        actions(select(initial_option=options(1, value="9")[0])),
        ".elements[0]: the initial option isn't among the options",
    ),
    (actions(button(style="green")), ".elements[0].style: 'green' isn't one of"),
    (actions(button(confirm={"title": plain("t")})), ".elements[0].confirm: needs text"),
    (actions(button(), button()), ": 'go' is used twice"),
    (actions(button(action_id="a" * 256)), ".elements[0].action_id: 256 characters"),
    (actions(select(options=options(101))), ".elements[0].options: 101 items"),
    (
        actions(select(options=options(1, value="v" * 151))),
        ".elements[0].options[0].value: 151 characters",
    ),
    (
        actions(select(options=options(1, description=plain("d" * 76)))),
        ".elements[0].options[0].description.text: 76 characters",
    ),
    (actions(select(option_groups=[])), ".elements[0]: has both options and option_groups"),
    (actions(select(placeholder=plain("p" * 151))), ".placeholder.text: 151 characters"),
    (actions({"type": "checkboxes", "options": options(11)}), ".options: 11 items"),
    (actions({"type": "radio_buttons", "options": options(11)}), ".options: 11 items"),
    (actions({"type": "overflow", "options": options(6)}), ".options: 6 items"),
    (section(accessory={"type": "datetimepicker"}), ".accessory: a 'datetimepicker' isn't allowed"),
    (actions({"type": "datepicker", "initial_date": "2026-1-1"}), "doesn't match"),
    ({"type": "input", "label": plain("L"), "element": button()}, ".element: a 'button' isn't"),
    (entry(max_length=3001), ".element.max_length: 3001, Slack takes 1 to 3,000"),
    (
        {"type": "image", "alt_text": "a", "image_url": "u", "slack_file": {"id": "F1"}},
        ": has both image_url and slack_file",
    ),
    ({"type": "table", "rows": [[{"type": "raw_text", "text": "x"}] * 21]}, ".rows[0]: 21 items"),
    ({"type": "sections"}, ": a 'sections' isn't allowed here"),
]


@pytest.mark.parametrize(("block", "said"), PAST)
def test_a_payload_over_one_limit_is_refused_with_its_place(block: Json, said: str) -> None:
    words = said_of(block)
    assert words.startswith("blocks[1]")
    assert said in words


def test_a_message_can_have_fifty_blocks_and_a_view_a_hundred() -> None:
    limits.check({"text": "t", "blocks": [section()] * 50})
    assert refused({"text": "t", "blocks": [section()] * 51}).startswith("blocks: 51 items")
    limits.check(modal(*[section()] * 100))
    assert refused(modal(*[section()] * 101)).startswith("blocks: 101 items")


def test_a_message_needs_text_for_its_notification() -> None:
    assert refused({"blocks": [section()]}) == "text: is missing"
    assert refused({"text": "x" * 40_001}).startswith("text: 40,001 characters")


def test_ids_must_be_unique_where_slack_requires_it() -> None:
    """The same button may be in each line of a digest."""
    limits.check({"text": "t", "blocks": [actions(button()), section(accessory=button())]})
    twice = [section(block_id="b"), section(block_id="b")]
    assert refused({"text": "t", "blocks": twice}) == "blocks[1].block_id: 'b' is used twice"
    assert refused({"text": "t", "attachments": [{"blocks": twice}]}) == (
        "attachments[0].blocks[1].block_id: 'b' is used twice"
    )


def test_limits_of_a_message_count_all_its_blocks() -> None:
    markdown = {"type": "markdown", "text": "x" * 6001}
    assert "12,002 characters of markdown" in refused({"text": "t", "blocks": [markdown] * 2})
    table = {"type": "table", "rows": [[{"type": "raw_text", "text": "x"}]]}
    assert "two tables" in refused({"text": "t", "blocks": [table] * 2})
    assert "weighs 15,500" in refused({"text": "t", "blocks": [section("x" * 3000)] * 5})


def test_metadata_has_a_limit_and_must_be_complete() -> None:
    limits.check({"text": "t", "metadata": {"event_type": "e", "event_payload": {"id": "1"}}})
    assert refused({"text": "t", "metadata": {"event_type": "e"}}) == (
        "metadata: needs event_payload"
    )
    large = {"event_type": "e", "event_payload": {"note": "x" * 1000}}
    assert refused({"text": "t", "metadata": large}).startswith("metadata: 1,046 bytes")


@pytest.mark.parametrize(
    ("view", "said"),
    [
        (modal(title=plain("t" * 25)), "title.text: 25 characters"),
        (modal(submit=plain("t" * 25)), "submit.text: 25 characters"),
        (modal(private_metadata="m" * 3001), "private_metadata: 3,001 characters"),
        (modal(callback_id="m" * 256), "callback_id: 256 characters"),
        (modal({"type": "markdown", "text": "x"}), "blocks[0]: a 'markdown' isn't allowed here"),
        (modal(entry(focus_on_load=True), entry(focus_on_load=True)), "2 elements set focus"),
        ({"type": "modal", "blocks": [section()]}, "needs title"),
        ({"type": "home", "blocks": []}, "blocks: 0 items"),
        (modal(*[section("x" * 2990)] * 84), "bytes, Slack takes 250,000 for a view"),
    ],
)
def test_a_view_over_its_limits_is_refused(view: Json, said: str) -> None:
    assert said in refused(view)


def test_a_form_needs_a_submit_button() -> None:
    form = modal(section(), entry())
    limits.check(form)
    check_view(form, "modal")
    del form["submit"]
    assert refused(form) == "blocks[1]: a modal with an input needs submit"


MARKUP = ["<@U1>", "<https://x.io|the label>", "&amp;", "&lt;", "&", "<", "@\u2060here"]
BUILT = ["e\u0301", "👩\u200d👩\u200d👧", "👍🏽", "🇵🇱", "\ud83d\ude00", "❤\ufe0f"]
PIECES = st.sampled_from([*MARKUP, *BUILT, " ", "a", "word"])
TEXT = st.one_of(st.text(), st.lists(PIECES, max_size=15).map("".join))


@given(TEXT, st.integers(1, 40))
def test_a_clipped_text_fits_and_is_the_beginning_of_the_text(text: str, limit: int) -> None:
    clipped = clip(text, limit)
    assert len(clipped) <= limit
    assert clipped == text or text.startswith(clipped.removesuffix("…"))
    assert (clipped == text) == (len(text) <= limit) or text.endswith("…")


@given(TEXT, st.integers(1, 40))
def test_clipping_an_escaped_text_shows_its_beginning(text: str, limit: int) -> None:
    """No escape is cut in half."""
    shown = mrkdwn.unescape(clip(mrkdwn.escape(text), limit))
    assert shown == text or text.startswith(shown.removesuffix("…"))


@pytest.mark.parametrize("text", ["<@U123|ana> is on call", "&amp;&amp;", "<https://x.io|a b>"])
def test_clipping_never_splits_markup(text: str) -> None:
    for limit in range(1, len(text)):
        rest = re.sub(r"<[^<>]*>|&(amp|lt|gt);", "", clip(text, limit))
        assert not re.search("[<>&]", rest)


@pytest.mark.parametrize("built", BUILT, ids=ascii)
def test_clipping_never_splits_a_character_of_several_parts(built: str) -> None:
    for limit in range(1, len(built) + 2):
        assert clip(f"a{built}bcd", limit) in {"…", "a…", f"a{built}…"}


def test_a_limit_of_zero_is_refused() -> None:
    with pytest.raises(ValueError, match="nothing fits"):
        clip("text", 0)
