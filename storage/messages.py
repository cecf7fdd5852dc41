"""Chat messages and Slack's events, claimed so that each is handled once."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from functools import cache
from typing import Any, Final

from sqlalchemy import BindParameter, Connection, Executable, bindparam, func, tuple_
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
_IS_DELETED: Final = select(_MESSAGES.c.deleted).where(
    _MESSAGES.c.team_id == TEAM,
    _MESSAGES.c.channel == bindparam("channel"),
    _MESSAGES.c.ts == bindparam("ts"),
)
_EDITED: Final = select(EditRow.channel, EditRow.ts, EditRow.edited_ts).where(
    EditRow.team_id == TEAM, col(EditRow.ts).in_(_SENT)
)


def claim_messages(
    connection: Connection, team: TeamId, heard: Sequence[IncomingMessage]
) -> list[bool]:
    """Claim messages in one statement, and return for each whether it was new and not deleted.

    A new message that is to be considered gets an outbox item.
    """
    # Sorted, because PostgreSQL locks row by row, and two transactions with different orders would
    # deadlock.
    ordered = sorted({(message.channel, message.ts): message for message in heard}.items())
    rows = [_row(team, message) for _, message in ordered]
    claimed = connection.execute(_claim(connection.dialect.name), rows)
    new = {(ChannelId(channel), ts) for channel, ts in claimed}
    to_consider = [message for key, message in ordered if key in new and message.text is not None]
    if to_consider:
        outbox.add_messages(connection, team, to_consider)
    # If a batch has a message twice, only the first one is new.
    return [_remove(new, (message.channel, message.ts)) for message in heard]


@cache
def _claim(dialect: str) -> Executable:
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
        "deleted": False,
    }


class Messages(Queries):
    """The messages and events of a workspace that Opslore received."""

    def claim(self, heard: Sequence[IncomingMessage]) -> list[bool]:
        """Claim messages in this transaction, as `claim_messages` does."""
        return claim_messages(self._session.connection(), self._team, heard)

    def mark_deleted(self, channel: ChannelId, ts: str, at: datetime) -> None:
        """Store that a message was deleted, even if the message arrives later."""
        statement = self._insert(MessageRow).values(
            team_id=self._team, channel=channel, ts=ts, at=at, deleted=True
        )
        self._session.exec(
            statement.on_conflict_do_update(
                index_elements=["team_id", "channel", "ts"],
                set_={"deleted": True},
            )
        )

    def is_deleted(self, channel: ChannelId, ts: str) -> bool:
        """Return whether a message was deleted."""
        wanted = {"team": self._team, "channel": channel, "ts": ts}
        return bool(self._session.connection().execute(_IS_DELETED, wanted).scalar())

    def find_root(self, channel: ChannelId, ts: str) -> str | None:
        """Return the thread of a message that was heard; its own timestamp if it stands alone."""
        query = select(MessageRow.thread_ts, MessageRow.ts).where(
            MessageRow.team_id == self._team,
            MessageRow.channel == channel,
            MessageRow.ts == ts,
            col(MessageRow.deleted).is_(False),
        )
        row = self._session.exec(query).first()
        return None if row is None else row[0] or row[1]

    def find_deleted(
        self, messages: Collection[tuple[ChannelId, str]]
    ) -> set[tuple[ChannelId, str]]:
        """Return those of the messages that were deleted, by channel and timestamp."""
        rows = self._session.exec(_DELETED, params=self._of(messages))
        return {(ChannelId(channel), ts) for channel, ts in rows} & set(messages)

    def claim_edit(self, channel: ChannelId, ts: str, edited: EditTime, at: datetime) -> bool:
        """Store an edit, and return whether it is the latest one of its message so far."""
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
        """Return the time of the last edit of those messages that were edited."""
        rows = self._session.exec(_EDITED, params=self._of(messages))
        edits = {(ChannelId(channel), ts): edited for channel, ts, edited in rows}
        return {message: edits[message] for message in messages if message in edits}

    def _of(self, messages: Collection[tuple[ChannelId, str]]) -> dict[str, object]:
        return {"team": self._team, "sent": sorted({ts for _, ts in messages})}

    def count_since(self, channel: ChannelId, at: datetime, most: int) -> int:
        """Return how many messages were heard in a channel since then, counting up to `most`."""
        recent = (
            select(MessageRow.ts)
            .where(
                MessageRow.team_id == self._team, MessageRow.channel == channel, MessageRow.at >= at
            )
            .limit(most)
        )
        return self._session.exec(select(func.count()).select_from(recent.subquery())).one()

    def tally_since(self, at: datetime, channels: Sequence[ChannelId]) -> Mapping[ChannelId, int]:
        """Count the messages that were heard since then in each channel that has any."""
        query = (
            select(MessageRow.channel, func.count())
            .where(
                MessageRow.team_id == self._team,
                col(MessageRow.channel).in_(channels),
                MessageRow.at >= at,
            )
            .group_by(col(MessageRow.channel))
        )
        return {ChannelId(channel): count for channel, count in self._session.exec(query)}

    def claim_event(self, event_id: str, at: datetime) -> bool:
        """Store the id of an event, and return whether the event is new."""
        statement = (
            self._insert(EventRow)
            .values(team_id=self._team, event_id=event_id, at=at)
            .on_conflict_do_nothing(index_elements=["team_id", "event_id"])
            .returning(_EVENTS.c.event_id)
        )
        return self._session.exec(statement).first() is not None

    def forget_before(self, at: datetime, most: int) -> int:
        """Delete messages, edits and events from before then, at most `most` rows of each.

        Return the largest of the three counts. If it is less than `most`, no old row is left.
        """
        return max(
            self._forget_oldest(row, "at", at, most) for row in (MessageRow, EditRow, EventRow)
        )


def _remove(keys: set[tuple[ChannelId, str]], key: tuple[ChannelId, str]) -> bool:
    """Remove a key from the set, and return whether it was in there."""
    is_in = key in keys
    keys.discard(key)
    return is_in
