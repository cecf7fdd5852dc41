"""The outbox: what is to be told, claimed by one sender at a time, until it is told or dropped."""

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

# These run many times a second: all are built once, and read columns and not objects.
_OF_TEAM: Final = columns(OUTBOX).where(OUTBOX.c.team_id == TEAM)
_BY_ID: Final = _OF_TEAM.where(OUTBOX.c.id == bindparam("item"))
_BY_ONCE: Final = _OF_TEAM.where(OUTBOX.c.once == bindparam("once"))
_GOES_ON: Final = _OF_TEAM.where(
    OUTBOX.c.once > bindparam("first"), OUTBOX.c.once < bindparam("last")
)
_CHANGED: Final = update(OUTBOX).where(OUTBOX.c.team_id == TEAM, OUTBOX.c.id == bindparam("item"))
# What a message said is kept for no longer than it takes to consider it.
_ENDED_PAYLOAD: Final = case(
    (OUTBOX.c.about_ts.is_not(None), literal({}, JSON)), else_=OUTBOX.c.payload
)
_TO_CONSIDER: Final = OUTBOX.insert()


class Outbox(Queries):
    """The tellings of a workspace."""

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
        """Keep something to tell; None if one of the same `once` was ever kept.

        The `ts` in the payload of a MESSAGE is the message that it is about: see `cancel_message`.
        """
        row = {
            "team_id": self._team,
            "topic": topic.value,
            "channel": channel,
            "user": user,
            "thread_ts": thread_ts,
            "payload": dict(payload),
            "about_ts": payload.get("ts") if topic is Topic.MESSAGE else None,
            "once": once,
            "due_at": due_at,
            "created_at": at,
            "attempts": 0,
            "fate": Fate.WAITING.value,
            "reason": "",
        }
        found = self._session.exec(_added(dialect_of(self._session)), params=row).first()
        return None if found is None else OutboxItemId(found[0])

    def get(self, item_id: OutboxItemId) -> OutboxItem | None:
        """The telling as it stands."""
        return self._one(_BY_ID, item=item_id)

    def get_by_once(self, once: str) -> OutboxItem | None:
        """The telling that was added with this `once`."""
        return self._one(_BY_ONCE, once=once)

    def list_by_once(self, once: str) -> list[OutboxItem]:
        """What was added with this `once`, or with one that goes on from it behind a colon."""
        # Bounds and not LIKE, so that an index finds them; a semicolon is next to a colon.
        bounds = {"team": self._team, "first": f"{once}:", "last": f"{once};"}
        rows = self._session.connection().execute(_GOES_ON, bounds).mappings()
        exact = self.get_by_once(once)
        found = [item_of(row) for row in rows] + ([exact] if exact else [])
        return sorted(found, key=lambda item: item.id)

    def entries_with_card_in(self, channel: ChannelId) -> list[EntryId]:
        """The entries whose cards were posted to a channel."""
        statement = select(OutboxRow.payload).where(
            OutboxRow.team_id == self._team,
            OutboxRow.channel == channel,
            OutboxRow.topic == Topic.CARD.value,
            col(OutboxRow.ts).is_not(None),
        )
        return sorted({EntryId(payload["entry"]) for payload in self._session.exec(statement)})

    def entries_shared_from(self, home: ChannelId) -> list[EntryId]:
        """The entries of a channel whose cards are, or are on their way, somewhere else."""
        entry = col(OutboxRow.payload)["entry"].as_integer()
        statement = (
            select(EntryRow.id)
            .join(OutboxRow, and_(col(OutboxRow.team_id) == EntryRow.team_id, entry == EntryRow.id))
            .where(
                EntryRow.team_id == self._team,
                EntryRow.home == home,
                OutboxRow.topic == Topic.CARD.value,
                OutboxRow.channel != home,
                OutboxRow.fate != Fate.DROPPED.value,
            )
            .distinct()
            .order_by(col(EntryRow.id))
        )
        return [EntryId(found) for found in self._session.exec(statement) if found is not None]

    def finish_message(self, item_id: OutboxItemId) -> Mapping[str, Any] | None:
        """Forget a message that was considered; its words as they stood, None if it was before."""
        statement = (
            delete(OutboxRow)
            .where(col(OutboxRow.team_id) == self._team, col(OutboxRow.id) == item_id, WAITING)
            .returning(col(OutboxRow.payload))
        )
        found = self._session.exec(statement).first()
        return None if found is None else found[0]

    def forget_before(self, at: datetime, most: int) -> int:
        """Forget at most so much of what ended before, and return how much.

        Posts stay: a card is found by what posted it. Of those with a `once` only notes and redraws
        go: what they must not be told twice for is past.
        """
        return self._forget_oldest(OutboxRow, "ended_at", at, most, text(PASSING))

    def mark_sent(self, item_id: OutboxItemId, at: datetime, ts: str | None = None) -> bool:
        """It arrived; `ts` is Slack's timestamp of the message, if there is one. False: known.

        So it is, whoever has claimed or dropped it since: what stands in Slack has to be known.
        """
        not_told = col(OutboxRow.fate) != Fate.SENT.value
        return self._end(item_id, Fate.SENT, at, not_told, ts=ts, reason="")

    def postpone(self, claimed: OutboxItem, until: datetime, attempted: bool) -> None:  # noqa: FBT001 - callers name it
        """Try again, unless it was claimed since. `attempted` False: Slack clearly took nothing."""
        values: dict[str, Any] = {"due_at": until, "leased_until": None}
        if not attempted:
            values["attempted_at"] = None
        self._change(claimed.id, *_still(claimed), **values)

    def drop(self, claimed: OutboxItem, reason: str, at: datetime) -> bool:
        """Tell it to nobody; the reason is kept. False where another has claimed it since."""
        return self._end(claimed.id, Fate.DROPPED, at, *_still(claimed), reason=reason)

    def cancel_message(self, channel: ChannelId, ts: str, at: datetime) -> None:
        """Drop what waits to be considered about a deleted message, and its words with it."""
        for row in self._about(channel, ts):
            self._end(OutboxItemId(id_of(row)), Fate.DROPPED, at, WAITING, reason="deleted")

    def update_message(
        self, channel: ChannelId, ts: str, excerpt: str, terms: Sequence[str]
    ) -> None:
        """Set what is known of its words in the payload of what waits about an edited message."""
        for row in self._about(channel, ts):
            row.payload = {**row.payload, "excerpt": excerpt, "terms": list(terms)}
        self._session.flush()

    def _one(self, query: Select[Any], **params: object) -> OutboxItem | None:
        params["team"] = self._team
        row = self._session.connection().execute(query, params).mappings().first()
        return None if row is None else item_of(row)

    def _about(self, channel: ChannelId, ts: str) -> list[OutboxRow]:
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
        """Set columns of a telling that is `only` such; whether it was."""
        changed = self._session.exec(
            _CHANGED.where(*only).values(**values),
            params={"team": self._team, "item": item_id},
        )
        return changed.rowcount > 0


@cache
def _added(dialect: str) -> ReturningInsert[tuple[int]]:
    """Of one `once` only the first is kept."""
    once = insert(dialect, OutboxRow).on_conflict_do_nothing(index_elements=["team_id", "once"])
    return once.returning(OUTBOX.c.id)


def _still(claimed: OutboxItem) -> tuple[ColumnElement[bool], ...]:
    """It waits, and nobody has claimed it since: each claim counts one attempt more."""
    return WAITING, col(OutboxRow.attempts) == claimed.attempts + 1


def consider(connection: Connection, team: TeamId, heard: Sequence[IncomingMessage]) -> None:
    """Leave word to consider messages that were just claimed."""
    rows = [
        {
            "team_id": team,
            "topic": Topic.MESSAGE.value,
            "channel": one.channel,
            "user": one.user,
            "thread_ts": one.thread_ts,
            "payload": {"ts": one.ts, **(one.consider or {})},
            "about_ts": one.ts,
            "due_at": one.at,
            "created_at": one.at,
            "attempts": 0,
            "fate": Fate.WAITING.value,
            "reason": "",
        }
        for one in heard
    ]
    connection.execute(_TO_CONSIDER, rows)
