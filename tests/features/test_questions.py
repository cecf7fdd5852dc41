"""Questions to Opslore, in a channel or directly: the entry that covers them, or whom to ask."""

import pytest

from bot.domain.approval import ApprovalPolicy
from bot.domain.entries import ChannelId
from sandbox.persons import PersonDriver
from sandbox.seen import Channel, Message
from tests.support.ops import Ops
from tests.support.redacting import redacted

TITLE = "Payroll gateway fails salary payments"
RULE = "Restart the payroll gateway, then call the vendor."
ASKS = "what do we do when the payroll gateway fails salary payments?"
NOTHING = "Nothing covers this."


def ask(ops: Ops, person: PersonDriver, text: str = ASKS, channel: Channel | None = None) -> str:
    """Mention Opslore with a question in a channel, and return the question's timestamp."""
    ts = person.say(channel or ops.ops, f"<@{ops.sandbox.bot_user_id}> {text}")
    ops.drain()
    return ts


def answers(ops: Ops, ts: str, channel: Channel | None = None) -> list[Message]:
    """Return the messages in the thread of a question, without the question."""
    return ops.driver.thread(channel or ops.ops, ts)[1:]


def ask_directly(ops: Ops, person: PersonDriver, text: str) -> list[Message]:
    """Send Opslore a direct message, and return all direct messages after it."""
    direct = ops.driver.do("page.direct", user=person.id)
    ts = person.say(direct, text)
    ops.drain()
    return [message for message in person.dms() if float(message.ts) > float(ts)]


@pytest.fixture
def private(ops: Ops) -> Channel:
    """Return a private channel of ana and cleo with the entry."""
    channel = ops.driver.channel("payroll", members=[ops.ana, ops.cleo], private=True)
    ops.driver.invite_bot(channel, by=ops.ana)
    ops.drain()
    ops.record(ops.ana, TITLE, RULE, channel=channel)
    return channel


def test_a_question_in_a_channel_is_answered_in_its_thread_for_everyone(ops: Ops) -> None:
    ops.record(ops.ana, TITLE, RULE)
    ops.deliveries = 2

    ts = ask(ops, ops.ben)

    [answer] = answers(ops, ts)
    words = answer.words()
    assert f"DEC-1@1  {TITLE}" in words
    assert RULE in words
    assert "in force, never certified · owner ana" in words
    assert answer.buttons() == ["Use it", "Open"]
    assert not answer.ephemeral
    assert ops.ben.ephemerals(ops.ops) == []


def test_a_question_in_a_thread_is_answered_there(ops: Ops) -> None:
    ops.record(ops.ana, TITLE, RULE)
    root = ops.ana.say(ops.ops, "Salaries are late.")

    ops.ben.say(ops.ops, f"{ASKS} <@{ops.sandbox.bot_user_id}>", thread=root)
    ops.drain()

    assert RULE in answers(ops, root)[-1].words()


def test_a_direct_question_is_answered_directly(ops: Ops) -> None:
    ops.record(ops.ana, TITLE, RULE)
    ops.deliveries = 2

    [answer] = ask_directly(ops, ops.ben, ASKS)

    assert RULE in answer.words()


def test_a_key_in_the_question_is_answered_with_its_entry(ops: Ops) -> None:
    ops.record(ops.ana, TITLE, RULE)

    [answer] = answers(ops, ask(ops, ops.ben, "does (DEC-1) still apply?"))

    assert RULE in answer.words()


def test_an_escalation_is_answered_with_its_levels(ops: Ops) -> None:
    view = ops.ana.slash(ops.ops, "/lore record escalation").view
    assert view is not None
    view.fill({"Title": TITLE, "What goes wrong?": ASKS})
    view.choose("Level 1: notify", [ops.cleo.id])
    assert view.submit() == {}
    ops.drain()

    [answer] = answers(ops, ask(ops, ops.ben))

    assert "Level 1  cleo" in answer.words()


def test_a_question_that_nothing_covers_is_told_so(ops: Ops) -> None:
    ops.record(ops.ana, "Freeze deploys on Fridays")

    [answer] = answers(ops, ask(ops, ops.ben))

    assert answer.words().startswith(NOTHING)
    assert "/lore record" in answer.words()
    assert NOTHING in ask_directly(ops, ops.ben, ASKS)[-1].words()


