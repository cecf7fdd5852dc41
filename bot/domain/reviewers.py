"""The turns of reviewers of a due entry: one person after the other, and in the end anyone."""

from collections.abc import Callable, Container, Iterator
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any, Final

from bot.domain.calendar import Calendar
from bot.domain.entries import Entry, UserId

_NOBODY: Final = UserId("")


class Role(StrEnum):
    """The role in which a person is asked to review an entry."""

    OWNER = "owner"
    BACKUP = "backup"
    ASKED = "asked"
    ANYONE = "anyone"
    # No one is asked: someone decided that the entry needs a change, or should be retired.
    CHANGE = "change"
    RETIREMENT = "retirement"


@dataclass(frozen=True, slots=True, kw_only=True)
class Waiting:
    """The role that a review is waiting for, and the person; empty if it isn't one person."""

    role: Role
    person: UserId = _NOBODY

    def facts(self) -> list[str]:
        """Return it as JSON, to store with a line of a digest."""
        return [self.role.value, self.person]

    @classmethod
    def of(cls, facts: list[Any]) -> "Waiting":
        """Read what `facts` returned."""
        role, person = facts
        return cls(role=Role(role), person=UserId(person))


@dataclass(frozen=True, slots=True, kw_only=True)
class PassedOn:
    """The verdict `Ask someone else`: who named whom."""

    by: UserId
    to: UserId
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Decided:
    """A verdict on the revision in force that it needs a change or should be retired."""

    role: Role
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Patience:
    """How long to wait for each person: `working_days` in their time zone, which `zone` returns."""

    calendar: Calendar
    working_days: int
    zone: Callable[[UserId], str]

    def ends(self, start: datetime, person: UserId) -> datetime:
        """Return when to ask the next person, if this one was asked at `begun`."""
        return self.calendar.after_working_days(start, self.working_days, self.zone(person))


@dataclass(frozen=True, slots=True, kw_only=True)
class Turn:
    """The turn of a reviewer.

    `since`: when the turn began. `first`: the person who was asked first, if anyone could be.
    `reminded`: the person who gets reminders, if anyone does.
    """

    waiting: Waiting
    since: datetime
    first: UserId
    reminded: UserId

    def concerns(self, entry: Entry, user: UserId) -> bool:
        """Return whether the review is waiting for this person in particular.

        It waits for the person who was asked first from their turn on, for the backup during their
        turn, and after the last turn for the owner again.
        """
        is_open = self.waiting.role in (Role.ANYONE, Role.CHANGE, Role.RETIREMENT)
        return user in (self.waiting.person, self.first) or (is_open and user == entry.owner)


def waiting_since(entry: Entry, now: datetime) -> datetime | None:
    """Return since when the review of an entry has been waiting; None if the entry isn't due."""
    certification = entry.certification(now)
    if not certification.due:
        return None
    since = [reason.at for reason in certification.reasons]
    since += [entry.due_at] if entry.due_at <= now else []
    return max(min(since), entry.reads_since)


def waits_for(
    entry: Entry,
    now: datetime,
    *,
    passed_on: PassedOn | None,
    out: Container[UserId],
    patience: Patience,
) -> Waiting | None:
    """Return who the entry is waiting for, as `turn_of` does; None if it isn't due."""
    turn = turn_of(entry, now, passed_on=passed_on, out=out, patience=patience)
    return turn.waiting if turn is not None else None


def turn_of(
    entry: Entry,
    now: datetime,
    *,
    passed_on: PassedOn | None,
    out: Container[UserId],
    patience: Patience,
    decided: Decided | None = None,
) -> Turn | None:
    """Return whose turn it is to review the entry; None if it isn't due.

    First it is the owner's turn, or the person's who was asked instead; then the backup's; then
    anyone's, while the owner still gets reminders. A new revision or owner starts again.

    `out`: people who can't be asked, because they are gone or can't see the entry; they are
    skipped. `decided`: a verdict after which no one is asked. Neither `out` nor a time zone is
    looked up for people whose turn it isn't.
    """
    start = waiting_since(entry, now)
    if start is None:
        return None
    if decided is not None and decided.at >= start:
        return Turn(
            waiting=Waiting(role=decided.role), since=decided.at, first=_NOBODY, reminded=_NOBODY
        )
    if passed_on is not None:
        start = max(start, passed_on.at)
    first = _NOBODY
    for role, person in _in_turn(entry, passed_on, out):
        first = first or (person if role is not Role.BACKUP else _NOBODY)
        ends = patience.ends(start, person)
        if now < ends:
            return Turn(
                waiting=Waiting(role=role, person=person), since=start, first=first, reminded=person
            )
        start = ends
    owner = entry.owner if entry.owner not in out else _NOBODY
    return Turn(waiting=Waiting(role=Role.ANYONE), since=start, first=first, reminded=owner)


def _in_turn(
    entry: Entry, passed_on: PassedOn | None, out: Container[UserId]
) -> Iterator[tuple[Role, UserId]]:
    """Yield the people who can be asked, once each; asking someone else counts as an answer."""
    first, answered = (Role.OWNER, entry.owner), set[UserId]()
    if passed_on is not None and passed_on.to not in out:
        first, answered = (Role.ASKED, passed_on.to), {passed_on.by, passed_on.to}
    for role, person in (first, (Role.BACKUP, entry.backup)):
        if not person or person in out or (role is Role.BACKUP and person in answered):
            continue
        yield role, person
