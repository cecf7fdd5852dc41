"""Noting which rows that people rely on a transaction changes, so that its acts state them.

No query has to ask for it: the session sees every row that it writes. What is written beside the
session, through its connection, isn't noted, and `audit verify` reports it as changed by no act.
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
# A database takes some 30,000 values in one statement.
_READ_AT_ONCE: Final = 500


@dataclass(frozen=True, slots=True, kw_only=True)
class _Changed:
    """A changed row. `acts`: how many acts the transaction had until then.

    `row`: what it holds, where that is known; None if it is to be read at the end.
    """

    acts: int
    row: Mapping[str, Any] | None
    is_gone: bool = False


class RecordingSession(Session):
    """A session that notes the rows it changes."""


def note(
    session: Session, relied: AuditedTable, row: Mapping[str, Any], *, is_gone: bool = False
) -> None:
    """Note that a row was changed, and what it holds now, or held before it was deleted."""
    key = (relied.name, tuple(row[each.name] for each in relied.table.primary_key))
    _changed(session)[key] = _Changed(
        acts=len(session.info.get(_ACTS, ())), row=row, is_gone=is_gone
    )


def note_unread(session: Session, row: type[SQLModel], *key: object) -> None:
    """Note that the row of a primary key was changed; it is read at the end."""
    changed = _Changed(acts=len(session.info.get(_ACTS, ())), row=None)
    _changed(session)[(AUDITED_BY_NAME[table_of(row).name].name, key)] = changed


def take_states(session: Session, acts: int) -> list[dict[str, dict[str, State | None]]]:
    """Return how the transaction leaves each changed row, by the act that follows the change.

    There are `acts` of them; the rows that were changed after the last one are stated by that.
    """
    session.flush()
    stated: list[dict[str, dict[str, State | None]]] = [{} for _ in range(acts)]
    changed = session.info.pop(_CHANGED, {})
    for name in {name for name, _ in changed}:
        relied = AUDITED_TABLES[name]
        mine = {key: change for (table, key), change in changed.items() if table == name}
        rows = _read(session, relied, [key for key, change in mine.items() if change.row is None])
        for key, change in mine.items():
            row = change.row if change.row is not None else rows.get(key)
            named = dict(zip((each.name for each in relied.table.primary_key), key, strict=True))
            state = None if row is None or change.is_gone else relied.state_of(row)
            act = stated[min(change.acts, acts - 1)]
            act.setdefault(name, {})[relied.key_of(named)] = state
    return stated


def changed_tables(session: Session) -> set[str]:
    """Return the tables of which the transaction has changed rows so far."""
    session.flush()
    return {name for name, _ in session.info.get(_CHANGED, {})}


def _changed(session: Session) -> dict[tuple[str, tuple[Any, ...]], _Changed]:
    changed: dict[tuple[str, tuple[Any, ...]], _Changed]
    changed = session.info.setdefault(_CHANGED, {})
    return changed


def _read(
    session: Session, relied: AuditedTable, keys: Sequence[tuple[Any, ...]]
) -> Mapping[tuple[Any, ...], Mapping[str, Any]]:
    names = [each.name for each in relied.table.primary_key]
    rows: dict[tuple[Any, ...], Mapping[str, Any]] = {}
    for first in range(0, len(keys), _READ_AT_ONCE):
        some = keys[first : first + _READ_AT_ONCE]
        query = columns(*relied.read).where(tuple_(*relied.table.primary_key).in_(some))
        for row in session.connection().execute(query).mappings():
            rows[tuple(row[name] for name in names)] = dict(row)
    return rows


def _note_relied(
    session: Session, relied: AuditedTable, row: Mapping[str, Any], *, is_gone: bool = False
) -> None:
    """Note a row that was made or deleted, unless no one relies on it as it is or was."""
    if relied.state_of(row) is not None:
        note(session, relied, row, is_gone=is_gone)


def _values(row: object, relied: AuditedTable) -> Mapping[str, Any]:
    return {each.name: getattr(row, each.name) for each in relied.read}


@event.listens_for(RecordingSession, "after_flush")
def _note_objects(session: Session, _context: UOWTransaction) -> None:
    for made in session.new:
        if relied := _relied(made):
            _note_relied(session, relied, _values(made, relied))
    for one in session.dirty:
        if (relied := _relied(one)) and _differs(one, relied):
            note_unread(session, type(one), *inspect(one).identity)
    for one in session.deleted:
        if relied := _relied(one):
            _note_relied(session, relied, _values(one, relied), is_gone=True)


@event.listens_for(RecordingSession, "do_orm_execute")
def _note_statement(state: ORMExecuteState) -> Result[Any] | None:
    """Let a statement that writes tell which rows it wrote."""
    if not (state.is_insert or state.is_update or state.is_delete):
        return None
    statement: Any = state.statement
    relied = AUDITED_BY_NAME.get(statement.table.name)
    if relied is None or (state.is_update and not _sets(statement, relied.read)):
        return None
    session: Any = state.session
    if state.is_update and _sets(statement, relied.table.primary_key):
        before = columns(*relied.read).where(statement.whereclause)
        for row in session.connection().execute(before, state.parameters).mappings():
            note(session, relied, row, is_gone=True)
    returning = statement.returning(*relied.read)
    result = state.invoke_statement(statement=returning).freeze()
    names = [each.name for each in relied.read]
    for values in result():
        # After what the caller wants returned.
        row = dict(zip(names, values[-len(names) :], strict=True))
        if state.is_update:
            note(session, relied, row)
        else:
            _note_relied(session, relied, row, is_gone=state.is_delete)
    returned: Result[Any] = result()
    return returned


def _sets(statement: Any, these: Iterable[Column[Any]]) -> bool:  # noqa: ANN401 - of SQLAlchemy's many kinds
    """Whether an update sets one of these columns."""
    names = {getattr(column, "name", column) for column in statement._values}  # noqa: SLF001 - nothing public tells
    return not names.isdisjoint(each.name for each in these)


def _differs(row: object, relied: AuditedTable) -> bool:
    attributes = inspect(row, raiseerr=True).attrs
    return any(attributes[each.name].history.has_changes() for each in relied.read)


def _relied(row: object) -> AuditedTable | None:
    return AUDITED_BY_NAME.get(str(getattr(row, "__tablename__", "")))
