"""Queries of growing tables use an index, and changes are made in batches."""

import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import event, text

from bot.domain.entries import ChannelId, Key
from bot.domain.entry_filters import EntryFilter
from bot.domain.kinds import Kind
from bot.domain.outbox import Topic
from bot.domain.workspaces import Channel
from bot.usecases.listening.gaps import list_gaps
from bot.usecases.review.digest import build_due_digests, plan_missing_digests
from bot.usecases.upkeep.retention import forget_old
from storage.batch_sizes import BatchSizes
from storage.messages import Messages
from storage.store import Store
from storage.transaction import Transaction
from tests.support.storage_makers import (
    ANA,
    DAY,
    NOW,
    OPS,
    TEAM,
    add,
    add_gap,
    channels,
    evidence,
    member,
)

MONTH = timedelta(days=31)


def plans(store: Store, asked: Callable[[Transaction], object]) -> str:
    """Return the query plans of all statements, as for large tables."""
    sent: list[tuple[str, Any]] = []

    def note(*given: Any) -> None:  # noqa: ANN401 - SQLAlchemy's signature
        sent.append((given[2], given[3]))

    with store.transaction(TEAM) as tx:
        event.listen(store.engine, "before_cursor_execute", note)
        asked(tx)
        event.remove(store.engine, "before_cursor_execute", note)
        connection = tx.session.connection()
        if store.dialect == "postgresql":
            connection.execute(text("SET LOCAL enable_seqscan = off"))
        explain = "EXPLAIN" if store.dialect == "postgresql" else "EXPLAIN QUERY PLAN"
        found = [
            connection.exec_driver_sql(f"{explain} {statement}", values).all()
            for statement, values in sent
        ]
    return "\n".join(str(row[-1]) for rows in found for row in rows)


