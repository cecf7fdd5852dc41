"""What was told of changes, and keeping where it was posted."""

from collections.abc import Iterable
from datetime import datetime

from bot.domain.approval import Proposal, ProposalId
from bot.domain.entries import ChannelId, Entry, EntryId, TeamId, UserId
from bot.domain.errors import NotFoundError
from bot.domain.outbox import OutboxItem, Topic
from bot.domain.visibility import Reader
from bot.usecases.steps.announcements import (
    Announcement,
    announce_directly,
    announcement_name,
    news_name,
)
from bot.usecases.steps.visible_links import veil_entry, veil_revision, visible_in_channel
from storage.store import Store


def read_announcement(
    store: Store, team: TeamId, entry_id: EntryId, number: int, *, reader: Reader | None = None
) -> Announcement:
    """Return what is told of a revision that came into force, in its home channel or to a reader.

    Raises:
        NotFoundError: there is none.
    """
    with store.read(team) as tx:
        entry = tx.entries.by_id(entry_id)
        revision = tx.revisions.get(entry_id, number)
        if entry is None or revision is None:
            raise NotFoundError(
                "This revision no longer exists. Find its entry with `/lore find WORDS`."
            )
        approved = tx.proposals.approvals(entry_id, number, number).get(number, [])
        before = tx.revisions.before(entry_id, number)
        visible = tx.entries.visible_to(reader) if reader else visible_in_channel(tx, entry.home)
        return Announcement(
            entry=veil_entry(visible, entry),
            revision=veil_revision(visible, revision),
            before=before and veil_revision(visible, before),
            approved_by=tuple(approved),
        )


def announcements_of(store: Store, team: TeamId, entry_id: EntryId) -> list[OutboxItem]:
    """All that was told, in the channel and to single people, of what came into force."""
    with store.read(team) as tx:
        return tx.outbox.list_by_once(announcement_name(entry_id))


def news_of(store: Store, team: TeamId, entry_id: EntryId) -> list[OutboxItem]:
    """All that was told directly of proposals to an entry, to their authors and its owner."""
    with store.read(team) as tx:
        return tx.outbox.list_by_once(news_name(entry_id))


def proposals_ever(store: Store, team: TeamId, entry_id: EntryId) -> list[ProposalId]:
    """All that was ever proposed to an entry."""
    with store.read(team) as tx:
        return [proposal.id for proposal in tx.proposals.of(entry_id, ended=True)]


def visible_to(store: Store, team: TeamId, entry: Entry, *, reader: Reader) -> bool:
    """Whether this person may see an entry."""
    with store.read(team) as tx:
        return tx.entries.visible_to(reader).get(entry.key) is not None


def announced(
    store: Store, item: OutboxItem, *, ts: str, others: Iterable[UserId], now: datetime
) -> None:
    """Keep where it was posted, and leave word for those who do not read that channel."""
    with store.transaction(item.team) as tx:
        if not tx.outbox.mark_sent(item.id, now, ts):
            return  # Another sender kept it.
        announce_directly(tx, item.payload, others, now)


def tell_directly(
    store: Store, item: OutboxItem, users: Iterable[UserId], *, now: datetime
) -> None:
    """Leave word for those whom an announcement concerns, where its channel takes none."""
    with store.transaction(item.team) as tx:
        announce_directly(tx, item.payload, users, now)


def proposal_posted(
    store: Store,
    item: OutboxItem,
    proposal: Proposal,
    entry: Entry,
    *,
    ts: str,
    to_owner: bool,
    now: datetime,
) -> None:
    """Keep where a proposal was posted; `to_owner`: its entry's owner is told directly as well."""
    with store.transaction(item.team) as tx:
        if not tx.outbox.mark_sent(item.id, now, ts):
            return  # Another sender kept it.
        if to_owner and entry.owner != proposal.author and proposal.state.open:
            tx.outbox.add(
                Topic.PROPOSAL_NEWS,
                channel=ChannelId(entry.owner),
                user=entry.owner,
                payload={"proposal": proposal.id, "entry": entry.id},
                due_at=now,
                at=now,
                once=f"{news_name(entry.id)}:{proposal.id}:owner",
            )
