"""Background jobs leave part of Slack's rate limit to the requests that a person waits for."""

from bot.domain.entries import UserId
from bot.slack.api.people import People
from bot.slack.api.rate_limit import Allowance
from tests.support.ops import Ops


class Clock:
    """A clock that advances only while something waits on it."""

    def __init__(self) -> None:
        self.time = 0.0
        self.waits: list[float] = []

    def allowance(self, most: int, seconds: float) -> Allowance:
        return Allowance(most, seconds, clock=lambda: self.time, wait=self.wait)

    def wait(self, seconds: float) -> None:
        self.waits.append(seconds)
        self.time += seconds


def test_a_burst_is_allowed_and_then_one_call_every_few_seconds() -> None:
    clock = Clock()
    allowance = clock.allowance(2, 4.0)

    for _ in range(4):
        allowance.take()
    assert clock.waits == [4.0, 4.0]

    clock.time += 100.0
    for _ in range(3):
        allowance.take()
    assert clock.waits == [4.0, 4.0, 4.0]


def test_only_calls_that_reach_slack_count(ops: Ops) -> None:
    clock = Clock()
    people = People(
        ops.bot.deps.client, ops.team, clock=lambda: 0.0, allowance=clock.allowance(1, 4.0)
    )
    asked = [UserId(each.id) for each in (ops.ana, ops.ben)]
    before = len(ops.driver.calls("users.conversations"))

    for user in asked * 3:
        assert people.reader_unhurried(user).user == user
    people.reader(UserId(ops.cleo.id))

    assert clock.waits == [4.0]
    assert len(ops.driver.calls("users.conversations")) == before + 3
