"""`python -m tests.bench.duty NAME URL`: run one job in its own process, while messages arrive.

Prints as JSON the processor time of the job in `seconds`, its `longest` transaction that writes in
milliseconds, the time within which 99 in 100 messages were stored (`p99`, also in milliseconds),
how many messages were `refused`, and the peak memory of the process in `mb`.
"""

import json
import sys
import threading
import time
from collections.abc import Callable
from datetime import timedelta
from itertools import count
from typing import Any, Final

from sqlalchemy import Connection, event

from bot.domain.entries import ChannelId, EntryId, UserId
from bot.domain.errors import NotStoredError
from bot.domain.messages import IncomingMessage
from bot.domain.outbox import OutboxItem, OutboxItemId, Topic
from bot.domain.visibility import Person, Reader
from bot.usecases.approval.announcements import list_announcements
from bot.usecases.entries.redact import count_places, redact_text
from bot.usecases.listening.consider import Surroundings, consider_message
from bot.usecases.listening.gaps import list_gaps
from bot.usecases.review.due_reasons import update_due_reasons
from bot.usecases.review.nudges import plan_nudges
from bot.usecases.upkeep.retention import forget_old
from storage.engine import BEGIN
from storage.store import Store
from tests.bench.figures import percentile
from tests.bench.filling import CHANNELS, LEAKED, NOW, TEAM
from tests.bench.memory import watched_memory

_HOMES: Final = frozenset(ChannelId(f"C{number}") for number in range(CHANNELS))
_READER: Final = Reader(person=Person(id=UserId("U1"), name="ana"), channels=_HOMES)
# Two of 200 people are gone, so their entries are due.
_GONE: Final = frozenset({UserId("U13"), UserId("U77")})
# Seconds between two messages; Slack sends at most 8.3 a second.
_PAUSE: Final = 0.05


def look(store: Store) -> None:
    """Run the hourly look for people who are gone."""
    update_due_reasons(store, TEAM, describe=_known, now=NOW)


def forget(store: Store) -> None:
    """Run the daily clean-up; three fifths of the messages are too old."""
    forget_old(store, TEAM, now=NOW)


def nudge(store: Store) -> None:
    """Plan a nudge for everyone who has something waiting."""
    plan_nudges(store, TEAM, describe=_known, now=NOW)


def show_gaps(store: Store) -> None:
    """Answer `/lore gaps` in all channels."""
    shown = list_gaps(store, TEAM, reader=_READER, now=NOW)
    assert len(shown.gaps) == 8


def consider(store: Store) -> None:
    """Consider a message in a channel with many gaps."""
    channel = ChannelId("C1")
    payload: dict[str, Any] = {"ts": "1.5", "text": "We decided to do it.", "mentions": []}
    with store.transaction(TEAM) as tx:
        item_id = tx.outbox.add(
            Topic.MESSAGE, channel=channel, payload=payload, due_at=NOW, at=NOW, user=UserId("U1")
        )
        assert item_id is not None
        item = tx.outbox.get(OutboxItemId(item_id))
        place = tx.channels.get(channel)
    assert isinstance(item, OutboxItem)
    assert place is not None
    around = Surroundings(
        reader=_READER,
        channel=place,
        names=frozenset({_READER.person.name}),
        text=payload["text"],
        said_at=NOW,
    )
    consider_message(store, item, around, now=NOW + timedelta(minutes=1))


def redact(store: Store) -> None:
    """Count the places of a text that is in ten entries, and redact it."""
    assert count_places(store, TEAM, reader=None, text=LEAKED, where="")
    redact_text(store, TEAM, reader=None, text=LEAKED, where="", why="Leaked.", now=NOW)


def find_sent(store: Store) -> None:
    """Find the announcements of 100 entries."""
    for number in range(100):
        list_announcements(store, TEAM, EntryId(number + 1))


JOBS: Final[dict[str, Callable[[Store], None]]] = {
    "the hourly look": look,
    "the daily clean-up": forget,
    "planning nudges": nudge,
    "/lore gaps": show_gaps,
    "considering a message": consider,
    "redacting a text": redact,
    "what was sent about 100 entries": find_sent,
}


def main(name: str, url: str) -> None:
    store = Store.open(url)
    stop = threading.Event()
    store_times: list[float] = []
    refused: list[Exception] = []

    channel = ChannelId("C1")

    def hear() -> None:
        for number in count():
            if stop.wait(_PAUSE):
                return
            heard = IncomingMessage(
                channel=channel,
                ts=f"{NOW.timestamp() + number:.6f}",
                at=NOW,
                user=_READER.person.id,
            )
            began = time.perf_counter()
            try:
                store.claim_message(TEAM, heard)
            except NotStoredError as error:
                refused.append(error)
            store_times.append((time.perf_counter() - began) * 1000)

    write_seconds = _time_writes(store)
    listening = threading.Thread(target=hear)
    listening.start()
    with watched_memory() as memory:
        began = time.thread_time()
        JOBS[name](store)
        seconds = time.thread_time() - began
    stop.wait(2 * _PAUSE)
    stop.set()
    listening.join()
    store.close()
    figures = {
        "seconds": seconds,
        "longest": 1000 * max(write_seconds, default=0.0),
        "p99": percentile(store_times, 0.99),
        "refused": len(refused),
        "mb": max(memory),
    }
    print(json.dumps(figures))


def _time_writes(store: Store) -> list[float]:
    """Return a list that receives the seconds of each writing transaction of this thread."""
    this_thread, began, write_seconds = threading.get_ident(), [0.0], list[float]()

    def begin(connection: Connection) -> None:
        if threading.get_ident() == this_thread and BEGIN in connection.get_execution_options():
            began[0] = time.perf_counter()

    def end(connection: Connection) -> None:
        if threading.get_ident() == this_thread and BEGIN in connection.get_execution_options():
            write_seconds.append(time.perf_counter() - began[0])

    event.listen(store.engine, "begin", begin)
    event.listen(store.engine, "commit", end)
    return write_seconds


def _known(user: UserId) -> Reader:
    return Reader(
        person=Person(id=user, name=user, gone=user in _GONE),
        channels=frozenset() if user in _GONE else _HOMES,
    )


if __name__ == "__main__":
    main(*sys.argv[1:])
