"""The outbox: items to send or redraw, claimed by one sender at a time until sent or dropped."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from functools import cache
from typing import Any, Final

from sqlalchemy import (
    JSON,
    ColumnElement,
    Connection,
    Select,
    and_,
    bindparam,
    case,
    delete,
    literal,
    text,
    update,
)
from sqlalchemy import select as columns
from sqlalchemy.sql.dml import ReturningInsert
from sqlmodel import col, select

from bot.domain.entries import ChannelId, EntryId, TeamId, UserId
from bot.domain.messages import IncomingMessage
from bot.domain.outbox import Fate, OutboxItem, OutboxItemId, Topic
from storage.aggregate import TEAM, Queries, dialect_of, insert
from storage.outbox_rows import OUTBOX, WAITING, id_of, item_of
from storage.tables.entries import EntryRow
from storage.tables.outbox import PASSING, OutboxRow

# These statements run many times a second, so they are built once and read columns, not objects.
_OF_TEAM: Final = columns(OUTBOX).where(OUTBOX.c.team_id == TEAM)
_BY_ID: Final = _OF_TEAM.where(OUTBOX.c.id == bindparam("item"))
_BY_ONCE: Final = _OF_TEAM.where(OUTBOX.c.once == bindparam("once"))
_BY_PREFIX: Final = _OF_TEAM.where(
    OUTBOX.c.once > bindparam("first"), OUTBOX.c.once < bindparam("last")
)
_CHANGED: Final = update(OUTBOX).where(OUTBOX.c.team_id == TEAM, OUTBOX.c.id == bindparam("item"))
# A message's text is deleted once the message was considered.
_ENDED_PAYLOAD: Final = case(
    (OUTBOX.c.about_ts.is_not(None), literal({}, JSON)), else_=OUTBOX.c.payload
)
_ABOUT_MESSAGES: Final = (Topic.MESSAGE, Topic.QUESTION, Topic.ASK)
_INSERT: Final = OUTBOX.insert()
_FINISHED: Final = (
    delete(OUTBOX)
    .where(OUTBOX.c.team_id == TEAM, OUTBOX.c.id == bindparam("item"), WAITING)
    .returning(OUTBOX.c.payload)
)


class Outbox(Queries):
    """The outbox items of a workspace."""

    def add(
        self,
        topic: Topic,
        *,
        channel: ChannelId,
        payload: Mapping[str, Any],
        due_at: datetime,
        at: datetime,
        user: UserId | None = None,
        thread_ts: str | None = None,
        once: str | None = None,
    ) -> OutboxItemId | None:
        """Add an item; None if there ever was one with the same `once`.

        The payload's `ts` of a MESSAGE, QUESTION or ASK is the message that it is about: see
        `cancel_message`.
        """
        row = {
            "team_id": self._team,
            "topic": topic.value,
            "channel": channel,
            "user": user,
            "thread_ts": thread_ts,
            "payload": dict(payload),
            "about_ts": payload.get("ts") if topic in _ABOUT_MESSAGES else None,
            "once": once,
            "due_at": due_at,
            "created_at": at,
            "attempts": 0,
            "fate": Fate.WAITING.value,
            "reason": "",
        }
        added = self._session.exec(_insert_once(dialect_of(self._session)), params=row).first()
        return None if added is None else OutboxItemId(added[0])

    def get(self, item_id: OutboxItemId) -> OutboxItem | None:
        """Return an item; None if it doesn't exist."""
        return self._get(_BY_ID, item=item_id)

    def get_by_once(self, once: str) -> OutboxItem | None:
        """Return the item that was added with this `once`."""
        return self._get(_BY_ONCE, once=once)

    def list_by_once(self, once: str) -> list[OutboxItem]:
        """Return the items whose `once` is this one, or begins with it and a colon."""
        # An index finds a range, but not a LIKE. The semicolon is the character after the colon.
        bounds = {"team": self._team, "first": f"{once}:", "last": f"{once};"}
        rows = self._session.connection().execute(_BY_PREFIX, bounds).mappings()
        exact = self.get_by_once(once)
        items = [item_of(row) for row in rows] + ([exact] if exact else [])
        return sorted(items, key=lambda item: item.id)

    def entries_with_card_in(self, channel: ChannelId) -> list[EntryId]:
        """Return the entries whose cards were posted in a channel."""
        statement = select(OutboxRow.payload).where(
            OutboxRow.team_id == self._team,
            OutboxRow.channel == channel,
            OutboxRow.topic == Topic.CARD.value,
            col(OutboxRow.ts).is_not(None),
        )
        return sorted({EntryId(payload["entry"]) for payload in self._session.exec(statement)})

    def entries_shared_from(self, home: ChannelId) -> list[EntryId]:
        """Return the entries of a channel that are, or will be, shown in other channels.

        That is on a card, or as the answer to a question.
        """
        entry = col(OutboxRow.payload)["entry"].as_integer()
        statement = (
            select(EntryRow.id)
            .join(OutboxRow, and_(col(OutboxRow.team_id) == EntryRow.team_id, entry == EntryRow.id))
            .where(
                EntryRow.team_id == self._team,
                EntryRow.home == home,
                col(OutboxRow.topic).in_([Topic.CARD.value, Topic.ANSWER.value]),
                OutboxRow.channel != home,
                OutboxRow.fate != Fate.DROPPED.value,
            )
            .distinct()
            .order_by(col(EntryRow.id))
        )
        return [EntryId(entry) for entry in self._session.exec(statement) if entry is not None]

    def finish_message(self, item_id: OutboxItemId) -> Mapping[str, Any] | None:
        """Delete the item of a message that was considered, and return its last payload.

        None if the item was deleted already.
        """
        wanted = {"team": self._team, "item": item_id}
        row = self._session.connection().execute(_FINISHED, wanted).first()
        return None if row is None else row[0]

    def forget_before(self, at: datetime, most: int) -> int:
        """Delete items that ended before then, at most `most`, and return how many.

        The items of posts stay, because cards are found through them. Of items with a `once`, only
        notes and redraws are deleted, because they won't be added a second time.
        """
        return self._forget_oldest(OutboxRow, "ended_at", at, most, text(PASSING))

    def mark_sent(self, item_id: OutboxItemId, at: datetime, ts: str | None = None) -> bool:
        """Store that an item arrived in Slack; False if it was marked before.

        `ts`: Slack's timestamp of the message, if there is one. This also applies to an item that
        was claimed again or dropped since then, because Opslore has to know its posts.
        """
        is_unsent = col(OutboxRow.fate) != Fate.SENT.value
        return self._end(item_id, Fate.SENT, at, is_unsent, ts=ts, reason="")

    def postpone(self, claimed: OutboxItem, until: datetime, attempted: bool) -> None:  # noqa: FBT001 - callers name it
        """Send an item later, unless another sender has claimed it since then.

        `attempted`: False if Slack certainly received nothing.
        """
        values: dict[str, Any] = {"due_at": until, "leased_until": None}
        if not attempted:
            values["attempted_at"] = None
        self._change(claimed.id, *_is_still_ours(claimed), **values)

    def drop(self, claimed: OutboxItem, reason: str, at: datetime) -> bool:
        """Give up an item and store the reason; False if another sender has claimed it since."""
        return self._end(claimed.id, Fate.DROPPED, at, *_is_still_ours(claimed), reason=reason)

    def cancel_message(self, channel: ChannelId, ts: str, at: datetime) -> None:
        """Drop the waiting items about a deleted message, and delete its text."""
        for row in self._lock_items_about(channel, ts):
            self._end(OutboxItemId(id_of(row)), Fate.DROPPED, at, WAITING, reason="deleted")

    def update_message(
        self, channel: ChannelId, ts: str, text: str, mentions: Sequence[UserId]
    ) -> None:
        """Replace the text in the waiting items about an edited message."""
        for row in self._lock_items_about(channel, ts):
            row.payload = {**row.payload, "text": text, "mentions": list(mentions)}
        self._session.flush()

    def _get(self, query: Select[Any], **params: object) -> OutboxItem | None:
        params["team"] = self._team
        row = self._session.connection().execute(query, params).mappings().first()
        return None if row is None else item_of(row)

    def _lock_items_about(self, channel: ChannelId, ts: str) -> list[OutboxRow]:
        statement = (
            select(OutboxRow)
            .where(
                OutboxRow.team_id == self._team,
                OutboxRow.channel == channel,
                OutboxRow.about_ts == ts,
                WAITING,
            )
            .order_by(col(OutboxRow.id))
            .with_for_update()
        )
        return list(self._session.exec(statement))

    def _end(
        self,
        item_id: OutboxItemId,
        fate: Fate,
        at: datetime,
        *only: ColumnElement[bool],
        **values: object,
    ) -> bool:
        ends = {"fate": fate.value, "ended_at": at, "leased_until": None, **values}
        return self._change(item_id, *only, payload=_ENDED_PAYLOAD, **ends)

    def _change(self, item_id: OutboxItemId, *only: ColumnElement[bool], **values: object) -> bool:
        """Set columns of an item that meets the conditions `only`; False if it doesn't."""
        changed = self._session.exec(
            _CHANGED.where(*only).values(**values),
            params={"team": self._team, "item": item_id},
        )
        return changed.rowcount > 0


