"""How an entry came to say what it says: its revisions, page by page and side by side."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from bot.domain.approval import Proposal
from bot.domain.bulk_verdicts import Judged
from bot.domain.diff import FieldChange, diff
from bot.domain.entries import Entry, Key, TeamId, UseCounts, UserId
from bot.domain.errors import InvalidInputError, NotFoundError
from bot.domain.revisions import Revision
from bot.domain.typed_dates import Moment, parse_since
from bot.domain.visibility import Reader
from bot.usecases.steps.permissions import found, require_served
from bot.usecases.steps.verdicts import verdicts_on
from bot.usecases.steps.visible_links import veil_revision
from storage.store import Store, Transaction
from storage.visible_entries import Landing

PAGE: Final = 10
LISTED: Final = 15
WEEK: Final = timedelta(days=7)


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One revision in the history of its entry, and how it went while it was in force.

    `landed`: it came into force. `proposal`: the one of which it is the last revision, if any.
    `rebased_onto`: the number of what came into force while it waited, if that took it further.
    """

    revision: Revision
    uses: UseCounts
    in_force: bool
    landed: bool = True
    proposal: Proposal | None = None
    approved_by: tuple[UserId, ...] = ()
    verdicts: tuple[Judged, ...] = ()
    rebased_onto: int | None = None

    @property
    def stands(self) -> str:
        """Where the revision stands, if it says more than that it was in force once."""
        if self.in_force:
            return "in force"
        if self.landed:
            return ""
        if self.proposal:
            return self.proposal.state.words
        if self.rebased_onto is not None:
            return f"proposed, then rebased onto revision {self.rebased_onto}"
        return "proposed, then revised"


@dataclass(frozen=True, slots=True, kw_only=True)
class History:
    """A page of an entry's revisions, newest first; `last` is the number of the newest of all."""

    entry: Entry
    steps: tuple[Step, ...]
    last: int

    @property
    def older(self) -> Key | None:
        """Where the next page begins; None if there is none."""
        bottom = self.steps[-1].revision.number
        return _cited(self.entry, bottom - 1) if bottom > 1 else None

    @property
    def newer(self) -> Key | None:
        """Where the page before begins; None if there is none."""
        top = self.steps[0].revision.number
        return _cited(self.entry, min(top + PAGE, self.last)) if top < self.last else None


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparison:
    """Two revisions of an entry and what the second says otherwise."""

    entry: Entry
    old: Revision
    new: Revision

    @property
    def changes(self) -> tuple[FieldChange, ...]:
        """The fields that differ; none where only its owner's or its own standing changed."""
        return diff(self.old.content, self.new.content)


def history_of(store: Store, team: TeamId, *, reader: Reader, key: str) -> History:
    """A page of an entry's revisions; with `DEC-12@40`, from that one on back.

    Raises:
        NotFoundError, NotAllowedError: with what to do instead.
    """
    require_served(reader)
    with store.read(team) as tx:
        entry = found(tx.entries.visible_to(reader), key)
        cited = Key.parse(key)
        last = tx.revisions.last(entry.id)
        page = tx.revisions.page(entry.id, start=(cited and cited.revision) or last, limit=PAGE)
        span = (page[-1].number, page[0].number)
        uses = tx.uses.by_revision(entry.id, *span)
        landings = tx.revisions.landings(entry.id, *span)
        approvals = tx.proposals.approvals(entry.id, *span)
        proposals = tx.proposals.by_revision(entry.id, [one.number for one in page])
        verdicts = verdicts_on(tx, entry.id, page)
        rebased = {
            one.number: tx.revisions.rebased_onto(entry.id, one)
            for one in page
            if one.number not in landings and one.number not in proposals
        }
    now = entry.revision.number if entry.is_in_force else None
    steps = (
        Step(
            revision=one,
            uses=uses.get(one.number, UseCounts()),
            in_force=one.number == now,
            landed=one.number in landings,
            proposal=proposals.get(one.number),
            approved_by=tuple(approvals.get(one.number, ())),
            verdicts=verdicts.get(one.number, ()),
            rebased_onto=rebased.get(one.number),
        )
        for one in page
    )
    return History(entry=entry, steps=tuple(steps), last=last)


def compare_revisions(
    store: Store,
    team: TeamId,
    *,
    reader: Reader,
    key: str,
    old: int | None = None,
    new: int | None = None,
) -> Comparison:
    """Compare two revisions; `new` is else the one in force, `old` the one before `new`.

    Raises:
        InvalidInputError: they are one and the same, or nothing came before.
        NotFoundError, NotAllowedError: with what to do instead.
    """
    require_served(reader)
    with store.read(team) as tx:
        visible = tx.entries.visible_to(reader)
        entry = found(visible, key)
        after = veil_revision(visible, revision_of(tx, entry, new or entry.revision.number))
        if old is None:
            return Comparison(
                entry=entry, old=veil_revision(visible, _before(tx, entry, after)), new=after
            )
        before = veil_revision(visible, revision_of(tx, entry, old))
    if before.number == after.number:
        in_force = ", which is in force," if after.number == entry.revision.number else ""
        raise InvalidInputError(
            f"That would compare {_cited(entry, old)}{in_force} with itself. `/lore diff "
            f"{entry.key}` compares the revision in force with the one before it. `/lore history "
            f"{entry.key}` lists them all."
        )
    return Comparison(entry=entry, old=before, new=after)


@dataclass(frozen=True, slots=True, kw_only=True)
class Changes:
    """What came into force since a time, the latest first; `more`: there is more than listed."""

    since: str
    landings: tuple[Landing, ...]
    more: bool


def changes_since(
    store: Store, team: TeamId, *, reader: Reader, when: str, now: datetime
) -> Changes:
    """What came into force since a day, or in the last week, of all that this person may see.

    Raises:
        InvalidInputError: `when` is no time, or still to come.
        NotAllowedError: with what to do instead.
    """
    require_served(reader)
    since = (
        parse_since(when, reader.person.timezone, now)
        if when
        else Moment(at=now - WEEK, name=f"{now - WEEK:%Y-%m-%d}")
    )
    with store.read(team) as tx:
        found = tx.entries.visible_to(reader).landed_since(since.at, LISTED + 1)
    return Changes(since=since.name, landings=tuple(found[:LISTED]), more=len(found) > LISTED)


def revision_of(tx: Transaction, entry: Entry, number: int) -> Revision:
    """One revision of an entry.

    Raises:
        NotFoundError: there is none of that number.
    """
    if number == entry.revision.number:
        return entry.revision
    revision = tx.revisions.get(entry.id, number)
    if revision is None:
        last = tx.revisions.last(entry.id)
        many = "one revision" if last == 1 else f"{last} revisions"
        raise NotFoundError(
            f"{entry.key} has {many}; there is no {_cited(entry, number)}. `/lore history "
            f"{entry.key}` lists them."
        )
    return revision


def _before(tx: Transaction, entry: Entry, after: Revision) -> Revision:
    before = tx.revisions.before(entry.id, after.number)
    if before is None and after.number > 1:
        # Nothing was in force before it, so compare it with what the draft said before.
        before = tx.revisions.get(entry.id, after.number - 1)
    if before is None:
        raise InvalidInputError(
            f"{_cited(entry, after.number)} is the first revision, so there is nothing to "
            f"compare it with. `/lore show {entry.key}` shows its text."
        )
    return before


def _cited(entry: Entry, number: int) -> Key:
    return Key(kind=entry.key.kind, number=entry.key.number, revision=number)
