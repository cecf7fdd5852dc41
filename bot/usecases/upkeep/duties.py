"""What one process does for all that share a database: due times are rows."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Final

from bot.domain.entries import TeamId
from storage.store import Store

# A process that dies at a duty, or fails, leaves it for so long; then another takes it up.
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
    """Do a duty if it is due and no other process is at it.

    `duty` returns whether it was done. One that was not is due again after a while.
    """
    with store.transaction(team) as tx:
        is_due = tx.duties.claim(name, now, now + _LEASE)
    if is_due and duty():
        with store.transaction(team) as tx:
            tx.duties.reschedule(name, now + every)
