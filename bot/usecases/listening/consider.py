"""Consider a message: keep what its thread is compared by, and show an entry that covers it."""

from dataclasses import dataclass, replace
from datetime import datetime

from bot.domain.entries import Entry, UserId
from bot.domain.kinds import Kind
from bot.domain.listening.conversation import Said
from bot.domain.listening.prompting import COVERED, kind_of
from bot.domain.outbox import OutboxItem, Topic
from bot.domain.prompt_rules import STALE
from bot.domain.prompts import NewPrompt
from bot.domain.visibility import Reader
from bot.domain.workspaces import Channel
from bot.usecases.steps.budgets import may_prompt
from bot.usecases.steps.channels import store_channel
from bot.usecases.steps.coverage import Meanings
from bot.usecases.steps.keeping import keep_message
from bot.usecases.steps.listening import settle_later
from bot.usecases.steps.shared_cards import withdraw_shared_cards
from storage.store import Store, Transaction


@dataclass(frozen=True, slots=True, kw_only=True)
class Surroundings:
    """The facts that Slack gives about a message: its author, its channel and people's names.

    `names`: of the author and the people mentioned. `text`: with their names in it. `meaning`: the
    message's sentence embedding, or empty. `meanings`: see `embed_opening`.
    """

    reader: Reader
    channel: Channel
    names: frozenset[str]
    text: str
    said_at: datetime
    meaning: bytes = b""
    meanings: Meanings | None = None
    is_question: bool = False


def consider_message(
    store: Store, item: OutboxItem, around: Surroundings, *, now: datetime
) -> bool:
    """Keep what is needed of a message, in one transaction; return whether its author is prompted.

    An entry that covers the opening of a thread is shown to its author at once. Whether the thread
    is worth a prompt is decided when it has settled.
    """
    with store.transaction(item.team) as tx:
        payload = tx.outbox.finish_message(item.id)
        if payload is None:
            # Another sender considered it after this one's lease ran out.
            return False
        assert item.user is not None
        # Locked, so that of two similar threads at once the second finds the first.
        known = _update_channel(tx, around.channel, now)
        said = Said(
            channel=item.channel,
            ts=payload["ts"],
            root=item.thread_ts or payload["ts"],
            user=item.user,
            # It may have been edited since the item was claimed.
            text=around.text if payload == item.payload else payload["text"],
            at=around.said_at,
            mentions=tuple(map(UserId, payload["mentions"])),
        )
        person = around.reader.person
        if tx.messages.is_deleted(said.channel, said.ts) or not known.live:
            return False
        if person.stranger or person.bot:
            return False
        return _keep(tx, said, around, known, now)


def _update_channel(tx: Transaction, channel: Channel, now: datetime) -> Channel:
    """Lock and return the stored channel; store what Slack says if it is new or became private."""
    known = tx.channels.get(channel.id, lock=True)
    if known is None:
        store_channel(tx, channel, now)
        return channel
    if channel.private and not known.private:
        # Its event was missed. Only closing is taken over: Slack's answer may be older than an
        # event.
        known = replace(known, private=True)
        store_channel(tx, known, now)
        withdraw_shared_cards(tx, known.id, now)
    return known


def _keep(
    tx: Transaction, said: Said, around: Surroundings, channel: Channel, now: datetime
) -> bool:
    kept = keep_message(
        tx,
        around.reader,
        said,
        names=around.names,
        meaning=around.meaning,
        meanings=around.meanings,
    )
    settle_later(tx, said.channel, said.root, kept.thread, now)
    covering = kept.covering
    if covering is None or covering.probability < COVERED:
        return False
    if around.is_question:
        # It is answered in its thread.
        return False
    if not around.reader.person.member or now - said.at > STALE or kept.message.heard.reading.acute:
        return False
    entries = tx.entries.visible_to(around.reader).read_in_order([covering.entry])
    if not entries or not entries[0].is_in_force:
        return False
    kind = kind_of([kept.message.heard])
    return _show_entry(tx, said, channel, entries[0], kind, now=now)


def _show_entry(
    tx: Transaction, said: Said, channel: Channel, entry: Entry, kind: Kind, *, now: datetime
) -> bool:
    """Show the entry that covers a thread's opening to its author; return whether it will be."""
    if tx.prompts.is_in_thread(said.channel, said.root):
        return False
    if not may_prompt(tx, channel, said.user, now):
        return False
    prompt = tx.prompts.add(
        NewPrompt(
            channel=said.channel,
            thread_ts=said.root,
            ts=said.ts,
            user=said.user,
            kind=kind.value,
            at=now,
            entry=entry.id,
        )
    )
    if prompt is None:
        return False
    tx.outbox.add(
        Topic.PROMPT,
        channel=said.channel,
        user=said.user,
        thread_ts=said.root if said.root != said.ts else None,
        payload={"prompt": prompt},
        due_at=now,
        at=now,
    )
    return True
