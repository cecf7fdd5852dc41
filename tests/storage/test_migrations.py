"""Migrations: an empty or older database is upgraded, and a newer one is refused."""

from concurrent.futures import ThreadPoolExecutor
from typing import Final

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import JSON, UniqueConstraint, column, insert, inspect, table, text
from sqlmodel import SQLModel

from bot.domain.approval import Request
from bot.domain.digests import DigestId, Section
from bot.domain.entries import EntryId
from bot.domain.outbox import Topic
from bot.domain.prompts import PromptId
from storage.columns import Utc
from storage.errors import SchemaError
from storage.migrate import needs_upgrade, upgrade
from storage.migrations import HEAD
from storage.store import Store
from tests.support.older_rows import HEARD_ROWS, older_revision, older_rows
from tests.support.storage_makers import ANA, BEN, DAY, NOW, OPS, TEAM, add_gap, prompted

# Each database has its own full-text index, which is in no model.
_INDEX = "document_words"
_WORDS = ("words", "ix_documents_words")


def _modelled(_thing: object, name: str | None, *_: object) -> bool:
    return name not in _WORDS and not (name or "").startswith(_INDEX)


def test_an_empty_database_needs_an_upgrade(empty_url: str) -> None:
    store = Store.open(empty_url)
    assert (store.schema_revision(), needs_upgrade(store)) == (None, True)

    upgrade(empty_url)

    assert (store.schema_revision(), needs_upgrade(store)) == (HEAD, False)
    store.close()


def test_all_migrations_together_create_the_tables_of_the_models(empty_url: str) -> None:
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


def test_every_table_has_its_workspace_in_a_unique_key() -> None:
    for one in SQLModel.metadata.tables.values():
        unique = [each for each in one.constraints if isinstance(each, UniqueConstraint)]
        keys = [set(key.columns.keys()) for key in (one.primary_key, *unique)]
        if one.name not in {"form_drafts", "verdicts", "documents"}:
            assert any("team_id" in key for key in keys), one.name
        assert not one.c.team_id.nullable


def test_the_comment_of_an_older_proposal_becomes_a_request(empty_url: str) -> None:
    upgrade(empty_url, "0009")
    store = Store.open(empty_url)
    with store.engine.begin() as connection:
        for statement in older_rows(1):
            connection.execute(text(statement))
        moves = ((2, "proposed", "Shorter."), (3, "changes_requested", "Say why."))
        for number, state, comment in (*moves, (4, "changes_requested", "")):
            connection.execute(text(older_revision(1, number)))
            connection.execute(
                text(
                    "INSERT INTO proposals (team_id, entry_id, revision, base, author, state,"
                    " opened_at, changed_at, comment, decided_by) VALUES ('T1', 1, :number, 1,"
                    " 'U-ana', :state, '2026-01-01', '2026-01-01', :comment, 'U-ben')"
                ),
                {"number": number, "state": state, "comment": comment},
            )

    upgrade(empty_url)

    with store.read(TEAM) as tx:
        requests = [proposal.requests for proposal in tx.proposals.of(EntryId(1))]
    assert requests == [
        (Request(by=BEN, comment="Shorter.", answer=2),),
        (Request(by=BEN, comment="Say why."),),
        (),
    ]
    store.close()


def test_an_older_proposal_gets_the_owner_at_the_time_it_was_opened(empty_url: str) -> None:
    """DEC-1 belonged to ana when the first proposal was opened, and to ben when the second was."""
    upgrade(empty_url, "0011")
    store = Store.open(empty_url)
    with store.engine.begin() as connection:
        for statement in older_rows(1):
            connection.execute(text(statement))
        for number, owner in ((2, "U-ana"), (3, "U-ben"), (4, "U-ben")):
            connection.execute(text(older_revision(1, number, owner)))
        land = text("INSERT INTO landings VALUES ('T1', 1, :number, :at)")
        for number, at in ((1, "2026-01-01"), (3, "2026-01-03")):
            connection.execute(land, {"number": number, "at": f"{at} 00:00:00.000000"})
        propose = text(
            "INSERT INTO proposals (team_id, entry_id, revision, base, author, state, opened_at,"
            " changed_at) VALUES ('T1', 1, :number, 1, 'U-ana', 'proposed', :at, :at)"
        )
        for number, at in ((2, "2026-01-02"), (4, "2026-01-04")):
            connection.execute(propose, {"number": number, "at": f"{at} 00:00:00.000000"})

    upgrade(empty_url)

    with store.read(TEAM) as tx:
        owners = [proposal.owner for proposal in tx.proposals.of(EntryId(1))]
        assert owners == ["U-ana", "U-ben"]
    store.close()


