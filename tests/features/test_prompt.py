"""Prompts: shown once to the person who can write the matter down, after its thread has settled."""

from dataclasses import replace
from datetime import timedelta

import pytest

from bot.domain.entries import ChannelId, UserId
from bot.domain.listening.prompting import QUIET
from bot.domain.outbox import Topic
from bot.usecases.steps.channels import store_channel
from sandbox.forms import View
from sandbox.seen import Message
from tests.support.gap_threads import CLEANED, DISK, DISK_TITLE, ask, ask_once
from tests.support.ops import Ops
from tests.support.prompting import DAY, ROLLBACK, RULES, STATED_A_RULE, WAITS, prompts, say, settle
from tests.support.races import considering
from tests.support.recording import saved


def come_back(ops: Ops) -> Message:
    """Let a matter come up for the second time, and return the prompt to cleo, who answers it."""
    ask(ops, DISK[0])
    ask_once(ops, DISK[1], answer=CLEANED)
    [prompt] = prompts(ops.cleo, ops.ops)
    return prompt


def test_the_person_who_answers_what_comes_back_is_prompted_and_reads_why(ops: Ops) -> None:
    prompt = come_back(ops)

    assert prompt.text == (
        f"*{DISK_TITLE}*\n"
        "This is the second time (Mar 4, today), and you answered it twice. "
        "Record it, so that everyone finds the answer?"
    )
    assert prompt.buttons() == [
        "Record it",
        "Not recurring",
        "Someone else knows",
        "Mute prompts here",
    ]
    assert prompt.thread_ts
    for other in (ops.ana, ops.ben):
        assert not prompts(other, ops.ops)
    assert not any("second time" in each.text for each in ops.driver.messages(ops.ops))


def test_a_matter_that_is_answered_only_the_third_time_prompts_then(ops: Ops) -> None:
    ask_once(ops, DISK[0])
    ops.clock.time += DAY
    ask_once(ops, DISK[1], by=ops.ana)
    ops.clock.time += 8 * DAY
    assert not ops.driver.calls("chat.postEphemeral")

    ask_once(ops, DISK[2], answer=CLEANED)

    [prompt] = prompts(ops.cleo, ops.ops)
    assert "This is the third time (Mar 4, Mar 5, today), and you answered it once." in prompt.text


def test_a_matter_without_an_answer_prompts_no_one(ops: Ops) -> None:
    for text in DISK:
        ask_once(ops, text)
        ops.clock.time += DAY

    assert not ops.driver.calls("chat.postEphemeral")


@pytest.mark.parametrize("answer", ["", CLEANED])
def test_one_person_who_repeats_themselves_on_one_day_is_no_recurring_matter(
    ops: Ops, answer: str
) -> None:
    for _ in range(3):
        ask_once(ops, DISK[0], answer=answer)

    assert not ops.driver.calls("chat.postEphemeral")
    assert "No gaps" in ops.ana.slash(ops.ops, "/lore gaps").words()


def test_a_second_person_on_the_same_day_is_enough(ops: Ops) -> None:
    ask_once(ops, DISK[0], answer=CLEANED)
    assert not prompts(ops.cleo, ops.ops)
    ask_once(ops, DISK[1], by=ops.ana, answer=CLEANED)

    [prompt] = prompts(ops.cleo, ops.ops)
    assert "This is the second time (today), and you answered it twice." in prompt.text


def test_the_author_of_a_standing_rule_is_prompted_once_its_thread_is_quiet(ops: Ops) -> None:
    ops.ana.say(ops.ops, ROLLBACK)
    ops.drain()
    ops.clock.time += QUIET - timedelta(minutes=1)
    ops.drain()
    assert not prompts(ops.ana, ops.ops)

    ops.clock.time += timedelta(minutes=1)
    ops.drain()

    [prompt] = prompts(ops.ana, ops.ops)
    assert prompt.text == STATED_A_RULE
    assert not prompts(ops.ben, ops.ops)


def test_another_message_in_the_thread_moves_the_moment(ops: Ops) -> None:
    root = ops.ana.say(ops.ops, ROLLBACK)
    ops.drain()
    ops.clock.time += timedelta(minutes=14)
    ops.ben.say(ops.ops, "Does that include canaries?", thread=root)
    ops.drain()
    ops.clock.time += timedelta(minutes=14)
    ops.drain()
    assert not prompts(ops.ana, ops.ops)

    ops.clock.time += timedelta(minutes=1)
    ops.drain()

    [prompt] = prompts(ops.ana, ops.ops)
    assert prompt.thread_ts == root


