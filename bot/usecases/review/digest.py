"""The weekly digest: planned as a row, built once and posted once."""

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import groupby
from typing import Final, TypeVar

from bot.domain.audit_acts import OPSLORE
from bot.domain.digests import Digest, DigestId, Line, LineId, Section, ShownDigest
from bot.domain.entries import ChannelId, TeamId, UserId
from bot.domain.errors import NotAllowedError, NotFoundError
from bot.domain.outbox import OutboxItemId, Topic
from bot.domain.schedule import LATE
from bot.domain.visibility import Reader
from bot.domain.workspaces import Channel
from bot.usecases.steps.channels import store_channel
from bot.usecases.steps.digest_contents import read_contents
from bot.usecases.steps.digest_lines import list_lines
from bot.usecases.steps.digest_schedule import plan_digests
from bot.usecases.steps.permissions import require_member
from bot.usecases.steps.reviewers import DescribePerson
from storage.digests import NewContents
from storage.store import Store, Transaction

T = TypeVar("T")

# So many digests are composed and written at a time, so that no one waits for a long transaction.
_AT_ONCE: Final = 10
# If someone acts while digests are composed, they are composed again, up to this many times in all.
_ATTEMPTS: Final = 3
# Figures up to this age are last week's: a digest may be a day late.
_LAST_WEEK: Final = timedelta(days=8)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Composed:
    """The contents of digests.

    `last_act`: the number of the last audited act when they were read.
    """

    contents: Mapping[ChannelId, NewContents]
    last_act: int

    def is_current(self, tx: Transaction) -> bool:
        """Return whether no one has done anything since the contents were read."""
        last = tx.audit.last()
        return self.last_act == (last.number if last else 0)


def plan_missing_digests(store: Store, team: TeamId, *, now: datetime) -> None:
    """Plan the next digest of every live channel that has none planned."""
    with store.read(team) as tx:
        live = [channel.id for channel in tx.channels.all() if channel.live]
        planned = tx.digests.planned_in(live)
    missing = [channel for channel in live if channel not in planned]
    for first in range(0, len(missing), _AT_ONCE):
        with store.transaction(team) as tx:
            # Someone may have changed a schedule since then, which also plans the digest.
            known = tx.channels.by_ids(missing[first : first + _AT_ONCE], lock=True)
            plan_digests(tx, [channel for channel in known.values() if channel.live], now)


def build_due_digests(
    store: Store, team: TeamId, *, describe: DescribePerson, now: datetime
) -> list[DigestId]:
    """Build every due digest, and plan the next one of its channel.

    Several periods missed while the bot was down become one digest, which says that it is late.
    """
    with store.read(team) as tx:
        due = tx.digests.due(now)
    return [
        digest
        for batch in _batches(due)
        for digest in _build_due(store, team, batch, describe, now)
    ]


def _batches(due: Sequence[Digest]) -> Iterator[Sequence[Digest]]:
    """Yield the digests that were due at the same moment, a few at a time."""
    for _, same in groupby(due, lambda digest: digest.due_at):
        digests = list(same)
        for first in range(0, len(digests), _AT_ONCE):
            yield digests[first : first + _AT_ONCE]


def _build_due(
    store: Store, team: TeamId, due: Sequence[Digest], describe: DescribePerson, now: datetime
) -> list[DigestId]:
    """Build those of these digests that no other process has built; return which."""
    places = [digest.channel for digest in due]

    def build(tx: Transaction, composed: _Composed) -> list[DigestId]:
        # The channels first, in the same order as a change of their schedule.
        channels = tx.channels.by_ids(places, lock=True)
        current = [
            digest
            for digest in tx.digests.lock(digest.id for digest in due)
            if digest.built_at is None and digest.channel in channels
        ]
        for channel in {digest.channel for digest in current if not channels[digest.channel].live}:
            tx.digests.unplan(channel)
        live = [digest for digest in current if channels[digest.channel].live]
        if live:
            _build(tx, live, composed, now, by=OPSLORE)
            plan_digests(tx, [channels[digest.channel] for digest in live], now)
        return [digest.id for digest in live]

    def compose() -> _Composed:
        return _compose(store, team, places, due_at=due[0].due_at, describe=describe, now=now)

    return _write_current(store, team, compose, build)


def build_digest_now(
    store: Store,
    team: TeamId,
    *,
    reader: Reader,
    channel: Channel | None,
    describe: DescribePerson,
    now: datetime,
) -> DigestId:
    """Build and post a channel's digest at once, in addition to the weekly ones.

    Asking twice within a minute, as with a double click, posts one.

    Raises:
        NotAllowedError: Opslore isn't in the channel, or the person is a guest.
    """
    require_member(reader)
    if channel is None or not channel.joined or channel.archived:
        raise NotAllowedError("Opslore isn't in this channel. Invite it first: `/invite @Opslore`.")

    def compose() -> _Composed:
        return _compose(
            store, team, [channel.id], due_at=now, describe=describe, now=now, fallback=channel
        )

    def build(tx: Transaction, composed: _Composed) -> DigestId:
        if tx.channels.get(channel.id, lock=True) is None:
            store_channel(tx, channel, now)
        digest = tx.digests.claim(channel.id, f"{now:%Y-%m-%dT%H:%M}", now, now)
        if digest is None:
            raise NotAllowedError("Someone just asked for this digest. It's on its way.")
        _build(tx, [digest], composed, now, by=reader.user)
        return digest.id

    return _write_current(store, team, compose, build)


