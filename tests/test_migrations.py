"""An empty database becomes what the code expects; a newer one is refused."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import Connection, UniqueConstraint, inspect, text
from sqlmodel import SQLModel

from bot.domain.digests import Section
from bot.domain.review import ProposalState, Request
from bot.domain.revisions import Change
from storage.digests import NewLine
from storage.errors import SchemaError
from storage.migrate import check, upgrade
from storage.migrations import HEAD, REVISIONS
from storage.store import Store
from tests.storage_makers import (
    ANA,
    BEN,
    DAY,
    NOW,
    OPS,
    TEAM,
    add,
    channels,
    content,
    revise,
)

# The full-text index is each database's own, and no model's.
_INDEX = "document_words"
_WORDS = ("words", "ix_documents_words")


def _modelled(_thing: object, name: str | None, *_: object) -> bool:
    return name not in _WORDS and not (name or "").startswith(_INDEX)


def test_an_empty_database_is_behind_until_it_is_upgraded(empty_url: str) -> None:
    store = Store.open(empty_url)
    assert (store.schema(), check(store)) == (None, True)

    upgrade(empty_url)

    assert (store.schema(), check(store)) == (HEAD, False)
    store.close()


def test_empty_to_head_equals_the_models(empty_url: str) -> None:
    upgrade(empty_url)
    store = Store.open(empty_url)
    with store.engine.connect() as connection:
        options = {"compare_type": True, "include_object": _modelled, "include_name": _modelled}
        context = MigrationContext.configure(connection, opts=options)
        assert compare_metadata(context, SQLModel.metadata) == []
        tables = set(inspect(connection).get_table_names())
        assert {name for name in tables if not name.startswith(_INDEX)} == {
            *SQLModel.metadata.tables,
            "alembic_version",
        }
    store.close()


def test_every_row_carries_its_workspace_in_a_unique_key() -> None:
    for table in SQLModel.metadata.tables.values():
        unique = [each for each in table.constraints if isinstance(each, UniqueConstraint)]
        keys = [set(key.columns.keys()) for key in (table.primary_key, *unique)]
        if table.name not in {"drafts", "reviews", "documents"}:
            assert any("team_id" in key for key in keys), table.name
        assert not table.c.team_id.nullable


def test_the_comment_that_a_proposal_held_is_what_was_asked_of_it(empty_url: str) -> None:
    upgrade(empty_url)
    store = Store.open(empty_url)
    with store.transaction(TEAM) as tx:
        channels(tx)
        entry = add(tx)
        moves = (
            (ProposalState.PROPOSED, "Shorter."),
            (ProposalState.CHANGES_REQUESTED, "Say why."),
            (ProposalState.CHANGES_REQUESTED, ""),
        )
        for state, _ in moves:
            written = tx.entries.write(
                entry.id, content(), author=ANA, at=NOW, note="", change=Change.EDITED
            )
            made = tx.proposals.add(
                entry.id, revision=written.number, base=1, author=ANA, owner=BEN, at=NOW
            )
            tx.proposals.move(made, state, NOW, by=BEN)
    with store.engine.begin() as connection:
        without_memberships(connection)
        connection.execute(text("DROP TABLE requests"))
        connection.execute(text('ALTER TABLE due_reasons DROP COLUMN "left"'))
        connection.execute(text("ALTER TABLE proposals DROP COLUMN owner"))
        connection.execute(text("ALTER TABLE proposals ADD comment TEXT NOT NULL DEFAULT ''"))
        for number, (_, comment) in enumerate(moves, start=2):
            asked = text("UPDATE proposals SET comment = :comment WHERE revision = :number")
            connection.execute(asked, {"comment": comment, "number": number})
        connection.execute(text("UPDATE alembic_version SET version_num = '0009'"))

    upgrade(empty_url)

    with store.read(TEAM) as tx:
        requests = [proposal.requests for proposal in tx.proposals.of(entry.id)]
    assert requests == [(Request(BEN, "Shorter.", 2),), (Request(BEN, "Say why."),), ()]
    store.close()


def test_a_proposal_of_before_gets_the_owner_of_when_it_was_opened(empty_url: str) -> None:
    """DEC-1 was ana's when the first was opened, and ben's when the second was."""
    upgrade(empty_url)
    store = Store.open(empty_url)
    with store.transaction(TEAM) as tx:
        channels(tx)
        entry = add(tx, owner=ANA)
        for at in (NOW, NOW + 2 * DAY):
            written = tx.entries.write(
                entry.id, content("Fix"), author=ANA, at=at, note="", change=Change.EDITED
            )
            tx.proposals.add(
                entry.id, revision=written.number, base=1, author=ANA, owner=ANA, at=at
            )
            if at == NOW:
                given = content(owner=BEN)
                revise(tx, entry, given, Change.OWNER, at=NOW + DAY)
    with store.engine.begin() as connection:
        without_memberships(connection)
        connection.execute(text("ALTER TABLE proposals DROP COLUMN owner"))
        connection.execute(text("UPDATE alembic_version SET version_num = '0011'"))

    upgrade(empty_url)

    with store.read(TEAM) as tx:
        assert [proposal.owner for proposal in tx.proposals.of(entry.id)] == [ANA, BEN]
    store.close()


def without_memberships(connection: Connection) -> None:
    """Undo revision 0019."""
    connection.execute(text("DROP TABLE membership_changes"))
    connection.execute(text("ALTER TABLE channels DROP COLUMN shared"))
    connection.execute(text("ALTER TABLE channels DROP COLUMN deleted"))
    connection.execute(text("ALTER TABLE workspaces DROP COLUMN channels_listed_at"))


def test_lines_of_older_digests_keep_their_sections_proposals_and_links(empty_url: str) -> None:
    upgrade(empty_url)
    store = Store.open(empty_url)
    url = "https://x.slack.com/archives/C0OPS/p1772618400000100"
    gap = {"title": "Disk", "count": 2, "first": "2026-03-04T08:00:00+00:00", "links": [url]}
    waiting = {"key": "DEC-1", "proposal": 7, "author": ANA, "note": "", "links": []}
    waiting["since"] = "2026-03-04T08:00:00+00:00"
    with store.transaction(TEAM) as tx:
        digest = tx.digests.claim(OPS, "2026-03-09", NOW, NOW)
        assert digest
        lines: list[NewLine] = [
            (Section.GAPS, None, None, gap),
            (Section.WAITING, None, None, waiting),
        ]
        tx.digests.build(digest.id, {"undocumented": 2, "due": 1}, lines, NOW)
    with store.engine.begin() as connection:
        old = "UPDATE digest_lines SET section = 'undocumented' WHERE section = 'gaps'"
        connection.execute(text(old))
        before = REVISIONS[REVISIONS.index("0017") - 1]
        version = text("UPDATE alembic_version SET version_num = :before")
        connection.execute(version, {"before": before})

    upgrade(empty_url)

    with store.read(TEAM) as tx:
        upgraded = tx.digests.get(digest.id)
    assert upgraded
    assert upgraded.figures == {"gaps": 2, "due": 1}
    first, second = upgraded.lines
    assert first.section is Section.GAPS
    assert first.facts["links"] == [{"url": url, "channel": "C0OPS", "day": "", "author": ""}]
    assert first.facts["since"] == "2026-03-04"
    assert [proposal["id"] for proposal in second.facts["proposals"]] == [7]
    store.close()


def test_two_processes_that_upgrade_at_once_both_end_well(empty_url: str) -> None:
    with ThreadPoolExecutor(2) as pool:
        assert list(pool.map(upgrade, [empty_url, empty_url])) == [None, None]

    store = Store.open(empty_url)
    assert store.schema() == HEAD
    store.close()


def test_a_database_of_a_newer_release_is_refused(empty_url: str) -> None:
    upgrade(empty_url)
    store = Store.open(empty_url)
    with store.engine.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))

    with pytest.raises(SchemaError, match=r"made by a newer Opslore \(revision 9999\)"):
        check(store)
    with pytest.raises(SchemaError):
        upgrade(empty_url)
    store.close()
