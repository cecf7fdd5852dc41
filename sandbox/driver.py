"""Acts in a sandbox as people do, from a test or any other process."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Sequence
from types import TracebackType
from typing import TYPE_CHECKING, Any, Self, TypeVar

from sandbox.errors import ActionRefusedError
from sandbox.model import Json
from sandbox.persons import PersonDriver
from sandbox.reach import Local, Reach, Remote
from sandbox.seen import Channel, Message

if TYPE_CHECKING:
    from sandbox.server import Sandbox

T = TypeVar("T")

Place = Channel | str


class Driver:
    """A hand on a running sandbox; every act waits until the app took the events it caused.

    A click or command also waits, for `patience` seconds at most, until something comes of it: None
    is a few, and 0 is right for an app that does all it does before it acknowledges.
    """

    def __init__(self, sandbox: Sandbox | str, *, patience: float | None = None) -> None:
        self._patience = patience
        self._reach: Reach = Remote(sandbox) if isinstance(sandbox, str) else Local(sandbox.control)

    @classmethod
    def connect(cls, url: str) -> Driver:
        """Return a driver of the sandbox that listens at `url`."""
        return cls(url)

    def do(self, verb: str, **args: object) -> Any:  # noqa: ANN401 - each act has its own JSON
        """Do an act of the control interface by name.

        Raises:
            ActionRefusedError: Slack's client would not offer it.
        """
        return self._reach.do(verb, args)

    def click(self, verb: str, seconds: float | None, **args: object) -> Any:  # noqa: ANN401 - as above
        """Do an act of which something may come; waits for that as told, or as long as usual."""
        seconds = self._patience if seconds is None else seconds
        return self.do(verb, **args, **({} if seconds is None else {"seconds": seconds}))

    def close(self) -> None:
        """Let go of the connection."""
        self._reach.close()

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
        found = self.do(
            "places.person",
            name=name,
            tz=tz,
            guest=guest,
            single_channel=single_channel,
            stranger=stranger,
            foreign=foreign,
            admin=admin,
        )
        return PersonDriver(self, found["id"], found["name"])

    def bot(self, name: str) -> PersonDriver:
        """Add another app's bot."""
        found = self.do("places.person", name=name, bot=True)
        return PersonDriver(self, found["id"], found["name"])

    def known(self, name: str) -> PersonDriver:
        """Return the person with this name or id who is already there."""
        for user in self.do("places.people"):
            if name in (user["id"], user["name"]):
                return PersonDriver(self, user["id"], user["name"])
        raise ActionRefusedError(f"nobody here is called {name}")

    def channel(
        self,
        name: str,
        *,
        private: bool = False,
        members: Sequence[PersonDriver | str] = (),
        shared: bool = False,
    ) -> Channel:
        """Create a channel with these members, the bot not among them."""
        ids = [str(member) for member in members]
        args = {"name": name, "private": private, "members": ids, "shared": shared}
        found = self.do("places.channel", **args)
        return Channel(found["id"], found["name"])

    def usergroup(self, name: str, handle: str, members: Sequence[PersonDriver | str] = ()) -> str:
        """Create a user group, mentioned as `@handle`, and return its id."""
        ids = [str(member) for member in members]
        return str(self.do("places.usergroup", name=name, handle=handle, members=ids)["id"])

    def change_usergroup(self, usergroup: str, members: Sequence[PersonDriver | str]) -> None:
        """Change who is in a user group; without anybody it is disabled, as in Slack."""
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
        """Let someone leave a channel."""
        self.do("places.leave", channel=str(channel), user=str(person))

    def deactivate(self, person: PersonDriver | str, *, back: bool = False) -> None:
        """Deactivate someone's account, or with `back` let them in again, to no channel."""
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
        """Bring a channel back."""
        self.do("places.archive", channel=str(channel), archived=False)

    def convert_to_private(self, channel: Place) -> None:
        """Make a public channel private."""
        self.do("places.convert_to_private", channel=str(channel))

    def rename_channel(self, channel: Place, name: str) -> None:
        """Give a channel another name."""
        self.do("places.rename", channel=str(channel), name=name)

    def delete_channel(self, channel: Place) -> None:
        """Delete a channel."""
        self.do("places.delete_channel", channel=str(channel))

    def change_channel_id(self, channel: Place) -> str:
        """Give a channel another id, as sharing it does, and return it."""
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

    # What was said.

    def messages(self, channel: Place) -> list[Message]:
        """Return every message of a channel by time, replies among them."""
        return [Message(each) for each in self.do("talk.messages", channel=str(channel))]

    def thread(self, channel: Place, ts: str | Message) -> list[Message]:
        """Return a thread, its root first."""
        found = self.do("talk.thread", channel=str(channel), ts=str(ts))
        return [Message(each) for each in found]

    def delete_message(self, channel: Place, ts: str | Message) -> None:
        """Delete a message as an admin does, whoever wrote it."""
        self.do("talk.delete", channel=str(channel), ts=str(ts))

    # What goes wrong, and what went over the wire.

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
        """Let calls of a Web API method ("*": all) fail, `times` times or until `heal`.

        `error` and `status` are answered instead of doing the call ("ratelimited": 429 with
        `retry_after` seconds), `never` answers nothing, `lost` does it and cuts the connection,
        `late` does it and answers that many seconds later.
        """
        how = {"error": error, "status": status, "never": never, "lost": lost, "late": late}
        self.do("outages.fail", method=method, **how, times=times, retry_after=retry_after)

    def heal(self) -> None:
        """Let all calls succeed and all events travel as usual."""
        self.do("outages.heal")

    def deliver_events(
        self, *, times: int = 1, delay: float = 0.0, shuffle: bool = False, drop: bool = False
    ) -> None:
        """Change how events travel: repeated, late (seconds), lost, or held and shuffled.

        Held events go out, in another order, when this is called without `shuffle`.
        """
        how = {"times": times, "delay": delay, "shuffle": shuffle, "drop": drop}
        self.do("outages.deliver_events", **how)

    def calls(self, method: str | None = None) -> list[Json]:
        """Return the Web API calls so far: `method`, `args`, `answer`, `at` (machine's seconds).

        `seconds` is how long the answer took.
        """
        return list(self.do("outages.calls", method=method))

    def deliveries(self) -> list[Json]:
        """Return what was brought to the app: `type`, `attempts`, `acked`, `seconds` to the ack."""
        return list(self.do("outages.deliveries"))

    def load(
        self,
        channel: Place,
        rate: float,
        seconds: float,
        persons: Sequence[PersonDriver | str],
        texts: Sequence[str],
    ) -> list[float | None]:
        """Let people talk at `rate` messages a second; return the seconds to each event's ack."""
        who = [str(person) for person in persons]
        args = {"channel": str(channel), "rate": rate, "seconds": seconds}
        return list(self.do("outages.load", **args, persons=who, texts=list(texts)))

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
        """Return the first truthy result of `happened`, asked again and again.

        Raises:
            TimeoutError: there was none within `seconds`.
        """
        deadline, pause = time.monotonic() + seconds, threading.Event()
        while not (found := happened()):
            if time.monotonic() >= deadline:
                raise TimeoutError(f"did not happen within {seconds} seconds")
            pause.wait(0.01)
        return found
