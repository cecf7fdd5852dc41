"""Block Kit: accepted at each limit of Slack's, and refused one beyond it."""

from __future__ import annotations

import json
from typing import Any, Literal

import pytest

from sandbox.blockkit import check_message, check_view
from sandbox.errors import SlackError
from sandbox.page_files import PAGE

Json = dict[str, Any]


def plain(text: str) -> Json:
    return {"type": "plain_text", "text": text}


def mrkdwn(text: str) -> Json:
    return {"type": "mrkdwn", "text": text}


def section(text: str = "hello", **more: object) -> Json:
    return {"type": "section", "text": mrkdwn(text), **more}


def button(**more: object) -> Json:
    return {"type": "button", "text": plain("Go"), "action_id": "go", **more}


def actions(*elements: Json, **more: object) -> Json:
    return {"type": "actions", "elements": list(elements), **more}


def option(value: str = "a", text: str = "A") -> Json:
    return {"text": plain(text), "value": value}


def select(**more: object) -> Json:
    return {"type": "static_select", "action_id": "pick", "options": [option()], **more}


def entry(**more: object) -> Json:
    element = {"type": "plain_text_input", "action_id": "typed", **more}
    return {"type": "input", "label": plain("Title"), "element": element}


def modal(*blocks: Json, **more: object) -> Json:
    return {
        "type": "modal",
        "title": plain("Record"),
        "submit": plain("Save"),
        "blocks": list(blocks) or [section()],
        **more,
    }


def message_faults(*blocks: Json) -> list[str]:
    with pytest.raises(SlackError) as refused:
        check_message({"text": "fallback", "blocks": list(blocks)})
    assert refused.value.code == "invalid_blocks"
    return refused.value.messages


def view_faults(view: Json) -> list[str]:
    with pytest.raises(SlackError) as refused:
        check_view(view, "modal")
    assert refused.value.code == "invalid_arguments"
    return refused.value.messages


def rich(*elements: Json) -> Json:
    section = {"type": "rich_text_section", "elements": list(elements) or [TEXT]}
    return {"type": "rich_text", "elements": [section]}


TEXT = {"type": "text", "text": "x"}
IMAGE = {"type": "image", "image_url": "u", "alt_text": "a"}
RAW = {"type": "raw_text", "text": "x"}
TASK = {"type": "task_card", "task_id": "t", "title": "T"}
VIDEO = {
    "type": "video",
    "title": plain("x" * 199),
    "alt_text": "a",
    "thumbnail_url": "https://example.com/t.png",
    "video_url": "https://example.com/v",
}


def card(**more: object) -> Json:
    return {"type": "card", "title": mrkdwn("t"), **more}


def container(*blocks: Json, **more: object) -> Json:
    return {"type": "container", "title": plain("t"), "child_blocks": list(blocks), **more}


def data_table(*rows: list[Json], **more: object) -> Json:
    return {"type": "data_table", "caption": "c", "rows": list(rows), **more}


CONFIRM = {
    "title": plain("t" * 100),
    "text": mrkdwn("t" * 300),
    "confirm": plain("y" * 30),
    "deny": plain("n" * 30),
    "style": "danger",
}

