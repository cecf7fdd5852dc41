"""`audit verify` reports each audited row that isn't as its last act left it."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Final

import pytest
from sqlalchemy import insert, text, update
from sqlalchemy.exc import DBAPIError
from sqlmodel import SQLModel

from bot.cli.audit import verify
from bot.domain.entries import UserId
from bot.domain.gaps import GapState
from bot.domain.nudges import Choice
from bot.domain.replay import Flaw
from storage.audit.chain import MET, UNNAMED
from storage.audit.states import AUDITED_BY_NAME, AUDITED_TABLES, UNAUDITED_TABLES
from storage.store import Store
from tests.support.audited_rows import fill
from tests.support.storage_makers import ANA, NOW, TEAM, add_gap
from tests.support.tampering import edits, faults, rows_of, same, tampering

DEC: Final = "kind = 'decision'"
TABLES: Final = pytest.mark.parametrize("name", sorted(AUDITED_TABLES))
# The table of workspaces has one row per workspace.
OF_MANY_ROWS: Final = pytest.mark.parametrize("name", sorted(set(AUDITED_TABLES) - {"workspaces"}))


def test_every_table_is_audited_or_has_a_reason_why_not() -> None:
    """Add a new table to `storage.audit.states`, with a reason for each column left out."""
    assert {*AUDITED_BY_NAME, *UNAUDITED_TABLES} == set(SQLModel.metadata.tables)
    assert not set(AUDITED_BY_NAME) & set(UNAUDITED_TABLES)
    for audited in AUDITED_TABLES.values():
        assert set(audited.without) <= {column.name for column in audited.table.columns}
    reasons = [
        *UNAUDITED_TABLES.values(),
        *(why for audited in AUDITED_TABLES.values() for why in audited.without.values()),
    ]
    assert all(reason.endswith(".") for reason in reasons)


@TABLES
def test_a_column_edited_in_the_database_is_reported(store: Store, name: str) -> None:
    fill(store)
    audited = AUDITED_TABLES[name]
    with store.engine.connect() as connection:
        assert faults(connection) == ()
        rows = rows_of(connection, audited.table)
    assert rows
    tried = set()
    for row in rows:
        for column, value in edits(audited, row):
            with tampering(store) as connection:
                statement = update(audited.table).where(*same(audited.table, row))
                try:
                    connection.execute(statement.values({column: value}))
                except DBAPIError:
                    continue  # The database itself refuses it.
                assert name in {fault.table for fault in faults(connection)}, (column, value)
                tried.add(column)
    assert tried


@TABLES
def test_a_row_deleted_in_the_database_is_reported(store: Store, name: str) -> None:
    fill(store)
    table = AUDITED_TABLES[name].table
    with tampering(store) as connection:
        # Otherwise rows that refer to it would prevent the deletion.
        for statement in _without_references(store.dialect):
            connection.execute(text(statement))
        row = rows_of(connection, table)[0]
        connection.execute(table.delete().where(*same(table, row)))
        flaws = {fault.flaw for fault in faults(connection) if fault.table == name}
    assert flaws == {Flaw.MISSING}


def _without_references(dialect: str) -> list[str]:
    return (
        ["PRAGMA defer_foreign_keys = ON"]
        if dialect == "sqlite"
        else ["SET LOCAL session_replication_role = replica"]
    )


# Values of other unique columns.
UNIQUE: Final[Mapping[str, dict[str, object]]] = {
    "entries": {"number": 99},
    "observations": {"key": "new"},
    "proposals": {"revision": 99},
}


@OF_MANY_ROWS
def test_a_row_added_in_the_database_is_reported(store: Store, name: str) -> None:
    fill(store)
    audited = AUDITED_TABLES[name]
    with tampering(store) as connection:
        for statement in _without_references(store.dialect):
            connection.execute(text(statement))
        row = dict(rows_of(connection, audited.table)[0])
        row.update(
            {part.name: 99 if isinstance(row[part.name], int) else "new" for part in audited.key}
        )
        row.update(UNIQUE.get(name, {}))
        connection.execute(insert(audited.table).values(row))
        flaws = {fault.flaw for fault in faults(connection) if fault.table == name}
    assert flaws == {Flaw.UNSTATED}


ENTRY: Final = (
    "DEC-1: the entry isn't as act 7 (certified by opslore, Nov 30 2026 08:00 UTC) left it: "
)
MOMENT: Final = "Nov 30 2026 08:00 UTC"
SECRET_ROW: Final = "C-secret: the channel isn't as act 1 (channel_joined by U-ana, "
# Table, row, edited columns (None: the row is deleted), and the beginning of the report.
EDITS: Final[tuple[tuple[str, str, dict[str, object] | None, str], ...]] = (
    ("entries", DEC, {"revision": 2}, f"{ENTRY}revision is 2 in the database, and 1 in the"),
    ("entries", DEC, {"state": "retired"}, f"{ENTRY}state is retired in the database, and in_"),
    ("entries", DEC, {"owner": "U-eve"}, f"{ENTRY}owner is U-eve in the database, and U-ana in"),
    ("entries", DEC, {"home": "C-side"}, f"{ENTRY}home is C-side in the database, and C-ops in"),
    ("entries", DEC, {"certified_by": "U-eve"}, f"{ENTRY}certified by is U-eve in the database"),
    ("entries", DEC, {"certified_at": None}, f"{ENTRY}certified at is empty in the database, and"),
    ("entries", DEC, {"due_at": NOW}, f"{ENTRY}due at is {MOMENT} in the database, and Feb 28"),
    ("entries", DEC, {"title": "Other"}, f"{ENTRY}the title differs."),
    ("reviews", "id = 1", None, f"DEC-1@1: a verdict (accurate, U-ana, {MOMENT}) is missing in"),
    ("proposals", "id = 1", {"author": "U-eve"}, "DEC-1@2: a proposal (changes_requested, U-eve,"),
    ("proposals", "id = 1", {"state": "in_force"}, "DEC-1@2: a proposal (in_force, U-ben, Nov 30"),
    ("observations", "id = 1", None, "DEC-1@1: a use (failed, U-ben, https://acme.example/3, Nov"),
    ("revisions", "number = 2", {"note": "Eh."}, "DEC-1@2: the revision isn't as act 5 (edited by"),
    (
        "workspaces",
        "acts > 0",
        {"needs_approval": False},
        "the row of the workspace's settings isn't as a",
    ),
    (
        "channels",
        "id = 'C-secret'",
        {"private": False},
        f"{SECRET_ROW}{MOMENT}) left it: private is",
    ),
    ("paths", "id = 1", {"state": "open"}, "gap-1: the state of the gap (dismissed) is missing"),
)


@pytest.mark.parametrize("edit", EDITS, ids=[f"{name}-{values}" for name, _, values, _ in EDITS])
def test_a_fault_is_reported_in_plain_words(
    store: Store,
    database_url: str,
    capsys: pytest.CaptureFixture[str],
    edit: tuple[str, str, dict[str, object] | None, str],
) -> None:
    name, where, values, line = edit
    table = AUDITED_TABLES[name].table
    fill(store)
    assert verify(database_url, None) == 0
    assert capsys.readouterr().out.startswith("T1: no faults.")
    with store.engine.begin() as connection:
        change = table.delete() if values is None else table.update().values(values)
        connection.execute(change.where(text(where)))

    assert verify(database_url, None) == 1

    first, *_ = capsys.readouterr().out.splitlines()
    assert first.startswith(f"T1: {line}")
    key = line.split(":", maxsplit=1)[0].split("@", maxsplit=1)[0]
    listing = f" --entry {key}`." if key == "DEC-1" else "`."
    assert first.endswith(f"Compare it with a backup and with `opslore audit list{listing}")


def test_only_the_unreadable_row_is_reported(store: Store) -> None:
    """PostgreSQL refuses a value of another type. SQLite stores it, but it can't be read."""
    fill(store)
    with tampering(store) as connection:
        edit = text("UPDATE entries SET due_at = 'soon' WHERE kind = 'decision'")
        try:
            connection.execute(edit)
        except DBAPIError:
            assert store.dialect == "postgresql"
            return
        reported = [(fault.flaw, fault.table) for fault in faults(connection)]
    assert reported == [(Flaw.UNREADABLE, "entries")]


