"""Gaps: recurring matters, counted by thread until someone records or dismisses them."""

from datetime import timedelta

import pytest

from bot.domain.entries import ChannelId
from bot.domain.gaps import Gap
from bot.jobs import forget
from bot.usecases.listening.messages import hear_deletion
from sandbox.forms import View
from sandbox.seen import Channel
from storage.gaps import Gaps
from tests.support.digests import again
from tests.support.digests import gap as known
from tests.support.digests import now as digest_now
from tests.support.gap_threads import DISK, DISK_TITLE, ask, gaps
from tests.support.ops import START, Ops
from tests.support.races import at_once, considering, meanwhile, place
from tests.support.recording import typed

MAIL = "How do we rotate the certificate of the mail relay?"


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
    assert "2 threads, on " in shown.words()
    assert DISK_TITLE in shown.words()
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
    ask(ops, DISK[0], MAIL)

    assert "No gaps: entries cover every recurring topic" in gaps(ops).words()


def test_a_thread_counts_once_however_often_the_matter_comes_up_in_it(ops: Ops) -> None:
    root = ops.ana.say(ops.ops, "the nightly build hangs")
    for text in DISK:
        ops.ben.say(ops.ops, text, thread=root)
    ops.drain()

    assert [gap.threads for gap in recurring(ops)] == [1]
    assert "No gaps: entries cover every recurring topic" in gaps(ops).words()


def test_a_repeated_event_counts_once(ops: Ops) -> None:
    ops.driver.deliver_events(times=3)
    ask(ops, DISK[0])

    assert [(gap.threads, len(gap.occurrences)) for gap in recurring(ops)] == [(1, 1)]


def test_a_matter_that_does_not_recur_for_two_months_is_forgotten(ops: Ops) -> None:
    """A dismissed gap is remembered, so that it stays dismissed."""
    ask(ops, *DISK[:2], MAIL)
    ops.ana.press("Not recurring", on=gaps(ops))
    ops.clock.time += timedelta(days=59)
    forget(ops.bot.deps)
    with ops.store.read(ops.team) as tx:
        assert [gap.threads for gap in tx.gaps.recurring(None, START, 1, 9)] == [1]
    ops.clock.time += timedelta(days=2)
    forget(ops.bot.deps)

    with ops.store.read(ops.team) as tx:
        assert tx.gaps.recurring(None, START, 1, 9) == []
        kept = tx.session.connection().exec_driver_sql("SELECT DISTINCT gap_id FROM occurrences")
        assert len(kept.all()) == 1
    ask(ops, *DISK[2:])
    assert "No gaps" in gaps(ops).words()


def test_people_in_an_edited_message_are_shown_by_name(ops: Ops) -> None:
    ask(ops, DISK[0])
    [gap] = recurring(ops)
    asked = f"What does <@{ops.ana.id}> do when the disk of the build server is full?"
    ops.ben.edit(ops.ops, gap.occurrences[0].ts, asked)

    [gap] = recurring(ops)
    named = "What does @ana do when the disk of the build server is full?"
    assert [occurrence.excerpt for occurrence in gap.occurrences] == [named]


def test_other_subjects_are_other_gaps(ops: Ops) -> None:
    ask(ops, DISK[0], MAIL, DISK[1], MAIL)

    assert sorted(gap.threads for gap in recurring(ops)) == [2, 2]


def test_the_person_who_asks_the_third_time_is_prompted(ops: Ops) -> None:
    ask(ops, *DISK[:2])
    assert not ops.ben.ephemerals(ops.ops)

    ask(ops, DISK[2], by=ops.cleo)

    [prompt] = ops.cleo.ephemerals(ops.ops)
    assert prompt.buttons()[0] == "Record decision"


def test_dismissing_a_gap_removes_it_for_good(ops: Ops) -> None:
    ask(ops, *DISK[:2])
    ops.ana.press("Not recurring", on=gaps(ops))
    ops.drain()
    answers = [each.text for each in ops.ana.ephemerals(ops.ops)]
    assert any("won't bring this up again" in text for text in answers)

    ask(ops, *DISK)
    ops.clock.time += timedelta(days=90)
    ask(ops, *DISK)

    assert "No gaps: entries cover every recurring topic" in gaps(ops).words()
    assert not ops.ben.ephemerals(ops.ops)


def test_dismissing_twice_counts_once(ops: Ops) -> None:
    ask(ops, *DISK[:2])
    shown = gaps(ops)

    ops.ana.press("Not recurring", on=shown)
    ops.cleo.slash(ops.ops, "/lore gaps")
    ops.ana.press("Not recurring", on=shown)

    assert not recurring(ops)


def test_deleting_a_message_removes_its_excerpt_and_lowers_the_count(ops: Ops) -> None:
    first, second, third = ask(ops, *DISK[:3])

    ops.ben.delete(ops.ops, first)

    [gap] = recurring(ops)
    assert gap.threads == 2
    assert [occurrence.ts for occurrence in gap.occurrences] == [third, second]
    ops.ben.delete(ops.ops, second)
    ops.ben.delete(ops.ops, third)
    assert not recurring(ops)
    for table in ("gaps", "occurrences", "outbox"):
        assert "build server" not in str(rows_of(ops, table)).lower()


