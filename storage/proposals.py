"""Proposals, with their requests for changes and their approvals."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Final

from sqlalchemy import ColumnElement, and_, bindparam, or_, tuple_, update
from sqlmodel import col, select
from sqlmodel.sql.expression import SelectOfScalar

from bot.domain.approval import Proposal, ProposalId, ProposalState, Request
from bot.domain.entries import EntryId, UserId
from bot.domain.revisions import Change
from bot.domain.visibility import Reader
from storage.aggregate import TEAM, Queries
from storage.entry_rows import revision_of
from storage.tables.approval import ApprovalRow, ProposalRow, RequestRow
from storage.tables.entries import EntryRow, RevisionRow
from storage.visibility import is_entry_visible

_OPEN = col(ProposalRow.state).in_([state.value for state in ProposalState if state.open])
_PROPOSED = col(ProposalRow.state) == ProposalState.PROPOSED.value
_WITH_REVISION: Final = (
    select(ProposalRow, RevisionRow)
    .join(
        EntryRow,
        and_(
            col(EntryRow.team_id) == ProposalRow.team_id, col(EntryRow.id) == ProposalRow.entry_id
        ),
    )
    .join(
        RevisionRow,
        and_(
            col(RevisionRow.team_id) == ProposalRow.team_id,
            col(RevisionRow.entry_id) == ProposalRow.entry_id,
            col(RevisionRow.number) == ProposalRow.revision,
        ),
    )
    .where(ProposalRow.team_id == TEAM)
    .order_by(col(ProposalRow.opened_at), col(ProposalRow.id))
)
_REQUESTS: Final = (
    select(RequestRow)
    .where(
        RequestRow.team_id == TEAM,
        col(RequestRow.proposal_id).in_(bindparam("proposals", expanding=True)),
    )
    .order_by(col(RequestRow.number))
)
_APPROVALS: Final = (
    select(ApprovalRow)
    .where(ApprovalRow.team_id == TEAM)
    .order_by(col(ApprovalRow.at), col(ApprovalRow.by))
)
_APPROVALS_OF: Final = _APPROVALS.where(
    tuple_(col(ApprovalRow.entry_id), col(ApprovalRow.revision)).in_(
        bindparam("revisions", expanding=True)
    )
)
_APPROVALS_WITHIN: Final = _APPROVALS.where(
    ApprovalRow.entry_id == bindparam("entry"),
    col(ApprovalRow.revision).between(bindparam("first"), bindparam("last")),
)


class Proposals(Queries):
    """The proposals of a workspace."""

    def add(
        self,
        entry_id: EntryId,
        *,
        revision: int,
        base: int,
        author: UserId,
        owner: UserId,
        at: datetime,
    ) -> Proposal:
        """Open a proposal for a revision that was written. `owner`: the entry's current owner."""
        row = ProposalRow(
            team_id=self._team,
            entry_id=entry_id,
            revision=revision,
            base=base,
            author=author,
            owner=owner,
            state=ProposalState.PROPOSED.value,
            opened_at=at,
            changed_at=at,
        )
        self._flush(row)
        assert row.id is not None
        return self._require(ProposalId(row.id))

    def get(self, proposal_id: ProposalId) -> Proposal | None:
        """Return a proposal. Lock its entry before you change it."""
        return next(iter(self._read(ProposalRow.id == proposal_id)), None)

    def of(self, entry_id: EntryId, *, ended: bool = False) -> list[Proposal]:
        """Return the open proposals for an entry, the oldest first. `ended`: return those too."""
        which = [] if ended else [_OPEN]
        return self._read(ProposalRow.entry_id == entry_id, *which)

    def by_revision(self, entry_id: EntryId, revisions: Iterable[int]) -> Mapping[int, Proposal]:
        """Return the proposals, open or not, whose last revision is one of these."""
        numbers = col(ProposalRow.revision).in_(sorted(revisions))
        proposals = self._read(ProposalRow.entry_id == entry_id, numbers)
        return {proposal.revision.number: proposal for proposal in proposals}

    def opened_together(self, author: UserId, at: datetime) -> list[Proposal]:
        """Return the proposals that a person opened at this exact time, in order of entries."""
        states = col(ProposalRow.state).in_([state.value for state in ProposalState])
        mine = ProposalRow.author == author
        return self._read(states, mine, col(ProposalRow.opened_at) == at)

    def waiting_by_entry(self, ids: Iterable[EntryId]) -> Mapping[EntryId, list[Proposal]]:
        """Return the proposals of these entries that wait for approval, the oldest first."""
        proposals: dict[EntryId, list[Proposal]] = defaultdict(list)
        for proposal in self._read(_PROPOSED, col(ProposalRow.entry_id).in_(sorted(set(ids)))):
            proposals[proposal.entry].append(proposal)
        return proposals

    def open(self) -> list[Proposal]:
        """Return the open proposals of the workspace, the oldest first."""
        return self._read(_OPEN)

    def retiring(self, ids: Sequence[EntryId]) -> list[Proposal]:
        """Return the open proposals to retire one of those entries."""
        retires = [change.value for change in Change if change.retires]
        return self._read(
            _OPEN, col(ProposalRow.entry_id).in_(ids), col(RevisionRow.change).in_(retires)
        )

    def open_in(self, reader: Reader, limit: int) -> list[Proposal]:
        """Return the open proposals in a member's channels that don't wait for this member."""
        here = col(EntryRow.home).in_(sorted(reader.channels))
        sent_back = col(ProposalRow.state) == ProposalState.CHANGES_REQUESTED.value
        theirs = or_(
            and_(_PROPOSED, _is_approver(reader.user)),
            and_(sent_back, col(ProposalRow.author) == reader.user),
        )
        return self._read(_OPEN, here, is_entry_visible(self._team, reader), ~theirs, limit=limit)

    def to_approve(self, reader: Reader, limit: int) -> list[Proposal]:
        """Return the proposals that wait for this member's approval, the oldest first.

        The owner approves; the backup approves the owner's own changes.
        """
        approval = select(ApprovalRow.by).where(
            ApprovalRow.team_id == self._team,
            ApprovalRow.entry_id == ProposalRow.entry_id,
            ApprovalRow.revision == ProposalRow.revision,
            ApprovalRow.by == reader.user,
        )
        seen = is_entry_visible(self._team, reader)
        return self._read(
            _PROPOSED, _is_approver(reader.user), seen, ~approval.exists(), limit=limit
        )

    def to_revise(self, reader: Reader, limit: int) -> list[Proposal]:
        """Return this person's proposals on which changes were requested, the oldest first."""
        sent_back = ProposalRow.state == ProposalState.CHANGES_REQUESTED.value
        mine = ProposalRow.author == reader.user
        return self._read(sent_back, mine, is_entry_visible(self._team, reader), limit=limit)

    def approve(self, proposal: Proposal, by: UserId, at: datetime) -> Proposal:
        """Store that a person approved the proposal's revision. Doing it twice changes nothing."""
        statement = self._insert(ApprovalRow).values(
            team_id=self._team,
            entry_id=proposal.entry,
            revision=proposal.revision.number,
            by=by,
            at=at,
        )
        self._session.exec(statement.on_conflict_do_nothing())
        return self._require(proposal.id)

    def set_state(
        self,
        proposal: Proposal,
        state: ProposalState,
        at: datetime,
        *,
        by: UserId | None = None,
        revision: int | None = None,
        base: int | None = None,
    ) -> Proposal:
        """Set the proposal's state. Arguments that are None leave their columns as they are."""
        query = select(ProposalRow).where(
            ProposalRow.team_id == self._team, ProposalRow.id == proposal.id
        )
        row = self._session.exec(query.with_for_update()).one()
        row.state, row.changed_at = state.value, at
        row.decided_by = row.decided_by if by is None else by
        row.revision = row.revision if revision is None else revision
        row.base = row.base if base is None else base
        self._flush(row)
        return self._require(proposal.id)

    def request_changes(
        self, proposal: Proposal, by: UserId, comment: str, at: datetime
    ) -> Proposal:
        """Add a request for changes to those that others made."""
        self._flush(
            RequestRow(
                team_id=self._team,
                proposal_id=proposal.id,
                number=len(proposal.requests) + 1,
                entry_id=proposal.entry,
                by=by,
                comment=comment,
                at=at,
            )
        )
        return self.set_state(proposal, ProposalState.CHANGES_REQUESTED, at, by=by)

    def revise(self, proposal: Proposal, at: datetime, *, revision: int, base: int) -> Proposal:
        """Replace the revision with a newer one by the author, which answers all requests."""
        unanswered = (
            col(RequestRow.team_id) == self._team,
            col(RequestRow.proposal_id) == proposal.id,
            col(RequestRow.answer).is_(None),
        )
        self._session.exec(update(RequestRow).where(*unanswered).values(answer=revision))
        state = ProposalState.PROPOSED
        return self.set_state(proposal, state, at, revision=revision, base=base)

    def approvals(self, entry_id: EntryId, first: int, last: int) -> Mapping[int, list[UserId]]:
        """Return who approved each revision from `first` to `last`, the earliest approval first."""
        within = {"entry": entry_id, "first": first, "last": last}
        return self._approvals(_APPROVALS_WITHIN, within).get(entry_id, {})

    def _require(self, proposal_id: ProposalId) -> Proposal:
        proposal = self.get(proposal_id)
        assert proposal is not None
        return proposal

    def _read(self, *where: ColumnElement[bool] | bool, limit: int | None = None) -> list[Proposal]:
        query = _WITH_REVISION.where(*where).limit(limit)
        rows = self._session.exec(query, params={"team": self._team}).all()
        if not rows:
            return []
        shown_revisions = [(row.entry_id, row.revision) for row, _ in rows]
        approvals = self._approvals(_APPROVALS_OF, {"revisions": shown_revisions})
        requests = self._requests([row.id for row, _ in rows])
        return [
            _proposal(
                row,
                revision,
                approvals.get(EntryId(row.entry_id), {}).get(row.revision, ()),
                requests.get(row.id, ()),
            )
            for row, revision in rows
        ]

    def _requests(self, proposals: Sequence[int | None]) -> Mapping[int | None, list[Request]]:
        requests: dict[int | None, list[Request]] = defaultdict(list)
        for row in self._session.exec(
            _REQUESTS, params={"team": self._team, "proposals": proposals}
        ):
            requests[row.proposal_id].append(
                Request(by=UserId(row.by), comment=row.comment, answer=row.answer)
            )
        return requests

    def _approvals(
        self, query: SelectOfScalar[ApprovalRow], params: Mapping[str, object]
    ) -> Mapping[EntryId, Mapping[int, list[UserId]]]:
        approvals: dict[EntryId, dict[int, list[UserId]]] = defaultdict(lambda: defaultdict(list))
        for row in self._session.exec(query, params={"team": self._team, **params}):
            approvals[EntryId(row.entry_id)][row.revision].append(UserId(row.by))
        return approvals


def _is_approver(user: UserId) -> ColumnElement[bool]:
    """Match the proposals that this person is asked to approve."""
    owned = and_(col(ProposalRow.owner) == user, col(ProposalRow.author) != user)
    backed_up = and_(
        col(EntryRow.backup) == user, col(ProposalRow.author) == col(ProposalRow.owner)
    )
    return or_(owned, backed_up)


def _proposal(
    row: ProposalRow,
    revision: RevisionRow,
    approved_by: Sequence[UserId],
    requests: Sequence[Request],
) -> Proposal:
    assert row.id is not None
    return Proposal(
        id=ProposalId(row.id),
        entry=EntryId(row.entry_id),
        revision=revision_of(revision),
        base=row.base,
        author=UserId(row.author),
        owner=UserId(row.owner),
        state=ProposalState(row.state),
        opened_at=row.opened_at,
        changed_at=row.changed_at,
        decided_by=None if row.decided_by is None else UserId(row.decided_by),
        approved_by=tuple(approved_by),
        requests=tuple(requests),
    )
