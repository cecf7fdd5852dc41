"""Prompts: shown to the author only, rarely, once per thread, and never where they are off."""

from dataclasses import replace
from datetime import timedelta

import pytest

from bot.domain.entries import ChannelId, UserId
from bot.domain.outbox import Topic
from bot.usecases.steps.channels import store_channel
from tests.support.ops import Ops
from tests.support.prompting import DECISIONS, ROLLBACK, prompts, say

DAY = timedelta(days=1)
READS_LIKE = "This reads like a decision your team will make again."


def test_the_author_of_a_decision_is_prompted_and_no_one_else_sees_it(ops: Ops) -> None:
    say(ops, ops.ana, ROLLBACK)

    [prompt] = prompts(ops.ana, ops.ops)
    assert prompt.text == READS_LIKE
    assert prompt.buttons() == ["Record decision", "Not this time", "Mute prompts here"]
    assert not prompts(ops.ben, ops.ops)
    assert not any(READS_LIKE in each.text for each in ops.driver.messages(ops.ops))


@pytest.mark.parametrize(
    ("text", "asked", "button"),
    [
        (
            "Escalating to the database lead, nobody answered the page for 20 minutes.",
            "This reads like an escalation that will happen again.",
            "Record escalation path",
        ),
        (
            "Handing over to @ben: the migration is at step three, please watch the lag.",
            "This reads like a handoff that will happen again.",
            "Record handoff",
        ),
    ],
)
def test_escalations_and_handoffs_have_their_own_prompts(
    ops: Ops, text: str, asked: str, button: str
) -> None:
    say(ops, ops.ana, text)

    [prompt] = prompts(ops.ana, ops.ops)
    assert (prompt.text, prompt.buttons()[0]) == (asked, button)


@pytest.mark.parametrize("text", ["lunch anyone?", "ok", "The deploy is through.", ""])
def test_small_talk_brings_no_prompt(ops: Ops, text: str) -> None:
    say(ops, ops.ana, text or "\u200b")

    assert not prompts(ops.ana, ops.ops)


def test_a_thread_brings_one_prompt_which_is_shown_in_it(ops: Ops) -> None:
    root = ops.ana.say(ops.ops, "checkout is failing")
    say(ops, ops.ana, ROLLBACK, thread=root)
    say(ops, ops.ben, "We decided to freeze firmware on the load balancers.", thread=root)

    [prompt] = prompts(ops.ana, ops.ops)
    assert prompt.thread_ts == root
    assert not prompts(ops.ben, ops.ops)


def test_a_person_is_prompted_at_most_twice_in_24_hours(ops: Ops) -> None:
    for text in DECISIONS[:3]:
        say(ops, ops.ana, text)
    assert len(prompts(ops.ana, ops.ops)) == 2

    ops.clock.time += timedelta(hours=23, minutes=59)
    say(ops, ops.ana, DECISIONS[3])
    assert len(prompts(ops.ana, ops.ops)) == 2

    ops.clock.time += timedelta(minutes=2)
    say(ops, ops.ana, DECISIONS[4])
    assert len(prompts(ops.ana, ops.ops)) == 3


def test_a_channel_is_prompted_at_most_six_times_in_24_hours(ops: Ops) -> None:
    people = [ops.driver.person(f"operator{number}") for number in range(7)]
    for person in people:
        person.join(ops.ops)
    for person, text in zip(people, DECISIONS, strict=True):
        say(ops, person, text)

    assert [len(prompts(person, ops.ops)) for person in people] == [1, 1, 1, 1, 1, 1, 0]


def test_admins_change_the_budgets(ops: Ops) -> None:
    view = ops.cleo.slash(ops.ops, "/lore settings").view
    assert view is not None
    [person_budget] = [label for label in _labels(view.blocks) if "erson" in label]
    view.fill({person_budget: "0"})
    assert view.submit() == {}

    say(ops, ops.ana, ROLLBACK)

    assert not prompts(ops.ana, ops.ops)


