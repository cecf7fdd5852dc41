"""Items of sent nudges: mark them as handled and redraw their nudges."""

from collections.abc import Iterable
from datetime import datetime

from bot.domain.entries import ChannelId, EntryId, UserId
from bot.domain.nudges import About, NudgeId
from bot.domain.outbox import Topic
from storage.store import Transaction


def mark_nudges_handled(
    tx: Transaction,
    entry: EntryId,
    about: About,
    *,
    by: UserId,
    outcome: str,
    now: datetime,
    revision: int | None = None,
) -> None:
    """Mark as handled what nudges asked about an entry, and redraw the nudges.

    `revision`: only items about this revision.
    """
    nudges = tx.nudges.handle(entry, about, by, now, outcome, revision=revision)
    redraw_nudges(tx, nudges, now)


def redraw_nudges(tx: Transaction, nudges: Iterable[NudgeId], now: datetime) -> None:
    """Redraw nudges."""
    for nudge_id in nudges:
        nudge = tx.nudges.get(nudge_id)
        if nudge is not None:
            tx.outbox.add(
                Topic.REFRESH,
                channel=nudge.channel or ChannelId(nudge.user),
                user=nudge.user,
                payload={"nudge": nudge_id},
                due_at=now,
                at=now,
            )
