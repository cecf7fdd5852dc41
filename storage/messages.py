"""Chat messages and Slack's events, claimed so that each is dealt with once."""

from collections.abc import Collection, Sequence
from datetime import datetime
from functools import cache
from typing import Any, Final

from sqlalchemy import BindParameter, Connection, Executable, bindparam, tuple_
from sqlmodel import col, select

from bot.domain.entries import ChannelId, TeamId
from bot.domain.messages import EditTime, IncomingMessage
from storage import outbox
from storage.aggregate import TEAM, Queries, insert, table_of
from storage.tables.listening import EditRow, EventRow, MessageRow

_MESSAGES = table_of(MessageRow)
_EVENTS = table_of(EventRow)
_EDITS = table_of(EditRow)
_SENT: Final[BindParameter[Any]] = bindparam("sent", expanding=True)
_DELETED: Final = select(MessageRow.channel, MessageRow.ts).where(
    MessageRow.team_id == TEAM, col(MessageRow.deleted).is_(True), col(MessageRow.ts).in_(_SENT)
)
_EDITED: Final = select(EditRow.channel, EditRow.ts, EditRow.edited_ts).where(
    EditRow.team_id == TEAM, col(EditRow.ts).in_(_SENT)
)


def take_in(connection: Connection, team: TeamId, heard: Sequence[IncomingMessage]) -> list[bool]:
    """Claim many messages in one statement; for each whether it was new and not deleted.

    What is to be considered of a new one waits in the outbox from here on.
    """
    # Sorted, for PostgreSQL locks row by row and two in other orders would wait for each other.
    ordered = sorted({(one.channel, one.ts): one for one in heard}.items())
    rows = [_row(team, one) for _, one in ordered]
    claimed = connection.execute(_taking_in(connection.dialect.name), rows)
    new = {(ChannelId(channel), ts) for channel, ts in claimed}
    waiting = [one for key, one in ordered if key in new and one.consider is not None]
    if waiting:
        outbox.consider(connection, team, waiting)
    # Of one message twice in a batch, the first is new.
    return [_first(new, (one.channel, one.ts)) for one in heard]


@cache
def _taking_in(dialect: str) -> Executable:
    new = insert(dialect, MessageRow).on_conflict_do_nothing(
        index_elements=["team_id", "channel", "ts"]
    )
    return new.returning(_MESSAGES.c.channel, _MESSAGES.c.ts)


def _row(team: TeamId, heard: IncomingMessage) -> dict[str, object]:
    return {
        "team_id": team,
        "channel": heard.channel,
        "ts": heard.ts,
        "at": heard.at,
        "thread_ts": heard.thread_ts,
        "user": heard.user,
        "act": heard.act,
        "score": heard.score,
        "deleted": False,
    }


class Messages(Queries):
    """What was seen of a workspace's chat."""

    def claim(self, heard: Sequence[IncomingMessage]) -> list[bool]:
        """As the function `take_in`, in this transaction."""
        return take_in(self._session.connection(), self._team, heard)

    def mark_deleted(self, channel: ChannelId, ts: str, at: datetime) -> None:
        """Remember that a message was deleted, even if it is yet to arrive."""
        statement = self._insert(MessageRow).values(
            team_id=self._team, channel=channel, ts=ts, at=at, deleted=True
        )
        self._session.exec(
            statement.on_conflict_do_update(
                index_elements=["team_id", "channel", "ts"],
                set_={"deleted": True, "act": None, "score": None},
            )
        )

    def is_deleted(self, channel: ChannelId, ts: str) -> bool:
        """Whether the message was deleted."""
        query = select(MessageRow.deleted).where(
            MessageRow.team_id == self._team, MessageRow.channel == channel, MessageRow.ts == ts
        )
        return bool(self._session.exec(query).first())

    def find_deleted(
        self, messages: Collection[tuple[ChannelId, str]]
    ) -> set[tuple[ChannelId, str]]:
        """Those of the messages that were deleted, by channel and timestamp."""
        rows = self._session.exec(_DELETED, params=self._of(messages))
        return {(ChannelId(channel), ts) for channel, ts in rows} & set(messages)

    def claim_edit(self, channel: ChannelId, ts: str, edited: EditTime, at: datetime) -> bool:
        """Whether this edit is later than every other one that was taken of the message."""
        values = {"edited_ts": edited.ts, "event_ts": edited.event_ts, "at": at}
        statement = self._insert(EditRow).values(
            team_id=self._team, channel=channel, ts=ts, **values
        )
        last = tuple_(_EDITS.c.edited_ts, _EDITS.c.event_ts)
        claimed = statement.on_conflict_do_update(
            index_elements=["team_id", "channel", "ts"],
            set_=values,
            where=last < tuple_(statement.excluded.edited_ts, statement.excluded.event_ts),
        ).returning(_EDITS.c.ts)
        return self._session.exec(claimed).first() is not None

    def find_edits(
        self, messages: Collection[tuple[ChannelId, str]]
    ) -> dict[tuple[ChannelId, str], str]:
        """When those of the messages that were edited were so last, by channel and timestamp."""
        rows = self._session.exec(_EDITED, params=self._of(messages))
        found = {(ChannelId(place), ts): edited for place, ts, edited in rows}
        return {message: found[message] for message in messages if message in found}

    def _of(self, messages: Collection[tuple[ChannelId, str]]) -> dict[str, object]:
        return {"team": self._team, "sent": sorted({ts for _, ts in messages})}

    def recent_scores(self, channel: ChannelId, act: str, limit: int = 200) -> list[float]:
        """The scores of the latest messages of an act in a channel, newest first."""
        statement = (
            select(MessageRow.score)
            .where(
                MessageRow.team_id == self._team,
                MessageRow.channel == channel,
                MessageRow.act == act,
                col(MessageRow.score).is_not(None),
            )
            .order_by(col(MessageRow.at).desc())
            .limit(limit)
        )
        return [score for score in self._session.exec(statement) if score is not None]

    def claim_event(self, event_id: str, at: datetime) -> bool:
        """Whether this event of Slack's is new; a repeated delivery is not."""
        statement = (
            self._insert(EventRow)
            .values(team_id=self._team, event_id=event_id, at=at)
            .on_conflict_do_nothing(index_elements=["team_id", "event_id"])
            .returning(_EVENTS.c.event_id)
        )
        return self._session.exec(statement).first() is not None

    def forget_before(self, at: datetime, most: int) -> int:
        """Drop what is too old to be delivered again, at most so many rows of each kind.

        Returns how many there were of the most frequent kind: with fewer than `most` all are gone.
        """
        return max(
            self._forget_oldest(row, "at", at, most) for row in (MessageRow, EditRow, EventRow)
        )


def _first(new: set[tuple[ChannelId, str]], key: tuple[ChannelId, str]) -> bool:
    found = key in new
    new.discard(key)
    return found
