"""The audit log: it names who did what to which revision, and it exposes any tampering."""

import json
from datetime import datetime, timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Connection, Table, Text, cast, type_coerce, update
from sqlalchemy import select as columns
from sqlalchemy.exc import DBAPIError
from sqlmodel import Session

from bot.cli.audit import print_acts, verify
from bot.domain.audit_acts import OPSLORE
from bot.domain.entries import UserId
from bot.domain.errors import InvalidInputError, NotFoundError, UnavailableError
from bot.domain.replay import Fault
from bot.domain.revisions import Change
from bot.usecases.review.verdicts import snooze_entry
from bot.usecases.upkeep.retention import forget_old
from storage.aggregate import table_of
from storage.audit import verification
from storage.migrate import upgrade
from storage.store import Store
from storage.tables.audit import AuditRow
from storage.tables.entries import RevisionRow
from tests.support.audit_acts import acts
from tests.support.editing import card, edit
from tests.support.older_rows import FIRST_ROWS
from tests.support.ops import Ops
from tests.support.recording import saved, shortcut, thread
from tests.support.storage_makers import ANA, BEN, DAY, NOW, OTHER, TEAM, add, content, revise

CHAINED = (table_of(AuditRow), table_of(RevisionRow))


def last(ops: Ops) -> tuple[str, str, str]:
    """Return the last act, skipping the one by which a saved revision took effect."""
    act = [act for act in acts(ops) if act.action != "in_force"][-1]
    return act.actor, act.action, act.subject


def test_each_act_on_an_entry_names_the_exact_revision(ops: Ops) -> None:
    ops.record(ops.ana, "Roll back", "We roll back.")
    assert last(ops) == (ops.ana.id, "recorded", "DEC-1@1")
    saved(ops, edit(ops, ops.ben).fill({"Why?": "Fixing took hours."}))
    assert last(ops) == (ops.ben.id, "edited", "DEC-1@2")
    for command, told in (
        (f"owner DEC-1 <@{ops.ben.id}>", ("owner", "DEC-1@3")),
        ("use DEC-1", ("used_followed", "DEC-1@3")),
        ("share DEC-1", ("shared", "DEC-1@3")),
        ("retire DEC-1 Flags replaced it.", ("retired", "DEC-1@4")),
    ):
        ops.ana.slash(ops.ops, f"/lore {command}")
        assert last(ops) == (ops.ana.id, *told)


def test_verdicts_and_digests_are_logged(ops: Ops) -> None:
    ops.record(ops.ana, "Roll back", "We roll back.")
    ops.ben.press("Still accurate", card(ops))
    assert last(ops) == (ops.ben.id, "certified", "DEC-1@1")
    ops.tick()
    ops.later(days=8)
    assert last(ops)[:2] == (OPSLORE, "digest_built")
    reader = ops.bot.deps.people.reader(UserId(ops.ana.id))
    snooze_entry(ops.store, ops.team, reader=reader, key="DEC-1", now=ops.clock())
    assert last(ops) == (ops.ana.id, "snoozed", "DEC-1@1")
    ops.ana.slash(ops.ops, "/lore digest now")
    assert last(ops)[:2] == (ops.ana.id, "digest_built")


def test_a_changed_setting_is_logged_with_its_new_value(ops: Ops) -> None:
    first = acts(ops)[0]
    assert (first.actor, first.action, first.subject) == (
        ops.ana.id,
        "channel_joined",
        str(ops.ops),
    )
    ops.ana.slash(ops.ops, "/lore watch off")
    assert last(ops) == (ops.ana.id, "watch_off", str(ops.ops))
    view = ops.cleo.slash(ops.ops, "/lore settings").view
    assert view is not None
    assert view.fill({"Prompts per person": "4"}).submit() == {}
    assert last(ops) == (ops.cleo.id, "workspace_set", str(ops.team))
    assert acts(ops)[-1].details["person_budget"] == 4


def test_an_edited_message_is_logged_only_for_the_entries_it_is_evidence_of(ops: Ops) -> None:
    """Reading the chat writes no row: a row per message would cost much and help no one."""
    said = thread(ops)
    before = len(acts(ops))
    for number in range(3):
        ops.ana.say(ops.ops, f"We always roll back first. {number}")
    other = ops.ben.say(ops.ops, "Never mind.")
    ops.ben.edit(ops.ops, other, "Never mind me.")
    ops.ben.delete(ops.ops, other)
    ops.drain()
    assert len(acts(ops)) == before

    saved(ops, shortcut(ops.cleo, ops, said))
    assert [act.action for act in acts(ops)[before:]] == ["recorded", "evidence_added"]
    ops.ana.edit(ops.ops, said, "When the queue is stuck we restart it.")
    assert last(ops) == (OPSLORE, "evidence_edited", "DEC-1")
    ops.ana.delete(ops.ops, said)
    assert last(ops) == (OPSLORE, "evidence_deleted", "DEC-1")


