"""The budgets of prompts: per person, per channel, and by how much is said in the channel."""

from datetime import timedelta

from bot.domain.entries import ChannelId, UserId
from bot.domain.messages import IncomingMessage
from sandbox.persons import PersonDriver
from tests.support.ops import Ops
from tests.support.prompting import RULES, prompts, say


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


def test_a_quiet_channel_is_prompted_twice_and_then_three_times_per_100_messages(ops: Ops) -> None:
    people = (ops.ana, ops.ben, ops.cleo)
    for person, text in zip(people, RULES, strict=False):
        say(ops, person, text)
    assert shown(ops, *people) == [1, 1, 0]

    busy(ops, 34)
    say(ops, ops.cleo, RULES[3])
    assert shown(ops, *people) == [1, 1, 1]

    say(ops, ops.ana, RULES[4])
    assert shown(ops, *people) == [1, 1, 1]


def test_a_rule_over_the_budget_is_not_asked_about_later(ops: Ops) -> None:
    for text in RULES[:3]:
        say(ops, ops.ana, text)
    ops.later(days=8)

    assert shown(ops, ops.ana) == [2]


def test_admins_change_the_budgets(ops: Ops) -> None:
    view = ops.cleo.slash(ops.ops, "/lore settings").view
    assert view is not None
    labels = [block["label"]["text"] for block in view.blocks if "label" in block]
    [person_budget] = [label for label in labels if "erson" in label]
    view.fill({person_budget: "0"})
    assert view.submit() == {}

    say(ops, ops.ana, RULES[0])

    assert shown(ops, ops.ana) == [0]
