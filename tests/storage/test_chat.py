"""Messages, gaps, prompts and channels, and a channel that gets another id."""

from dataclasses import replace
from datetime import time

from bot.domain.digests import Section
from bot.domain.entries import ChannelId
from bot.domain.form_drafts import NewFormDraft
from bot.domain.gaps import GapState
from bot.domain.messages import EditTime, IncomingMessage
from bot.domain.outbox import Topic
from bot.domain.prefill import Source, make_marks
from bot.domain.prompts import Answer
from bot.domain.schedule import Schedule
from bot.domain.workspaces import Channel
from storage.digest_entries import Cutoffs
from storage.prompts import PromptTally
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
    evidence,
    occurrence,
    prompted,
)

NEW = ChannelId("C-new")


def claim(tx: Transaction, ts: str, channel: ChannelId = OPS, score: float = 0.5) -> bool:
    heard = IncomingMessage(
        channel=channel, ts=ts, at=NOW + float(ts) * DAY, user=ANA, act="decide", score=score
    )
    return tx.messages.claim([heard]) == [True]


def test_a_message_that_is_twice_in_a_batch_is_new_once(store: Store) -> None:
    """It also has one outbox item."""
    twice = [
        IncomingMessage(
            channel=OPS,
            ts="1.1",
            at=NOW,
            user=ANA,
            act="decide",
            score=0.9,
            consider={"excerpt": "drain it"},
        )
    ] * 2
    with store.transaction(TEAM) as tx:
        assert tx.messages.claim(twice) == [True, False]
    waiting = store.claim_items(NOW, 9)
    assert [one.payload for one in waiting] == [{"ts": "1.1", "excerpt": "drain it"}]


def test_a_message_is_claimed_once_in_each_workspace(store: Store) -> None:
    for team in (TEAM, OTHER):
        with store.transaction(team) as tx:
            assert claim(tx, "1.1")
            assert claim(tx, "1.1", SIDE)
        with store.transaction(team) as tx:
            assert not claim(tx, "1.1")


def test_a_message_deleted_before_it_arrives_is_never_claimed(store: Store) -> None:
    with store.transaction(TEAM) as tx:
        tx.messages.mark_deleted(OPS, "1.1", NOW)
        assert not claim(tx, "1.1")
        assert claim(tx, "1.2")
        tx.messages.mark_deleted(OPS, "1.2", NOW)
        assert tx.messages.is_deleted(OPS, "1.2")
        assert not tx.messages.is_deleted(OPS, "1.3")


def test_an_edit_is_claimed_unless_a_later_one_was(store: Store) -> None:
    """It doesn't count as a claim, because its message may arrive later."""
    said = [
        (EditTime(ts="7.0", event_ts="7.3"), True),
        (EditTime(ts="7.0", event_ts="7.3"), False),
        (EditTime(ts="7.0", event_ts="7.2"), False),
        (EditTime(ts="6.9", event_ts="9.0"), False),
        (EditTime(ts="7.0", event_ts="7.4"), True),
        (EditTime(ts="8.0", event_ts="8.0"), True),
    ]
    with store.transaction(TEAM) as tx:
        assert [tx.messages.claim_edit(OPS, "1.1", one, NOW) for one, _ in said] == [
            taken for _, taken in said
        ]
        assert tx.messages.claim_edit(OPS, "1.2", EditTime(ts="6.0", event_ts="6.0"), NOW)
        assert tx.messages.claim_edit(SIDE, "1.1", EditTime(ts="6.0", event_ts="6.0"), NOW)
        assert claim(tx, "1.1")
    with store.transaction(OTHER) as tx:
        assert tx.messages.claim_edit(OPS, "1.1", EditTime(ts="6.0", event_ts="6.0"), NOW)
    with store.transaction(TEAM) as tx:
        tx.messages.forget_before(NOW + DAY, 100)
        assert tx.messages.claim_edit(OPS, "1.1", EditTime(ts="6.0", event_ts="6.0"), NOW)


