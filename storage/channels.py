"""The channels that the bot is or was in."""

from collections.abc import Iterable, Mapping
from datetime import datetime, time
from typing import Any, Final

from sqlalchemy import Text, and_, bindparam, cast, delete, exists, or_, update
from sqlalchemy import select as columns
from sqlalchemy.sql.schema import Table
from sqlmodel import col, select

from bot.domain.entries import ChannelId, TeamId
from bot.domain.schedule import Schedule
from bot.domain.workspaces import Channel
from storage.aggregate import IDS, TEAM, Queries, table_of
from storage.form_drafts import FILLED
from storage.tables.digests import DigestRow
from storage.tables.entries import EntryRow, EvidenceRow
from storage.tables.forms import FormDraftRow
from storage.tables.listening import (
    EditRow,
    GapRow,
    HeardMessageRow,
    MessageRow,
    OccurrenceRow,
    PromptRow,
    TermCountRow,
    ThreadLinkRow,
    ThreadRow,
    ThreadTermRow,
)
from storage.tables.outbox import OutboxRow
from storage.tables.workspaces import ChannelRow

# All columns with a channel's id, each with the other columns of the unique key that it is in.
_CHANNEL_COLUMNS: Final = (
    (EditRow, "channel", ("ts",)),
    (EntryRow, "home", ()),
    (EvidenceRow, "channel", ("entry_id", "ts")),
    (MessageRow, "channel", ("ts",)),
    (GapRow, "channel", ()),
    (OccurrenceRow, "channel", ("gap_id", "ts")),
    (PromptRow, "channel", ("thread_ts", "user")),
    (HeardMessageRow, "channel", ("ts",)),
    (ThreadRow, "channel", ("thread_ts",)),
    (ThreadTermRow, "channel", ("thread_ts", "term")),
    (TermCountRow, "channel", ("term",)),
    (ThreadLinkRow, "channel", ("thread_ts", "other_ts")),
    (OutboxRow, "channel", ()),
    (FormDraftRow, "channel", ()),
    (DigestRow, "channel", ("period",)),
)

_CHANNELS: Final = table_of(ChannelRow)
_ONE: Final = columns(_CHANNELS).where(
    _CHANNELS.c.team_id == TEAM, _CHANNELS.c.id == bindparam("id")
)
_ONE_LOCKED: Final = _ONE.with_for_update()
# In the order of their ids: of two who lock some of the same, neither waits for the other for ever.
_SOME: Final = (
    select(ChannelRow)
    .where(ChannelRow.team_id == TEAM, col(ChannelRow.id).in_(IDS))
    .order_by(col(ChannelRow.id))
)
_SOME_LOCKED: Final = _SOME.with_for_update()
_PUBLIC: Final = select(ChannelRow.id).where(ChannelRow.team_id == TEAM, ~col(ChannelRow.private))


