"""Questions to Opslore: answer them from the entries, or say that nothing covers them."""

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from bot.domain.entries import ChannelId, Entry, EntryId, Key, TeamId, UserId
from bot.domain.errors import NotAllowedError, NotFoundError
from bot.domain.gaps import Gap
from bot.domain.outbox import OutboxItem, Topic
from bot.domain.questions import (
    Question,
    QuestionAnswer,
    choose_checker,
    is_reliable,
)
from bot.domain.ranking import Ranking
from bot.domain.visibility import Reader
from bot.embedding.cache import EmbeddingCache
from bot.usecases.steps.gaps import count_search, find_gaps
from bot.usecases.steps.permissions import require_served
from bot.usecases.steps.ranking import rank_candidates
from bot.usecases.steps.thread_evidence import weigh_heard_threads
from bot.usecases.steps.visible_links import is_shareable
from storage.store import Store, Transaction

# An entry that fits a question nearly as well as the best one, among the first few.
_NEARLY: Final = 0.8
_ENTRIES: Final = 4


@dataclass(frozen=True, slots=True, kw_only=True)
class PassedQuestion:
    """A question that is passed on to a person: in its thread, or directly if it was asked so.

    `text`: the masked question; empty if people can read it in its thread.
    """

    person: UserId
    channel: ChannelId
    ts: str
    thread_ts: str | None
    text: str = ""


def ask_question(
    store: Store,
    team: TeamId,
    question: Question,
    *,
    reader: Reader,
    now: datetime,
    embeddings: EmbeddingCache | None = None,
) -> QuestionAnswer:
    """Return what is known about a question, as far as the reader may see it.

    A gap is only named where all who read the answer are in its channel. A direct question about a
    gap counts for it. `embeddings`: to compare what is meant.

    Raises:
        NotAllowedError: the reader belongs to another organization.
    """
    require_served(reader)
    with store.read(team) as tx:
        entry = _find_cited(tx, reader, question.text)
        candidates = tx.entries.visible_to(reader).candidates(question.text)
        evidence = weigh_heard_threads(tx, _open_channels(tx, reader, question), candidates)
    # Embedding takes a while, so no transaction is open.
    ranking = rank_candidates(candidates, embeddings, evidence)
    with store.read(team) as tx:
        if entry is None and ranking.is_sure:
            entry = _load_best(tx, reader, ranking, now)
        if entry is not None:
            return QuestionAnswer(
                entry=entry,
                is_reliable=is_reliable(entry, now),
                is_private=not _is_open_in(tx, entry, question),
                helper=_other(choose_checker(entry), reader),
            )
        gap = _find_gap(tx, reader, question, now)
    if gap is None:
        return QuestionAnswer()
    if question.channel is None:
        # A question in a channel is a thread there, so it is heard as an occurrence.
        with store.transaction(team) as tx:
            count_search(tx, gap.id, reader, now)
    times = [found.at for found in gap.occurrences if found.answerer == gap.answerer]
    is_known = gap.answerer is not None and bool(times)
    return QuestionAnswer(
        gap=gap,
        helper=_other(gap.answerer, reader) if is_known else None,
        helped_at=max(times) if is_known else None,
    )


def queue_answer(store: Store, item: OutboxItem, answer: QuestionAnswer, *, now: datetime) -> None:
    """Queue the answer to a question in place of the question's item, once for each question."""
    assert answer.entry is not None
    ts = item.payload["ts"]
    is_direct = item.channel.startswith("D")
    with store.transaction(item.team) as tx:
        tx.outbox.add(
            Topic.ANSWER,
            channel=item.channel,
            user=item.user if is_direct else None,
            thread_ts=item.thread_ts if is_direct else item.thread_ts or ts,
            payload={"entry": answer.entry.id, "is_private": answer.is_private, "ts": ts},
            due_at=now,
            at=now,
            once=f"{_name_answers(answer.entry.id)}:{item.channel}:{ts}",
        )
        tx.outbox.mark_sent(item.id, now)