def test_a_digest_follows_the_messages_that_it_quotes(ops: Ops) -> None:
    first, second = ask(ops, *DISK[:2])
    digest = digest_now(ops)
    assert first.replace(".", "") in str(digest.raw)

    ops.ben.edit(ops.ops, first, "What do we do when the coffee machine is empty?")
    ops.drain()

    assert "The coffee machine is empty" in again(ops, digest).words()
    ops.ben.delete(ops.ops, first)
    ops.drain()
    found = again(ops, digest)
    assert "coffee machine" not in str(found.raw)
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
    first, _ = ask(ops, *DISK[:2])

    ops.ben.delete(ops.ops, first)

    assert [gap.title for gap in recurring(ops)] == ["The build server disk is full"]


def test_an_edit_changes_the_stored_excerpt(ops: Ops) -> None:
    first, _ = ask(ops, *DISK[:2])

    ops.ben.edit(ops.ops, first, "What do we do when the build server is out of space?")

    [gap] = recurring(ops)
    assert gap.occurrences[-1].excerpt == "What do we do when the build server is out of space?"
    assert gap.terms["disk"] == 1


def test_a_secret_is_not_a_content_word(ops: Ops) -> None:
    """A secret of letters alone looks like a word.

    It is stored neither in a message nor in a gap.
    """
    said = "What do we do when the build server disk is full? password: correcthorse"
    ops.ben.say(ops.ops, said)
    assert "correct" not in str(rows_of(ops, "outbox")).lower()
    ops.drain()

    ts = ops.ben.say(ops.ops, "What do we do when the build server is slow?")
    ops.drain()
    ops.ben.edit(ops.ops, ts, "What do we do when the build server is slow? token: staplebattery")

    for table in ("outbox", "gaps", "occurrences", "prompts"):
        kept = str(rows_of(ops, table)).lower()
        assert "correct" not in kept
        assert "staple" not in kept


def test_a_gap_belongs_to_the_channel_where_it_came_up(ops: Ops) -> None:
    side = ops.driver.channel("side", members=[ops.ana, ops.ben])
    ops.driver.invite_bot(side, by=ops.ana)
    ask(ops, DISK[0])
    ask(ops, DISK[1], channel=side)

    assert [gap.threads for gap in recurring(ops) + recurring(ops, side)] == [1, 1]


def test_a_gap_of_a_private_channel_is_shown_to_its_members_only(ops: Ops) -> None:
    secret = ops.driver.channel("secret", private=True, members=[ops.ben])
    ops.driver.invite_bot(secret, by=ops.ben)
    ask(ops, *DISK[:2], channel=secret)

    assert "2 threads" in gaps(ops, ops.ben).words()
    assert "No gaps: entries cover every recurring topic" in gaps(ops, ops.ana).words()


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
    asked = "The build server disk is full again. What do we do when it is full?"
    ask(ops, asked, DISK[0])

    view = ops.ana.press("Record it", on=gaps(ops))

    assert isinstance(view, View)
    assert "build server" in str(typed(view, "Title"))
    assert str(typed(view, "When does this come up?")).splitlines() == [DISK[0], asked]


def test_a_recorded_gap_is_gone_and_a_similar_message_shows_its_entry(ops: Ops) -> None:
    ask(ops, *DISK[:2])
    view = ops.ana.press("Record it", on=gaps(ops))
    assert isinstance(view, View)
    view.fill({"What do we do?": "Delete old artefacts, oldest first."})
    assert view.submit() == {}
    ops.drain()
    assert "No gaps: entries cover every recurring topic" in gaps(ops).words()

    ask(ops, DISK[3], by=ops.cleo)

    assert not recurring(ops)
    shown = [each.text for each in ops.cleo.ephemerals(ops.ops)]
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

    assert [gap.threads for gap in recurring(ops)] == [2]


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


def test_a_matter_that_recurs_only_after_60_days_is_not_a_gap(ops: Ops) -> None:
    ask(ops, DISK[0])
    ops.clock.time += timedelta(days=61)
    ask(ops, DISK[1])

    assert "No gaps: entries cover every recurring topic" in gaps(ops).words()


def test_a_message_is_not_counted_into_a_gap_that_has_just_lost_its_words(
    ops: Ops, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The gaps are read before any lock, and then the gap's message is deleted."""
    ts = ops.ben.say(ops.ops, DISK[0])
    ops.drain()
    ops.ben.say(ops.ops, DISK[1])

    def delete() -> None:
        hear_deletion(ops.store, ops.team, channel=place(ops), ts=ts, now=ops.clock())

    deleting = meanwhile(monkeypatch, Gaps, "list_candidates", delete)
    at_once(*considering(ops, 1), deleting)

    with ops.store.read(ops.team) as tx:
        found = tx.gaps.recurring(None, ops.clock() - timedelta(days=1), 1, 9)
    assert [(gap.threads, len(gap.occurrences)) for gap in found] == [(1, 1)]
