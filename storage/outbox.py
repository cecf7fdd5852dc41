"""The outbox: what is to be told, claimed by one sender at a time, until it is told or dropped."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any, Final, NamedTuple

from sqlalchemy import ColumnElement, Connection, bindparam, delete, func, or_, update
from sqlalchemy import select as columns
from sqlmodel import Session, col, select

from bot.domain.entries import ChannelId, TeamId, UserId
from bot.domain.hearing import Heard
from bot.domain.telling import Fate, Telling, TellingId, Topic
from storage.flow_tables import TellingRow
from storage.part import Part, table_of

_WAITING = col(TellingRow.fate) == Fate.WAITING.value

_TABLE = table_of(TellingRow)
# These run many times a second: all are built once, and read columns and not objects.
_DUE: Final = (
    columns(_TABLE)
    .where(
        _WAITING,
        _TABLE.c.due_at <= bindparam("now"),
        or_(_TABLE.c.leased_until.is_(None), _TABLE.c.leased_until <= bindparam("now")),
    )
    .order_by(_TABLE.c.due_at, _TABLE.c.id)
    .limit(bindparam("most"))
    .with_for_update(skip_locked=True)
)
_DUE_OF: Final = _DUE.where(_TABLE.c.team_id == bindparam("team"))
_TO_CONSIDER: Final = _TABLE.insert()
_LEASE: Final = (
    update(_TABLE)
    .where(_TABLE.c.id.in_(bindparam("ids", expanding=True)))
    .values(
        leased_until=bindparam("until"),
        attempts=_TABLE.c.attempts + 1,
        attempted_at=bindparam("now"),
    )
)


class Backlog(NamedTuple):
    """How many tellings wait, and since when the oldest of them is due."""

    waiting: int
    oldest_due: datetime | None


class Outbox(Part):
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
    ) -> TellingId | None:
        """Keep something to tell; None if one of the same `once` was ever kept.

        The `ts` in the payload of a MESSAGE is the message that it is about: see `cancel_message`.
        """
        about = payload.get("ts") if topic is Topic.MESSAGE else None
        statement = (
            self._insert(TellingRow)
            .values(
                team_id=self._team,
                topic=topic.value,
                channel=channel,
                user=user,
                thread_ts=thread_ts,
                payload=dict(payload),
                about_ts=about,
                once=once,
                due_at=due_at,
                created_at=at,
                attempts=0,
                fate=Fate.WAITING.value,
                reason="",
            )
            .on_conflict_do_nothing(index_elements=["team_id", "once"])
            .returning(table_of(TellingRow).c.id)
        )
        found = self._session.exec(statement).first()
        return None if found is None else TellingId(found[0])

    def get(self, telling_id: TellingId) -> Telling | None:
        """The telling as it stands."""
        statement = select(TellingRow).where(
            TellingRow.team_id == self._team, TellingRow.id == telling_id
        )
        row = self._session.exec(statement).first()
        return None if row is None else telling_of(row.model_dump())

    def by_once(self, once: str) -> Telling | None:
        """The telling that was added with this `once`."""
        statement = select(TellingRow).where(
            TellingRow.team_id == self._team, TellingRow.once == once
        )
        row = self._session.exec(statement).first()
        return None if row is None else telling_of(row.model_dump())

    def named(self, once: str) -> list[Telling]:
        """What was added with this `once`, or with one that goes on from it behind a colon."""
        begins = col(TellingRow.once).startswith(f"{once}:", autoescape=True)
        statement = select(TellingRow).where(
            TellingRow.team_id == self._team, or_(col(TellingRow.once) == once, begins)
        )
        rows = self._session.exec(statement.order_by(col(TellingRow.id)))
        return [telling_of(row.model_dump()) for row in rows]

    def considered(self, telling_id: TellingId) -> Mapping[str, Any] | None:
        """Forget a message that was considered; its words as they stood, None if it was before."""
        statement = (
            delete(TellingRow)
            .where(
                col(TellingRow.team_id) == self._team, col(TellingRow.id) == telling_id, _WAITING
            )
            .returning(col(TellingRow.payload))
        )
        found = self._session.exec(statement).first()
        return None if found is None else found[0]

    def forget_before(self, at: datetime) -> int:
        """Forget what ended before, but for posts: a card is found by what posted it. How much.

        Also a note that has a `once`: nobody sends the form that it answers again so late.
        """
        gone = self._session.exec(
            delete(TellingRow).where(
                col(TellingRow.team_id) == self._team,
                col(TellingRow.ended_at) < at,
                or_(col(TellingRow.once).is_(None), col(TellingRow.topic) == Topic.NOTE.value),
            )
        )
        return gone.rowcount

    def told(self, telling_id: TellingId, at: datetime, ts: str | None = None) -> bool:
        """It arrived; `ts` is Slack's timestamp of the message, if there is one. False: known.

        So it is, whoever has claimed or dropped it since: what stands in Slack has to be known.
        """
        not_told = col(TellingRow.fate) != Fate.TOLD.value
        return self._end(telling_id, Fate.TOLD, at, not_told, ts=ts, reason="")

    def postpone(self, claimed: Telling, until: datetime, attempted: bool) -> None:  # noqa: FBT001 - callers name it
        """Try again, unless it was claimed since. `attempted` False: Slack clearly took nothing."""
        values: dict[str, Any] = {"due_at": until, "leased_until": None}
        if not attempted:
            values["attempted_at"] = None
        self._change(claimed.id, *_still(claimed), **values)

    def drop(self, claimed: Telling, reason: str, at: datetime) -> bool:
        """Tell it to nobody; the reason is kept. False where another has claimed it since."""
        return self._end(claimed.id, Fate.DROPPED, at, *_still(claimed), reason=reason)

    def cancel_message(self, channel: ChannelId, ts: str, at: datetime) -> None:
        """Drop what waits to be considered about a deleted message, and its words with it."""
        for row in self._about(channel, ts):
            self._end(TellingId(id_of(row)), Fate.DROPPED, at, _WAITING, reason="deleted")

    def update_message(
        self, channel: ChannelId, ts: str, excerpt: str, terms: Sequence[str]
    ) -> None:
        """Set what is known of its words in the payload of what waits about an edited message."""
        for row in self._about(channel, ts):
            row.payload = {**row.payload, "excerpt": excerpt, "terms": list(terms)}
        self._session.flush()

    def _about(self, channel: ChannelId, ts: str) -> list[TellingRow]:
        statement = (
            select(TellingRow)
            .where(
                TellingRow.team_id == self._team,
                TellingRow.channel == channel,
                TellingRow.about_ts == ts,
                _WAITING,
            )
            .order_by(col(TellingRow.id))
            .with_for_update()
        )
        return list(self._session.exec(statement))

    def _end(
        self,
        telling_id: TellingId,
        fate: Fate,
        at: datetime,
        *only: ColumnElement[bool],
        **values: object,
    ) -> bool:
        """End it. What a message said is kept for no longer than it takes to consider it."""
        ends = {"fate": fate.value, "ended_at": at, "leased_until": None, **values}
        if not self._change(telling_id, *only, **ends):
            return False
        self._session.exec(
            update(TellingRow)
            .where(
                col(TellingRow.team_id) == self._team,
                col(TellingRow.id) == telling_id,
                col(TellingRow.about_ts).is_not(None),
            )
            .values(payload={})
        )
        return True

    def _change(self, telling_id: TellingId, *only: ColumnElement[bool], **values: object) -> bool:
        """Set columns of a telling that is `only` such; whether it was."""
        changed = self._session.exec(
            update(TellingRow)
            .where(col(TellingRow.team_id) == self._team, col(TellingRow.id) == telling_id, *only)
            .values(**values)
        )
        return changed.rowcount > 0


def _still(claimed: Telling) -> tuple[ColumnElement[bool], ...]:
    """It waits, and nobody has claimed it since: each claim counts one attempt more."""
    return _WAITING, col(TellingRow.attempts) == claimed.attempts + 1


def consider(connection: Connection, team: TeamId, heard: Sequence[Heard]) -> None:
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


def claim(
    session: Session, now: datetime, limit: int, lease: timedelta, team: TeamId | None
) -> list[Telling]:
    """Lease what is due, of one workspace or of all; the tellings as they were before."""
    connection = session.connection()
    due, values = _DUE, {"now": now, "most": limit}
    if team is not None:
        due, values = _DUE_OF, values | {"team": team}
    rows = connection.execute(due, values).mappings().all()
    until = now + lease
    tellings = [replace(telling_of(row), leased_until=until) for row in rows]
    if rows:
        ids = [row["id"] for row in rows]
        connection.execute(_LEASE, {"now": now, "until": until, "ids": ids})
    return tellings


def backlog(session: Session) -> Backlog:
    """What waits, over all workspaces."""
    statement = select(func.count(), func.min(TellingRow.due_at)).where(_WAITING)
    waiting, oldest = session.exec(statement).one()
    return Backlog(waiting, oldest)


def id_of(row: TellingRow) -> int:
    """The id of a row that was written."""
    assert row.id is not None
    return row.id


def telling_of(row: Mapping[Any, Any]) -> Telling:
    """The telling of a row's columns."""
    return Telling(
        TellingId(row["id"]),
        TeamId(row["team_id"]),
        Topic(row["topic"]),
        ChannelId(row["channel"]),
        row["payload"],
        row["due_at"],
        row["created_at"],
        user=None if row["user"] is None else UserId(row["user"]),
        thread_ts=row["thread_ts"],
        attempts=row["attempts"],
        attempted_at=row["attempted_at"],
        leased_until=row["leased_until"],
        fate=Fate(row["fate"]),
        ts=row["ts"],
    )
