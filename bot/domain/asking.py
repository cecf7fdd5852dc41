"""Whom a review that is due waits for: one person at a time, and in the end anyone."""

from collections.abc import Callable, Container, Iterator
from datetime import datetime
from enum import StrEnum
from typing import Any, Final, NamedTuple

from bot.domain.calendar import Calendar
from bot.domain.entries import Entry, UserId

_NOBODY: Final = UserId("")


class Role(StrEnum):
    """What somebody is to an entry that waits for them."""

    OWNER = "owner"
    BACKUP = "backup"
    ASKED = "asked"
    ANYONE = "anyone"


class Waiting(NamedTuple):
    """Whom a review waits for; `person` is empty where that is anyone in the entry's channel."""

    role: Role
    person: UserId = _NOBODY

    def facts(self) -> list[str]:
        """As JSON, to be kept with a line of a digest."""
        return [self.role.value, self.person]

    @classmethod
    def of(cls, facts: list[Any]) -> "Waiting":
        """What `facts` made."""
        role, person = facts
        return cls(Role(role), UserId(person))


class PassedOn(NamedTuple):
    """That somebody said who would know, with the verdict `Ask someone else`."""

    by: UserId
    to: UserId
    at: datetime


class Patience(NamedTuple):
    """How long each is waited for: so many working days by their own clock.

    `zone`: the time zone of a person.
    """

    calendar: Calendar
    working_days: int
    zone: Callable[[UserId], str]

    def ends(self, begun: datetime, person: UserId) -> datetime:
        """When somebody who was asked at `begun` is waited for no longer."""
        return self.calendar.after_working_days(begun, self.working_days, self.zone(person))


def waits_for(
    entry: Entry,
    now: datetime,
    *,
    passed_on: PassedOn | None,
    out: Container[UserId],
    patience: Patience,
) -> Waiting | None:
    """Whom the entry waits for; None if it is not due.

    First the owner, or whom the question was passed on to; then the backup; then anyone. `out`:
    who can not be asked, for they are gone or see the entry no longer; the next is asked at once.
    Another revision or another owner is asked about anew. Of whoever's turn it is not, neither that
    nor the zone is looked up.
    """
    certification = entry.certification(now)
    if not certification.due:
        return None
    since = [reason.at for reason in certification.reasons]
    since += [entry.due_at] if entry.due_at <= now else []
    begun = max(min(since), entry.reads_since)
    if passed_on is not None:
        begun = max(begun, passed_on.at)
    for role, person in _in_turn(entry, passed_on, out):
        ends = patience.ends(begun, person)
        if now < ends:
            return Waiting(role, person)
        begun = ends
    return Waiting(Role.ANYONE)


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