def test_in_a_channel_full_of_decisions_only_the_clearest_bring_prompts(ops: Ops) -> None:
    """Only the highest of a channel's own scores bring a prompt."""
    guest = ops.driver.person("gus", guest=True)
    ops.driver.invite(ops.ops, guest)
    for _ in range(20):
        say(ops, guest, ROLLBACK)

    say(ops, ops.ana, "Decision: we will drain the node before every kernel upgrade.")
    assert not prompts(ops.ana, ops.ops)

    say(ops, ops.ana, DECISIONS[1])
    assert len(prompts(ops.ana, ops.ops)) == 1


def test_a_muted_channel_has_no_prompts_until_it_is_watched_again(ops: Ops) -> None:
    say(ops, ops.ana, DECISIONS[0])
    [prompt] = prompts(ops.ana, ops.ops)
    answer = ops.ana.press("Mute prompts here", on=prompt)
    ops.drain()
    said = [each.text for each in ops.ana.ephemerals(ops.ops)]
    assert answer is None
    assert any("Prompts are off in this channel" in text for text in said)
    assert not prompts(ops.ana, ops.ops)

    say(ops, ops.ben, DECISIONS[1])
    assert not prompts(ops.ben, ops.ops)

    assert "listening" in ops.ben.slash(ops.ops, "/lore watch on").words()
    say(ops, ops.ben, DECISIONS[2])
    assert len(prompts(ops.ben, ops.ops)) == 1


def test_a_channel_that_is_not_watched_is_not_read(ops: Ops) -> None:
    ops.ana.slash(ops.ops, "/lore watch off")

    say(ops, ops.ana, ROLLBACK)
    assert not prompts(ops.ana, ops.ops)
    assert "No gaps" in ops.ana.slash(ops.ops, "/lore gaps").words()


def test_after_a_refusal_no_one_is_prompted_about_the_same_matter(ops: Ops) -> None:
    say(ops, ops.ana, ROLLBACK)
    [prompt] = prompts(ops.ana, ops.ops)
    ops.ana.press("Not this time", on=prompt)
    assert not prompts(ops.ana, ops.ops)
    ops.clock.time += timedelta(days=3)

    say(ops, ops.ben, "We decided to roll back checkout when errors pass three percent.")
    assert not prompts(ops.ben, ops.ops)

    say(ops, ops.ben, DECISIONS[1])
    assert len(prompts(ops.ben, ops.ops)) == 1


def test_a_refusal_is_forgotten_after_half_a_year(ops: Ops) -> None:
    say(ops, ops.ana, ROLLBACK)
    ops.ana.press("Not this time", on=prompts(ops.ana, ops.ops)[0])
    ops.clock.time += timedelta(days=181)

    say(ops, ops.ben, ROLLBACK)

    assert len(prompts(ops.ben, ops.ops)) == 1


def test_guests_outsiders_and_bots_are_never_prompted(ops: Ops) -> None:
    guest = ops.driver.person("gus", guest=True)
    stranger = ops.driver.person("stan", stranger=True)
    robot = ops.driver.bot("pager")
    for other in (guest, stranger, robot):
        ops.driver.invite(ops.ops, other)
    for other, text in zip((guest, stranger, robot), DECISIONS, strict=False):
        say(ops, other, text)
        assert not other.ephemerals(ops.ops)
    assert not ops.driver.calls("chat.postEphemeral")


def test_a_message_covered_by_an_entry_shows_that_entry(ops: Ops) -> None:
    rule = "Roll back checkout when errors stay above two percent."
    key = ops.record(ops.ben, "Roll back checkout on errors", rule=rule)

    say(ops, ops.ana, ROLLBACK)

    [prompt] = prompts(ops.ana, ops.ops)
    assert prompt.text == f"{key} covers this: Roll back checkout on errors"
    assert rule in prompt.words()
    assert "in force, never certified" in prompt.words()
    assert prompt.buttons() == ["Use it", "Open", "Not this time"]
    home = ops.ana.home()
    assert home is not None
    assert "covers what you wrote in #ops: Roll back checkout on errors\nin force" in home.words()


