"""The web page's requests for its person: history, threads and what they have read."""

from __future__ import annotations

from bisect import bisect_left

from sandbox.errors import ActionRefusedError
from sandbox.installation import Installation
from sandbox.look import Direction, Look
from sandbox.model import Channel, Json, Person
from sandbox.traffic import Traffic


class Page:
    """Acts of the web page, beyond what the live feed sends."""

    def __init__(self, installation: Installation) -> None:
        self._installation = installation
        self._workspace = installation.workspace
        self._traffic = Traffic(installation)
        self._look = Look(installation)

    def history(self, user: str, channel: str, towards: Direction = "before", ts: str = "") -> Json:
        """Return a page of a channel's list; see `Look.history`."""
        return self._look.history(user, channel, towards=towards, ts=ts)

    def thread(self, user: str, channel: str, ts: str) -> list[Json]:
        """Return a thread, its root first."""
        return self._look.thread(user, channel, ts)

    def exchange(self, number: int) -> Json:
        """Return all of one exchange between Slack and the app; see `Traffic.whole`."""
        return self._traffic.whole(number)

    def welcome(self, words: str, tries: list[Json]) -> None:
        """Set the text at the top of the page; each link to try has `words` and a `place`.

        A place has the page's keys: `user`, `channel`, `tab`, `thread`, `at`, `drawer`, `clock`.
        """
        self._installation.welcome = {"words": words, "tries": tries}

    def read(self, user: str, channel: str, ts: str) -> None:
        """Record how far a person has read a channel. An earlier `ts` changes nothing.

        Raises:
            ActionRefusedError: there is no such person or channel.
        """
        with self._workspace.lock:
            person, place = self._seen(user, channel)
            person.read[place.id] = max(ts, person.read.get(place.id, ""))

    def unread(self, user: str, channel: str, ts: str) -> None:
        """Mark a message and those after it as unread for a person.

        Raises:
            ActionRefusedError: there is no such person or channel.
        """
        with self._workspace.lock:
            person, place = self._seen(user, channel)
            before = bisect_left(place.order, ts)
            # Before the first message nothing has been read; "0" is less than every ts.
            person.read[place.id] = place.order[before - 1] if before else "0"

    def unreads(self) -> dict[str, Json]:
        """Return each person's `unread` and `mentions` counts by id."""
        with self._workspace.lock:
            return {user: self._look.unread(user) for user in self._workspace.people}

    def dismiss(self, user: str, channel: str, ts: str) -> None:
        """Remove an ephemeral message; it may be gone already."""
        with self._workspace.lock:
            person, place = self._seen(user, channel)
            for each in [e for e in place.ephemerals if e.ts == ts and e.to == person.id]:
                place.hush(each)

    def direct(self, user: str) -> str:
        """Return the direct message channel between a person and the app; open it if needed.

        The app gets `app_home_opened` for its Messages tab.
        """
        workspace = self._workspace
        with workspace.lock:
            person = workspace.person(user)
            place = workspace.direct(person.id)
            event: Json = {"type": "app_home_opened", "user": person.id, "channel": place.id}
            workspace.publish(event | {"tab": "messages"}, None)
            return place.id

    def _seen(self, user: str, channel: str) -> tuple[Person, Channel]:
        person, place = self._workspace.person(user), self._workspace.channel(channel)
        if not self._workspace.sees(person.id, place):
            raise ActionRefusedError(f"{person.name} can't see #{place.name}")
        return person, place
