"""The verification of the audit: its chain is intact, and each audited row matches its acts."""

import hashlib
import json
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import compress
from typing import Any, Final

from sqlalchemy import Executable, Select, bindparam, tuple_
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

# Acts per page. One act may record a hundred rows.
_ACTS_AT_ONCE: Final = 200
_ROWS_AT_ONCE: Final = 1000
_ACTS: Final = table_of(AuditRow)
_WORKSPACES: Final = table_of(WorkspaceRow)
# How many faults are listed. The others are only counted.
_LISTED: Final = 100

Row = Mapping[str, Any]
# Rows with their keys; None instead of a row that can't be read.
Page = Sequence[tuple[tuple[Any, ...], Row | None]]


@dataclass(frozen=True, slots=True, kw_only=True)
class AuditResult:
    """The result of a verification.

    `acts`: how many acts verify. `head`: the hash of the last of them. Stored elsewhere, it later
    proves that nothing up to there was rewritten. `rows`: how many rows of each table match their
    acts. `since`: the first act that records rows; None if there isn't one. `faults`: the first
    hundred faults. `more`: how many more there are.
    """

    acts: int
    rows: Mapping[str, int]
    head: str
    since: Teller | None = None
    faults: tuple[Fault, ...] = ()
    more: int = 0

    @property
    def fault(self) -> Fault | None:
        """The first fault; None if there isn't one."""
        return self.faults[0] if self.faults else None


class _BrokenError(Exception):
    """The chain is broken, so the acts after this place aren't reliable."""

    def __init__(self, flaw: Flaw) -> None:
        super().__init__(flaw)
        self.flaw = flaw


