"""Nudges: at most one direct message a day, in each person's working hours, handled in place."""

import threading
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest

from bot.app import Bot
from bot.domain.entries import UserId
from bot.domain.errors import NotFoundError
from bot.domain.nudges import NudgeOutcome
from bot.domain.visibility import Person, Reader
from bot.jobs import look_around, send_nudges
from bot.outbox import nudges as nudge_outbox
from bot.usecases.review import nudges as nudge_usecases
from sandbox.forms import View
from sandbox.seen import Message
from tests.support.certifying import TITLE, asked
from tests.support.digests import now as digest_now
from tests.support.entries import entry
from tests.support.nudging import at, kept, nudges, recorded, utc
from tests.support.ops import Ops
from tests.support.recording import saved
from tests.support.reviewing import certify


class Killed(BaseException):
    """Ends the process here; the bot can't catch it."""


# When, and to whom.


def test_the_owner_is_nudged_within_their_working_hours(ops: Ops) -> None:
    """Due on Wednesday, 3 June, at 4:00 in Berlin (UTC+2); 9:00 there is 7:00 UTC."""
    recorded(ops, "2026-06-03 02:00")
    at(ops, "2026-06-03 06:59")
    assert nudges(ops.ana) == []

    at(ops, "2026-06-03 07:00")

    [nudge] = nudges(ops.ana)
    assert nudge.text == "1 entry is waiting for you"
    assert "Due for review" in nudge.words()
    state = "in force, due for review, never certified · has been waiting since Jun 3"
    assert f"DEC-1  {TITLE}\n{state}" in nudge.words()
    assert [nudges(person) for person in (ops.ben, ops.cleo)] == [[], []]


@pytest.mark.parametrize(
    ("due", "person", "expected"),
    [
        # Berlin: Friday 17:00 has passed. Summer time began on Sunday, so Monday 9:00 is UTC+2.
        ("2026-03-27 16:00", "ana", "2026-03-30 07:00"),
        # Summer time ended on Sunday, 25 October, so Monday 9:00 is UTC+1.
        ("2026-10-23 15:00", "ana", "2026-10-26 08:00"),
        # Within working hours the next check sends it.
        ("2026-06-03 10:30", "ana", "2026-06-03 10:30"),
        # The workspace has Whit Monday, 25 May, as a holiday, so it is sent Tuesday 9:00 (UTC+2).
        ("2026-05-23 10:00", "ana", "2026-05-26 07:00"),
        # In New York Friday 18:30 (UTC-4) is after hours, and Monday 9:00 is UTC-5, because summer
        # time ended on 1 November.
        ("2026-10-30 22:30", "ben", "2026-11-02 14:00"),
        # Saturday 20:00 there is Sunday in UTC. Monday, 9 March, 9:00 is UTC-4 since Sunday.
        ("2026-03-08 01:00", "ben", "2026-03-09 13:00"),
    ],
)
def test_days_and_hours_are_in_the_receivers_time_zone(
    ops: Ops, due: str, person: str, expected: str
) -> None:
    view = ops.cleo.slash(ops.ops, "/lore settings").view
    assert view is not None
    saved(ops, view.fill({"Holidays": "2026-05-25"}))
    receiver = ops.driver.known(person)
    recorded(ops, due, by=receiver)
    for moment in (due, f"{utc(expected) - timedelta(minutes=1):%Y-%m-%d %H:%M}"):
        if moment != expected:
            at(ops, moment)
    assert nudges(receiver) == []

    at(ops, expected)

    assert len(nudges(receiver)) == 1


