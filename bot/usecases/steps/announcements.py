"""Telling of changes: what came into force, what waits, and what is asked of an author."""

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
    """A revision that came into force, and what it says otherwise than the one before.

    `entry` is as it stands now, which may be later.
    """

    entry: Entry
    revision: Revision
    before: Revision | None
    approved_by: tuple[UserId, ...]

    @property
    def changes(self) -> tuple[FieldChange, ...]:
        """The fields that differ from the revision before."""
        return diff(self.before.content, self.revision.content) if self.before else ()

    @property
    def former_owner(self) -> UserId:
        """Who owned the entry until this revision; empty if its owner stays."""
        before = "" if self.before is None else self.before.content.owner
        return UserId("" if before == self.revision.content.owner else before)

    @property
    def called(self) -> tuple[UserId, ...]:
        """Those whom the levels of an escalation name."""
        return tuple(UserId(user) for user in self.revision.content.notified)

    @property
    def named(self) -> tuple[UserId, ...]:
        """Whom it concerns: those it names, its author and a former owner.

        No one is told of their own act.
        """
        content = self.revision.content
        people = [self.revision.author, content.owner, content.backup, *self.called]
        found = dict.fromkeys([*people, self.former_owner])
        acted = {str(user) for user in self.approved_by} or {self.revision.author}
        return tuple(UserId(user) for user in found if user and user not in acted)


def announce(tx: Transaction, entry: Entry, *, now: datetime) -> None:
    """Leave word that the entry's revision is in force, under what was told of it before."""
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


def tell_named(tx: Transaction, entry: Entry, *, now: datetime) -> None:
    """Leave word for those whom a new entry names: its card shows who they are, and rings nobody.

    Who of them may not see it is told nothing, which is found out when it is told.
    """
    first = Announcement(entry=entry, revision=entry.revision, before=None, approved_by=())
    payload = {"entry": entry.id, "revision": entry.revision.number}
    announce_directly(tx, payload, first.named, now)


def announcement_name(entry: EntryId) -> str:
    """The name of the first announcement of an entry, under which all others stand."""
    return f"announced:{entry}"


def news_name(entry: EntryId) -> str:
    """Return the beginning of the names under which people are told of an entry's proposals."""
    return f"news:{entry}"


def announce_directly(
    tx: Transaction, payload: Mapping[str, Any], users: Iterable[UserId], now: datetime
) -> None:
    """Tell these people of a revision, each in their direct messages."""
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
    # A transfer is one message, however many of its parts change in one step.
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
    """Leave word for its author that a proposal needs them, or has ended without them."""
    tx.outbox.add(
        Topic.PROPOSAL_NEWS,
        channel=ChannelId(proposal.author),
        user=proposal.author,
        payload={"proposal": proposal.id, "entry": entry.id},
        due_at=now,
        at=now,
        once=f"{news_name(entry.id)}:{proposal.id}:{now.isoformat()}",
    )
