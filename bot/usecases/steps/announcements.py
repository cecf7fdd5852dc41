"""Announcements of changes, and direct messages to the people they concern."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from bot.domain.approval import Proposal
from bot.domain.diff import FieldChange, diff
from bot.domain.entries import ChannelId, Entry, EntryId, UserId
from bot.domain.outbox import Topic
from bot.domain.revisions import Change, Revision
from bot.usecases.steps.nudge_items import redraw_nudges
from storage.store import Transaction


@dataclass(frozen=True, slots=True, kw_only=True)
class Announcement:
    """A revision that came into force, with the revision `before` it.

    `entry` is the current entry, which may have a later revision.
    """

    entry: Entry
    revision: Revision
    before: Revision | None
    approved_by: tuple[UserId, ...]

    @property
    def changes(self) -> tuple[FieldChange, ...]:
        """Return the fields that differ from the revision before."""
        return diff(self.before.content, self.revision.content) if self.before else ()

    @property
    def former_owner(self) -> UserId:
        """Return who owned the entry before this revision; empty if the owner stays."""
        before = "" if self.before is None else self.before.content.owner
        return UserId("" if before == self.revision.content.owner else before)

    @property
    def called(self) -> tuple[UserId, ...]:
        """Return the people whom the levels of an escalation notify."""
        return tuple(UserId(user) for user in self.revision.content.notified)

    @property
    def named(self) -> tuple[UserId, ...]:
        """Return the people to tell: those the revision names, its author and a former owner.

        No one is told of their own action.
        """
        content = self.revision.content
        people = [self.revision.author, content.owner, content.backup, *self.called]
        recipients = dict.fromkeys([*people, self.former_owner])
        acted = {str(user) for user in self.approved_by} or {self.revision.author}
        return tuple(UserId(user) for user in recipients if user and user not in acted)


def announce(tx: Transaction, entry: Entry, *, now: datetime) -> None:
    """Announce in the home channel that the entry's revision is in force."""
    for once in (
        announcement_name(entry.id),
        f"{announcement_name(entry.id)}:{entry.revision.number}",
    ):
        payload = {"entry": entry.id, "revision": entry.revision.number}
        added = tx.outbox.add(
            Topic.ANNOUNCEMENT, channel=entry.home, payload=payload, due_at=now, at=now, once=once
        )
        if added is not None:
            return


def tell_named_people(tx: Transaction, entry: Entry, *, now: datetime) -> None:
    """Tell the people whom a new entry names, because its card shows them but doesn't mention them.

    Whether they may see the entry is checked when the message is sent.
    """
    announcement = Announcement(entry=entry, revision=entry.revision, before=None, approved_by=())
    payload = {"entry": entry.id, "revision": entry.revision.number}
    announce_directly(tx, payload, announcement.named, now)


def announcement_name(entry: EntryId) -> str:
    """Return the name of an entry's first announcement; the names of all others begin with it."""
    return f"announced:{entry}"


def news_name(entry: EntryId) -> str:
    """Return the beginning of the names of all messages about an entry's proposals."""
    return f"news:{entry}"


def announce_directly(
    tx: Transaction, payload: Mapping[str, Any], users: Iterable[UserId], now: datetime
) -> None:
    """Announce a revision to these people in direct messages."""
    once = f"{announcement_name(payload['entry'])}:{payload['revision']}"
    for user in sorted(users):
        tx.outbox.add(
            Topic.ANNOUNCEMENT,
            channel=ChannelId(user),
            user=user,
            payload=payload,
            due_at=now,
            at=now,
            once=f"{once}:{user}",
        )


def redraw_proposal(tx: Transaction, entry: Entry, proposal: Proposal, now: datetime) -> None:
    """Redraw a proposal where it was posted, and the nudges about it; a draft's is its card."""
    redraw_nudges(tx, tx.nudges.list_showing(entry.id), now)
    # A transfer is one message, so parts that change in one step redraw it once.
    parts = f"{proposal.author}:{proposal.opened_at.isoformat()}:{now.isoformat()}"
    is_part = proposal.revision.change in (Change.OWNER, Change.BACKUP)
    tx.outbox.add(
        Topic.REFRESH,
        channel=entry.home,
        payload={"entry": entry.id} if proposal.records_entry else {"proposal": proposal.id},
        due_at=now,
        at=now,
        once=f"redraw:{parts}" if is_part else None,
    )


def tell_author(tx: Transaction, entry: Entry, proposal: Proposal, now: datetime) -> None:
    """Tell the author of a proposal that it needs them, or that someone else ended it."""
    tx.outbox.add(
        Topic.PROPOSAL_NEWS,
        channel=ChannelId(proposal.author),
        user=proposal.author,
        payload={"proposal": proposal.id, "entry": entry.id},
        due_at=now,
        at=now,
        once=f"{news_name(entry.id)}:{proposal.id}:{now.isoformat()}",
    )
