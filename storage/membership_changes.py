"""Counts of membership changes, which tell a process which of its cached answers are outdated."""

from typing import Any, Final

from sqlalchemy import bindparam, func
from sqlmodel import col, select

from bot.domain.errors import UnavailableError
from bot.domain.visibility import Reader
from storage.aggregate import TEAM, Queries
from storage.tables.workspaces import MembershipChangesRow

_EVERYONE: Final = "*"
_COUNT: Final[Any] = select(func.coalesce(func.sum(col(MembershipChangesRow.changes)), 0)).where(
    MembershipChangesRow.team_id == TEAM,
    col(MembershipChangesRow.about).in_((bindparam("about"), _EVERYONE)),
)
_MOVED: Final = (
    "You just joined or left a channel, so Opslore has to look up your channels again. Nothing was "
    "shown or saved. Try again."
)


class MembershipChanges(Queries):
    """The counts of membership changes, by user or channel."""

    def count(self, about: str) -> int:
        """Return how many changes affect a user or a channel, including those for everyone."""
        params = {"team": self._team, "about": about}
        return int(self._session.exec(_COUNT, params=params).one())

    def note(self, *about: str) -> None:
        """Count one more change for each of these users and channels."""
        row = MembershipChangesRow
        for name in sorted(set(about)):
            statement = self._insert(row).values(team_id=self._team, about=name, changes=1)
            self._session.exec(
                statement.on_conflict_do_update(
                    index_elements=["team_id", "about"], set_={"changes": col(row.changes) + 1}
                )
            )

    def note_everyone(self, *about: str) -> None:
        """Count one more change for everyone and for these channels: the bot joined or left."""
        self.note(_EVERYONE, *about)

    def require_current(self, reader: Reader) -> None:
        """Refuse a reader whose channels changed after Slack was asked for them.

        Raises:
            UnavailableError: another process stored such a change since then.
        """
        if reader.changes is not None and reader.changes != self.count(reader.user):
            raise UnavailableError(_MOVED)
