"""The weekly digest: planned as a row, built once, posted once, its lines handled by anyone."""

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final, TypeVar

from bot.domain.audit_acts import OPSLORE
from bot.domain.digests import Digest, DigestId, Line, LineId, Section, Shown
from bot.domain.entries import ChannelId, TeamId, UserId
from bot.domain.errors import NotAllowedError, NotFoundError
from bot.domain.outbox import OutboxItemId, Topic
from bot.domain.schedule import LATE
from bot.domain.visibility import Reader
from bot.domain.workspaces import Channel
from bot.usecases.steps.channels import keep_channel
from bot.usecases.steps.digest_contents import read_contents
from bot.usecases.steps.digest_lines import Row, lines_of
from bot.usecases.steps.digest_schedule import plan_digest
from bot.usecases.steps.permissions import require_member
from bot.usecases.steps.reviewers import Known
from storage.store import Store, Transaction

T = TypeVar("T")

# If someone acts while a digest is composed, it is composed again, up to this many times in all.
_ATTEMPTS: Final = 3
# Figures up to so old are last week's: a digest may be late by a day.
_LAST_WEEK: Final = timedelta(days=8)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Composed:
    """What a digest says, read before the transaction that stores it; `last_act`: as of when."""

    figures: dict[str, int]
    rows: list[Row]
    last_act: int

    def is_current(self, tx: Transaction) -> bool:
        """Return whether no one did anything since it was read."""
        last = tx.audit.last()
        return self.last_act == (last.number if last else 0)


def plan_digests(store: Store, team: TeamId, *, now: datetime) -> None:
    """See to it that every live channel has its next digest as a row, once."""
    with store.read(team) as tx:
        missing = [
            channel
            for channel in tx.channels.all()
            if channel.live and tx.digests.next_planned(channel.id) is None
        ]
    for channel in missing:
        with store.transaction(team) as tx:
            known = tx.channels.get(channel.id, lock=True)
            # Somebody may have changed its schedule meanwhile, which plans it too.
            if known is not None and known.live and tx.digests.next_planned(known.id) is None:
                plan_digest(tx, known, now)


def build_due_digests(store: Store, team: TeamId, *, known: Known, now: datetime) -> list[DigestId]:
    """Build every digest whose time has come, and plan the next one of its channel.

    Several periods missed while the bot was down become one digest, which says that it is late.
    """
    with store.read(team) as tx:
        due = tx.digests.due(now)
    return [digest.id for digest in due if _build_due(store, team, digest, known, now)]


def _build_due(store: Store, team: TeamId, due: Digest, known: Known, now: datetime) -> bool:
    """Build one digest, unless another process has; return whether this one did."""

    def build(tx: Transaction, composed: _Composed) -> bool:
        # The channel first, as whoever changes its schedule does.
        channel = tx.channels.get(due.channel, lock=True)
        current = tx.digests.get(due.id, lock=True)
        if current is None or current.built_at is not None or channel is None:
            return False
        if not channel.live:
            tx.digests.unplan(due.channel)
            return False
        _build(tx, current, channel, composed, now, by=OPSLORE)
        plan_digest(tx, channel, now)
        return True

    def compose() -> _Composed:
        return _compose(store, team, due.channel, due_at=due.due_at, known=known, now=now)

    return _write_current(store, team, compose, build)


def digest_now(
    store: Store,
    team: TeamId,
    *,
    reader: Reader,
    channel: Channel | None,
    known: Known,
    now: datetime,
) -> DigestId:
    """Build and post a channel's digest at once, beside the weekly ones.

    Asking twice within a minute, as a double click does, posts one.

    Raises:
        NotAllowedError: Opslore is not in the channel, or the person is a guest.
    """
    require_member(reader)
    if channel is None or not channel.joined or channel.archived:
        raise NotAllowedError("Opslore isn't in this channel. Invite it first: `/invite @Opslore`.")

    def compose() -> _Composed:
        return _compose(store, team, channel.id, due_at=now, known=known, now=now, met=channel)

    def build(tx: Transaction, composed: _Composed) -> DigestId:
        met = tx.channels.get(channel.id, lock=True)
        if met is None:
            keep_channel(tx, channel, now)
        digest = tx.digests.claim(channel.id, f"{now:%Y-%m-%dT%H:%M}", now, now)
        if digest is None:
            raise NotAllowedError("Someone just asked for this digest. It's on its way.")
        _build(tx, digest, met or channel, composed, now, by=reader.user)
        return digest.id

    return _write_current(store, team, compose, build)