def test_more_than_a_hundred_faults_are_counted(
    store: Store, database_url: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with store.transaction(TEAM) as tx:
        for number in range(150):
            tx.nudges.choose(UserId(f"U{number}"), Choice(off=True))
        tx.audit.add(ANA, "nudges_off", "T1", {}, NOW)
    with store.engine.begin() as connection:
        connection.execute(text("UPDATE nudge_choices SET off = false"))

    assert verify(database_url, None) == 1

    lines = capsys.readouterr().out.splitlines()
    assert len(lines) == 103
    assert lines[100] == "T1: 50 more rows differ from the audit."
    assert lines[101].startswith("T1: 150 faults.")


def test_the_audit_records_rows_even_if_no_use_case_adds_an_act(store: Store) -> None:
    with store.transaction(TEAM):
        pass
    with store.transaction(TEAM) as tx:
        tx.workspace.put(replace(tx.workspace.get(), person_budget=9))
    with store.read(TEAM) as tx:
        acts = [(act.action, list(act.states)) for act in tx.audit.acts()]
        assert acts == [(MET, ["workspaces"]), (UNNAMED, ["workspaces"])]
        assert tx.audit.verify().faults == ()


def test_a_gap_is_audited_once_it_is_dismissed_or_recorded(store: Store) -> None:
    with store.transaction(TEAM) as tx:
        tx.audit.add(ANA, "x", "y", {}, NOW)
    with store.transaction(TEAM) as tx:
        gap = add_gap(tx, "Disk", "2.1", "3.1")
    with store.read(TEAM) as tx:
        assert len(list(tx.audit.acts())) == 1
    for state in (GapState.DISMISSED, GapState.OPEN):
        with store.transaction(TEAM) as tx:
            tx.gaps.set_state(gap, state)
            tx.audit.add(ANA, "gap", f"gap-{gap}", {}, NOW)
        with store.read(TEAM) as tx:
            last = tx.audit.last()
            assert last is not None
            assert last.states["paths"][str(gap)] == (
                {"state": "dismissed"} if state is GapState.DISMISSED else None
            )
            assert tx.audit.verify().faults == ()
