"""Threads and readings of them, made up for tests of drafts, titles and answers."""

from datetime import UTC, datetime, timedelta

from bot.domain.entries import ChannelId, UserId
from bot.domain.listening.conversation import Conversation, Said
from bot.domain.recognition import Reading, SpeechAct

DAY = datetime(2026, 11, 4, 9, tzinfo=UTC)
PEOPLE = frozenset({"ana", "ben", "rik"})


def thread(day: int, *lines: str) -> Conversation:
    """Return a thread of lines such as "ana: the export hangs"."""
    root = f"{day}.0"
    messages = []
    for at, line in enumerate(lines):
        user, text = line.split(": ", 1)
        said = Said(
            channel=ChannelId("ops"),
            ts=f"{day}.{at}",
            root=root,
            user=UserId(user),
            text=text,
            at=DAY + timedelta(days=day, minutes=at),
            mentions=tuple(UserId(name) for name in sorted(PEOPLE) if f"@{name}" in text),
        )
        messages.append(said)
    return Conversation(messages=tuple(messages), named=PEOPLE)


def reading(*acts: SpeechAct, standing: float = 0.0, settles: float = 0.0) -> Reading:
    """Return what recognition says of a message that does these things."""
    scores = {act: 0.9 if act in acts else 0.05 for act in SpeechAct}
    return Reading(
        act=acts[0] if acts else SpeechAct.NONE,
        score=0.9,
        scores=scores,
        standing=standing,
        settles=settles,
        closes=False,
        acute=False,
        incident=False,
        small_talk=0.0,
    )
