"""Reading ahead, perhaps in a second process, changes nothing that the listener makes of it."""

from datetime import UTC, datetime, timedelta
from itertools import chain
from typing import Final

from bot.cli.listen.readers import read_ahead
from bot.domain.entries import ChannelId, UserId
from bot.domain.listening.ahead import AheadReader
from bot.domain.listening.conversation import Said
from bot.domain.listening.listener import Listener

OPS: Final = ChannelId("ops")
MONDAY: Final = datetime(2026, 1, 5, 9, tzinfo=UTC)
TEXTS: Final = (
    "The nightly export hangs on a lock again, who can help Bea?",
    "Cancel the backend, then resume the export.",
    "Thanks, that helped!",
)


def thread(at: datetime) -> list[Said]:
    return [
        Said(
            channel=OPS,
            ts=f"{(at + timedelta(minutes=number)).timestamp():.6f}",
            root=f"{at.timestamp():.6f}",
            user=UserId(user),
            text=text,
            at=at + timedelta(minutes=number),
        )
        for number, (user, text) in enumerate(zip(("ana", "ben", "ana"), TEXTS, strict=True))
    ]


# Nine threads a day, whose messages alternate.
HISTORY: Final = sorted(
    chain.from_iterable(
        thread(MONDAY + timedelta(days=day, seconds=at)) for day in range(6) for at in range(9)
    ),
    key=lambda said: said.at,
)


def test_a_message_is_read_with_the_earlier_ones_of_its_thread() -> None:
    reader = AheadReader(frozenset({"bea"}))
    listener = Listener(names=["bea"])
    for said in HISTORY:
        read = reader.read(said)
        assert read.heard.reading == listener.hear(said)
        assert read.before == (said.at - MONDAY) % timedelta(days=1) // timedelta(minutes=1)


def test_a_thread_that_the_reader_forgot_is_read_again() -> None:
    reader, listener, alone = AheadReader(frozenset(), most=1), Listener(), Listener()
    forgotten = 0
    for said in HISTORY:
        read = reader.read(said)
        forgotten += not said.opens and read.before == 0
        assert listener.hear(said, read) == alone.hear(said)
    assert forgotten


def test_a_second_process_reads_the_same_in_the_same_order() -> None:
    messages = HISTORY * 9
    reader = AheadReader(frozenset({"bea"}))
    expected = [(said, reader.read(said)) for said in messages]
    assert list(read_ahead(messages, ["bea"])) == expected
