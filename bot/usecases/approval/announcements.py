"""Announcements of changes and proposals, and the places where they were posted."""

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
from bot.usecases.steps.visible_links import (
    hide_entry_links,
    hide_revision_links,
    visible_in_channel,
)
from storage.store import Store


def read_announcement(
    store: Store, team: TeamId, entry_id: EntryId, number: int, *, reader: Reader | None = None
) -> Announcement:
    """Return the announcement of a revision as its home channel or one reader may see it.

    Raises:
        NotFoundError: there is no such revision.
    """
    with store.read(team) as tx:
        entry = tx.entries.by_id(entry_id)
        revision = tx.revisions.get(entry_id, number)
        if entry is None or revision is None:
            raise NotFoundError(
                "This revision no longer exists. Find its entry with `/lore find WORDS`."
            )
        approvers = tx.proposals.approvals(entry_id, number, number).get(number, [])
        before = tx.revisions.before(entry_id, number)
        visible = tx.entries.visible_to(reader) if reader else visible_in_channel(tx, entry.home)
        return Announcement(
            entry=hide_entry_links(visible, entry),
            revision=hide_revision_links(visible, revision),
            before=before and hide_revision_links(visible, before),
            approved_by=tuple(approvers),
        )


def list_announcements(store: Store, team: TeamId, entry_id: EntryId) -> list[OutboxItem]:
    """Return all announcements of an entry, in its channel and to single people."""
    with store.read(team) as tx:
        return tx.outbox.list_by_once(announcement_name(entry_id))


def list_proposal_news(store: Store, team: TeamId, entry_id: EntryId) -> list[OutboxItem]:
    """Return all direct messages about proposals for an entry, to their authors and its owner."""
    with store.read(team) as tx:
        return tx.outbox.list_by_once(news_name(entry_id))


def list_all_proposals(store: Store, team: TeamId, entry_id: EntryId) -> list[ProposalId]:
    """Return the ids of all proposals that an entry ever had."""
    with store.read(team) as tx:
        return [proposal.id for proposal in tx.proposals.of(entry_id, ended=True)]


def can_see_entry(store: Store, team: TeamId, entry: Entry, *, reader: Reader) -> bool:
    """Return whether this person may see an entry."""
    with store.read(team) as tx:
        return tx.entries.visible_to(reader).get(entry.key) is not None


def record_announcement(
    store: Store, item: OutboxItem, *, ts: str, others: Iterable[UserId], now: datetime
) -> None:
    """Record where an announcement was posted, and tell people who don't read that channel."""
    with store.transaction(item.team) as tx:
        if not tx.outbox.mark_sent(item.id, now, ts):
            return  # Another sender recorded it.
        announce_directly(tx, item.payload, others, now)


def announce_to_people(
    store: Store, item: OutboxItem, users: Iterable[UserId], *, now: datetime
) -> None:
    """Announce a revision to single people, because Slack accepts no message in its channel."""
    with store.transaction(item.team) as tx:
        announce_directly(tx, item.payload, users, now)


def record_posted_proposal(
    store: Store,
    item: OutboxItem,
    proposal: Proposal,
    entry: Entry,
    *,
    ts: str,
    to_owner: bool,
    now: datetime,
) -> None:
    """Record where a proposal was posted.

    `to_owner`: also tell the owner of its entry directly.
    """
    with store.transaction(item.team) as tx:
        if not tx.outbox.mark_sent(item.id, now, ts):
            return  # Another sender recorded it.
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
