"""Form drafts, digests, duties, and the audit's chain."""

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import datetime

import pytest
from sqlalchemy import text

from bot.domain.digests import Digest, DigestId, Section
from bot.domain.entries import TeamId
from bot.domain.form_drafts import FormDraftId, NewFormDraft
from bot.domain.kinds import Kind
from bot.domain.replay import Fault, Flaw
from storage.digests import NewContents, NewLine
from storage.store import Store
from storage.transaction import Transaction
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
    add_gap,
    evidence,
)

PERIOD = "2026-11-30"

NEW_DRAFT = NewFormDraft(user=ANA, kind=Kind.DECISION, channel=OPS, created_at=NOW)


def test_a_form_draft_keeps_its_text_until_it_is_saved(store: Store) -> None:
    with store.transaction(TEAM) as tx:
        entry = add(tx)
        draft = tx.form_drafts.add(
            replace(
                NEW_DRAFT,
                thread_ts="1.1",
                entry=entry.id,
                base=1,
                values={"rule": "“Wait”", "levels": [{"wait": 5}]},
                evidence=(evidence("1.1"),),
            )
        )
        typed = replace(draft, kind=Kind.HANDOFF, base=2, values={"payload": ["a"]})
        tx.form_drafts.put(typed)
        assert tx.form_drafts.get(draft.id) == typed
        assert tx.form_drafts.waiting_for(ANA, 9) == [typed]
        tx.form_drafts.put(replace(typed, saved=entry.id))

    with store.transaction(TEAM) as tx:
        assert tx.form_drafts.get(draft.id, lock=True) == replace(typed, saved=entry.id)
        assert tx.form_drafts.waiting_for(ANA, 9) == []
        assert tx.form_drafts.get(FormDraftId(99)) is None
    with store.read(OTHER) as tx:
        assert tx.form_drafts.get(draft.id) is None


def test_a_form_submitted_twice_at_once_is_saved_once(store: Store) -> None:
    """The lock on the draft makes the second submission read what the first one saved."""
    with store.transaction(TEAM) as tx:
        draft = tx.form_drafts.add(NEW_DRAFT)

    def submit(_: int) -> bool:
        with store.transaction(TEAM) as tx:
            found = tx.form_drafts.get(draft.id, lock=True)
            assert found is not None
            if found.saved is None:
                tx.form_drafts.put(replace(found, saved=add(tx).id))
            return found.saved is None

    with ThreadPoolExecutor(4) as pool:
        assert sum(pool.map(submit, range(4))) == 1


def build(
    tx: Transaction,
    digest_id: DigestId,
    figures: dict[str, int],
    lines: Sequence[NewLine],
    at: datetime,
) -> Digest:
    tx.digests.build({digest_id: NewContents(figures=figures, lines=lines)}, at)
    digest = tx.digests.get(digest_id)
    assert digest is not None
    return digest


def claim(tx: Transaction, period: str = PERIOD, weeks: int = 0) -> Digest | None:
    return tx.digests.claim(OPS, period, NOW + weeks * 7 * DAY, NOW)


def test_a_digest_is_claimed_once_per_period(store: Store, database_url: str) -> None:
    second = Store.open(database_url)

    def race(number: int) -> bool:
        with (store, second)[number % 2].transaction(TEAM) as tx:
            return claim(tx) is not None

    with ThreadPoolExecutor(6) as pool:
        assert sum(pool.map(race, range(6))) == 1
    with store.transaction(OTHER) as tx:
        assert claim(tx) is not None
    second.close()


