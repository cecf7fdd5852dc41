"""The outbox: one sender at a time claims an item, and no item is lost."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

from bot.domain.entries import ChannelId
from bot.domain.outbox import Fate, OutboxItem, OutboxItemId, Topic
from bot.domain.timeouts import Timeouts
from storage.store import Store
from storage.transaction import Transaction
from tests.support.storage_makers import ANA, BEN, NOW, OPS, OTHER, SIDE, TEAM

SECOND = timedelta(seconds=1)
LEASE = Timeouts().lease


def add_item(tx: Transaction, seconds: float = 0, **more: object) -> OutboxItemId:
    kept = tx.outbox.add(
        Topic.NOTE, channel=OPS, payload=more, due_at=NOW + seconds * SECOND, at=NOW, user=ANA
    )
    assert kept is not None
    return kept


def add_about(
    tx: Transaction, ts: str, channel: ChannelId = OPS, topic: Topic = Topic.MESSAGE
) -> OutboxItemId:
    payload = {"ts": ts, "text": "words"}
    kept = tx.outbox.add(topic, channel=channel, payload=payload, due_at=NOW, at=NOW)
    assert kept is not None
    return kept


def test_due_items_of_all_workspaces_are_claimed_longest_due_first(store: Store) -> None:
    with store.transaction(TEAM) as tx:
        second, later = add_item(tx, seconds=-1), add_item(tx, seconds=1)
    with store.transaction(OTHER) as tx:
        first = add_item(tx, seconds=-2, n=1)

    claimed = store.claim_items(NOW, 10)

    assert [item.id for item in claimed] == [first, second]
    assert (claimed[0].team, claimed[0].payload, claimed[0].user) == (OTHER, {"n": 1}, ANA)
    assert [item.id for item in store.claim_items(NOW + SECOND, 10)] == [later]


def test_a_claimed_item_has_its_attempts_from_before_the_claim(store: Store) -> None:
    with store.transaction(TEAM) as tx:
        item_id = add_item(tx)

    (first,) = store.claim_items(NOW, 10)
    assert (first.attempts, first.attempted_at) == (0, None)
    assert store.claim_items(NOW + LEASE - SECOND, 10) == []
    (second,) = store.claim_items(NOW + LEASE, 10)
    assert (second.id, second.attempts, second.attempted_at) == (item_id, 1, NOW)


def test_two_senders_never_claim_the_same_item(store: Store, database_url: str) -> None:
    with store.transaction(TEAM) as tx:
        wanted = {add_item(tx) for _ in range(60)}
    second = Store.open(database_url)

    with ThreadPoolExecutor(6) as pool:
        batches = pool.map(lambda n: (store, second)[n % 2].claim_items(NOW, 7), range(30))
    claimed = [item.id for batch in batches for item in batch]

    assert (len(claimed), set(claimed)) == (60, wanted)
    second.close()


def test_an_item_that_was_sent_or_dropped_is_never_claimed_again(store: Store) -> None:
    with store.transaction(TEAM) as tx:
        add_item(tx), add_item(tx)
    sent, dropped = store.claim_items(NOW, 10)
    with store.transaction(TEAM) as tx:
        assert tx.outbox.mark_sent(sent.id, NOW, ts="17.1")
        assert tx.outbox.drop(dropped, "channel_not_found", NOW)
        assert not tx.outbox.drop(sent, "too late", NOW)
        tx.outbox.postpone(dropped, NOW, attempted=True)
        ends = [tx.outbox.get(item.id) for item in (sent, dropped)]

    assert [(end.fate, end.ts) for end in ends if end] == [
        (Fate.SENT, "17.1"),
        (Fate.DROPPED, None),
    ]
    assert store.claim_items(NOW + LEASE, 10) == []


def test_a_postponed_item_waits_and_knows_whether_it_may_have_arrived(store: Store) -> None:
    with store.transaction(TEAM) as tx:
        add_item(tx), add_item(tx)
    refused, unknown = store.claim_items(NOW, 10)
    with store.transaction(TEAM) as tx:
        tx.outbox.postpone(refused, NOW + SECOND, attempted=False)
        tx.outbox.postpone(unknown, NOW + 2 * SECOND, attempted=True)

    assert store.claim_items(NOW, 10) == []
    claimed = store.claim_items(NOW + 2 * SECOND, 10)
    assert [(item.id, item.attempted_at) for item in claimed] == [
        (refused.id, None),
        (unknown.id, NOW),
    ]
    assert [item.attempts for item in claimed] == [1, 1]


def claimed_twice(store: Store) -> tuple[OutboxItem, OutboxItem]:
    """Return one item as a late sender claimed it, and as another sender claimed it later."""
    with store.transaction(TEAM) as tx:
        add_item(tx)
    (late,) = store.claim_items(NOW, 10)
    (current,) = store.claim_items(NOW + LEASE, 10)
    return late, current


def test_a_late_sender_cannot_change_an_item_that_another_has_claimed(store: Store) -> None:
    late, current = claimed_twice(store)

    with store.transaction(TEAM) as tx:
        tx.outbox.postpone(late, NOW, attempted=False)
        assert not tx.outbox.drop(late, "channel_not_found", NOW)
        kept = tx.outbox.get(late.id)

    assert kept is not None
    assert (kept.fate, kept.attempted_at) == (Fate.WAITING, NOW + LEASE)
    assert kept.leased_until == current.leased_until == NOW + 2 * LEASE
    assert store.claim_items(NOW + 2 * LEASE - SECOND, 10) == []


def test_an_item_that_a_late_sender_posted_is_sent_whatever_the_other_did(store: Store) -> None:
    late, current = claimed_twice(store)

    with store.transaction(TEAM) as tx:
        assert tx.outbox.drop(current, "gave_up", NOW)
        assert tx.outbox.mark_sent(late.id, NOW, ts="17.1")
        assert not tx.outbox.mark_sent(current.id, NOW, ts="17.2")
        kept = tx.outbox.get(late.id)

    assert kept is not None
    assert (kept.fate, kept.ts) == (Fate.SENT, "17.1")


def test_a_workspace_has_one_item_with_the_same_once(store: Store) -> None:
    kept = []
    for team in (TEAM, TEAM, OTHER):
        with store.transaction(team) as tx:
            kept.append(
                tx.outbox.add(
                    Topic.CARD, channel=OPS, payload={}, due_at=NOW, at=NOW, once="card:1"
                )
            )
        with store.read(team) as tx:
            card = tx.outbox.get_by_once("card:1")
            assert card is not None
            assert card.team == team
    assert [item is None for item in kept] == [False, True, False]


def test_items_about_a_deleted_message_are_dropped_with_its_text(store: Store) -> None:
    with store.transaction(TEAM) as tx:
        gone, other = add_about(tx, "1.1"), add_about(tx, "1.2")
        elsewhere, card = add_about(tx, "1.1", SIDE), add_about(tx, "1.1", topic=Topic.CARD)
        tx.outbox.update_message(OPS, "1.2", "new words", [BEN])
        tx.outbox.cancel_message(OPS, "1.1", NOW)
        ends = {item: tx.outbox.get(item) for item in (gone, other, elsewhere, card)}

    waiting = {item for item, end in ends.items() if end and end.fate is Fate.WAITING}
    assert waiting == {other, elsewhere, card}
    assert [end.payload for end in ends.values() if end] == [
        {},
        {"ts": "1.2", "text": "new words", "mentions": [BEN]},
        {"ts": "1.1", "text": "words"},
        {"ts": "1.1", "text": "words"},
    ]


def test_items_dropped_for_a_deleted_message_are_deleted_later(store: Store) -> None:
    with store.transaction(TEAM) as tx:
        gone = add_about(tx, "1.1")
        tx.outbox.cancel_message(OPS, "1.1", NOW)
        tx.outbox.forget_before(NOW + SECOND, 9)
        assert tx.outbox.get(gone) is None


def test_an_answer_is_deleted_later_and_a_card_is_not(
    store: Store,
) -> None:
    with store.transaction(TEAM) as tx:
        names = {Topic.NOTE: "saved:7", Topic.CARD: "card:7"}
        for topic, once in names.items():
            for _ in range(2):
                tx.outbox.add(
                    topic, channel=OPS, payload={"text": "x"}, due_at=NOW, at=NOW, once=once
                )
            item = tx.outbox.get_by_once(once)
            assert item is not None
            tx.outbox.mark_sent(item.id, NOW)

        assert tx.outbox.forget_before(NOW, 9) == 0
        assert tx.outbox.forget_before(NOW + SECOND, 9) == 1
        assert [tx.outbox.get_by_once(once) is None for once in names.values()] == [True, False]


def test_the_text_of_a_message_is_deleted_once_it_was_considered(store: Store) -> None:
    with store.transaction(TEAM) as tx:
        message, card = add_about(tx, "1.1"), add_about(tx, "1.1", topic=Topic.CARD)
        tx.outbox.mark_sent(message, NOW)
        tx.outbox.mark_sent(card, NOW)
        ends = [tx.outbox.get(message), tx.outbox.get(card)]

    assert [len(end.payload) for end in ends if end] == [0, 2]


def test_the_backlog_is_counted(store: Store) -> None:
    assert (store.outbox_backlog().waiting, store.outbox_backlog().oldest_due) == (0, None)
    with store.transaction(TEAM) as tx:
        add_item(tx, seconds=5)
        add_item(tx, seconds=3)
        tx.outbox.mark_sent(add_item(tx), NOW)

    assert (store.outbox_backlog().waiting, store.outbox_backlog().oldest_due) == (
        2,
        NOW + 3 * SECOND,
    )
