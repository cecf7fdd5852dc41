"""The history of an entry: its revisions page by page and compared; recent changes of all."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from bot.domain.approval import Proposal
from bot.domain.bulk_verdicts import VerdictDetails
from bot.domain.diff import FieldChange, diff
from bot.domain.entries import Entry, Key, TeamId, UseCounts, UserId
from bot.domain.errors import InvalidInputError, NotFoundError
from bot.domain.revisions import Revision
from bot.domain.typed_dates import Moment, parse_since
from bot.domain.visibility import Reader
from bot.usecases.steps.permissions import load_entry, require_served
from bot.usecases.steps.verdicts import list_verdicts
from bot.usecases.steps.visible_links import hide_revision_links
from storage.store import Store, Transaction
from storage.visible_entries import Landing

PAGE: Final = 10
LISTED: Final = 15
WEEK: Final = timedelta(days=7)


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One revision in the history of its entry, with its uses while it was in force.

    `landed`: it came into force. `proposal`: the proposal whose last revision it is, if any.
    `rebased_onto`: the number of the revision onto which it was rebased, if any.
    """

    revision: Revision
    uses: UseCounts
    in_force: bool
    landed: bool = True
    proposal: Proposal | None = None
    approved_by: tuple[UserId, ...] = ()
    verdicts: tuple[VerdictDetails, ...] = ()
    rebased_onto: int | None = None

    @property
    def outcome(self) -> str:
        """Return the state of the revision; empty if it is just an older one."""
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
        """Return where the next page begins; None if this is the last one."""
        bottom = self.steps[-1].revision.number
        return _cite(self.entry, bottom - 1) if bottom > 1 else None

    @property
    def newer(self) -> Key | None:
        """Return where the previous page begins; None if this is the first one."""
        top = self.steps[0].revision.number
        return _cite(self.entry, min(top + PAGE, self.last)) if top < self.last else None


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparison:
    """Two revisions of an entry, `old` and `new`."""

    entry: Entry
    old: Revision
    new: Revision

    @property
    def changes(self) -> tuple[FieldChange, ...]:
        """Return the fields that differ; none if only the entry's state changed."""
        return diff(self.old.content, self.new.content)


def read_history(store: Store, team: TeamId, *, reader: Reader, key: str) -> History:
    """Return a page of an entry's revisions; for `DEC-12@40`, from that one backwards.

    Raises:
        NotFoundError, NotAllowedError: with what to do instead.
    """
    require_served(reader)
    with store.read(team) as tx:
        entry = load_entry(tx.entries.visible_to(reader), key)
        parsed = Key.parse(key)
        last = tx.revisions.last(entry.id)
        page = tx.revisions.page(entry.id, start=(parsed and parsed.revision) or last, limit=PAGE)
        span = (page[-1].number, page[0].number)
        uses = tx.uses.by_revision(entry.id, *span)
        landings = tx.revisions.landings(entry.id, *span)
        approvals = tx.proposals.approvals(entry.id, *span)
        proposals = tx.proposals.by_revision(entry.id, [revision.number for revision in page])
        verdicts = list_verdicts(tx, entry.id, page)
        rebased = {
            revision.number: tx.revisions.rebased_onto(entry.id, revision)
            for revision in page
            if revision.number not in landings and revision.number not in proposals
        }
    now = entry.revision.number if entry.is_in_force else None
    steps = (
        Step(
            revision=revision,
            uses=uses.get(revision.number, UseCounts()),
            in_force=revision.number == now,
            landed=revision.number in landings,
            proposal=proposals.get(revision.number),
            approved_by=tuple(approvals.get(revision.number, ())),
            verdicts=verdicts.get(revision.number, ()),
            rebased_onto=rebased.get(revision.number),
        )
        for revision in page
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
    """Compare two revisions; by default the one in force with the one before it.

    Raises:
        InvalidInputError: both are the same revision, or none comes before.
        NotFoundError, NotAllowedError: with what to do instead.
    """
    require_served(reader)
    with store.read(team) as tx:
        visible = tx.entries.visible_to(reader)
        entry = load_entry(visible, key)
        after = hide_revision_links(visible, load_revision(tx, entry, new or entry.revision.number))
        if old is None:
            return Comparison(
                entry=entry,
                old=hide_revision_links(visible, _load_before(tx, entry, after)),
                new=after,
            )
        before = hide_revision_links(visible, load_revision(tx, entry, old))
    if before.number == after.number:
        in_force = ", which is in force," if after.number == entry.revision.number else ""
        raise InvalidInputError(
            f"That would compare {_cite(entry, old)}{in_force} with itself. `/lore diff "
            f"{entry.key}` compares the revision in force with the one before it. `/lore history "
            f"{entry.key}` lists them all."
        )
    return Comparison(entry=entry, old=before, new=after)


@dataclass(frozen=True, slots=True, kw_only=True)
class Changes:
    """The revisions that came into force since a time, latest first.

    `more`: there are more than these.
    """

    since: str
    landings: tuple[Landing, ...]
    more: bool


def list_changes(
    store: Store, team: TeamId, *, reader: Reader, when: str, now: datetime
) -> Changes:
    """Return what came into force since a date, or in the last week, and this person may see.

    Raises:
        InvalidInputError: `when` isn't a time, or is in the future.
        NotAllowedError: with what to do instead.
    """
    require_served(reader)
    since = (
        parse_since(when, reader.person.timezone, now)
        if when
        else Moment(at=now - WEEK, name=f"{now - WEEK:%Y-%m-%d}")
    )
    with store.read(team) as tx:
        landings = tx.entries.visible_to(reader).landed_since(since.at, LISTED + 1)
    return Changes(since=since.name, landings=tuple(landings[:LISTED]), more=len(landings) > LISTED)


def load_revision(tx: Transaction, entry: Entry, number: int) -> Revision:
    """Return one revision of an entry.

    Raises:
        NotFoundError: no revision has that number.
    """
    if number == entry.revision.number:
        return entry.revision
    revision = tx.revisions.get(entry.id, number)
    if revision is None:
        last = tx.revisions.last(entry.id)
        many = "one revision" if last == 1 else f"{last} revisions"
        raise NotFoundError(
            f"{entry.key} has {many}; there is no {_cite(entry, number)}. `/lore history "
            f"{entry.key}` lists them."
        )
    return revision


def _load_before(tx: Transaction, entry: Entry, after: Revision) -> Revision:
    before = tx.revisions.before(entry.id, after.number)
    if before is None and after.number > 1:
        # Nothing was in force before it, so compare it with the draft's earlier text.
        before = tx.revisions.get(entry.id, after.number - 1)
    if before is None:
        raise InvalidInputError(
            f"{_cite(entry, after.number)} is the first revision, so there is nothing to "
            f"compare it with. `/lore show {entry.key}` shows its text."
        )
    return before


def _cite(entry: Entry, number: int) -> Key:
    return Key(kind=entry.key.kind, number=entry.key.number, revision=number)
