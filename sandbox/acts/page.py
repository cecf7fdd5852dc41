"""What the web page asks for the person who is using it, and what it notes of them."""

from __future__ import annotations

from sandbox.errors import ActionRefusedError
from sandbox.installation import Installation
from sandbox.look import Direction, Look
from sandbox.model import Json


class Page:
    """Reading further than what the page is told by itself."""

    def __init__(self, installation: Installation) -> None:
        self._workspace = installation.workspace
        self._look = Look(installation)

    def history(self, user: str, channel: str, towards: Direction = "before", ts: str = "") -> Json:
        """Return a page of a channel's list; see `Look.history`."""
        return self._look.history(user, channel, towards=towards, ts=ts)

    def thread(self, user: str, channel: str, ts: str) -> list[Json]:
        """Return a thread, its root first."""
        return self._look.thread(user, channel, ts)

    def read(self, user: str, channel: str, ts: str) -> None:
        """Note how far a person has read a channel; reading back unreads nothing.

        Raises:
            ActionRefusedError: there is no such person or channel.
        """
        with self._workspace.lock:
            person, found = self._workspace.person(user), self._workspace.channel(channel)
            if not self._workspace.sees(person.id, found):
                raise ActionRefusedError(f"{person.name} does not see #{found.name}")
            person.read[found.id] = max(ts, person.read.get(found.id, ""))
