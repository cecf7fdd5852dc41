"""The weekly digest: planned as a row, built once, posted once, its lines handled by anyone."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Final

from bot.domain.acts import OPSLORE
from bot.domain.digests import Digest, DigestId, Line, LineId, Section, Shown
from bot.domain.entries import ChannelId, EntryId, TeamId, UserId
from bot.domain.errors import NotAllowedError, NotFoundError
from bot.domain.nudges import About
from bot.domain.paths import PathId
from bot.domain.periods import LATE
from bot.domain.review import ProposalId
from bot.domain.telling import TellingId, Topic
from bot.domain.visibility import Reader
from bot.domain.workspaces import Channel
from bot.usecases.allowed import require_member
from bot.usecases.asking import Asking, Known
from bot.usecases.digest_contents import People, contents, placed
from bot.usecases.nudged import handled
from storage.store import Store, Transaction

# Nobody scrolls back to a digest older than this to see what came of a line.
_FOLLOWED: Final = timedelta(days=28)
# Figures up to so old are last week's: a digest may be late by a day.
_LAST_WEEK: Final = timedelta(days=8)


def plan_digests(store: Store, team: TeamId, *, now: datetime) -> None:
    """See to it that every live channel has its next digest as a row, once."""
    with store.read(team) as tx:
        missing = [
            channel
            for channel in tx.channels.all()
            if channel.live and tx.digests.planned(channel.id) is None
        ]
    for channel in missing:
        with store.transaction(team) as tx:
            known = tx.channels.get(channel.id, lock=True)
            # Somebody may have changed its schedule meanwhile, which plans it too.
            if known is not None and known.live and tx.digests.planned(known.id) is None:
                _plan(tx, known, now)


def replan_digest(tx: Transaction, channel: Channel, now: datetime) -> None:
    """Move what is planned to a changed schedule."""
    tx.digests.unplan(channel.id)
    if channel.live:
        _plan(tx, channel, now)


def build_due_digests(store: Store, team: TeamId, *, known: Known, now: datetime) -> list[DigestId]:
    """Build every digest whose time has come, and plan the next one of its channel.

    Several periods missed while the bot was down become one digest, which says that it is late.
    """
    with store.read(team) as tx:
        due = tx.digests.due(now)
    built = []
    for digest in due:
        people = _people(store, team, digest.channel, known, now)
        with store.transaction(team) as tx:
            # The channel first, as whoever changes its schedule does.
            channel = tx.channels.get(digest.channel, lock=True)
            current = tx.digests.get(digest.id, lock=True)
            if current is None or current.built_at is not None or channel is None:
                continue
            if channel.live:
                _build(tx, current, channel, people, now, by=OPSLORE)
                built.append(digest.id)
            else:
                tx.digests.unplan(digest.channel)
            if channel.live:
                _plan(tx, channel, now)
    return built


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
    people = _people(store, team, channel.id, known, now)
    with store.transaction(team) as tx:
        met = tx.channels.get(channel.id, lock=True)
        if met is None:
            tx.channels.put(channel)
        period = f"{now:%Y-%m-%dT%H:%M}"
        digest = tx.digests.claim(channel.id, period, now, now)
        if digest is None:
            raise NotAllowedError("The digest was just asked for and is on its way.")
        _build(tx, digest, met or channel, people, now, by=reader.user)
        return digest.id


def preview_digest(
    store: Store, team: TeamId, channel: ChannelId, *, known: Known, now: datetime
) -> Shown:
    """What a channel's digest would say now; nothing is stored.

    Raises:
        NotFoundError: Opslore does not know the channel.
    """
    people = _people(store, team, channel, known, now)
    with store.read(team) as tx:
        met = tx.channels.get(channel)
        if met is None:
            raise NotFoundError(f"Opslore is not in a channel {channel}.")
        figures, rows = contents(tx, met, people, now)
        lines = tuple(
            Line(LineId(number), section, position, entry, path, facts)
            for number, (position, (section, entry, path, facts)) in enumerate(placed(rows))
        )
        digest = Digest(
            DigestId(0), team, channel, "preview", now, built_at=now, figures=figures, lines=lines
        )
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
            raise NotFoundError("This digest is no longer known.")
        return _shown(tx, digest, channel, now)


def read_line(store: Store, team: TeamId, line_id: LineId, *, reader: Reader) -> Line:
    """A line that this person may act on.

    Raises:
        NotFoundError: it is not known, or of a channel that they are not in.
        NotAllowedError: it was handled meanwhile; says by whom.
    """
    require_member(reader)
    with store.read(team) as tx:
        tx.membership_changes.require_current(reader)
        found = tx.digests.line(line_id)
    if found is None or (found[0].channel not in reader.channels):
        raise NotFoundError(
            "This line is no longer known, or is of a channel that you are not in. "
            "Ask for a new digest: `/lore digest now`."
        )
    if found[1].handled_by is not None:
        raise NotAllowedError("Somebody handled this meanwhile; the line says who.")
    return found[1]


def strike(
    tx: Transaction,
    sections: Iterable[Section],
    *,
    by: UserId,
    outcome: str,
    now: datetime,
    entry: EntryId | None = None,
    path: PathId | None = None,
    proposal: ProposalId | None = None,
) -> None:
    """Mark the lines of posted digests and nudges as handled, and leave word to draw them anew."""
    wanted = set(sections)
    for digest, line in tx.digests.open_lines(now - _FOLLOWED, entry=entry, path=path):
        if proposal is not None and line.facts.get("proposal") != proposal:
            continue
        if line.section in wanted:
            _handle(tx, digest, line, by=by, outcome=outcome, now=now)
    if entry is not None and wanted & {Section.DUE, Section.OWNER_GONE}:
        handled(tx, entry, About.REVIEW, by=by, outcome=outcome, now=now)


def handle_line(
    store: Store, team: TeamId, line_id: LineId, *, by: UserId, outcome: str, now: datetime
) -> None:
    """Mark the line whose button was pressed, which `strike` leaves where its digest is old."""
    with store.transaction(team) as tx:
        found = tx.digests.line(line_id)
        if found is not None:
            _handle(tx, *found, by=by, outcome=outcome, now=now)


def _handle(
    tx: Transaction, digest: Digest, line: Line, *, by: UserId, outcome: str, now: datetime
) -> None:
    if tx.digests.handle(line.id, by, now, outcome):
        payload = {"digest": digest.id, "line": line.id}
        tx.outbox.add(Topic.REFRESH, channel=digest.channel, payload=payload, due_at=now, at=now)


def digest_posted(
    store: Store, team: TeamId, digest_id: DigestId, *, telling: TellingId, ts: str, now: datetime
) -> None:
    """Keep where a digest was posted, and leave word to post the rest in its thread."""
    with store.transaction(team) as tx:
        if not tx.outbox.told(telling, now, ts):
            return  # Another sender kept it.
        tx.digests.posted(digest_id, ts)
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


def next_due(tx: Transaction, channel: Channel, now: datetime) -> datetime:
    """When a channel's digest goes out next: as planned, and on no day on which one went out."""
    planned = tx.digests.planned(channel.id)
    if planned is not None:
        return planned.due_at
    due = channel.digest.next_after(now)
    if tx.digests.has(channel.id, channel.digest.period_of(due)):
        due = channel.digest.next_after(due)
    return due


def _plan(tx: Transaction, channel: Channel, now: datetime) -> None:
    due = next_due(tx, channel, now)
    tx.digests.claim(channel.id, channel.digest.period_of(due), due, now)


def _people(store: Store, team: TeamId, channel: ChannelId, known: Known, now: datetime) -> People:
    """Who the digest is about. Slack is asked between two transactions, for it may be slow."""
    with store.read(team) as tx:
        home = tx.entries.at_home(channel)
        users = Asking.of(tx, home.due(now)).people | home.owners().keys()
    return {user: known(user) for user in sorted(users)}


def _build(
    tx: Transaction,
    digest: Digest,
    channel: Channel,
    people: People,
    now: datetime,
    *,
    by: UserId,
) -> None:
    figures, rows = contents(tx, channel, people, now)
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
        digest,
        channel,
        before=weekly.figures if weekly else {},
        before_at=counted_at if old else None,
        last_posted=previous.built_at if previous else None,
        # By when it is read, and not by when it was built: an outage may lie between the two.
        late=(digest.posted_at or now) - digest.due_at >= LATE,
    )
