"""Delete rows that are stored only for a while."""

from datetime import datetime, timedelta
from typing import Final

from bot.domain.audit_acts import OPSLORE
from bot.domain.entries import TeamId
from bot.domain.listening.placing import REMEMBERED
from bot.domain.prompt_rules import GAP_KEPT
from storage.store import Store

# Slack repeats an event for at most a day; scores are used a little longer.
_CLAIMS_KEPT: Final = timedelta(days=30)
_SENT_KEPT: Final = timedelta(days=30)
_DRAFTS_KEPT: Final = timedelta(days=30)
# This many rows take a tenth of a second at most, during which no one else writes to SQLite.
_BATCH: Final = 1_000


def forget_old(store: Store, team: TeamId, *, now: datetime, batch: int = _BATCH) -> None:
    """Delete message claims, sent outbox items and unsaved forms after a month, and old gaps.

    Each `batch` is a transaction of its own, so that others write in between. If this ends early,
    the next run continues.
    """
    forgotten = batch
    while forgotten >= batch:
        with store.transaction(team) as tx:
            forgotten = tx.messages.forget_before(now - _CLAIMS_KEPT, batch)
    forgotten = batch
    while forgotten >= batch:
        with store.transaction(team) as tx:
            counts = {
                "sent": tx.outbox.forget_before(now - _SENT_KEPT, batch),
                "forms": tx.form_drafts.forget_before(now - _DRAFTS_KEPT, batch),
                "gaps": tx.gaps.forget_before(now - GAP_KEPT, batch),
                "heard": tx.heard.forget_before(now - REMEMBERED, batch),
                "threads": tx.heard.forget_threads_before(now - REMEMBERED, batch),
            }
            forgotten = max(counts.values())
            if forgotten:
                tx.audit.add(OPSLORE, "forgotten", team, counts, now)
