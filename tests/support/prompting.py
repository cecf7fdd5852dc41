"""Messages that are prompted, and their prompts."""

from datetime import timedelta

from bot.domain.listening.prompting import QUIET
from sandbox.persons import PersonDriver
from sandbox.seen import Channel, Message
from tests.support.ops import Ops

DAY = timedelta(days=1)
# Standing rules, of which each one's author is prompted. Their subjects have nothing in common, so
# that none is like another.
RULES = (
    "From now on we always roll back checkout when errors stay above two percent.",
    "From now on we always restart the payment gateway before calling the vendor.",
    "From now on we always archive old tenant exports before the weekly vacuum.",
    "From now on we always rotate the mail certificates on the first Tuesday.",
    "From now on we always freeze firmware on the load balancers during holidays.",
    "From now on we always shard the metrics cluster when ingestion lags behind.",
    "From now on we always drain the node before a kernel upgrade.",
)
ROLLBACK = RULES[0]
STATED_A_RULE = (
    "You stated a rule that your team can use again. Record it, so that everyone finds the answer?"
)
# In App Home.
WAITS = "You know the answer to something that came up in #ops. Record it?"


def prompts(person: PersonDriver, channel: Channel) -> list[Message]:
    """Return the prompts that a person sees: to record something, or with an entry."""
    endings = {"Mute prompts here", "Not this"}
    return [each for each in person.ephemerals(channel) if endings & {*each.buttons()}]


def say(ops: Ops, person: PersonDriver, text: str, **where: str) -> str:
    ts = person.say(ops.ops, text, **where)  # type: ignore[arg-type] # thread alone
    settle(ops)
    return ts


def settle(ops: Ops) -> None:
    """Let the quiet minutes pass after which threads have settled."""
    ops.drain()
    ops.clock.time += QUIET
    ops.drain()
