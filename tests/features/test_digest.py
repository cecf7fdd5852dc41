"""The weekly digest: on time in its channel's time zone, posted once, handled line by line."""

import threading
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest

from bot.app import Bot
from bot.domain.entries import ChannelId, UserId
from bot.domain.kinds import Kind
from bot.domain.revisions import Content
from bot.jobs import post_digests
from bot.metrics import exposition
from bot.outbox import delivery
from bot.outbox import digests as digest_outbox
from bot.slack.api import posting
from bot.usecases.review import digest as digest_usecases
from sandbox.forms import View
from sandbox.seen import Channel
from tests.support.digests import again, at, digests, gap, monday, now, use
from tests.support.gap_threads import CLEANED, DISK, ask_once
from tests.support.ops import Ops
from tests.support.reviewing import certify

QUIET = "Weekly digest: nothing to report"


class Killed(BaseException):
    """Ends the process here; the bot can't catch it."""


def recurring(ops: Ops) -> None:
    ask_once(ops, DISK[0], answer=CLEANED)
    ask_once(ops, DISK[1], by=ops.ana, answer=CLEANED)


# When it is posted.


def test_it_is_posted_on_monday_at_nine_in_the_channels_time_zone(ops: Ops) -> None:
    ops.tick()
    at(ops, monday(9, 7, 59))
    assert not digests(ops)

    at(ops, monday(9, 8, 0))
    assert [each.text for each in digests(ops)] != []
    assert "Late" not in digests(ops)[0].words()

    at(ops, monday(9, 8, 1))
    at(ops, monday(16, 7, 59))
    assert len(digests(ops)) == 1
    at(ops, monday(16, 8, 0))
    assert len(digests(ops)) == 2


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (monday(23, 8), monday(30, 7)),  # Summer time begins on 29 March
        (monday(19, 7, month=10), monday(26, 8, month=10)),  # and ends on 25 October
    ],
)
def test_it_stays_at_nine_when_the_clocks_change(
    ops: Ops, before: datetime, after: datetime
) -> None:
    at(ops, before - timedelta(days=3))
    posted = len(digests(ops))
    for moment in (before, after):
        at(ops, moment - timedelta(seconds=2))
        assert len(digests(ops)) == posted
        at(ops, moment)
        posted += 1
        assert len(digests(ops)) == posted


def test_several_missed_weeks_become_one_digest_marked_late(ops: Ops) -> None:
    ops.tick()

    at(ops, monday(30, 12))

    [digest] = digests(ops)
    assert "Late: this was due" in digest.words()
    at(ops, monday(30, 13))
    assert len(digests(ops)) == 1
    at(ops, monday(6, 7, month=4))
    assert len(digests(ops)) == 2
    assert "Late" not in digests(ops)[1].words()


def test_it_is_posted_only_where_opslore_is_a_member_and_listens(ops: Ops) -> None:
    places = {name: ops.driver.channel(name, members=[ops.ana]) for name in ("left", "old", "off")}
    for place in places.values():
        ops.driver.invite_bot(place, by=ops.ana)
    ops.tick()
    ops.driver.remove_bot(places["left"])
    ops.driver.archive(places["old"])
    ops.ana.slash(places["off"], "/lore watch off")

    at(ops, monday(9, 8))

    assert [len(digests(ops, place)) for place in places.values()] == [0, 0, 0]
    assert len(digests(ops)) == 1
    ops.driver.unarchive(places["old"])
    ops.ana.slash(places["off"], "/lore watch on")
    ops.driver.invite_bot(places["left"], by=ops.ana)
    at(ops, monday(9, 9))
    at(ops, monday(16, 8))
    assert [len(digests(ops, place)) for place in places.values()] == [1, 1, 1]


def test_a_channel_archived_just_before_the_post_stops_no_other_digest(ops: Ops) -> None:
    side = ops.driver.channel("side", members=[ops.ana])
    ops.driver.invite_bot(side, by=ops.ana)
    ops.tick()
    ops.clock.time = monday(9, 8)
    assert ops.bot
    post_digests(ops.bot.deps)
    ops.driver.deliver_events(drop=True)
    ops.driver.archive(side)
    ops.driver.heal()

    at(ops, monday(9, 8, 1))

    assert (len(digests(ops)), len(digests(ops, side))) == (1, 0)


def test_a_channel_whose_id_changed_still_gets_its_digest(ops: Ops) -> None:
    ops.tick()
    new = Channel(ops.driver.change_channel_id(ops.ops))

    at(ops, monday(9, 8))

    assert len(digests(ops, new)) == 1


