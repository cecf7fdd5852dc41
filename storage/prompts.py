"""Prompts: one per thread, counted against budgets, answered once."""

from collections import Counter, defaultdict
from collections.abc import Collection, Mapping, Sequence
from datetime import datetime

from sqlalchemy import ColumnElement, and_, bindparam, func, or_, update
from sqlmodel import col, select
from sqlmodel.sql.expression import SelectOfScalar

from bot.domain.entries import ChannelId, EntryId, TeamId, UserId
from bot.domain.gaps import GapId
from bot.domain.prompts import (
    PASSING_ANSWERS,
    Answer,
    NewPrompt,
    Prompt,
    PromptId,
    PromptOutcome,
    PromptTally,
)
from storage.aggregate import TEAM, Queries, table_of
from storage.tables.listening import PromptRow

_IS_OPEN = or_(
    col(PromptRow.answer).is_(None),
    col(PromptRow.answer).in_([answer.value for answer in PASSING_ANSWERS]),
)
# The form of some was opened, but isn't saved.
_WAITS = or_(col(PromptRow.answer).is_(None), col(PromptRow.answer) == Answer.STARTED.value)
_IN_THREAD = (
    select(PromptRow.id)
    .where(
        PromptRow.team_id == TEAM,
        PromptRow.channel == bindparam("channel"),
        PromptRow.thread_ts == bindparam("thread"),
    )
    .limit(1)
)