_DIGESTS_0017: Final = table(
    "digests",
    *map(column, ("id", "team_id", "channel", "period", "ts")),
    *(column(name, Utc()) for name in ("due_at", "claimed_at", "built_at")),
    column("figures", JSON()),
)
_LINES_0017: Final = table(
    "digest_lines",
    *map(column, ("team_id", "digest_id", "section", "position", "outcome")),
    column("facts", JSON()),
)


def test_lines_of_older_digests_keep_their_sections_proposals_and_links(empty_url: str) -> None:
    upgrade(empty_url, "0017")
    store = Store.open(empty_url)
    url = "https://x.slack.com/archives/C0OPS/p1772618400000100"
    gap = {"title": "Disk", "count": 2, "first": "2026-03-04T08:00:00+00:00", "links": [url]}
    waiting = {"key": "DEC-1", "proposal": 7, "author": ANA, "note": "", "links": []}
    waiting["since"] = "2026-03-04T08:00:00+00:00"
    digest = {"id": 1, "team_id": TEAM, "channel": OPS, "period": "2026-03-09", "ts": None}
    digest |= {"due_at": NOW, "claimed_at": NOW, "built_at": NOW}
    line = {"team_id": TEAM, "digest_id": 1, "outcome": ""}
    with store.engine.begin() as connection:
        figures = {"undocumented": 2, "due": 1}
        connection.execute(insert(_DIGESTS_0017).values(**digest, figures=figures))
        for position, (section, facts) in enumerate([("undocumented", gap), ("waiting", waiting)]):
            values = {**line, "section": section, "position": position, "facts": facts}
            connection.execute(insert(_LINES_0017).values(values))

    upgrade(empty_url)

    with store.read(TEAM) as tx:
        upgraded = tx.digests.get(DigestId(1))
    assert upgraded
    assert upgraded.figures == {"gaps": 2, "due": 1}
    first, second = upgraded.lines
    assert first.section is Section.GAPS
    assert first.facts["links"] == [{"url": url, "channel": "C0OPS", "day": "", "author": ""}]
    assert first.facts["since"] == "2026-03-04"
    assert [proposal["id"] for proposal in second.facts["proposals"]] == [7]
    store.close()


def test_older_gaps_prompts_and_messages_keep_their_rows(empty_url: str) -> None:
    """Messages that waited to be considered don't, because recognition needs their words now."""
    upgrade(empty_url, "0020")
    store = Store.open(empty_url)
    with store.engine.begin() as connection:
        for statement in HEARD_ROWS:
            connection.execute(text(statement), {"at": "2026-11-20 08:00:00.000000"})

    upgrade(empty_url)

    with store.transaction(TEAM) as tx:
        [gap] = tx.gaps.recurring([OPS], NOW - 60 * DAY, 2)
        assert (gap.id, gap.title, gap.act, gap.renamed) == (1, "Disk ä", "question", False)
        assert (gap.threads, gap.probability, gap.answerer) == (2, 1.0, None)
        texts = [(one.ts, one.excerpt, one.answer, one.answer_ts) for one in gap.occurrences]
        assert texts == [("2.1", "Full disk", "", None), ("1.1", "Full disk", "", None)]
        prompt = tx.prompts.get(PromptId(1))
        assert prompt is not None
        assert (prompt.gap, prompt.answer, prompt.reason) == (1, "recorded", "")
        assert tx.messages.count_since(OPS, NOW - 60 * DAY, 9) == 1
        # The next ids are free, and a second person can be asked in the same thread.
        assert add_gap(tx, "Restart", "3.1") == 2
        assert tx.prompts.add(prompted(user=BEN)) is not None
        assert tx.prompts.add(prompted(user=ANA)) is None
    assert [item.topic for item in store.claim_items(NOW, 9)] == [Topic.NOTE]
    store.close()


def test_two_processes_can_upgrade_at_the_same_time(empty_url: str) -> None:
    with ThreadPoolExecutor(2) as pool:
        assert list(pool.map(upgrade, [empty_url, empty_url])) == [None, None]

    store = Store.open(empty_url)
    assert store.schema_revision() == HEAD
    store.close()


def test_a_database_of_a_newer_release_is_refused(empty_url: str) -> None:
    upgrade(empty_url)
    store = Store.open(empty_url)
    with store.engine.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))

    with pytest.raises(SchemaError, match=r"made by a newer Opslore \(revision 9999\)"):
        needs_upgrade(store)
    with pytest.raises(SchemaError):
        upgrade(empty_url)
    store.close()
