"""Gaps: recurring matters, counted by thread until someone records or dismisses them."""

from datetime import timedelta

import pytest

from bot.domain.entries import ChannelId
from bot.domain.gaps import Gap
from bot.domain.listening.prompting import QUIET
from bot.jobs import forget
from bot.usecases.listening.messages import hear_deletion
from sandbox.forms import View
from sandbox.seen import Channel
from storage.heard_messages import HeardMessages
from tests.support.digests import again
from tests.support.digests import gap as known
from tests.support.digests import now as digest_now
from tests.support.gap_threads import (
    CLEANED,
    DISK,
    DISK_TITLE,
    MAIL,
    ask,
    ask_once,
    gaps,
)
from tests.support.ops import START, Ops
from tests.support.prompting import prompts, settle
from tests.support.races import at_once, considering, meanwhile, place
from tests.support.recording import typed

# Where words of messages may be stored.
TABLES = ("heard_messages", "threads", "gaps", "occurrences", "outbox")


def recurring(ops: Ops, channel: Channel | None = None) -> list[Gap]:
    with ops.store.read(ops.team) as tx:
        place = ChannelId(str(channel or ops.ops))
        return tx.gaps.recurring([place], ops.clock.time - timedelta(days=60), 1, 99)


def rows_of(ops: Ops, table: str) -> list[object]:
    with ops.store.read(ops.team) as tx:
        return list(tx.session.connection().exec_driver_sql(f"SELECT * FROM {table}").all())  # noqa: S608 - a name of ours


def test_a_matter_that_recurs_in_other_threads_is_one_gap(ops: Ops) -> None:
    first, second = ask(ops, *DISK[:2])

    shown = gaps(ops)
    assert (
        f"{DISK_TITLE}\n2 threads, 2 people, 2 days, Mar 4 to Mar 5. "
        f"Usually answered by cleo\n>{CLEANED}\n#ops, Mar 5, ben · #ops, Mar 4, ben"
    ) in shown.words()
    assert shown.buttons() == ["Record it", "Not recurring"]
    for ts in (first, second):
        assert ts.replace(".", "") in str(shown.blocks)


def test_gaps_that_do_not_fit_are_counted(ops: Ops) -> None:
    with ops.store.transaction(ops.team) as tx:
        for number in range(11):
            known(tx, ChannelId(str(ops.ops)), f"Trouble {number}", threads=2, at=ops.clock.time)

    shown = gaps(ops)

    assert shown.buttons().count("Record it") == 8
    assert "3 more: " in shown.words()


def test_a_matter_that_came_up_once_is_not_a_gap(ops: Ops) -> None:
    ask(ops, DISK[0], MAIL[0])

    assert "No gaps: nothing came back in your channels" in gaps(ops).words()


def test_a_thread_counts_once_however_often_the_matter_comes_up_in_it(ops: Ops) -> None:
    root = ask_once(ops, DISK[0], answer=CLEANED)
    for text in DISK[1:]:
        ops.clock.time += timedelta(days=1)
        ops.ben.say(ops.ops, text, thread=root)
        ops.cleo.say(ops.ops, CLEANED, thread=root)
        settle(ops)

    assert not recurring(ops)
    assert "No gaps: nothing came back in your channels" in gaps(ops).words()


def test_a_repeated_event_counts_once(ops: Ops) -> None:
    ops.driver.deliver_events(times=3)
    ask(ops, *DISK[:3])

    assert [(gap.threads, len(gap.occurrences)) for gap in recurring(ops)] == [(3, 3)]
    assert len(prompts(ops.cleo, ops.ops)) == 1
    heard = rows_of(ops, "heard_messages")
    assert len(heard) == 6


def test_a_matter_that_does_not_recur_for_two_months_is_forgotten(ops: Ops) -> None:
    """A dismissed gap is remembered, so that it stays dismissed."""
    ask(ops, *DISK[:2])
    ops.ana.press("Not recurring", on=gaps(ops))
    ask(ops, *MAIL)
    ops.clock.time += timedelta(days=58)
    forget(ops.bot.deps)
    with ops.store.read(ops.team) as tx:
        assert [gap.threads for gap in tx.gaps.recurring(None, START, 1, 9)] == [2]
    ops.clock.time += timedelta(days=2)
    forget(ops.bot.deps)

    with ops.store.read(ops.team) as tx:
        assert tx.gaps.recurring(None, START, 1, 9) == []
        kept = tx.session.connection().exec_driver_sql("SELECT DISTINCT gap_id FROM occurrences")
        assert len(kept.all()) == 1
    ask(ops, *DISK[2:])
    assert "No gaps" in gaps(ops).words()


