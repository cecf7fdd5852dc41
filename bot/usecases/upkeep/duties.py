"""Duties that one process does for all processes on a database; their due times are rows."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Final

from bot.domain.entries import TeamId
from storage.store import Store

# If a process dies or fails during a duty, another takes it up after this time.
_LEASE: Final = timedelta(minutes=15)


def do_duty(
    store: Store,
    team: TeamId,
    name: str,
    duty: Callable[[], bool],
    *,
    every: timedelta,
    now: datetime,
) -> None:
    """Do a duty if it is due and no other process is doing it.

    `duty` returns whether it was done. If it wasn't, it is due again after a while.
    """
    with store.transaction(team) as tx:
        is_due = tx.duties.claim(name, now, now + _LEASE)
    if is_due and duty():
        with store.transaction(team) as tx:
            tx.duties.reschedule(name, now + every)
