"""The driver: acts in a sandbox as people do, from a test or any other process."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Sequence
from types import TracebackType
from typing import Any, Self, TypeVar

from sandbox.client import Client, Local, Remote
from sandbox.errors import ActionRefusedError
from sandbox.model import Json
from sandbox.persons import PersonDriver
from sandbox.seen import Channel, Message
from sandbox.server import Sandbox

T = TypeVar("T")

Place = Channel | str


class Driver:
    """Drives a running sandbox. Every act waits until the app has taken the events it caused.

    A click or command also waits up to `patience` seconds for its outcome. None means a few
    seconds; use 0 for an app that acknowledges only after it has done everything.
    """

    def __init__(self, sandbox: Sandbox | str, *, patience: float | None = None) -> None:
        connection = Remote(sandbox) if isinstance(sandbox, str) else Local(sandbox.control)
        self._client = Client(connection, patience)

    @classmethod
    def connect(cls, url: str) -> Driver:
        """Return a driver for the sandbox at `url`."""
        return cls(url)

    def do(self, verb: str, **args: object) -> Any:  # noqa: ANN401 - each act has its own JSON
        """Do an act of the control interface by name.

        Raises:
            ActionRefusedError: Slack's client would not offer it.
        """
        return self._client.do(verb, **args)

    def close(self) -> None:
        """Close the connection."""
        self._client.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    # People and places.

    def person(
        self,
        name: str,
        *,
        tz: str | None = None,
        guest: bool = False,
        single_channel: bool = False,
        stranger: bool = False,
        foreign: bool = False,
        admin: bool = False,
    ) -> PersonDriver:
        """Add a person; `tz` is their zone (default Europe/Berlin)."""
        user = self.do(
            "places.person",
            name=name,
            tz=tz,
            guest=guest,
            single_channel=single_channel,
            stranger=stranger,
            foreign=foreign,
            admin=admin,
        )
        return self._person(user)

    def bot(self, name: str) -> PersonDriver:
        """Add another app's bot."""
        return self._person(self.do("places.person", name=name, bot=True))

    def known(self, name: str) -> PersonDriver:
        """Return the existing person with this name or id.

        Raises:
            ActionRefusedError: there is none.
        """
        for user in self.do("places.people"):
            if name in (user["id"], user["name"]):
                return self._person(user)
        raise ActionRefusedError(f"no one here is called {name}")

    def _person(self, user: Json) -> PersonDriver:
        return PersonDriver(self._client, user["id"], user["name"])

    def channel(
        self,
        name: str,
        *,
        private: bool = False,
        members: Sequence[PersonDriver | str] = (),
        shared: bool = False,
    ) -> Channel:
        """Create a channel with these members; the bot is not one of them."""
        ids = [str(member) for member in members]
        args = {"name": name, "private": private, "members": ids, "shared": shared}
        channel = self.do("places.channel", **args)
        return Channel(channel["id"], channel["name"])

    def usergroup(self, name: str, handle: str, members: Sequence[PersonDriver | str] = ()) -> str:
        """Create a user group, mentioned as `@handle`, and return its id."""
        ids = [str(member) for member in members]
        return str(self.do("places.usergroup", name=name, handle=handle, members=ids)["id"])

    def change_usergroup(self, usergroup: str, members: Sequence[PersonDriver | str]) -> None:
        """Set the members of a user group; an empty group is disabled, as in Slack."""
        ids = [str(member) for member in members]
        self.do("places.usergroup_members", usergroup=usergroup, members=ids)

    def channels(self) -> list[Json]:
        """Return all channels as Slack's conversation objects, with `members`."""
        return list(self.do("places.channels"))

    def invite(
        self, channel: Place, person: PersonDriver | str, *, by: PersonDriver | str | None = None
    ) -> None:
        """Add someone to a channel."""
        self.do("places.invite", channel=str(channel), user=str(person), by=by and str(by))

    def invite_bot(self, channel: Place, *, by: PersonDriver | str | None = None) -> None:
        """Add the app's bot to a channel."""
        self.invite(channel, self.workspace()["bot_user_id"], by=by)

    def remove_bot(self, channel: Place) -> None:
        """Take the app's bot out of a channel."""
        self.do("places.leave", channel=str(channel), user=self.workspace()["bot_user_id"])

    def leave(self, person: PersonDriver | str, channel: Place) -> None:
        """Make someone leave a channel."""
        self.do("places.leave", channel=str(channel), user=str(person))

    def deactivate(self, person: PersonDriver | str, *, back: bool = False) -> None:
        """Deactivate someone's account, or with `back` reactivate it without any channels."""
        self.do("places.reactivate" if back else "places.deactivate", user=str(person))

    def change_role(
        self, person: PersonDriver | str, *, guest: bool = False, admin: bool = False
    ) -> None:
        """Make someone a guest, an admin, or a full member who is neither."""
        self.do("places.change_role", user=str(person), guest=guest, admin=admin)

    def archive(self, channel: Place) -> None:
        """Archive a channel."""
        self.do("places.archive", channel=str(channel))

    def unarchive(self, channel: Place) -> None:
        """Unarchive a channel."""
        self.do("places.archive", channel=str(channel), archived=False)

    def convert_to_private(self, channel: Place) -> None:
        """Make a public channel private."""
        self.do("places.convert_to_private", channel=str(channel))

    def rename_channel(self, channel: Place, name: str) -> None:
        """Rename a channel."""
        self.do("places.rename", channel=str(channel), name=name)

    def delete_channel(self, channel: Place) -> None:
        """Delete a channel."""
        self.do("places.delete_channel", channel=str(channel))

    def change_channel_id(self, channel: Place) -> str:
        """Give a channel another id, as sharing it does, and return that id."""
        return str(self.do("places.change_channel_id", channel=str(channel)))

    def share_channel(self, channel: Place) -> None:
        """Share a channel with another organisation."""
        self.do("places.share_channel", channel=str(channel))

    def uninstall(self) -> None:
        """Remove the app from the workspace."""
        self.do("places.uninstall")

    def workspace(self) -> dict[str, str]:
        """Return team_id, app_id, bot_user_id and bot_id."""
        return dict(self.do("places.workspace"))

    # Messages.

    def messages(self, channel: Place) -> list[Message]:
        """Return every message of a channel by time, replies included."""
        return [Message(shown) for shown in self.do("talk.messages", channel=str(channel))]

    def thread(self, channel: Place, ts: str | Message) -> list[Message]:
        """Return a thread, its root first."""
        thread = self.do("talk.thread", channel=str(channel), ts=str(ts))
        return [Message(shown) for shown in thread]

    def delete_message(self, channel: Place, ts: str | Message) -> None:
        """Delete anyone's message, as an admin can."""
        self.do("talk.delete", channel=str(channel), ts=str(ts))

    # Faults, and what went over the wire.

    def fail(
        self,
        method: str,
        error: str | None = None,
        *,
        status: int | None = None,
        never: bool = False,
        lost: bool = False,
        late: float = 0.0,
        times: int | None = None,
        retry_after: int = 1,
    ) -> None:
        """Make calls of a Web API method ("*": all) fail, `times` times or until `heal`.

        With `error` or `status` the sandbox answers that and doesn't do the call ("ratelimited"
        answers 429 with `retry_after` seconds). With `never` it doesn't answer. With `lost` it
        does the call and cuts the connection. With `late` it does the call and answers that many
        seconds later.
        """
        fault = {"error": error, "status": status, "never": never, "lost": lost, "late": late}
        self.do("outages.fail", method=method, **fault, times=times, retry_after=retry_after)

    def heal(self) -> None:
        """End all faults: calls succeed again and events arrive as usual."""
        self.do("outages.heal")

    def deliver_events(
        self, *, times: int = 1, delay: float = 0.0, shuffle: bool = False, drop: bool = False
    ) -> None:
        """Deliver events repeatedly, late (`delay` in seconds), not at all, or shuffled.

        With `shuffle` events are held back until this is called without it, and then go out in
        another order.
        """
        manner = {"times": times, "delay": delay, "shuffle": shuffle, "drop": drop}
        self.do("outages.deliver_events", **manner)

    def calls(self, method: str | None = None) -> list[Json]:
        """Return the Web API calls so far: `method`, `args`, `answer`, `at` and `seconds`.

        `at` is when the call came, by the machine's clock in seconds since 1970; `seconds` is how
        long the answer took.
        """
        return list(self.do("outages.calls", method=method))

    def deliveries(self) -> list[Json]:
        """Return the deliveries to the app: `type`, `attempts`, `acked`, `seconds` to the ack."""
        return list(self.do("outages.deliveries"))

    def load(
        self,
        channel: Place,
        rate: float,
        seconds: float,
        persons: Sequence[PersonDriver | str],
        texts: Sequence[str],
    ) -> list[float | None]:
        """Let people post `rate` messages a second; return the seconds to each event's ack."""
        users = [str(person) for person in persons]
        args = {"channel": str(channel), "rate": rate, "seconds": seconds}
        return list(self.do("outages.load", **args, persons=users, texts=list(texts)))

    def sockets(self) -> int:
        """Return how many Socket Mode connections the app has."""
        return int(self.do("outages.sockets"))

    def refresh_sockets(self) -> None:
        """Ask the app to replace its Socket Mode connections, as Slack does every few hours."""
        self.do("outages.refresh_sockets")

    def cut_sockets(self) -> None:
        """Close the app's Socket Mode connections without a warning, as an outage does."""
        self.do("outages.cut_sockets")

    @staticmethod
    def until(happened: Callable[[], T], seconds: float = 30.0) -> T:
        """Call `happened` until its result is truthy, and return that result.

        Raises:
            TimeoutError: it was not within `seconds`.
        """
        deadline, pause = time.monotonic() + seconds, threading.Event()
        while not (result := happened()):
            if time.monotonic() >= deadline:
                raise TimeoutError(f"did not happen within {seconds} seconds")
            pause.wait(0.01)
        return result