def test_people_in_an_edited_message_are_shown_by_name(ops: Ops) -> None:
    first, _ = ask(ops, *DISK[:2])
    asked = f"What does <@{ops.ana.id}> do when the disk of the build server is full?"
    ops.ben.edit(ops.ops, first, asked)

    [gap] = recurring(ops)
    named = "What does @ana do when the disk of the build server is full?"
    assert gap.occurrences[-1].excerpt == named


def test_other_subjects_are_other_gaps(ops: Ops) -> None:
    ask(ops, DISK[0], MAIL[0], DISK[1], MAIL[1])

    assert sorted(gap.threads for gap in recurring(ops)) == [2, 2]


def test_dismissing_a_gap_removes_it_for_good(ops: Ops) -> None:
    ask(ops, *DISK[:2])
    ops.ana.press("Not recurring", on=gaps(ops))
    ops.drain()
    answers = [each.text for each in ops.ana.ephemerals(ops.ops)]
    assert any("won't bring this up again" in text for text in answers)

    ask(ops, *DISK)
    ops.clock.time += timedelta(days=90)
    ask(ops, *DISK)

    assert "No gaps: nothing came back in your channels" in gaps(ops).words()
    # Only the prompt from before it was dismissed.
    assert len(prompts(ops.cleo, ops.ops)) == 1


def test_dismissing_twice_counts_once(ops: Ops) -> None:
    ask(ops, *DISK[:2])
    shown = gaps(ops)

    ops.ana.press("Not recurring", on=shown)
    ops.cleo.slash(ops.ops, "/lore gaps")
    ops.ana.press("Not recurring", on=shown)

    assert not recurring(ops)


def test_deleting_a_question_removes_its_excerpt_and_lowers_the_count(ops: Ops) -> None:
    first, second, third = ask(ops, *DISK[:3])

    ops.ben.delete(ops.ops, first)

    [gap] = recurring(ops)
    assert gap.threads == 2
    assert [occurrence.ts for occurrence in gap.occurrences] == [third, second]
    ops.drain()
    assert [gap.threads for gap in recurring(ops)] == [2]
    assert DISK[0] not in str([rows_of(ops, table) for table in TABLES])


def test_nothing_is_left_of_a_gap_once_its_messages_are_deleted(ops: Ops) -> None:
    for root in ask(ops, *DISK[:2]):
        for reply in ops.driver.thread(ops.ops, root)[1:]:
            ops.cleo.delete(ops.ops, reply)
        ops.ben.delete(ops.ops, root)
    settle(ops)

    assert not recurring(ops)
    kept = str([rows_of(ops, table) for table in TABLES]).lower()
    assert "build server" not in kept
    assert "artefacts" not in kept


def test_deleting_an_answer_removes_it_and_the_person_who_gave_it(ops: Ops) -> None:
    first, second = ask(ops, *DISK[:2])
    assert [one.answer for one in recurring(ops)[0].occurrences] == [CLEANED, CLEANED]

    ops.cleo.delete(ops.ops, ops.driver.thread(ops.ops, first)[1])

    [gap] = recurring(ops)
    assert [(one.thread_ts, one.answer, one.answerer) for one in gap.occurrences] == [
        (second, CLEANED, ops.cleo.id),
        (first, "", None),
    ]


def test_an_edit_of_an_answer_changes_the_gap(ops: Ops) -> None:
    first, _ = ask(ops, *DISK[:2])
    better = CLEANED.replace("the agent", "both agents")

    ops.cleo.edit(ops.ops, ops.driver.thread(ops.ops, first)[1], better)
    ops.drain()

    [gap] = recurring(ops)
    assert gap.occurrences[-1].answer == better


def test_a_question_edited_into_another_subject_leaves_the_gap(ops: Ops) -> None:
    first, _ = ask(ops, *DISK[:2])
    ops.cleo.edit(ops.ops, ops.driver.thread(ops.ops, first)[1], "Yes, at noon in the canteen.")

    ops.ben.edit(ops.ops, first, "Is anyone up for lunch with the new colleagues tomorrow?")
    ops.drain()

    assert "No gaps" in gaps(ops).words()