def test_recent_scores_are_those_of_one_channel_and_act_newest_first(store: Store) -> None:
    with store.transaction(TEAM) as tx:
        for number in range(1, 5):
            claim(tx, f"{number}.0", score=number / 10)
        claim(tx, "9.0", SIDE, score=0.9)
        tx.messages.mark_deleted(OPS, "4.0", NOW)

        assert tx.messages.recent_scores(OPS, "decide") == [0.3, 0.2, 0.1]
        assert tx.messages.recent_scores(OPS, "decide", limit=1) == [0.3]
        assert tx.messages.recent_scores(OPS, "ask") == []


def test_an_event_is_claimed_once_until_it_is_too_old_to_be_delivered_again(store: Store) -> None:
    with store.transaction(TEAM) as tx:
        assert tx.messages.claim_event("Ev1", NOW)
        assert not tx.messages.claim_event("Ev1", NOW)
        claim(tx, "1.1")
    with store.transaction(OTHER) as tx:
        assert tx.messages.claim_event("Ev1", NOW)
        assert tx.messages.forget_before(NOW + 9 * DAY, 100) == 1
    with store.transaction(TEAM) as tx:
        assert not tx.messages.claim_event("Ev1", NOW)
        assert tx.messages.forget_before(NOW + 9 * DAY, 100) == 1
        assert tx.messages.claim_event("Ev1", NOW)
        assert claim(tx, "1.1")


def test_a_gap_counts_threads_and_lists_occurrences_newest_first(store: Store) -> None:
    with store.transaction(TEAM) as tx:
        gap = tx.gaps.add(OPS, "decide", "Who restarts it?", {"restart": 1}, occurrence("20"))
        assert (gap.threads, gap.first_at, gap.terms) == (1, occurrence("20").at, {"restart": 1})

        tx.gaps.add_occurrence(gap.id, occurrence("30", thread_ts="20"), {"restart": 2})
        assert tx.gaps.add_occurrence(gap.id, occurrence("10"), {"disk": 1}).threads == 2
        grown = tx.gaps.add_occurrence(gap.id, occurrence("10"), {"disk": 1})

        assert grown.terms == {"restart": 3, "disk": 1}
        assert (grown.first_at, grown.last_at) == (occurrence("10").at, occurrence("30").at)
        assert tx.gaps.list_candidates(OPS, NOW) == [grown]
        whole = tx.gaps.get(gap.id, lock=True)
        assert whole is not None
        assert [each.ts for each in whole.occurrences] == ["30", "20", "10"]
        assert replace(whole, occurrences=()) == grown
        assert tx.gaps.list_candidates(OPS, NOW + DAY) == tx.gaps.list_candidates(SIDE, NOW) == []


def test_a_deleted_message_removes_its_occurrence_and_words(store: Store) -> None:
    with store.transaction(TEAM) as tx:
        gap = tx.gaps.add(OPS, "decide", "Restart", {"restart": 1}, occurrence("20"))
        tx.gaps.add_occurrence(gap.id, occurrence("30"), {"secret": 1})
        tx.gaps.edit_message(OPS, "20", "says less", ["less"])
        tx.gaps.forget_message(OPS, "30")
        remaining = tx.gaps.get(gap.id)
        assert remaining is not None
        assert (remaining.terms, remaining.threads, remaining.last_at) == (
            {"less": 1},
            1,
            occurrence("20").at,
        )
        assert [each.excerpt for each in remaining.occurrences] == ["says less"]

        tx.gaps.forget_message(OPS, "20")
        assert tx.gaps.get(gap.id) is None
        again = tx.gaps.add(OPS, "decide", "Restart", {}, occurrence("40"))
        assert again.id != gap.id


