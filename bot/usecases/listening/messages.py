"""What is said in a channel arrives: claimed once, kept only where it must be, told later."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.domain import likeness
from bot.domain.audit_acts import OPSLORE
from bot.domain.entries import ChannelId, EntryId, TeamId, UserId
from bot.domain.messages import Edited, Heard
from bot.domain.outbox import Topic
from bot.domain.recognition import Recognition, SpeechAct, floor, recognise
from bot.usecases.steps.gaps import follow_gaps
from bot.usecases.steps.secrets import MASK, excerpt, mask
from storage.store import Store, Transaction

# Longer than this it is a log or a paste; its head is enough to know what it does.
_READ = 4000
# Slack promises no order. An edit of a message younger than this may have come before it; what is
# older was said before the bot came, and its edit is no message.
OVERTAKES = timedelta(minutes=1)


def hear_message(
    store: Store,
    team: TeamId,
    *,
    channel: ChannelId,
    ts: str,
    thread_ts: str | None,
    user: UserId,
    text: str,
    now: datetime,
) -> bool:
    """Claim one message; if it reads like an act, leave word to consider it.

    `text` is plain, as people read it. Of the text itself only a masked excerpt and its terms wait
    to be considered; both go once it was. Returns whether it is new and waits for that. One commit
    is shared by all who wait for one.
    """
    found = recognise(text[:_READ])
    considered = found.act is not SpeechAct.NONE and found.score >= floor(found.act)
    new = store.claim_message(
        team,
        Heard(
            channel=channel,
            ts=ts,
            at=now,
            user=user,
            act=found.act.value,
            score=found.score,
            thread_ts=thread_ts,
            consider=_considered(text[:_READ], found) if considered else None,
        ),
    )
    return new and considered


def hear_edit(
    store: Store,
    team: TeamId,
    *,
    channel: ChannelId,
    ts: str,
    text: str,
    edited: Edited | None,
    named: Callable[[str], str],
    now: datetime,
) -> None:
    """Let forms, evidence and the cards that show it, paths and digests follow an edit.

    `named` puts people's names where `text` has their ids. An edit that overtook its message is
    heard as that message first: see `OVERTAKES`. One that a later edit overtook changes nothing.
    """
    short, terms = named(excerpt(text[:_READ])), _terms(text[:_READ])
    said = mask(text[:_READ])
    with store.read(team) as tx:
        rests = tx.form_drafts.based_on(channel, ts, lock=False)
    # A form has names where its texts mention people, and ids in the levels of an escalation. Slack
    # is asked for all these names only where there is one.
    whole = f"{named(said)}\n{said}" if rests else said
    with store.transaction(team) as tx:
        if edited is not None and not tx.messages.claim_edit(channel, ts, edited, now):
            return
        # First what waits: if it is being considered right now, this waits for what comes of it.
        tx.outbox.update_message(channel, ts, short, terms)
        # A digest that is being built, or a form that is being opened, is seen after this lock, or
        # sees the edit.
        tx.channels.get(channel, lock=True)
        for draft in tx.form_drafts.based_on(channel, ts):
            tx.form_drafts.put(draft.edited(channel, ts, short, whole))
        resting = tx.evidence.mark_edited(channel, ts, short)
        _followed(tx, resting, action="evidence_edited", channel=channel, ts=ts, now=now)
        follow_gaps(tx, tx.gaps.edit_message(channel, ts, short, terms), now)


def hear_deletion(
    store: Store, team: TeamId, *, channel: ChannelId, ts: str, now: datetime
) -> None:
    """Drop what was kept of a message; one that was deleted before it arrived is never kept."""
    with store.transaction(team) as tx:
        tx.messages.mark_deleted(channel, ts, now)
        # First what waits: if it is being considered right now, this waits for what comes of it.
        tx.outbox.cancel_message(channel, ts, now)
        # A form that is being opened is seen after this lock, or sees that the message is gone; one
        # that is being saved holds its draft's, and its evidence is seen after that.
        tx.channels.get(channel, lock=True)
        for draft in tx.form_drafts.based_on(channel, ts):
            tx.form_drafts.put(draft.deleted(channel, ts))
        resting = tx.evidence.mark_deleted(channel, ts)
        _followed(tx, resting, action="evidence_deleted", channel=channel, ts=ts, now=now)
        follow_gaps(tx, tx.gaps.forget_message(channel, ts), now)
        tx.prompts.withdraw(channel, ts, now)


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """An event in which a person addressed the bot, and the outbox item that answers it."""

    event_id: str
    user: UserId
    channel: ChannelId
    thread_ts: str | None = None
    topic: Topic
    payload: Mapping[str, object]


def hear_request(store: Store, team: TeamId, request: Request, *, now: datetime) -> bool:
    """Claim an event in which somebody addressed the bot, and leave word to answer them."""

    def claim(tx: Transaction) -> bool:
        if not tx.messages.claim_event(request.event_id, now):
            return False
        tx.outbox.add(
            request.topic,
            channel=request.channel,
            user=request.user,
            thread_ts=request.thread_ts,
            payload=request.payload,
            due_at=now,
            at=now,
        )
        return True

    return store.run_grouped(team, claim)


def _followed(
    tx: Transaction,
    resting: list[EntryId],
    *,
    action: str,
    channel: ChannelId,
    ts: str,
    now: datetime,
) -> None:
    """Keep that the evidence of entries changed, and leave word to draw their cards anew."""
    for entry_id in resting:
        payload = {"entry": entry_id}
        tx.outbox.add(Topic.REFRESH, channel=channel, payload=payload, due_at=now, at=now)
        entry = tx.entries.by_id(entry_id)
        assert entry is not None
        tx.audit.add(OPSLORE, action, str(entry.key), {"channel": channel, "ts": ts}, now)


def _considered(text: str, found: Recognition) -> dict[str, object]:
    return {
        "act": found.act.value,
        "score": found.score,
        "excerpt": excerpt(text),
        "terms": _terms(text),
    }


def _terms(text: str) -> list[str]:
    """What a text speaks of, as it may be kept: no word of a secret is in it."""
    return sorted(likeness.terms(mask(text).replace(MASK, " ")))
