"""What people do with the lines of digests: each reason is settled, and the line is drawn again."""

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from typing import Any, Final

from bot.domain.approval import ProposalId
from bot.domain.digests import Digest, Line, LineId, Section, Settled
from bot.domain.entries import EntryId, TeamId, UserId
from bot.domain.errors import NotAllowedError, NotFoundError
from bot.domain.gaps import PathId
from bot.domain.nudges import About
from bot.domain.outbox import Topic
from bot.domain.visibility import Reader
from bot.usecases.steps.nudge_items import handled
from bot.usecases.steps.permissions import require_member
from storage.store import Store, Transaction

# No one scrolls back to a digest older than this to see what came of a line.
_FOLLOWED: Final = timedelta(days=28)


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
        raise NotAllowedError("Somebody handled this meanwhile; the line says who.")
    return line


def read_dismissed_line(store: Store, team: TeamId, line_id: LineId, *, reader: Reader) -> PathId:
    """Return the gap of a line that someone dismissed, for a person who takes that back.

    Raises:
        NotFoundError: it is not known, or of a channel that they are not in.
        NotAllowedError: it isn't dismissed any more.
    """
    require_member(reader)
    line = _see_line(store, team, line_id, reader)
    if line.path is None or not line.was_dismissed:
        raise NotAllowedError("This gap is open again. `/lore gaps` lists what is open.")
    return line.path


def strike(
    tx: Transaction,
    sections: Iterable[Section],
    *,
    by: UserId,
    outcome: str,
    now: datetime,
    entry: EntryId | None = None,
    path: PathId | None = None,
    proposal: ProposalId | None = None,
) -> None:
    """Settle these reasons in the lines of posted digests and nudges, and have them drawn again.

    A line is struck through once no reason is open. `proposal`: this proposal alone is settled.
    """
    wanted = set(sections)
    for digest, line in tx.digests.open_lines(now - _FOLLOWED, entry=entry, path=path):
        if proposal is not None and (others := _without(line, proposal)) != []:
            if others is not None:
                facts = {**line.facts, "proposals": others, "proposed_note": ""}
                _reword(tx, digest, line, facts, now)
            continue
        _settle(tx, (digest, line), wanted, Settled(by, outcome), now)
    if entry is not None and wanted & {Section.DUE, Section.OWNER_GONE}:
        handled(tx, entry, About.REVIEW, by=by, outcome=outcome, now=now)


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
            _settle(tx, found, set(sections), Settled(by, outcome), now)


def reopen_lines(tx: Transaction, path: PathId, now: datetime) -> None:
    """Take back in every digest that a gap was dismissed, and have its lines drawn again."""
    for digest, line in tx.digests.lines_of(path):
        if line.was_dismissed:
            tx.digests.reopen(line.id)
            _redraw(tx, digest, line, now)


def _see_line(store: Store, team: TeamId, line_id: LineId, reader: Reader) -> Line:
    with store.read(team) as tx:
        tx.membership_changes.require_current(reader)
        found = tx.digests.line(line_id)
    if found is None or (found[0].channel not in reader.channels):
        raise NotFoundError(
            "This line is no longer known, or is of a channel that you are not in. "
            "Ask for a new digest: `/lore digest now`."
        )
    return found[1]


def _without(line: Line, proposal: ProposalId) -> list[Any] | None:
    """Return the proposals that a line names besides this one; None if it doesn't name this one."""
    named = line.facts.get("proposals", [])
    if all(one["id"] != proposal for one in named):
        return None
    return [one for one in named if one["id"] != proposal]


def _settle(
    tx: Transaction,
    found: tuple[Digest, Line],
    sections: set[Section],
    settled: Settled,
    now: datetime,
) -> None:
    digest, line = found
    if not line.settles(sections):
        return
    facts = line.facts_once_settled(sections, settled)
    if facts is not None:
        _reword(tx, digest, line, facts, now)
    elif tx.digests.handle(line.id, settled.by, now, settled.outcome):
        _redraw(tx, digest, line, now)


def _reword(
    tx: Transaction, digest: Digest, line: Line, facts: Mapping[str, Any], now: datetime
) -> None:
    tx.digests.reword(line.id, facts)
    _redraw(tx, digest, line, now)


def _redraw(tx: Transaction, digest: Digest, line: Line, now: datetime) -> None:
    payload = {"digest": digest.id, "line": line.id}
    tx.outbox.add(Topic.REFRESH, channel=digest.channel, payload=payload, due_at=now, at=now)