def test_a_handled_gap_stays_without_its_occurrences(store: Store) -> None:
    with store.transaction(TEAM) as tx:
        entry = add(tx)
        gap = tx.gaps.add(OPS, "decide", "Restart", {"restart": 1}, occurrence("20"))
        tx.gaps.set_state(gap.id, GapState.RECORDED, entry.id)
        tx.gaps.forget_message(OPS, "20")
        remaining = tx.gaps.get(gap.id)

    assert remaining is not None
    assert (remaining.state, remaining.entry, remaining.threads) == (GapState.RECORDED, entry.id, 0)


def test_the_most_recurring_gap_comes_first_with_three_occurrences(store: Store) -> None:
    with store.transaction(TEAM) as tx:
        often = tx.gaps.add(OPS, "decide", "Often", {}, occurrence("1"))
        for ts in ("2", "3", "4"):
            tx.gaps.add_occurrence(often.id, occurrence(ts), {})
        twice = tx.gaps.add(SIDE, "ask", "Twice", {}, occurrence("5", channel=SIDE))
        tx.gaps.add_occurrence(twice.id, occurrence("6", channel=SIDE), {})
        tx.gaps.add(OPS, "ask", "Once", {}, occurrence("7"))
        gone = tx.gaps.add(OPS, "ask", "Dismissed", {}, occurrence("8"))
        tx.gaps.add_occurrence(gone.id, occurrence("9"), {})
        tx.gaps.set_state(gone.id, GapState.DISMISSED)

        found = tx.gaps.recurring(None, NOW, 2, 9)
        assert [(gap.title, gap.threads) for gap in found] == [("Often", 4), ("Twice", 2)]
        assert [each.ts for each in found[0].occurrences] == ["4", "3", "2"]
        assert [gap.title for gap in tx.gaps.recurring({SIDE}, NOW, 2, 9)] == ["Twice"]
        assert tx.gaps.recurring([], NOW, 2, 9) == []
        assert len(tx.gaps.recurring(None, NOW, 2, 1)) == 1


def test_a_thread_is_prompted_once_and_answered_once(store: Store) -> None:
    with store.transaction(TEAM) as tx:
        first = tx.prompts.add(prompted(ts="1.2", terms={"restart": 2}))
        assert first is not None
        assert tx.prompts.add(prompted(ts="1.9", user=BEN)) is None
        second = tx.prompts.add(prompted(channel=SIDE, kind="covered", at=NOW + DAY))
        assert second is not None

        assert [prompt.id for prompt in tx.prompts.waiting_for(ANA, 9, NOW)] == [second, first]
        assert [prompt.id for prompt in tx.prompts.waiting_for(ANA, 9, NOW + DAY)] == [second]
        assert tx.prompts.answer(first, Answer.REFUSED, BEN, NOW)
        assert not tx.prompts.answer(first, Answer.RECORDED, ANA, NOW)
        assert tx.prompts.answer(second, Answer.USED, ANA, NOW)
        answered = tx.prompts.get(first)
        assert answered is not None
        assert (answered.answer, answered.answered_by, answered.answered_at) == (
            Answer.REFUSED,
            BEN,
            NOW,
        )
        assert tx.prompts.waiting_for(ANA, 9, NOW) == []
        assert tx.prompts.refusals(OPS, NOW - DAY, 9) == [("decision", {"restart": 2})]
        assert tx.prompts.refusals(SIDE, NOW - DAY, 9) == []
        assert tx.prompts.count_since(NOW) == 2
        assert tx.prompts.count_since(NOW + DAY, user=ANA) == 1
        assert tx.prompts.count_since(NOW, channel=OPS) == 1
        assert tx.prompts.count_since(NOW, user=BEN) == 0
        assert tx.prompts.tally_since(NOW, [OPS, SIDE, NEW]) == {
            OPS: PromptTally(shown=1),
            SIDE: PromptTally(shown=1, accepted=1),
            NEW: PromptTally(),
        }
    with store.read(OTHER) as tx:
        assert tx.prompts.get(first) is None