@pytest.mark.parametrize("thanks", ["thanks, that worked!", ":white_check_mark:"])
def test_thanks_or_a_check_mark_settles_a_thread_at_once(ops: Ops, thanks: str) -> None:
    root = ops.ben.say(ops.ops, "When do we roll back checkout?")
    ops.ana.say(ops.ops, ROLLBACK, thread=root)
    ops.drain()
    assert not prompts(ops.ana, ops.ops)

    ops.ben.say(ops.ops, thanks, thread=root)
    ops.drain()

    assert len(prompts(ops.ana, ops.ops)) == 1


@pytest.mark.parametrize("order", [(0, 2, 1), (2, 1, 0), (1, 2, 0)])
def test_a_thread_whose_messages_are_considered_in_another_order_settles_too(
    ops: Ops, order: tuple[int, ...]
) -> None:
    root = ops.ben.say(ops.ops, "When do we roll back checkout?")
    ops.ana.say(ops.ops, ROLLBACK, thread=root)
    ops.ben.say(ops.ops, "thanks, that worked!", thread=root)
    considered = considering(ops, 3)
    for at in order:
        considered[at]()
    ops.drain()

    assert len(prompts(ops.ana, ops.ops)) == 1


def test_a_thread_that_goes_on_after_thanks_prompts_no_one_twice(ops: Ops) -> None:
    root = ops.ben.say(ops.ops, "When do we roll back checkout?")
    ops.ana.say(ops.ops, ROLLBACK, thread=root)
    ops.ben.say(ops.ops, "thanks, that worked!", thread=root)
    settle(ops)

    ops.ana.say(ops.ops, RULES[1], thread=root)
    settle(ops)

    assert len(prompts(ops.ana, ops.ops)) == 1


@pytest.mark.parametrize(
    "text",
    [
        "Escalating to the database lead, nobody answered the page for 20 minutes.",
        "Handing over to @ben: the migration is at step three, please watch the lag.",
        "We decided to skip the deploy today.",
        "lunch anyone?",
        "ok",
        "The deploy is through.",
        DISK[0],
        "\u200b",
    ],
)
def test_something_said_once_brings_no_prompt(ops: Ops, text: str) -> None:
    say(ops, ops.ana, text)

    assert not ops.driver.calls("chat.postEphemeral")


def test_guests_outsiders_and_bots_are_never_prompted(ops: Ops) -> None:
    guest = ops.driver.person("gus", guest=True)
    stranger = ops.driver.person("stan", stranger=True)
    robot = ops.driver.bot("pager")
    for other in (guest, stranger, robot):
        ops.driver.invite(ops.ops, other)
    for other, text in zip((guest, stranger, robot), RULES, strict=False):
        say(ops, other, text)
        assert not other.ephemerals(ops.ops)
    assert not ops.driver.calls("chat.postEphemeral")


def test_someone_who_left_before_the_prompt_is_not_prompted(ops: Ops) -> None:
    ops.ana.say(ops.ops, ROLLBACK)
    ops.drain()
    ops.ana.leave(ops.ops)
    settle(ops)

    assert not ops.driver.calls("chat.postEphemeral")


def test_a_muted_channel_has_no_prompts_until_it_is_watched_again(ops: Ops) -> None:
    say(ops, ops.ana, RULES[0])
    answer = ops.ana.press("Mute prompts here", on=prompts(ops.ana, ops.ops)[0])
    ops.drain()
    said = [each.text for each in ops.ana.ephemerals(ops.ops)]
    assert answer is None
    assert any("Prompts are off in this channel" in text for text in said)
    assert not prompts(ops.ana, ops.ops)

    say(ops, ops.ben, RULES[1])
    assert not prompts(ops.ben, ops.ops)

    assert "listening" in ops.ben.slash(ops.ops, "/lore watch on").words()
    say(ops, ops.ben, RULES[2])
    assert len(prompts(ops.ben, ops.ops)) == 1


