"""Interactive elements, and the blocks that may hold each (docs.slack.dev, block elements)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from sandbox.blockkit.rich_text import RICH_TEXT
from sandbox.blockkit.schema import (
    Schema,
    array,
    boolean,
    exactly_one,
    integer,
    is_array,
    is_object,
    said,
    shape,
    string,
    tagged,
    word,
)
from sandbox.blockkit.texts import (
    BOX_OPTION,
    CONFIRM,
    MENU_OPTION,
    OPTION_GROUP,
    OVERFLOW_OPTION,
    URL,
    plain,
)

_ID = string(least=1)
_PLACEHOLDER = {"placeholder": plain(150)}
_FOCUS = {"focus_on_load": boolean}
_CONFIRM = {"confirm": CONFIRM}
_DISPATCH = {
    "dispatch_action_config": shape(
        {},
        {"trigger_actions_on": array(word("on_enter_pressed", "on_character_entered"), 1, 2)},
    )
}
# `max_selected_items` of a multi-select.
_SEVERAL = {"max_selected_items": integer(1)}


def _element(
    kind: str, required: dict[str, Schema], optional: Mapping[str, Schema], *rules: Schema
) -> Schema:
    known = {"action_id": string(255, least=1), **optional}
    return shape({"type": word(kind), **required}, known, *rules)


def _initial_among_options(value: object, at: str) -> Iterator[str]:
    """Yield initial options that aren't among the options; all their fields have to match."""
    if not is_object(value):
        return
    groups = value.get("option_groups")
    offered: list[object] = []
    for group in (value, *(groups if is_array(groups) else ())):
        options = group.get("options") if is_object(group) else None
        offered.extend(options if is_array(options) else ())
    if "initial_option" in value and value["initial_option"] not in offered:
        yield said("initial option must be one of the options", f"{at}/initial_option")
    chosen = value.get("initial_options")
    for index, option in enumerate(chosen if is_array(chosen) else ()):
        if option not in offered:
            words = "initial option must be one of the options"
            yield said(words, f"{at}/initial_options/{index}")


def _length_in_order(value: object, at: str) -> Iterator[str]:
    if not is_object(value):
        return
    least, most = value.get("min_length", 0), value.get("max_length", 3000)
    if isinstance(least, int) and isinstance(most, int) and least > most:
        yield said("min_length must not exceed max_length", f"{at}/min_length")


IMAGE = shape(
    {"type": word("image"), "alt_text": string(2000, least=1)},
    {"image_url": string(3000, least=1), "slack_file": shape({}, {"id": _ID, "url": URL})},
    exactly_one("image_url", "slack_file"),
)
BUTTON = _element(
    "button",
    {"text": plain(75)},
    {
        "value": string(2000),
        "url": URL,
        "style": word("primary", "danger"),
        "accessibility_label": string(75),
        **_CONFIRM,
    },
)
_MENU = {**_PLACEHOLDER, **_FOCUS, **_CONFIRM}
_STATIC = {"options": array(MENU_OPTION, 1, 100), "option_groups": array(OPTION_GROUP, 1, 100)}
_OPTIONS_RULES = (exactly_one("options", "option_groups"), _initial_among_options)
_BOXES = {**_FOCUS, **_CONFIRM}
_FILTER = shape(
    {},
    {
        "include": array(word("im", "mpim", "private", "public"), 1, 4),
        "exclude_external_shared_channels": boolean,
        "exclude_bot_users": boolean,
    },
)
_CONVERSATIONS = {"default_to_current_conversation": boolean, "filter": _FILTER, **_MENU}

