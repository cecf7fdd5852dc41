"""Links between entries: through their fields, and through replacements."""

from typing import Any

from sqlalchemy import CompoundSelect, String, and_, case, cast, union
from sqlalchemy.orm import aliased
from sqlmodel import col, select

from bot.domain.entries import ChannelId, EntryId
from bot.domain.kinds import Kind
from storage.aggregate import Queries
from storage.tables.entries import EntryRow, LinkRow


class Links(Queries):
    """The links between the entries of a workspace."""

    def linking_into(self, home: ChannelId) -> list[EntryId]:
        """Return the entries of other channels that link to an entry of this channel."""
        named = aliased(EntryRow)
        here = and_(col(named.team_id) == self._team, col(named.home) == home)
        prefix = case({kind.value: kind.prefix for kind in Kind}, value=col(named.kind))
        key = prefix + "-" + cast(named.number, String)
        elsewhere = select(EntryRow.id).where(EntryRow.team_id == self._team, EntryRow.home != home)
        link = and_(col(LinkRow.team_id) == EntryRow.team_id, col(LinkRow.entry_id) == EntryRow.id)
        target = and_(
            here, col(named.kind) == LinkRow.to_kind, col(named.number) == LinkRow.to_number
        )
        query: CompoundSelect[Any] = union(
            elsewhere.join(LinkRow, link).join(named, target),
            elsewhere.join(named, and_(here, col(EntryRow.superseded_by) == key)),
        )
        return sorted(EntryId(entry) for (entry,) in self._session.connection().execute(query))
