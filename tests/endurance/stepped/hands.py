"""People who repeat an act until they get an answer, as the users of a killed bot do."""

from collections.abc import Callable
from typing import Final

from sandbox import Driver
from sandbox.errors import ActionRefusedError
from sandbox.forms import View
from sandbox.persons import PersonDriver
from sandbox.seen import Answer, Channel, Message

# Slack's own message to a person whose click was not acknowledged.
_UNANSWERED: Final = {"dispatch_failed", "operation_timeout"}
_TRIES: Final = 20
# On a busy machine a form opens after its command is acknowledged.
_LATE: Final = 60


class Hands:
    """The acts of people in one channel. `ready` waits until the bot runs again."""

    def __init__(self, driver: Driver, channel: Channel, ready: Callable[[], object]) -> None:
        self.driver = driver
        self.channel = channel
        self._ready = ready

    def ask(self, person: PersonDriver, line: str) -> str:
        """Enter a command, and again if Slack says that it was not answered."""
        for _ in range(_TRIES):
            answer = person.slash(self.channel, line, seconds=_LATE)
            if answer.error is None:
                return answer.words()
            assert answer.error in _UNANSWERED, answer.error
            self._ready()
        raise AssertionError(f"the bot didn't answer {line}")

    def form(self, person: PersonDriver, line: str) -> View:
        """Enter a command that opens a form, or continue with the form on the screen."""
        for _ in range(_TRIES):
            answer = person.slash(self.channel, line, seconds=_LATE)
            view = answer.view or person.view
            if view is not None:
                return view
            assert answer.error in _UNANSWERED, answer.words()
            self._ready()
        raise AssertionError(f"the bot didn't answer {line}")

    def press(
        self, person: PersonDriver, label: str, find: Callable[[], Message]
    ) -> View | Answer | None:
        """Press a button, and again if it was not answered and is still there."""
        for _ in range(_TRIES):
            message = find()
            if label not in message.buttons():
                return None
            try:
                answer = person.press(label, message)
            except ActionRefusedError:
                continue  # The message was updated at that very moment, so they look again.
            view = answer if isinstance(answer, View) else person.view
            if view is not None:
                return view
            if not isinstance(answer, Answer) or answer.error is None:
                return answer
            assert answer.error in _UNANSWERED, answer.error
            self._ready()
        raise AssertionError(f"the bot didn't answer {label}")

    def opened(self, person: PersonDriver, label: str, find: Callable[[], Message]) -> View:
        """Press a button that opens a modal."""
        view = self.press(person, label, find)
        assert isinstance(view, View), view
        return view

    def within(self, view: View, label: str) -> None:
        """Press a button of a modal until it is answered; an update of the modal may remove it."""
        for _ in range(_TRIES):
            if label not in view.buttons():
                return
            try:
                view.press(label)
            except ActionRefusedError:
                self._ready()
            else:
                return
        raise AssertionError(f"the bot didn't answer {label}")

    def send(self, view: View) -> None:
        """Submit a form until Slack takes the answer; the typed text stays in it."""
        for _ in range(_TRIES):
            typed = view.values
            said = view.submit()
            if not said:
                return
            assert set(said) == {""}, said
            assert view.values == typed, "what was typed is gone from the form"
            self._ready()
        raise AssertionError("the bot didn't take the form")