_SINGLE_SELECTS = {
    "static_select": _element(
        "static_select", {}, {**_STATIC, "initial_option": MENU_OPTION, **_MENU}, *_OPTIONS_RULES
    ),
    "external_select": _element(
        "external_select",
        {},
        {"min_query_length": integer(0), "initial_option": MENU_OPTION, **_MENU},
    ),
    "users_select": _element("users_select", {}, {"initial_user": _ID, **_MENU}),
    "conversations_select": _element(
        "conversations_select",
        {},
        {"initial_conversation": _ID, "response_url_enabled": boolean, **_CONVERSATIONS},
    ),
    "channels_select": _element(
        "channels_select", {}, {"initial_channel": _ID, "response_url_enabled": boolean, **_MENU}
    ),
}
_MULTI_SELECTS = {
    "multi_static_select": _element(
        "multi_static_select",
        {},
        {**_STATIC, "initial_options": array(MENU_OPTION), **_SEVERAL, **_MENU},
        *_OPTIONS_RULES,
    ),
    "multi_external_select": _element(
        "multi_external_select",
        {},
        {
            "min_query_length": integer(0),
            "initial_options": array(MENU_OPTION),
            **_SEVERAL,
            **_MENU,
        },
    ),
    "multi_users_select": _element(
        "multi_users_select", {}, {"initial_users": array(_ID), **_SEVERAL, **_MENU}
    ),
    "multi_conversations_select": _element(
        "multi_conversations_select",
        {},
        {"initial_conversations": array(_ID), **_SEVERAL, **_CONVERSATIONS},
    ),
    "multi_channels_select": _element(
        "multi_channels_select", {}, {"initial_channels": array(_ID), **_SEVERAL, **_MENU}
    ),
}
_CHOICES = {
    "checkboxes": _element(
        "checkboxes",
        {"options": array(BOX_OPTION, 1, 10)},
        {"initial_options": array(BOX_OPTION, 1, 10), **_BOXES},
        _initial_among_options,
    ),
    "radio_buttons": _element(
        "radio_buttons",
        {"options": array(BOX_OPTION, 1, 10)},
        {"initial_option": BOX_OPTION, **_BOXES},
        _initial_among_options,
    ),
}
_DATE = {
    "datepicker": _element(
        "datepicker", {}, {"initial_date": string(like=r"\d{4}-\d\d-\d\d"), **_MENU}
    ),
    "timepicker": _element(
        "timepicker",
        {},
        {"initial_time": string(like=r"([01]\d|2[0-3]):[0-5]\d"), "timezone": _ID, **_MENU},
    ),
}
_DATETIME = {
    "datetimepicker": _element(
        "datetimepicker",
        {},
        # Ten digits.
        {"initial_date_time": integer(1_000_000_000, 9_999_999_999), **_BOXES},
    )
}
_STARTED = shape(
    {"url": URL},
    {"customizable_input_parameters": array(shape({"name": string(), "value": string()}))},
)
_BUTTONS = {
    "button": BUTTON,
    "workflow_button": _element(
        "workflow_button",
        {"text": plain(75), "workflow": shape({"trigger": _STARTED})},
        {"style": word("primary", "danger"), "accessibility_label": string(75)},
    ),
    "overflow": _element("overflow", {"options": array(OVERFLOW_OPTION, 1, 5)}, _CONFIRM),
}
_TYPED = {**_PLACEHOLDER, **_FOCUS, **_DISPATCH}
_RICH_INPUT = {
    "rich_text_input": _element(
        "rich_text_input",
        {},
        {
            "initial_value": RICH_TEXT,
            "min_lines": integer(1),
            "max_lines": integer(1),
            **_TYPED,
        },
    )
}
_INPUTS = {
    "plain_text_input": _element(
        "plain_text_input",
        {},
        {
            "initial_value": string(3000),
            "multiline": boolean,
            "min_length": integer(0, 3000),
            "max_length": integer(1, 3000),
            **_TYPED,
        },
        _length_in_order,
    ),
    "email_text_input": _element("email_text_input", {}, {"initial_value": string(), **_TYPED}),
    "url_text_input": _element("url_text_input", {}, {"initial_value": string(), **_TYPED}),
    "number_input": _element(
        "number_input",
        {"is_decimal_allowed": boolean},
        {"initial_value": string(), "min_value": string(), "max_value": string(), **_TYPED},
    ),
    "file_input": _element(
        "file_input", {}, {"filetypes": array(string(least=1), 1), "max_files": integer(1, 10)}
    ),
}
_FEEDBACK = shape({"text": plain(75), "value": string(2000)}, {"accessibility_label": string(75)})

# The elements that each block takes (Slack's published types): a section takes no text input and
# no datetimepicker, actions take no image. Actions refuse a multi-select although the types list
# it: live workspaces answer "unsupported element: multiselect".
ACCESSORY = tagged(
    {"image": IMAGE, **_BUTTONS, **_CHOICES, **_SINGLE_SELECTS, **_MULTI_SELECTS, **_DATE}
)
ACTION = tagged({**_BUTTONS, **_CHOICES, **_SINGLE_SELECTS, **_DATE, **_DATETIME, **_RICH_INPUT})
INPUT = tagged(
    {
        **_CHOICES,
        **_SINGLE_SELECTS,
        **_MULTI_SELECTS,
        **_DATE,
        **_DATETIME,
        **_INPUTS,
        **_RICH_INPUT,
    }
)
CONTEXT_ACTION = tagged(
    {
        "feedback_buttons": _element(
            "feedback_buttons", {"positive_button": _FEEDBACK, "negative_button": _FEEDBACK}, {}
        ),
        "icon_button": _element(
            "icon_button",
            {"icon": _ID, "text": plain(75)},
            {
                "value": string(2000),
                "accessibility_label": string(75),
                "visible_to_user_ids": array(_ID),
                **_CONFIRM,
            },
        ),
    }
)