def verify(session: Session, team: str) -> AuditResult:
    """Verify the audit of a workspace, page by page. The transaction must see one state throughout.

    If the chain is broken, rows aren't compared, because no act reliably says how they should be.
    """
    with Ledger() as ledger:
        walk = _Walk(session, team, ledger)
        try:
            walk.check_acts()
            walk.check_rows()
        except _BrokenError as error:
            walk.faults.append(Fault(flaw=error.flaw))
    return AuditResult(
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

    def check_acts(self) -> None:
        """Check the hashes, and note the state in which the acts leave each row."""
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

    def check_rows(self) -> None:
        """Compare every audited row with the state that its last act recorded."""
        for audited in self._tables_in_use():
            query = columns(*audited.selected if self._raw else audited.read)
            query = query.where(audited.table.c.team_id == self._team)
            for page in self._pages(query, tuple(audited.key), _ROWS_AT_ONCE):
                self._compare(audited, page)
        for table, key, act in self._ledger.rest():
            self._report(Flaw.MISSING, table, key, act)

    def _tables_in_use(self) -> Iterator[AuditedTable]:
        """Return the tables with rows of this workspace. It takes one statement."""
        used = self._connection.execute(_usage(), {"team": self._team}).one()
        return compress(AUDITED_TABLES.values(), used)

    def _follows(self, row: Row) -> bool:
        """Check that an act follows the one before it, and return whether it does."""
        number = self.acts + 1
        if row["number"] != number or row["hash"] != of_act(self.head, row):
            return False
        self.acts, self.head = number, row["hash"]
        return True

    def _stated(self, row: Row) -> Iterator[StatedRow]:
        if row["states"] and self.since is None:
            self.since = _teller(row)
        return stated_by(row) if self.since is not None else stated_by_older(row)

    def _compare(self, audited: AuditedTable, page: Page) -> None:
        rows = {"/".join(map(str, key)): row for key, row in page}
        lines = self._ledger.take(audited.name, list(rows))
        for key, row in rows.items():
            line = lines.get(key, Line(digest=None, act=0))
            is_readable, state = _read(audited, row)
            if not is_readable:
                self._report(Flaw.UNREADABLE, audited.name, key, line.act)
            elif (None if state is None else _digest(state)) != line.digest:
                flaw = Flaw.MISSING if state is None else Flaw.CHANGED
                flaw = Flaw.UNSTATED if line.digest is None else flaw
                self._report(flaw, audited.name, key, line.act, state)
            else:
                self.rows[audited.table.name.replace("_", " ")] += state is not None

    def _report(
        self, flaw: Flaw, table: str, key: str, act: int, stored: State | None = None
    ) -> None:
        if len(self.faults) >= _LISTED:
            self.more += 1
            return
        row = self._act(act)
        stated = None if row is None else _state(row, table, key)
        changes = [] if stored is None or stated is None else differences(stored, stated)
        names = [column.name for column in AUDITED_TABLES[table].key]
        values = dict(zip(names, key.split("/"), strict=False)) | dict(stored or stated or {})
        teller = None if row is None else _teller(row)
        subject = self._subject(table, values) or key
        self.faults.append(
            Fault(
                flaw=flaw,
                table=table,
                subject=subject,
                differences=tuple(changes),
                state=values,
                teller=teller,
            )
        )

    def _subject(self, table: str, row: Row) -> str:
        """Return the entry or the exact revision that a row is about; empty if there isn't one."""
        if table == "entries":
            return _name(row.get("kind"), row.get("number"), None)
        entries = AUDITED_TABLES["entries"].table.c
        query = columns(entries.kind, entries.number).where(
            entries.team_id == self._team, entries.id == row.get("entry_id")
        )
        entry = self._connection.execute(query).first() if row.get("entry_id") else None
        if entry is None:
            return ""
        revision = row.get("number") if table == "revisions" else row.get("revision")
        return _name(entry[0], entry[1], revision)

    def _act(self, number: int) -> Row | None:
        query = self._of_acts.where(_ACTS.c.number == number)
        return self._connection.execute(query).mappings().first()  # type: ignore[return-value] # keys are names

    def _pages(self, query: Select[Any], key: tuple[Any, ...], most: int) -> Iterator[Page]:
        """Yield rows in the order of a key, page by page."""
        after: Sequence[Any] = ()
        is_last = False
        while not is_last:
            page, is_last = self._page(query, key, after, most)
            if page:
                yield page
                after = page[-1][0]

    def _page(
        self, query: Select[Any], key: tuple[Any, ...], after: Sequence[Any], most: int
    ) -> tuple[Page, bool]:
        """Return the next rows, and whether they are the last.

        If one of them can't be read, only the next one is returned.
        """
        step = _next(query, key, after, most)
        try:
            rows = self._connection.execute(step).mappings().all()
        except (ValueError, TypeError):
            if most == 1:
                only = self._connection.execute(_next(query.with_only_columns(*key), key, after, 1))
                return [(tuple(only.one()), None)], False
            return self._page(query, key, after, 1)
        page = [(tuple(row[column.name] for column in key), dict(row)) for row in rows]
        return page, len(rows) < most


@cache  # making the statement takes longer than executing it
def _usage() -> Executable:
    """Select whether each audited table has rows of the workspace `team`."""
    return columns(
        *(
            columns(audited.table.c.team_id)
            .where(audited.table.c.team_id == bindparam("team"))
            .exists()
            .label(audited.name)
            for audited in AUDITED_TABLES.values()
        )
    )


def _teller(row: Row) -> Teller:
    return Teller(number=row["number"], actor=row["actor"], action=row["action"], at=row["at"])


def _read(audited: AuditedTable, row: Row | None) -> tuple[bool, State | None]:
    """Return whether a row can be read, and its state in the form that the audit has."""
    if row is None:
        return False, None
    try:
        state = audited.state_of(row)
    except (TypeError, ValueError):
        return False, None
    return True, None if state is None else _plain(state)


def _state(act: Row, table: str, key: str) -> State | None:
    """Return the state that an act records of a row."""
    recorded = [*stated_by_older(act), *stated_by(act)]
    states = [row.state for row in recorded if (row.table, row.key) == (table, key)]
    return None if not states or states[-1] is None else _plain(states[-1])


def _name(kind: object, number: object, revision: object) -> str:
    """Return an entry's key or a revision's cite; empty if the values make none."""
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
    """Return a state in the form in which it is read from the audit."""
    plain: State = json.loads(_json(state))
    return plain


def _json(state: State) -> str:
    return json.dumps(state, sort_keys=True, separators=(",", ":"), default=moment)


def _next(query: Select[Any], key: tuple[Any, ...], after: Sequence[Any], most: int) -> Select[Any]:
    """Select the next rows after the key `after`."""
    rest = query.where(tuple_(*key) > tuple_(*after)) if after else query
    return rest.order_by(*key).limit(most)