def test_a_digest_follows_the_messages_that_it_quotes(ops: Ops) -> None:
    first, second = ask(ops, *DISK[:2])
    digest = digest_now(ops)
    assert first.replace(".", "") in str(digest.raw)

    ops.ben.delete(ops.ops, first)
    ops.drain()
    found = again(ops, digest)
    assert first.replace(".", "") not in str(found.raw)
    assert second.replace(".", "") in str(found.raw)
    ops.ben.delete(ops.ops, second)
    ops.drain()
    found = again(ops, digest)
    assert "Its messages were deleted." in found.words()
    assert "Record it" not in found.buttons()
    for table in ("digest_lines", "outbox"):
        assert "build server" not in str(rows_of(ops, table)).lower()


def test_a_gap_does_not_keep_the_words_of_a_deleted_message(ops: Ops) -> None:
    first, *_ = ask(ops, DISK[1], DISK[0], DISK[0])
    assert [gap.title for gap in recurring(ops)] == [DISK_TITLE]

    ops.ben.delete(ops.ops, first)

    assert [gap.title for gap in recurring(ops)] == ["Disk of the build server is full"]


def test_an_edit_changes_the_stored_excerpt(ops: Ops) -> None:
    first, _ = ask(ops, *DISK[:2])

    ops.ben.edit(ops.ops, first, "What do we do when the build server is out of disk space?")

    [gap] = recurring(ops)
    assert gap.occurrences[-1].excerpt == (
        "What do we do when the build server is out of disk space?"
    )


def test_a_secret_is_stored_nowhere(ops: Ops) -> None:
    """A secret of letters alone looks like a word."""
    said = "What do we do when the build server disk is full? password: correcthorse"
    ops.ben.say(ops.ops, said)
    assert "correct" not in str(rows_of(ops, "outbox")).lower()
    settle(ops)
    ops.clock.time += timedelta(days=1)
    ts = ask_once(ops, DISK[1], answer=CLEANED)
    ops.ben.edit(ops.ops, ts, f"{DISK[1]} token: staplebattery")
    settle(ops)

    for table in (*TABLES, "prompts"):
        kept = str(rows_of(ops, table)).lower()
        assert "correct" not in kept
        assert "staple" not in kept


@pytest.mark.parametrize("private", [False, True])
def test_a_gap_belongs_to_the_channel_where_it_came_up(ops: Ops, *, private: bool) -> None:
    side = ops.driver.channel("side", private=private, members=[ops.ana, ops.ben])
    ops.driver.invite_bot(side, by=ops.ana)
    ask(ops, DISK[0])
    ask(ops, DISK[1], answerer=ops.ana, channel=side)

    assert not recurring(ops) + recurring(ops, side)
    assert not ops.driver.calls("chat.postEphemeral")


def test_a_gap_of_a_private_channel_is_shown_to_its_members_only(ops: Ops) -> None:
    secret = ops.driver.channel("secret", private=True, members=[ops.ben, ops.cleo])
    ops.driver.invite_bot(secret, by=ops.ben)
    ask(ops, *DISK[:2], channel=secret)

    assert "2 threads" in gaps(ops, ops.ben).words()
    assert "No gaps: nothing came back in your channels" in gaps(ops, ops.ana).words()


def test_a_guest_sees_the_gaps_of_their_channels_and_cannot_change_them(ops: Ops) -> None:
    guest = ops.driver.person("gus", guest=True)
    ops.driver.invite(ops.ops, guest)
    ask(ops, *DISK[:2])
    shown = gaps(ops, guest)
    assert "2 threads" in shown.words()

    guest.press("Not recurring", on=shown)
    ops.drain()

    assert [gap.threads for gap in recurring(ops)] == [2]
    assert any("only full members" in each.text for each in guest.ephemerals(ops.ops))


def test_the_questions_become_the_trigger(ops: Ops) -> None:
    ask(ops, *DISK[:2])

    view = ops.ana.press("Record it", on=gaps(ops))

    assert view is not None
    assert typed(view, "Title") == DISK_TITLE  # type: ignore[arg-type] # a view
    asked = str(typed(view, "When does this come up?")).splitlines()  # type: ignore[arg-type] # a view
    assert set(asked) == set(DISK[:2])


def test_a_recorded_gap_is_gone_and_a_similar_message_shows_its_entry(ops: Ops) -> None:
    ask(ops, *DISK[:2])
    view = ops.ana.press("Record it", on=gaps(ops))
    assert view is not None
    assert typed(view, "Title") == DISK_TITLE  # type: ignore[arg-type] # a view
    asked = str(typed(view, "When does this come up?")).splitlines()  # type: ignore[arg-type] # a view
    assert set(asked) == set(DISK[:2])
    view.fill({"What do we do?": "Delete old artefacts, oldest first."})  # type: ignore[union-attr] # a view
    assert view.submit() == {}  # type: ignore[union-attr] # a view
    ops.drain()
    assert "No gaps: nothing came back in your channels" in gaps(ops).words()

    ask(ops, DISK[3], by=ops.ana)

    assert not recurring(ops)
    shown = [each.text for each in ops.ana.ephemerals(ops.ops)]
    assert any(text.startswith("DEC-1 covers this: ") for text in shown)