AT_THE_LIMIT = [
    section("x" * 3000),
    {"type": "section", "fields": [plain("x" * 2000), *[mrkdwn("x")] * 9]},
    {"type": "header", "text": plain("x" * 150)},
    {"type": "divider", "block_id": "b" * 255},
    {"type": "context", "elements": [mrkdwn("x" * 3000), *[plain("x")] * 9]},
    {"type": "context", "elements": [{"type": "image", "image_url": "u", "alt_text": "a"}]},
    actions(*[button(action_id=f"go{n}") for n in range(25)]),
    actions(button(text=plain("x" * 75), value="v" * 2000, style="primary", confirm=CONFIRM)),
    actions(select(options=[option(f"{n}") for n in range(100)], placeholder=plain("p" * 150))),
    actions(
        select(options=[option("v" * 150, "t" * 75)], initial_option=option("v" * 150, "t" * 75))
    ),
    section(accessory={"type": "overflow", "options": [option(f"{n}") for n in range(5)]}),
    section(accessory={"type": "multi_static_select", "options": [option()]}),
    section(accessory={"type": "multi_users_select", "max_selected_items": 1}),
    actions({"type": "radio_buttons", "options": [option(f"{n}") for n in range(10)]}),
    actions({"type": "datetimepicker", "initial_date_time": 1_628_633_820}),
    entry(max_length=3000, min_length=0, multiline=True, initial_value="x" * 3000),
    {"type": "image", "slack_file": {"id": "F1"}, "alt_text": "a", "title": plain("t")},
    {"type": "markdown", "text": "x" * 12_000},
    {"type": "table", "rows": [[{"type": "raw_text", "text": "x"}] * 20] * 100},
    {
        "type": "rich_text",
        "elements": [
            {
                "type": "rich_text_section",
                "elements": [{"type": "text", "text": "x", "style": {"bold": True}}],
            }
        ],
    },
    rich({"type": "team", "team_id": "T1"}, {"type": "color", "value": "#175e54"}),
    {"type": "table", "rows": [[RAW, rich()]], "column_settings": [None, {"align": "right"}]},
    data_table(*[[RAW] * 20] * 101, page_size=100, row_header_column_index=19),
    data_table([RAW], [rich()]),
    data_table([RAW], [{"type": "raw_number", "value": 1.5, "text": "1.5"}]),
    card(
        title=mrkdwn("t" * 150),
        subtitle=plain("s" * 150),
        body=mrkdwn("b" * 200),
        hero_image=IMAGE,
        icon=IMAGE,
        actions=[button()],
    ),
    {"type": "card", "hero_image": IMAGE},
    {"type": "carousel", "elements": [card()] * 10},
    container(*[section()] * 10, title=plain("t" * 150), subtitle=mrkdwn("s" * 150), width="full"),
    container(actions(button()), is_collapsible=True, default_collapsed=True, icon=IMAGE),
    {"type": "container", "rich_text_title": rich(), "child_blocks": [section()]},
    *[{"type": "alert", "text": plain("x"), "level": level} for level in ("default", "success")],
    {**VIDEO, "author_name": "a" * 49, "description": plain("d"), "title_url": "https://x.com"},
    {"type": "file", "external_id": "ABC", "source": "remote"},
    {**TASK, "status": "in_progress", "details": rich(), "output": rich()},
    {**TASK, "sources": [{"type": "url", "url": "https://example.com", "text": "Source"}]},
    {"type": "plan", "title": "P", "tasks": [TASK] * 50},
]


@pytest.mark.parametrize("block", AT_THE_LIMIT, ids=lambda block: block["type"])
def test_what_keeps_every_limit_is_accepted(block: Json) -> None:
    """A refusal here would limit the bot more than Slack does."""
    check_message({"text": "fallback", "blocks": [block]})


