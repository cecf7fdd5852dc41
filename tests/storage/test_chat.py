"""Messages, gaps, prompts and channels, and a channel that gets another id."""

from dataclasses import replace
from datetime import time

from bot.domain.digests import Section
from bot.domain.entries import ChannelId, EntryId
from bot.domain.form_drafts import NewFormDraft
from bot.domain.gaps import GapId, GapState, NewGap
from bot.domain.messages import EditTime, IncomingMessage
from bot.domain.outbox import Topic
from bot.domain.prefill import Source, make_marks
from bot.domain.prompts import Answer, PromptOutcome, PromptTally
from bot.domain.schedule import Schedule
from bot.domain.workspaces import Channel
from storage.digest_entries import Cutoffs
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
    occurrence,
    prompted,
)

NEW = ChannelId("C-new")


def claim(tx: Transaction, ts: str, channel: ChannelId = OPS) -> bool:
    heard = IncomingMessage(channel=channel, ts=ts, at=NOW + float(ts) * DAY, user=ANA)
    return tx.messages.claim([heard]) == [True]


def test_a_message_that_is_twice_in_a_batch_is_new_once(store: Store) -> None:
    """It also has one outbox item."""
    message = IncomingMessage(
        channel=OPS, ts="1.1", at=NOW, user=ANA, mentions=(BEN,), text="drain it"
    )
    twice = [message] * 2
    with store.transaction(TEAM) as tx:
        assert tx.messages.claim(twice) == [True, False]
    waiting = store.claim_items(NOW, 9)
    assert [one.payload for one in waiting] == [
        {"ts": "1.1", "text": "drain it", "mentions": [BEN], "is_question": False}
    ]


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


def test_messages_of_one_channel_since_a_time_are_counted_up_to_a_limit(store: Store) -> None:
    with store.transaction(TEAM) as tx:
        for number in range(1, 5):
            claim(tx, f"{number}.0")
        claim(tx, "9.0", SIDE)

        assert tx.messages.count_since(OPS, NOW, 9) == 4
        assert tx.messages.count_since(OPS, NOW + 3 * DAY, 9) == 2
        assert tx.messages.count_since(OPS, NOW, 3) == 3
    with store.read(OTHER) as tx:
        assert tx.messages.count_since(OPS, NOW, 9) == 0


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


def test_a_gap_counts_threads_people_and_days_and_lists_occurrences_newest_first(
    store: Store,
) -> None:
    answered = replace(occurrence("20"), answer="Empty it.", answer_ts="21", answerer=ANA)
    with store.transaction(TEAM) as tx:
        gap_id = add_gap(tx, "Who restarts it?", "20")
        first = tx.gaps.get(gap_id)
        assert first is not None
        assert (first.threads, first.people, first.days) == (1, 1, 1)
        assert (first.first_at, first.last_at) == (occurrence("20").at,) * 2

        late = replace(occurrence("30"), at=NOW + DAY, author=ANA)
        known = NewGap(
            channel=OPS,
            act="decision",
            title="Restart it",
            probability=0.75,
            answerer=ANA,
            occurrences=(occurrence("10"), answered, late),
        )
        tx.gaps.fill(gap_id, known)

        grown = tx.gaps.get(gap_id, lock=True)
        assert grown is not None
        assert (grown.act, grown.title, grown.probability) == ("decision", "Restart it", 0.75)
        assert (grown.threads, grown.people, grown.days) == (3, 2, 2)
        assert (grown.answerer, grown.first_at, grown.last_at) == (
            ANA,
            occurrence("10").at,
            late.at,
        )
        assert grown.occurrences == (late, answered, occurrence("10"))


def test_the_title_that_a_person_gave_a_gap_stays(store: Store) -> None:
    with store.transaction(TEAM) as tx:
        gap = add_gap(tx, "Disk", "1")
        tx.gaps.retitle(gap, "Full disk")
        tx.gaps.fill(
            gap, NewGap(channel=OPS, act="", title="Disk 2", occurrences=(occurrence("2"),))
        )
        assert title_of(tx, gap) == ("Disk 2", False)

        tx.gaps.retitle(gap, "Full disk of db-01", renamed=True)
        tx.gaps.fill(
            gap, NewGap(channel=OPS, act="", title="Disk 3", occurrences=(occurrence("3"),))
        )
        assert title_of(tx, gap) == ("Full disk of db-01", True)


def title_of(tx: Transaction, gap_id: GapId) -> tuple[str, bool]:
    gap = tx.gaps.get(gap_id)
    assert gap is not None
    return gap.title, gap.renamed


def test_a_deleted_opening_removes_its_occurrence_and_a_deleted_answer_its_words(
    store: Store,
) -> None:
    answered = replace(occurrence("20"), answer="Ask Zofia.", answer_ts="21", answerer=ANA)
    with store.transaction(TEAM) as tx:
        known = NewGap(channel=OPS, act="", title="", occurrences=(answered, occurrence("30")))
        gap = tx.gaps.add(known)
        assert tx.gaps.edit_message(OPS, "20", "says less") == [gap]
        assert tx.gaps.edit_message(OPS, "21", "Ask no one.") == [gap]
        assert tx.gaps.edit_message(OPS, "22", "No part of it.") == []
        assert tx.gaps.forget_message(OPS, "30") == [gap]
        remaining = tx.gaps.get(gap)
        assert remaining is not None
        assert (remaining.threads, remaining.last_at) == (1, answered.at)
        assert [(each.excerpt, each.answer) for each in remaining.occurrences] == [
            ("says less", "Ask no one.")
        ]

        assert tx.gaps.forget_message(OPS, "21") == [gap]
        unanswered = tx.gaps.get(gap)
        assert unanswered is not None
        assert unanswered.occurrences == (replace(occurrence("20"), excerpt="says less"),)
        assert unanswered.people == 1

        tx.gaps.forget_message(OPS, "20")
        assert tx.gaps.get(gap) is None
        assert add_gap(tx, "Restart", "40") != gap


