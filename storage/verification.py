"""Proving the audit: the chain holds, and every revision says what it said when it was made."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final, NamedTuple

from sqlalchemy import Select, Table, func, tuple_
from sqlalchemy import select as columns
from sqlmodel import Session

from storage.flow_tables import AuditRow
from storage.hashes import NOTHING, of_act, of_revision
from storage.part import table_of
from storage.review_tables import ApprovalRow, LandingRow
from storage.tables import RevisionRow, WorkspaceRow

_PAGE: Final = 1000
_ACTS: Final = table_of(AuditRow)
_REVISIONS: Final = table_of(RevisionRow)
_LANDINGS: Final = table_of(LandingRow)
_APPROVALS: Final = table_of(ApprovalRow)
_WORKSPACES: Final = table_of(WorkspaceRow)
_NUMBER: Final = (_ACTS.c.number,)
# An entry's id and the number of one of its revisions.
_NAME: Final = (_REVISIONS.c.entry_id, _REVISIONS.c.number)

Row = Mapping[Any, Any]


class Verdict(NamedTuple):
    """What a walk along a workspace's audit found.

    `acts` and `revisions`: how many hold. `head`: the hash of the last row that does; noted
    elsewhere, it shows later that nothing up to there was rewritten. `fault`: what is wrong with
    the row `broken`, the first that does not hold; None if all hold. A row that is missing at the
    end has no number.
    """

    acts: int
    revisions: int
    head: str
    fault: str | None = None
    broken: int | None = None


class _BrokenError(Exception):
    """What was found, and the number of the row that proves it."""

    def __init__(self, fault: str, number: int | None = None) -> None:
        super().__init__(fault)
        self.fault = fault
        self.number = number


class _UnreadableError(Exception):
    """A value that is none of its column's, in the row after the one of key `after`."""

    def __init__(self, after: Sequence[Any]) -> None:
        super().__init__()
        self.after = after


def verify(session: Session, team: str) -> Verdict:
    """Walk along the audit of a workspace, in one unchanging view, a page at a time."""
    walk = _Walk(session, team)
    fault = broken = None
    try:
        walk.along_acts()
        walk.along_revisions()
    except _BrokenError as error:
        fault, broken = error.fault, error.number
    return Verdict(walk.acts, walk.revisions, walk.head, fault, broken)


