"""Due reasons that stay or end with a change of an entry."""

from datetime import datetime

from bot.domain.certification import DueReasonKind
from bot.domain.digests import Section
from bot.domain.entries import Entry, UserId
from bot.usecases.steps.changes import redraw
from bot.usecases.steps.settled_lines import strike
from storage.store import Transaction


def stay(tx: Transaction, entry: Entry, *, by: UserId, now: datetime) -> None:
    """Its owner left, and answers for it from elsewhere: somebody said so."""
    tx.due_reasons.lift(entry.id, DueReasonKind.OWNER_GONE, entry.owner)
    details = {"cause": DueReasonKind.OWNER_GONE.value, "about": entry.owner}
    tx.audit.add(by, "due_no_longer", str(entry.key), details, now)
    strike(tx, (Section.OWNER_GONE,), by=by, outcome="owner confirmed", now=now, entry=entry.id)
    redraw(tx, entry, now)