def test_a_digest_is_read_section_by_section(store: Store) -> None:
    with store.transaction(TEAM) as tx:
        digest = claim(tx)
        assert digest is not None
        entry = add(tx)
        build(tx, digest.id, {"entries": 9}, [(Section.INCOMPLETE, None, None, {})], NOW)
        built = build(
            tx,
            digest.id,
            {"entries": 1},
            [
                (Section.CHANGED, entry.id, None, {"title": "“Ä”"}),
                (Section.DUE, entry.id, None, {"days": 3}),
                (Section.CHANGED, None, None, {}),
            ],
            NOW,
        )
        tx.digests.mark_posted(digest.id, "17.1")

        assert [(line.section, line.position) for line in built.lines] == [
            (Section.DUE, 0),
            (Section.CHANGED, 0),
            (Section.CHANGED, 1),
        ]
        assert (built.figures, built.built_at, built.ts) == ({"entries": 1}, NOW, None)
        assert built.lines[1].facts == {"title": "“Ä”"}
        assert tx.digests.get(digest.id) == replace(built, ts="17.1")


def test_only_the_first_person_handles_a_line(store: Store) -> None:
    with store.transaction(TEAM) as tx:
        digest = claim(tx)
        assert digest is not None
        built = build(tx, digest.id, {}, [(Section.DUE, None, None, {})], NOW)
        line = built.lines[0]
        assert tx.digests.handle(line.id, ANA, NOW, "certified")
        assert not tx.digests.handle(line.id, BEN, NOW, "retired")
        found = tx.digests.get_line(line.id)

    assert found is not None
    assert found[0].id == digest.id
    assert found[1] == replace(line, handled_by=ANA, handled_at=NOW, outcome="certified")
    assert found[0].lines == (found[1],)
    with store.transaction(OTHER) as tx:
        assert tx.digests.get_line(line.id) is None
        assert not tx.digests.handle(line.id, ANA, NOW, "certified")


def test_last_weeks_digest_is_found(store: Store) -> None:
    with store.transaction(TEAM) as tx:
        first, second = claim(tx, "a"), claim(tx, "b", weeks=1)
        assert first is not None
        assert second is not None
        assert tx.digests.of(OPS, 9) == [second, first]
        assert tx.digests.previous(OPS, second.due_at) is None
        built = build(tx, first.id, {"due": 2}, [], NOW)
        assert tx.digests.previous(OPS, second.due_at) == built
        assert tx.digests.previous(OPS, first.due_at) is None
        assert tx.digests.of(SIDE, 9) == []


def test_a_digest_is_planned_until_it_is_built(store: Store) -> None:
    with store.transaction(TEAM) as tx:
        assert tx.digests.next_planned(OPS) is None
        first, later = claim(tx, "a"), claim(tx, "b", weeks=1)
        assert first is not None
        assert later is not None
        assert tx.digests.next_planned(OPS) == tx.digests.get(first.id) == first
        assert tx.digests.due(NOW) == [first]
        assert tx.digests.due(NOW - DAY) == []
        assert tx.digests.due(NOW + 7 * DAY) == [first, later]

        built = build(tx, first.id, {}, [], NOW)
        assert tx.digests.next_planned(OPS) == later
        tx.digests.unplan(OPS)
        assert tx.digests.of(OPS, 9) == [built]
        again = claim(tx, "b", weeks=1)
        assert again is not None
        assert again.id != later.id


def test_lines_about_an_entry_stay_open_until_they_are_handled(store: Store) -> None:
    with store.transaction(TEAM) as tx:
        digest, entry, other = claim(tx), add(tx), add(tx)
        assert digest is not None
        gap = add_gap(tx, "Disk", "1")
        lines: list[NewLine] = [
            (Section.DUE, entry.id, None, {}),
            (Section.INCOMPLETE, entry.id, None, {}),
            (Section.INCOMPLETE, other.id, None, {}),
            (Section.GAPS, None, gap, {}),
        ]
        built = build(tx, digest.id, {}, lines, NOW)
        found = tx.digests.open_lines(NOW - DAY, entry=entry.id)
        assert [line.section for _, line in found] == [Section.DUE, Section.INCOMPLETE]
        assert {each.id for each, _ in found} == {built.id}
        assert [line.gap for _, line in tx.digests.open_lines(NOW - DAY, gap=gap)] == [gap]

        assert tx.digests.handle(found[0][1].id, ANA, NOW, "certified")
        assert [line for _, line in tx.digests.open_lines(NOW - DAY, entry=entry.id)] == [
            found[1][1]
        ]