def test_using_the_covering_entry_counts_for_the_revision_that_was_shown(ops: Ops) -> None:
    key = ops.record(ops.ben, "Roll back checkout on errors", rule="Roll back checkout first.")
    say(ops, ops.ana, ROLLBACK)
    [prompt] = prompts(ops.ana, ops.ops)
    edited = ops.ben.slash(ops.ops, f"/lore edit {key}").view
    assert edited is not None
    edited.fill({"What do we do?": "Roll back checkout, then call the vendor."})
    assert edited.submit() == {}

    view = ops.ana.press("Use it", on=prompt)
    assert view is not None
    view.submit()  # type: ignore[union-attr] # a view
    ops.drain()

    with ops.store.read(ops.team) as tx:
        query = "SELECT revision, outcome FROM uses"
        seen = [tuple(row) for row in tx.session.connection().exec_driver_sql(query)]
    assert seen == [(1, "followed")]
    assert not prompts(ops.ana, ops.ops)


def test_opening_the_covering_entry_shows_the_card(ops: Ops) -> None:
    key = ops.record(ops.ben, "Roll back checkout on errors", rule="Roll back checkout first.")
    say(ops, ops.ana, ROLLBACK)

    ops.ana.press("Open", on=prompts(ops.ana, ops.ops)[0])

    shown = [
        each for each in ops.ana.ephemerals(ops.ops) if "Roll back checkout first." in each.words()
    ]
    assert any(each.text.startswith(key) and "Edit" in each.buttons() for each in shown)


def test_an_entry_of_a_private_channel_is_not_shown_to_outsiders(ops: Ops) -> None:
    secret = ops.driver.channel("secret", private=True, members=[ops.ben])
    ops.driver.invite_bot(secret, by=ops.ben)
    ops.drain()
    ops.record(ops.ben, "Roll back checkout on errors", rule="Roll back checkout.", channel=secret)

    say(ops, ops.ana, ROLLBACK)

    assert [each.text for each in prompts(ops.ana, ops.ops)] == [READS_LIKE]


def test_recording_from_a_prompt_takes_its_thread_and_removes_the_prompt(
    ops: Ops,
) -> None:
    root = ops.ben.say(ops.ops, "checkout throws errors again")
    say(ops, ops.ana, ROLLBACK, thread=root)

    view = ops.ana.press("Record decision", on=prompts(ops.ana, ops.ops)[0])
    assert view is not None
    assert view.submit() == {}  # type: ignore[union-attr] # a view
    ops.drain()

    assert not prompts(ops.ana, ops.ops)
    cards = [each for each in ops.driver.thread(ops.ops, root) if each.text.startswith("DEC-1")]
    assert len(cards) == 1


def test_a_late_prompt_is_not_shown_but_waits_in_app_home(ops: Ops) -> None:
    # Slack showed nothing, so only the elapsed time stops the prompt.
    ops.driver.fail("chat.postEphemeral", "ratelimited", times=1, retry_after=20)
    say(ops, ops.ana, ROLLBACK)
    ops.later(minutes=31)

    assert not prompts(ops.ana, ops.ops)
    home = ops.ana.home()
    assert home is not None
    assert "Something you wrote in" in home.words()
    assert "Record it" in home.buttons()


def test_a_prompt_that_slack_refused_is_shown_a_little_later(ops: Ops) -> None:
    ops.driver.fail("chat.postEphemeral", "ratelimited", times=1, retry_after=20)
    say(ops, ops.ana, ROLLBACK)
    assert not prompts(ops.ana, ops.ops)

    ops.later(seconds=19)
    assert not prompts(ops.ana, ops.ops)
    ops.later(seconds=2)
    assert len(prompts(ops.ana, ops.ops)) == 1