def test_a_draft_is_not_given_as_the_rule_and_its_owner_is_asked_once(ops: Ops) -> None:
    ops.review(ApprovalPolicy())
    ops.draft(ops.ana, TITLE, RULE)

    ts = ask(ops, ops.ben)

    [answer] = answers(ops, ts)
    assert "DEC-1 is about this, but it's a draft." in answer.words()
    assert RULE not in answer.words()
    assert answer.buttons() == ["Open", "Ask ana"]

    ops.ben.press("Ask ana", answer)
    ops.drain()
    ops.cleo.press("Ask ana", answer)
    ops.drain()

    [_, asked] = answers(ops, ts)
    assert f"<@{ops.ana.id}>" in str(asked.blocks)
    assert "ben asks you to answer the question above." in asked.words()
    assert "ana was already asked." in ops.cleo.ephemerals(ops.ops)[-1].words()


def test_an_overdue_entry_is_not_given_as_the_rule(ops: Ops) -> None:
    ops.record(ops.ana, TITLE, RULE)
    ops.later(days=95)

    [answer] = answers(ops, ask(ops, ops.ben))

    assert "DEC-1 is about this, but its review is overdue." in answer.words()
    assert "ana can check it." in answer.words()
    assert RULE not in answer.words()


def test_the_owner_is_asked_in_a_direct_message_about_a_direct_question(ops: Ops) -> None:
    ops.record(ops.ana, TITLE, RULE)
    ops.later(days=95)
    answer = ask_directly(ops, ops.ben, ASKS)[-1]

    ops.ben.press("Ask ana", answer)
    ops.drain()

    assert f"ben asks you: “{ASKS}”" in ops.ana.dms()[-1].words()


def test_a_long_direct_question_in_other_characters_can_be_passed_on(ops: Ops) -> None:
    ops.record(ops.ana, TITLE, RULE)
    ops.later(days=95)
    answer = ask_directly(ops, ops.ben, f"{ASKS} {chr(0x1F4A5) * 300}")[-1]

    ops.ben.press("Ask ana", answer)
    ops.drain()

    assert f"ben asks you: “{ASKS} {chr(0x1F4A5)}" in ops.ana.dms()[-1].words()


def test_an_entry_of_a_private_channel_is_shown_elsewhere_only_to_its_members(
    ops: Ops, private: Channel
) -> None:
    [shown] = answers(ops, ask(ops, ops.cleo, channel=private), private)
    assert RULE in shown.words()

    asked_by_a_member = ask(ops, ops.cleo)
    assert answers(ops, asked_by_a_member) == []
    assert RULE in ops.cleo.ephemerals(ops.ops)[-1].words()

    [answer] = answers(ops, ask(ops, ops.ben))
    assert answer.words().startswith(NOTHING)
    assert RULE in ask_directly(ops, ops.cleo, ASKS)[-1].words()
    assert NOTHING in ask_directly(ops, ops.ben, ASKS)[-1].words()


def test_answers_elsewhere_are_taken_down_when_the_home_channel_becomes_private(ops: Ops) -> None:
    side = ops.driver.channel("side", members=[ops.ana, ops.ben])
    ops.driver.invite_bot(side, by=ops.ana)
    ops.drain()
    ops.record(ops.ana, TITLE, RULE)
    here, there = ask(ops, ops.ben), ask(ops, ops.ben, channel=side)

    ops.driver.convert_to_private(ops.ops)
    ops.drain()

    assert RULE in answers(ops, here)[0].words()
    assert "now private to its channel" in answers(ops, there, side)[0].words()


def test_a_redacted_text_is_gone_from_answers(ops: Ops) -> None:
    ops.record(ops.ana, TITLE, RULE)
    ts = ask(ops, ops.ben)

    redacted(ops, "call the vendor")

    assert "call the vendor" not in answers(ops, ts)[0].words()


