"""Lookups of people while Slack doesn't answer: a message waits for one lookup, and not long."""

import pytest

from bot.domain.entries import UserId
from bot.domain.errors import UnavailableError
from bot.slack.api.people import NAMES_REST, People
from tests.support.ops import Ops


class Directory:
    """The bot's directory of people, with a clock that doesn't advance."""

    def __init__(self, ops: Ops) -> None:
        self.time = 0.0
        self.people = People(ops.bot.deps.client, ops.team, clock=lambda: self.time)
        self.ops = ops
        self.users = [UserId(person.id) for person in (ops.ana, ops.ben, ops.cleo)]
        self._before = self._calls()

    def names(self) -> list[str]:
        """Return the names as a message shows them, each person twice."""
        return [self.people.name(user) for user in self.users * 2]

    def asked(self) -> int:
        """Return how often Slack was asked who a person is."""
        return self._calls() - self._before

    def _calls(self) -> int:
        return len(self.ops.driver.calls("users.info"))


@pytest.fixture
def directory(ops: Ops) -> Directory:
    return Directory(ops)


NAMES = ["ana", "ben", "cleo"] * 2


@pytest.mark.parametrize("fault", [{"lost": True}, {"error": "ratelimited"}])
def test_a_message_waits_for_only_one_name_if_slack_does_not_answer(
    ops: Ops, directory: Directory, fault: dict[str, str]
) -> None:
    ops.driver.fail("users.info", **fault)  # type: ignore[arg-type] # of a fault

    assert directory.names() == directory.users * 2
    assert directory.asked() == 1


def test_failed_lookups_are_repeated_soon(ops: Ops, directory: Directory) -> None:
    ops.driver.fail("users.info", lost=True)
    directory.names()
    ops.driver.heal()
    directory.time += NAMES_REST - 1
    assert directory.names() == directory.users * 2

    directory.time += 1
    assert directory.names() == NAMES


def test_known_people_are_shown_by_name_and_a_waiting_request_still_asks(
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


def test_an_answer_about_anyone_ends_the_pause(ops: Ops, directory: Directory) -> None:
    ops.driver.fail("users.info", lost=True)
    directory.names()
    ops.driver.heal()

    directory.people.person(directory.users[2])

    assert directory.names() == NAMES


def test_if_one_lookup_fails_the_others_still_run(ops: Ops, directory: Directory) -> None:
    ana = directory.users[0]
    ops.driver.fail("users.info", error="fatal_error", times=1)

    assert directory.names() == [ana, "ben", "cleo"] * 2
    assert directory.asked() == 3

    directory.people.forget(user=ana)
    assert directory.names() == NAMES