def test_one_message_a_day_has_everything(ops: Ops) -> None:
    for number in range(3):
        recorded(ops, "2026-06-03 02:00", title=f"Procedure {number}")
    recorded(ops, "2026-06-03 09:00", title="Procedure of noon")
    at(ops, "2026-06-03 07:00")
    for moment in ("2026-06-03 07:01", "2026-06-03 10:00", "2026-06-03 14:59"):
        at(ops, moment)
    [first] = nudges(ops.ana)
    assert first.text == "3 entries are waiting for you"
    assert all(f"Procedure {number}" in first.words() for number in range(3))

    at(ops, "2026-06-04 07:00")

    [_, second] = nudges(ops.ana)
    assert second.text == "4 entries are waiting for you"
    assert "Procedure of noon" in second.words()
    assert "Procedure 0" in second.words()


def test_lines_that_do_not_fit_are_counted(ops: Ops) -> None:
    for number in range(17):
        recorded(ops, "2026-06-03 02:00", title=f"Procedure {number}")

    at(ops, "2026-06-03 07:00")

    [nudge] = nudges(ops.ana)
    assert nudge.text == "17 entries are waiting for you"
    assert "2 more: /lore review." in nudge.words()


def test_a_review_passes_to_the_backup_and_then_stays_with_the_owner(ops: Ops) -> None:
    """The review is due on Wednesday at 9:30 in Berlin, and is ben's from Monday, 8 June, 9:30.

    Ben is nudged at 9:00 his time, which is 13:00 UTC. His turn ends on Thursday, 11 June,
    9:00.
    """
    recorded(ops, "2026-06-03 07:30")
    days = ("03", "04", "05", "08", "09", "10", "11", "12")
    for day in days:
        at(ops, f"2026-06-{day} 07:45")
        at(ops, f"2026-06-{day} 13:00")

    assert [one.day.day for one in reversed(kept(ops, ops.ana))] == [3, 4, 11]
    assert [one.day.day for one in reversed(kept(ops, ops.ben))] == [8, 9]
    assert kept(ops, ops.cleo) == []


def test_the_backup_is_nudged_at_once_if_the_owner_is_gone(ops: Ops) -> None:
    recorded(ops, "2026-06-03 02:00")
    ops.driver.deactivate(ops.ana)
    ops.start()

    at(ops, "2026-06-03 13:00")

    assert len(nudges(ops.ben)) == 1
    assert kept(ops, ops.ana) == []


def test_a_person_who_was_asked_to_review_is_nudged(ops: Ops) -> None:
    key = recorded(ops, "2026-06-03 02:00")
    ops.clock.time = utc("2026-06-03 02:30")
    ops.ana.select("ask_entry", ops.cleo, asked(ops, ops.ana, key))

    at(ops, "2026-06-03 07:00")

    assert len(nudges(ops.cleo)) == 1
    assert nudges(ops.ana) == []


@pytest.mark.parametrize(
    "changed",
    [
        Person(id=UserId(""), name="", guest=True),
        Person(id=UserId(""), name="", stranger=True),
        Person(id=UserId(""), name="", bot=True),
        Person(id=UserId(""), name="", gone=True),
    ],
)
@pytest.mark.parametrize("step", ["plan", "build", "send"])
def test_a_former_member_is_never_nudged(ops: Ops, step: str, changed: Person) -> None:
    """They owned the entry as a member, and then became a guest or left."""
    recorded(ops, "2026-06-03 02:00")

    def known(user: UserId) -> Reader | None:
        reader = ops.bot.deps.people.reader(user)
        if user != ops.ana.id:
            return reader
        person = replace(changed, id=user, timezone=reader.person.timezone)
        return replace(reader, person=person)

    ops.clock.time = utc("2026-06-03 07:00")
    store, team, people = ops.store, ops.team, ops.bot.deps.people
    nudge_usecases.plan_nudges(
        store, team, describe=known if step == "plan" else people.reader, now=ops.clock()
    )
    assert bool(kept(ops, ops.ana)) is (step != "plan")
    built = nudge_usecases.build_due_nudges(
        store, team, describe=people.reader if step == "send" else known, now=ops.clock()
    )
    assert bool(built) is (step == "send")
    reader = known(UserId(ops.ana.id))
    assert reader is not None
    for nudge in built:
        assert (
            nudge_usecases.read_nudge_to_send(store, team, nudge, reader=reader, now=ops.clock())
            is None
        )
    assert bool(kept(ops, ops.ana)) is (step == "send")