def test_a_closed_form_is_deleted(store: Store) -> None:
    with store.transaction(TEAM) as tx:
        draft = tx.form_drafts.add(NEW_DRAFT)
        tx.form_drafts.drop(draft.id)
        assert tx.form_drafts.get(draft.id) is None
        assert tx.form_drafts.add(NEW_DRAFT).id != draft.id


def record(store: Store, *subjects: str) -> None:
    for subject in subjects:
        with store.transaction(TEAM) as tx:
            tx.audit.add(ANA, "recorded", subject, {"tags": ("a", "ü"), "n": 1.5, 3: None}, NOW)  # type: ignore[dict-item] # JSON makes text of it


def test_an_untouched_audit_verifies(store: Store) -> None:
    with store.read(TEAM) as tx:
        assert tx.audit.last() is None
        assert tx.audit.verify().fault is None

    record(store, "DEC-1", "DEC-2", "DEC-3")

    with store.read(TEAM) as tx:
        last = tx.audit.last()
        assert last is not None
        assert (last.number, last.actor, last.subject, last.at) == (3, ANA, "DEC-3", NOW)
        assert last.details == {"tags": ["a", "ü"], "n": 1.5, "3": None}
        verdict = tx.audit.verify()
        assert (verdict.acts, verdict.head, verdict.faults) == (3, last.hash, ())


def test_acts_at_the_same_time_form_one_chain(store: Store) -> None:
    with ThreadPoolExecutor(4) as pool:
        list(pool.map(lambda n: record(store, f"DEC-{n}"), range(12)))

    with store.read(TEAM) as tx:
        last = tx.audit.last()
        assert last is not None
        assert last.number == 12
        assert tx.audit.verify().fault is None


@pytest.mark.parametrize(
    ("tampering", "unbroken"),
    [
        ("UPDATE audit SET actor = 'U-eve' WHERE number = 2", 1),
        ("UPDATE audit SET details = '{}' WHERE number = 1", 0),
        ("UPDATE audit SET states = '{}' WHERE number = 1", 0),
        ("UPDATE audit SET at = '2020-01-01 00:00:00.000000' WHERE number = 3", 2),
        ("DELETE FROM audit WHERE number = 2", 1),
    ],
)
def test_tampering_is_found_at_its_act(store: Store, tampering: str, unbroken: int) -> None:
    record(store, "DEC-1", "DEC-2", "DEC-3")
    with store.engine.begin() as connection:
        connection.execute(text(tampering))

    with store.read(TEAM) as tx:
        verdict = tx.audit.verify()
    assert verdict.acts == unbroken
    assert verdict.faults == (Fault(flaw=Flaw.BROKEN),)


def test_an_audit_that_was_moved_to_another_workspace_verifies_in_neither(store: Store) -> None:
    record(store, "DEC-1", "DEC-2", "DEC-3")
    with store.engine.begin() as connection:
        connection.execute(text("UPDATE audit SET team_id = 'T2'"))

    with store.read(TEAM) as tx:
        assert tx.audit.verify().faults == (Fault(flaw=Flaw.CUT),)
    with store.read(OTHER) as tx:
        assert tx.audit.verify().faults == (Fault(flaw=Flaw.BROKEN),)


def test_a_duty_is_claimed_once_until_its_lease_ends(store: Store, database_url: str) -> None:
    other = Store.open(database_url)

    def claim(of: Store, at: datetime, team: TeamId = TEAM, name: str = "look") -> bool:
        with of.transaction(team) as tx:
            return tx.duties.claim(name, at, at + DAY)

    assert claim(store, NOW)
    assert not claim(other, NOW)
    assert claim(other, NOW, name="forget")
    assert claim(other, NOW, OTHER)
    # The first died at it.
    assert claim(other, NOW + DAY)
    with other.transaction(TEAM) as tx:
        tx.duties.reschedule("look", NOW + 3 * DAY)
    assert not claim(store, NOW + 2 * DAY)
    assert claim(store, NOW + 3 * DAY)
    other.close()
