"""Proving the audit: the chain holds, and every row that people rely on is as its acts left it."""

import hashlib
import json
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import Select, tuple_
from sqlalchemy import select as columns
from sqlmodel import Session

from bot.domain.entries import Key
from bot.domain.kinds import Kind
from bot.domain.replay import (
    Fault,
    Flaw,
    State,
    StatedRow,
    Teller,
    differences,
    stated_by,
    stated_by_older,
)
from storage.aggregate import table_of
from storage.audit.ledger import Ledger, Line
from storage.audit.states import AUDITED_TABLES, AuditedTable
from storage.hashes import NOTHING, moment, of_act
from storage.tables.audit import AuditRow
from storage.tables.workspaces import WorkspaceRow

# An act may state a hundred rows.
_ACTS_AT_ONCE: Final = 200
_ROWS_AT_ONCE: Final = 1000
_ACTS: Final = table_of(AuditRow)
_WORKSPACES: Final = table_of(WorkspaceRow)
# More than this isn't read one by one; they are only counted.
_LISTED: Final = 100

Row = Mapping[str, Any]
# Rows with their keys; None in the place of one that can't be read.
Page = Sequence[tuple[tuple[Any, ...], Row | None]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """The result of a walk along a workspace's audit.

    `acts`: how many acts verify, and `head` the hash of the last of them: noted elsewhere, it shows
    later that nothing up to there was rewritten. `rows`: how many rows of each table are as they
    were left. `since`: the first act that states rows; None if there is none.
    `faults`: the first hundred, and `more` that are only counted.
    """

    acts: int
    rows: Mapping[str, int]
    head: str
    since: Teller | None = None
    faults: tuple[Fault, ...] = ()
    more: int = 0

    @property
    def fault(self) -> Fault | None:
        """The first fault; None if all is as it was left."""
        return self.faults[0] if self.faults else None


class _BrokenError(Exception):
    """The chain doesn't hold: acts after this place say nothing reliable."""

    def __init__(self, flaw: Flaw) -> None:
        super().__init__(flaw)
        self.flaw = flaw


def verify(session: Session, team: str) -> Verdict:
    """Walk along the audit of a workspace, in one unchanging view, a page at a time.

    Where the chain is broken, rows aren't compared: nothing reliable says how they should be.
    """
    with Ledger() as ledger:
        walk = _Walk(session, team, ledger)
        try:
            walk.along_acts()
            walk.along_rows()
        except _BrokenError as error:
            walk.faults.append(Fault(flaw=error.flaw))
    return Verdict(
        acts=walk.acts,
        rows=walk.rows,
        head=walk.head,
        since=walk.since,
        faults=tuple(walk.faults[:_LISTED]),
        more=walk.more,
    )


class _Walk:
    def __init__(self, session: Session, team: str, ledger: Ledger) -> None:
        self._connection = session.connection()
        self._team = team
        self._ledger = ledger
        self._raw = session.get_bind().dialect.name == "sqlite"
        self._of_acts = columns(_ACTS).where(_ACTS.c.team_id == team)
        self.acts, self.head = 0, NOTHING
        self.since: Teller | None = None
        self.rows: Counter[str] = Counter()
        self.faults: list[Fault] = []
        self.more = 0

    def along_acts(self) -> None:
        """Follow the hashes, and note how the acts leave each row."""
        for page in self._pages(self._of_acts, (_ACTS.c.number,), _ACTS_AT_ONCE):
            lines: list[tuple[str, str, bytes | None, int]] = []
            for _, row in page:
                if row is None or not self._follows(row):
                    self._ledger.put(lines)
                    raise _BrokenError(Flaw.BROKEN)
                lines += [_line(stated, self.acts) for stated in self._stated(row)]
            self._ledger.put(lines)
        end = columns(_WORKSPACES.c.acts, _WORKSPACES.c.head).where(
            _WORKSPACES.c.team_id == self._team
        )
        if self._connection.execute(end).first() not in ((self.acts, self.head), None):
            raise _BrokenError(Flaw.CUT)

    def along_rows(self) -> None:
        """Compare every row that people rely on with what its last act says."""
        for relied in AUDITED_TABLES.values():
            query = columns(*relied.selected if self._raw else relied.read)
            query = query.where(relied.table.c.team_id == self._team)
            for page in self._pages(query, tuple(relied.key), _ROWS_AT_ONCE):
                self._compare(relied, page)
        for table, key, act in self._ledger.rest():
            self._report(Flaw.MISSING, table, key, act)

    def _follows(self, row: Row) -> bool:
        """Whether an act is bound to the one before it; it is the last one then."""
        number = self.acts + 1
        if row["number"] != number or row["hash"] != of_act(self.head, row):
            return False
        self.acts, self.head = number, row["hash"]
        return True

    def _stated(self, row: Row) -> Iterator[StatedRow]:
        if row["states"] and self.since is None:
            self.since = _teller(row)
        return stated_by(row) if self.since is not None else stated_by_older(row)

    def _compare(self, relied: AuditedTable, page: Page) -> None:
        rows = {"/".join(map(str, key)): row for key, row in page}
        lines = self._ledger.take(relied.name, list(rows))
        for key, row in rows.items():
            line = lines.get(key, Line(digest=None, act=0))
            readable, state = _read(relied, row)
            if not readable:
                self._report(Flaw.UNREADABLE, relied.name, key, line.act)
            elif (None if state is None else _digest(state)) != line.digest:
                flaw = Flaw.MISSING if state is None else Flaw.CHANGED
                flaw = Flaw.UNSTATED if line.digest is None else flaw
                self._report(flaw, relied.name, key, line.act, state)
            else:
                self.rows[relied.name] += state is not None

    def _report(
        self, flaw: Flaw, table: str, key: str, act: int, stored: State | None = None
    ) -> None:
        if len(self.faults) >= _LISTED:
            self.more += 1
            return
        row = self._act(act)
        stated = None if row is None else _state(row, table, key)
        found = [] if stored is None or stated is None else differences(stored, stated)
        names = [each.name for each in AUDITED_TABLES[table].key]
        told = dict(zip(names, key.split("/"), strict=False)) | dict(stored or stated or {})
        teller = None if row is None else _teller(row)
        subject = self._subject(table, told) or key
        self.faults.append(
            Fault(
                flaw=flaw,
                table=table,
                subject=subject,
                differences=tuple(found),
                state=told,
                teller=teller,
            )
        )

    def _subject(self, table: str, row: Row) -> str:
        """The entry or the exact revision that a row is about; empty if it is about none."""
        if table == "entries":
            return _name(row.get("kind"), row.get("number"), None)
        entries = AUDITED_TABLES["entries"].table.c
        query = columns(entries.kind, entries.number).where(
            entries.team_id == self._team, entries.id == row.get("entry_id")
        )
        named = self._connection.execute(query).first() if row.get("entry_id") else None
        if named is None:
            return ""
        revision = row.get("number") if table == "revisions" else row.get("revision")
        return _name(named[0], named[1], revision)

    def _act(self, number: int) -> Row | None:
        query = self._of_acts.where(_ACTS.c.number == number)
        return self._connection.execute(query).mappings().first()  # type: ignore[return-value] # keys are names

    def _pages(self, query: Select[Any], key: tuple[Any, ...], most: int) -> Iterator[Page]:
        """Yield rows in the order of a key, a page at a time."""
        after: Sequence[Any] = ()
        while True:
            page = self._page(query, key, after, most)
            if not page:
                return
            yield page
            after = page[-1][0]

    def _page(
        self, query: Select[Any], key: tuple[Any, ...], after: Sequence[Any], most: int
    ) -> Page:
        """The next rows; only the next one where one of them can't be read."""
        step = _next(query, key, after, most)
        try:
            rows = self._connection.execute(step).mappings().all()
        except (ValueError, TypeError):
            if most == 1:
                only = self._connection.execute(_next(query.with_only_columns(*key), key, after, 1))
                return [(tuple(only.one()), None)]
            return self._page(query, key, after, 1)
        return [(tuple(row[each.name] for each in key), dict(row)) for row in rows]


def _teller(row: Row) -> Teller:
    return Teller(number=row["number"], actor=row["actor"], action=row["action"], at=row["at"])


def _read(relied: AuditedTable, row: Row | None) -> tuple[bool, State | None]:
    """Whether a row can be read, and its state as the audit gives it back."""
    if row is None:
        return False, None
    try:
        state = relied.state_of(row)
    except (TypeError, ValueError):
        return False, None
    return True, None if state is None else _plain(state)


def _state(act: Row, table: str, key: str) -> State | None:
    """What an act says of a row."""
    stated = [*stated_by_older(act), *stated_by(act)]
    states = [each.state for each in stated if (each.table, each.key) == (table, key)]
    return None if not states or states[-1] is None else _plain(states[-1])


def _name(kind: object, number: object, revision: object) -> str:
    """The name of an entry or of a revision of it; empty if these are none's."""
    if kind not in set(Kind) or not isinstance(number, int):
        return ""
    key = Key(kind=Kind(str(kind)), number=number)
    return f"{key}@{revision}" if revision else str(key)


def _line(stated: StatedRow, act: int) -> tuple[str, str, bytes | None, int]:
    digest = None if stated.state is None else _digest(stated.state)
    return stated.table, stated.key, digest, act


def _digest(state: State) -> bytes:
    return hashlib.sha256(_json(state).encode()).digest()[:16]


def _plain(state: State) -> State:
    """A state as the audit gives it back."""
    plain: State = json.loads(_json(state))
    return plain


def _json(state: State) -> str:
    return json.dumps(state, sort_keys=True, separators=(",", ":"), default=moment)


def _next(query: Select[Any], key: tuple[Any, ...], after: Sequence[Any], most: int) -> Select[Any]:
    """The next rows in the order of a key, after those up to `after`."""
    rest = query.where(tuple_(*key) > tuple_(*after)) if after else query
    return rest.order_by(*key).limit(most)
