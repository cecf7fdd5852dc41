"""Values that the command gets from its listener: a verdict on each message, and the matters."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from bot.domain.entries import ChannelId, UserId
from bot.domain.kinds import Kind
from bot.domain.listening.conversation import Conversation, Said
from bot.domain.listening.drafts import EntryDraft
from bot.domain.recognition import SpeechAct

GapNumber = int
# Where a message is: its channel and its timestamp.
Place = tuple[ChannelId, str]
# A thread: its channel and the timestamp of its first message.
Thread = tuple[ChannelId, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Prompt:
    """A prompt that would have been shown. `entry`: the key of an entry that it is about."""

    to: UserId
    kind: Kind
    entry: str | None = None
    gap: GapNumber | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """The act of one message, and its consequences.

    `covered_by`: the key of the entry that is shown to its author, because it covers the thread.
    """

    channel: ChannelId
    ts: str
    act: SpeechAct
    score: float
    scores: Mapping[SpeechAct, float]
    gap: GapNumber | None = None
    covered_by: str | None = None
    prompt: Prompt | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Matter:
    """A matter that came back, with the threads it came up in.

    `load`: returns its conversations. `write`: writes the entry that they suggest, which takes a
    while. There may be many matters, so neither is stored. `answerer`: the person who settles it;
    None if no one ever did. `entry`: the key of the entry that covers most of its threads; None for
    a gap.
    """

    number: GapNumber
    threads: Sequence[Thread]
    answerer: UserId | None
    load: Callable[[], Sequence[Conversation]]
    write: Callable[[], EntryDraft]
    entry: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """An entry that a search found."""

    key: str
    score: float


class Ear(Protocol):
    """Hears messages. The rest is read after `finish`."""

    def hear(self, messages: Iterable[Said], /) -> Iterator[Said]:
        """Hear messages in order of time, and yield each once it's heard."""

    def finish(self) -> None:
        """Settle what is still open, because nothing more will be heard."""

    def verdicts(self) -> Iterable[Verdict]:
        """Return a verdict for each message, in the order in which they were heard."""

    def matters(self) -> Sequence[Matter]:
        """Return the matters that came back, the most frequent first."""

    def search(self, query: str, /) -> Sequence[Found]:
        """Return the entries that answer a query, best first; empty if none probably does."""


def thread_of(said: Said) -> Thread:
    """Return the thread of a message."""
    return (said.channel, said.root)
