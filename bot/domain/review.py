"""Review: who may approve of a change, what becomes of one that waits, how two are put together."""

from collections.abc import Mapping
from datetime import datetime
from enum import StrEnum
from typing import Any, Final, NamedTuple, NewType

from bot.domain.entries import EntryId, UserId
from bot.domain.kinds import Field
from bot.domain.revisions import Content, Revision, changed_fields
from bot.domain.visibility import Person

ProposalId = NewType("ProposalId", int)


class Policy(NamedTuple):
    """What a workspace asks of a change before it comes into force.

    `approvals`: by so many people. `self_approval`: its author may be one of them.
    """

    on: bool = True
    approvals: int = 1
    self_approval: bool = False


class ProposalState(StrEnum):
    """Where a proposed change stands."""

    PROPOSED = "proposed"
    CHANGES_REQUESTED = "changes_requested"
    WITHDRAWN = "withdrawn"
    IN_FORCE = "in_force"

    @property
    def open(self) -> bool:
        """Whether it may still come into force."""
        return self in (ProposalState.PROPOSED, ProposalState.CHANGES_REQUESTED)

    @property
    def words(self) -> str:
        """The state in a sentence."""
        return self.value.replace("_", " ")


class Request(NamedTuple):
    """What somebody asked to have changed; `answer`: the revision that its author wrote after."""

    by: UserId
    comment: str
    answer: int | None = None


class Proposal(NamedTuple):
    """A change that waits, or waited, for approval.

    `revision`: the last one proposed. `base`: the number of the revision in force on which that
    was built. `decided_by`: who set its state last. `approved_by`: who approved of this very
    revision. `requests`: all that was ever asked to be changed, the oldest first.
    """

    id: ProposalId
    entry: EntryId
    revision: Revision
    base: int
    author: UserId
    state: ProposalState
    opened_at: datetime
    changed_at: datetime
    decided_by: UserId | None = None
    approved_by: tuple[UserId, ...] = ()
    requests: tuple[Request, ...] = ()

    @property
    def waits(self) -> bool:
        """Whether an approval is what it waits for."""
        return self.state is ProposalState.PROPOSED

    @property
    def asked(self) -> tuple[Request, ...]:
        """What its author is asked to change; once they revised it, what they were asked last."""
        sent_back = self.state is ProposalState.CHANGES_REQUESTED
        answers = [one.answer for one in self.requests if one.answer is not None]
        last = None if sent_back else max(answers, default=None)
        return tuple(one for one in self.requests if one.answer == last)


class Standing(NamedTuple):
    """What someone is to a proposed change."""

    person: Person
    author: bool
    owner: bool
    in_home: bool
    alone: bool = False


_SELF: Final = (
    "You wrote this change, so somebody else approves it: its owner, or any member of its channel."
)
_OUTSIDE: Final = (
    "Only members of the entry's channel and its owner approve changes. Join the channel, or ask "
    "one of them."
)
_UNSERVED: Final = "Only active full members of this workspace approve changes."


def refusal(policy: Policy, one: Standing) -> str | None:
    """Why someone may not approve of a change, or ask for another; None if they may.

    The table in docs/review.md tells the same rule. `alone`: nobody else could approve.
    """
    if not one.person.member:
        return _UNSERVED
    if one.author and not (policy.self_approval or one.alone):
        return _SELF
    if one.owner or one.in_home or one.author:
        return None
    return _OUTSIDE


class Contested(NamedTuple):
    """The fields that two changes set differently, which only a person can put together."""

    fields: tuple[Field, ...]


def rebased(base: Content, mine: Content, now: Content) -> Content | Contested:
    """A change from `base` to `mine`, made to what is in force `now`; field by field."""
    changed = {field.name for field in changed_fields(base, mine)}
    contested = tuple(
        field
        for field in changed_fields(base, now)
        if field.name in changed and mine.values.get(field.name) != now.values.get(field.name)
    )
    if contested:
        return Contested(contested)
    values: dict[str, Any] = {**now.values, **_set(mine.values, changed)}
    if values.get("backup") == values.get("owner"):
        # One made somebody the owner and the other made them the backup.
        values["backup"] = ""
    # Nothing was typed here that could be refused: each field is as one of the two has it.
    return Content(now.kind, {name: value for name, value in values.items() if value})


def _set(values: Mapping[str, Any], changed: set[str]) -> dict[str, Any]:
    return {name: values.get(name) for name in changed}
