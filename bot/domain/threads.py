"""A thread of messages as it was read from Slack."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from bot.domain.entries import ChannelId, UserId
from bot.domain.gaps import Gap
from bot.domain.listening.conversation import Conversation, Said


@dataclass(frozen=True, slots=True, kw_only=True)
class ThreadMessage:
    """One message of a thread, as plain text. `edited`: when it was last edited, or empty."""

    ts: str
    user: UserId
    text: str
    mentions: tuple[UserId, ...]
    at: datetime
    edited: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Thread:
    """The messages that people wrote in a thread, oldest first.

    `is_complete`: Slack returned the thread, not just one message. `gone`: Slack says it was
    deleted; a thread that exists can be empty too, if only apps wrote in it. `first`: how many
    messages of a longer thread were read; None if all were.
    """

    channel: ChannelId
    ts: str
    messages: tuple[ThreadMessage, ...]
    is_complete: bool = True
    gone: bool = False
    first: int | None = None

    def conversation(self, named: frozenset[str] = frozenset()) -> Conversation:
        """Return its messages as a conversation; there has to be one. `named`: people's names."""
        return Conversation(
            messages=tuple(
                Said(
                    channel=self.channel,
                    ts=message.ts,
                    root=self.ts,
                    user=message.user,
                    text=message.text,
                    at=message.at,
                    mentions=message.mentions,
                )
                for message in self.messages
            ),
            named=named,
        )


def recall_threads(gap: Gap, *, most: int, without: str | None = None) -> tuple[Thread, ...]:
    """Return the latest threads of a gap in its channel, as the excerpts stored of them.

    `without`: the timestamp of a thread to leave out.
    """
    messages: dict[str, list[ThreadMessage]] = {}
    for occurrence in sorted(gap.occurrences, key=lambda occurrence: occurrence.ts):
        if occurrence.channel == gap.channel and occurrence.thread_ts != without:
            message = ThreadMessage(
                ts=occurrence.ts,
                user=occurrence.author,
                text=occurrence.excerpt,
                mentions=(),
                at=occurrence.at,
            )
            messages.setdefault(occurrence.thread_ts, []).append(message)
    return tuple(
        Thread(channel=gap.channel, ts=ts, messages=tuple(parts), is_complete=False)
        for ts, parts in list(messages.items())[-most:]
    )


def complete_threads(recalled: Iterable[Thread], read: Iterable[Thread]) -> tuple[Thread, ...]:
    """Return the recalled threads, each as it was read if it was."""
    by_ts = {thread.ts: thread for thread in read}
    return tuple(by_ts.get(thread.ts, thread) for thread in recalled)
