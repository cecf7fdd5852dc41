"""The person to ask for a review. Each case was computed by hand, as its comment says."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.calendar import Calendar
from bot.domain.certification import DueReason, DueReasonKind
from bot.domain.entries import ChannelId, Entry, EntryId, Key, State, TeamId, UserId
from bot.domain.kinds import Kind
from bot.domain.reviewers import PassedOn, Patience, Role, Waiting, waits_for
from bot.domain.revisions import Change, Content, Revision

# ana owns the entry and is in Berlin. ben is the backup, in New York. cleo is in Auckland.
ANA, BEN, CLEO = UserId("U-ana"), UserId("U-ben"), UserId("U-cleo")
ZONES = {ANA: "Europe/Berlin", BEN: "America/New_York", CLEO: "Pacific/Auckland"}
WHIT_MONDAY = date(2026, 5, 25)
PATIENCE = Patience(
    calendar=Calendar(holidays=frozenset({WHIT_MONDAY})), working_days=3, zone=ZONES.__getitem__
)

OWNER, BACKUP = Waiting(role=Role.OWNER, person=ANA), Waiting(role=Role.BACKUP, person=BEN)
ASKED, ANYONE = Waiting(role=Role.ASKED, person=CLEO), Waiting(role=Role.ANYONE)


def utc(written_as: str) -> datetime:
    return datetime.fromisoformat(written_as).replace(tzinfo=UTC)


def entry(due: str, *, backup: str = BEN, changed: str = "2026-01-01 00:00") -> Entry:
    values = {"title": "Roll back", "rule": "Roll back.", "owner": ANA, "backup": backup}
    content = Content.of(Kind.DECISION, values)
    return Entry(
        id=EntryId(1),
        team=TeamId("T1"),
        key=Key(kind=Kind.DECISION, number=1),
        state=State.IN_FORCE,
        home=ChannelId("C1"),
        revision=Revision(
            number=1, content=content, author=ANA, at=utc(changed), note="", change=Change.EDITED
        ),
        created_at=utc("2026-01-01 00:00"),
        due_at=utc(due),
    )


def waits(
    found: Entry,
    now: str,
    passed_on: PassedOn | None = None,
    out: frozenset[UserId] = frozenset(),
) -> Waiting | None:
    return waits_for(found, utc(now), passed_on=passed_on, out=out, patience=PATIENCE)


@pytest.mark.parametrize(
    ("due", "now", "expected"),
    [
        # Not yet due.
        ("2026-03-04 10:00", "2026-03-04 09:59", None),
        # Due on Wednesday 11:00 in Berlin; Thursday, Friday, Monday 11:00 (UTC+1) it is ben's.
        ("2026-03-04 10:00", "2026-03-04 10:00", OWNER),
        ("2026-03-04 10:00", "2026-03-09 09:59", OWNER),
        ("2026-03-04 10:00", "2026-03-09 10:00", BACKUP),
        # For ben it begins on Monday 6:00 in New York, so at 9:00; Thursday 9:00 (UTC-4) it ends.
        ("2026-03-04 10:00", "2026-03-12 12:59", BACKUP),
        ("2026-03-04 10:00", "2026-03-12 13:00", ANYONE),
        ("2026-03-04 10:00", "2026-09-01 13:00", ANYONE),
        # Due on Saturday: asked on Monday 9:00, ben's on Thursday 9:00 (UTC+1).
        ("2026-03-07 12:00", "2026-03-12 07:59", OWNER),
        ("2026-03-07 12:00", "2026-03-12 08:00", BACKUP),
        # Thursday 10:00 (UTC+1), summer time begins on Sunday: Tuesday 10:00 is UTC+2.
        ("2026-03-26 09:00", "2026-03-31 07:59", OWNER),
        ("2026-03-26 09:00", "2026-03-31 08:00", BACKUP),
        # Thursday 10:00 (UTC+2), summer time ends on Sunday: Tuesday 10:00 is UTC+1.
        ("2026-10-22 08:00", "2026-10-27 08:59", OWNER),
        ("2026-10-22 08:00", "2026-10-27 09:00", BACKUP),
        # Friday 10:00 before Whit Monday: Tuesday, Wednesday, Thursday 10:00 (UTC+2).
        ("2026-05-22 08:00", "2026-05-28 07:59", OWNER),
        ("2026-05-22 08:00", "2026-05-28 08:00", BACKUP),
    ],
)
def test_the_owner_is_asked_first_then_the_backup_then_anyone(
    due: str, now: str, expected: Waiting | None
) -> None:
    assert waits(entry(due), now) == expected


@pytest.mark.parametrize(
    ("now", "out", "backup", "expected"),
    [
        # The owner is gone: the backup at once, until Monday 9:00 in New York (UTC-4): due on
        # Wednesday 5:00 there, so asked at 9:00; Thursday, Friday, Monday.
        ("2026-03-04 10:00", {ANA}, BEN, BACKUP),
        ("2026-03-09 12:59", {ANA}, BEN, BACKUP),
        ("2026-03-09 13:00", {ANA}, BEN, ANYONE),
        # The backup is gone, or there isn't one: anyone comes after the owner.
        ("2026-03-09 09:59", {BEN}, BEN, OWNER),
        ("2026-03-09 10:00", {BEN}, BEN, ANYONE),
        ("2026-03-09 10:00", set(), "", ANYONE),
        # No one is left to ask.
        ("2026-03-04 10:00", {ANA, BEN}, BEN, ANYONE),
        ("2026-03-04 10:00", {ANA}, "", ANYONE),
    ],
)
def test_a_person_who_is_gone_is_not_asked(
    now: str, out: set[UserId], backup: str, expected: Waiting
) -> None:
    found = entry("2026-03-04 10:00", backup=backup)
    assert waits(found, now, out=frozenset(out)) == expected


@pytest.mark.parametrize(
    ("by", "now", "out", "expected"),
    [
        # ana passed it on to cleo on Thursday 5 March, 10:00 UTC. In Auckland (UTC+13) that is
        # 23:00, so asked on Friday 9:00; Monday, Tuesday, Wednesday 9:00 is Tuesday 20:00 UTC.
        (ANA, "2026-03-05 10:00", set(), ASKED),
        (ANA, "2026-03-10 19:59", set(), ASKED),
        # Then ben: asked on Tuesday 16:00 in New York (UTC-4), until Friday 16:00.
        (ANA, "2026-03-10 20:00", set(), BACKUP),
        (ANA, "2026-03-13 19:59", set(), BACKUP),
        (ANA, "2026-03-13 20:00", set(), ANYONE),
        # ben passed it on himself, so no one is left after cleo.
        (BEN, "2026-03-10 20:00", set(), ANYONE),
        # cleo is gone: it is ana's again, from when it was passed on: Thursday 11:00 in Berlin.
        (ANA, "2026-03-10 09:59", {CLEO}, OWNER),
        (ANA, "2026-03-10 10:00", {CLEO}, BACKUP),
    ],
)
def test_a_person_to_whom_the_review_was_passed_on_is_asked_instead(
    by: UserId, now: str, out: set[UserId], expected: Waiting
) -> None:
    passed_on = PassedOn(by=by, to=CLEO, at=utc("2026-03-05 10:00"))
    assert waits(entry("2026-03-04 10:00"), now, passed_on, frozenset(out)) == expected


def test_a_backup_to_whom_the_review_was_passed_on_is_asked_once() -> None:
    passed_on = PassedOn(by=ANA, to=BEN, at=utc("2026-03-05 14:00"))
    found = entry("2026-03-04 10:00")

    # Thursday 9:00 in New York (UTC-5); Friday, Monday, Tuesday 9:00 (UTC-4).
    assert waits(found, "2026-03-10 12:59", passed_on) == Waiting(role=Role.ASKED, person=BEN)
    assert waits(found, "2026-03-10 13:00", passed_on) == ANYONE


def test_an_entry_that_changed_after_it_was_due_is_asked_about_again() -> None:
    """The owner since Tuesday, 10 March, 11:00 in Berlin has until Friday 11:00."""
    found = entry("2026-03-04 10:00", changed="2026-03-10 10:00")

    assert waits(found, "2026-03-13 09:59") == OWNER
    assert waits(found, "2026-03-13 10:00") == BACKUP


def test_the_question_about_a_change_counts_from_when_it_came_into_force() -> None:
    """Written before the entry was due, approved on Tuesday, 10 March, 11:00 in Berlin."""
    found = replace(entry("2026-03-04 10:00"), in_force_since=utc("2026-03-10 10:00"))

    assert waits(found, "2026-03-13 09:59") == OWNER
    assert waits(found, "2026-03-13 10:00") == BACKUP


def test_a_due_reason_counts_from_its_own_time() -> None:
    """A use failed on Friday 17:30 in Berlin: asked on Monday 9:00, until Thursday 9:00."""
    reasons = (DueReason(kind=DueReasonKind.FAILED, about="", at=utc("2026-03-06 16:30")),)
    found = replace(entry("2026-06-01 10:00"), reasons=reasons)

    assert waits(found, "2026-03-12 07:59") == OWNER
    assert waits(found, "2026-03-12 08:00") == BACKUP
    settled = replace(found, reasons=(replace(reasons[0], settled=True),))
    assert waits(settled, "2026-03-12 08:00") is None


def test_no_one_is_asked_about_a_retired_entry() -> None:
    assert (
        waits(replace(entry("2026-03-04 10:00"), state=State.RETIRED), "2026-03-05 10:00") is None
    )


@given(
    late=st.lists(st.integers(0, 60 * 24 * 40), min_size=2, max_size=12),
    out=st.sets(st.sampled_from([ANA, BEN, CLEO])),
    passed=st.none() | st.tuples(st.sampled_from([ANA, BEN]), st.integers(0, 60 * 24 * 10)),
    backup=st.sampled_from([BEN, ""]),
    days=st.integers(1, 20),
)
def test_the_question_only_moves_on_to_the_next_person_who_can_be_asked(
    late: list[int],
    out: set[UserId],
    passed: tuple[UserId, int] | None,
    backup: str,
    days: int,
) -> None:
    """The question never goes back to a person, skips people who are gone, and ends with anyone."""
    due = utc("2026-10-20 08:00")
    found = replace(entry("2026-10-20 08:00", backup=backup), due_at=due)
    passed_on = (
        PassedOn(by=passed[0], to=CLEO, at=due + timedelta(minutes=passed[1])) if passed else None
    )
    begun = max(due, passed_on.at if passed_on else due)
    patience = replace(PATIENCE, working_days=days)
    order = (Role.OWNER, Role.ASKED, Role.BACKUP, Role.ANYONE)
    moments = [begun + timedelta(minutes=minutes) for minutes in sorted(late)]
    answers = [
        waits_for(found, moment, passed_on=passed_on, out=out, patience=patience)
        for moment in (*moments, begun + timedelta(days=100))
    ]

    places = [order.index(answer.role) for answer in answers if answer]
    assert len(places) == len(answers)
    assert places == sorted(places)
    assert all(answer.person not in out for answer in answers if answer)
    assert answers[-1] == ANYONE


def test_only_the_person_to_ask_is_looked_up() -> None:
    class Nobody:
        def __contains__(self, user: object) -> bool:
            assert user == ANA
            return False

    found, moment = entry("2026-03-04 10:00"), utc("2026-03-05 10:00")
    patience = replace(PATIENCE, zone={ANA: "Europe/Berlin"}.__getitem__)
    assert waits_for(found, moment, passed_on=None, out=Nobody(), patience=patience) == OWNER