PAST_THE_LIMIT = [
    (section("x" * 3001), "must be less than 3001 characters", "/text/text"),
    (section(""), "must be more than 0 characters", "/text/text"),
    ({"type": "section"}, "missing required field: text", ""),
    (
        {"type": "section", "fields": [plain("x" * 2001)]},
        "must be less than 2001 characters",
        "/fields/0/text",
    ),
    ({"type": "section", "fields": [plain("x")] * 11}, "no more than 10 items allowed", "/fields"),
    (
        {"type": "header", "text": plain("x" * 151)},
        "must be less than 151 characters",
        "/text/text",
    ),
    ({"type": "header", "text": mrkdwn("x")}, "unsupported type: mrkdwn", "/text/type"),
    ({"type": "header", "text": "x"}, "must provide an object", "/text"),
    ({"type": "divider", "text": plain("x")}, "invalid additional property: text", ""),
    ({"type": "divider", "block_id": "b" * 256}, "must be less than 256 characters", "/block_id"),
    ({"type": "sections"}, "unsupported type: sections", "/type"),
    ({"text": plain("x")}, "missing required field: type", ""),
    ({"type": "context", "elements": []}, "must provide at least 1 items", "/elements"),
    (
        {"type": "context", "elements": [plain("x")] * 11},
        "no more than 10 items allowed",
        "/elements",
    ),
    (
        {"type": "context", "elements": [button()]},
        "unsupported type: button",
        "/elements/0/type",
    ),
    (
        actions(*[button(action_id=f"go{n}") for n in range(26)]),
        "no more than 25 items allowed",
        "/elements",
    ),
    (
        actions(button(text=plain("x" * 76))),
        "must be less than 76 characters",
        "/elements/0/text/text",
    ),
    (
        actions(button(text=mrkdwn("x"))),
        "unsupported type: mrkdwn",
        "/elements/0/text/type",
    ),
    (
        actions(button(value="v" * 2001)),
        "must be less than 2001 characters",
        "/elements/0/value",
    ),
    (actions(button(url="javascript:1")), "failed to match schema", "/elements/0/url"),
    (
        actions(button(style="warning")),
        "must be one of: primary, danger",
        "/elements/0/style",
    ),
    (actions(button(text=None)), "must provide an object", "/elements/0/text"),
    (
        actions(button(confirm={**CONFIRM, "title": plain("t" * 101)})),
        "must be less than 101 characters",
        "/elements/0/confirm/title/text",
    ),
    (
        actions(button(confirm={"title": plain("t")})),
        "missing required field: deny",
        "/elements/0/confirm",
    ),
    (
        actions(button(), button()),
        '`action_id` "go" already exists',
        "/elements/1/action_id",
    ),
    (
        actions(select(options=[option("v" * 151)])),
        "must be less than 151 characters",
        "/elements/0/options/0/value",
    ),
    (
        actions(select(options=[])),
        "must provide at least 1 items",
        "/elements/0/options",
    ),
    (
        actions(select(options=[option(f"{n}") for n in range(101)])),
        "no more than 100 items allowed",
        "/elements/0/options",
    ),
    (
        actions(select(option_groups=[{"label": plain("G"), "options": [option()]}])),
        "must provide exactly one of: options, option_groups",
        "/elements/0",
    ),
    (
        actions(select(initial_option=option("a", "another text"))),
        "initial option must be one of the options",
        "/elements/0/initial_option",
    ),
    (
        actions(select(placeholder=plain("p" * 151))),
        "must be less than 151 characters",
        "/elements/0/placeholder/text",
    ),
    (
        actions({"type": "checkboxes", "options": [option(f"{n}") for n in range(11)]}),
        "no more than 10 items allowed",
        "/elements/0/options",
    ),
    (
        actions({"type": "radio_buttons", "options": [option(f"{n}") for n in range(11)]}),
        "no more than 10 items allowed",
        "/elements/0/options",
    ),
    (
        actions({"type": "overflow", "options": [option(f"{n}") for n in range(6)]}),
        "no more than 5 items allowed",
        "/elements/0/options",
    ),
    (
        actions({"type": "multi_static_select", "options": [option()]}),
        "unsupported type: multi_static_select",
        "/elements/0/type",
    ),
    (
        section(accessory={"type": "plain_text_input"}),
        "unsupported type: plain_text_input",
        "/accessory/type",
    ),
    (
        section(accessory={"type": "datetimepicker"}),
        "unsupported type: datetimepicker",
        "/accessory/type",
    ),
    (
        {"type": "input", "label": plain("L"), "element": button()},
        "unsupported type: button",
        "/element/type",
    ),
    (entry(max_length=3001), "must be less than 3001", "/element/max_length"),
    (
        entry(min_length=5, max_length=4),
        "min_length must not exceed max_length",
        "/element/min_length",
    ),
    (
        {"type": "image", "alt_text": "a"},
        "must provide exactly one of: image_url, slack_file",
        "",
    ),
    (
        actions({"type": "datepicker", "initial_date": "2026-1-1"}),
        "failed to match schema",
        "/elements/0/initial_date",
    ),
    (
        {"type": "table", "rows": [[{"type": "raw_text", "text": "x"}] * 21]},
        "no more than 20 items allowed",
        "/rows/0",
    ),
    (data_table([RAW]), "must provide at least 2 items", "/rows"),
    (data_table(*[[RAW]] * 102), "no more than 101 items allowed", "/rows"),
    (data_table([RAW], [RAW, RAW]), "must have as many cells as the header", "/rows/1"),
    (data_table([rich()], [RAW]), "unsupported type: rich_text", "/rows/0/0/type"),
    (data_table([RAW], [RAW], page_size=101), "must be less than 101", "/page_size"),
    (
        {"type": "data_table", "rows": [[RAW], [RAW]]},
        "missing required field: caption",
        "",
    ),
    (
        {"type": "table", "rows": [[{"type": "raw_number", "value": "1", "text": "1"}]]},
        "must provide a number",
        "/rows/0/0/value",
    ),
    (
        {"type": "card", "subtitle": plain("s")},
        "must provide at least one of: hero_image, title, actions, body",
        "",
    ),
    (card(title=plain("t" * 151)), "must be less than 151 characters", "/title/text"),
    (card(subtitle=plain("t" * 151)), "must be less than 151 characters", "/subtitle/text"),
    (card(body=plain("t" * 201)), "must be less than 201 characters", "/body/text"),
    (card(actions=[select()]), "unsupported type: static_select", "/actions/0/type"),
    (
        card(actions=[button(), button()]),
        '`action_id` "go" already exists',
        "/actions/1/action_id",
    ),
    (
        {"type": "carousel", "elements": [card()] * 11},
        "no more than 10 items allowed",
        "/elements",
    ),
    (
        {"type": "carousel", "elements": [section()]},
        "unsupported type: section",
        "/elements/0/type",
    ),
    (container(*[section()] * 11), "no more than 10 items allowed", "/child_blocks"),
    (container(card()), "unsupported type: card", "/child_blocks/0/type"),
    (
        {"type": "container", "child_blocks": [section()]},
        "missing required field: title",
        "",
    ),
    (
        container(section(), is_collapsible=True, has_header_divider=True),
        "has_header_divider cannot be set when is_collapsible is true",
        "/has_header_divider",
    ),
    (
        container(section(), default_collapsed=True),
        "default_collapsed needs is_collapsible",
        "/default_collapsed",
    ),
    (
        container(section(), width="huge"),
        "must be one of: narrow, standard, wide, full",
        "/width",
    ),
    (
        container(section(block_id="b"), section(block_id="b")),
        '`block_id` "b" already exists',
        "/child_blocks/1/block_id",
    ),
    (
        {"type": "alert", "text": plain("x"), "level": "loud"},
        "must be one of: default, info, warning, error, success",
        "/level",
    ),
    (
        {**VIDEO, "title": plain("x" * 200)},
        "must be less than 200 characters",
        "/title/text",
    ),
    (
        {**VIDEO, "video_url": "http://example.com"},
        "failed to match schema",
        "/video_url",
    ),
    (
        {"type": "file", "external_id": "A", "source": "local"},
        "must be one of: remote",
        "/source",
    ),
    (
        {**TASK, "status": "done"},
        "must be one of: pending, in_progress, complete, error",
        "/status",
    ),
    (
        {"type": "plan", "title": "P", "tasks": [section()]},
        "unsupported type: section",
        "/tasks/0/type",
    ),
    (
        {"type": "rich_text", "elements": [{"type": "text", "text": "x"}]},
        "unsupported type: text",
        "/elements/0/type",
    ),
]


