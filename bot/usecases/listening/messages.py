"""Messages, edits and deletions in channels: claim each once, and store only what is needed."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.domain import likeness
from bot.domain.audit_acts import OPSLORE
from bot.domain.entries import ChannelId, EntryId, TeamId, UserId
from bot.domain.messages import EditTime, IncomingMessage
from bot.domain.outbox import Topic
from bot.domain.recognition import Recognition, SpeechAct, floor, recognise
from bot.usecases.steps.gaps import update_gap_lines
from bot.usecases.steps.secrets import MASK, excerpt, mask
from storage.store import Store, Transaction

# A longer text is a log or a paste; its first characters show what it is.
_READ_AT_MOST = 4000
# Slack doesn't guarantee an order, so an edit of a message younger than this may arrive before the
# message. An older message was written before the bot came, so its edit isn't heard as a message.
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
    """Claim one message; if it has a speech act, queue it to be considered.

    Return whether it is queued. `text` is plain, as people read it. Only a masked excerpt and the
    terms of the text are stored, and only until it is considered. Everyone who waits for a commit
    at the same time shares one.
    """
    recognition = recognise(text[:_READ_AT_MOST])
    is_considered = recognition.act is not SpeechAct.NONE and recognition.score >= floor(
        recognition.act
    )
    is_new = store.claim_message(
        team,
        IncomingMessage(
            channel=channel,
            ts=ts,
            at=now,
            user=user,
            act=recognition.act.value,
            score=recognition.score,
            thread_ts=thread_ts,
            consider=_describe(text[:_READ_AT_MOST], recognition) if is_considered else None,
        ),
    )
    return is_new and is_considered


def hear_edit(
    store: Store,
    team: TeamId,
    *,
    channel: ChannelId,
    ts: str,
    text: str,
    edited: EditTime | None,
    named: Callable[[str], str],
    now: datetime,
) -> None:
    """Update the forms, evidence, cards, gaps and digests that use a message that was edited.

    `named` replaces the ids in `text` by people's names. An edit that overtook its message is heard
    as that message first: see `OVERTAKES`. An edit that a later edit overtook changes nothing.
    """
    short, terms = named(excerpt(text[:_READ_AT_MOST])), _terms(text[:_READ_AT_MOST])
    masked = mask(text[:_READ_AT_MOST])
    with store.read(team) as tx:
        is_used = tx.form_drafts.based_on(channel, ts, lock=False)
    # A form has names in its texts and ids in the levels of an escalation. Slack is asked for the
    # names only if a form uses this message.
    both_texts = f"{named(masked)}\n{masked}" if is_used else masked
    with store.transaction(team) as tx:
        if edited is not None and not tx.messages.claim_edit(channel, ts, edited, now):
            return
        # The outbox item first: if it is being considered, this waits for the result.
        tx.outbox.update_message(channel, ts, short, terms)
        # With this lock, a digest or form that is being written is either seen below or sees the
        # edit.
        tx.channels.get(channel, lock=True)
        for draft in tx.form_drafts.based_on(channel, ts):
            tx.form_drafts.put(draft.edited(channel, ts, short, both_texts))
        entries = tx.evidence.mark_edited(channel, ts, short)
        _redraw_cards(tx, entries, action="evidence_edited", channel=channel, ts=ts, now=now)
        update_gap_lines(tx, tx.gaps.edit_message(channel, ts, short, terms), now)


def hear_deletion(
    store: Store, team: TeamId, *, channel: ChannelId, ts: str, now: datetime
) -> None:
    """Delete what was stored of a message; if the message arrives later, it isn't stored."""
    with store.transaction(team) as tx:
        tx.messages.mark_deleted(channel, ts, now)
        # The outbox item first: if it is being considered, this waits for the result.
        tx.outbox.cancel_message(channel, ts, now)
        # With this lock, a form that is being opened is either seen below or sees the deletion. A
        # form that is being saved holds the lock on its draft, so its evidence is seen below.
        tx.channels.get(channel, lock=True)
        for draft in tx.form_drafts.based_on(channel, ts):
            tx.form_drafts.put(draft.deleted(channel, ts))
        entries = tx.evidence.mark_deleted(channel, ts)
        _redraw_cards(tx, entries, action="evidence_deleted", channel=channel, ts=ts, now=now)
        update_gap_lines(tx, tx.gaps.forget_message(channel, ts), now)
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
    """Claim an event in which someone addressed the bot, and queue the answer."""

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


def _redraw_cards(
    tx: Transaction,
    resting: list[EntryId],
    *,
    action: str,
    channel: ChannelId,
    ts: str,
    now: datetime,
) -> None:
    """Audit that the evidence of entries changed, and redraw their cards."""
    for entry_id in resting:
        payload = {"entry": entry_id}
        tx.outbox.add(Topic.REFRESH, channel=channel, payload=payload, due_at=now, at=now)
        entry = tx.entries.by_id(entry_id)
        assert entry is not None
        tx.audit.add(OPSLORE, action, str(entry.key), {"channel": channel, "ts": ts}, now)


def _describe(text: str, recognition: Recognition) -> dict[str, object]:
    return {
        "act": recognition.act.value,
        "score": recognition.score,
        "excerpt": excerpt(text),
        "terms": _terms(text),
    }


def _terms(text: str) -> list[str]:
    """Return the terms of a text, without any word of a secret."""
    return sorted(likeness.terms(mask(text).replace(MASK, " ")))
