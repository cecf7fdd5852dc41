"""Approval: proposals and their states, who may approve, and how two changes are merged."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any, Final, NewType

from bot.domain.entries import Entry, EntryId, UserId
from bot.domain.kinds import Field
from bot.domain.revisions import Content, Revision, changed_fields
from bot.domain.visibility import Person

ProposalId = NewType("ProposalId", int)


@dataclass(frozen=True, slots=True, kw_only=True)
class ApprovalPolicy:
    """A workspace's requirements for a change.

    `approvals`: how many people must approve. `self_approval`: the author may be one of them.
    """

    on: bool = True
    approvals: int = 1
    self_approval: bool = False


class ProposalState(StrEnum):
    """The state of a proposed change."""

    PROPOSED = "proposed"
    CHANGES_REQUESTED = "changes_requested"
    WITHDRAWN = "withdrawn"
    IN_FORCE = "in_force"

    @property
    def open(self) -> bool:
        """Whether the change can still come into force."""
        return self in (ProposalState.PROPOSED, ProposalState.CHANGES_REQUESTED)

    @property
    def words(self) -> str:
        """The state, as words in a sentence."""
        return self.value.replace("_", " ")


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """A request for changes. `answer`: the revision that the author wrote in response."""

    by: UserId
    comment: str
    answer: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Proposal:
    """A change that is waiting for approval, or was.

    `revision`: the latest one proposed. `base`: the number of the revision in force that it is
    based on, or 0 if it records a new entry. `owner`: the entry's owner when the proposal was
    opened. `decided_by`: who last set the state. `approved_by`: who approved this exact revision.
    `requests`: all requests for changes, oldest first.
    """

    id: ProposalId
    entry: EntryId
    revision: Revision
    base: int
    author: UserId
    owner: UserId
    state: ProposalState
    opened_at: datetime
    changed_at: datetime
    decided_by: UserId | None = None
    approved_by: tuple[UserId, ...] = ()
    requests: tuple[Request, ...] = ()

    @property
    def waits(self) -> bool:
        """Whether it is waiting for an approval."""
        return self.state is ProposalState.PROPOSED

    @property
    def records_entry(self) -> bool:
        """Whether it is the text of a draft, whose approval puts the entry in force."""
        return self.base == 0

    @property
    def asked(self) -> tuple[Request, ...]:
        """The open requests for changes; after a revision, the ones it answered."""
        sent_back = self.state is ProposalState.CHANGES_REQUESTED
        answers = [request.answer for request in self.requests if request.answer is not None]
        last = None if sent_back else max(answers, default=None)
        return tuple(request for request in self.requests if request.answer == last)


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """A person's relation to a proposal.

    `was_owner`: they owned the entry when the proposal was opened. `in_home`: they are in the
    entry's home channel. `is_alone`: no one else could approve. `takes_ownership`: the proposal
    takes the entry from an owner who didn't write it.
    """

    person: Person
    author: bool
    was_owner: bool
    in_home: bool
    is_alone: bool = False
    takes_ownership: bool = False


_OWN_CHANGE: Final = (
    "You wrote this change, so someone else has to approve it: the entry's owner, or another "
    "member of its channel."
)
_OWN_TAKEOVER: Final = (
    "You can't approve taking an entry from its owner yourself. Ask the owner, or another member "
    "of its channel."
)
_OUTSIDE: Final = (
    "Only members of the entry's channel can approve this change, and the person who owned the "
    "entry when it was proposed. Join the channel, or ask one of them."
)
_UNSERVED: Final = (
    "Only active full members of this workspace can approve changes. Ask one of them."
)


def refusal(policy: ApprovalPolicy, standing: Standing) -> str | None:
    """Return why someone may not approve a change, or ask for another; None if they may.

    The table in docs/approval.md states the same rule, and a test reads it from there. Anyone who
    becomes the owner while a proposal waits gains nothing by it: taking an entry over must not be
    a way to approve one's own plans for it.
    """
    if not standing.person.member:
        return _UNSERVED
    if standing.author and not standing.is_alone:
        if not policy.self_approval:
            return _OWN_CHANGE
        if standing.takes_ownership:
            return _OWN_TAKEOVER
    if standing.was_owner or standing.in_home or (standing.author and standing.is_alone):
        return None
    return _OUTSIDE


def takes_ownership(proposal: Proposal, entry: Entry) -> bool:
    """Return whether a proposal takes an entry from an owner who isn't the proposal's author."""
    return entry.owner not in {proposal.author, proposal.revision.content.owner}


@dataclass(frozen=True, slots=True, kw_only=True)
class FieldConflict:
    """The fields that two changes set differently, so that a person has to merge them."""

    fields: tuple[Field, ...]


def rebase_content(base: Content, mine: Content, now: Content) -> Content | FieldConflict:
    """Apply the change from `base` to `mine` to what is in force `now`, field by field."""
    changed = {field.name for field in changed_fields(base, mine)}
    contested = tuple(
        field
        for field in changed_fields(base, now)
        if field.name in changed and mine.values.get(field.name) != now.values.get(field.name)
    )
    if contested:
        return FieldConflict(fields=contested)
    values: dict[str, Any] = {**now.values, **_set(mine.values, changed)}
    if values.get("backup") == values.get("owner"):
        # One change made this person the owner, and the other made them the backup.
        values["backup"] = ""
    # Each value comes from one of the two contents, so none needs to be validated again.
    return Content(kind=now.kind, values={name: value for name, value in values.items() if value})


def _set(values: Mapping[str, Any], changed: set[str]) -> dict[str, Any]:
    return {name: values.get(name) for name in changed}
