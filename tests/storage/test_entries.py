"""Entries: their numbers, revisions, certification, links, uses and digest sections."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import datetime

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import text

from bot.domain.certification import DueReasonKind
from bot.domain.digests import Section
from bot.domain.entries import EntryId, EvidenceState, Key, Origin, Outcome, UseCounts
from bot.domain.field_values import clean, is_blank
from bot.domain.kinds import Kind
from bot.domain.revisions import Change, Content
from sandbox import Driver
from storage.digest_entries import Cutoffs, Tally
from storage.store import Store
from tests.support.storage_makers import (
    ANA,
    BEN,
    DAY,
    NOW,
    OPS,
    OTHER,
    SIDE,
    TEAM,
    add,
    channels,
    content,
    evidence,
    member,
    revise,
)


def test_an_entry_is_read_as_it_was_added(store: Store) -> None:
    sources = (evidence("1.1"), evidence("1.2"))
    with store.transaction(TEAM) as tx:
        added = add(tx, "Fail over", owner=ANA, tags="db, eu", evidence=sources)

    with store.read(TEAM) as tx:
        assert tx.entries.get(Key(kind=Kind.DECISION, number=1)) == added
        assert tx.entries.by_id(added.id) == added
    assert (str(added.key), str(added.cited)) == ("DEC-1", "DEC-1@1")
    assert (added.due_at, added.created_at, added.owner) == (NOW + 90 * DAY, NOW, ANA)
    assert added.evidence == sources
    assert added.revision.change is Change.RECORDED


def test_entries_are_read_by_ids_within_their_workspace(store: Store) -> None:
    with store.transaction(OTHER) as tx:
        theirs = add(tx, "Not ours")
    with store.transaction(TEAM) as tx:
        first, second = add(tx, "Fail over", evidence=(evidence("1.1"),)), add(tx, "Fail back")

    with store.read(TEAM) as tx:
        assert tx.entries.by_ids([second.id, first.id, second.id, theirs.id]) == {
            first.id: first,
            second.id: second,
        }
        assert tx.entries.by_ids([]) == {}


def test_numbers_count_up_by_kind_and_workspace(store: Store) -> None:
    for team in (TEAM, OTHER):
        with store.transaction(team) as tx:
            keys = [str(add(tx, kind=kind).key) for kind in (*Kind, Kind.DECISION)]
        assert keys == ["DEC-1", "HND-1", "ESC-1", "DEC-2"]


def test_a_transaction_that_waited_for_an_entry_sees_its_change(postgresql_url: str) -> None:
    """With one statement, PostgreSQL would join the new row with the old revision."""
    store = Store.open(postgresql_url)
    with store.transaction(TEAM) as tx:
        known = add(tx, "Fail over")

    def read() -> int:
        with store.transaction(TEAM) as tx:
            found = tx.entries.by_id(known.id, lock=True)
            assert found is not None
            return found.revision.number

    def waiting() -> bool:
        with store.engine.connect() as other:
            return bool(other.scalar(_WAITING))

    with ThreadPoolExecutor(1) as pool:
        with store.transaction(TEAM) as tx:
            locked = tx.entries.by_id(known.id, lock=True)
            assert locked is not None
            second = pool.submit(read)
            Driver.until(waiting)
            revise(tx, locked, content("Fail over twice"))
        assert second.result() == 2
    store.close()


_WAITING = text(
    "SELECT count(*) FROM pg_stat_activity"
    " WHERE datname = current_database() AND wait_event_type = 'Lock'"
)


def test_entries_recorded_at_the_same_time_get_different_numbers(store: Store) -> None:
    def record(_: int) -> str:
        with store.transaction(TEAM) as tx:
            return str(add(tx).key)

    with ThreadPoolExecutor(4) as pool:
        assert set(pool.map(record, range(12))) == {f"DEC-{n}" for n in range(1, 13)}


def test_one_workspace_never_sees_an_entry_of_another(store: Store) -> None:
    with store.transaction(TEAM) as tx:
        entry = add(tx)
    with store.transaction(OTHER) as tx:
        assert tx.entries.get(entry.key) is None
        assert tx.entries.by_id(entry.id) is None
        assert tx.revisions.history(entry.id) == []


def test_a_new_revision_is_in_force_and_the_older_one_stays_readable(store: Store) -> None:
    with store.transaction(TEAM) as tx:
        first = add(tx, "Fail over")
        second = revise(
            tx,
            first,
            content("Fail over by hand", owner=BEN),
            author=BEN,
            at=NOW + DAY,
            note="It did not work alone.",
        )

    with store.read(TEAM) as tx:
        assert tx.entries.get(first.key) == second
        assert tx.revisions.history(first.id) == [first.revision, second.revision]
        assert tx.revisions.get(first.id, 1) == first.revision
        assert tx.revisions.get(first.id, 3) is None
    assert (second.title, second.owner, second.revision.number) == ("Fail over by hand", BEN, 2)
    assert second.due_at == first.due_at


def test_a_retired_entry_stays_readable(store: Store) -> None:
    with store.transaction(TEAM) as tx:
        entry = add(tx)
        retired = revise(tx, entry, entry.content, Change.RETIRED, note="Gone.")
        assert retired.retired
        assert retired.due_at == entry.due_at
        assert tx.entries.get(entry.key, lock=True) == retired


def test_only_a_verdict_on_the_revision_in_force_moves_the_due_date(store: Store) -> None:
    with store.transaction(TEAM) as tx:
        entry = add(tx)
        revise(tx, entry, content("New"))
        assert not tx.entries.certify(entry.id, revision=1, by=BEN, at=NOW, due_at=NOW + 200 * DAY)
        late = tx.entries.by_id(entry.id)
        assert late is not None
        assert (late.certified_at, late.due_at) == (None, entry.due_at)

        assert tx.entries.certify(entry.id, revision=2, by=BEN, at=NOW, due_at=NOW + 200 * DAY)
        certified = tx.entries.by_id(entry.id)
    assert certified is not None
    assert (certified.certified_at, certified.certified_by) == (NOW, BEN)
    assert certified.due_at == NOW + 200 * DAY


def test_uses_count_for_the_revision_in_force(store: Store) -> None:
    with store.transaction(TEAM) as tx:
        entry = add(tx)
        uses = [("a", Outcome.FOLLOWED), ("b", Outcome.FAILED), ("b", Outcome.FAILED)]
        kept = [
            tx.uses.add(entry.id, revision=1, outcome=outcome, by=BEN, at=NOW, key=key)
            for key, outcome in uses
        ]
        counted = tx.entries.by_id(entry.id)
        revised = revise(tx, entry, content())
    assert kept == [True, True, False]
    assert counted is not None
    assert counted.uses == UseCounts(followed=1, failed=1)
    assert revised.uses == UseCounts()


def test_the_key_of_a_use_is_unique_within_its_workspace(store: Store) -> None:
    for team in (TEAM, OTHER):
        with store.transaction(team) as tx:
            entry = add(tx)
            assert tx.uses.add(
                entry.id, revision=1, outcome=Outcome.FOLLOWED, by=BEN, at=NOW, key="a"
            )


def test_links_follow_the_revision_in_force(store: Store) -> None:
    with store.transaction(TEAM) as tx:
        gap = add(tx, kind=Kind.ESCALATION)
        entry = add(tx, raises="ESC-1")
        visible = tx.entries.visible_to(member(OPS))
        assert visible.linking_to(gap.key) == [entry.key]

        revise(tx, entry, content())
        assert visible.linking_to(gap.key) == []


def test_evidence_follows_the_edit_or_deletion_of_its_message(store: Store) -> None:
    with store.transaction(TEAM) as tx:
        entry = add(tx, evidence=[evidence("1.1"), evidence("1.2")])
        tx.evidence.add(entry.id, evidence("1.1"))
        assert tx.evidence.mark_edited(OPS, "1.1", "other words") == [entry.id]
        assert tx.evidence.mark_deleted(OPS, "1.2") == [entry.id]
        assert tx.evidence.mark_edited(OPS, "1.2", "back again") == []
        assert tx.evidence.mark_deleted(SIDE, "1.1") == []
        found = tx.entries.by_id(entry.id)

    assert found is not None
    assert [(each.state, each.excerpt) for each in found.evidence] == [
        (EvidenceState.EDITED, "other words"),
        (EvidenceState.DELETED, ""),
    ]


def test_a_home_channel_is_private_unless_it_is_known_to_be_public(store: Store) -> None:
    with store.transaction(TEAM) as tx:
        entry = add(tx)
        outside = tx.entries.visible_to(member())
        assert outside.get(entry.key) is None
        channels(tx)
        assert outside.get(entry.key) == entry


def test_a_digest_selects_the_entries_of_its_channel_by_section(store: Store) -> None:
    with store.transaction(TEAM) as tx:
        late = add(tx, "Late", due_at=NOW - 2 * DAY, owner=ANA)
        soon = add(tx, "Just due", due_at=NOW, owner=BEN)
        snoozed = add(tx, "Snoozed", due_at=NOW - DAY, owner=BEN)
        fresh = add(tx, "Fresh", at=NOW - 9 * DAY, trigger="At night", rationale="Sleep")
        add(tx, "Elsewhere", home=SIDE, due_at=NOW - DAY)
        tx.entries.snooze(snoozed.id, NOW + DAY)
        homes = tx.entries.for_digests([OPS, SIDE])

        def listed(
            section: Section, now: datetime = NOW, limit: int = 9
        ) -> tuple[tuple[EntryId, ...], int]:
            marks = Cutoffs(now=now, news_since=NOW - DAY, changes_since=NOW - 9 * DAY)
            picked = homes.pick(marks, limit)[OPS][section]
            return picked.entries, picked.total

        assert listed(Section.DUE) == ((late.id, soon.id), 2)
        assert listed(Section.DUE, limit=1) == ((late.id,), 2)
        assert listed(Section.DUE, NOW + DAY) == ((late.id, snoozed.id, soon.id), 3)
        assert listed(Section.INCOMPLETE) == ((snoozed.id,), 1)
        assert listed(Section.CHANGED) == ((fresh.id,), 1)
        assert homes.tally(NOW) == {OPS: Tally(in_force=4, due=2), SIDE: Tally(in_force=1, due=1)}
        tx.due_reasons.add(soon.id, DueReasonKind.OWNER_GONE, NOW, about=BEN)
        assert listed(Section.OWNER_GONE) == ((soon.id,), 1)
        assert listed(Section.DUE) == ((late.id,), 1)


def test_the_entry_that_fails_most_comes_first_with_its_newest_note(store: Store) -> None:
    with store.transaction(TEAM) as tx:
        once, twice, well = add(tx, "Once"), add(tx, "Twice"), add(tx, "Well")
        for number, (entry, outcome, note) in enumerate(
            [
                (twice, Outcome.FAILED, "old"),
                (once, Outcome.DEVIATED, "single"),
                (twice, Outcome.DEVIATED, "new"),
                (well, Outcome.FOLLOWED, ""),
            ]
        ):
            tx.uses.add(
                entry.id,
                revision=1,
                outcome=outcome,
                by=BEN,
                at=NOW + number * DAY,
                note=note,
                key=str(number),
            )
        homes = tx.entries.for_digests([OPS, SIDE])

        def failing(since: datetime = NOW) -> list[EntryId]:
            marks = Cutoffs(now=NOW + 4 * DAY, news_since=since, changes_since=NOW + 4 * DAY)
            return list(homes.pick(marks, 5)[OPS][Section.FAILING].entries)

        assert failing() == [twice.id, once.id]
        assert failing(NOW + 2 * DAY) == [twice.id]
        assert failing(NOW + 3 * DAY) == []
        latest = tx.uses.latest_failing([once.id, twice.id, well.id])
        assert {entry: wrong.note for entry, wrong in latest.items()} == {
            twice.id: "new",
            once.id: "single",
        }
        assert tx.entries.by_ids(failing())[twice.id].uses == UseCounts(deviated=1, failed=1)
        assert homes.uses_since(NOW + DAY) == {
            OPS: UseCounts(followed=1, deviated=2),
            SIDE: UseCounts(),
        }

        revise(tx, twice, twice.content, Change.OWNER)
        assert failing() == [twice.id, once.id]
        assert tx.uses.latest_failing([twice.id])[twice.id].note == "new"

        revise(tx, twice, content("Mended"))
        assert failing() == [once.id]


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(text=st.text(st.characters(codec=None), max_size=120))
def test_any_text_survives_the_round_trip(store: Store, text: str) -> None:
    """Invisible characters are removed, and no excerpt or note raises an error."""
    kept = clean(text)
    words = "words" if is_blank(kept) else text
    expected = "words" if is_blank(kept) else kept
    told = replace(evidence("1.1"), excerpt=text)
    with store.transaction(TEAM) as tx:
        said = Content.of(Kind.DECISION, {"title": "Say", "rule": words, "exceptions": words})
        entry = tx.entries.add(
            said,
            home=OPS,
            author=ANA,
            at=NOW,
            due_at=NOW,
            note=text,
            origin=Origin(evidence=(told,)),
        )
    with store.read(TEAM) as tx:
        found = tx.entries.by_id(entry.id)
    assert found is not None
    assert found.content == said
    assert found.content.text("rule") == expected
    assert clean(found.revision.note) == clean(text)
    assert clean(found.evidence[0].excerpt) == clean(text)


def test_a_naive_time_is_refused(store: Store) -> None:
    with (
        pytest.raises(Exception, match="a stored time must be aware"),
        store.transaction(TEAM) as tx,
    ):
        add(tx, at=NOW.replace(tzinfo=None))
