"""The hands of a person at the page: one has the mouse, the other the keyboard alone."""

from __future__ import annotations

from typing import Final, Protocol

from playwright.sync_api import Locator, Page, expect

# What has the focus instead of an element; empty where that has it itself.
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
    """What a person does with what they see."""

    def reach(self, message: Locator) -> None:
        """Come to a message, so that what one can do with it is there."""

    def press(self, control: Locator) -> None:
        """Press a button."""

    def pick(self, item: Locator) -> None:
        """Take an item of the menu that is open."""

    def write(self, field: Locator, text: str) -> None:
        """Write into a field, in place of what stands there."""

    def choose(self, field: Locator, typed: str, option: str) -> None:
        """Choose in a field by typing a part of it."""

    def react(self, message: Locator, emoji: str) -> None:
        """Give a message a reaction by the picker."""

    def send(self, box: Locator, text: str) -> None:
        """Write in a composer, and send that."""


class Mouse:
    """Points and clicks; only text is typed."""

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
    """Presses keys, and never says where: the focus has to get there by itself."""

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
            AssertionError: it never has; says what had it on the way.
        """
        self._come(control, "Tab", _TABS)

    def _come(self, goal: Locator, key: str, most: int) -> None:
        passed: list[str] = []
        while instead := goal.evaluate(_INSTEAD):
            passed.append(instead)
            assert len(passed) <= most, f"{key} never leads to {goal}, but from {passed}"
            self._keys.press(key)
