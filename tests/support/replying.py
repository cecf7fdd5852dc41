"""Replies to the bot in a thread."""

from sandbox.persons import PersonDriver
from tests.support.ops import Ops


def say(ops: Ops, person: PersonDriver, root: str, words: str) -> str:
    """Say it to Opslore in the thread, and return what Opslore answered."""
    person.say(ops.ops, f"<@{ops.sandbox.bot_user_id}> {words}", thread=root)
    ops.drain()
    return person.ephemerals(ops.ops)[-1].words()
