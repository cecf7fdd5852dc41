"""One direct message a person a day: planned as a row, built once, sent within their hours."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from bot.domain.approval import Proposal, ProposalState
from bot.domain.audit_acts import OPSLORE
from bot.domain.entries import ChannelId, Entry, TeamId
from bot.domain.errors import NotFoundError
from bot.domain.nudges import LISTED, About, Came, Choice, Hours, Item, Nudge, NudgeId
from bot.domain.outbox import OutboxItemId, Topic
from bot.domain.reviewers import waiting_since
from bot.domain.visibility import Reader
from bot.usecases.review.reminders import Reminders, read_waits
from bot.usecases.review.verdicts import SNOOZE
from bot.usecases.steps.nudge_items import redraw_nudges
from bot.usecases.steps.permissions import require_member
from bot.usecases.steps.reviewers import Known
from storage.store import Store, Transaction

# The day of whoever is furthest behind: no zone is further from UTC.
_DAY: Final = timedelta(days=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One item of a nudge with the entry it is about, as its receiver may see it.

    `open`: nobody handled it, and it still waits. `proposal`: what is to be approved or revised.
    `since`: since when it has been waiting.
    """

    item: Item
    entry: Entry
    open: bool
    proposal: Proposal | None = None
    since: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ShownNudge:
    """A nudge as its receiver may read it.

    `choice`: whether they want more; `quiet`: they want none now.
    """

    nudge: Nudge
    lines: tuple[Line, ...]
    choice: Choice
    quiet: bool

    def of(self, about: About) -> tuple[Line, ...]:
        """Its lines of one heading."""
        return tuple(line for line in self.lines if line.item.about is about)

    @property
    def waiting(self) -> int:
        """How much still waits, of what is listed and not."""
        return sum(line.open for line in self.lines) + self.nudge.rest


def plan_nudges(store: Store, team: TeamId, *, known: Known, now: datetime) -> None:
    """Plan the next nudge, as a row, of everybody who is to be reminded of something by then."""
    waits = read_waits(store, team, known, now)
    with store.read(team) as tx:
        choices = tx.nudges.choices(waits)
        taken = tx.nudges.claimed_days((now - _DAY).date())
        reminders = Reminders.of(tx, waits)
    for user in sorted(waits):
        reader = known(user)
        if reader is None or not reader.person.member:
            continue
        timezone = reader.person.timezone
        hours = Hours(
            calendar=reminders.calendar, timezone=timezone, choice=choices.get(user, Choice())
        )
        due = hours.next(now)
        if due is None or (user, hours.day(due)) in taken:
            continue
        if reminders.due(user, waits[user], timezone, due):
            with store.transaction(team) as tx:
                tx.nudges.claim(user, hours.day(due), due, now)


def build_due_nudges(store: Store, team: TeamId, *, known: Known, now: datetime) -> list[NudgeId]:
    """Build every nudge whose time has come, of what its receiver is to be reminded of now.

    One that came too late, or has nothing to remind of any more, is taken back: the next look plans
    another for the next working day.
    """
    with store.read(team) as tx:
        due = tx.nudges.due(now)
    if not due:
        return []
    waits, built = read_waits(store, team, known, now), []
    with store.read(team) as tx:
        reminders = Reminders.of(tx, waits)
    for nudge in due:
        reader = known(nudge.user)
        if reader is None:
            continue
        with store.transaction(team) as tx:
            current = tx.nudges.get(nudge.id, lock=True)
            if current is None or current.built_at is not None:
                continue
            waiting = waits.get(nudge.user, ())
            due_now = reminders.due(nudge.user, waiting, reader.person.timezone, now)
            if due_now and _may_be_told(tx, reader, current, now):
                _build(tx, current, [wait.item for wait in due_now], len(waiting), now)
                built.append(nudge.id)
            else:
                tx.nudges.unplan(nudge.id)
    return built


def nudge_to_send(
    store: Store, team: TeamId, nudge_id: NudgeId, *, reader: Reader, now: datetime
) -> ShownNudge | None:
    """A nudge about to be sent; None if its receiver must not get it now, or nothing waits.

    Raises:
        NotFoundError: there is none.
    """
    with store.read(team) as tx:
        shown = _shown(tx, nudge_id, reader, now)
        told = _may_be_told(tx, reader, shown.nudge, now)
        return shown if told and any(line.open for line in shown.lines) else None


def read_nudge(
    store: Store, team: TeamId, nudge_id: NudgeId, *, reader: Reader, now: datetime
) -> ShownNudge:
    """A nudge as it stands, with what was handled.

    Raises:
        NotFoundError: there is none.
    """
    with store.read(team) as tx:
        return _shown(tx, nudge_id, reader, now)


