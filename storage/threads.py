"""Threads that may be occurrences of a recurring matter: their terms, links and groups."""

from collections import Counter, defaultdict
from collections.abc import Collection, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any, Final

from sqlalchemy import Select, delete, or_, select, update
from sqlmodel import Session

from bot.domain.entries import ChannelId, TeamId, UserId
from bot.domain.gaps import GapId, GapState
from bot.domain.listening.placing import Links
from bot.domain.listening.profiles import Ids, Profile, make_profile
from storage.aggregate import Queries, batches, dialect_of
from storage.gap_searches import move_searches, searches_of
from storage.heard_messages import HeardMessages
from storage.tables.listening import GapRow
from storage.term_counts import TermCounts
from storage.thread_statements import (
    BEGUN,
    COUNTED,
    FORGET_TERMS,
    GAPS,
    GROUPS,
    LIKELY,
    LINKED,
    LINKS,
    MEMBERS,
    ROOTS,
    TERMS,
    WHOLE,
    WHOLES,
    sharing,
    store_links,
    store_thread,
)

_NEVER: Final = datetime(1970, 1, 1, tzinfo=UTC)
# A gap that a person settled keeps its threads.
_CLOSED: Final = (GapState.RECORDED.value, GapState.DISMISSED.value)


class ChannelThreads(Queries):
    """The threads of one channel, as `bot.domain.listening.placing` needs them.

    Threads of different channels are never compared, so that no text leaves its channel.
    """

    def __init__(self, session: Session, team: TeamId, channel: ChannelId) -> None:
        super().__init__(session, team)
        self._channel = channel
        self._here = {"team": team, "channel": channel}
        self._counts = TermCounts(session, team, channel)
        # When threads began, as far as this transaction knows.
        self._begun: dict[str, datetime] = {}
        # The gaps that threads left or joined, in this transaction.
        self.changed: set[int] = set()

    def replace(self, thread: str, profile: Profile) -> None:
        """Store a thread's profile, count its terms and its settler, and drop its links."""
        wanted = {**self._here, "thread": thread}
        old = self._session.connection().execute(COUNTED, wanted).first()
        self._counts.change(old and (old.settler, old.terms), (profile.settler, profile.whole))
        self._store(thread, profile)
        if old is None or set(old.terms) != profile.whole:
            self._index(thread, profile)
        if old is not None:
            self._unlink(thread)

    def forget(self, thread: str) -> None:
        """Delete a thread, with its terms and links, because its messages were deleted."""
        self.changed.update(self.groups([thread]).values())
        deletion = delete(ROOTS).where(*self._of(ROOTS, thread))
        old = (
            self._session.connection()
            .execute(deletion.returning(ROOTS.c.settler, ROOTS.c.terms))
            .first()
        )
        if old is not None:
            self._counts.change((old.settler, old.terms), None)
            wanted = {**self._here, "thread": thread}
            self._session.connection().execute(FORGET_TERMS, wanted)
            self._unlink(thread)

    def counts(self, *parts: Collection[int]) -> tuple[int, Mapping[int, int]]:
        """Return how many threads there are, and in how many of them each term of parts occurs."""
        return self._counts.threads(frozenset[int]().union(*parts))

    def settled(self, users: Collection[UserId]) -> Mapping[UserId, int]:
        """Return how many threads each person settled."""
        return self._counts.settled(users)

    def sharing(self, terms: Mapping[int, float], since: datetime, most: int) -> list[str]:
        """Return the threads with the largest weight of terms in common, heaviest first."""
        if not terms:
            return []
        params: dict[str, object] = {**self._here, "since": since, "most": most}
        for at, (term, weight) in enumerate(terms.items()):
            params |= {f"t{at}": term, f"w{at}": round(weight * WHOLE)}
        rows = self._session.connection().execute(sharing(len(terms)), params)
        return [row[0] for row in rows.all()]

    def wholes(self, threads: Collection[str]) -> Mapping[str, Ids]:
        """Return all terms of each thread."""
        rows = self._rows(WHOLES, threads)
        self._begun.update({thread: at for thread, _, at in rows})
        return {thread: frozenset(terms) for thread, terms, _ in rows}

    def profiles(self, threads: Collection[str]) -> Mapping[str, Profile]:
        """Return the profile of each thread."""
        stored = HeardMessages(self._session, self._team).of_threads(self._channel, threads)
        return {
            thread: make_profile(self._channel, [message.heard for message in messages])
            for thread, messages in stored.items()
        }

    def link(self, thread: str, likely: Mapping[str, float]) -> None:
        """Store how likely a thread is about the same matter as others."""
        here = {"team_id": self._team, "channel": self._channel}
        begun = self._find_begun([thread, *likely])
        rows = [
            # When the older thread is forgotten, so are both directions.
            {
                **here,
                "thread_ts": a,
                "other_ts": b,
                "probability": value,
                "at": min(begun[a], begun[b]),
            }
            for other, value in likely.items()
            for a, b in ((thread, other), (other, thread))
        ]
        if rows:
            self._session.connection().execute(store_links(dialect_of(self._session)), rows)

    def _find_begun(self, threads: Collection[str]) -> Mapping[str, datetime]:
        """Return when each thread began; most are known already."""
        missing = [thread for thread in threads if thread not in self._begun]
        self._begun.update(dict(self._rows(BEGUN, missing)))
        return self._begun

    def links(self, threads: Collection[str]) -> Links[str]:
        """Return the links of each thread."""
        links: defaultdict[str, dict[str, float]] = defaultdict(dict)
        for thread, other, probability in self._rows(LIKELY, threads):
            links[thread][other] = probability
        return links

    def groups(self, threads: Collection[str]) -> Mapping[str, int]:
        """Return the gap of each thread that has one."""
        return dict(self._rows(GROUPS, threads))

    def members(self, groups: Collection[int]) -> Mapping[int, Sequence[str]]:
        """Return the threads of each gap, in the order in which they began."""
        members: dict[int, list[str]] = {group: [] for group in groups}
        wanted = {**self._here, "gaps": sorted(groups)}
        rows = self._session.connection().execute(MEMBERS, wanted)
        # Sorted here: for an order by time, SQLite would read all threads by their times.
        for row in sorted(rows, key=lambda row: (row.at, row.thread_ts)):
            members[row.gap_id].append(row.thread_ts)
        return members

    def closed(self, groups: Collection[int]) -> Collection[int]:
        """Return those of the gaps that a person recorded, dismissed or corrected."""
        query = select(GAPS.c.id).where(
            GAPS.c.team_id == self._team,
            GAPS.c.id.in_(sorted(groups)),
            or_(GAPS.c.state.in_(_CLOSED), GAPS.c.renamed, GAPS.c.corrected),
        )
        return [row.id for row in self._session.connection().execute(query)]

    def set_gap(self, threads: Collection[str], gap: GapId | None) -> None:
        """Store the gap that threads belong to; None if each is alone."""
        for batch in batches(self._session, sorted(threads)):
            self._session.connection().execute(
                update(ROOTS)
                .where(*self._of(ROOTS), ROOTS.c.thread_ts.in_(batch))
                .values(gap_id=gap)
            )

    def regroup(self, parts: Sequence[tuple[int | None, Sequence[str]]]) -> Mapping[str, int]:
        """Store new gaps, `None` for one that has to be added; return each thread's gap."""
        changed: dict[str, int] = {}
        before = self.groups([thread for _, part in parts for thread in part])
        for number, part in parts:
            if len(part) == 1 and number is None:
                if part[0] in before:
                    self.set_gap(part, None)
                continue
            gap = self._add_gap() if number is None else GapId(number)
            self.set_gap(part, gap)
            changed.update(dict.fromkeys(part, gap))
        self._keep_searches(before, changed)
        self.changed.update(before.values(), changed.values())
        return changed

    def _keep_searches(self, before: Mapping[str, int], after: Mapping[str, int]) -> None:
        """Move the searches for gaps without threads to the gaps that have most of the threads.

        If all these threads are alone, the first one stays in its gap. The gap isn't shown with a
        single thread, but it has its searches when the next thread joins it.
        """
        gone = set(before.values()) - set(after.values())
        members = self.members(gone) if gone else {}
        for gap in sorted(gap for gap, threads in members.items() if not threads):
            if not searches_of(self._session, self._team, GapId(gap)):
                continue
            left = sorted(thread for thread, number in before.items() if number == gap)
            heirs = Counter(after[thread] for thread in left if thread in after)
            if heirs:
                heir = max(sorted(heirs), key=heirs.__getitem__)
                move_searches(self._session, self._team, GapId(gap), GapId(heir))
            else:
                self.set_gap(left[:1], GapId(gap))

    def _add_gap(self) -> GapId:
        """Add a gap without occurrences; `Gaps.fill` stores what is known of it."""
        row = GapRow(
            team_id=self._team,
            channel=self._channel,
            act="",
            title="",
            count=0,
            probability=0.0,
            first_at=_NEVER,
            last_at=_NEVER,
            state=GapState.OPEN.value,
        )
        self._flush(row)
        assert row.id is not None
        return GapId(row.id)

    def _store(self, thread: str, profile: Profile) -> None:
        self._begun[thread] = profile.at
        values = {
            "at": profile.at,
            "settler": profile.settler,
            "terms": sorted(profile.whole),
        }
        keys = {"team_id": self._team, "channel": self._channel, "thread_ts": thread}
        self._session.connection().execute(
            store_thread(dialect_of(self._session)), {**keys, **values}
        )

    def _index(self, thread: str, profile: Profile) -> None:
        connection = self._session.connection()
        connection.execute(FORGET_TERMS, {**self._here, "thread": thread})
        here = {"team_id": self._team, "channel": self._channel, "thread_ts": thread}
        rows = [{**here, "term": term, "at": profile.at} for term in sorted(profile.whole)]
        if rows:
            connection.execute(TERMS.insert(), rows)

    def _unlink(self, thread: str) -> None:
        connection = self._session.connection()
        wanted = {**self._here, "thread": thread}
        others = [row.other_ts for row in connection.execute(LINKED, wanted)]
        if not others:
            return
        connection.execute(delete(LINKS).where(*self._of(LINKS, thread)))
        # By the primary key: an index on `other_ts` would be as large as the table.
        for batch in batches(self._session, sorted(others)):
            theirs = (LINKS.c.thread_ts.in_(batch), LINKS.c.other_ts == thread)
            connection.execute(delete(LINKS).where(*self._of(LINKS), *theirs))

    def _rows(self, statement: Select[Any], threads: Collection[str]) -> list[Any]:
        """Return the rows of these threads, for a statement of theirs."""
        connection = self._session.connection()
        rows: list[Any] = []
        for batch in batches(self._session, sorted(threads)):
            rows += connection.execute(statement, {**self._here, "threads": batch}).all()
        return rows

    def _of(self, table: Any, thread: str | None = None) -> tuple[Any, ...]:  # noqa: ANN401 - as above
        here = (table.c.team_id == self._team, table.c.channel == self._channel)
        return here if thread is None else (*here, table.c.thread_ts == thread)
