"""Two ways for a person to use the page: with the mouse, and with the keyboard only."""

from __future__ import annotations

from typing import Final, Protocol

from playwright.sync_api import Locator, Page, expect

# The attribute that has the focused option of a combobox; empty if the element has the focus.
_INSTEAD: Final = """wanted => {
    const { tagName, ariaLabel, textContent } = document.activeElement;
    const name = `${tagName.toLowerCase()} ${ariaLabel ?? textContent.trim().slice(0, 40)}`;
    return document.activeElement === wanted ? "" : name;
}"""
# A form of Opslore has some fifteen controls, and so has a message.
_TABS: Final = 40
_REGIONS: Final = 8
_ROWS: Final = 40


class Hand(Protocol):
    """The acts of a person at the page."""

    def reach(self, message: Locator) -> None:
        """Go to a message, so that its tools appear."""

    def press(self, control: Locator) -> None:
        """Press a button."""

    def pick(self, item: Locator) -> None:
        """Choose an item of the open menu."""

    def write(self, field: Locator, text: str) -> None:
        """Replace the text of a field."""

    def choose(self, field: Locator, typed: str, option: str) -> None:
        """Choose in a field by typing part of an option."""

    def react(self, message: Locator, emoji: str) -> None:
        """Add a reaction to a message with the picker."""

    def send(self, box: Locator, text: str) -> None:
        """Write in a composer and send it."""


class Mouse:
    """Uses the mouse, and the keyboard only for text."""

    def __init__(self, page: Page) -> None:
        self._page = page

    def reach(self, message: Locator) -> None:
        message.hover()

    def press(self, control: Locator) -> None:
        control.click()

    def pick(self, item: Locator) -> None:
        item.click()

    def write(self, field: Locator, text: str) -> None:
        field.click()
        field.fill(text)

    def choose(self, field: Locator, typed: str, option: str) -> None:
        field.click()
        field.press_sequentially(typed)
        self._page.get_by_role("option", name=option).click()

    def react(self, message: Locator, emoji: str) -> None:
        message.hover()
        message.get_by_role("button", name="Add a reaction").click()
        picker = self._page.get_by_role("dialog", name="Choose an emoji")
        picker.get_by_role("option", name=emoji, exact=True).click()

    def send(self, box: Locator, text: str) -> None:
        box.click()
        box.press_sequentially(text)
        box.locator("xpath=ancestor::form").get_by_role("button", name="Send").click()


class Keyboard:
    """Uses the keyboard only. It never targets an element: the focus has to be there."""

    def __init__(self, page: Page) -> None:
        self._page = page
        self._keys = page.keyboard

    def reach(self, message: Locator) -> None:
        self._come(message.locator("xpath=ancestor::section[@data-region]"), "F6", _REGIONS)
        self._come(message, "ArrowUp", _ROWS)

    def press(self, control: Locator) -> None:
        self.tab_to(control)
        self._keys.press("Enter")

    def pick(self, item: Locator) -> None:
        self._come(item, "ArrowDown", _ROWS)
        self._keys.press("Enter")

    def write(self, field: Locator, text: str) -> None:
        self.tab_to(field)
        self._keys.press("Control+a")
        self._keys.type(text)

    def choose(self, field: Locator, typed: str, option: str) -> None:
        self.tab_to(field)
        self._keys.type(typed)
        expect(self._page.locator("[role=option][data-active]")).to_contain_text(option)
        self._keys.press("Enter")

    def react(self, message: Locator, emoji: str) -> None:
        self.reach(message)
        self.press(message.get_by_role("button", name="Add a reaction"))
        expect(self._page.get_by_role("combobox", name="Search emoji")).to_be_focused()
        self._keys.type(emoji)
        picked = self._page.get_by_role("option", name=emoji, exact=True)
        expect(picked).to_have_attribute("aria-selected", "true")
        self._keys.press("Enter")

    def send(self, box: Locator, text: str) -> None:
        self._come(box, "F6", _REGIONS)
        self._keys.type(text)
        self._keys.press("Enter")

    def tab_to(self, control: Locator) -> None:
        """Press Tab until a control has the focus.

        Raises:
            AssertionError: it never gets it; the message lists the controls that did.
        """
        self._come(control, "Tab", _TABS)

    def _come(self, goal: Locator, key: str, most: int) -> None:
        passed: list[str] = []
        while instead := goal.evaluate(_INSTEAD):
            passed.append(instead)
            assert len(passed) <= most, f"{key} never leads to {goal}, but from {passed}"
            self._keys.press(key)
