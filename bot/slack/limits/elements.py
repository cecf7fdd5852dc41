"""Interactive elements and images, and which block may hold which.

docs.slack.dev, reference/block-kit, the page of each element and composition object. "Unchecked"
marks the limits that slack_sdk doesn't check.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from bot.slack.limits.rules import (
    LimitError,
    Rule,
    among,
    chars,
    items,
    like,
    number,
    plain,
    shape,
    text,
    word,
)

ID: Final = chars(255, 1)
# The link of a button or option: a web, mail or phone address. Slack refuses anything else.
_URL: Final = like(r"(?:https?://|mailto:|tel:|slack:)\S.*", 3000)
_IMAGE_URL: Final = chars(3000, 1)
_STYLE: Final = word("primary", "danger")
_CONFIRM: Final = shape(
    *("title", "text", "confirm", "deny"),
    title=plain(100),
    text=text(300),
    confirm=plain(30),
    deny=plain(30),
    style=_STYLE,
)


def _option(words: Rule) -> Rule:
    # The length of a description is unchecked.
    return shape("text", "value", text=words, value=chars(150), description=text(75), url=_URL)


def _element(*needs: str, **parts: Rule) -> Rule:
    return shape(*needs, action_id=ID, confirm=_CONFIRM, placeholder=plain(150), **parts)


def _offering(rule: Rule) -> Rule:
    """Require that the initial options are among the options, word for word; unchecked."""

    def checked(value: object, where: str) -> None:
        rule(value, where)
        if not isinstance(value, Mapping):
            return
        groups = [value, *value.get("option_groups", ())]
        offered = [option for group in groups for option in group.get("options", ())]
        first = [value["initial_option"]] if "initial_option" in value else []
        if any(option not in offered for option in [*first, *value.get("initial_options", ())]):
            raise LimitError(where, "the initial option isn't among the options")

    return checked


_OPTION: Final = _option(plain(75))
_BOX: Final = _option(text(75))
_BOXES: Final = items(10, _BOX)  # unchecked
_OPTIONS: Final = items(100, _OPTION)
_SEVERAL: Final = number(1, 10_000)
_SELECT: Final = _offering(
    _element(
        "options^option_groups",
        options=_OPTIONS,
        option_groups=items(100, shape("label", "options", label=plain(75), options=_OPTIONS)),
        initial_option=_OPTION,
        initial_options=_OPTIONS,
        max_selected_items=_SEVERAL,
    )
)
_LIST: Final = _element(min_query_length=number(0, 3000), max_selected_items=_SEVERAL)
_MOMENT: Final = _element(
    initial_date=like(r"\d{4}-\d\d-\d\d"),
    initial_time=like(r"[0-2]\d:[0-5]\d"),
    initial_date_time=number(10**9, 10**10 - 1),
)
_TYPED: Final = _element(
    initial_value=chars(3000), min_length=number(0, 3000), max_length=number(1, 3000)
)
_BUTTON: Final = _element(
    "text", text=plain(75), value=chars(2000), url=_URL, style=_STYLE, accessibility_label=chars(75)
)
_FEEDBACK: Final = shape("text", text=plain(75), value=chars(2000))

IMAGE: Final = shape(
    *("alt_text", "image_url^slack_file"),  # that there is only one is unchecked
    alt_text=chars(2000, 1),
    image_url=_IMAGE_URL,
    title=plain(2000),
)

_LISTS: Final = ("users_select", "conversations_select", "channels_select", "external_select")
_MULTIPLE: Final = ("multi_static_select", *(f"multi_{name}" for name in _LISTS))
_INPUTS: Final = ("plain_text_input", "email_text_input", "url_text_input", "number_input")
_BESIDE: Final = ("checkboxes", "radio_buttons", "static_select", "datepicker", "timepicker")
_SINGLE: Final = (*_BESIDE, *_LISTS)
_PRESSED: Final = ("button", "workflow_button", "overflow")
_TABLE: Final[Mapping[str, Rule]] = {
    **dict.fromkeys((*_LISTS, *_MULTIPLE), _LIST),
    **dict.fromkeys(("datepicker", "timepicker", "datetimepicker"), _MOMENT),
    **dict.fromkeys(_INPUTS, _TYPED),
    **dict.fromkeys(("button", "workflow_button"), _BUTTON),
    **dict.fromkeys(("static_select", "multi_static_select"), _SELECT),
    "rich_text_input": _element(),
    "file_input": _element(max_files=number(1, 10)),
    "checkboxes": _offering(_element("options", options=_BOXES, initial_options=_BOXES)),
    "radio_buttons": _offering(_element("options", options=_BOXES, initial_option=_BOX)),
    "overflow": _element("options", options=items(5, _OPTION)),
    "feedback_buttons": _element(
        *("positive_button", "negative_button"),
        positive_button=_FEEDBACK,
        negative_button=_FEEDBACK,
    ),
    "icon_button": _element("text", text=plain(75), value=chars(2000)),
    "image": IMAGE,
    "plain_text": plain(3000),
    "mrkdwn": text(3000),
}

ACCESSORY: Final = among(_TABLE, (*_PRESSED, *_SINGLE, *_MULTIPLE, "image"))
ACTION: Final = among(_TABLE, (*_PRESSED, *_SINGLE, "datetimepicker", "rich_text_input"))
INPUT: Final = among(
    _TABLE,
    (*_SINGLE, *_MULTIPLE, *_INPUTS, "datetimepicker", "rich_text_input", "file_input"),
)
CONTEXT: Final = among(_TABLE, ("plain_text", "mrkdwn", "image"))
CONTEXT_ACTION: Final = among(_TABLE, ("feedback_buttons", "icon_button"))
