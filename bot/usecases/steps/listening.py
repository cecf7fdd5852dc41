"""Listening inside a transaction: read a message, store what is kept of it, and update gaps."""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from bot.domain.entries import ChannelId, UserId
from bot.domain.gaps import GapId, NewGap, Occurrence
from bot.domain.listening import matters
from bot.domain.listening.conversation import Conversation, Said
from bot.domain.listening.heard import Heard
from bot.domain.listening.matters import (
    answer_worth,
    find_answerer,
    likelihoods_among,
    matter_probability,
)
from bot.domain.listening.models import shipped_models
from bot.domain.listening.placing import Placer
from bot.domain.listening.profiles import ANSWERS, make_profile
from bot.domain.listening.prompting import COVERED, JOIN, JOIN_BY_MEANING, QUIET, kind_of
from bot.domain.listening.rarity import Rarity, shipped_background
from bot.domain.listening.stored import StoredMessage
from bot.domain.outbox import Topic
from storage.store import Transaction

# Returns a link to a message in a thread.
Permalink = Callable[[ChannelId, str, str], str]


@dataclass(frozen=True, slots=True, kw_only=True)
class PlacedThread:
    """A thread after those that it was grouped with, which are oldest first.

    `likelihoods`: for each, how likely each other one, by its place, is about the same matter.
    """

    root: str
    gap: GapId | None
    probability: float
    threads: Mapping[str, Sequence[StoredMessage]]
    likelihoods: Sequence[Mapping[int, float]]


@dataclass(frozen=True, slots=True, kw_only=True)
class UpdatedGap:
    """A gap as it was just stored. `threads`: oldest first. `probability`: they are one matter."""

    threads: Mapping[str, Sequence[StoredMessage]]
    probability: float


def said_before(
    channel: ChannelId, root: str, messages: Iterable[StoredMessage]
) -> tuple[Said, ...]:
    """Return the earlier messages of a thread as recognition needs them.

    Their texts are gone. Recognition only looks at who said them and whether they asked.
    """
    return tuple(
        Said(
            channel=channel,
            ts=message.heard.ts,
            root=root,
            user=message.heard.user,
            text="?" if message.heard.asks else "",
            at=message.heard.at,
            mentions=tuple(message.heard.mentions),
        )
        for message in messages
    )


def place_thread(
    tx: Transaction,
    channel: ChannelId,
    root: str,
    messages: Sequence[StoredMessage],
    permalink: Permalink,
) -> PlacedThread:
    """Compare a thread with the others of its channel, and update the gaps that change."""
    threads = tx.channel_threads(channel)
    profile = make_profile(channel, [message.heard for message in messages])
    placer = Placer(
        threads=threads,
        rarity=Rarity(shipped_background()),
        models=shipped_models(),
        join=JOIN if profile.meaning is None else JOIN_BY_MEANING,
    )
    grouped = placer.place(root, profile)
    updated = {gap: update_gap(tx, channel, gap, permalink) for gap in threads.changed}
    gap = grouped[root] if root in grouped else threads.groups([root]).get(root)
    if gap is None:
        return PlacedThread(
            root=root, gap=None, probability=0.0, threads={root: messages}, likelihoods=[{}]
        )
    current = updated.get(gap) or UpdatedGap(threads=_threads_of(tx, channel, gap), probability=0.0)
    others = {other: stored for other, stored in current.threads.items() if other != root}
    order = [*others, root]
    return PlacedThread(
        root=root,
        gap=GapId(gap),
        probability=current.probability,
        threads={**others, root: messages},
        likelihoods=likelihoods_among(order, threads.links(order)),
    )


def _threads_of(
    tx: Transaction, channel: ChannelId, gap: int
) -> Mapping[str, Sequence[StoredMessage]]:
    """Return the threads of a gap that still have messages, oldest first."""
    roots = tx.channel_threads(channel).members([gap])[gap]
    stored = tx.heard.of_threads(channel, roots)
    return {root: stored[root] for root in roots if root in stored}


def drop_thread(tx: Transaction, channel: ChannelId, root: str, permalink: Permalink) -> None:
    """Delete a thread that is no occurrence any longer, and update the gap that it was in."""
    threads = tx.channel_threads(channel)
    threads.forget(root)
    for gap in threads.changed:
        update_gap(tx, channel, gap, permalink)


