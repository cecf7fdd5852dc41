"""A message that reads like an act: covered by an entry, counted into a path, worth a prompt."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from bot.domain import likeness
from bot.domain.entries import Entry, EntryId, UserId
from bot.domain.gaps import PROMPTING, Gap, GapId, GapState, Occurrence
from bot.domain.outbox import OutboxItem, Topic
from bot.domain.prompt_rules import BUDGET_PERIOD, GAP_KEPT, REFUSAL_KEPT, STALE, bar, kind_of
from bot.domain.prompts import NewPrompt
from bot.domain.recognition import SpeechAct
from bot.domain.threads import title_of
from bot.domain.visibility import Reader
from bot.domain.workspaces import Channel
from bot.usecases.steps.channels import keep_channel
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
    """Decide what becomes of a message, in one transaction; returns whether it prompts.

    `excerpt` is the telling's own with people's names in it. `channel` is what Slack says of the
    channel, used where Opslore has not met it yet.
    """
    # Read before anything is locked: there may be thousands, each with its words.
    with store.read(item.team) as tx:
        before = tx.gaps.list_candidates(item.channel, said_at - GAP_KEPT)
    with store.transaction(item.team) as tx:
        payload = tx.outbox.finish_message(item.id)
        if payload is None:
            # Another sender considered it after this one's lease ran out.
            return False
        # Locked: of two alike that are considered at once, the second goes down the first's path.
        known = tx.channels.get(item.channel, lock=True) or channel
        if payload == item.payload:
            payload = {**payload, "excerpt": excerpt}  # Else it was edited since it was claimed.
        message = _Message.of(item, payload, permalink, said_at)
        if tx.messages.is_deleted(item.channel, message.ts):
            return False
        if known is channel:
            keep_channel(tx, known, now)
        elif channel.private and not known.private:
            # Its event was missed. Nothing opens a channel here: Slack may have said it before.
            known = replace(known, private=True)
            keep_channel(tx, known, now)
            withdraw_shared_cards(tx, known.id, now)
        if not known.live or reader.person.stranger or reader.person.bot:
            return False
        covering = _covering(tx, reader, message)
        gap = None if covering else _gap(tx, known, message, before)
        if gap is not None and gap.entry is not None:
            covering = _recorded(tx, reader, gap.entry)
        if not _worth_asking(tx, reader, known, message, gap=gap, covering=covering, now=now):
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


def _covering(
    tx: Transaction, reader: Reader, message: _Message, *, drafts: bool = False
) -> Entry | None:
    """The entry in force, or a draft, that speaks of what this asks; None if none does enough."""
    if not message.terms:
        return None
    found = tx.entries.visible_to(reader).covering(message.terms, limit=5, drafts=drafts)
    scored = [(likeness.covers(message.terms, _terms(entry)), -entry.id, entry) for entry in found]
    best = max(scored, key=lambda one: one[:2], default=None)
    return best[2] if best and best[0] >= likeness.COVERED else None


def _terms(entry: Entry) -> frozenset[str]:
    fields = (entry.content.text(name) for name in entry.content.values)
    return frozenset().union(*(likeness.terms(text) for text in fields))


def _gap(tx: Transaction, channel: Channel, message: _Message, before: Sequence[Gap]) -> Gap | None:
    """Count the message into the path that it is most like, or begin one.

    `before`: the channel's paths of just before. What was dismissed or recorded goes no further
    than to where it was: it stays so.
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
    nearest = _nearest(tx, channel, message, before)
    if nearest is None:
        title = title_of(message.excerpt)
        return tx.gaps.add(channel.id, message.act.value, title, counts, occurrence)
    if nearest.state is not GapState.OPEN:
        return nearest
    return tx.gaps.add_occurrence(nearest.id, occurrence, counts)


def _nearest(
    tx: Transaction, channel: Channel, message: _Message, before: Sequence[Gap]
) -> Gap | None:
    """The path that the message is most like, of those of just before and those begun since."""
    since = message.at - GAP_KEPT
    last = max((gap.id for gap in before), default=GapId(0))
    known = [*before, *tx.gaps.list_candidates(channel.id, since, after=last)]
    nearest = likeness.nearest(message.terms, [gap.terms for gap in known])
    if nearest is not None and not tx.gaps.is_unchanged(known[nearest]):
        # Another message was counted into it, or edited or deleted, in this very moment.
        known = tx.gaps.list_candidates(channel.id, since)
        nearest = likeness.nearest(message.terms, [gap.terms for gap in known])
    return None if nearest is None else known[nearest]


def _recorded(tx: Transaction, reader: Reader, entry_id: EntryId) -> Entry | None:
    """The entry that a path became, if it is in force and this person may see it."""
    entry = tx.entries.by_id(entry_id)
    return tx.entries.visible_to(reader).get(entry.key) if entry and entry.is_in_force else None


def _worth_asking(
    tx: Transaction,
    reader: Reader,
    channel: Channel,
    message: _Message,
    *,
    gap: Gap | None,
    covering: Entry | None,
    now: datetime,
) -> bool:
    """Whether this person is asked now: only full members, within budgets, not where refused."""
    if not reader.person.member or channel.muted or now - message.at > STALE:
        return False
    if covering is None and gap is not None and gap.state is not GapState.OPEN:
        return False
    # What a draft speaks of is being written down already.
    if covering is None and (
        not _likely(tx, channel, message, gap) or _covering(tx, reader, message, drafts=True)
    ):
        return False
    since = now - BUDGET_PERIOD
    # Locked: what was said in other channels may be considered at the same time.
    settings = tx.workspace.get(lock=True)
    if tx.prompts.count_since(since, user=message.user) >= settings.person_budget:
        return False
    if tx.prompts.count_since(since, channel=channel.id) >= settings.channel_budget:
        return False
    return not _refused(tx, channel, message, now - REFUSAL_KEPT)


def _likely(tx: Transaction, channel: Channel, message: _Message, gap: Gap | None) -> bool:
    """Whether it asks by itself: it keeps coming back, or stands out among its channel's own."""
    if gap is not None and gap.threads >= PROMPTING:
        return True
    if message.act is SpeechAct.QUESTION:
        return False
    recent = tx.messages.recent_scores(channel.id, message.act, limit=200)
    return message.score >= bar(recent)


def _refused(tx: Transaction, channel: Channel, message: _Message, since: datetime) -> bool:
    kind = kind_of(message.act).value
    return any(
        refused_kind == kind and likeness.alike(message.terms, terms) >= likeness.SAME_PATH
        for refused_kind, terms in tx.prompts.refusals(channel.id, since, limit=200)
    )