def test_a_channel_that_is_not_watched_is_not_read(ops: Ops) -> None:
    ops.ana.slash(ops.ops, "/lore watch off")

    say(ops, ops.ana, ROLLBACK)
    ask(ops, *DISK)

    assert not ops.driver.calls("chat.postEphemeral")
    assert "No gaps" in ops.ana.slash(ops.ops, "/lore gaps").words()
    with ops.store.read(ops.team) as tx:
        assert not tx.session.connection().exec_driver_sql("SELECT ts FROM heard_messages").all()


def test_recording_from_a_prompt_takes_its_thread_and_removes_the_prompt(ops: Ops) -> None:
    prompt = come_back(ops)

    view = ops.cleo.press("Record it", on=prompt)
    assert isinstance(view, View)
    saved(ops, view.fill({"What do we do?": CLEANED}))

    assert not prompts(ops.cleo, ops.ops)
    thread = ops.driver.thread(ops.ops, prompt.thread_ts or "")
    assert len([each for each in thread if each.text.startswith("DEC-1")]) == 1
    assert "No gaps" in ops.ana.slash(ops.ops, "/lore gaps").words()


def test_a_recorded_matter_prompts_no_one_again(ops: Ops) -> None:
    prompt = come_back(ops)
    view = ops.cleo.press("Record it", on=prompt)
    assert isinstance(view, View)
    saved(ops, view.fill({"What do we do?": CLEANED}))
    ops.clock.time += DAY

    ask(ops, DISK[3], DISK[0])

    assert all("Not this" in each.buttons() for each in prompts(ops.ben, ops.ops))
    assert not prompts(ops.cleo, ops.ops)


def test_not_recurring_dismisses_the_gap_until_undone(ops: Ops) -> None:
    ops.cleo.press("Not recurring", on=come_back(ops))
    ops.drain()

    assert not prompts(ops.cleo, ops.ops)
    noted = ops.cleo.ephemerals(ops.ops)[-1]
    assert noted.text == "Noted as not recurring. Opslore won't bring this up again."
    assert "No gaps" in ops.ana.slash(ops.ops, "/lore gaps").words()
    ops.clock.time += DAY
    ask(ops, DISK[3], by=ops.ana)
    assert not prompts(ops.cleo, ops.ops)

    ops.cleo.press("Undo", on=noted)
    ops.drain()

    assert DISK_TITLE in ops.ana.slash(ops.ops, "/lore gaps").words()


def test_an_ignored_prompt_is_not_repeated(ops: Ops) -> None:
    come_back(ops)
    ops.clock.time += DAY

    ask(ops, DISK[3], DISK[0], DISK[1])

    assert len(prompts(ops.cleo, ops.ops)) == 1


def test_a_rule_that_its_author_repeats_brings_one_prompt(ops: Ops) -> None:
    for _ in range(3):
        say(ops, ops.ben, ROLLBACK)
        ops.clock.time += 2 * DAY

    assert len(prompts(ops.ben, ops.ops)) == 1


def test_app_home_lists_a_prompt_until_it_is_answered(ops: Ops) -> None:
    prompt = come_back(ops)
    for person, listed in ((ops.cleo, True), (ops.ben, False)):
        home = person.home()
        assert home is not None
        assert (WAITS in home.words()) == listed

    ops.cleo.press("Not recurring", on=prompt)

    home = ops.cleo.home()
    assert home is not None
    assert WAITS not in home.words()


def test_recording_from_app_home_works_like_the_prompt(ops: Ops) -> None:
    say(ops, ops.ana, ROLLBACK)
    home = ops.ana.home()
    assert home is not None

    view = home.press("Record it")
    assert view is not None
    assert view.title == "Record a decision"
    saved(ops, view)
    assert any(each.text.startswith("DEC-1") for each in ops.driver.messages(ops.ops))


def test_a_late_prompt_is_not_shown_but_waits_in_app_home(ops: Ops) -> None:
    # Slack showed nothing, so only the elapsed time stops the prompt.
    ops.driver.fail("chat.postEphemeral", "ratelimited", times=1, retry_after=20)
    say(ops, ops.ana, ROLLBACK)
    ops.later(minutes=46)

    assert not prompts(ops.ana, ops.ops)
    home = ops.ana.home()
    assert home is not None
    assert WAITS in home.words()
    assert "Record it" in home.buttons()


