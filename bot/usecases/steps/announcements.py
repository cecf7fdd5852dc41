"""Telling of changes: what came into force, what waits, and what is asked of an author."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any, NamedTuple

from bot.domain.approval import Proposal, ProposalId
from bot.domain.diff import FieldChange, diff
from bot.domain.entries import ChannelId, Entry, EntryId, TeamId, UserId
from bot.domain.errors import NotFoundError
from bot.domain.outbox import Telling, Topic
from bot.domain.revisions import Change, Revision
from bot.domain.visibility import Reader
from bot.usecases.steps.nudge_items import redraw_nudges
from bot.usecases.steps.visible_links import door_of_channel, veil_entry, veil_revision
from storage.store import Store, Transaction


class Announcement(NamedTuple):
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
    first = Announcement(entry, entry.revision, None, ())
    payload = {"entry": entry.id, "revision": entry.revision.number}
    _leave_word(tx, payload, first.named, now)


def announcement_name(entry: EntryId) -> str:
    """The name of the first announcement of an entry, under which all others stand."""
    return f"announced:{entry}"


def _news_name(entry: EntryId) -> str:
    return f"news:{entry}"


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
            raise NotFoundError("This revision is no longer known.")
        approved = tx.proposals.approvals(entry_id, number, number).get(number, [])
        before = tx.revisions.before(entry_id, number)
        door = tx.entries.visible_to(reader) if reader else door_of_channel(tx, entry.home)
        return Announcement(
            veil_entry(door, entry),
            veil_revision(door, revision),
            before and veil_revision(door, before),
            tuple(approved),
        )


def announcements_of(store: Store, team: TeamId, entry_id: EntryId) -> list[Telling]:
    """All that was told, in the channel and to single people, of what came into force."""
    with store.read(team) as tx:
        return tx.outbox.named(announcement_name(entry_id))


def news_of(store: Store, team: TeamId, entry_id: EntryId) -> list[Telling]:
    """All that was told directly of proposals to an entry, to their authors and its owner."""
    with store.read(team) as tx:
        return tx.outbox.named(_news_name(entry_id))


def proposals_ever(store: Store, team: TeamId, entry_id: EntryId) -> list[ProposalId]:
    """All that was ever proposed to an entry."""
    with store.read(team) as tx:
        return [proposal.id for proposal in tx.proposals.of(entry_id, ended=True)]


def visible_to(store: Store, team: TeamId, entry: Entry, *, reader: Reader) -> bool:
    """Whether this person may see an entry."""
    with store.read(team) as tx:
        return tx.entries.visible_to(reader).get(entry.key) is not None


def announced(
    store: Store, telling: Telling, *, ts: str, others: Iterable[UserId], now: datetime
) -> None:
    """Keep where it was posted, and leave word for those who do not read that channel."""
    with store.transaction(telling.team) as tx:
        if not tx.outbox.told(telling.id, now, ts):
            return  # Another sender kept it.
        _leave_word(tx, telling.payload, others, now)


def tell_directly(
    store: Store, telling: Telling, users: Iterable[UserId], *, now: datetime
) -> None:
    """Leave word for those whom an announcement concerns, where its channel takes none."""
    with store.transaction(telling.team) as tx:
        _leave_word(tx, telling.payload, users, now)


def _leave_word(
    tx: Transaction, payload: Mapping[str, Any], users: Iterable[UserId], now: datetime
) -> None:
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
    redraw_nudges(tx, tx.nudges.showing(entry.id), now)
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


def proposal_posted(
    store: Store,
    telling: Telling,
    proposal: Proposal,
    entry: Entry,
    *,
    ts: str,
    to_owner: bool,
    now: datetime,
) -> None:
    """Keep where a proposal was posted; `to_owner`: its entry's owner is told directly as well."""
    with store.transaction(telling.team) as tx:
        if not tx.outbox.told(telling.id, now, ts):
            return  # Another sender kept it.
        if to_owner and entry.owner != proposal.author and proposal.state.open:
            tx.outbox.add(
                Topic.PROPOSAL_NEWS,
                channel=ChannelId(entry.owner),
                user=entry.owner,
                payload={"proposal": proposal.id, "entry": entry.id},
                due_at=now,
                at=now,
                once=f"{_news_name(entry.id)}:{proposal.id}:owner",
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
        once=f"{_news_name(entry.id)}:{proposal.id}:{now.isoformat()}",
    )
