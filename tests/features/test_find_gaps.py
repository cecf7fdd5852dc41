"""A search also finds gaps; one that nothing answers counts for the nearest gap."""

from datetime import timedelta

from bot.domain.entries import ChannelId
from bot.domain.gaps import Gap
from bot.jobs import forget
from sandbox.forms import View
from sandbox.persons import PersonDriver
from sandbox.seen import Message
from tests.support.gap_threads import CLEANED, DISK, DISK_TITLE, MAIL, MAIL_TITLE, ask, gaps
from tests.support.ops import Ops

SEARCH = "build server disk full"
COUNTS = "2 threads, 2 people, 2 days"


def find(ops: Ops, person: PersonDriver, words: str = SEARCH) -> Message:
    message = person.slash(ops.ops, f"/lore find {words}").message
    assert message is not None
    return message


def ask_directly(ops: Ops, person: PersonDriver, text: str) -> str:
    person.say(ops.driver.do("page.direct", user=person.id), text)
    ops.drain()
    return person.dms()[-1].words()


def open_gap(ops: Ops) -> Gap:
    with ops.store.read(ops.team) as tx:
        [gap] = tx.gaps.recurring([ChannelId(str(ops.ops))], ops.clock.time - timedelta(days=60), 1)
        return gap


def test_a_gap_is_listed_below_the_entries_with_its_answer(ops: Ops) -> None:
    ops.record(ops.ana, "Order of artefacts", "Sort them by the server.")
    ask(ops, *DISK[:2])

    found = find(ops, ops.ana, "full disk of the build server")

    assert found.words().startswith("Nothing covers “full disk of the build server”.")
    below = found.words().partition("Gaps near your words")[2]
    assert DISK_TITLE in below
    assert f"Usually answered by cleo\n>{CLEANED}" in below
    assert "Order of artefacts" in found.words().partition("Gaps near your words")[0]
    assert found.buttons() == ["Open", "Record it"]

    form = ops.ana.press("Record it", found)
    assert isinstance(form, View)


def test_a_gap_is_found_where_no_entry_is_near(ops: Ops) -> None:
    ask(ops, *DISK[:2], *MAIL)

    found = find(ops, ops.ana)

    assert found.words().startswith(f"Nothing covers “{SEARCH}”.")
    assert DISK_TITLE in found.words()
    assert MAIL_TITLE not in found.words()


def test_a_search_without_an_answer_counts_once_a_person_and_day(ops: Ops) -> None:
    ask(ops, *DISK[:2])
    assert COUNTS in gaps(ops).words()

    find(ops, ops.ana)
    find(ops, ops.ana)
    assert "2 threads, 1 search, 3 people, 3 days" in gaps(ops).words()

    ops.clock.time += timedelta(days=1)
    find(ops, ops.ana)
    find(ops, ops.ben)
    assert "2 threads, 3 searches, 3 people, 4 days" in gaps(ops).words()
    assert open_gap(ops).last_at.date() == ops.clock.time.date()


def test_a_direct_question_without_an_answer_counts(ops: Ops) -> None:
    ask(ops, *DISK[:2])

    words = ask_directly(ops, ops.ben, "what do we do when the build server disk is full?")

    assert words.startswith("Nothing covers this.")
    assert "2 threads, 1 search, 2 people, 3 days" in gaps(ops).words()


def test_a_search_that_an_entry_answers_does_not_count(ops: Ops) -> None:
    ask(ops, *DISK[:2])
    ops.record(ops.ana, "The disk of the build server is full", CLEANED)

    assert find(ops, ops.ana).words().startswith("1 entry for")
    with ops.store.read(ops.team) as tx:
        rows = tx.session.connection().exec_driver_sql("SELECT * FROM gap_searches").all()
    assert rows == []


def test_a_gap_of_a_channel_that_the_person_is_not_in_is_not_found(ops: Ops) -> None:
    secret = ops.driver.channel("secret", private=True, members=[ops.ben, ops.cleo])
    ops.driver.invite_bot(secret)
    ask(ops, *DISK[:2], channel=secret)

    assert DISK_TITLE not in find(ops, ops.ana).words()
    assert DISK_TITLE in find(ops, ops.ben).words()


def test_searches_go_with_their_gap(ops: Ops) -> None:
    ask(ops, *DISK[:2])
    find(ops, ops.ana)
    ops.clock.time += timedelta(days=61)
    forget(ops.bot.deps)

    with ops.store.read(ops.team) as tx:
        for table in ("gaps", "gap_searches"):
            query = f"SELECT * FROM {table}"  # noqa: S608 - a name of ours
            assert tx.session.connection().exec_driver_sql(query).all() == []


def test_a_search_does_not_count_for_a_gap_that_was_dismissed(ops: Ops) -> None:
    ask(ops, *DISK[:2])
    ops.ana.press("Not recurring", on=gaps(ops))

    assert DISK_TITLE not in find(ops, ops.ana).words()
    with ops.store.read(ops.team) as tx:
        assert tx.session.connection().exec_driver_sql("SELECT * FROM gap_searches").all() == []