def pass_on_question(
    store: Store,
    team: TeamId,
    asked: PassedQuestion,
    *,
    to: Reader,
    reader: Reader,
    now: datetime,
) -> bool:
    """Pass a question on to a person, once; False if someone has passed it on already.

    Raises:
        NotAllowedError: the reader belongs to another organization, or the person wouldn't see the
            question.
    """
    require_served(reader)
    is_direct = asked.channel.startswith("D")
    name = to.person.name
    if to.person.gone:
        raise NotAllowedError(f"{name} has left the workspace. Ask someone else.")
    if not is_direct and asked.channel not in to.channels:
        raise NotAllowedError(f"{name} isn't in this channel. Ask them directly.")
    with store.transaction(team) as tx:
        added = tx.outbox.add(
            Topic.ASK,
            channel=ChannelId(asked.person) if is_direct else asked.channel,
            user=asked.person if is_direct else None,
            thread_ts=None if is_direct else asked.thread_ts,
            payload={
                "ts": asked.ts,
                "person": asked.person,
                "by": reader.user,
                "excerpt": asked.text,
            },
            due_at=now,
            at=now,
            once=f"ask:{asked.channel}:{asked.ts}",
        )
    return added is not None


def read_answering_entry(store: Store, item: OutboxItem) -> Entry:
    """Return the entry of an answer, if people may still read it where it is posted.

    Raises:
        NotFoundError: its home channel became private since then.
    """
    with store.read(item.team) as tx:
        entry = tx.entries.by_id(EntryId(item.payload["entry"]))
        if entry is None or not _may_stay(tx, entry, item):
            raise NotFoundError("This entry is now private to its channel.")
        return entry


def list_answers(
    store: Store, team: TeamId, entry_id: EntryId, *, hidden: bool = False
) -> list[OutboxItem]:
    """Return the posted answers with an entry; `hidden`: only where people may not read it now."""
    with store.read(team) as tx:
        entry = tx.entries.by_id(entry_id)
        if entry is None:
            return []
        answers = [item for item in tx.outbox.list_by_once(_name_answers(entry_id)) if item.ts]
        return [item for item in answers if not (hidden and _may_stay(tx, entry, item))]


def _name_answers(entry: EntryId) -> str:
    return f"answer:{entry}"


def _may_stay(tx: Transaction, entry: Entry, item: OutboxItem) -> bool:
    """Return whether a posted answer may be read by those who can read it there.

    A member who asked directly about an entry that was private then may keep the answer.
    """
    return item.channel == entry.home or item.payload["is_private"] or is_shareable(tx, entry)


def _is_open_in(tx: Transaction, entry: Entry, question: Question) -> bool:
    """Return whether everyone where a question was asked may read an entry."""
    return entry.home == question.channel or (is_shareable(tx, entry) and not question.is_shared)


def _find_cited(tx: Transaction, reader: Reader, text: str) -> Entry | None:
    """Return the first entry whose key is in a question, unless it is out of use."""
    visible = tx.entries.visible_to(reader)
    keys = (Key.parse(word.strip("?!.,;:()")) for word in text.split())
    cited = (visible.get(key.entry) for key in keys if key)
    return next((entry for entry in cited if entry and (entry.is_in_force or entry.is_draft)), None)


def _load_best(tx: Transaction, reader: Reader, ranking: Ranking, now: datetime) -> Entry | None:
    """Return the best entry, or one nearly as good if people may follow that and not the best."""
    least = _NEARLY * ranking.matches[0].score
    ids = [EntryId(int(match.key)) for match in ranking.matches[:_ENTRIES] if match.score >= least]
    entries = tx.entries.visible_to(reader).read_in_order(ids)
    reliable = (entry for entry in entries if is_reliable(entry, now))
    return next(reliable, entries[0] if entries else None)


def _find_gap(tx: Transaction, reader: Reader, question: Question, now: datetime) -> Gap | None:
    channels = reader.channels
    if question.channel is not None:
        channels &= {question.channel}
    return next(iter(find_gaps(tx, channels, question.text, now)), None)


def _open_channels(tx: Transaction, reader: Reader, question: Question) -> frozenset[ChannelId]:
    """Return those of the reader's channels that all who read the answer may read."""
    if question.channel is None:
        return reader.channels
    if question.is_shared:
        return reader.channels & {question.channel}
    known = tx.channels.by_ids(reader.channels).values()
    public = {channel.id for channel in known if not channel.private}
    return reader.channels & {question.channel, *public}


def _other(user: UserId | None, reader: Reader) -> UserId | None:
    """Return a person to ask; None if they are the one who asks."""
    return None if user == reader.user else user
