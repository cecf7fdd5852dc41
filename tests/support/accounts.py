"""Accounts of people in the workspace."""

from bot.jobs import look_around
from sandbox.persons import PersonDriver
from tests.support.ops import Ops


def an_hour_later(ops: Ops) -> None:
    """Run the hourly job, in a bot that remembers nothing of people."""
    ops.start()
    look_around(ops.bot.deps)
    ops.drain()


def deactivated(ops: Ops, person: PersonDriver) -> None:
    ops.driver.deactivate(person)
    an_hour_later(ops)
