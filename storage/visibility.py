"""The rule of who may see what, as SQL conditions."""

from enum import Enum
from functools import cache
from typing import Any, Final

from sqlalchemy import BindParameter, ColumnElement, Table, and_, bindparam, false, or_, true
from sqlmodel import col, select

from bot.domain.entries import TeamId
from bot.domain.visibility import Reader
from storage.aggregate import TEAM, table_of
from storage.tables.digests import DigestRow, LineRow
from storage.tables.entries import EntryRow
from storage.tables.forms import FormDraftRow
from storage.tables.listening import GapRow, HeardMessageRow, OccurrenceRow
from storage.tables.outbox import OutboxRow
from storage.tables.workspaces import ChannelRow

# The channels of the reader, in statements that are built once.
SEEN_BY: Final[BindParameter[Any]] = bindparam("seen_by", expanding=True)
_OF_CHANNELS: Final = (table_of(GapRow), table_of(OccurrenceRow), table_of(HeardMessageRow))


class Sight(Enum):
    """Which channels a person sees: none, their own, or also all public ones."""

    NOTHING = "nothing"
    OWN = "own"
    PUBLIC = "public"

    @classmethod
    def of(cls, reader: Reader) -> "Sight":
        """Return what a reader sees."""
        person = reader.person
        if person.stranger or person.bot or person.gone:
            return cls.NOTHING
        return cls.PUBLIC if person.member else cls.OWN


def is_row_visible(table: Table, team: TeamId, reader: Reader | None) -> ColumnElement[bool]:
    """Match the rows that this reader may see; None may see all.

    Only the person may see their own forms and the messages that only they got. All who see an
    entry may see its rows, and all who see a channel may see its other rows.
    """
    if reader is None:
        return true()
    if table is table_of(FormDraftRow):
        return table.c.user == reader.user
    if table is table_of(OutboxRow):
        to_them = or_(table.c.user.is_(None), table.c.user == reader.user)
        direct = table.c.channel == reader.user
        return and_(to_them, or_(direct, is_channel_visible(team, reader, table.c.channel)))
    if table is table_of(LineRow):
        digests = select(DigestRow.id).where(
            DigestRow.team_id == team, is_channel_visible(team, reader, col(DigestRow.channel))
        )
        return table.c.digest_id.in_(digests)
    if table in _OF_CHANNELS:
        return is_channel_visible(team, reader, table.c.channel)
    entries = select(EntryRow.id).where(EntryRow.team_id == team, is_entry_visible(team, reader))
    return table.c.entry_id.in_(entries)


def is_entry_visible(team: TeamId, reader: Reader) -> ColumnElement[bool]:
    """Match the entries that this reader may see, by the rule of `may_see`.

    A home channel that Opslore doesn't know counts as private.
    """
    return is_channel_visible(team, reader, col(EntryRow.home))


def is_channel_visible(
    team: TeamId,
    reader: Reader,
    channel: Any,  # noqa: ANN401 - a column of any table
) -> ColumnElement[bool]:
    """Match rows whose channel, in this column, the reader may see."""
    return _is_visible(Sight.of(reader), team, sorted(reader.channels), channel)


@cache
def is_entry_visible_to(sight: Sight) -> ColumnElement[bool]:
    """Match the entries that a reader may see, in a statement that is built once.

    Its parameters are the workspace, `TEAM`, and the reader's channels, `SEEN_BY`.
    """
    in_team = col(EntryRow.team_id) == TEAM
    return and_(in_team, _is_visible(sight, TEAM, SEEN_BY, col(EntryRow.home)))


def _is_visible(sight: Sight, team: Any, own: Any, channel: Any) -> ColumnElement[bool]:  # noqa: ANN401 - values, or their parameters
    if sight is Sight.NOTHING:
        return false()
    is_own: ColumnElement[bool] = channel.in_(own)
    if sight is Sight.OWN:
        return is_own
    public = select(ChannelRow.id).where(ChannelRow.team_id == team, ~col(ChannelRow.private))
    return or_(is_own, channel.in_(public))
