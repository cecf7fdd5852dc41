"""A changed rule ends a certification: the entry says since when and is due at once."""

from collections.abc import Iterator
from importlib import import_module

import pytest
from alembic.migration import MigrationContext
from alembic.operations import Operations
from sqlalchemy import Connection, text

from bot.domain.certification import DueReasonKind
from bot.domain.revisions import Effect
from bot.jobs import look_around
from storage.migrate import upgrade
from storage.store import Store
from tests.support.certifying import TITLE, asked
from tests.support.digests import now
from tests.support.editing import card, edit
from tests.support.entries import entry
from tests.support.nudging import nudges, send
from tests.support.ops import Ops
from tests.support.recording import saved
from tests.support.storage_makers import BEN, DAY, NOW, TEAM, add, channels, revise

RULE = "What do we do?"
SINCE = "in force, due: not certified since DEC-1@2"


def changed(ops: Ops, fields: dict[str, str]) -> None:
    view = edit(ops, ops.ben)
    saved(ops, view.fill(fields))


@pytest.fixture
def certified(ops: Ops) -> None:
    """Record DEC-1 for ana and certify its first revision."""
    ops.record(ops.ana, TITLE, "We roll back.")
    ops.ana.press("Still accurate", on=card(ops))
    ops.drain()


@pytest.mark.usefixtures("certified")
def test_an_entry_with_a_changed_rule_is_due_and_says_since_when(ops: Ops) -> None:
    changed(ops, {RULE: "We roll forward."})

    home = ops.ana.home()
    assert home is not None
    listed = asked(ops, ops.ana).words()
    digest = now(ops).words()
    for words in (card(ops).words(), listed, home.words()):
        assert SINCE in words
    assert "not certified since DEC-1@2" in digest
    for words in (card(ops).words(), listed, home.words(), digest):
        assert "never certified" not in words
    assert "1 entry needs your review" in listed
    assert "· due " not in card(ops).words(), "the old date is not when it is due"


@pytest.mark.usefixtures("certified")
def test_its_owner_is_asked_and_a_verdict_ends_it(ops: Ops) -> None:
    changed(ops, {RULE: "We roll forward."})
    look_around(ops.bot.deps)
    send(ops)
    [nudge] = nudges(ops.ana)
    assert SINCE in nudge.words()

    ops.ana.press("Still accurate", on=card(ops))
    ops.drain()

    assert "in force, certified until" in card(ops).words()
    assert entry(ops).reasons == ()
    assert "Still accurate by ana" in nudges(ops.ana)[-1].words()


@pytest.mark.usefixtures("certified")
def test_a_second_change_leaves_the_date_of_the_first(ops: Ops) -> None:
    changed(ops, {RULE: "We roll forward."})
    changed(ops, {RULE: "We roll forward twice."})

    assert SINCE in card(ops).words()
    assert [one.about for one in entry(ops).reasons] == ["DEC-1@2"]


@pytest.mark.usefixtures("certified")
def test_each_lapse_belongs_to_its_own_revision(ops: Ops) -> None:
    changed(ops, {RULE: "We roll forward."})
    ops.ana.press("Still accurate", on=card(ops))
    ops.drain()
    changed(ops, {RULE: "We roll forward twice."})

    assert "in force, due: not certified since DEC-1@3" in card(ops).words()


@pytest.mark.usefixtures("certified")
def test_a_changed_wording_keeps_the_certification(ops: Ops) -> None:
    changed(ops, {"Title": f"{TITLE}!"})

    assert "in force, certified until" in card(ops).words()


@pytest.mark.usefixtures("certified")
def test_a_retired_entry_that_is_restored_lost_its_certification(ops: Ops) -> None:
    ops.ana.slash(ops.ops, "/lore retire DEC-1 No longer done.")
    ops.ana.slash(ops.ops, "/lore restore DEC-1 Done again.")
    ops.drain()

    assert "in force, due: not certified since DEC-1@3" in card(ops).words()


def test_an_entry_that_was_never_certified_says_so_and_keeps_its_date(ops: Ops) -> None:
    ops.record(ops.ana, TITLE, "We roll back.")
    before = entry(ops).due_at

    changed(ops, {RULE: "We roll forward."})

    assert "in force, never certified" in card(ops).words()
    assert "· due Jun 2" in card(ops).words()
    assert entry(ops).due_at == before
    assert "Nothing needs your review." in asked(ops, ops.ana).words()


@pytest.fixture
def upgraded(empty_url: str) -> Iterator[Store]:
    upgrade(empty_url)
    store = Store.open(empty_url)
    yield store
    store.close()


def _rename(connection: Connection, table: str, new: str, column: str, new_column: str) -> None:
    """Rename the table of verdicts and the kind of due reasons to those of another revision."""
    connection.execute(text(f"ALTER TABLE {table} RENAME TO {new}"))
    connection.execute(text(f"ALTER TABLE due_reasons RENAME COLUMN {column} TO {new_column}"))


def test_an_upgrade_notes_earlier_lapses(upgraded: Store) -> None:
    """It notes entries that were certified once and aren't now, with the rule change since."""
    with upgraded.transaction(TEAM) as tx:
        channels(tx)
        added = [add(tx) for _ in range(3)]
        lapsed, fresh, valid = (one.id for one in added)
        for entry_id in (lapsed, valid):
            tx.entries.certify(entry_id, revision=1, by=BEN, at=NOW, due_at=NOW + 90 * DAY)
        effects = ((Effect.WORDING, Effect.RULE, Effect.RULE), (Effect.RULE,), (Effect.WORDING,))
        for one, changes in zip(added, effects, strict=True):
            for effect in changes:
                revise(tx, one, one.content, effect=effect)
    with upgraded.engine.begin() as connection:
        connection.execute(text("DELETE FROM due_reasons"))
        connection.execute(text("UPDATE entries SET flagged_at = NULL"))
        context = MigrationContext.configure(connection)
        _rename(connection, "verdicts", "reviews", "kind", "cause")
        with Operations.context(context):
            import_module("storage.migrations.versions.0014_lapsed_certifications").upgrade()
        _rename(connection, "reviews", "verdicts", "cause", "kind")

    with upgraded.read(TEAM) as tx:
        found = tx.entries.by_ids([lapsed, fresh, valid])
        due = {one.id for one in tx.nudges.entries_due(NOW, None, 10)}
    cited = f"{found[lapsed].key}@3"
    assert [(one.kind, one.about) for one in found[lapsed].reasons] == [
        (DueReasonKind.LAPSED, cited)
    ]
    assert [found[one].reasons for one in (fresh, valid)] == [(), ()]
    assert lapsed in due
    assert fresh not in due
