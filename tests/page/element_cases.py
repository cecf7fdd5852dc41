"""Every element of Block Kit, how people use it, and its action in Slack's payload."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from playwright.sync_api import Locator, expect

from tests.support.sandbox_sample import plain

Json = dict[str, Any]
Use = Callable[[Locator], None]


def option(word: str) -> Json:
    """Return an option whose value differs from its text."""
    return {"text": plain(word), "value": f"v-{word}"}


RED, GREEN, BLUE = option("Red"), option("Green"), option("Blue")
COLOURS = [RED, GREEN, BLUE]
PLACEHOLDER = {"placeholder": plain("Choose here")}
FEEDBACK = {
    "positive_button": {"text": plain("Good"), "value": "good"},
    "negative_button": {"text": plain("Bad"), "value": "bad"},
}


@dataclass(frozen=True)
class Case:
    """An element, its surfaces, how it is used, and its action in the payload.

    "@ben" and "#lounge" are placeholders for ids, which differ from workspace to workspace.
    """

    kind: str
    about: Json
    containers: tuple[str, ...]
    mouse: Use
    keys: Use
    told: Json

    @property
    def stateless(self) -> bool:
        """Whether it has no value, like a button."""
        return self.kind in ("button", "overflow", "feedback_buttons", "icon_button")

    @property
    def element(self) -> Json:
        """The element as the app sends it."""
        return {"type": self.kind, "action_id": "act", **self.about}


def pressed(name: str) -> tuple[Use, Use]:
    """Return how to press a button with the mouse and with the keyboard."""
    return (
        lambda at: at.get_by_role("button", name=name, exact=True).click(),
        lambda at: at.get_by_role("button", name=name, exact=True).press("Enter"),
    )


def picked(*names: str) -> tuple[Use, Use]:
    """Return how to choose combobox options by clicking and by typing."""

    def mouse(at: Locator) -> None:
        at.get_by_role("combobox").click()
        for name in names:
            at.page.get_by_role("option", name=name).click()

    def keys(at: Locator) -> None:
        box = at.get_by_role("combobox")
        box.focus()
        for name in names:
            box.press_sequentially(name[:3])
            expect(at.page.get_by_role("option")).to_have_count(1)
            box.press("Enter")

    return mouse, keys


def filled(value: str, keyed: str) -> tuple[Use, Use]:
    """Return how to set a picker by its calendar and by typing part by part.

    A year may have more than four digits, so an arrow key moves on from it.
    """

    def keys(at: Locator) -> None:
        box = at.locator("input")
        box.focus()
        for part in keyed.split("→"):
            box.press_sequentially(part)
            box.press("ArrowRight")
        box.press("Enter")

    return lambda at: at.locator("input").fill(value), keys


def written(text: str) -> tuple[Use, Use]:
    """Return how to enter a text by pasting and by typing."""

    def mouse(at: Locator) -> None:
        at.get_by_role("textbox").fill(text)
        at.get_by_role("textbox").press("Enter")

    def keys(at: Locator) -> None:
        at.get_by_role("textbox").focus()
        at.page.keyboard.type(text)
        at.page.keyboard.press("Enter")

    return mouse, keys


def boxes(role: str, *names: str) -> tuple[Use, Use]:
    """Return how to tick boxes with the mouse and with the space bar."""

    def mouse(at: Locator) -> None:
        for name in names:
            at.get_by_text(name, exact=True).click()

    def keys(at: Locator) -> None:
        for name in names:
            at.get_by_role(role, name=name).press("Space")  # type: ignore[arg-type]  # of two

    return mouse, keys


def chosen_in_menu(name: str) -> tuple[Use, Use]:
    """Return how to choose in an overflow menu."""

    def mouse(at: Locator) -> None:
        at.get_by_role("button", name="More actions").click()
        at.page.get_by_role("menuitem", name=name).click()

    def keys(at: Locator) -> None:
        at.get_by_role("button", name="More actions").press("ArrowDown")
        expect(at.page.get_by_role("menuitem").first).to_be_focused()
        at.page.keyboard.press(name[0].lower())
        at.page.keyboard.press("Enter")

    return mouse, keys


def rich(*elements: Json) -> Json:
    """Return rich text of one paragraph."""
    inside = [{"type": "rich_text_section", "elements": list(elements)}]
    return {"type": "rich_text", "elements": inside}


EVERYWHERE = ("section", "actions", "input")
CASES = [
    Case(
        "button",
        {"text": plain("Approve"), "value": "7", "style": "primary"},
        ("section", "actions"),
        *pressed("Approve"),
        {"text": plain("Approve"), "value": "7", "style": "primary"},
    ),
    Case(
        "overflow",
        {"options": COLOURS},
        ("section", "actions"),
        *chosen_in_menu("Green"),
        {"selected_option": GREEN},
    ),
    Case(
        "static_select",
        {"options": COLOURS, **PLACEHOLDER},
        EVERYWHERE,
        *picked("Green"),
        {"selected_option": GREEN},
    ),
    Case(
        "multi_static_select",
        {"option_groups": [{"label": plain("All"), "options": COLOURS}], **PLACEHOLDER},
        ("section", "input"),
        *picked("Green"),
        {"selected_options": [GREEN]},
    ),
    Case(
        "external_select",
        {"min_query_length": 0, **PLACEHOLDER},
        EVERYWHERE,
        *picked("Blue"),
        {"selected_option": BLUE},
    ),
    Case(
        "multi_external_select",
        {"min_query_length": 0, **PLACEHOLDER},
        ("section", "input"),
        *picked("Blue"),
        {"selected_options": [BLUE]},
    ),
    Case(
        "users_select",
        PLACEHOLDER,
        EVERYWHERE,
        *picked("ben"),
        {"selected_user": "@ben"},
    ),
    Case(
        "multi_users_select",
        PLACEHOLDER,
        ("section", "input"),
        *picked("ben"),
        {"selected_users": ["@ben"]},
    ),
    Case(
        "channels_select",
        PLACEHOLDER,
        EVERYWHERE,
        *picked("lounge"),
        {"selected_channel": "#lounge"},
    ),
    Case(
        "multi_channels_select",
        PLACEHOLDER,
        ("section", "input"),
        *picked("lounge"),
        {"selected_channels": ["#lounge"]},
    ),
    Case(
        "conversations_select",
        {**PLACEHOLDER, "filter": {"include": ["private"]}},
        EVERYWHERE,
        *picked("secret"),
        {"selected_conversation": "#secret"},
    ),
    Case(
        "multi_conversations_select",
        {**PLACEHOLDER, "filter": {"include": ["private"]}},
        ("section", "input"),
        *picked("secret"),
        {"selected_conversations": ["#secret"]},
    ),
    Case(
        "datepicker",
        {"initial_date": "2026-03-02", **PLACEHOLDER},
        EVERYWHERE,
        *filled("2026-04-30", "04302026"),
        {"selected_date": "2026-04-30", "initial_date": "2026-03-02"},
    ),
    Case(
        "timepicker",
        {"timezone": "Europe/Berlin", **PLACEHOLDER},
        EVERYWHERE,
        *filled("14:05", "0205PM"),
        {"selected_time": "14:05", "timezone": "Europe/Berlin"},
    ),
    Case(
        "datetimepicker",
        {},
        ("actions", "input"),
        # Noon in Berlin, in summer.
        *filled("2026-07-01T12:00", "07012026→1200PM"),
        {"selected_date_time": 1782900000},
    ),
    Case(
        "checkboxes",
        {"options": COLOURS, "initial_options": [BLUE]},
        EVERYWHERE,
        *boxes("checkbox", "Red"),
        {"selected_options": [RED, BLUE], "initial_options": [BLUE]},
    ),
    Case(
        "radio_buttons",
        {"options": COLOURS},
        EVERYWHERE,
        *boxes("radio", "Green"),
        {"selected_option": GREEN},
    ),
    Case("plain_text_input", {}, ("input",), *written("Roll back"), {"value": "Roll back"}),
    Case("email_text_input", {}, ("input",), *written("a@b.example"), {"value": "a@b.example"}),
    Case(
        "url_text_input",
        {},
        ("input",),
        *written("https://a.example/1"),
        {"value": "https://a.example/1"},
    ),
    Case(
        "number_input",
        {"is_decimal_allowed": True},
        ("input",),
        *written("2.5"),
        {"value": "2.5"},
    ),
    Case(
        "rich_text_input",
        {},
        ("actions", "input"),
        *written("Be *bold*"),
        {
            "rich_text_value": rich(
                {"type": "text", "text": "Be "},
                {"type": "text", "text": "bold", "style": {"bold": True}},
            )
        },
    ),
    Case(
        "feedback_buttons",
        FEEDBACK,
        ("context_actions",),
        *pressed("Bad"),
        {"text": plain("Bad"), "value": "bad"},
    ),
    Case(
        "icon_button",
        {"icon": "trash", "text": plain("Delete"), "value": "9"},
        ("context_actions",),
        *pressed("Delete"),
        {"icon": "trash", "text": plain("Delete"), "value": "9"},
    ),
]