def test_recording_a_thread_settles_the_gap_that_it_began(ops: Ops) -> None:
    """This holds for every way to record: the matter is documented now."""
    first, _ = ask(ops, *DISK[:2])

    view = ops.ana.shortcut("Record this thread", ops.ops, first)
    assert isinstance(view, View)
    view.fill({"Title": "Disk full", "What do we do?": "Clear the old artefacts."})
    assert view.submit() == {}

    assert recurring(ops) == []


def test_a_gap_can_come_back_when_its_entry_is_retired(ops: Ops) -> None:
    ask(ops, *DISK[:2])
    view = ops.ana.press("Record it", on=gaps(ops))
    view.fill({"What do we do?": "Delete old artefacts."})  # type: ignore[union-attr] # a view
    assert view.submit() == {}  # type: ignore[union-attr] # a view
    ops.ana.slash(ops.ops, "/lore retire DEC-1 No longer done.")

    ask(ops, *DISK[:2])

    assert [gap.threads for gap in recurring(ops)] == [4]


def test_a_gap_that_someone_has_recorded_cannot_be_recorded_again(ops: Ops) -> None:
    ask(ops, *DISK[:2])
    first, second = gaps(ops, ops.ana), gaps(ops, ops.cleo)
    view = ops.ana.press("Record it", on=first)
    view.fill({"What do we do?": "Delete old artefacts."})  # type: ignore[union-attr] # a view
    assert view.submit() == {}  # type: ignore[union-attr] # a view
    ops.drain()

    ops.cleo.press("Record it", on=second)
    ops.drain()

    assert ops.cleo.view is None
    told = [each.text for each in ops.cleo.ephemerals(ops.ops)]
    assert any("already recorded or dismissed" in text for text in told)


def test_a_matter_that_recurs_only_after_120_days_is_not_a_gap(ops: Ops) -> None:
    ask(ops, DISK[0])
    ops.clock.time += timedelta(days=121)
    ask(ops, DISK[1])

    assert "No gaps: nothing came back in your channels" in gaps(ops).words()


def test_what_was_heard_is_forgotten_after_120_days(ops: Ops) -> None:
    ask(ops, DISK[0])
    ops.clock.time += timedelta(days=118)
    forget(ops.bot.deps)
    tables = ("heard_messages", "threads", "thread_terms")
    assert all(rows_of(ops, table) for table in tables)

    ops.clock.time += timedelta(days=2)
    forget(ops.bot.deps)

    assert not any(rows_of(ops, table) for table in tables)


def test_a_thread_that_settles_while_its_question_is_deleted_leaves_no_words(
    ops: Ops, monkeypatch: pytest.MonkeyPatch
) -> None:
    ask(ops, DISK[0])
    ts = ops.ben.say(ops.ops, DISK[1])
    ops.drain()
    ops.clock.time += QUIET

    def delete() -> None:
        hear_deletion(ops.store, ops.team, channel=place(ops), ts=ts, now=ops.clock())

    deleting = meanwhile(monkeypatch, HeardMessages, "of_threads", delete)
    at_once(*considering(ops, 1), deleting)
    settle(ops)

    assert DISK[1] not in str([rows_of(ops, table) for table in TABLES])


def test_two_bots_that_settle_two_threads_at_once_find_one_gap(
    ops: Ops, monkeypatch: pytest.MonkeyPatch
) -> None:
    """On PostgreSQL, two processes consider messages at the same time."""
    for person, text in ((ops.ben, DISK[0]), (ops.ana, DISK[1])):
        root = person.say(ops.ops, text)
        ops.cleo.say(ops.ops, CLEANED, thread=root)
    ops.drain()
    ops.clock.time += QUIET
    # Each message of a thread may settle it. Only its last message does.
    _, first, _, second = considering(ops, 4)

    at_once(first, meanwhile(monkeypatch, HeardMessages, "of_threads", second))
    ops.drain()

    assert [(gap.threads, len(gap.occurrences)) for gap in recurring(ops)] == [(2, 2)]
