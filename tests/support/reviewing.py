"""Certification as people do it: the button opens the text, with the verdict below it."""

from sandbox.forms import View
from sandbox.persons import PersonDriver
from sandbox.seen import Message


def opened_review(person: PersonDriver, on: Message | View, near: str | None = None) -> View:
    """Press `Still accurate` and return the modal that shows the text."""
    view = person.press("Still accurate", on=on, near=near)
    assert isinstance(view, View)
    return view


def certify(person: PersonDriver, on: Message | View, near: str | None = None) -> View:
    """Read the text and certify it."""
    view = opened_review(person, on, near)
    assert view.submit() == {}
    return view
