"""Items that are waiting for each person, and when to remind them."""

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
from bot.usecases.steps.proposals import standing_of
from bot.usecases.steps.reviewers import DescribePerson, ReviewerFacts
from storage.store import Store, Transaction

_PAGE: Final = 500


@dataclass(frozen=True, slots=True, kw_only=True)
class WaitingItem:
    """One item that is waiting for a person, and since when."""

    item: Item
    since: datetime
    rhythm: Rhythm


Waits = Mapping[UserId, Sequence[WaitingItem]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Reminders:
    """When people were last reminded of what is waiting for them."""

    reminded: Mapping[tuple[UserId, About, EntryId], Sequence[Reminder]]
    calendar: Calendar

    @classmethod
    def of(cls, tx: Transaction, waits: Waits) -> "Reminders":
        """Read the reminders about everything that is waiting."""
        entries = sorted({wait.item.entry for items in waits.values() for wait in items})
        reminded: dict[tuple[UserId, About, EntryId], Sequence[Reminder]] = {}
        for start in range(0, len(entries), _PAGE):
            reminded |= tx.nudges.list_reminders(entries[start : start + _PAGE])
        return cls(reminded=reminded, calendar=tx.workspace.get().calendar)

    def due(
        self, user: UserId, waits: Iterable[WaitingItem], timezone: str, now: datetime
    ) -> list[WaitingItem]:
        """Return the items that it's time to remind this person of."""
        return [wait for wait in waits if self._next(user, wait, timezone) <= now]

    def _next(self, user: UserId, wait: WaitingItem, timezone: str) -> datetime:
        earlier = self.reminded.get((user, wait.item.about, wait.item.entry), ())
        days = [reminder.day for reminder in earlier if reminder.at >= wait.since]
        return next_reminder(wait.rhythm, wait.since, days, self.calendar, timezone)


def read_waits(store: Store, team: TeamId, describe: DescribePerson, now: datetime) -> Waits:
    """Return everything that is waiting for people, for each person in the order of the headings.

    Slack is asked between transactions, because it may be slow.
    """
    waits: dict[UserId, list[WaitingItem]] = defaultdict(list)
    for waits_by_user in (
        list_waiting_approvals(store, team, describe),
        list_waiting_revisions(store, team, describe),
        list_waiting_reviews(store, team, describe, now),
    ):
        for user, items in waits_by_user.items():
            waits[user] += items
    return waits


def list_waiting_reviews(
    store: Store, team: TeamId, describe: DescribePerson, now: datetime
) -> Waits:
    """Return the reviews that are waiting for people, longest due first."""
    waits: dict[UserId, list[tuple[datetime, WaitingItem]]] = defaultdict(list)
    last: EntryId | None = None
    while True:
        with store.read(team) as tx:
            reviewer_facts = ReviewerFacts.of(tx, tx.nudges.entries_due(now, last, _PAGE))
        turns = reviewer_facts.find_turns(describe, now)
        for entry in reviewer_facts.entries:
            last = entry.id
            turn = turns.get(entry.id)
            if turn is not None and turn.reminded:
                rhythm = WEEKLY if turn.waiting.role is Role.ANYONE else REVIEW
                item = Item(about=About.REVIEW, entry=entry.id, revision=entry.revision.number)
                waits[turn.reminded].append(
                    (entry.due_at, WaitingItem(item=item, since=turn.since, rhythm=rhythm))
                )
        if len(reviewer_facts.entries) < _PAGE:
            break
    return {
        user: [wait for _, wait in sorted(items, key=lambda item: (item[0], item[1].item.entry))]
        for user, items in waits.items()
    }


def list_waiting_approvals(store: Store, team: TeamId, describe: DescribePerson) -> Waits:
    """Return the proposals that are waiting for people's approval; the oldest of each entry.

    The owner is asked, or the backup if the owner wrote the proposal; the digest asks everyone.
    """
    policy, proposals, entries = _load_open(store, team, ProposalState.PROPOSED)
    waits: dict[UserId, list[WaitingItem]] = defaultdict(list)
    for proposal in proposals:
        entry = entries[proposal.entry]
        user = entry.backup if proposal.author == proposal.owner else proposal.owner
        reader = describe(user) if user else None
        if reader is None or user in proposal.approved_by:
            continue
        if refusal(policy, standing_of(proposal, entry, reader, is_alone=False)) is None:
            waits[user].append(_waiting_item(About.APPROVAL, proposal))
    return waits


def list_waiting_revisions(store: Store, team: TeamId, describe: DescribePerson) -> Waits:
    """Return the proposals that their authors were asked to revise; the oldest of each entry."""
    _, proposals, entries = _load_open(store, team, ProposalState.CHANGES_REQUESTED)
    with store.read(team) as tx:
        public = {channel.id for channel in tx.channels.all() if not channel.private}
    waits: dict[UserId, list[WaitingItem]] = defaultdict(list)
    for proposal in proposals:
        entry, reader = entries[proposal.entry], describe(proposal.author)
        if reader is not None and may_see(reader, entry, private=entry.home not in public):
            waits[proposal.author].append(_waiting_item(About.REVISION, proposal))
    return waits


def _load_open(
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


def _waiting_item(about: About, proposal: Proposal) -> WaitingItem:
    item = Item(about=about, entry=proposal.entry, revision=proposal.revision.number)
    return WaitingItem(item=item, since=proposal.changed_at, rhythm=CHANGE)
