"""Undocumented paths: what keeps coming back and no entry covers."""

from datetime import datetime
from typing import Final, NamedTuple

from bot.domain.digests import NOT_RECURRING, Section
from bot.domain.entries import TeamId
from bot.domain.errors import NotFoundError
from bot.domain.gaps import RECURRING, Path, PathId, PathState
from bot.domain.prompt_rules import PATH_KEPT
from bot.domain.visibility import Reader
from bot.usecases.steps.gaps import DEALT_WITH, see_path
from bot.usecases.steps.permissions import require_member, require_served
from bot.usecases.steps.settled_lines import reopen_lines, strike
from storage.store import Store

_SHOWN: Final = 8


class Gaps(NamedTuple):
    """The undocumented paths that are shown, and how many more there are."""

    paths: tuple[Path, ...]
    more: int


def gaps(store: Store, team: TeamId, *, reader: Reader, now: datetime) -> Gaps:
    """What recurs in the reader's channels and was never written down, most threads first.

    Raises:
        NotAllowedError: the reader is of another organisation.
    """
    require_served(reader)
    with store.read(team) as tx:
        which = (reader.channels, now - PATH_KEPT, RECURRING)
        found = tx.paths.recurring(*which, limit=_SHOWN)
        count = tx.paths.count_recurring(*which) if len(found) == _SHOWN else len(found)
    return Gaps(tuple(found), count - len(found))


def dismiss_path(
    store: Store, team: TeamId, path_id: PathId, *, reader: Reader, now: datetime
) -> Path:
    """Say that a path is not recurring; it stays away for good. Doing so twice is as once.

    Raises:
        NotFoundError: there is none in the reader's channels, or it was recorded meanwhile.
        NotAllowedError: a guest, or of another organisation.
    """
    require_member(reader)
    with store.transaction(team) as tx:
        # Whoever records it in the same moment is waited for, and not undone.
        tx.paths.get(path_id, lock=True)
        path = see_path(tx, reader, path_id)
        if path.state is PathState.RECORDED:
            raise NotFoundError(DEALT_WITH)
        if path.state is PathState.OPEN:
            tx.paths.set_state(path_id, PathState.DISMISSED)
            strike(
                tx,
                [Section.GAPS],
                by=reader.user,
                outcome=NOT_RECURRING,
                now=now,
                path=path_id,
            )
            tx.audit.add(
                reader.user, "path_dismissed", f"path-{path_id}", {"channel": path.channel}, now
            )
        return path


def reopen_path(
    store: Store, team: TeamId, path_id: PathId, *, reader: Reader, now: datetime
) -> Path:
    """Take back that a gap was dismissed: it is listed and counted again. Twice is as once.

    Raises:
        NotFoundError: there is none in the reader's channels, or it was recorded since.
        NotAllowedError: a guest, or of another organization.
    """
    require_member(reader)
    with store.transaction(team) as tx:
        # If someone records it at the same moment, this waits for them.
        tx.paths.get(path_id, lock=True)
        path = see_path(tx, reader, path_id)
        if path.state is PathState.RECORDED:
            raise NotFoundError(DEALT_WITH)
        if path.state is PathState.DISMISSED:
            tx.paths.set_state(path_id, PathState.OPEN)
            reopen_lines(tx, path_id, now)
            tx.audit.add(
                reader.user, "path_reopened", f"path-{path_id}", {"channel": path.channel}, now
            )
        return path


def path_for(store: Store, team: TeamId, path_id: PathId, *, reader: Reader) -> Path:
    """A path that this person may record.

    Raises:
        NotFoundError: there is none in their channels, or it was dealt with meanwhile.
        NotAllowedError: a guest, or of another organisation.
    """
    require_member(reader)
    with store.read(team) as tx:
        path = see_path(tx, reader, path_id)
    if path.state is not PathState.OPEN:
        raise NotFoundError(DEALT_WITH)
    return path