def nudge_posted(
    store: Store,
    team: TeamId,
    nudge_id: NudgeId,
    *,
    item: OutboxItemId,
    channel: ChannelId,
    ts: str,
    now: datetime,
) -> None:
    """Keep where a nudge was posted."""
    with store.transaction(team) as tx:
        if not tx.outbox.mark_sent(item, now, ts):
            return  # Another sender kept it.
        tx.nudges.mark_posted(nudge_id, channel, ts)


def choice_of(store: Store, team: TeamId, *, reader: Reader) -> Choice:
    """Whether a person wants nudges.

    Raises:
        NotAllowedError: guests are never nudged.
    """
    require_member(reader)
    with store.read(team) as tx:
        return tx.nudges.choice(reader.user)


def choose_nudges(
    store: Store,
    team: TeamId,
    *,
    reader: Reader,
    came: Came | None,
    nudge_id: NudgeId | None = None,
    now: datetime,
) -> Choice:
    """Have nudges rest for a week (`SNOOZED`) or for good (`NEVER`), or have them again (None).

    Raises:
        NotAllowedError: guests are never nudged.
        NotFoundError: the nudge is another person's.
    """
    require_member(reader)
    until = now + SNOOZE if came is Came.SNOOZED else None
    choice = Choice(off=came is Came.NEVER, until=until)
    with store.transaction(team) as tx:
        tx.nudges.choose(reader.user, choice)
        action = "nudges_on" if came is None else f"nudges_{came.value}"
        details = {} if until is None else {"until": until.isoformat()}
        tx.audit.add(reader.user, action, reader.user, details, now)
        # The buttons stand below the last one, and maybe below the one that was pressed.
        last = tx.nudges.last_built(reader.user)
        showing = {last.id} if last is not None else set()
        if nudge_id is not None and came is not None:
            pressed = tx.nudges.get(nudge_id)
            if pressed is None or pressed.user != reader.user:
                raise NotFoundError("This message has expired. Use `/lore nudges` instead.")
            tx.nudges.set_outcome(nudge_id, came, now)
            showing.add(nudge_id)
        redraw_nudges(tx, sorted(showing), now)
        return choice


def _may_be_told(tx: Transaction, reader: Reader, nudge: Nudge, now: datetime) -> bool:
    """Whether it is the nudge's day for its receiver, who is at work, a member and wants nudges."""
    calendar = tx.workspace.get().calendar
    hours = Hours(
        calendar=calendar, timezone=reader.person.timezone, choice=tx.nudges.choice(nudge.user)
    )
    return reader.person.member and hours.are_now(now, nudge.day)


def _build(
    tx: Transaction, nudge: Nudge, items: Sequence[Item], waiting: int, now: datetime
) -> None:
    """Keep what the nudge reminds of; `waiting`: how much waits for its receiver in all."""
    listed = items[:LISTED]
    tx.nudges.build(nudge.id, listed, waiting - len(listed), now)
    details = {"user": nudge.user, "waiting": waiting}
    tx.audit.add(OPSLORE, "nudged", f"nudge-{nudge.id}", details, now)
    tx.outbox.add(
        Topic.NUDGE,
        channel=ChannelId(nudge.user),
        user=nudge.user,
        payload={"nudge": nudge.id},
        due_at=now,
        at=now,
        once=f"nudge:{nudge.id}",
    )


def _shown(tx: Transaction, nudge_id: NudgeId, reader: Reader, now: datetime) -> ShownNudge:
    nudge = tx.nudges.get(nudge_id)
    if nudge is None or nudge.user != reader.user:
        raise NotFoundError("This nudge no longer exists.")
    visible = tx.entries.visible_to(reader)
    lines = []
    for item in nudge.items:
        entry = tx.entries.by_id(item.entry)
        seen = visible.get(entry.key) if entry is not None else None
        if seen is not None:
            lines.append(_line(tx, item, seen, reader, now))
    choice = tx.nudges.choice(nudge.user)
    return ShownNudge(nudge=nudge, lines=tuple(lines), choice=choice, quiet=not choice.allows(now))


def _line(tx: Transaction, item: Item, entry: Entry, reader: Reader, now: datetime) -> Line:
    if item.about is About.REVIEW:
        since = waiting_since(entry, now)
        is_open = since is not None and item.handled_at is None
        return Line(item=item, entry=entry, open=is_open, since=since)
    proposal = tx.proposals.by_revision(entry.id, [item.revision]).get(item.revision)
    if proposal is None:
        return Line(item=item, entry=entry, open=False)
    is_approval = item.about is About.APPROVAL
    asked = ProposalState.PROPOSED if is_approval else ProposalState.CHANGES_REQUESTED
    given = is_approval and reader.user in proposal.approved_by
    waits = proposal.state is asked and not given and item.handled_at is None
    return Line(item=item, entry=entry, open=waits, proposal=proposal, since=proposal.changed_at)
