"""Messages, edits and deletions in channels: claim each once, and store only what is needed."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Final

from bot.domain.audit_acts import OPSLORE
from bot.domain.entries import ChannelId, EntryId, TeamId, UserId
from bot.domain.listening.conversation import Said
from bot.domain.listening.heard import hear
from bot.domain.messages import EditedMessage, IncomingMessage, PostedMessage
from bot.domain.outbox import Topic
from bot.domain.recognition import read
from bot.usecases.steps.gaps import update_gap_texts
from bot.usecases.steps.listening import said_before, settle_later, settle_soon
from bot.usecases.steps.secrets import excerpt, mask, shorten
from storage.store import Store, Transaction

# A longer text is a log or a paste; its first characters show what it is.
_READ_AT_MOST = 4000
# Slack doesn't guarantee an order, so an edit of a message younger than this may arrive before the
# message. An older message was written before the bot came, so its edit isn't heard as a message.
OVERTAKES = timedelta(minutes=1)
# The messages of a thread are usually considered within this time.
_CONSIDERED_WITHIN: Final = timedelta(seconds=3)


def hear_message(store: Store, team: TeamId, message: PostedMessage, *, now: datetime) -> bool:
    """Claim one message and queue it to be considered; return whether it is queued.

    A part of its text without secrets is stored until it's considered. Everyone who waits for a
    commit at the same time shares one.
    """
    is_considered = bool(message.text.strip())
    is_new = store.claim_message(
        team,
        IncomingMessage(
            channel=message.channel,
            ts=message.ts,
            at=now,
            user=message.user,
            thread_ts=message.thread_ts,
            mentions=message.mentions,
            text=shorten(message.text) if is_considered else None,
            is_question=message.is_question,
        ),
    )
    return is_new and is_considered


def hear_edit(
    store: Store,
    team: TeamId,
    edit: EditedMessage,
    *,
    named: Callable[[str], str],
    now: datetime,
) -> None:
    """Update the forms, evidence, cards, gaps and digests that use a message that was edited.

    `named` replaces the ids in a text by people's names. An edit that overtook its message is heard
    as that message first: see `OVERTAKES`. An edit that a later edit overtook changes nothing.
    """
    channel, ts, text = edit.channel, edit.ts, edit.text
    short = named(excerpt(text[:_READ_AT_MOST]))
    masked = mask(text[:_READ_AT_MOST])
    with store.read(team) as tx:
        is_used = tx.form_drafts.based_on(channel, ts, lock=False)
    # A form has names in its texts and ids in the levels of an escalation. Slack is asked for the
    # names only if a form uses this message.
    both_texts = f"{named(masked)}\n{masked}" if is_used else masked
    with store.transaction(team) as tx:
        if edit.edited is not None and not tx.messages.claim_edit(channel, ts, edit.edited, now):
            return
        # The outbox item first: if it is being considered, this waits for the result.
        tx.outbox.update_message(channel, ts, shorten(text), edit.mentions)
        # With this lock, a digest or form that is being written is either seen below or sees the
        # edit.
        tx.channels.get(channel, lock=True)
        for draft in tx.form_drafts.based_on(channel, ts):
            tx.form_drafts.put(draft.edited(channel, ts, short, both_texts))
        entries = tx.evidence.mark_edited(channel, ts, short)
        _redraw_cards(tx, entries, action="evidence_edited", channel=channel, ts=ts, now=now)
        update_gap_texts(tx, tx.gaps.edit_message(channel, ts, short), now)
        _hear_again(tx, edit, short, now)


def _hear_again(tx: Transaction, edit: EditedMessage, short: str, now: datetime) -> None:
    """Replace what is kept of a message that was edited, and compare its thread again."""
    known = tx.heard.get(edit.channel, edit.ts)
    if known is None:
        return
    root, message = known
    said = Said(
        channel=edit.channel,
        ts=edit.ts,
        root=root,
        user=message.heard.user,
        text=shorten(edit.text),
        at=message.heard.at,
        mentions=edit.mentions,
    )
    before = [
        earlier
        for earlier in tx.heard.of_threads(edit.channel, [root]).get(root, [])
        if (earlier.heard.at, earlier.heard.ts) < (said.at, said.ts)
    ]
    reading = read(said, said_before(edit.channel, root, before))
    heard = hear(said, reading, frozenset())
    kept = replace(message, heard=heard, excerpt=short if message.excerpt else "")
    tx.heard.put(edit.channel, root, kept)
    _settle_again(tx, edit.channel, root, now)


def _settle_again(tx: Transaction, channel: ChannelId, root: str, now: datetime) -> None:
    """Compare a thread again whose messages changed, but not before it has settled."""
    messages = tx.heard.of_threads(channel, [root]).get(root, [])
    settle_later(tx, channel, root, messages, now)


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
        update_gap_texts(tx, tx.gaps.forget_message(channel, ts), now)
        tx.prompts.withdraw(channel, ts, now)
        root = tx.heard.remove(channel, ts)
        if root is not None:
            _settle_again(tx, channel, root, now)


def hear_check_mark(
    store: Store, team: TeamId, *, channel: ChannelId, ts: str, now: datetime
) -> None:
    """Take a thread as settled, because someone put a check mark on one of its messages.

    A second time only compares the thread again.
    """
    with store.transaction(team) as tx:
        root = tx.messages.find_root(channel, ts)
        if root is not None:
            settle_soon(tx, channel, root, now + _CONSIDERED_WITHIN, now)


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
