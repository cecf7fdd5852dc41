"""Consider a message with a speech act: match it to an entry or a gap, and perhaps prompt."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from bot.domain import likeness
from bot.domain.entries import Entry, EntryId, UserId
from bot.domain.gaps import PROMPTING, Gap, GapId, GapState, Occurrence
from bot.domain.listening.titles import title_of
from bot.domain.outbox import OutboxItem, Topic
from bot.domain.prompt_rules import (
    BUDGET_PERIOD,
    GAP_KEPT,
    REFUSAL_KEPT,
    STALE,
    kind_of,
    prompt_threshold,
)
from bot.domain.prompts import NewPrompt
from bot.domain.recognition import SpeechAct
from bot.domain.visibility import Reader
from bot.domain.workspaces import Channel
from bot.usecases.steps.channels import store_channel
from bot.usecases.steps.shared_cards import withdraw_shared_cards
from storage.store import Store, Transaction


@dataclass(frozen=True, slots=True, kw_only=True)
class _Message:
    ts: str
    root: str
    user: UserId
    act: SpeechAct
    score: float
    excerpt: str
    terms: frozenset[str]
    permalink: str
    at: datetime

    @classmethod
    def of(
        cls, item: OutboxItem, payload: Mapping[str, Any], permalink: str, at: datetime
    ) -> "_Message":
        assert item.user is not None
        return cls(
            ts=payload["ts"],
            root=item.thread_ts or payload["ts"],
            user=item.user,
            act=SpeechAct(payload["act"]),
            score=payload["score"],
            excerpt=payload["excerpt"],
            terms=frozenset(payload["terms"]),
            permalink=permalink,
            at=at,
        )


def consider_message(
    store: Store,
    item: OutboxItem,
    *,
    excerpt: str,
    reader: Reader,
    channel: Channel,
    permalink: str,
    said_at: datetime,
    now: datetime,
) -> bool:
    """Decide what becomes of a message in one transaction; return whether it prompts its author.

    `excerpt` is the item's excerpt with people's names in it. `channel` is what Slack says of the
    channel, used if Opslore hasn't stored it yet.
    """
    # Read before anything is locked, because there may be thousands of gaps with their terms.
    with store.read(item.team) as tx:
        known_gaps = tx.gaps.list_candidates(item.channel, said_at - GAP_KEPT)
    with store.transaction(item.team) as tx:
        payload = tx.outbox.finish_message(item.id)
        if payload is None:
            # Another sender considered it after this one's lease ran out.
            return False
        # Locked, so that of two similar messages at once the second finds the gap of the first.
        known = tx.channels.get(item.channel, lock=True) or channel
        if payload == item.payload:
            payload = {**payload, "excerpt": excerpt}  # Otherwise it was edited.
        message = _Message.of(item, payload, permalink, said_at)
        if tx.messages.is_deleted(item.channel, message.ts):
            return False
        if known is channel:
            store_channel(tx, known, now)
        elif channel.private and not known.private:
            # Its event was missed. Only closing is taken over: Slack's answer may be older than an
            # event.
            known = replace(known, private=True)
            store_channel(tx, known, now)
            withdraw_shared_cards(tx, known.id, now)
        if not known.live or reader.person.stranger or reader.person.bot:
            return False
        covering = _find_covering(tx, reader, message)
        gap = None if covering else _count_into_gap(tx, known, message, known_gaps)
        if gap is not None and gap.entry is not None:
            covering = _load_recorded(tx, reader, gap.entry)
        if not _should_prompt(tx, reader, known, message, gap=gap, covering=covering, now=now):
            return False
        prompt = tx.prompts.add(
            NewPrompt(
                channel=known.id,
                thread_ts=message.root,
                ts=message.ts,
                user=message.user,
                kind=kind_of(message.act).value,
                at=now,
                gap=gap.id if gap else None,
                entry=covering.id if covering else None,
                terms=dict.fromkeys(message.terms, 1),
            )
        )
        if prompt is None:
            return False
        tx.outbox.add(
            Topic.PROMPT,
            channel=known.id,
            user=message.user,
            thread_ts=item.thread_ts,
            payload={"prompt": prompt},
            due_at=now,
            at=now,
        )
        return True


def _find_covering(
    tx: Transaction, reader: Reader, message: _Message, *, drafts: bool = False
) -> Entry | None:
    """Return the entry in force, or draft, that best covers the message; None if none does."""
    if not message.terms:
        return None
    candidates = tx.entries.visible_to(reader).covering(message.terms, limit=5, drafts=drafts)
    scored = [
        (likeness.coverage(message.terms, _terms(entry)), -entry.id, entry) for entry in candidates
    ]
    best = max(scored, key=lambda candidate: candidate[:2], default=None)
    return best[2] if best and best[0] >= likeness.COVERED else None


def _terms(entry: Entry) -> frozenset[str]:
    fields = (entry.content.text(name) for name in entry.content.values)
    return frozenset().union(*(likeness.terms(text) for text in fields))


def _count_into_gap(
    tx: Transaction, channel: Channel, message: _Message, before: Sequence[Gap]
) -> Gap | None:
    """Count the message into the most similar gap, or open a new one.

    `before`: the channel's gaps, read before the transaction. A dismissed or recorded gap is
    returned without counting, so it stays closed.
    """
    if not message.terms:
        return None
    occurrence = Occurrence(
        channel=channel.id,
        ts=message.ts,
        thread_ts=message.root,
        author=message.user,
        at=message.at,
        permalink=message.permalink,
        excerpt=message.excerpt,
    )
    counts = dict.fromkeys(sorted(message.terms), 1)
    nearest = _find_nearest_gap(tx, channel, message, before)
    if nearest is None:
        title = title_of(message.excerpt)
        return tx.gaps.add(channel.id, message.act.value, title, counts, occurrence)
    if nearest.state is not GapState.OPEN:
        return nearest
    return tx.gaps.add_occurrence(nearest.id, occurrence, counts)


def _find_nearest_gap(
    tx: Transaction, channel: Channel, message: _Message, before: Sequence[Gap]
) -> Gap | None:
    """Return the most similar gap, among those read before and those opened since."""
    since = message.at - GAP_KEPT
    last = max((gap.id for gap in before), default=GapId(0))
    known = [*before, *tx.gaps.list_candidates(channel.id, since, after=last)]
    nearest = likeness.nearest(message.terms, [gap.terms for gap in known])
    if nearest is not None and not tx.gaps.is_unchanged(known[nearest]):
        # The gap has just changed: another message was counted into it, edited or deleted.
        known = tx.gaps.list_candidates(channel.id, since)
        nearest = likeness.nearest(message.terms, [gap.terms for gap in known])
    return None if nearest is None else known[nearest]


def _load_recorded(tx: Transaction, reader: Reader, entry_id: EntryId) -> Entry | None:
    """Return the entry that a gap was recorded as, if it is in force and this person may see it."""
    entry = tx.entries.by_id(entry_id)
    return tx.entries.visible_to(reader).get(entry.key) if entry and entry.is_in_force else None


def _should_prompt(
    tx: Transaction,
    reader: Reader,
    channel: Channel,
    message: _Message,
    *,
    gap: Gap | None,
    covering: Entry | None,
    now: datetime,
) -> bool:
    """Return whether to prompt this person: a full member, not refused, within the budgets."""
    if not reader.person.member or channel.muted or now - message.at > STALE:
        return False
    if covering is None and gap is not None and gap.state is not GapState.OPEN:
        return False
    # If a draft covers the matter, someone is already recording it.
    if covering is None and (
        not _is_likely(tx, channel, message, gap)
        or _find_covering(tx, reader, message, drafts=True)
    ):
        return False
    since = now - BUDGET_PERIOD
    # Locked, because messages in other channels may be considered at the same time.
    settings = tx.workspace.get(lock=True)
    if tx.prompts.count_since(since, user=message.user) >= settings.person_budget:
        return False
    if tx.prompts.count_since(since, channel=channel.id) >= settings.channel_budget:
        return False
    return not _was_refused(tx, channel, message, now - REFUSAL_KEPT)


def _is_likely(tx: Transaction, channel: Channel, message: _Message, gap: Gap | None) -> bool:
    """Return whether the matter recurs, or its score is high for the channel's messages."""
    if gap is not None and gap.threads >= PROMPTING:
        return True
    if message.act is SpeechAct.QUESTION:
        return False
    recent = tx.messages.recent_scores(channel.id, message.act, limit=200)
    return message.score >= prompt_threshold(recent)


def _was_refused(tx: Transaction, channel: Channel, message: _Message, since: datetime) -> bool:
    kind = kind_of(message.act).value
    return any(
        refused_kind == kind and likeness.similarity(message.terms, terms) >= likeness.SAME_PATH
        for refused_kind, terms in tx.prompts.refusals(channel.id, since, limit=200)
    )