@pytest.mark.parametrize(("block", "words", "where"), PAST_THE_LIMIT)
def test_what_breaks_one_limit_is_refused_with_its_pointer(
    block: Json, words: str, where: str
) -> None:
    """The text and the JSON pointer are those of Slack's answer."""
    assert f"{words} [json-pointer:/blocks/1{where}]" in message_faults(section(), block)


def test_a_message_holds_fifty_blocks() -> None:
    check_message({"blocks": [section("x")] * 50})
    faults = message_faults(*[section("x")] * 51)
    assert faults == ["no more than 50 items allowed [json-pointer:/blocks]"]


def test_a_message_weighs_no_more_than_slack_takes() -> None:
    """Each text is within its limit, but together they exceed the limit (slackapi/bolt-js 2509)."""
    check_message({"blocks": [section("x" * 3000)] * 4})
    with pytest.raises(SlackError, match="msg_blocks_too_long"):
        check_message({"blocks": [section("x" * 3000)] * 5})


def test_block_ids_are_unique_and_action_ids_within_their_block() -> None:
    """Many lines of a digest may have the same button, each in its own block."""
    check_message({"blocks": [actions(button()), actions(button()), section(accessory=button())]})
    faults = message_faults(section(block_id="b"), section(block_id="b"))
    assert faults == ['`block_id` "b" already exists [json-pointer:/blocks/1/block_id]']