def test_app_home_lists_a_prompt_until_it_is_answered(ops: Ops) -> None:
    say(ops, ops.ana, ROLLBACK)
    home = ops.ana.home()
    assert home is not None
    assert "Something you wrote in" in home.words()
    assert "Something you wrote in" not in (ops.ben.home() or home).words()

    ops.ana.press("Not this time", on=prompts(ops.ana, ops.ops)[0])
    home = ops.ana.home()
    assert home is not None
    assert "Something you wrote in" not in home.words()


def test_recording_from_app_home_works_like_the_prompt(ops: Ops) -> None:
    say(ops, ops.ana, ROLLBACK)
    home = ops.ana.home()
    assert home is not None

    view = home.press("Record it")
    assert view is not None
    assert view.title == "Record a decision"
    assert view.submit() == {}
    ops.drain()
    assert any(each.text.startswith("DEC-1") for each in ops.driver.messages(ops.ops))


def test_an_old_message_is_counted_and_brings_no_prompt(ops: Ops) -> None:
    """A retry or a replay can deliver a message so late that its author has moved on."""
    ops.ana.say(ops.ops, ROLLBACK, at=ops.clock.time - timedelta(hours=2))
    ops.drain()

    assert ops.ana.ephemerals() == []


def test_an_edit_brings_no_prompt(ops: Ops) -> None:
    ts = say(ops, ops.ana, "checkout is failing")

    ops.ana.edit(ops.ops, ts, ROLLBACK)
    ops.drain()

    assert not prompts(ops.ana, ops.ops)


def test_a_message_deleted_before_it_was_considered_brings_no_prompt(ops: Ops) -> None:
    ts = ops.ana.say(ops.ops, ROLLBACK)
    ops.ana.delete(ops.ops, ts)
    ops.drain()

    assert not prompts(ops.ana, ops.ops)
    assert not ops.driver.calls("chat.postEphemeral")


def test_a_message_deleted_before_its_prompt_brings_no_prompt(ops: Ops) -> None:
    ts = ops.ana.say(ops.ops, ROLLBACK)
    assert ops.bot
    assert (
        ops.bot.sender.step(ops.bot.deps) == 1
    )  # The message was considered, and its prompt is in the outbox.
    ops.ana.delete(ops.ops, ts)
    ops.drain()

    assert not ops.driver.calls("chat.postEphemeral")
    home = ops.ana.home()
    assert home is not None
    assert "Something you wrote in" not in home.words()


def test_an_entry_that_went_out_of_sight_before_the_prompt_is_not_shown(ops: Ops) -> None:
    """Its home channel became private, and the author isn't a member there."""
    room = ops.driver.channel("room", members=[ops.ben])
    ops.driver.invite_bot(room, by=ops.ben)
    ops.drain()
    ops.record(ops.ben, "Build server disk full", "We clear the build server disk.", channel=room)
    ops.ana.say(ops.ops, "What do we do when the build server disk is full?")
    assert ops.bot.sender.step(ops.bot.deps) == 1
    with ops.store.transaction(ops.team) as tx:
        home = tx.channels.get(ChannelId(str(room)), lock=True)
        assert home is not None
        assert len(tx.prompts.waiting_for(UserId(ops.ana.id), 9, ops.clock.time - DAY)) == 1
        store_channel(tx, replace(home, private=True), ops.clock())
    ops.drain()

    assert not prompts(ops.ana, ops.ops)


def test_a_considered_message_leaves_none_of_its_words_behind(ops: Ops) -> None:
    say(ops, ops.ana, "lunch anyone? we decided that password: hunter2 stays")
    with ops.store.read(ops.team) as tx:
        rows = tx.session.connection().exec_driver_sql("SELECT topic, payload FROM outbox").all()
    assert all(topic != Topic.MESSAGE for topic, _ in rows)
    assert "hunter2" not in str(rows)


def _labels(blocks: list[dict[str, object]]) -> list[str]:
    return [block["label"]["text"] for block in blocks if "label" in block]  # type: ignore[index] # JSON