def test_a_person_who_left_a_private_channel_is_told_nothing_of_its_entries(ops: Ops) -> None:
    """This holds for the plan, and for someone who leaves between the plan and the message."""
    secret = ops.driver.channel("secret", private=True, members=[ops.ana, ops.cleo])
    ops.driver.invite_bot(secret, by=ops.ana)
    ops.clock.time = utc("2026-03-05 02:00")
    ops.record(ops.ana, "Rotate the keys", channel=secret)
    recorded(ops, "2026-06-03 02:00")
    at(ops, "2026-06-03 06:00")
    ops.clock.time = utc("2026-06-03 07:00")
    send_nudges(ops.bot.deps)
    ops.ana.leave(secret)
    ops.drain()

    [nudge] = nudges(ops.ana)
    assert "Rotate the keys" not in str(nudge.blocks)
    assert nudge.text == "1 entry is waiting for you"


# Handled in place.


def first(ops: Ops) -> Message:
    recorded(ops, "2026-06-03 02:00")
    at(ops, "2026-06-03 07:00")
    return nudges(ops.ana)[0]


@pytest.mark.parametrize(
    ("button", "words"),
    [("Still accurate", "Still accurate by ana"), ("Retire", "Retired by ana")],
)
def test_a_verdict_is_given_and_shown_in_the_message(ops: Ops, button: str, words: str) -> None:
    nudge = first(ops)

    ops.answer_form(ops.ana.press(button, on=nudge))
    ops.drain()

    [handled] = nudges(ops.ana)
    assert handled.ts == nudge.ts
    assert handled.text == "Nothing here is waiting for you any more."
    assert words in handled.words()
    assert "Still accurate" not in handled.buttons()
    assert kept(ops, ops.ana)[0].came is NudgeOutcome.DONE
    at(ops, "2026-06-04 07:00")
    assert len(nudges(ops.ana)) == 1


def test_needs_a_change_opens_the_form_and_ask_someone_else_passes_it_on(ops: Ops) -> None:
    nudge = first(ops)

    view = ops.ana.press("Needs a change", on=nudge)
    ops.drain()

    assert isinstance(view, View)
    assert view.title == "Edit DEC-1"
    assert "Needs a change by ana" in nudges(ops.ana)[0].words()
    recorded(ops, "2026-06-04 02:00", title="Another")
    at(ops, "2026-06-04 07:00")
    ops.ana.select("ask_entry", ops.cleo, nudges(ops.ana)[-1], near="Another")
    ops.drain()
    assert "Passed on to cleo by ana" in nudges(ops.ana)[-1].words()


def edited(ops: Ops) -> None:
    view = ops.ben.slash(ops.ops, "/lore edit DEC-1").view
    assert view is not None
    saved(ops, view.fill({"What do we do?": "We roll forward."}))


@pytest.mark.parametrize(
    ("act", "words"),
    [
        (lambda ops: certify(ops.ben, digest_now(ops)), "Still accurate by ben"),
        (lambda ops: ops.ben.press("Snooze", on=digest_now(ops)), "Snoozed by ben"),
        (lambda ops: ops.cleo.slash(ops.ops, "/lore owner DEC-1 @cleo"), "Owner changed by cleo"),
        (edited, "Edited by ben"),
    ],
)
def test_the_message_shows_what_others_handle_elsewhere(
    ops: Ops, act: Callable[[Ops], object], words: str
) -> None:
    first(ops)

    act(ops)
    ops.drain()

    assert words in nudges(ops.ana)[0].words()


