"""Verdicts: whether one exact revision is still accurate, or who would know."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final

from bot.domain.calendar import due_after
from bot.domain.certification import Verdict
from bot.domain.digests import Section
from bot.domain.entries import Entry, EntryId, Key, TeamId, UserId
from bot.domain.errors import InvalidInputError, RevisedError
from bot.domain.outbox import Topic
from bot.domain.reviewers import Waiting
from bot.domain.visibility import Reader
from bot.usecases.entries.find import Card, read_card
from bot.usecases.steps.permissions import (
    load_entry,
    require_in_force,
    require_member,
    require_sees,
)
from bot.usecases.steps.reviewers import DescribePerson, ReviewerFacts, select_waiting_for
from bot.usecases.steps.settled_lines import settle_lines
from storage.store import Store, Transaction
from storage.verdicts import GivenVerdict

SNOOZE: Final = timedelta(days=7)
LISTED: Final = 7
# So many of the longest due entries are checked for those waiting for the reader.
_CHECKED: Final = 50
_UNFIT: Final = "You can only ask active full members of this workspace. Choose someone else."


@dataclass(frozen=True, slots=True, kw_only=True)
class ToReview:
    """The entries that a person may review.

    `waiting`: for each, the person it's waiting for. `more`: how many more there are. `is_counted`:
    False if there are too many to count; then `more` is the minimum.
    """

    entries: tuple[Entry, ...]
    more: int = 0
    waiting: Mapping[EntryId, Waiting] = field(default_factory=dict)
    is_counted: bool = True


def list_reviews(
    store: Store, team: TeamId, *, reader: Reader, key: str, describe: DescribePerson, now: datetime
) -> ToReview:
    """Return the entry of a key; without one, the reviews that are waiting for this person.

    Raises:
        RetiredError, NotFoundError, NotAllowedError: with what to do instead.
    """
    require_member(reader)
    with store.read(team) as tx:
        visible = tx.entries.visible_to(reader)
        if key:
            entry = load_entry(visible, key)
            if not entry.is_in_force and tx.proposals.of(entry.id):
                # There is nothing to certify, but a draft or a restoration is waiting for approval.
                return ToReview(entries=())
            require_in_force(entry)
            reviewer_facts = ReviewerFacts.of(tx, [entry])
        else:
            reviewer_facts = ReviewerFacts.of(tx, visible.to_review(reader.user, now, _CHECKED))
    turns = reviewer_facts.find_turns(describe, now)
    entries = (
        reviewer_facts.entries
        if key
        else select_waiting_for(reviewer_facts.entries, turns, reader.user)
    )
    waiting = {entry: turn.waiting for entry, turn in turns.items()}
    more, is_counted = max(0, len(entries) - LISTED), len(reviewer_facts.entries) < _CHECKED
    return ToReview(
        entries=tuple(entries[:LISTED]), more=more, waiting=waiting, is_counted=is_counted
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class ToCertify:
    """The revision in force as its reader sees it, and the last certification of any revision."""

    card: Card
    certified: GivenVerdict | None


def read_to_certify(store: Store, team: TeamId, *, reader: Reader, key: str) -> ToCertify:
    """Return the revision in force, whichever revision the key cites.

    Raises:
        RetiredError, NotFoundError, NotAllowedError: with what to do instead.
    """
    require_member(reader)
    parsed = Key.parse(key)
    card = read_card(store, team, reader=reader, key=str(parsed.entry) if parsed else key)
    require_in_force(card.entry)
    with store.read(team) as tx:
        return ToCertify(card=card, certified=tx.verdicts.last_certified(card.entry.id))


def certify_entry(store: Store, team: TeamId, *, reader: Reader, key: str, now: datetime) -> Entry:
    """Certify that one exact revision is still accurate, which moves its due date.

    Raises:
        RevisedError: the key cites a revision that is no longer in force.
        RetiredError, NotFoundError, NotAllowedError: with what to do instead.
    """
    require_member(reader)
    with store.transaction(team) as tx:
        entry = _lock_cited(tx, reader, key)
        verdict = GivenVerdict(
            revision=entry.revision.number, verdict=Verdict.ACCURATE, by=reader.user, at=now
        )
        if tx.verdicts.repeats(entry.id, verdict) and not entry.certification(now).due:
            return entry
        tx.entries.certify(
            entry.id,
            revision=entry.revision.number,
            by=reader.user,
            at=now,
            due_at=due_after(now, entry.content.review_every, reader.person.timezone),
        )
        certified = tx.entries.by_id(entry.id)
        assert certified is not None
        due = certified.due_at.isoformat()
        _redraw(tx, certified, reader.user, now, outcome="still accurate")
        tx.audit.add(reader.user, "certified", str(certified.cited), {"due": due}, now)
        return certified


def mark_needs_change(
    store: Store, team: TeamId, *, reader: Reader, key: str, now: datetime
) -> Entry:
    """Record that a revision needs a change; the entry stays due until it is changed or certified.

    Raises:
        RevisedError: the key cites a revision that is no longer in force.
        RetiredError, NotFoundError, NotAllowedError: with what to do instead.
    """
    require_member(reader)
    with store.transaction(team) as tx:
        entry = _lock_cited(tx, reader, key)
        verdict = GivenVerdict(
            revision=entry.revision.number, verdict=Verdict.CHANGE, by=reader.user, at=now
        )
        if tx.verdicts.add(entry.id, verdict, entry.due_at):
            _redraw(tx, entry, reader.user, now, outcome="needs a change")
            tx.audit.add(reader.user, "needs_change", str(entry.cited), {}, now)
        return entry


def ask_someone(
    store: Store, team: TeamId, *, reader: Reader, key: str, asked: Reader, now: datetime
) -> Entry:
    """Ask someone who would know whether a revision is still accurate.

    Raises:
        InvalidInputError: they aren't an active member, or are the reader.
        NotAllowedError: they can't see the entry.
        RevisedError: the key cites a revision that is no longer in force.
        RetiredError, NotFoundError: with what to do instead.
    """
    require_member(reader)
    if not asked.person.member:
        raise InvalidInputError(_UNFIT)
    if asked.user == reader.user:
        raise InvalidInputError("You have already been asked. Choose someone else who would know.")
    with store.transaction(team) as tx:
        entry = _lock_cited(tx, reader, key)
        require_sees(tx, entry, asked)
        verdict = GivenVerdict(
            revision=entry.revision.number,
            verdict=Verdict.ASKED,
            by=reader.user,
            at=now,
            asked=asked.user,
        )
        if tx.verdicts.add(entry.id, verdict, entry.due_at):
            _redraw(tx, entry, reader.user, now, outcome=f"passed on to {asked.person.name}")
            tx.audit.add(reader.user, "asked", str(entry.cited), {"asked": asked.user}, now)
        return entry


def snooze_entry(store: Store, team: TeamId, *, reader: Reader, key: str, now: datetime) -> Entry:
    """Leave an entry out of the next digest; it stays due until someone gives a verdict.

    Raises:
        RetiredError, NotFoundError, NotAllowedError: with what to do instead.
    """
    require_member(reader)
    with store.transaction(team) as tx:
        entry = _lock_current(tx, reader, key)
        tx.entries.snooze(entry.id, now + SNOOZE)
        settle_lines(tx, (Section.DUE,), by=reader.user, outcome="snoozed", now=now, entry=entry.id)
        until = (now + SNOOZE).isoformat()
        tx.audit.add(reader.user, "snoozed", str(entry.cited), {"until": until}, now)
        return entry


def _lock_cited(tx: Transaction, reader: Reader, key: str) -> Entry:
    """Return the entry of a key, locked, if the revision that the key cites is in force."""
    entry = _lock_current(tx, reader, key)
    parsed = Key.parse(key)
    if parsed and parsed.revision and parsed.revision != entry.revision.number:
        raise RevisedError(
            f"{entry.key} is now at revision {entry.revision.number}, but this button is about "
            f"revision {parsed.revision}. Read the new one first: `/lore show {entry.key}`.",
            current=entry.revision.number,
        )
    return entry


def _lock_current(tx: Transaction, reader: Reader, key: str) -> Entry:
    entry = load_entry(tx.entries.visible_to(reader), key)
    require_in_force(entry)
    locked = tx.entries.by_id(entry.id, lock=True)
    assert locked is not None
    require_in_force(locked)
    return locked


def _redraw(tx: Transaction, entry: Entry, by: UserId, now: datetime, *, outcome: str) -> None:
    tx.outbox.add(
        Topic.REFRESH, channel=entry.home, payload={"entry": entry.id}, due_at=now, at=now
    )
    settle_lines(tx, (Section.DUE,), by=by, outcome=outcome, now=now, entry=entry.id)
