"""What is kept only for a while."""

from datetime import datetime, timedelta
from typing import Final

from bot.domain.acts import OPSLORE
from bot.domain.entries import TeamId
from bot.domain.prompting import PATH_KEPT
from storage.store import Store

# Slack repeats an event for at most a day (delayed events); scores are looked at a little longer.
_CLAIMS_KEPT: Final = timedelta(days=30)
_SLICE: Final = 20_000
_TOLD_KEPT: Final = timedelta(days=30)
_DRAFTS_KEPT: Final = timedelta(days=30)


def forget_old(store: Store, team: TeamId, *, now: datetime) -> None:
    """Drop claims of messages and events, things told and unsaved forms that are a month old.

    And paths that were not seen for so long that nothing counts them any more.
    """
    more = True
    while more:
        with store.transaction(team) as tx:
            more = tx.messages.forget_before(now - _CLAIMS_KEPT, _SLICE)
    with store.transaction(team) as tx:
        forgotten = {
            "told": tx.outbox.forget_before(now - _TOLD_KEPT),
            "forms": tx.drafts.forget_before(now - _DRAFTS_KEPT),
            "paths": tx.paths.forget_before(now - PATH_KEPT),
        }
        if any(forgotten.values()):
            tx.audit.add(OPSLORE, "forgotten", team, forgotten, now)