def test_all_markdown_of_a_message_counts_together() -> None:
    faults = message_faults(*[{"type": "markdown", "text": "x" * 6001}] * 2)
    assert "12001 characters in all markdown" in faults[0]


def test_one_table_a_message() -> None:
    table = {"type": "table", "rows": [[{"type": "raw_text", "text": "x"}]]}
    assert message_faults(table, table) == ["only_one_table_allowed [json-pointer:/blocks]"]


@pytest.mark.parametrize(
    "block",
    [
        {"type": "table", "rows": [[RAW]]},
        data_table([RAW], [RAW]),
        card(),
        {"type": "carousel", "elements": [card()]},
        TASK,
        {"type": "plan", "title": "P"},
        {"type": "file", "external_id": "A", "source": "remote"},
    ],
    ids=lambda block: block["type"],
)
def test_what_belongs_in_messages_stands_in_no_view(block: Json) -> None:
    views: dict[Literal["modal", "home"], Json] = {
        "modal": modal(block),
        "home": {"type": "home", "blocks": [block]},
    }
    for surface, view in views.items():
        with pytest.raises(SlackError, match="invalid_arguments") as refused:
            check_view(view, surface)
        unsupported = f"unsupported type: {block['type']} [json-pointer:/view/blocks/0/type]"
        assert unsupported in refused.value.messages


def test_alerts_and_containers_stand_in_messages_and_modals() -> None:
    blocks = [{"type": "alert", "text": plain("x")}, container(section())]
    check_message({"text": "fallback", "blocks": blocks})
    check_view(modal(*blocks), "modal")
    with pytest.raises(SlackError):
        check_view({"type": "home", "blocks": blocks}, "home")


@pytest.mark.parametrize(
    ("payload", "code"),
    [
        ({}, "no_text"),
        ({"text": "", "blocks": []}, "no_text"),
        ({"text": "x" * 40_001}, "msg_too_long"),
        ({"markdown_text": "x" * 12_001}, "msg_too_long"),
        ({"markdown_text": "x", "text": "x"}, "markdown_text_conflict"),
        ({"text": "x", "blocks": "[]"}, "invalid_blocks_format"),
        ({"attachments": [{}] * 101}, "too_many_attachments"),
        ({"attachments": "x"}, "invalid_attachments"),
        ({"attachments": [{"blocks": [{"type": "x"}]}]}, "invalid_attachments"),
    ],
)
def test_a_message_is_refused_with_slacks_code(payload: Json, code: str) -> None:
    with pytest.raises(SlackError) as refused:
        check_message(payload)
    assert refused.value.code == code