def update_gap(tx: Transaction, channel: ChannelId, gap: int, permalink: Permalink) -> UpdatedGap:
    """Store what the threads of a gap say now."""
    stored = _threads_of(tx, channel, gap)
    present = list(stored)
    occurrences = [matters.Occurrence(messages=heard_of(stored[root])) for root in present]
    probability = 0.0
    if matters.is_recurring(occurrences) and not _are_covered(stored.values()):
        links = tx.channel_threads(channel).links(present)
        likelihoods = likelihoods_among(present, links)
        probability = matter_probability(shipped_models(), occurrences, likelihoods)
    shown = [_occurrence(channel, root, stored[root], permalink) for root in present]
    tx.gaps.fill(
        GapId(gap),
        NewGap(
            channel=channel,
            act=kind_of([said for one in occurrences for said in one.messages]).value
            if occurrences
            else "",
            title=title_of_gap(shown),
            probability=probability,
            answerer=find_answerer(occurrences),
            occurrences=tuple(shown),
        ),
    )
    return UpdatedGap(threads=stored, probability=probability)


def title_of_gap(occurrences: Sequence[Occurrence]) -> str:
    """Return a title for a gap, from the excerpts of its occurrences."""
    from bot.domain.listening.titles import make_title  # noqa: PLC0415 - costs start-up

    conversations = [_conversation(occurrence) for occurrence in occurrences if occurrence.excerpt]
    return make_title(conversations)[0] if conversations else ""


def _are_covered(threads: Collection[Sequence[StoredMessage]]) -> bool:
    """Return whether entries in force cover most of the threads."""
    covered = sum(any(message.coverage >= COVERED for message in messages) for messages in threads)
    return 2 * covered > len(threads)


def _occurrence(
    channel: ChannelId, root: str, messages: Sequence[StoredMessage], permalink: Permalink
) -> Occurrence:
    first = messages[0]
    best = max(messages, key=lambda message: answer_worth(message.heard))
    settled = best.heard.reading.settles >= ANSWERS and bool(best.excerpt)
    return Occurrence(
        channel=channel,
        ts=first.heard.ts,
        thread_ts=root,
        author=first.heard.user,
        at=first.heard.at,
        permalink=permalink(channel, first.heard.ts, root),
        excerpt=first.excerpt,
        answer=best.excerpt if settled and best is not first else "",
        answer_ts=best.heard.ts if settled else None,
        answerer=best.heard.user if settled else None,
    )


def _conversation(occurrence: Occurrence) -> Conversation:
    """Return what is kept of a thread's words: its opening, and its answer if there was one."""
    opening = _said(occurrence, occurrence.ts, occurrence.author, occurrence.excerpt)
    if not occurrence.answer or occurrence.answer_ts is None or occurrence.answerer is None:
        return Conversation(messages=(opening,))
    answer = _said(occurrence, occurrence.answer_ts, occurrence.answerer, occurrence.answer)
    return Conversation(messages=(opening, answer))


def _said(occurrence: Occurrence, ts: str, user: UserId, text: str) -> Said:
    return Said(
        channel=occurrence.channel,
        ts=ts,
        root=occurrence.thread_ts,
        user=user,
        text=text,
        at=occurrence.at,
    )


def heard_of(messages: Sequence[StoredMessage]) -> tuple[Heard, ...]:
    """Return the features of stored messages."""
    return tuple(message.heard for message in messages)


def settle_later(
    tx: Transaction,
    channel: ChannelId,
    root: str,
    messages: Sequence[StoredMessage],
    now: datetime,
) -> None:
    """Compare a thread with others once it has settled, unless it goes on before then.

    `messages`: what is kept of it, oldest first. If nothing is, this is due at once.
    """
    last, due_at = "", now
    if messages:
        heard = messages[-1].heard
        is_closed = heard.reading.closes and len(messages) > 1
        last, due_at = heard.ts, heard.at + QUIET * (not is_closed)
    payload = {"root": root, "ts": last}
    tx.outbox.add(Topic.THREAD, channel=channel, payload=payload, due_at=due_at, at=now)


def settle_soon(
    tx: Transaction, channel: ChannelId, root: str, due_at: datetime, now: datetime
) -> None:
    """Compare a thread with others at a time, whatever is said until then."""
    payload = {"root": root, "ts": ""}
    tx.outbox.add(Topic.THREAD, channel=channel, payload=payload, due_at=due_at, at=now)
