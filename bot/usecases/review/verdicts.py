"""Verdicts: a person says of one exact revision whether it still holds, or who would know."""

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
from bot.usecases.steps.permissions import found, require_in_force, require_member, require_sees
from bot.usecases.steps.reviewers import Asking, Known, in_particular
from bot.usecases.steps.settled_lines import strike
from storage.store import Store, Transaction
from storage.verdicts import GivenVerdict

SNOOZE: Final = timedelta(days=7)
LISTED: Final = 7
# Of so many, the longest due, those are listed that wait for whoever asks.
_CONSIDERED: Final = 50
_UNFIT: Final = "You can only ask active full members of this workspace. Choose someone else."


@dataclass(frozen=True, slots=True, kw_only=True)
class ToReview:
    """What a person may give a verdict on, whom each waits for, and how many more there are.

    `is_counted`: False if there are too many to look at; then `more` is the least there are.
    """

    entries: tuple[Entry, ...]
    more: int = 0
    waiting: Mapping[EntryId, Waiting] = field(default_factory=dict)
    is_counted: bool = True


def to_review(
    store: Store, team: TeamId, *, reader: Reader, key: str, known: Known, now: datetime
) -> ToReview:
    """Return the entry of a key; without one, the reviews that wait for this person.

    Raises:
        RetiredError, NotFoundError, NotAllowedError: with what to do instead.
    """
    require_member(reader)
    with store.read(team) as tx:
        visible = tx.entries.visible_to(reader)
        if key:
            entry = found(visible, key)
            if not entry.is_in_force and tx.proposals.of(entry.id):
                # There is nothing to certify, but a draft or its return waits for approval.
                return ToReview(entries=())
            require_in_force(entry)
            asking = Asking.of(tx, [entry])
        else:
            asking = Asking.of(tx, visible.to_review(reader.user, now, _CONSIDERED))
    turns = asking.turns(known, now)
    entries = asking.entries if key else in_particular(asking.entries, turns, reader.user)
    waiting = {entry: turn.waiting for entry, turn in turns.items()}
    more, is_counted = max(0, len(entries) - LISTED), len(asking.entries) < _CONSIDERED
    return ToReview(
        entries=tuple(entries[:LISTED]), more=more, waiting=waiting, is_counted=is_counted
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class ToCertify:
    """The revision in force as its reader sees it, and the last certification of any revision."""

    card: Card
    certified: GivenVerdict | None


def read_to_certify(store: Store, team: TeamId, *, reader: Reader, key: str) -> ToCertify:
    """Read the revision that is in force, whichever revision the key cites.

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
    """Vouch that one exact revision is still accurate; moves its due date.

    Raises:
        RevisedError: the key cites a revision that is no longer in force.
        RetiredError, NotFoundError, NotAllowedError: with what to do instead.
    """
    require_member(reader)
    with store.transaction(team) as tx:
        entry = _cited(tx, reader, key)
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
        _told(tx, certified, reader.user, now, outcome="still accurate")
        tx.audit.add(reader.user, "certified", str(certified.cited), {"due": due}, now)
        return certified


def find_wanting(store: Store, team: TeamId, *, reader: Reader, key: str, now: datetime) -> Entry:
    """Say that a revision needs a change; it stays due until one comes, or somebody vouches for it.

    Raises:
        RevisedError: the key cites a revision that is no longer in force.
        RetiredError, NotFoundError, NotAllowedError: with what to do instead.
    """
    require_member(reader)
    with store.transaction(team) as tx:
        entry = _cited(tx, reader, key)
        review = GivenVerdict(
            revision=entry.revision.number, verdict=Verdict.CHANGE, by=reader.user, at=now
        )
        if tx.verdicts.add(entry.id, review, entry.due_at):
            _told(tx, entry, reader.user, now, outcome="needs a change")
            tx.audit.add(reader.user, "needs_change", str(entry.cited), {}, now)
        return entry


def ask_someone(
    store: Store, team: TeamId, *, reader: Reader, key: str, asked: Reader, now: datetime
) -> Entry:
    """Pass on the question whether a revision is still accurate to somebody who would know.

    Raises:
        InvalidInputError: they are no active member, or are the one who passes it on.
        NotAllowedError: the entry lives where they may not look.
        RevisedError: the key cites a revision that is no longer in force.
        RetiredError, NotFoundError: with what to do instead.
    """
    require_member(reader)
    if not asked.person.member:
        raise InvalidInputError(_UNFIT)
    if asked.user == reader.user:
        raise InvalidInputError("You have already been asked. Choose someone else who would know.")
    with store.transaction(team) as tx:
        entry = _cited(tx, reader, key)
        require_sees(tx, entry, asked)
        review = GivenVerdict(
            revision=entry.revision.number,
            verdict=Verdict.ASKED,
            by=reader.user,
            at=now,
            asked=asked.user,
        )
        if tx.verdicts.add(entry.id, review, entry.due_at):
            _told(tx, entry, reader.user, now, outcome=f"passed on to {asked.person.name}")
            tx.audit.add(reader.user, "asked", str(entry.cited), {"asked": asked.user}, now)
        return entry


def snooze_entry(store: Store, team: TeamId, *, reader: Reader, key: str, now: datetime) -> Entry:
    """Leave an entry out of the next digest; it stays due, for only a verdict moves that.

    Raises:
        RetiredError, NotFoundError, NotAllowedError: with what to do instead.
    """
    require_member(reader)
    with store.transaction(team) as tx:
        entry = _current(tx, reader, key)
        tx.entries.snooze(entry.id, now + SNOOZE)
        strike(tx, (Section.DUE,), by=reader.user, outcome="snoozed", now=now, entry=entry.id)
        until = (now + SNOOZE).isoformat()
        tx.audit.add(reader.user, "snoozed", str(entry.cited), {"until": until}, now)
        return entry


def _cited(tx: Transaction, reader: Reader, key: str) -> Entry:
    """The entry of a key, locked, if the revision that the key cites is in force."""
    entry = _current(tx, reader, key)
    cited = Key.parse(key)
    if cited and cited.revision and cited.revision != entry.revision.number:
        raise RevisedError(
            f"{entry.key} is now at revision {entry.revision.number}, but this button is about "
            f"revision {cited.revision}. Read the new one first: `/lore show {entry.key}`.",
            current=entry.revision.number,
        )
    return entry


def _current(tx: Transaction, reader: Reader, key: str) -> Entry:
    entry = found(tx.entries.visible_to(reader), key)
    require_in_force(entry)
    locked = tx.entries.by_id(entry.id, lock=True)
    assert locked is not None
    require_in_force(locked)
    return locked


def _told(tx: Transaction, entry: Entry, by: UserId, now: datetime, *, outcome: str) -> None:
    tx.outbox.add(
        Topic.REFRESH, channel=entry.home, payload={"entry": entry.id}, due_at=now, at=now
    )
    strike(tx, (Section.DUE,), by=by, outcome=outcome, now=now, entry=entry.id)