class _Walk:
    def __init__(self, session: Session, team: str) -> None:
        self._connection = session.connection()
        self._team = team
        self._of_acts = columns(_ACTS).where(_ACTS.c.team_id == team)
        self._of_revisions = columns(_REVISIONS).where(_REVISIONS.c.team_id == team)
        self.acts, self.head = 0, NOTHING
        self.told, self.revisions = 0, 0
        self.landed, self.approved = 0, 0
        # What revisions became from which words were taken out: few, as a rule none.
        self._redacted: dict[tuple[int, int], str] = {}

    def along_acts(self) -> None:
        """Each row is bound to the one before, and what it says of a revision is so."""
        try:
            for page in self._pages(self._of_acts, _NUMBER):
                for row in page:
                    self._follow(row)
                self._compare([row for row in page if "content" in row["details"]])
                self._compare_landings([row for row in page if _lands(row)])
                self._compare_approvals([row for row in page if _approves(row)])
        except _UnreadableError:
            raise _BrokenError(_CHANGED, self.acts + 1) from None
        end = columns(_WORKSPACES.c.acts, _WORKSPACES.c.head).where(
            _WORKSPACES.c.team_id == self._team
        )
        if self._connection.execute(end).first() not in ((self.acts, self.head), None):
            raise _BrokenError(_CUT)

    def along_revisions(self) -> None:
        """Each revision has its row, and says what it said when that was written."""
        try:
            for page in self._pages(self._of_revisions, _NAME):
                for row in page:
                    named, now = (row["entry_id"], row["number"]), of_revision(row)
                    if now != self._redacted.get(named, row["hash"]):
                        raise self._rewritten(named)
                    self.revisions += 1
        except _UnreadableError as error:
            after = self._of_revisions.with_only_columns(*_NAME)
            entry, number = self._connection.execute(_next(after, _NAME, error.after, 1)).one()
            raise self._rewritten((entry, number)) from None
        if self.revisions != self.told:
            raise _BrokenError(_UNTOLD)
        for table, told in ((_LANDINGS, self.landed), (_APPROVALS, self.approved)):
            count = columns(func.count()).select_from(table).where(table.c.team_id == self._team)
            if self._connection.execute(count).scalar_one() != told:
                raise _BrokenError(_UNSAID.format(_SINGLE[table.name]))

    def _follow(self, row: Row) -> None:
        number = self.acts + 1
        if row["number"] != number or row["hash"] != of_act(self.head, row):
            raise _BrokenError(_CHANGED, number)
        self.acts, self.head = number, row["hash"]
        if row["action"] == "redacted":
            entry, kept = row["details"].get("entry"), row["details"].get("revisions", {})
            self._redacted |= {(entry, int(number)): now for number, now in kept.items()}

    def _compare(self, acts: Sequence[Row]) -> None:
        """The revisions that rows tell of are there, and bear the hash that was written then."""
        wanted = [(row["details"]["entry"], row["details"]["revision"]) for row in acts]
        if not wanted:
            return
        query = self._of_revisions.with_only_columns(*_NAME, _REVISIONS.c.hash)
        query = query.where(tuple_(*_NAME).in_(wanted))
        kept = {(entry, number): found for entry, number, found in self._connection.execute(query)}
        for row, named in zip(acts, wanted, strict=True):
            if kept.get(named) != row["details"]["content"]:
                fault = _REWRITTEN if named in kept else _GONE
                raise _BrokenError(fault.format(row["subject"]), row["number"])
        self.told += len(kept)

    def _compare_landings(self, acts: Sequence[Row]) -> None:
        """What rows tell came into force did, and then."""
        told = {_named(row["details"]): row for row in acts}
        query = columns(_LANDINGS.c.entry_id, _LANDINGS.c.revision, _LANDINGS.c.at)
        self._find(query, _LANDINGS, told)
        self.landed += len(told)

    def _compare_approvals(self, acts: Sequence[Row]) -> None:
        """Who rows tell approved of what did, and then."""
        told = {(*_named(row["details"]), row["actor"]): row for row in acts}
        query = columns(
            _APPROVALS.c.entry_id, _APPROVALS.c.revision, _APPROVALS.c.by, _APPROVALS.c.at
        )
        self._find(query, _APPROVALS, told)
        self.approved += len(told)

    def _find(self, query: Select[Any], table: Table, told: Mapping[Any, Row]) -> None:
        """Each of those is in the table as its row tells."""
        if not told:
            return
        wanted = [name[:2] for name in told]
        query = query.where(
            table.c.team_id == self._team, tuple_(table.c.entry_id, table.c.revision).in_(wanted)
        )
        kept = {tuple(row[:-1]): row[-1] for row in self._connection.execute(query)}
        for name, row in told.items():
            if kept.get(name) != row["at"]:
                raise _BrokenError(_OTHERWISE.format(row["subject"]), row["number"])

    def _rewritten(self, named: tuple[int, int]) -> _BrokenError:
        for page in self._pages(self._of_acts, _NUMBER):
            for row in page:
                said = row["details"]
                if "content" in said and (said["entry"], said["revision"]) == named:
                    return _BrokenError(_REWRITTEN.format(row["subject"]), row["number"])
        return _BrokenError(_UNTOLD)

    def _pages(self, query: Select[Any], key: tuple[Any, ...]) -> Iterator[Sequence[Row]]:
        after: Sequence[Any] = ()
        most = _PAGE
        while True:
            try:
                page = self._connection.execute(_next(query, key, after, most)).mappings().all()
            except (ValueError, TypeError):
                if most == 1:
                    raise _UnreadableError(after) from None
                # Row by row now, to come to the one that can not be read.
                most = 1
                continue
            if not page:
                return
            yield page
            after = [page[-1][column.name] for column in key]


def _lands(row: Row) -> bool:
    """Whether a row tells that a revision came into force; once, to be saved was just that."""
    details = row["details"]
    saved_before_review = "content" in details and "effect" not in details
    landed = row["action"] in ("in_force", "recorded") or saved_before_review
    return landed and "entry" in details and "draft" not in details


def _approves(row: Row) -> bool:
    return row["action"] == "approved" and "entry" in row["details"]


def _named(details: Row) -> tuple[int, int]:
    return details["entry"], details["revision"]


def _next(query: Select[Any], key: tuple[Any, ...], after: Sequence[Any], most: int) -> Select[Any]:
    """The next rows in the order of a key, after those up to `after`."""
    rest = query.where(tuple_(*key) > tuple_(*after)) if after else query
    return rest.order_by(*key).limit(most)


_CHANGED: Final = "it was changed, put in, or one before it was taken out"
_REWRITTEN: Final = "{} no longer says what it said then"
_GONE: Final = "{} is gone"
_CUT: Final = "rows were cut off or put in there"
_OTHERWISE: Final = "{} came into force, or was approved of, otherwise than it tells"
_UNSAID: Final = "there is {} that no row tells of"
_SINGLE: Final = {"landings": "a landing", "approvals": "an approval"}
_UNTOLD: Final = "there is a revision that no row tells of"