def test_a_line_handled_before_the_nudge_arrives_is_struck_through(ops: Ops) -> None:
    recorded(ops, "2026-06-03 02:00")
    recorded(ops, "2026-06-03 02:00", title="Another")
    at(ops, "2026-06-03 06:00")
    ops.clock.time = utc("2026-06-03 07:00")
    send_nudges(ops.bot.deps)
    ops.cleo.slash(ops.ops, "/lore retire DEC-1 No longer done.")
    ops.drain()

    [nudge] = nudges(ops.ana)
    assert nudge.text == "1 entry is waiting for you"
    assert "Retired by cleo" in nudge.words()


def test_a_nudge_whose_lines_were_all_handled_before_it_arrives_is_not_sent(ops: Ops) -> None:
    recorded(ops, "2026-06-03 02:00")
    at(ops, "2026-06-03 06:00")
    ops.clock.time = utc("2026-06-03 07:00")
    send_nudges(ops.bot.deps)
    ops.cleo.slash(ops.ops, "/lore retire DEC-1 No longer done.")
    ops.drain()

    assert nudges(ops.ana) == []


def test_a_redacted_text_is_removed_from_the_message(ops: Ops) -> None:
    recorded(ops, "2026-06-03 02:00", title="Call 030 1234567 first")
    at(ops, "2026-06-03 07:00")
    assert "030 1234567" in nudges(ops.ana)[0].words()

    view = ops.cleo.slash(ops.ops, "/lore redact").view
    assert view is not None
    view.fill({"Text to remove": "030 1234567", "Why?": "A private number."})
    assert view.submit() == {}
    assert view.submit() == {}
    ops.drain()

    [nudge] = nudges(ops.ana)
    assert "030 1234567" not in str(nudge.blocks)
    assert "[redacted]" in nudge.words()


# Snooze and turn off.


def test_snooze_pauses_nudges_for_a_week(ops: Ops) -> None:
    """It is pressed on Wednesday, 3 June, 9:00.

    On the 10th at 9:00 the review waits for ben or anyone.
    """
    nudge = first(ops)
    ops.clock.time = utc("2026-06-03 08:00")
    ops.ana.press("Snooze", on=nudge)
    ops.drain()
    assert "Nudges are snoozed for you until" in nudges(ops.ana)[0].words()
    assert "/lore nudges on turns them on now" in nudges(ops.ana)[0].words()
    assert kept(ops, ops.ana)[0].came is NudgeOutcome.SNOOZED
    recorded(ops, "2026-06-09 07:00", title="Another")
    for day in ("04", "05", "08", "09"):
        at(ops, f"2026-06-{day} 07:00")
    at(ops, "2026-06-10 07:59")
    assert len(nudges(ops.ana)) == 1

    at(ops, "2026-06-10 08:01")

    assert "Another" in nudges(ops.ana)[-1].words()
    assert len(nudges(ops.ana)) == 2


def test_turning_nudges_off_lasts_until_they_are_turned_on_again(ops: Ops) -> None:
    nudge = first(ops)
    ops.ana.press("Turn off", on=nudge)
    ops.drain()
    assert "Nudges are off for you" in nudges(ops.ana)[0].words()
    assert "Turn off" not in nudges(ops.ana)[0].buttons()
    assert kept(ops, ops.ana)[0].came is NudgeOutcome.NEVER
    assert "Nudges are off for you" in ops.ana.slash(ops.ops, "/lore nudges").words()
    at(ops, "2026-06-04 07:00")
    assert len(nudges(ops.ana)) == 1

    said = ops.ana.slash(ops.ops, "/lore nudges on").words()
    ops.drain()

    assert "at most one direct message per working day" in said
    assert "Turn off" in nudges(ops.ana)[0].buttons()
    at(ops, "2026-06-04 08:00")
    assert len(nudges(ops.ana)) == 2


