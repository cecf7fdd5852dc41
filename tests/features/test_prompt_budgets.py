"""The budgets of prompts: per person, per channel, and by how much is said in the channel."""

from datetime import timedelta
from typing import Final

import pytest

from bot.domain.entries import ChannelId, UserId
from bot.domain.messages import IncomingMessage
from sandbox.forms import View
from sandbox.persons import PersonDriver
from tests.support.digests import now
from tests.support.ops import Ops
from tests.support.prompting import RULES, prompts, say

RATE: Final = "Prompts per 100 messages"


def busy(ops: Ops, messages: int = 200) -> None:
    """Let so much be said in the channel that its rate of prompts doesn't matter."""
    for number in range(messages):
        ops.store.claim_message(
            ops.team,
            IncomingMessage(
                channel=ChannelId(str(ops.ops)),
                ts=f"1000000000.{number:06}",
                at=ops.clock(),
                user=UserId(ops.ben.id),
            ),
        )


def settings(ops: Ops) -> View:
    view = ops.cleo.slash(ops.ops, "/lore settings").view
    assert view is not None
    return view


def shown(ops: Ops, *people: PersonDriver) -> list[int]:
    return [len(prompts(person, ops.ops)) for person in people]


def test_a_person_is_prompted_at_most_twice_in_24_hours(ops: Ops) -> None:
    busy(ops)
    for text in RULES[:3]:
        say(ops, ops.ana, text)
    assert shown(ops, ops.ana) == [2]

    ops.clock.time += timedelta(hours=23)
    say(ops, ops.ana, RULES[3])
    assert shown(ops, ops.ana) == [2]

    ops.clock.time += timedelta(hours=1)
    say(ops, ops.ana, RULES[4])
    assert shown(ops, ops.ana) == [3]


def test_a_channel_is_prompted_at_most_six_times_in_24_hours(ops: Ops) -> None:
    busy(ops)
    people = [ops.driver.person(f"operator{number}") for number in range(7)]
    for person, text in zip(people, RULES, strict=True):
        person.join(ops.ops)
        say(ops, person, text)

    assert shown(ops, *people) == [1, 1, 1, 1, 1, 1, 0]


def test_a_quiet_channel_is_prompted_twice_and_a_busy_one_three_times_per_100_messages(
    ops: Ops,
) -> None:
    people = (ops.ana, ops.ben, ops.cleo)
    for person, text in zip(people, RULES, strict=False):
        say(ops, person, text)
    assert shown(ops, *people) == [1, 1, 0]

    # With these and the next rule, 99 messages were heard in the channel.
    busy(ops, 95)
    say(ops, ops.cleo, RULES[3])
    assert shown(ops, *people) == [1, 1, 0]

    say(ops, ops.cleo, RULES[4])
    assert shown(ops, *people) == [1, 1, 1]

    say(ops, ops.ana, RULES[5])
    assert shown(ops, *people) == [1, 1, 1]


@pytest.mark.parametrize(("typed", "prompts_shown"), [("0", 0), ("0,5", 2), ("8.5", 3)])
def test_admins_set_how_many_prompts_100_messages_bring(
    ops: Ops, typed: str, prompts_shown: int
) -> None:
    assert settings(ops).fill({RATE: typed}).submit() == {}
    busy(ops, 33)

    for person, text in zip((ops.ana, ops.ben, ops.cleo), RULES, strict=False):
        say(ops, person, text)

    assert sum(shown(ops, ops.ana, ops.ben, ops.cleo)) == prompts_shown


@pytest.mark.parametrize("typed", ["21", "-1", "3%", "1.25", "many"])
def test_a_rate_that_cannot_be_is_refused_beside_its_field(ops: Ops, typed: str) -> None:
    view = settings(ops).fill({RATE: typed})

    assert view.submit() == {RATE: "Enter a number from 0 to 20, such as 3 or 0.5."}


def test_the_settings_and_the_digest_say_how_many_prompts_100_messages_brought(ops: Ops) -> None:
    assert "The last 7 days, in all channels: no prompts in 0 messages." in settings(ops).words()
    busy(ops, 98)
    for person, text in ((ops.ana, RULES[0]), (ops.ben, RULES[1])):
        say(ops, person, text)
    ops.ana.press("Not recurring", on=prompts(ops.ana, ops.ops)[0])

    assert (
        "The last 7 days, in all channels: 2 prompts in 100 messages (2.0 per 100); "
        "1 not recurring." in settings(ops).words()
    )
    assert "2 prompts in 100 messages this week (2.0 per 100); 1 not recurring" in now(ops).words()

    # Prompts and messages of an earlier week don't count.
    ops.later(days=8)
    assert "no prompts in 0 messages." in settings(ops).words()


def test_a_rule_over_the_budget_is_not_asked_about_later(ops: Ops) -> None:
    for text in RULES[:3]:
        say(ops, ops.ana, text)
    ops.later(days=8)

    assert shown(ops, ops.ana) == [2]


def test_admins_change_the_budgets(ops: Ops) -> None:
    view = settings(ops)
    labels = [block["label"]["text"] for block in view.blocks if "label" in block]
    [person_budget] = [label for label in labels if "erson" in label]
    view.fill({person_budget: "0"})
    assert view.submit() == {}

    say(ops, ops.ana, RULES[0])

    assert shown(ops, ops.ana) == [0]
