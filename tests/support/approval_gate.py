"""A workspace in which a decision of ana's is approved, and a colleague from elsewhere."""

import pytest

from bot.domain.approval import ApprovalPolicy
from sandbox.persons import PersonDriver
from sandbox.seen import Channel
from tests.support.ops import Ops


@pytest.fixture
def approval_of_dec_1(ops: Ops) -> None:
    """Approval is on, and DEC-1 is ana's."""
    ops.review(ApprovalPolicy())
    ops.record(ops.ana, "Roll back", "We roll back.")


@pytest.fixture
def dan(ops: Ops) -> PersonDriver:
    """A full member who isn't in #ops."""
    return ops.driver.person("dan")


@pytest.fixture
def side(ops: Ops, dan: PersonDriver) -> Channel:
    """A channel of dan's, in which he types commands."""
    channel = ops.driver.channel("side", members=[dan])
    ops.driver.invite_bot(channel, by=dan)
    ops.drain()
    return channel