# Exactly once.


def stop_before_building(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(digest_usecases, "_build", killed)


def stop_while_building(monkeypatch: pytest.MonkeyPatch) -> None:
    build = digest_usecases._build  # noqa: SLF001 - the step that is cut short

    def half(*args: object, **named: object) -> None:
        build(*args, **named)  # type: ignore[arg-type] # as it was called
        raise Killed

    monkeypatch.setattr(digest_usecases, "_build", half)


def stop_before_posting(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(delivery, "post", killed)


def stop_before_recording(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(digest_outbox, "record_posted_digest", killed)


def killed(*_: object, **__: object) -> None:
    raise Killed


@pytest.mark.parametrize(
    "stop", [stop_before_building, stop_while_building, stop_before_posting, stop_before_recording]
)
def test_a_digest_is_posted_once_wherever_the_bot_is_killed(
    ops: Ops, stop: Callable[[pytest.MonkeyPatch], None]
) -> None:
    recurring(ops)
    ops.tick()
    ops.clock.time = monday(9, 8)
    with pytest.MonkeyPatch.context() as monkeypatch:
        stop(monkeypatch)
        with pytest.raises(Killed):
            ops.tick()

    ops.start()
    for _ in range(3):
        ops.later(minutes=1)

    [digest] = digests(ops)
    assert "Gaps" in digest.words()
    handled = ops.ana.press("Not recurring", on=digest)
    ops.drain()
    assert handled is None
    assert "Not recurring by ana" in again(ops, digest).words()


@pytest.mark.parametrize("fault", ["lost", "internal_error", "ratelimited", "status", "late"])
def test_a_digest_is_posted_once_whatever_slack_answers(ops: Ops, fault: str) -> None:
    ops.tick()
    how = {
        "lost": {"lost": True},
        "status": {"status": 500},
        "late": {"late": 0.05},
    }.get(fault, {"error": fault})
    ops.driver.fail("chat.postMessage", times=1, **how)  # type: ignore[arg-type] # by name

    at(ops, monday(9, 8))
    ops.later(seconds=30)
    ops.later(minutes=2)

    assert len(digests(ops)) == 1
    with ops.store.read(ops.team) as tx:
        query = "SELECT ts FROM digests WHERE built_at IS NOT NULL"
        kept = tx.session.connection().exec_driver_sql(query).scalars().all()
    assert kept == [digests(ops)[0].ts]


def counted(ops: Ops) -> int:
    """Return how many digests were dropped since this process started."""
    name = 'opslore_dropped_total{kind="digest"} '
    lines = exposition(ops.store, ops.clock()).splitlines()
    return sum(int(line.removeprefix(name)) for line in lines if line.startswith(name))


def test_a_digest_that_slack_refuses_for_good_raises_an_alarm(
    ops: Ops, caplog: pytest.LogCaptureFixture
) -> None:
    ops.tick()
    ops.driver.fail("chat.postMessage", "restricted_action")
    dropped = counted(ops)

    at(ops, monday(9, 8))

    [told] = [each for each in caplog.records if each.levelname == "ERROR"]
    assert (told.message, getattr(told, "why", "")) == ("not_sent", "restricted_action")
    assert counted(ops) == dropped + 1


def test_a_post_whose_answer_was_lost_is_found_by_its_metadata(ops: Ops) -> None:
    ops.tick()
    ops.driver.fail("chat.postMessage", lost=True, times=1)

    at(ops, monday(9, 8))
    ops.later(minutes=1)

    assert len(ops.driver.calls("chat.postMessage")) == 2  # the welcome and the digest
    assert len(ops.driver.calls("conversations.history")) == 1


def test_two_bots_that_tick_at_once_post_one_digest(ops: Ops) -> None:
    recurring(ops)
    first = ops.bot
    ops.start()
    second = ops.bot
    assert first
    assert second
    at_once(first, second)  # plan
    ops.clock.time = monday(9, 8)
    at_once(first, second)  # build and post

    assert len(digests(ops)) == 1
    with ops.store.read(ops.team) as tx:
        built = "SELECT count(*) FROM digests WHERE built_at IS NOT NULL"
        assert tx.session.connection().exec_driver_sql(built).scalar() == 1


def test_a_digest_built_before_a_long_outage_survives_a_failed_first_try(ops: Ops) -> None:
    """It is a day old when it is first tried and fails, but it isn't given up."""
    ops.tick()
    ops.clock.time = monday(9, 8)
    built = digest_usecases.build_due_digests(
        ops.store, ops.team, describe=ops.bot.deps.find_reader, now=ops.clock()
    )
    assert len(built) == 1
    ops.clock.time += timedelta(days=2)
    ops.driver.fail("chat.postMessage", "ratelimited", times=1)
    ops.drain()
    assert digests(ops) == []
    ops.later(minutes=1)

    [digest] = digests(ops)
    assert "Late: this was due" in digest.words()


def test_quiet_gaps_do_not_crowd_out_recent_ones(ops: Ops) -> None:
    """The figure for due entries also counts those beyond the listed lines."""
    with ops.store.transaction(ops.team) as tx:
        place, ana = ChannelId(str(ops.ops)), UserId(str(ops.ana))
        for number in range(40):
            title = f"Old trouble {number}"
            gap(tx, place, title, threads=3, at=ops.clock.time - timedelta(days=40))
            content = Content.of(Kind.DECISION, {"title": title, "rule": "Do.", "owner": ana})
            due = ops.clock.time - timedelta(days=1)
            tx.entries.add(content, home=place, author=ana, at=due, due_at=due)
        gap(tx, place, "Fresh trouble", threads=2, at=ops.clock.time)
    words = now(ops).words()

    assert "Fresh trouble" in words
    gaps = words[words.index("Gaps") : words.index("Due for review")]
    assert "Old trouble" not in gaps
    assert "41 gaps" in words.replace("*", "")
    assert "40 due for review" in words.replace("*", "")


def at_once(*bots: Bot) -> None:
    together = threading.Barrier(len(bots))
    failures: list[BaseException] = []

    def tick(bot: Bot) -> None:
        together.wait()
        try:
            post_digests(bot.deps)
            while bot.sender.step(bot.deps):
                pass
        except BaseException as error:  # noqa: BLE001 - told by the thread that asserts
            failures.append(error)

    threads = [threading.Thread(target=tick, args=(bot,)) for bot in bots]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not failures


# Its contents.


def test_without_news_it_is_one_line(ops: Ops) -> None:
    words = now(ops).words()

    assert QUIET in words
    assert "this is the first digest here" in words


def test_it_mentions_the_last_digest_and_its_figures(ops: Ops) -> None:
    ops.tick()
    at(ops, monday(9, 8))
    ops.record(ops.ana, "Roll back on errors")

    at(ops, monday(16, 8))

    words = digests(ops)[-1].words()
    assert "1 entry in force (last week 0)" in words.replace("*", "")
    assert "last digest" in words


def test_figures_older_than_a_week_carry_their_date(ops: Ops) -> None:
    """After months of downtime that week's digest is posted late, with the figures of today."""
    ops.tick()
    at(ops, monday(9, 8))
    ops.record(ops.ana, "Roll back on errors")

    at(ops, monday(14, 12, month=9))

    words = digests(ops)[-1].words().replace("*", "")
    assert "1 entry in force (0 as of Mar 9)" in words
    assert "last week" not in words


def test_a_digest_on_request_does_not_count_as_last_weeks(ops: Ops) -> None:
    ops.tick()
    at(ops, monday(9, 8))
    ops.record(ops.ana, "Roll back on errors")
    now(ops)

    at(ops, monday(16, 8))

    assert "1 entry in force (last week 0)" in digests(ops)[-1].words().replace("*", "")


def test_a_digest_that_could_not_be_posted_is_not_mentioned_as_posted(ops: Ops) -> None:
    ops.tick()
    ops.driver.fail("chat.postMessage", "is_archived")
    at(ops, monday(9, 8))
    ops.driver.heal()

    at(ops, monday(16, 8))

    [digest] = digests(ops)
    assert "this is the first digest here" in digest.words()
    assert "last week" not in digest.words()


def test_its_sections_are_ordered_by_urgency(ops: Ops) -> None:
    everything(ops)
    ops.record(ops.ana, "Rotate the keys")
    complete = {"Why?": "It is done.", "When does this come up?": "Once it is solved."}
    ops.record(ops.ana, "Close the ticket", fields=complete)
    ops.record(ops.ana, "Call the vendor")
    use(ops, "DEC-3", "Deviated")

    words = now(ops).words()

    headings = ("Gaps", "Owner gone", "Due for review", "Deviations", "Incomplete", "Changed")
    places = [words.index(f"\n{heading}") for heading in headings]
    assert places == sorted(places)


def everything(ops: Ops) -> None:
    """Create a line for each section: DEC-1 is due and DEC-2 fails; ESC-1 is optional."""
    ops.record(ops.ben, "Roll back on errors", rule="Roll back.")
    ops.clock.time += timedelta(days=200)
    recurring(ops)
    ops.record(ops.ana, "Drain before upgrades", rule="Drain the node.")
    use(ops, "DEC-2", "Failed")
    ops.ben.leave(ops.ops)


def test_each_line_links_to_its_evidence(ops: Ops) -> None:
    recurring(ops)

    digest = now(ops)

    asked = [each for each in ops.driver.messages(ops.ops) if each.text in DISK]
    for each in asked:
        assert f"/archives/{ops.ops}/p{each.ts.replace('.', '')}" in str(digest.blocks)


def test_a_long_list_continues_in_the_thread(ops: Ops) -> None:
    for number in range(30):
        ops.record(ops.ana, f"Procedure number {number}")

    digest = now(ops)

    thread = ops.driver.thread(ops.ops, digest)
    whole = "\n".join(each.words() for each in thread)
    assert "more in the thread" in digest.words()
    assert all(f"Procedure number {number}\n" in whole for number in range(30))
    assert len(thread) > 2
    ops.later(minutes=5)
    assert len(ops.driver.thread(ops.ops, digest)) == len(thread)


def test_lines_that_do_not_fit_in_the_thread_are_counted(ops: Ops) -> None:
    """Each section has its own limit, and its other lines appear once these are handled."""
    for number in range(32):
        ops.record(ops.ana, f"Procedure number {number}")

    digest = now(ops)

    assert "(27 more in the thread, 2 not shown)" in digest.words()
    whole = "\n".join(each.words() for each in ops.driver.thread(ops.ops, digest))
    assert "2 more: /lore digest now lists them once" in whole

    for key in ("DEC-32", "DEC-31"):
        ops.cleo.slash(ops.ops, f"/lore retire {key} No longer done.")
    whole = "\n".join(each.words() for each in ops.driver.thread(ops.ops, now(ops)))
    assert "DEC-1  Procedure number 0\nnew · missing" in whole


def test_a_line_in_the_thread_is_struck_through_there(ops: Ops) -> None:
    for number in range(6):
        ops.record(ops.ana, f"Procedure number {number}")
    digest = now(ops)
    more = ops.driver.thread(ops.ops, digest)[1]
    assert "Incomplete" in more.words()

    edit(ops, "DEC-1")

    assert "Edited by ana" in again(ops, more).words()


# Handling its lines.


def edit(ops: Ops, key: str) -> None:
    view = ops.ana.slash(ops.ops, f"/lore edit {key}").view
    assert view is not None
    view.fill({"Why?": "It was unclear."})
    assert view.submit() == {}
    ops.drain()


@pytest.mark.parametrize(
    ("section", "button", "words"),
    [
        ("Gaps", "Not recurring", "Not recurring by ana"),
        ("Due for review", "Still accurate", "Still accurate by ana"),
        ("Due for review", "Snooze", "Snoozed by ana"),
        ("Due for review", "Retire", "Retired by ana"),
        ("Owner gone", "Take over", "Owner changed by ana"),
    ],
)
def test_a_button_acts_and_strikes_the_line_through_with_the_name(
    ops: Ops, section: str, button: str, words: str
) -> None:
    everything(ops)
    digest = now(ops)

    near = None if section == "Gaps" else "DEC-1"
    ops.answer_form(ops.ana.press(button, on=digest, near=near))
    ops.drain()

    shown = again(ops, digest)
    assert section in shown.words()
    assert words in shown.words()
    # An overdue entry still needs a review after someone took it over.
    assert ("~" in str(shown.blocks)) == (button != "Take over")


def test_retiring_from_a_digest_lists_the_entries_that_still_link_to_it(ops: Ops) -> None:
    ops.clock.time -= timedelta(days=91)
    view = ops.ana.slash(ops.ops, "/lore record escalation Database down").view
    assert view is not None
    assert view.fill({"What goes wrong?": "No writes."}).submit() == {}
    ops.clock.time += timedelta(days=91)
    view = ops.ana.slash(ops.ops, "/lore record decision Fail over").view
    assert view is not None
    view.choose("If it fails", "ESC-1 Database down")
    assert view.fill({"What do we do?": "We fail over."}).submit() == {}
    ops.drain()

    ops.retire(ops.cleo, now(ops))
    ops.drain()

    assert "DEC-1 still links to it." in ops.cleo.ephemerals(ops.ops)[-1].words()


@pytest.mark.parametrize(
    ("button", "near", "words"),
    [
        ("Record it", "uild server", "Recorded as DEC-3 by ana"),
    ],
)
def test_a_button_that_opens_a_form_strikes_the_line_through_after_saving(
    ops: Ops, button: str, near: str, words: str
) -> None:
    everything(ops)
    digest = now(ops)

    view = ops.ana.press(button, on=digest, near=near)
    ops.drain()
    assert words not in again(ops, digest).words()
    assert isinstance(view, View)
    view.fill({"What do we do?": "Something better.", "Why?": "It went wrong."})
    assert view.submit() == {}
    ops.drain()

    assert words in again(ops, digest).words()


def test_assigning_an_owner_strikes_the_line_through(ops: Ops) -> None:
    everything(ops)
    digest = now(ops)

    view = ops.ana.press("Assign", on=digest)
    assert isinstance(view, View)
    view.choose("Owner", ops.cleo)
    assert view.submit() == {}
    ops.drain()

    assert "Owner changed by ana" in again(ops, digest).words()
    assert "cleo" in ops.ana.slash(ops.ops, "/lore show DEC-1").words()


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("/lore retire DEC-1 No longer done.", "Retired by cleo"),
        ("/lore owner DEC-1 @cleo", "Owner changed by cleo"),
    ],
)
def test_a_command_elsewhere_strikes_the_line_through_too(ops: Ops, line: str, words: str) -> None:
    everything(ops)
    digest = now(ops)

    ops.cleo.slash(ops.ops, line)
    ops.drain()

    assert words in again(ops, digest).words()


def test_of_two_presses_the_first_is_named_and_the_second_person_is_told(ops: Ops) -> None:
    everything(ops)
    digest = now(ops)

    certify(ops.ana, digest, "DEC-1")
    ops.cleo.press("Still accurate", on=digest, near="DEC-1")
    ops.drain()

    assert "Still accurate by ana" in again(ops, digest).words()
    told = [each.text for each in ops.cleo.ephemerals(ops.ops)]
    assert "Someone has already handled this. The line shows who." in told


def test_of_two_presses_at_the_same_moment_one_is_named(ops: Ops) -> None:
    everything(ops)
    digest = now(ops)
    together = threading.Barrier(2)

    def press(person: str) -> None:
        form = ops.driver.known(person).press("Retire", on=digest, near="DEC-1")
        assert isinstance(form, View)
        form.fill({"What changed and why?": f"Says {person}."})
        together.wait()
        form.submit()

    threads = [threading.Thread(target=press, args=(name,)) for name in ("ana", "cleo")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    ops.drain()

    words = again(ops, digest).words()
    assert ("Retired by ana" in words) != ("Retired by cleo" in words)
    history = ops.ana.slash(ops.ops, "/lore history DEC-1").words()
    assert history.lower().count("retired") == 1


def test_a_line_handled_before_the_digest_arrives_is_struck_through_as_well(
    ops: Ops, monkeypatch: pytest.MonkeyPatch
) -> None:
    everything(ops)
    ops.clock.time += timedelta(minutes=1)
    ops.ana.slash(ops.ops, "/lore digest now")

    def slow(*args: Any, **kwargs: Any) -> str:  # noqa: ANN401 - as it was called
        monkeypatch.undo()
        ts = posting.post(*args, **kwargs)
        ops.cleo.slash(ops.ops, "/lore retire DEC-1 No longer done.")
        ops.drain()
        return ts

    monkeypatch.setattr(delivery, "post", slow)
    ops.drain()
    ops.later(seconds=10)

    assert "Retired by cleo" in digests(ops)[-1].words()


def test_two_requests_at_once_post_one_digest(ops: Ops) -> None:
    first = ops.ana.slash(ops.ops, "/lore digest now").words()
    second = ops.cleo.slash(ops.ops, "/lore digest now").words()
    ops.drain()

    assert "on its way" in first
    assert "just asked for" in second
    assert len(digests(ops)) == 1


def test_a_guest_cannot_ask_for_a_digest(ops: Ops) -> None:
    guest = ops.driver.person("gus", guest=True)
    ops.driver.invite(ops.ops, guest)

    assert "only full members" in guest.slash(ops.ops, "/lore digest now").words()
    ops.drain()
    assert not digests(ops)