def test_a_handled_gap_stays_without_its_occurrences(store: Store) -> None:
    with store.transaction(TEAM) as tx:
        entry = add(tx)
        gap = add_gap(tx, "Restart", "20")
        tx.gaps.set_state(gap, GapState.RECORDED, entry.id)
        tx.gaps.forget_message(OPS, "20")
        remaining = tx.gaps.get(gap)

    assert remaining is not None
    assert (remaining.state, remaining.entry, remaining.threads) == (GapState.RECORDED, entry.id, 0)


def test_the_most_recurring_gap_comes_first_with_three_occurrences(store: Store) -> None:
    with store.transaction(TEAM) as tx:
        add_gap(tx, "Often", "1", "2", "3", "4")
        add_gap(tx, "Twice", "5", "6", channel=SIDE)
        add_gap(tx, "Once", "7")
        tx.gaps.set_state(add_gap(tx, "Dismissed", "8", "9"), GapState.DISMISSED)
        unlikely = (occurrence("10"), occurrence("11"))
        tx.gaps.add(NewGap(channel=OPS, act="", title="", probability=0.4, occurrences=unlikely))

        found = tx.gaps.recurring(None, NOW, 2, 9)
        assert [(gap.title, gap.threads) for gap in found] == [("Often", 4), ("Twice", 2)]
        assert [each.ts for each in found[0].occurrences] == ["4", "3", "2"]
        assert [gap.title for gap in tx.gaps.recurring({SIDE}, NOW, 2, 9)] == ["Twice"]
        assert tx.gaps.recurring([], NOW, 2, 9) == []
        assert len(tx.gaps.recurring(None, NOW, 2, 1)) == 1


def test_a_gap_that_comes_up_for_more_people_comes_before_one_of_as_many_threads(
    store: Store,
) -> None:
    with store.transaction(TEAM) as tx:
        for title, author in (("One person", BEN), ("Two people", ANA)):
            threads = (occurrence(f"{len(title)}"), replace(occurrence("2"), author=author))
            tx.gaps.add(NewGap(channel=OPS, act="", title=title, occurrences=threads))

        found = tx.gaps.recurring(None, NOW, 2)

    assert [gap.title for gap in found] == ["Two people", "One person"]


def test_a_person_is_prompted_once_in_a_thread_and_answers_once(store: Store) -> None:
    with store.transaction(TEAM) as tx:
        first = tx.prompts.add(prompted(ts="1.2", gap=GapId(7), reason="recurs"))
        assert first is not None
        assert tx.prompts.add(prompted(ts="1.9")) is None
        second = tx.prompts.add(prompted(channel=SIDE, entry=EntryId(4), at=NOW + DAY))
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
        assert (answered.gap, answered.reason) == (7, "recurs")
        assert tx.prompts.count_since(NOW) == 2
        assert tx.prompts.count_since(NOW + DAY, user=ANA) == 1
        assert tx.prompts.count_since(NOW, channel=OPS) == 1
        assert tx.prompts.count_since(NOW, user=BEN) == 0
        assert tx.prompts.tally_since(NOW, [OPS, SIDE, NEW]) == {
            OPS: PromptTally(prompts=1, outcomes={PromptOutcome.NOT_RECURRING: 1}),
            SIDE: PromptTally(prompts=1, outcomes={PromptOutcome.HELPED: 1}),
            NEW: PromptTally(),
        }
    with store.read(OTHER) as tx:
        assert tx.prompts.get(first) is None


def test_prompts_about_a_gap_and_refusals_of_an_entry_are_counted(store: Store) -> None:
    entry, gap = EntryId(4), GapId(7)
    with store.transaction(TEAM) as tx:
        refused = tx.prompts.add(prompted(entry=entry))
        helped = tx.prompts.add(prompted(thread_ts="2", entry=entry))
        assert tx.prompts.add(prompted(thread_ts="3", gap=gap)) is not None
        # Ana passes it on to Ben.
        assert tx.prompts.add(prompted(thread_ts="3", user=BEN, gap=gap)) is not None
        assert refused is not None
        assert helped is not None
        tx.prompts.answer(refused, Answer.REFUSED, ANA, NOW)
        tx.prompts.answer(helped, Answer.HELPED, ANA, NOW)

        assert tx.prompts.count_about(gap) == 2
        assert tx.prompts.count_about(gap, BEN) == 1
        assert tx.prompts.count_refused(entry, NOW) == 1
        assert tx.prompts.count_refused(entry, NOW + DAY) == 0
        assert tx.prompts.is_in_thread(OPS, "3")
        assert not tx.prompts.is_in_thread(OPS, "4")
        assert not tx.prompts.is_in_thread(SIDE, "3")
    with store.read(OTHER) as tx:
        assert tx.prompts.count_about(gap) == tx.prompts.count_refused(entry, NOW) == 0
        assert not tx.prompts.is_in_thread(OPS, "3")


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
    add_gap(tx, "Gap", "5", channel=channel)
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