def test_old_rows_are_deleted_in_batches_and_a_kill_between_two_loses_nothing(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    with store.transaction(TEAM) as tx:
        for number in range(5):
            assert tx.messages.claim_event(f"old{number}", NOW)
        assert tx.messages.claim_event("new", NOW + MONTH)
    batches: list[int] = []
    forget_before = Messages.forget_before

    def killed_at_the_second(*given: Any) -> int:  # noqa: ANN401 - of forget_before
        if batches:
            raise RuntimeError("killed")
        batches.append(forget_before(*given))
        return batches[0]

    with monkeypatch.context() as patched:
        patched.setattr(Messages, "forget_before", killed_at_the_second)
        with pytest.raises(RuntimeError, match="killed"):
            forget_old(store, TEAM, now=NOW + MONTH, batch=2)
    assert batches == [2]
    assert claimable_again(store) == 2

    forget_old(store, TEAM, now=NOW + MONTH, batch=2)
    assert claimable_again(store) == 5


def claimable_again(store: Store) -> int:
    """Return how many events could be claimed again, without claiming them."""

    def take() -> int:
        with store.transaction(TEAM) as tx:
            assert not tx.messages.claim_event("new", NOW)
            taken = sum(tx.messages.claim_event(f"old{number}", NOW) for number in range(5))
            raise _Undo(taken)

    with pytest.raises(_Undo) as undone:
        take()
    return undone.value.taken


class _Undo(Exception):  # noqa: N818 - no error
    def __init__(self, taken: int) -> None:
        self.taken = taken


def test_all_ended_items_are_deleted_even_if_it_takes_many_batches(store: Store) -> None:
    with store.transaction(TEAM) as tx:
        for number in range(7):
            add_gap(tx, f"Gap {number}", str(number))
            add_sent(tx, f"nudge:{number}", topic=Topic.NOTE)

    forget_old(store, TEAM, now=NOW + 200 * DAY, batch=3)

    with store.read(TEAM) as tx:
        assert tx.gaps.recurring(None, NOW - MONTH, 1) == []
        assert [tx.outbox.get_by_once(f"nudge:{number}") for number in range(7)] == [None] * 7
        acts = [act for act in tx.audit.acts() if act.action == "forgotten"]
    assert [act.details["gaps"] for act in acts] == [3, 3, 1]
    assert sum(act.details["sent"] for act in acts) == 7


def add_sent(
    tx: Transaction, once: str, topic: Topic = Topic.CARD, channel: ChannelId = OPS
) -> None:
    item = tx.outbox.add(
        topic, channel=channel, payload={"entry": 1}, due_at=NOW, at=NOW, user=ANA, once=once
    )
    assert item is not None
    tx.outbox.mark_sent(item, NOW)


def test_gaps_reads_only_what_it_shows_and_counts_the_rest(store: Store) -> None:
    """PostgreSQL takes 65,535 values in a statement, so 70,000 gaps made the command fail."""
    reader = member(OPS)
    with store.transaction(TEAM) as tx:
        for number in range(30):
            add_gap(tx, f"Gap {number}", f"{number}.1", f"{number}.2")
    values: list[int] = []

    def note(*given: Any) -> None:  # noqa: ANN401 - SQLAlchemy's signature
        values.append(len(given[3]))

    event.listen(store.engine, "before_cursor_execute", note)
    shown = list_gaps(store, TEAM, reader=reader, now=NOW + timedelta(hours=1))

    assert [gap.title for gap in shown.gaps] == [f"Gap {29 - number}" for number in range(8)]
    assert all(len(gap.occurrences) == 2 for gap in shown.gaps)
    assert shown.more == 22
    assert max(values) < 30


def test_any_number_of_gaps_is_read_with_their_messages(
    store: Store,
) -> None:
    small = Store(store.engine, batch_sizes=BatchSizes(values=2))
    with small.transaction(TEAM) as tx:
        for number in range(5):
            add_gap(tx, f"Gap {number}", f"{number}.1")

        found = tx.gaps.recurring([OPS], NOW, 1)

    assert [gap.occurrences[0].ts for gap in found] == [f"{4 - number}.1" for number in range(5)]


def test_any_number_of_entries_is_read_with_their_rows(
    store: Store,
) -> None:
    small = Store(store.engine, batch_sizes=BatchSizes(values=2))
    with small.transaction(TEAM) as tx:
        channels(tx)
        ids = [
            add(tx, f"Entry {number}", evidence=[evidence(f"{number}.1")]).id for number in range(5)
        ]

        by_ids = tx.entries.by_ids(ids)

    assert list(by_ids) == ids
    assert [by_ids[entry].evidence[0].ts for entry in ids] == [f"{n}.1" for n in range(5)]


def test_outbox_items_are_found_by_the_prefix_of_their_name(store: Store) -> None:
    names = ("news:1", "news:1:U-ana", "news:1:2:owner", "news:12", "news:1;x", "news:10:1")
    with store.transaction(TEAM) as tx:
        for name in names:
            add_sent(tx, name)

        found_ids = [item.id for item in tx.outbox.list_by_once("news:1")]
        wanted = [tx.outbox.get_by_once(name) for name in names[:3]]

    assert found_ids == [item.id for item in wanted if item]
    assert len(found_ids) == 3


@pytest.mark.parametrize(
    ("asked", "table", "column"),
    [
        (lambda tx: tx.outbox.list_by_once("news:1"), "outbox", "once"),
        (lambda tx: tx.outbox.forget_before(NOW, 9), "outbox", "ended_at"),
        (lambda tx: tx.messages.forget_before(NOW, 9), "messages", "at"),
        (lambda tx: tx.form_drafts.forget_before(NOW, 9), "form_drafts", "created_at"),
        (lambda tx: tx.gaps.forget_before(NOW, 9), "gaps", "last_at"),
    ],
)
def test_the_query_uses_an_index(
    store: Store, asked: Callable[[Transaction], object], table: str, column: str
) -> None:
    plan = plans(store, asked)

    assert not re.search(rf"SCAN {table}|Seq Scan on {table}", plan), plan
    if store.dialect == "sqlite":
        assert re.search(rf"SEARCH {table} USING .*INDEX .*\b{column}<", plan), plan
    else:
        assert re.search(rf"Index Cond: .*\b{column}\)?(::text)? < ", plan), plan


def test_a_page_of_a_list_is_read_with_an_index(store: Store) -> None:
    reader = member(OPS)
    start = Key(kind=Kind.DECISION, number=500)
    with store.transaction(TEAM) as tx:
        channels(tx)

    plan = plans(
        store,
        lambda tx: tx.entries.visible_to(reader).list_from(
            EntryFilter(kinds=(Kind.DECISION,)), NOW, start=start, limit=11
        ),
    )

    assert not re.search(r"SCAN entries|Seq Scan on entries", plan), plan


def test_digests_that_are_due_together_are_built_by_the_same_statements(store: Store) -> None:
    """Most of the time of many digests was spent on sending statements, 45 of them for each."""
    with store.transaction(TEAM) as tx:
        for number in range(13):
            home = ChannelId(f"C{number}")
            tx.channels.put(Channel(team=TEAM, id=home, joined=True, private=False))
            add(tx, home=home, due_at=NOW)
    plan_missing_digests(store, TEAM, now=NOW)
    with store.read(TEAM) as tx:
        due_at = max(digest.due_at for digest in tx.digests.due(NOW + 8 * DAY))
    sent: list[str] = []

    def note(*given: Any) -> None:  # noqa: ANN401 - SQLAlchemy's signature
        sent.append(given[2])

    event.listen(store.engine, "before_cursor_execute", note)
    built = build_due_digests(store, TEAM, describe=lambda _: member(), now=due_at)
    event.remove(store.engine, "before_cursor_execute", note)

    assert len(built) == 13
    assert len(sent) < 13 * 2 + 2 * 45
    with store.read(TEAM) as tx:
        digests = [tx.digests.get(digest) for digest in built]
        lines = [line.entry for digest in digests if digest for line in digest.lines]
        assert len(set(lines)) == 13
        assert len(tx.digests.due(due_at + 8 * DAY)) == 13
