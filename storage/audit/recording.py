"""Recording of the audited rows that a transaction changes, so that its acts can include them.

Queries don't have to do anything for this, because the session sees every row that it writes. Rows
that are written directly through the connection aren't recorded. `audit verify` reports those as
changed by no act.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import Column, event, inspect, tuple_
from sqlalchemy import select as columns
from sqlalchemy.engine import Result
from sqlalchemy.orm import ORMExecuteState, UOWTransaction
from sqlmodel import Session, SQLModel

from bot.domain.replay import State
from storage.aggregate import table_of
from storage.audit.states import AUDITED_BY_NAME, AUDITED_TABLES, AuditedTable

_CHANGED: Final = "changed_rows"
_ACTS: Final = "acts"
# Rows per statement. A database takes some 30,000 values in one.
_READ_AT_ONCE: Final = 500


@dataclass(frozen=True, slots=True, kw_only=True)
class _Changed:
    """A changed row. `acts`: how many acts the transaction had at that time.

    `row`: its values; None if they are unknown and have to be read at the end.
    """

    acts: int
    row: Mapping[str, Any] | None
    is_gone: bool = False


class RecordingSession(Session):
    """A session that records the rows that it changes."""


def note(
    session: Session, audited: AuditedTable, row: Mapping[str, Any], *, is_gone: bool = False
) -> None:
    """Record that a row was changed. `row`: its values now, or before it was deleted."""
    key = (audited.name, tuple(row[column.name] for column in audited.table.primary_key))
    _changed(session)[key] = _Changed(
        acts=len(session.info.get(_ACTS, ())), row=row, is_gone=is_gone
    )


def note_unread(session: Session, row: type[SQLModel], *key: object) -> None:
    """Record that the row of a primary key was changed. It is read when the transaction ends."""
    changed = _Changed(acts=len(session.info.get(_ACTS, ())), row=None)
    _changed(session)[(AUDITED_BY_NAME[table_of(row).name].name, key)] = changed


def take_states(session: Session, acts: int) -> list[dict[str, dict[str, State | None]]]:
    """Return the new states of all changed rows, for each of the transaction's `acts`.

    A state belongs to the first act after the change. The last act also gets the rows that changed
    after it.
    """
    session.flush()
    states: list[dict[str, dict[str, State | None]]] = [{} for _ in range(acts)]
    changed = session.info.pop(_CHANGED, {})
    for name in {name for name, _ in changed}:
        audited = AUDITED_TABLES[name]
        mine = {key: change for (table, key), change in changed.items() if table == name}
        rows = _read(session, audited, [key for key, change in mine.items() if change.row is None])
        names = [column.name for column in audited.table.primary_key]
        for key, change in mine.items():
            row = change.row if change.row is not None else rows.get(key)
            state = None if row is None or change.is_gone else audited.state_of(row)
            act = states[min(change.acts, acts - 1)]
            act.setdefault(name, {})[audited.key_of(dict(zip(names, key, strict=True)))] = state
    return states


def changed_tables(session: Session) -> set[str]:
    """Return the tables in which the transaction has changed rows so far."""
    session.flush()
    return {name for name, _ in session.info.get(_CHANGED, {})}


def _changed(session: Session) -> dict[tuple[str, tuple[Any, ...]], _Changed]:
    changed: dict[tuple[str, tuple[Any, ...]], _Changed]
    changed = session.info.setdefault(_CHANGED, {})
    return changed


def _read(
    session: Session, audited: AuditedTable, keys: Sequence[tuple[Any, ...]]
) -> Mapping[tuple[Any, ...], Mapping[str, Any]]:
    names = [column.name for column in audited.table.primary_key]
    rows: dict[tuple[Any, ...], Mapping[str, Any]] = {}
    for first in range(0, len(keys), _READ_AT_ONCE):
        batch = keys[first : first + _READ_AT_ONCE]
        query = columns(*audited.read).where(tuple_(*audited.table.primary_key).in_(batch))
        for row in session.connection().execute(query).mappings():
            rows[tuple(row[name] for name in names)] = dict(row)
    return rows


def _note_if_audited(
    session: Session, audited: AuditedTable, row: Mapping[str, Any], *, is_gone: bool = False
) -> None:
    """Record a row that was added or deleted, if the audit covers it."""
    if audited.state_of(row) is not None:
        note(session, audited, row, is_gone=is_gone)


def _values(row: object, audited: AuditedTable) -> Mapping[str, Any]:
    return {column.name: getattr(row, column.name) for column in audited.read}


@event.listens_for(RecordingSession, "after_flush")
def _note_objects(session: Session, _context: UOWTransaction) -> None:
    for row in session.new:
        if audited := _audited_table(row):
            _note_if_audited(session, audited, _values(row, audited))
    for row in session.dirty:
        if (audited := _audited_table(row)) and _has_changes(row, audited):
            note_unread(session, type(row), *inspect(row).identity)
    for row in session.deleted:
        if audited := _audited_table(row):
            _note_if_audited(session, audited, _values(row, audited), is_gone=True)


@event.listens_for(RecordingSession, "do_orm_execute")
def _note_statement(state: ORMExecuteState) -> Result[Any] | None:
    """Make a statement that writes also return the rows that it writes."""
    if not (state.is_insert or state.is_update or state.is_delete):
        return None
    statement: Any = state.statement
    audited = AUDITED_BY_NAME.get(statement.table.name)
    if audited is None or (state.is_update and not _sets(statement, audited.read)):
        return None
    session: Any = state.session
    if state.is_update and _sets(statement, audited.table.primary_key):
        before = columns(*audited.read).where(statement.whereclause)
        for row in session.connection().execute(before, state.parameters).mappings():
            note(session, audited, row, is_gone=True)
    returning = statement.returning(*audited.read)
    result = state.invoke_statement(statement=returning).freeze()
    names = [column.name for column in audited.read]
    for values in result():
        # The row's values come after those that the caller wants.
        row = dict(zip(names, values[-len(names) :], strict=True))
        if state.is_update:
            note(session, audited, row)
        else:
            _note_if_audited(session, audited, row, is_gone=state.is_delete)
    returned: Result[Any] = result()
    return returned


def _sets(statement: Any, these: Iterable[Column[Any]]) -> bool:  # noqa: ANN401 - of SQLAlchemy's many kinds
    """Return whether an update sets one of these columns."""
    names = {getattr(column, "name", column) for column in statement._values}  # noqa: SLF001 - nothing public has it
    return not names.isdisjoint(column.name for column in these)


def _has_changes(row: object, audited: AuditedTable) -> bool:
    attributes = inspect(row, raiseerr=True).attrs
    return any(attributes[column.name].history.has_changes() for column in audited.read)


def _audited_table(row: object) -> AuditedTable | None:
    return AUDITED_BY_NAME.get(str(getattr(row, "__tablename__", "")))
