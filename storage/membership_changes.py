"""Changes of who is where, counted, so that a process knows which of its cached answers are old."""

from typing import Any, Final

from sqlalchemy import bindparam, func
from sqlmodel import col, select

from bot.domain.errors import UnavailableError
from bot.domain.visibility import Reader
from storage.aggregate import TEAM, Queries
from storage.tables.workspaces import MembershipChangesRow

_EVERYBODY: Final = "*"
_COUNT: Final[Any] = select(func.coalesce(func.sum(col(MembershipChangesRow.changes)), 0)).where(
    MembershipChangesRow.team_id == TEAM,
    col(MembershipChangesRow.about).in_((bindparam("about"), _EVERYBODY)),
)
_MOVED: Final = (
    "You just joined or left a channel, so Opslore has to look up your channels again. Nothing was "
    "shown or saved. Try again."
)


class MembershipChanges(Queries):
    """Counts of changes, by the user or channel that they are about."""

    def count(self, about: str) -> int:
        """Return how many changes concern a user or a channel, those of everybody included."""
        params = {"team": self._team, "about": about}
        return int(self._session.exec(_COUNT, params=params).one())

    def note(self, *about: str) -> None:
        """Count one more change about each of these users and channels."""
        row = MembershipChangesRow
        for name in sorted(set(about)):
            statement = self._insert(row).values(team_id=self._team, about=name, changes=1)
            self._session.exec(
                statement.on_conflict_do_update(
                    index_elements=["team_id", "about"], set_={"changes": col(row.changes) + 1}
                )
            )

    def note_everyone(self, *about: str) -> None:
        """Count one more change that concerns everybody: the bot came or went."""
        self.note(_EVERYBODY, *about)

    def require_current(self, reader: Reader) -> None:
        """Refuse to serve a reader by what Slack said of them before a change was stored.

        Raises:
            UnavailableError: another process heard of one since.
        """
        if reader.changes is not None and reader.changes != self.count(reader.user):
            raise UnavailableError(_MOVED)