def test_a_prompt_that_slack_refused_is_shown_a_little_later(ops: Ops) -> None:
    ops.driver.fail("chat.postEphemeral", "ratelimited", times=1, retry_after=20)
    say(ops, ops.ana, ROLLBACK)
    assert not prompts(ops.ana, ops.ops)

    ops.later(seconds=19)
    assert not prompts(ops.ana, ops.ops)
    ops.later(seconds=2)
    assert len(prompts(ops.ana, ops.ops)) == 1


def test_an_old_message_is_counted_and_brings_no_prompt(ops: Ops) -> None:
    """A retry or a replay can deliver a message so late that its author has moved on."""
    ops.ana.say(ops.ops, ROLLBACK, at=ops.clock.time - timedelta(hours=2))
    settle(ops)

    assert not ops.driver.calls("chat.postEphemeral")
    with ops.store.read(ops.team) as tx:
        assert tx.session.connection().exec_driver_sql("SELECT ts FROM heard_messages").all()


def test_an_edit_that_takes_the_rule_out_takes_the_prompt_with_it(ops: Ops) -> None:
    ts = ops.ana.say(ops.ops, ROLLBACK)
    ops.drain()
    ops.ana.edit(ops.ops, ts, "checkout is failing")
    settle(ops)

    assert not ops.driver.calls("chat.postEphemeral")


def test_an_edit_or_a_deletion_does_not_settle_a_thread_before_it_is_quiet(ops: Ops) -> None:
    root = ops.ana.say(ops.ops, ROLLBACK)
    remark = ops.ben.say(ops.ops, "Is that for canaries too?", thread=root)
    ops.drain()
    ops.ana.edit(ops.ops, root, f"{ROLLBACK} Always.")
    ops.ben.delete(ops.ops, remark)
    ops.drain()
    assert not prompts(ops.ana, ops.ops)

    settle(ops)

    assert len(prompts(ops.ana, ops.ops)) == 1


def test_a_message_deleted_before_it_was_considered_brings_no_prompt(ops: Ops) -> None:
    ts = ops.ana.say(ops.ops, ROLLBACK)
    ops.ana.delete(ops.ops, ts)
    settle(ops)

    assert not ops.driver.calls("chat.postEphemeral")


def test_a_message_deleted_before_its_thread_settled_brings_no_prompt(ops: Ops) -> None:
    ts = ops.ana.say(ops.ops, ROLLBACK)
    ops.drain()
    ops.ana.delete(ops.ops, ts)
    settle(ops)

    assert not ops.driver.calls("chat.postEphemeral")


def test_a_message_deleted_before_its_prompt_brings_no_prompt(ops: Ops) -> None:
    ts = ops.ana.say(ops.ops, ROLLBACK)
    ops.drain()
    ops.clock.time += QUIET
    # The thread settles, and its prompt is in the outbox.
    assert ops.bot.sender.step(ops.bot.deps) == 1
    ops.ana.delete(ops.ops, ts)
    ops.drain()

    assert not ops.driver.calls("chat.postEphemeral")
    home = ops.ana.home()
    assert home is not None
    assert WAITS not in home.words()


def test_a_considered_message_leaves_none_of_its_words_behind_in_the_outbox(ops: Ops) -> None:
    say(ops, ops.ana, "lunch anyone? we decided that password: hunter2 stays")

    with ops.store.read(ops.team) as tx:
        rows = tx.session.connection().exec_driver_sql("SELECT topic, payload FROM outbox").all()
        heard = tx.session.connection().exec_driver_sql("SELECT * FROM heard_messages").all()
    assert all(topic not in (Topic.MESSAGE, Topic.THREAD) for topic, _ in rows)
    assert "hunter2" not in str(rows) + str(heard)


def test_a_channel_that_became_private_keeps_its_prompts_to_members(ops: Ops) -> None:
    """Someone who was removed while the thread settled can't read it anymore."""
    ops.ana.say(ops.ops, ROLLBACK)
    ops.drain()
    with ops.store.transaction(ops.team) as tx:
        place = tx.channels.get(ChannelId(str(ops.ops)), lock=True)
        assert place is not None
        store_channel(tx, replace(place, private=True), ops.clock())
    ops.ana.leave(ops.ops)
    settle(ops)

    assert not prompts(ops.ana, ops.ops)
    with ops.store.read(ops.team) as tx:
        assert len(tx.prompts.waiting_for(UserId(ops.ana.id), 9, ops.clock.time - DAY)) == 1