def test_someone_of_another_organization_is_told_why_there_is_no_answer(ops: Ops) -> None:
    ops.record(ops.ana, TITLE, RULE)
    shared = ops.driver.channel("vendor", members=[ops.ana], shared=True)
    ops.driver.invite_bot(shared, by=ops.ana)
    sam = ops.driver.person("sam", stranger=True)
    ops.driver.invite(shared, sam, by=ops.ana)
    ops.drain()

    ts = ask(ops, sam, channel=shared)

    assert answers(ops, ts, shared) == []
    assert "only for members of the organization" in sam.ephemerals(shared)[-1].words()


@pytest.mark.parametrize("text", ["", "hello!", "thanks :)"])
def test_what_asks_nothing_is_answered_with_what_can_be_asked(ops: Ops, text: str) -> None:
    ask(ops, ops.ben, text)

    assert "what do we do when" in ops.ben.ephemerals(ops.ops)[-1].words()


def test_a_greeting_in_a_direct_message_is_answered_with_what_can_be_asked(ops: Ops) -> None:
    ask_directly(ops, ops.ben, "Hello!")

    assert "Ask a question here" in ops.ben.ephemerals()[-1].words()


def test_a_question_that_was_deleted_is_not_answered(ops: Ops) -> None:
    ops.record(ops.ana, TITLE, RULE)
    ts = ops.ben.say(ops.ops, f"<@{ops.sandbox.bot_user_id}> {ASKS}")

    ops.ben.delete(ops.ops, ts)
    before = ops.driver.messages(ops.ops)
    ops.drain()

    assert ops.driver.messages(ops.ops) == before
    assert ops.ben.ephemerals(ops.ops) == []


def test_a_secret_in_a_question_is_masked_before_it_is_stored(ops: Ops) -> None:
    secret = "ghp_" + "a1B2c3D4e5F6g7H8i9J0" + "k1L2m3N4o5P6q7R8"
    ops.ben.say(ops.ops, f"<@{ops.sandbox.bot_user_id}> is {secret} still the gateway token?")

    with ops.store.read(ops.team) as tx:
        rows = tx.session.connection().exec_driver_sql("SELECT payload FROM outbox").all()
    assert secret not in str(rows)


def test_the_one_who_answered_before_is_named_and_asked(ops: Ops) -> None:
    for question in (
        "The customs portal account is locked again, how do we unlock it?",
        "How do I unlock the customs portal account for the morning shift?",
        "Customs portal account locked, who can unlock it?",
    ):
        root = ops.ben.say(ops.ops, question)
        ops.ana.say(ops.ops, "Unlock it in the broker console: Accounts, Reset lock.", thread=root)
        ops.ben.say(ops.ops, "Thanks, that worked!", thread=root)
        ops.drain()
        ops.later(days=1)

    [answer] = answers(ops, ask(ops, ops.cleo, "how do we unlock the customs portal account?"))

    assert answer.words().startswith(NOTHING)
    assert "It came up in 3 threads: " in answer.words()
    assert "ana answered this on" in answer.words()
    assert "Ask ana" in answer.buttons()


def test_a_question_counts_as_an_occurrence_and_shows_nothing_else(ops: Ops) -> None:
    ops.record(ops.ana, TITLE, RULE)

    ts = ask(ops, ops.ben)
    ops.later(hours=2)

    with ops.store.read(ops.team) as tx:
        assert tx.heard.of_threads(ChannelId(str(ops.ops)), [ts])
    assert ops.ben.ephemerals(ops.ops) == []


@pytest.mark.parametrize(
    ("leaves", "why"),
    [
        ("the workspace", "ana has left the workspace. Ask someone else."),
        ("the channel", "ana isn't in this channel. Ask them directly."),
    ],
)
def test_someone_who_left_is_not_asked(ops: Ops, leaves: str, why: str) -> None:
    ops.record(ops.ana, TITLE, RULE)
    ops.later(days=95)
    ts = ask(ops, ops.ben)
    [answer] = answers(ops, ts)
    if leaves == "the workspace":
        ops.driver.deactivate(ops.ana)
    else:
        ops.driver.leave(ops.ana, ops.ops)
    ops.later(minutes=10)

    ops.ben.press("Ask ana", answer)
    ops.drain()

    assert ops.ben.ephemerals(ops.ops)[-1].words() == why
    assert len(answers(ops, ts)) == 1
