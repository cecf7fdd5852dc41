"""Jobs that ask Slack about many people leave it answers for those who wait for one."""

from bot.domain.entries import UserId
from bot.slack.api.people import People
from bot.slack.api.rate_limit import Allowance
from tests.support.ops import Ops


class Clock:
    """Time that passes only while somebody waits."""

    def __init__(self) -> None:
        self.time = 0.0
        self.waits: list[float] = []

    def allowance(self, most: int, seconds: float) -> Allowance:
        return Allowance(most, seconds, clock=lambda: self.time, wait=self.wait)

    def wait(self, seconds: float) -> None:
        self.waits.append(seconds)
        self.time += seconds


def test_so_many_at_once_and_then_one_in_so_many_seconds() -> None:
    clock = Clock()
    allowance = clock.allowance(2, 4.0)

    for _ in range(4):
        allowance.take()
    assert clock.waits == [4.0, 4.0]

    clock.time += 100.0
    for _ in range(3):
        allowance.take()
    assert clock.waits == [4.0, 4.0, 4.0]


def test_only_what_slack_is_asked_for_counts(ops: Ops) -> None:
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