def preview_digest(
    store: Store, team: TeamId, channel: ChannelId, *, known: Known, now: datetime
) -> Shown:
    """What a channel's digest would say now; nothing is stored.

    Raises:
        NotFoundError: Opslore does not know the channel.
    """
    with store.read(team) as tx:
        met = tx.channels.get(channel)
    if met is None:
        raise NotFoundError(
            f"Opslore isn't in a channel {channel}. Invite it there first, or check the ID."
        )
    composed = _compose(store, team, channel, due_at=now, known=known, now=now)
    places: Counter[Section] = Counter()
    lines = []
    for number, (section, entry, gap, facts) in enumerate(composed.rows):
        lines.append(
            Line(
                id=LineId(number),
                section=section,
                position=places[section],
                entry=entry,
                gap=gap,
                facts=facts,
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
        figures=composed.figures,
        lines=tuple(lines),
    )
    with store.read(team) as tx:
        return _shown(tx, digest, met, now)


def read_digest(store: Store, team: TeamId, digest_id: DigestId, *, now: datetime) -> Shown:
    """A digest as it stands, with what was handled; one that is about to be posted is so `now`.

    Raises:
        NotFoundError: there is none.
    """
    with store.read(team) as tx:
        digest = tx.digests.get(digest_id)
        channel = tx.channels.get(digest.channel) if digest else None
        if digest is None or channel is None:
            raise NotFoundError(
                "This digest no longer exists. Ask for a new one with `/lore digest now`."
            )
        return _shown(tx, digest, channel, now)


def digest_posted(
    store: Store, team: TeamId, digest_id: DigestId, *, item: OutboxItemId, ts: str, now: datetime
) -> None:
    """Keep where a digest was posted, and leave word to post the rest in its thread."""
    with store.transaction(team) as tx:
        if not tx.outbox.mark_sent(item, now, ts):
            return  # Another sender kept it.
        tx.digests.mark_posted(digest_id, ts)
        digest = tx.digests.get(digest_id)
        channel = tx.channels.get(digest.channel) if digest else None
        if digest is None or channel is None:
            return
        for number in range(_shown(tx, digest, channel, now).chunks):
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
    channel: ChannelId,
    *,
    due_at: datetime,
    known: Known,
    now: datetime,
    met: Channel | None = None,
) -> _Composed:
    """Return what a digest says. Slack is asked after the reading transaction: it may be slow.

    `met`: the channel, if nothing of it is stored yet.
    """
    with store.read(team) as tx:
        place = tx.channels.get(channel) or met or Channel(team=team, id=channel, private=True)
        contents = read_contents(tx, place, due_at, now)
    return _Composed(
        figures=contents.figures, rows=lines_of(contents, known), last_act=contents.last_act
    )


def _write_current(
    store: Store,
    team: TeamId,
    compose: Callable[[], _Composed],
    write: Callable[[Transaction, _Composed], T],
) -> T:
    """Compose a digest, and write it in a transaction of its own if no one acted since.

    Otherwise it is composed again. The last attempt is written in any case.
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
    tx: Transaction,
    digest: Digest,
    channel: Channel,
    composed: _Composed,
    now: datetime,
    *,
    by: UserId,
) -> None:
    figures, rows = composed.figures, composed.rows
    tx.digests.build(digest.id, figures, rows, now)
    details = {"channel": channel.id, "period": digest.period, "lines": len(rows)}
    tx.audit.add(by, "digest_built", f"digest-{digest.id}", details, now)
    tx.outbox.add(
        Topic.DIGEST,
        channel=channel.id,
        payload={"digest": digest.id},
        due_at=now,
        at=now,
        once=f"digest:{digest.id}",
    )


def _shown(tx: Transaction, digest: Digest, channel: Channel, now: datetime) -> Shown:
    previous = tx.digests.last_posted(digest.channel, digest.due_at)
    weekly = tx.digests.last_posted(digest.channel, digest.due_at, weekly=True)
    counted_at = weekly.built_at if weekly else None
    old = counted_at is not None and (digest.built_at or now) - counted_at > _LAST_WEEK
    return Shown(
        digest=digest,
        channel=channel,
        before=weekly.figures if weekly else {},
        before_at=counted_at if old else None,
        last_posted=previous.built_at if previous else None,
        # By when it is read, and not by when it was built: an outage may lie between the two.
        late=(digest.posted_at or now) - digest.due_at >= LATE,
    )
