"""Messages that are prompted, and their prompts."""

from sandbox.persons import PersonDriver
from sandbox.seen import Channel, Message
from tests.support.ops import Ops

ROLLBACK = "We decided to roll back whenever checkout errors stay above two percent."
# Of subjects that have nothing in common, so that none is like another.
DECISIONS = (
    ROLLBACK,
    "From now on we always restart the payment gateway before calling the vendor.",
    "Decision: we will drain the node before every kernel upgrade.",
    "We decided to rotate the mail certificates on the first Tuesday.",
    "From now on we always archive old tenant exports before the weekly vacuum.",
    "We decided to freeze firmware on the load balancers during holidays.",
    "We decided to shard the metrics cluster whenever ingestion lags behind.",
)


def prompts(person: PersonDriver, channel: Channel) -> list[Message]:
    return [each for each in person.ephemerals(channel) if "Not this time" in each.buttons()]


def say(ops: Ops, person: PersonDriver, text: str, **where: str) -> str:
    ts = person.say(ops.ops, text, **where)  # type: ignore[arg-type] # thread alone
    ops.drain()
    return ts
