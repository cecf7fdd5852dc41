"""Asking for a digest, and what it is built from."""

from datetime import UTC, datetime, timedelta

from bot.domain.entries import ChannelId, UserId
from bot.domain.gaps import NewGap, Occurrence
from sandbox.forms import View
from sandbox.seen import Channel, Message
from storage.transaction import Transaction
from tests.support.ops import Ops


def digests(ops: Ops, channel: Channel | None = None) -> list[Message]:
    posted = ops.driver.messages(channel or ops.ops)
    return [each for each in posted if each.text.startswith("Weekly digest")]


def at(ops: Ops, moment: datetime) -> None:
    """Let it be that moment, and do what is due."""
    ops.clock.time = moment
    ops.tick()


def now(ops: Ops) -> Message:
    """Ask for the digest at once."""
    ops.clock.time += timedelta(minutes=1)
    assert "on its way" in ops.ana.slash(ops.ops, "/lore digest now").words()
    ops.drain()
    return digests(ops)[-1]


def again(ops: Ops, message: Message) -> Message:
    """Return the same message as it is now."""
    return next(each for each in ops.driver.messages(ops.ops) if each.ts == message.ts)


def monday(day: int, hour: int, minute: int = 0, month: int = 3) -> datetime:
    return datetime(2026, month, day, hour, minute, tzinfo=UTC)


def gap(tx: Transaction, place: ChannelId, title: str, *, threads: int, at: datetime) -> None:
    occurrences = [
        Occurrence(
            channel=place,
            ts=f"{number}.0",
            thread_ts=f"{number}",
            author=UserId("U1"),
            at=at,
            permalink="",
            excerpt=title,
        )
        for number in range(1, threads + 1)
    ]
    tx.gaps.add(NewGap(channel=place, act="decision", title=title, occurrences=tuple(occurrences)))


def use(ops: Ops, key: str, outcome: str) -> None:
    card = next(each for each in ops.driver.messages(ops.ops) if each.text.startswith(key))
    view = ops.ana.press("Use it", on=card)
    assert isinstance(view, View)
    view.choose("How did it go?", outcome).fill({"Note": "The node hung."})
    assert view.submit() == {}
    ops.drain()
