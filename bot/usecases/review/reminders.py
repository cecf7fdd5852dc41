"""What waits for which person, and whether it is time to remind them of it."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from bot.domain.approval import ApprovalPolicy, Proposal, ProposalState, refusal
from bot.domain.calendar import Calendar
from bot.domain.entries import Entry, EntryId, TeamId, UserId
from bot.domain.nudges import About, Item, Reminder
from bot.domain.reminders import CHANGE, REVIEW, WEEKLY, Rhythm, next_reminder
from bot.domain.reviewers import Role
from bot.domain.visibility import may_see
from bot.usecases.steps.proposals import standing
from bot.usecases.steps.reviewers import Asking, Known
from storage.store import Store, Transaction

_PAGE: Final = 500


@dataclass(frozen=True, slots=True, kw_only=True)
class Wait:
    """One thing that waits for a person, and since when it waits for them."""

    item: Item
    since: datetime
    rhythm: Rhythm


Waits = Mapping[UserId, Sequence[Wait]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Reminders:
    """When people were reminded of what waits for them."""

    reminded: Mapping[tuple[UserId, About, EntryId], Sequence[Reminder]]
    calendar: Calendar

    @classmethod
    def of(cls, tx: Transaction, waits: Waits) -> "Reminders":
        """Read the reminders about everything that waits."""
        entries = sorted({wait.item.entry for some in waits.values() for wait in some})
        reminded: dict[tuple[UserId, About, EntryId], Sequence[Reminder]] = {}
        for start in range(0, len(entries), _PAGE):
            reminded |= tx.nudges.list_reminders(entries[start : start + _PAGE])
        return cls(reminded=reminded, calendar=tx.workspace.get().calendar)

    def due(self, user: UserId, waits: Iterable[Wait], timezone: str, now: datetime) -> list[Wait]:
        """Return those things of which it is time to remind this person."""
        return [wait for wait in waits if self._next(user, wait, timezone) <= now]

    def _next(self, user: UserId, wait: Wait, timezone: str) -> datetime:
        earlier = self.reminded.get((user, wait.item.about, wait.item.entry), ())
        days = [reminder.day for reminder in earlier if reminder.at >= wait.since]
        return next_reminder(wait.rhythm, wait.since, days, self.calendar, timezone)


def read_waits(store: Store, team: TeamId, known: Known, now: datetime) -> Waits:
    """Return all that waits for people, for each in the order of the headings.

    Slack is asked between transactions, for it may be slow.
    """
    waits: dict[UserId, list[Wait]] = defaultdict(list)
    for some in (
        approvals_waiting(store, team, known),
        revisions_waiting(store, team, known),
        reviews_waiting(store, team, known, now),
    ):
        for user, theirs in some.items():
            waits[user] += theirs
    return waits


def reviews_waiting(store: Store, team: TeamId, known: Known, now: datetime) -> Waits:
    """Return the reviews that wait for somebody; the longest due first."""
    waits: dict[UserId, list[tuple[datetime, Wait]]] = defaultdict(list)
    last: EntryId | None = None
    while True:
        with store.read(team) as tx:
            asking = Asking.of(tx, tx.nudges.entries_due(now, last, _PAGE))
        turns = asking.turns(known, now)
        for entry in asking.entries:
            last = entry.id
            turn = turns.get(entry.id)
            if turn is not None and turn.reminded:
                rhythm = WEEKLY if turn.waiting.role is Role.ANYONE else REVIEW
                item = Item(about=About.REVIEW, entry=entry.id, revision=entry.revision.number)
                waits[turn.reminded].append(
                    (entry.due_at, Wait(item=item, since=turn.since, rhythm=rhythm))
                )
        if len(asking.entries) < _PAGE:
            break
    return {
        user: [wait for _, wait in sorted(some, key=lambda one: (one[0], one[1].item.entry))]
        for user, some in waits.items()
    }


def approvals_waiting(store: Store, team: TeamId, known: Known) -> Waits:
    """Return what waits for somebody's approval; of each entry the oldest.

    The owner is asked, and of their own changes the backup; the digest asks everybody.
    """
    policy, proposals, entries = _open(store, team, ProposalState.PROPOSED)
    waits: dict[UserId, list[Wait]] = defaultdict(list)
    for proposal in proposals:
        entry = entries[proposal.entry]
        user = entry.backup if proposal.author == proposal.owner else proposal.owner
        reader = known(user) if user else None
        if reader is None or user in proposal.approved_by:
            continue
        if refusal(policy, standing(proposal, entry, reader, is_alone=False)) is None:
            waits[user].append(_wait(About.APPROVAL, proposal))
    return waits


def revisions_waiting(store: Store, team: TeamId, known: Known) -> Waits:
    """Return the changes that their authors were asked to revise; of each entry the oldest."""
    _, proposals, entries = _open(store, team, ProposalState.CHANGES_REQUESTED)
    with store.read(team) as tx:
        public = {channel.id for channel in tx.channels.all() if not channel.private}
    waits: dict[UserId, list[Wait]] = defaultdict(list)
    for proposal in proposals:
        entry, reader = entries[proposal.entry], known(proposal.author)
        if reader is not None and may_see(reader, entry, private=entry.home not in public):
            waits[proposal.author].append(_wait(About.REVISION, proposal))
    return waits


def _open(
    store: Store, team: TeamId, state: ProposalState
) -> tuple[ApprovalPolicy, list[Proposal], Mapping[EntryId, Entry]]:
    with store.read(team) as tx:
        oldest: dict[tuple[EntryId, UserId], Proposal] = {}
        for proposal in tx.proposals.open():
            if proposal.state is state:
                asked = proposal.author if state is ProposalState.CHANGES_REQUESTED else UserId("")
                oldest.setdefault((proposal.entry, asked), proposal)
        entries = tx.entries.by_ids(proposal.entry for proposal in oldest.values())
        return tx.workspace.get().approval, list(oldest.values()), entries


def _wait(about: About, proposal: Proposal) -> Wait:
    item = Item(about=about, entry=proposal.entry, revision=proposal.revision.number)
    return Wait(item=item, since=proposal.changed_at, rhythm=CHANGE)
