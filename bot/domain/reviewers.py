"""Whom a review that is due waits for: one person at a time, and in the end anyone."""

from collections.abc import Callable, Container, Iterator
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any, Final

from bot.domain.calendar import Calendar
from bot.domain.entries import Entry, UserId

_NOBODY: Final = UserId("")


class Role(StrEnum):
    """What somebody is to an entry that waits for them."""

    OWNER = "owner"
    BACKUP = "backup"
    ASKED = "asked"
    ANYONE = "anyone"
    # Somebody decided: a change is needed, or the entry is to be retired. No one is asked.
    CHANGE = "change"
    RETIREMENT = "retirement"


@dataclass(frozen=True, slots=True, kw_only=True)
class Waiting:
    """Whom or what a review waits for; `person` is empty where that is no one in particular."""

    role: Role
    person: UserId = _NOBODY

    def facts(self) -> list[str]:
        """As JSON, to be kept with a line of a digest."""
        return [self.role.value, self.person]

    @classmethod
    def of(cls, facts: list[Any]) -> "Waiting":
        """What `facts` made."""
        role, person = facts
        return cls(role=Role(role), person=UserId(person))


@dataclass(frozen=True, slots=True, kw_only=True)
class PassedOn:
    """That somebody said who would know, with the verdict `Ask someone else`."""

    by: UserId
    to: UserId
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Decided:
    """That somebody said on the revision in force what should become of it."""

    role: Role
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Patience:
    """How long each is waited for: so many working days by their own clock.

    `zone`: the time zone of a person.
    """

    calendar: Calendar
    working_days: int
    zone: Callable[[UserId], str]

    def ends(self, begun: datetime, person: UserId) -> datetime:
        """When somebody who was asked at `begun` is waited for no longer."""
        return self.calendar.after_working_days(begun, self.working_days, self.zone(person))


@dataclass(frozen=True, slots=True, kw_only=True)
class Turn:
    """Whom a review waits for at a moment.

    `since`: when this turn began. `first`: the person who was asked first; empty if no one could
    be. `reminded`: the person who is reminded; empty if no one is.
    """

    waiting: Waiting
    since: datetime
    first: UserId
    reminded: UserId

    def concerns(self, entry: Entry, user: UserId) -> bool:
        """Tell whether the review waits for this person in particular.

        It does from their turn on if they were asked first, and during their turn if they are the
        backup. After the last turn it's the owner's again.
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
    """Return whom the entry waits for, as `turn_of` does; None if it isn't due."""
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

    First the owner, or whom the question was passed on to; then the backup; then anyone, and the
    owner is still reminded. `out`: who can not be asked, for they are gone or see the entry no
    longer; the next is asked at once. `decided`: the verdict after which no one is asked any more.
    Another revision or another owner is asked about anew. Of whoever's turn it is not, neither that
    nor the zone is looked up.
    """
    begun = waiting_since(entry, now)
    if begun is None:
        return None
    if decided is not None and decided.at >= begun:
        return Turn(
            waiting=Waiting(role=decided.role), since=decided.at, first=_NOBODY, reminded=_NOBODY
        )
    if passed_on is not None:
        begun = max(begun, passed_on.at)
    first = _NOBODY
    for role, person in _in_turn(entry, passed_on, out):
        first = first or (person if role is not Role.BACKUP else _NOBODY)
        ends = patience.ends(begun, person)
        if now < ends:
            return Turn(
                waiting=Waiting(role=role, person=person), since=begun, first=first, reminded=person
            )
        begun = ends
    owner = entry.owner if entry.owner not in out else _NOBODY
    return Turn(waiting=Waiting(role=Role.ANYONE), since=begun, first=first, reminded=owner)


def _in_turn(
    entry: Entry, passed_on: PassedOn | None, out: Container[UserId]
) -> Iterator[tuple[Role, UserId]]:
    """Those who can be asked, each once. Who passed the question on has answered it."""
    first, answered = (Role.OWNER, entry.owner), set[UserId]()
    if passed_on is not None and passed_on.to not in out:
        first, answered = (Role.ASKED, passed_on.to), {passed_on.by, passed_on.to}
    for role, person in (first, (Role.BACKUP, entry.backup)):
        if not person or person in out or (role is Role.BACKUP and person in answered):
            continue
        yield role, person