def test_off_and_snooze_work_as_commands_too(ops: Ops) -> None:
    recorded(ops, "2026-06-03 02:00")
    at(ops, "2026-06-03 06:00")
    assert "Nudges are off" in ops.ana.slash(ops.ops, "/lore nudges off").words()

    at(ops, "2026-06-03 07:00")

    assert nudges(ops.ana) == []
    assert (
        "Nudges are snoozed for you until" in ops.ana.slash(ops.ops, "/lore nudges snooze").words()
    )
    assert "/lore nudges on, /lore nudges off" in ops.ana.slash(ops.ops, "/lore nudges x").words()
    guest = ops.driver.person("gus", guest=True)
    ops.driver.invite(ops.ops, guest)
    assert "only full members" in guest.slash(ops.ops, "/lore nudges").words()


def test_only_the_receiver_can_use_the_buttons(ops: Ops) -> None:
    first(ops)
    with pytest.raises(NotFoundError):
        nudge_usecases.choose_nudges(
            ops.store,
            ops.team,
            reader=ops.bot.deps.people.reader(UserId(ops.ben.id)),
            came=NudgeOutcome.NEVER,
            nudge_id=kept(ops, ops.ana)[0].id,
            now=ops.clock(),
        )
    with ops.store.read(ops.team) as tx:
        assert not tx.nudges.choice(UserId(ops.ben.id)).off


# Exactly once.


