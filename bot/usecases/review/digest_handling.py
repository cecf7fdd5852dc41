"""What people do with the lines of digests: each reason is settled, and the line is drawn again."""

from collections.abc import Iterable
from datetime import datetime

from bot.domain.digests import Line, LineId, Section, Settled
from bot.domain.entries import TeamId, UserId
from bot.domain.errors import NotAllowedError, NotFoundError
from bot.domain.gaps import GapId
from bot.domain.visibility import Reader
from bot.usecases.steps.permissions import require_member
from bot.usecases.steps.settled_lines import settle_line
from storage.store import Store


def read_line(
    store: Store, team: TeamId, line_id: LineId, *, reader: Reader, about: Section | None = None
) -> Line:
    """Return a line that this person may act on.

    `about`: the reason that they want to settle.

    Raises:
        NotFoundError: it is not known, or of a channel that they are not in.
        NotAllowedError: someone handled it since; the line says who.
    """
    require_member(reader)
    line = _see_line(store, team, line_id, reader)
    if line.handled_by is not None or about in line.settled:
        raise NotAllowedError("Someone has already handled this. The line shows who.")
    return line


def read_dismissed_line(store: Store, team: TeamId, line_id: LineId, *, reader: Reader) -> GapId:
    """Return the gap of a line that someone dismissed, for a person who takes that back.

    Raises:
        NotFoundError: it is not known, or of a channel that they are not in.
        NotAllowedError: it isn't dismissed any more.
    """
    require_member(reader)
    line = _see_line(store, team, line_id, reader)
    if line.gap is None or not line.was_dismissed:
        raise NotAllowedError("This gap is open again. `/lore gaps` lists what is open.")
    return line.gap


def handle_line(
    store: Store,
    team: TeamId,
    line_id: LineId,
    sections: Iterable[Section],
    *,
    by: UserId,
    outcome: str,
    now: datetime,
) -> None:
    """Settle reasons of the line whose button was pressed, however old its digest is."""
    with store.transaction(team) as tx:
        found = tx.digests.lock_line(line_id)
        if found is not None:
            settle_line(tx, found, set(sections), Settled(by=by, outcome=outcome), now)


def _see_line(store: Store, team: TeamId, line_id: LineId, reader: Reader) -> Line:
    with store.read(team) as tx:
        tx.membership_changes.require_current(reader)
        found = tx.digests.get_line(line_id)
    if found is None or (found[0].channel not in reader.channels):
        raise NotFoundError(
            "This line no longer exists, or it belongs to a channel that you're not in. Ask for a "
            "new digest with `/lore digest now`."
        )
    return found[1]
