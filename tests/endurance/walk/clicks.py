"""The places that show an entry with its buttons, and the answer to a click there."""

from collections.abc import Callable
from dataclasses import dataclass

from sandbox.forms import View
from sandbox.persons import PersonDriver
from sandbox.seen import Message
from tests.endurance.walk.stage import Walk


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """A place; `shown` shows an entry there to a person, by its key and title."""

    name: str
    shown: Callable[[Walk, PersonDriver, str, str], Message | View]


def posted(walk: Walk, _: PersonDriver, __: str, title: str) -> Message:
    """Return the card in the channel."""
    return walk.card(title)


def shown(walk: Walk, person: PersonDriver, key: str, _: str = "") -> Message:
    """Return an ephemeral card."""
    return answered(walk, person, f"/lore show {key}", key)


def opened(walk: Walk, person: PersonDriver, key: str, title: str) -> View:
    """Return the card that App Home opens for an entry that this person owns."""
    view = walk.opened(person, "Open", home(walk, person, title), near=title)
    assert view.title == key, view.title
    return view


POSTED = Place(name="posted card", shown=posted)
ALONE = Place(name="/lore show", shown=shown)
MODAL = Place(name="modal from App Home", shown=opened)


def home(walk: Walk, person: PersonDriver, *parts: str) -> View:
    """Return App Home once it has all these words."""

    def look() -> View | None:
        page = person.home()
        return page if page and all(part in page.words() for part in parts) else None

    try:
        return walk.until(look)  # type: ignore[return-value] # truthy
    except TimeoutError:
        raise AssertionError(f"App Home of {person.name} does not say {parts}") from None


def answered(walk: Walk, person: PersonDriver, line: str, *parts: str) -> Message:
    """Return the answer to a command."""
    message = walk.ask(person, line, *parts).message
    assert message is not None, f"{line} was answered with no message"
    return message


def redrawn(walk: Walk, message: Message, *parts: str) -> Message:
    """Wait until a message in a channel has all these words."""

    def look() -> Message | None:
        every = [each for each in walk.driver.messages(message.channel) if each.ts == message.ts]
        return next((each for each in every if all(part in each.words() for part in parts)), None)

    try:
        return walk.until(look)  # type: ignore[return-value] # truthy
    except TimeoutError:
        raise AssertionError(f"the message doesn't get {parts}: {message}") from None


def heard(walk: Walk, person: PersonDriver, act: Callable[[], object], *parts: str) -> str:
    """Act, and wait for new words to this person: a message, or the top of a modal."""

    def said() -> set[tuple[str, str]]:
        view = person.view
        on_top = {(view.id, view.words())} if view else set()
        return on_top | {(m.ts, m.words()) for m in (*person.ephemerals(), *person.dms())}

    before = said()
    act()

    def look() -> str:
        new = (words for _, words in said() - before)
        return next((words for words in new if all(part in words for part in parts)), "")

    try:
        return walk.until(look)
    except TimeoutError:
        raise AssertionError(f"{person.name} gets no answer with {parts}") from None


def pressed(
    walk: Walk,
    person: PersonDriver,
    label: str,
    on: Message | View,
    *parts: str,
    near: str | None = None,
) -> str:
    """Press a button and wait until this person reads all these words."""
    return heard(walk, person, lambda: walk.press(person, label, on, near=near), *parts)


def put_away(person: PersonDriver) -> None:
    """Close all of this person's modals."""
    while (view := person.view) is not None:
        view.close()


def since(words: str, start: str) -> str:
    """Return a text from this word on."""
    assert start in words, f"{words!r} does not say {start!r}"
    return words[words.rindex(start) :]
