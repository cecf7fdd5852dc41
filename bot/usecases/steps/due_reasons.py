"""Due reasons that end with a change of an entry."""

from datetime import datetime

from bot.domain.certification import DueReasonKind
from bot.domain.digests import Section
from bot.domain.entries import Entry, UserId
from bot.usecases.steps.changes import redraw_entry
from bot.usecases.steps.settled_lines import settle_lines
from storage.store import Transaction


def confirm_owner(tx: Transaction, entry: Entry, *, by: UserId, now: datetime) -> None:
    """Lift the due reason of an owner who left, because someone named them as owner again."""
    tx.due_reasons.lift(entry.id, DueReasonKind.OWNER_GONE, entry.owner)
    details = {"cause": DueReasonKind.OWNER_GONE.value, "about": entry.owner}
    tx.audit.add(by, "due_no_longer", str(entry.key), details, now)
    settle_lines(
        tx, (Section.OWNER_GONE,), by=by, outcome="owner confirmed", now=now, entry=entry.id
    )
    redraw_entry(tx, entry, now)