@cache
def _insert_once(dialect: str) -> ReturningInsert[tuple[int]]:
    """Insert an item unless there is one with its `once`."""
    statement = insert(dialect, OutboxRow).on_conflict_do_nothing(
        index_elements=["team_id", "once"]
    )
    return statement.returning(OUTBOX.c.id)


def _is_still_ours(claimed: OutboxItem) -> tuple[ColumnElement[bool], ...]:
    """Match the item if it waits and no one claimed it again: each claim adds one attempt."""
    return WAITING, col(OutboxRow.attempts) == claimed.attempts + 1


def add_messages(connection: Connection, team: TeamId, messages: Sequence[IncomingMessage]) -> None:
    """Add an item for each of these new messages, so that it is considered."""
    rows = [
        {
            "team_id": team,
            "topic": Topic.MESSAGE.value,
            "channel": message.channel,
            "user": message.user,
            "thread_ts": message.thread_ts,
            "payload": {
                "ts": message.ts,
                "text": message.text,
                "mentions": list(message.mentions),
                "is_question": message.is_question,
            },
            "about_ts": message.ts,
            "due_at": message.at,
            "created_at": message.at,
            "attempts": 0,
            "fate": Fate.WAITING.value,
            "reason": "",
        }
        for message in messages
    ]
    connection.execute(_INSERT, rows)