def test_a_channel_is_stored_with_its_schedule(store: Store) -> None:
    schedule = Schedule(weekday=4, at=time(16, 30), timezone="Europe/Berlin")
    channel = Channel(team=TEAM, id=OPS, private=True, muted=True, digest=schedule)
    with store.transaction(TEAM) as tx:
        assert tx.channels.get(OPS) is None
        tx.channels.put(Channel(team=TEAM, id=OPS, private=False))
        tx.channels.put(channel)
        tx.channels.put(Channel(team=TEAM, id=SIDE, private=False, joined=False))
    with store.read(TEAM) as tx:
        assert tx.channels.get(OPS) == channel
        assert [each.id for each in tx.channels.all()] == [OPS, SIDE]
    with store.read(OTHER) as tx:
        assert tx.channels.all() == []


def fill(tx: Transaction, channel: ChannelId) -> None:
    """Add a row to every table that has a channel's id."""
    tx.channels.put(Channel(team=tx.team, id=channel, private=False))
    add(tx, home=channel, evidence=[evidence("1.1", channel)])
    claim(tx, "1.1", channel)
    tx.messages.claim_edit(channel, "1.1", EditTime(ts="7.0", event_ts="7.0"), NOW)
    tx.gaps.add(channel, "ask", "Gap", {}, occurrence("5", channel=channel))
    tx.prompts.add(prompted(channel=channel))
    tx.outbox.add(Topic.NOTE, channel=channel, payload={}, due_at=NOW, at=NOW)
    tx.digests.claim(channel, "2026-11-30", NOW, NOW)
    tx.form_drafts.add(
        NewFormDraft(
            user=ANA,
            kind=add(tx, home=channel).key.kind,
            channel=channel,
            created_at=NOW,
            evidence=(evidence("1.1", channel),),
            filled=make_marks("title", "Gap", [[Source(channel=channel, ts="1.1")]], salt="1"),
        )
    )


def test_a_channel_with_a_new_id_keeps_all_its_rows(store: Store) -> None:
    for team in (TEAM, OTHER):
        with store.transaction(team) as tx:
            fill(tx, OPS)
    with store.transaction(TEAM) as tx:
        tx.channels.change_id(OPS, NEW)

    with store.transaction(TEAM) as tx:
        assert [channel.id for channel in tx.channels.all()] == [NEW]
        picked = tx.entries.for_digests([NEW]).pick(
            Cutoffs(now=NOW, news_since=NOW, changes_since=NOW), 9
        )
        moved = picked[NEW][Section.INCOMPLETE]
        assert moved.total == 2
        assert tx.entries.by_ids(moved.entries)[moved.entries[-1]].evidence[0].channel == NEW
        assert not claim(tx, "1.1", NEW)
        assert not tx.messages.claim_edit(NEW, "1.1", EditTime(ts="7.0", event_ts="7.0"), NOW)
        (gap,) = tx.gaps.recurring([NEW], NOW, 1, 9)
        assert gap.occurrences[0].channel == NEW
        assert tx.prompts.count_since(NOW, channel=NEW) == 1
        assert len(tx.digests.of(NEW, 9)) == 1
        (draft,) = tx.form_drafts.waiting_for(ANA, 9)
        assert (draft.channel, draft.sources) == (NEW, ((NEW, "1.1"),))
    assert {item.channel for item in store.claim_items(NOW, 9)} == {NEW, OPS}
    with store.read(OTHER) as tx:
        assert [channel.id for channel in tx.channels.all()] == [OPS]


def test_a_channel_can_get_an_id_that_already_has_rows(store: Store) -> None:
    with store.transaction(TEAM) as tx:
        fill(tx, OPS)
        fill(tx, NEW)
        tx.channels.change_id(OPS, NEW)

        assert [channel.id for channel in tx.channels.all()] == [NEW]
        assert tx.entries.for_digests([NEW]).tally(NOW)[NEW].in_force == 4
        assert tx.prompts.count_since(NOW, channel=NEW) == 1
        assert len(tx.gaps.recurring([NEW], NOW, 1, 9)) == 2
        assert [len(tx.digests.of(channel, 9)) for channel in (OPS, NEW)] == [1, 1]