def test_an_edit_takes_less_text_than_a_post() -> None:
    check_message({"text": "x" * 4001})
    check_message({"text": "x" * 4000}, edited=True)
    with pytest.raises(SlackError, match="msg_too_long"):
        check_message({"text": "x" * 4001}, edited=True)


def test_a_view_within_its_limits_is_accepted() -> None:
    blocks = [section("x", block_id=f"b{n}") for n in range(99)]
    check_view(
        modal(
            entry(focus_on_load=True),
            *blocks,
            title=plain("t" * 24),
            close=plain("c" * 24),
            private_metadata="m" * 3000,
            callback_id="c" * 255,
            notify_on_close=True,
        ),
        "modal",
    )
    check_view({"type": "home", "blocks": [actions(select())], "private_metadata": ""}, "home")


@pytest.mark.parametrize(
    ("view", "fault"),
    [
        (
            modal(title=plain("t" * 25)),
            "must be less than 25 characters [json-pointer:/view/title/text]",
        ),
        (
            modal(submit=plain("t" * 25)),
            "must be less than 25 characters [json-pointer:/view/submit/text]",
        ),
        (modal(title=mrkdwn("t")), "unsupported type: mrkdwn [json-pointer:/view/title/type]"),
        (
            modal(private_metadata="m" * 3001),
            "must be less than 3001 characters [json-pointer:/view/private_metadata]",
        ),
        (
            modal(submit_disabled=True),
            "invalid additional property: submit_disabled [json-pointer:/view]",
        ),
        (modal(*[section()] * 101), "no more than 100 items allowed [json-pointer:/view/blocks]"),
        (
            modal(entry(focus_on_load=True), entry(focus_on_load=True)),
            "only one element may set focus_on_load [json-pointer:/view/blocks]",
        ),
        (
            modal({"type": "markdown", "text": "x"}),
            "unsupported type: markdown [json-pointer:/view/blocks/0/type]",
        ),
        ({"type": "home", "blocks": []}, "unsupported type: home [json-pointer:/view/type]"),
        ({"type": "modal", "blocks": []}, "missing required field: title [json-pointer:/view]"),
        ({"type": "modal"}, "missing required field: blocks [json-pointer:/view]"),
    ],
)
def test_a_view_past_its_limits_is_refused(view: Json, fault: str) -> None:
    assert fault in view_faults(view)


def test_a_form_without_a_submit_button_is_refused() -> None:
    form = modal(section(), entry())
    del form["submit"]
    assert view_faults(form) == [
        "must define `submit` to use an `input` block in modals [json-pointer:/view/blocks/1/input]"
    ]
    check_view({"type": "home", "blocks": [entry()]}, "home")


def test_a_view_is_too_large_before_anything_else_is_read() -> None:
    view = modal(*[section("x" * 2990) for _ in range(84)])
    assert len(json.dumps(view)) > 250_000
    with pytest.raises(SlackError) as refused:
        check_view(view, "modal")
    assert refused.value.code == "view_too_large"


FIXTURE = json.loads((PAGE / "kit" / "kit.json").read_text("utf-8"))["items"]


@pytest.mark.parametrize("item", FIXTURE, ids=lambda item: str(item["name"]))
def test_the_fixture_page_shows_what_is_taken_where_it_is_taken(item: Json) -> None:
    """On surfaces that the page doesn't name, the blocks are refused."""
    views: dict[Literal["modal", "home"], Json] = {
        "modal": modal(*item["blocks"]),
        "home": {"type": "home", "blocks": item["blocks"]},
    }
    check_message({"text": "fallback", "blocks": item["blocks"]})
    for surface, view in views.items():
        if surface in item["surfaces"]:
            check_view(view, surface)
        else:
            with pytest.raises(SlackError):
                check_view(view, surface)