class Channels(Queries):
    """The channels of a workspace."""

    def get(self, channel_id: ChannelId, *, lock: bool = False) -> Channel | None:
        """Return a channel; None if it is unknown.

        `lock`: lock the channel until the transaction ends. No one else then changes it, plans its
        digest or counts its messages. Only the lock of an outbox item is taken before this one.
        """
        query = _ONE_LOCKED if lock else _ONE
        wanted = {"team": self._team, "id": channel_id}
        row = self._session.connection().execute(query, wanted).first()
        return None if row is None else _channel(row)

    def by_ids(
        self, ids: Iterable[ChannelId], *, lock: bool = False
    ) -> Mapping[ChannelId, Channel]:
        """Return the channels of some ids of which anything is known. `lock`: as in `get`."""
        query = _SOME_LOCKED if lock else _SOME
        params = {"team": self._team, "ids": sorted(set(ids))}
        found = map(_channel, self._session.exec(query, params=params))
        return {channel.id: channel for channel in found}

    def put(self, channel: Channel) -> None:
        """Store all columns of a channel. To change one of them, read the channel with `lock`."""
        values = {
            "private": channel.private,
            "joined": channel.joined,
            "watched": channel.watched,
            "muted": channel.muted,
            "archived": channel.archived,
            "shared": channel.shared,
            "deleted": channel.deleted,
            "digest_weekday": channel.digest.weekday,
            "digest_at": channel.digest.at.isoformat(),
            "digest_timezone": channel.digest.timezone,
            "heard_at": channel.heard_at,
        }
        self._session.exec(
            self._insert(ChannelRow)
            .values(team_id=self._team, id=channel.id, **values)
            .on_conflict_do_update(index_elements=["team_id", "id"], set_=values)
        )

    def public_ids(self) -> frozenset[ChannelId]:
        """Return the ids of all public channels."""
        rows = self._session.connection().execute(_PUBLIC, {"team": self._team})
        return frozenset(ChannelId(row[0]) for row in rows)

    def set_heard_at(self, channel_id: ChannelId, at: datetime) -> None:
        """Store when the last event about Opslore's membership of a channel happened."""
        row = table_of(ChannelRow)
        mine = (row.c.team_id == self._team, row.c.id == channel_id)
        self._session.exec(update(row).where(*mine).values(heard_at=at))

    def all(self, *, lock: bool = False) -> list[Channel]:
        """Return all channels, sorted by id. `lock`: as in `get`."""
        query = select(ChannelRow).where(ChannelRow.team_id == self._team)
        query = query.order_by(col(ChannelRow.id))
        rows = self._session.exec(query.with_for_update() if lock else query)
        return [_channel(row) for row in rows]

    def change_id(self, old: ChannelId, new: ChannelId) -> None:
        """Replace a channel's id everywhere, because Slack gave the channel another one.

        If both ids have the same row, such as a message claimed under both, the new id's row stays.
        If both have a digest of the same period, the old digest keeps the old id, because people
        may have handled its lines.
        """
        known = self.get(new) is not None
        row = table_of(ChannelRow)
        mine = and_(row.c.team_id == self._team, row.c.id == old)
        self._session.exec(
            delete(row).where(mine) if known else update(row).where(mine).values(id=new)
        )
        self._add_counts(old, new)
        for row_class, column, key in _CHANNEL_COLUMNS:
            self._rewrite(table_of(row_class), column, key, old, new)
        self._rewrite_drafts(old, new)

    def _add_counts(self, old: ChannelId, new: ChannelId) -> None:
        """Add the counts of terms to those that the new id has, because it gets the threads too."""
        counts = table_of(TermCountRow)
        other = counts.alias()
        same = (
            other.c.team_id == self._team,
            other.c.channel == old,
            other.c.term == counts.c.term,
        )
        more = select(other.c.threads).where(*same).scalar_subquery()
        self._session.exec(
            update(counts)
            .where(counts.c.team_id == self._team, counts.c.channel == new, exists().where(*same))
            .values(threads=counts.c.threads + more)
        )

    def _rewrite(
        self, table: Table, column: str, key: tuple[str, ...], old: ChannelId, new: ChannelId
    ) -> None:
        mine = and_(table.c.team_id == self._team, table.c[column] == old)
        if key:
            other = table.alias()
            same = and_(*(other.c[name] == table.c[name] for name in key))
            duplicate = exists().where(other.c.team_id == self._team, other.c[column] == new, same)
            if table is not table_of(DigestRow):
                self._session.exec(delete(table).where(mine, duplicate))
            mine = and_(mine, ~duplicate)
        self._session.exec(update(table).where(mine).values({column: new}))

    def _rewrite_drafts(self, old: ChannelId, new: ChannelId) -> None:
        """Replace the id in open forms: in their evidence and in the marks of filled fields."""
        query = select(FormDraftRow).where(
            FormDraftRow.team_id == self._team,
            col(FormDraftRow.saved).is_(None),
            or_(
                col(FormDraftRow.channel) == new,
                cast(FormDraftRow.form, Text).contains(f'"{old}"', autoescape=True),
            ),
        )
        for draft in self._session.exec(query):
            draft.evidence = [_with_channel(source, old, new) for source in draft.evidence]
            if marks := draft.form.get(FILLED):
                new_marks = [_with_channel(mark, old, new) for mark in marks]
                draft.form = {**draft.form, FILLED: new_marks}
        self._session.flush()


def _with_channel(source: dict[str, Any], old: str, new: str) -> dict[str, Any]:
    return source | {"channel": new} if source["channel"] == old else source


def _channel(row: Any) -> Channel:  # noqa: ANN401 - an object, or a row of columns
    return Channel(
        team=TeamId(row.team_id),
        id=ChannelId(row.id),
        private=row.private,
        joined=row.joined,
        watched=row.watched,
        muted=row.muted,
        archived=row.archived,
        shared=row.shared,
        deleted=row.deleted,
        digest=Schedule(
            weekday=row.digest_weekday,
            at=time.fromisoformat(row.digest_at),
            timezone=row.digest_timezone,
        ),
        heard_at=row.heard_at,
    )