def stop_before_building(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(nudge_usecases, "_build", killed)


def stop_while_building(monkeypatch: pytest.MonkeyPatch) -> None:
    build = nudge_usecases._build  # noqa: SLF001 - the step that is cut short

    def half(*args: object) -> None:
        build(*args)  # type: ignore[arg-type] # as it was called
        raise Killed

    monkeypatch.setattr(nudge_usecases, "_build", half)


def stop_before_opening(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(nudge_outbox, "direct", killed)


def stop_before_posting(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(nudge_outbox, "post", killed)


def stop_before_recording(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(nudge_outbox, "record_posted_nudge", killed)


def killed(*_: object, **__: object) -> None:
    raise Killed


@pytest.mark.parametrize(
    "stop",
    [
        stop_before_building,
        stop_while_building,
        stop_before_opening,
        stop_before_posting,
        stop_before_recording,
    ],
)
def test_a_nudge_is_sent_once_wherever_the_bot_is_killed(
    ops: Ops, stop: Callable[[pytest.MonkeyPatch], None]
) -> None:
    recorded(ops, "2026-06-03 02:00")
    at(ops, "2026-06-03 06:00")
    with pytest.MonkeyPatch.context() as monkeypatch:
        stop(monkeypatch)
        with pytest.raises(Killed):
            at(ops, "2026-06-03 07:00")

    ops.start()
    for minute in ("02", "03", "04"):
        at(ops, f"2026-06-03 07:{minute}")

    [nudge] = nudges(ops.ana)
    certify(ops.ana, nudge)
    ops.drain()
    assert "Still accurate by ana" in nudges(ops.ana)[0].words()


@pytest.mark.parametrize("fault", ["lost", "internal_error", "ratelimited", "status", "late"])
def test_a_nudge_is_sent_once_whatever_slack_answers(ops: Ops, fault: str) -> None:
    recorded(ops, "2026-06-03 02:00")
    at(ops, "2026-06-03 06:00")
    how = {"lost": {"lost": True}, "status": {"status": 500}, "late": {"late": 0.05}}.get(
        fault, {"error": fault}
    )
    ops.driver.fail("chat.postMessage", times=1, **how)  # type: ignore[arg-type] # by name

    at(ops, "2026-06-03 07:00")
    at(ops, "2026-06-03 07:02")

    [nudge] = nudges(ops.ana)
    assert [one.ts for one in kept(ops, ops.ana)] == [nudge.ts]


def test_two_bots_that_check_at_once_send_one_nudge(ops: Ops) -> None:
    recorded(ops, "2026-06-03 02:00")
    one = ops.bot
    ops.start()
    other = ops.bot
    for moment in ("2026-06-03 06:00", "2026-06-03 07:00", "2026-06-03 07:01"):
        ops.clock.time = utc(moment)
        at_once(one, other)

    assert len(nudges(ops.ana)) == 1
    assert len(kept(ops, ops.ana)) == 1


def at_once(*bots: Bot) -> None:
    together = threading.Barrier(len(bots))
    failures: list[BaseException] = []

    def work(bot: Bot) -> None:
        together.wait()
        try:
            look_around(bot.deps)
            send_nudges(bot.deps)
            while bot.sender.step(bot.deps):
                pass
        except BaseException as error:  # noqa: BLE001 - told by the thread that asserts
            failures.append(error)

    threads = [threading.Thread(target=work, args=(bot,)) for bot in bots]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not failures


# When it can't be sent in time.


def test_a_bot_that_was_down_until_the_evening_nudges_the_next_morning(ops: Ops) -> None:
    recorded(ops, "2026-06-03 02:00")
    at(ops, "2026-06-03 06:00")

    at(ops, "2026-06-03 15:00")
    assert nudges(ops.ana) == []

    for moment in ("2026-06-03 16:00", "2026-06-04 06:59"):
        at(ops, moment)
        assert nudges(ops.ana) == []
    at(ops, "2026-06-04 07:00")
    assert len(nudges(ops.ana)) == 1


def test_a_nudge_that_slack_takes_only_after_hours_is_sent_the_next_morning(
    ops: Ops,
) -> None:
    recorded(ops, "2026-06-03 02:00")
    at(ops, "2026-06-03 06:00")
    ops.driver.fail("chat.postMessage", "ratelimited")
    for moment in ("2026-06-03 07:00", "2026-06-03 14:59"):
        at(ops, moment)
    ops.driver.heal()

    at(ops, "2026-06-03 15:00")
    assert nudges(ops.ana) == []
    assert kept(ops, ops.ana)[-1].came is NudgeOutcome.NOT_SENT

    at(ops, "2026-06-04 07:00")
    at(ops, "2026-06-04 07:10")
    assert len(nudges(ops.ana)) == 1


def test_a_nudge_that_arrived_before_hours_ended_is_found_after_them(ops: Ops) -> None:
    """Slack's answer was lost, and the bot is not back until the evening."""
    recorded(ops, "2026-06-03 02:00")
    at(ops, "2026-06-03 06:00")
    ops.driver.fail("chat.postMessage", lost=True, times=1)
    at(ops, "2026-06-03 07:00")

    at(ops, "2026-06-03 18:00")

    [nudge] = nudges(ops.ana)
    today = kept(ops, ops.ana)[-1]
    assert (today.day.day, today.ts, today.came) == (3, nudge.ts, None)


def test_a_person_that_slack_does_not_identify_is_not_nudged(ops: Ops) -> None:
    recorded(ops, "2026-06-03 02:00")
    at(ops, "2026-06-03 06:00")
    ops.start()
    ops.driver.fail("users.info", "internal_error")
    at(ops, "2026-06-03 07:00")
    assert nudges(ops.ana) == []
    ops.driver.heal()

    at(ops, "2026-06-03 07:01")

    assert len(nudges(ops.ana)) == 1


def test_the_ledger_lists_each_nudge_with_its_time_and_outcome(ops: Ops) -> None:
    nudge = first(ops)
    certify(ops.ana, nudge)

    [row] = kept(ops, ops.ana)
    [item] = row.items
    assert (row.day.isoformat(), row.ts, row.came) == ("2026-06-03", nudge.ts, NudgeOutcome.DONE)
    assert (item.entry, item.revision, item.handled_by, item.outcome) == (
        entry(ops).id,
        1,
        UserId(ops.ana.id),
        "still accurate",
    )
    with ops.store.read(ops.team) as tx:
        acts = [act for act in tx.audit.acts() if act.action == "nudged"]
    assert [(act.subject, act.details) for act in acts] == [
        (f"nudge-{row.id}", {"user": ops.ana.id, "waiting": 1})
    ]
