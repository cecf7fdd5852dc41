"""List what the bot's listeners are registered for, without starting them."""

from collections import defaultdict
from collections.abc import Callable
from typing import cast

from slack_bolt import App

from bot import listeners
from bot.deps import Deps

Listener = Callable[..., object]


class Recorder:
    """A stand-in for Bolt that stores what is registered: `found["event"]` has the events."""

    def __init__(self) -> None:
        self.found: dict[str, set[str]] = defaultdict(set)

    def __getattr__(self, kind: str) -> Callable[[object], Callable[[Listener], Listener]]:
        def registered(of: object) -> Callable[[Listener], Listener]:
            if isinstance(of, str):  # A pattern catches whatever has no listener.
                self.found[kind].add(of)
            return lambda listener: listener

        return registered


def registrations() -> dict[str, set[str]]:
    """Return the registered names by kind: event, command, shortcut, action, options, view."""
    recorder = Recorder()
    # Registration doesn't use the dependencies of listeners.
    listeners.register(cast("App", recorder), cast("Deps", None))
    return recorder.found
