"""Chat messages and Slack's events, claimed so that each is dealt with once."""

from datetime import datetime

from sqlalchemy import delete
from sqlmodel import col, select

from bot.domain.entries import ChannelId, UserId
from storage.flow_tables import EventRow, MessageRow
from storage.part import Part, table_of

_MESSAGES = table_of(MessageRow)
_EVENTS = table_of(EventRow)


class Messages(Part):
    """What was seen of a workspace's chat."""

    def claim(
        self,
        channel: ChannelId,
        ts: str,
        *,
        at: datetime,
        thread_ts: str | None,
        user: UserId,
        act: str,
        score: float,
    ) -> bool:
        """Whether this message is ours to deal with: not seen before and not deleted meanwhile."""
        statement = (
            self._insert(MessageRow)
            .values(
                team_id=self._team,
                channel=channel,
                ts=ts,
                at=at,
                thread_ts=thread_ts,
                user=user,
                act=act,
                score=score,
                deleted=False,
            )
            .on_conflict_do_nothing(index_elements=["team_id", "channel", "ts"])
            .returning(_MESSAGES.c.ts)
        )
        return self._session.exec(statement).first() is not None

    def tombstone(self, channel: ChannelId, ts: str, at: datetime) -> None:
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

    def forget_before(self, at: datetime) -> None:
        """Drop what is too old to be delivered again."""
        for row in (MessageRow, EventRow):
            self._session.exec(delete(row).where(col(row.team_id) == self._team, col(row.at) < at))