def test_expired_data_is_logged_once_a_run(ops: Ops) -> None:
    ops.ana.slash(ops.ops, "/lore record")
    before = len(acts(ops))
    ops.clock.time += 40 * DAY

    forget_old(ops.store, ops.team, now=ops.clock())
    forget_old(ops.store, ops.team, now=ops.clock())

    told = acts(ops)[before:]
    assert [(act.actor, act.action) for act in told] == [(OPSLORE, "forgotten")]
    assert told[0].details["forms"] == 1


def test_no_row_contains_peoples_texts(ops: Ops) -> None:
    ops.record(ops.ana, "Roll back", "Hush", fields={"Why?": "Hush hush"})
    ops.ana.slash(ops.ops, "/lore use DEC-1 hush it went")
    ops.ana.slash(ops.ops, "/lore retire DEC-1 hush it is old")

    assert not any("hush" in json.dumps(dict(act.details)).lower() for act in acts(ops))


# Verifying the log.


def fill(store: Store) -> None:
    """Create two workspaces with entries, revisions and several kinds of acts."""
    for team in (TEAM, OTHER):
        with store.transaction(team) as tx:
            first, _ = add(tx, "Fail over"), add(tx, "Roll back", tags=["deploy"])
            tx.audit.add(BEN, "snoozed", "DEC-2@1", {"until": "2027"}, NOW)
        with store.transaction(team) as tx:
            later = content("Fail over", rule="Later.")
            revise(tx, first, later, author=BEN, at=NOW + DAY, note="why")
            tx.audit.add(ANA, "used_followed", "DEC-1@2", {}, NOW)
            never = content("Fail over", rule="Never.")
            tx.entries.write(first.id, never, author=BEN, at=NOW, note="", change=Change.EDITED)


def faults(session: Session) -> list[Fault]:
    verdicts = [verification.verify(session, team) for team in (TEAM, OTHER)]
    return [fault for verdict in verdicts for fault in verdict.faults]


def another(data: st.DataObject, value: Any, dialect: str) -> Any:  # noqa: ANN401 - of any column
    """Return a different value; on SQLite, which accepts any type, perhaps of another type."""
    words = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"))
    if dialect == "sqlite" and data.draw(st.booleans()):
        return type_coerce(data.draw(words), Text)
    if isinstance(value, dict):
        return value | {data.draw(st.sampled_from(["entry", "title", "x"])): data.draw(words)}
    if isinstance(value, datetime):
        return value + timedelta(microseconds=data.draw(st.integers(1, 10**12)))
    if isinstance(value, int):
        return value + data.draw(st.integers(-3, 3).filter(bool))
    return data.draw(words)


