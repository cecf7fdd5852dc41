"""Take over the threads of an export: keep of them what the bot keeps, and prompt no one."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

from bot.domain.audit_acts import OPSLORE
from bot.domain.entries import ChannelId, TeamId
from bot.domain.gaps import RECURRING, Gap
from bot.domain.listening.conversation import Said
from bot.domain.listening.prompting import is_small_talk
from bot.domain.listening.stored import StoredMessage
from bot.domain.prompt_rules import GAP_KEPT
from bot.domain.visibility import everyone_in
from bot.domain.workspaces import Channel
from bot.usecases.steps.keeping import keep_message
from bot.usecases.steps.listening import Permalink, heard_of, place_thread
from bot.usecases.steps.secrets import shorten
from storage.store import Store, Transaction


@dataclass(frozen=True, slots=True, kw_only=True)
class PastMessage:
    """A message that was written before the bot heard it.

    `said`: with people's names in its text. `names`: of its author and the people mentioned.
    `meaning`: its sentence embedding, or empty.
    """

    said: Said
    names: frozenset[str]
    meaning: bytes = b""


class Taken(StrEnum):
    """The outcome of taking a thread over."""

    ADDED = "added"
    KNOWN = "known"  # its messages are stored already, or were deleted in Slack
    AWAY = "away"  # Opslore isn't in its channel, or no one wants it to listen there


def list_listening(store: Store, team: TeamId) -> Mapping[ChannelId, Channel]:
    """Return the channels in which the bot listens."""
    with store.read(team) as tx:
        return {channel.id: channel for channel in tx.channels.all() if channel.live}


def take_over_thread(
    store: Store,
    team: TeamId,
    messages: Sequence[PastMessage],
    *,
    permalink: Permalink,
) -> Taken:
    """Keep messages of one thread, oldest first, and compare the thread with the others.

    It is one transaction, so that the running bot never waits for long. A second time changes
    nothing. No one is prompted, now or later, unless the matter comes back.
    """
    first = messages[0].said
    with store.transaction(team) as tx:
        # Locked, as when the bot considers a message, because it may compare threads just now.
        channel = tx.channels.get(first.channel, lock=True)
        if channel is None or not channel.live:
            return Taken.AWAY
        reader = everyone_in(channel.id, shared=channel.shared)
        added = [message for message in messages if _is_new(tx, message.said)]
        thread: list[StoredMessage] = []
        for message in added:
            said = replace(message.said, text=shorten(message.said.text))
            names, meaning = message.names, message.meaning
            thread = keep_message(tx, reader, said, names=names, meaning=meaning).thread
        if not added:
            return Taken.KNOWN
        if not is_small_talk(heard_of(thread)):
            stored = tx.heard.of_threads(channel.id, [first.root])[first.root]
            place_thread(tx, channel.id, first.root, stored, permalink)
        return Taken.ADDED


def list_taken_gaps(
    store: Store,
    team: TeamId,
    roots: Mapping[ChannelId, Collection[str]],
    *,
    now: datetime,
) -> list[Gap]:
    """Return the gaps that these threads belong to and that are listed, the most frequent first."""
    with store.read(team) as tx:
        numbers = {
            number
            for channel, threads in roots.items()
            for number in tx.channel_threads(channel).groups(threads).values()
        }
        gaps = tx.gaps.recurring([*roots], now - GAP_KEPT, RECURRING)
    return [gap for gap in gaps if gap.id in numbers]


def audit_taken(store: Store, team: TeamId, *, threads: int, gaps: int, now: datetime) -> None:
    """Record in the audit that the threads of an export were taken over."""
    with store.transaction(team) as tx:
        tx.audit.add(OPSLORE, "history_taken", team, {"threads": threads, "gaps": gaps}, now)


def find_permalink(store: Store, team: TeamId) -> str | None:
    """Return the permalink of any message, which holds the address of the workspace."""
    with store.read(team) as tx:
        return tx.gaps.find_permalink()


def _is_new(tx: Transaction, said: Said) -> bool:
    if tx.messages.is_deleted(said.channel, said.ts):
        return False
    return tx.heard.get(said.channel, said.ts) is None
