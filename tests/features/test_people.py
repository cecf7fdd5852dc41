"""Who someone is, while Slack does not say: nobody waits for each name, nor long for any."""

import pytest

from bot.domain.entries import UserId
from bot.domain.errors import UnavailableError
from bot.slack.api.people import NAMES_REST, People
from tests.support.ops import Ops


class Directory:
    """What the bot knows of people, with a clock that stands."""

    def __init__(self, ops: Ops) -> None:
        self.time = 0.0
        self.people = People(ops.bot.deps.client, ops.team, clock=lambda: self.time)
        self.ops = ops
        self.users = [UserId(person.id) for person in (ops.ana, ops.ben, ops.cleo)]
        self._before = self._calls()

    def names(self) -> list[str]:
        """As a message shows them, each of them twice."""
        return [self.people.name(user) for user in self.users * 2]

    def asked(self) -> int:
        """How often Slack was asked who somebody is."""
        return self._calls() - self._before

    def _calls(self) -> int:
        return len(self.ops.driver.calls("users.info"))


@pytest.fixture
def directory(ops: Ops) -> Directory:
    return Directory(ops)


NAMES = ["ana", "ben", "cleo"] * 2


@pytest.mark.parametrize("fault", [{"lost": True}, {"error": "ratelimited"}])
def test_a_message_waits_for_one_name_where_slack_does_not_answer(
    ops: Ops, directory: Directory, fault: dict[str, str]
) -> None:
    ops.driver.fail("users.info", **fault)  # type: ignore[arg-type] # of a fault

    assert directory.names() == directory.users * 2
    assert directory.asked() == 1


def test_names_are_asked_for_again_soon(ops: Ops, directory: Directory) -> None:
    ops.driver.fail("users.info", lost=True)
    directory.names()
    ops.driver.heal()
    directory.time += NAMES_REST - 1
    assert directory.names() == directory.users * 2

    directory.time += 1
    assert directory.names() == NAMES


def test_whoever_is_known_is_shown_by_name_and_whoever_waits_asks_all_the_same(
    ops: Ops, directory: Directory
) -> None:
    ana, ben, cleo = directory.users
    directory.people.person(ben)
    ops.driver.fail("users.info", lost=True)

    assert directory.names() == [ana, "ben", cleo] * 2
    asked = directory.asked()
    with pytest.raises(UnavailableError):
        directory.people.person(ana)
    assert directory.asked() == asked + 1


def test_an_answer_about_anybody_ends_the_silence(ops: Ops, directory: Directory) -> None:
    ops.driver.fail("users.info", lost=True)
    directory.names()
    ops.driver.heal()

    directory.people.person(directory.users[2])

    assert directory.names() == NAMES


def test_what_slack_does_not_say_of_one_it_is_asked_of_the_others(
    ops: Ops, directory: Directory
) -> None:
    ana = directory.users[0]
    ops.driver.fail("users.info", error="fatal_error", times=1)

    assert directory.names() == [ana, "ben", "cleo"] * 2
    assert directory.asked() == 3

    directory.people.forget(user=ana)
    assert directory.names() == NAMES