def preview_digest(
    store: Store, team: TeamId, channel: ChannelId, *, describe: DescribePerson, now: datetime
) -> ShownDigest:
    """Return what a channel's digest would say now; nothing is stored.

    Raises:
        NotFoundError: Opslore isn't in the channel.
    """
    with store.read(team) as tx:
        stored = tx.channels.get(channel)
    if stored is None:
        raise NotFoundError(
            f"Opslore isn't in a channel {channel}. Invite it there first, or check the ID."
        )
    composed = _compose(store, team, [channel], due_at=now, describe=describe, now=now)
    contents = composed.contents[channel]
    places: Counter[Section] = Counter()
    lines = []
    for number, (section, entry, gap, facts) in enumerate(contents.lines):
        lines.append(
            Line(
                id=LineId(number),
                section=section,
                position=places[section],
                entry=entry,
                gap=gap,
                facts=dict(facts),
            )
        )
        places[section] += 1
    digest = Digest(
        id=DigestId(0),
        team=team,
        channel=channel,
        period="preview",
        due_at=now,
        built_at=now,
        figures=dict(contents.figures),
        lines=tuple(lines),
    )
    with store.read(team) as tx:
        return _show(tx, digest, stored, now)


def read_digest(store: Store, team: TeamId, digest_id: DigestId, *, now: datetime) -> ShownDigest:
    """Return a digest with its handled lines; if it isn't posted yet, as if it were posted `now`.

    Raises:
        NotFoundError: there is no such digest.
    """
    with store.read(team) as tx:
        digest = tx.digests.get(digest_id)
        channel = tx.channels.get(digest.channel) if digest else None
        if digest is None or channel is None:
            raise NotFoundError(
                "This digest no longer exists. Ask for a new one with `/lore digest now`."
            )
        return _show(tx, digest, channel, now)


def record_posted_digest(
    store: Store, team: TeamId, digest_id: DigestId, *, item: OutboxItemId, ts: str, now: datetime
) -> None:
    """Record where a digest was posted, and queue the rest for its thread."""
    with store.transaction(team) as tx:
        if not tx.outbox.mark_sent(item, now, ts):
            return  # Another sender recorded it.
        tx.digests.mark_posted(digest_id, ts)
        digest = tx.digests.get(digest_id)
        channel = tx.channels.get(digest.channel) if digest else None
        if digest is None or channel is None:
            return
        for number in range(_show(tx, digest, channel, now).chunks):
            tx.outbox.add(
                Topic.DIGEST_MORE,
                channel=digest.channel,
                thread_ts=ts,
                payload={"digest": digest_id, "chunk": number},
                due_at=now,
                at=now,
                once=f"digest:{digest_id}:{number}",
            )


def _compose(
    store: Store,
    team: TeamId,
    places: Sequence[ChannelId],
    *,
    due_at: datetime,
    describe: DescribePerson,
    now: datetime,
    fallback: Channel | None = None,
) -> _Composed:
    """Read the contents of digests. Slack is asked after the transaction, because it may be slow.

    `fallback`: the channel, if it isn't stored yet.
    """
    with store.read(team) as tx:
        stored = tx.channels.by_ids(places)
        channels = [
            stored.get(place) or fallback or Channel(team=team, id=place, private=True)
            for place in dict.fromkeys(places)
        ]
        read = read_contents(tx, channels, due_at, now)
    waiting = read.reviewer_facts.find_waiting(describe, now)
    contents = {
        digest_contents.channel.id: NewContents(
            figures=digest_contents.figures, lines=list_lines(digest_contents, waiting)
        )
        for digest_contents in read.contents
    }
    return _Composed(contents=contents, last_act=read.last_act)


def _write_current(
    store: Store,
    team: TeamId,
    compose: Callable[[], _Composed],
    write: Callable[[Transaction, _Composed], T],
) -> T:
    """Compose digests, and write them in a separate transaction if no one has acted since.

    Otherwise they are composed again. The last attempt is written in any case.
    """
    for _ in range(_ATTEMPTS - 1):
        composed = compose()
        with store.transaction(team) as tx:
            if composed.is_current(tx):
                return write(tx, composed)
    composed = compose()
    with store.transaction(team) as tx:
        return write(tx, composed)


def _build(
    tx: Transaction, digests: Sequence[Digest], composed: _Composed, now: datetime, *, by: UserId
) -> None:
    contents = {digest.id: composed.contents[digest.channel] for digest in digests}
    tx.digests.build(contents, now)
    for digest in digests:
        details = {
            "channel": digest.channel,
            "period": digest.period,
            "lines": len(contents[digest.id].lines),
        }
        tx.audit.add(by, "digest_built", f"digest-{digest.id}", details, now)
        tx.outbox.add(
            Topic.DIGEST,
            channel=digest.channel,
            payload={"digest": digest.id},
            due_at=now,
            at=now,
            once=f"digest:{digest.id}",
        )


def _show(tx: Transaction, digest: Digest, channel: Channel, now: datetime) -> ShownDigest:
    place = digest.channel
    previous = tx.digests.last_posted([place], digest.due_at).get(place)
    weekly = tx.digests.last_posted([place], digest.due_at, weekly=True).get(place)
    counted_at = weekly.built_at if weekly else None
    is_old = counted_at is not None and (digest.built_at or now) - counted_at > _LAST_WEEK
    return ShownDigest(
        digest=digest,
        channel=channel,
        before=weekly.figures if weekly else {},
        before_at=counted_at if is_old else None,
        last_posted=previous.built_at if previous else None,
        # Counted from the post and not from the build, because an outage may lie between the two.
        late=(digest.posted_at or now) - digest.due_at >= LATE,
    )
