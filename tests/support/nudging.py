"""Nudges, and the hours at which they are sent."""

from datetime import UTC, datetime, timedelta

from bot.domain.entries import UserId
from bot.domain.nudges import Nudge
from bot.jobs import look_around, send_nudges
from sandbox.persons import PersonDriver
from sandbox.seen import Message
from tests.support.certifying import TITLE
from tests.support.ops import Ops
from tests.support.recording import saved


def utc(written_as: str) -> datetime:
    return datetime.fromisoformat(written_as).replace(tzinfo=UTC)


def at(ops: Ops, moment: str) -> None:
    """Set the clock, and run the hourly job and the one of each minute."""
    ops.clock.time = utc(moment)
    look_around(ops.bot.deps)
    send(ops)


def send(ops: Ops) -> None:
    send_nudges(ops.bot.deps)
    ops.drain()


def nudges(person: PersonDriver) -> list[Message]:
    return [
        each
        for each in person.dms()
        if "waiting for you" in each.text or "Nothing here" in each.text
    ]


def kept(ops: Ops, person: PersonDriver) -> list[Nudge]:
    with ops.store.read(ops.team) as tx:
        return tx.nudges.of(UserId(person.id))


def recorded(ops: Ops, due: str, *, by: PersonDriver | None = None, title: str = TITLE) -> str:
    """Record an entry that comes due at that moment, with ben as its backup; return its key."""
    moment = ops.clock.time
    person = by or ops.ana
    # The clock goes on while the form is filled in.
    ops.clock.time = utc(due) - timedelta(days=90, seconds=1)
    view = person.slash(ops.ops, "/lore record decision").view
    assert view is not None
    view.fill({"Title": title, "What do we do?": "We roll back."})
    saved(ops, view.choose("Backup", ops.cleo if person.id == ops.ben.id else ops.ben))
    ops.clock.time = moment
    return ops.driver.messages(ops.ops)[-1].text.split("@")[0]
