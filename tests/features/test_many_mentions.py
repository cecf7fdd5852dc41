"""A message that mentions very many people: Slack isn't asked about all of them."""

import pytest

from bot.domain.messages import MOST_NAMED
from tests.support.ops import Ops

ROSTER = " ".join(f"<@U0CALL{number:05}>" for number in range(400))
# The author, whose channels count too.
OTHERS = 2


def asked_about(ops: Ops) -> int:
    return len(ops.driver.calls("users.info"))


@pytest.mark.parametrize(
    "words",
    [
        "On call for the payroll gateway:",
        "<@{bot}> what do we do when the payroll gateway fails?",
        "<@{bot}> why: we agreed on it with",
    ],
)
def test_only_the_first_people_are_named(ops: Ops, words: str) -> None:
    before = asked_about(ops)

    ops.ben.say(ops.ops, f"{words.format(bot=ops.sandbox.bot_user_id)} {ROSTER}")
    ops.drain()

    assert asked_about(ops) - before <= MOST_NAMED + OTHERS


def test_the_form_for_a_thread_with_many_mentions_opens(ops: Ops) -> None:
    root = ops.ben.say(ops.ops, "What do we do when the payroll gateway fails?")
    ops.ana.say(ops.ops, f"From now on we always page one of {ROSTER}", thread=root)
    ops.drain()
    before = asked_about(ops)

    view = ops.ben.shortcut("Record this thread", ops.ops, root)

    assert view is not None
    assert asked_about(ops) - before <= 2 * MOST_NAMED + OTHERS