class Prompts(Queries):
    """The prompts of a workspace."""

    def add(self, prompt: NewPrompt) -> PromptId | None:
        """Store a prompt for a person in a thread; return None if they already have one there."""
        statement = (
            self._insert(PromptRow)
            .values(
                team_id=self._team,
                channel=prompt.channel,
                thread_ts=prompt.thread_ts,
                ts=prompt.ts,
                user=prompt.user,
                kind=prompt.kind,
                at=prompt.at,
                gap_id=prompt.gap,
                entry_id=prompt.entry,
                reason=prompt.reason,
            )
            .on_conflict_do_nothing(index_elements=["team_id", "channel", "thread_ts", "user"])
            .returning(table_of(PromptRow).c.id)
        )
        row = self._session.exec(statement).first()
        return None if row is None else PromptId(row[0])

    def get(self, prompt_id: PromptId) -> Prompt | None:
        """Return a prompt, with its answer if there is one."""
        row = self._session.exec(self._query().where(PromptRow.id == prompt_id)).first()
        return None if row is None else _prompt(row)

    def answer(self, prompt_id: PromptId, answer: str, by: UserId, at: datetime) -> bool:
        """Store the answer to a prompt; False if it has one that stays, or doesn't exist."""
        statement = (
            update(PromptRow)
            .where(
                col(PromptRow.team_id) == self._team,
                col(PromptRow.id) == prompt_id,
                _IS_OPEN,
            )
            .values(answer=str(answer), answered_by=by, answered_at=at)
            .returning(col(PromptRow.id))
        )
        return self._session.exec(statement).first() is not None

    def readdress(self, prompt_id: PromptId, user: UserId) -> None:
        """Make a prompt that wasn't shown one to another person."""
        self._session.exec(
            update(PromptRow)
            .where(col(PromptRow.team_id) == self._team, col(PromptRow.id) == prompt_id)
            .values(user=user)
        )

    def mark_recorded(
        self,
        gaps: Collection[GapId],
        thread: tuple[ChannelId, str] | None,
        *,
        by: UserId,
        at: datetime,
    ) -> None:
        """Answer the open prompts of a person about gaps or a thread that they recorded."""
        about: ColumnElement[bool] = col(PromptRow.gap_id).in_(gaps)
        if thread is not None:
            channel, root = thread
            is_there = and_(col(PromptRow.channel) == channel, col(PromptRow.thread_ts) == root)
            about = or_(about, is_there)
        self._session.exec(
            update(PromptRow)
            .where(
                col(PromptRow.team_id) == self._team,
                col(PromptRow.user) == by,
                col(PromptRow.entry_id).is_(None),
                about,
                _IS_OPEN,
            )
            .values(answer=Answer.RECORDED.value, answered_by=by, answered_at=at)
        )

    def count_since(
        self, at: datetime, *, user: UserId | None = None, channel: ChannelId | None = None
    ) -> int:
        """Return how many prompts were shown since then: to a user, in a channel, or in all."""
        query = select(func.count()).where(PromptRow.team_id == self._team, PromptRow.at >= at)
        if user is not None:
            query = query.where(PromptRow.user == user)
        if channel is not None:
            query = query.where(PromptRow.channel == channel)
        return self._session.exec(query).one()

    def is_in_thread(self, channel: ChannelId, thread_ts: str) -> bool:
        """Return whether anyone was prompted in a thread."""
        wanted = {"team": self._team, "channel": channel, "thread": thread_ts}
        return self._session.connection().execute(_IN_THREAD, wanted).first() is not None

    def tally_since(
        self, at: datetime, channels: Sequence[ChannelId]
    ) -> Mapping[ChannelId, PromptTally]:
        """Count the prompts that each channel was shown since, and how they ended."""
        shows_entry = col(PromptRow.entry_id).is_not(None)
        query = (
            select(PromptRow.channel, PromptRow.answer, shows_entry, func.count())
            .where(
                PromptRow.team_id == self._team,
                PromptRow.at >= at,
                col(PromptRow.channel).in_(channels),
            )
            .group_by(col(PromptRow.channel), col(PromptRow.answer), shows_entry)
        )
        shown: Counter[str] = Counter()
        outcomes: defaultdict[str, Counter[PromptOutcome]] = defaultdict(Counter)
        for channel, answer, is_entry, count in self._session.exec(query):
            shown[channel] += count
            outcome = PromptOutcome.of(answer or "", shows_entry=bool(is_entry))
            if outcome is not None:
                outcomes[channel][outcome] += count
        return {
            channel: PromptTally(prompts=shown[channel], outcomes=dict(outcomes[channel]))
            for channel in channels
        }

    def waiting_for(self, user: UserId, limit: int, since: datetime) -> list[Prompt]:
        """Return the prompts to this user since then that wait for an answer, the latest first.

        Those whose form was opened and isn't saved wait too.
        """
        query = self._query().where(PromptRow.user == user, PromptRow.at >= since, _WAITS)
        rows = self._session.exec(query.order_by(col(PromptRow.at).desc()).limit(limit))
        return [_prompt(row) for row in rows]

    def withdraw(self, channel: ChannelId, ts: str, at: datetime) -> None:
        """Withdraw the prompts about a deleted message that wait for an answer."""
        self._session.exec(
            update(PromptRow)
            .where(
                col(PromptRow.team_id) == self._team,
                col(PromptRow.channel) == channel,
                col(PromptRow.ts) == ts,
                _WAITS,
            )
            .values(answer=Answer.WITHDRAWN.value, answered_at=at)
        )

    def count_about(self, gap: GapId, user: UserId | None = None) -> int:
        """Return how many prompts were about a gap: to one person, or to anyone."""
        query = select(func.count()).where(PromptRow.team_id == self._team, PromptRow.gap_id == gap)
        if user is not None:
            query = query.where(PromptRow.user == user)
        return self._session.exec(query).one()

    def has_asked_in(self, channel: ChannelId, threads: Collection[str], user: UserId) -> bool:
        """Return whether a person was asked to record something in any of these threads."""
        query = select(PromptRow.id).where(
            PromptRow.team_id == self._team,
            PromptRow.channel == channel,
            PromptRow.user == user,
            col(PromptRow.thread_ts).in_(sorted(threads)),
            col(PromptRow.entry_id).is_(None),
        )
        return self._session.exec(query.limit(1)).first() is not None

    def count_refused(self, entry: EntryId, since: datetime) -> int:
        """Return how often since then people said that an entry wasn't what they asked about."""
        query = select(func.count()).where(
            PromptRow.team_id == self._team,
            PromptRow.entry_id == entry,
            PromptRow.answer == Answer.REFUSED.value,
            PromptRow.at >= since,
        )
        return self._session.exec(query).one()

    def _query(self) -> "SelectOfScalar[PromptRow]":
        return select(PromptRow).where(PromptRow.team_id == self._team)


def _prompt(row: PromptRow) -> Prompt:
    assert row.id is not None
    return Prompt(
        id=PromptId(row.id),
        team=TeamId(row.team_id),
        channel=ChannelId(row.channel),
        thread_ts=row.thread_ts,
        ts=row.ts,
        user=UserId(row.user),
        kind=row.kind,
        at=row.at,
        gap=None if row.gap_id is None else GapId(row.gap_id),
        entry=None if row.entry_id is None else EntryId(row.entry_id),
        reason=row.reason,
        answer=row.answer,
        answered_by=None if row.answered_by is None else UserId(row.answered_by),
        answered_at=row.answered_at,
    )