@settings(max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_tampering_with_any_column_of_any_row_is_detected(
    store: Store, data: st.DataObject
) -> None:
    """Each attempt is rolled back. Changes that the database refuses needn't be detected."""
    if not store.teams():
        fill(store)
    table = data.draw(st.sampled_from(CHAINED))
    with store.engine.connect() as connection:
        rows = connection.execute(columns(table)).mappings().all()
        row = data.draw(st.sampled_from(rows))
        column = data.draw(st.sampled_from([each.name for each in table.columns]))
        value = another(data, row[column], store.dialect)
        if tampered(connection, table, row, column, value):
            with Session(connection) as session:
                assert faults(session) != []
        connection.rollback()


def tampered(
    connection: Connection,
    table: Table,
    row: Any,  # noqa: ANN401 - SQLAlchemy's own
    column: str,
    value: Any,  # noqa: ANN401 - of any column
) -> bool:
    """Return whether the value really changed: the write was not refused, and it differs."""
    raw = columns(cast(table.c[column], Text)).order_by(cast(table.c[column], Text))
    before = connection.execute(raw).all()
    mine = [part == row[part.name] for part in table.primary_key]
    try:
        connection.execute(update(table).where(*mine).values({column: value}))
    except DBAPIError:
        return False
    return connection.execute(raw).all() != before


@pytest.mark.parametrize(
    "tampering",
    [
        ("DELETE FROM audit WHERE number = 7", "Acts were added or removed after act 6.", 6),
        ("DELETE FROM audit WHERE number = 2", "Act 2 was changed, or an act before it", 1),
        ("UPDATE workspaces SET acts = 4", "Acts were added or removed after act 7.", 7),
    ],
)
def test_the_first_broken_link_is_named(
    store: Store,
    database_url: str,
    capsys: pytest.CaptureFixture[str],
    tampering: tuple[str, str, int],
) -> None:
    what, fault, acts = tampering
    fill(store)
    with store.engine.begin() as connection:
        connection.exec_driver_sql(f"{what} {'AND' if 'WHERE' in what else 'WHERE'} team_id = 'T1'")

    assert verify(database_url, None) == 1

    broken, count, chain, no_fault, whole = capsys.readouterr().out.splitlines()
    assert broken.startswith(f"T1: {fault}")
    assert "Restore the audit from a backup." in broken
    assert count == "T1: 1 fault. These rows match the audit: none."
    assert chain.startswith(f"T1: {acts} acts verify.")
    assert no_fault.startswith("T2: no faults. These rows match the audit: 1 counters, 2 ent")
    assert whole.startswith("T2: 7 acts verify. Act 7 has the hash ")


def test_a_noted_hash_shows_that_the_log_was_not_truncated(
    store: Store, database_url: str, capsys: pytest.CaptureFixture[str]
) -> None:
    fill(store)
    assert verify(database_url, "T2") == 0
    head = capsys.readouterr().out.split()[-1]
    with store.transaction(OTHER) as tx:
        tx.audit.add(ANA, "snoozed", "DEC-1@2", {}, NOW)

    assert verify(database_url, "T2", head) == 0
    assert verify(database_url, "T1", head) == 1


def test_a_database_from_before_revisions_were_hashed_is_verified_too(empty_url: str) -> None:
    upgrade(empty_url, "0001")
    old = Store.open(empty_url)
    with old.engine.begin() as connection:
        for statement in FIRST_ROWS:
            connection.exec_driver_sql(statement)
    old.close()

    upgrade(empty_url)

    store = Store.open(empty_url)
    with store.read(TEAM) as tx:
        verdict = tx.audit.verify()
        assert verdict.faults == ()
        assert verdict.rows == {"revisions": 1, "landings": 1, "entries": 1, "workspaces": 1}
        assert [act.subject for act in tx.audit.acts()] == ["DEC-1@1", "T1", "T1"]
    with store.transaction(TEAM) as tx:
        tx.audit.add(ANA, "snoozed", "DEC-1@1", {}, NOW)
    with store.read(TEAM) as tx:
        assert tx.audit.verify().fault is None
    store.close()


# Reading the log.


def test_acts_are_listed_in_columns_and_as_json(
    store: Store, database_url: str, capsys: pytest.CaptureFixture[str]
) -> None:
    fill(store)

    assert print_acts(database_url, "T1", entry="dec 1") == 0
    head, *rows = [line.split("\t") for line in capsys.readouterr().out.splitlines()]
    assert head == ["team", "number", "at", "actor", "action", "subject", "details"]
    assert [row[1:6] for row in rows] == [
        ["1", NOW.isoformat(), ANA, "recorded", "DEC-1@1"],
        ["4", (NOW + DAY).isoformat(), BEN, "edited", "DEC-1@2"],
        ["5", (NOW + DAY).isoformat(), BEN, "in_force", "DEC-1@2"],
        ["6", NOW.isoformat(), ANA, "used_followed", "DEC-1@2"],
        ["7", NOW.isoformat(), BEN, "edited", "DEC-1@3"],
    ]
    assert print_acts(database_url, None, actor=BEN, as_json=True) == 0
    told = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert [(one["team"], one["number"]) for one in told] == [
        ("T1", 3),
        ("T1", 4),
        ("T1", 5),
        ("T1", 7),
        ("T2", 3),
        ("T2", 4),
        ("T2", 5),
        ("T2", 7),
    ]
    assert print_acts(database_url, "T1", since="2026-12-01") == 0
    assert len(capsys.readouterr().out.splitlines()) == 3
    assert print_acts(database_url, "T1", entry="DEC-9") == 1
    assert capsys.readouterr().out == ""


def test_a_long_audit_is_read_page_by_page(store: Store) -> None:
    for _ in range(3):
        with store.transaction(TEAM) as tx:
            for number in range(900):
                tx.audit.add(ANA, "used_followed", f"DEC-{number % 3 + 1}@1", {}, NOW)

    with store.read(TEAM) as tx:
        assert tx.audit.verify().acts == 2700
        assert [act.number for act in tx.audit.acts()] == list(range(1, 2701))


def test_a_listing_that_is_impossible_names_the_next_step(
    store: Store, database_url: str, empty_url: str
) -> None:
    fill(store)
    with pytest.raises(InvalidInputError, match="isn't a key"):
        print_acts(database_url, None, entry="rollback")
    with pytest.raises(InvalidInputError, match="isn't a date"):
        print_acts(database_url, None, since="yesterday")
    with pytest.raises(NotFoundError, match=r"no workspace T9 here\. Choose one of: T1, T2"):
        verify(database_url, "T9")
    with pytest.raises(UnavailableError, match="db upgrade"):
        verify(empty_url, None)
