"""Actions of people on digest lines: settle reasons, and redraw the line."""

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
        NotFoundError: there is no such line, or it belongs to a channel that they aren't in.
        NotAllowedError: someone has handled it; the line says who.
    """
    require_member(reader)
    line = _see_line(store, team, line_id, reader)
    if line.handled_by is not None or about in line.settled:
        raise NotAllowedError("Someone has already handled this. The line shows who.")
    return line


def read_dismissed_line(store: Store, team: TeamId, line_id: LineId, *, reader: Reader) -> GapId:
    """Return the dismissed gap of a line, for a person who wants to reopen it.

    Raises:
        NotFoundError: there is no such line, or it belongs to a channel that they aren't in.
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
        digest_line = tx.digests.lock_line(line_id)
        if digest_line is not None:
            settle_line(tx, digest_line, set(sections), Settled(by=by, outcome=outcome), now)


def _see_line(store: Store, team: TeamId, line_id: LineId, reader: Reader) -> Line:
    with store.read(team) as tx:
        tx.membership_changes.require_current(reader)
        digest_line = tx.digests.get_line(line_id)
    if digest_line is None or digest_line[0].channel not in reader.channels:
        raise NotFoundError(
            "This line no longer exists, or it belongs to a channel that you're not in. Ask for a "
            "new digest with `/lore digest now`."
        )
    return digest_line[1]
