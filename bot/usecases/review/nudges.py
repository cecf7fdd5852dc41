"""Nudges: at most one direct message a day, planned as a row, built once, sent in working hours."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from bot.domain.approval import Proposal, ProposalState
from bot.domain.audit_acts import OPSLORE
from bot.domain.entries import ChannelId, Entry, TeamId
from bot.domain.errors import NotFoundError
from bot.domain.nudges import LISTED, About, Choice, Hours, Item, Nudge, NudgeId, NudgeOutcome
from bot.domain.outbox import OutboxItemId, Topic
from bot.domain.reviewers import waiting_since
from bot.domain.visibility import Reader
from bot.usecases.review.reminders import Reminders, read_waits
from bot.usecases.review.verdicts import SNOOZE
from bot.usecases.steps.nudge_items import redraw_nudges
from bot.usecases.steps.permissions import require_member
from bot.usecases.steps.reviewers import DescribePerson
from storage.store import Store, Transaction

# No time zone is further from UTC, so no one's current day is older.
_DAY: Final = timedelta(days=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One item of a nudge with its entry, as the receiver may see it.

    `open`: it is still waiting. `proposal`: the proposal to approve or revise. `since`: since when
    it has been waiting.
    """

    item: Item
    entry: Entry
    open: bool
    proposal: Proposal | None = None
    since: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ShownNudge:
    """A nudge as its receiver may read it.

    `choice`: whether they want nudges; `quiet`: they want none now.
    """

    nudge: Nudge
    lines: tuple[Line, ...]
    choice: Choice
    quiet: bool

    def of(self, about: About) -> tuple[Line, ...]:
        """Return the lines under one heading."""
        return tuple(line for line in self.lines if line.item.about is about)

    @property
    def waiting(self) -> int:
        """Return how many items are still waiting, listed or not."""
        return sum(line.open for line in self.lines) + self.nudge.rest


def plan_nudges(store: Store, team: TeamId, *, describe: DescribePerson, now: datetime) -> None:
    """Plan the next nudge, as a row, of everyone who has something to be reminded of by then."""
    waits = read_waits(store, team, describe, now)
    with store.read(team) as tx:
        choices = tx.nudges.choices(waits)
        planned = tx.nudges.claimed_days((now - _DAY).date())
        reminders = Reminders.of(tx, waits)
    for user in sorted(waits):
        reader = describe(user)
        if reader is None or not reader.person.member:
            continue
        timezone = reader.person.timezone
        hours = Hours(
            calendar=reminders.calendar, timezone=timezone, choice=choices.get(user, Choice())
        )
        due = hours.next(now)
        if due is None or (user, hours.day(due)) in planned:
            continue
        if reminders.due(user, waits[user], timezone, due):
            with store.transaction(team) as tx:
                tx.nudges.claim(user, hours.day(due), due, now)


def build_due_nudges(
    store: Store, team: TeamId, *, describe: DescribePerson, now: datetime
) -> list[NudgeId]:
    """Build every due nudge, with what its receiver has to be reminded of now.

    A nudge that is late, or has nothing to remind of any more, is unplanned; the next run plans
    another for the next working day.
    """
    with store.read(team) as tx:
        due = tx.nudges.due(now)
    if not due:
        return []
    waits, built = read_waits(store, team, describe, now), []
    with store.read(team) as tx:
        reminders = Reminders.of(tx, waits)
    for nudge in due:
        reader = describe(nudge.user)
        if reader is None:
            continue
        with store.transaction(team) as tx:
            current = tx.nudges.get(nudge.id, lock=True)
            if current is None or current.built_at is not None:
                continue
            waiting = waits.get(nudge.user, ())
            due_now = reminders.due(nudge.user, waiting, reader.person.timezone, now)
            if due_now and _can_be_sent(tx, reader, current, now):
                _build(tx, current, [wait.item for wait in due_now], len(waiting), now)
                built.append(nudge.id)
            else:
                tx.nudges.unplan(nudge.id)
    return built


def read_nudge_to_send(
    store: Store, team: TeamId, nudge_id: NudgeId, *, reader: Reader, now: datetime
) -> ShownNudge | None:
    """Return a nudge to send; None if its receiver must not get it now, or nothing is waiting.

    Raises:
        NotFoundError: there is no such nudge.
    """
    with store.read(team) as tx:
        shown = _show(tx, nudge_id, reader, now)
        can_be_sent = _can_be_sent(tx, reader, shown.nudge, now)
        return shown if can_be_sent and any(line.open for line in shown.lines) else None


def read_nudge(
    store: Store, team: TeamId, nudge_id: NudgeId, *, reader: Reader, now: datetime
) -> ShownNudge:
    """Return a nudge with its handled items.

    Raises:
        NotFoundError: there is no such nudge.
    """
    with store.read(team) as tx:
        return _show(tx, nudge_id, reader, now)


def record_posted_nudge(
    store: Store,
    team: TeamId,
    nudge_id: NudgeId,
    *,
    item: OutboxItemId,
    channel: ChannelId,
    ts: str,
    now: datetime,
) -> None:
    """Record where a nudge was posted."""
    with store.transaction(team) as tx:
        if not tx.outbox.mark_sent(item, now, ts):
            return  # Another sender recorded it.
        tx.nudges.mark_posted(nudge_id, channel, ts)


def read_nudge_choice(store: Store, team: TeamId, *, reader: Reader) -> Choice:
    """Return whether a person wants nudges.

    Raises:
        NotAllowedError: they are a guest, and guests get no nudges.
    """
    require_member(reader)
    with store.read(team) as tx:
        return tx.nudges.choice(reader.user)


def choose_nudges(
    store: Store,
    team: TeamId,
    *,
    reader: Reader,
    came: NudgeOutcome | None,
    nudge_id: NudgeId | None = None,
    now: datetime,
) -> Choice:
    """Pause nudges for a week (`SNOOZED`), turn them off (`NEVER`) or turn them on again (None).

    Raises:
        NotAllowedError: they are a guest, and guests get no nudges.
        NotFoundError: the nudge belongs to another person.
    """
    require_member(reader)
    until = now + SNOOZE if came is NudgeOutcome.SNOOZED else None
    choice = Choice(off=came is NudgeOutcome.NEVER, until=until)
    with store.transaction(team) as tx:
        tx.nudges.choose(reader.user, choice)
        action = "nudges_on" if came is None else f"nudges_{came.value}"
        details = {} if until is None else {"until": until.isoformat()}
        tx.audit.add(reader.user, action, reader.user, details, now)
        # The last nudge has the buttons, and the nudge whose button was pressed may have them too.
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


def _can_be_sent(tx: Transaction, reader: Reader, nudge: Nudge, now: datetime) -> bool:
    """Return whether the receiver wants nudges and can be sent this one now."""
    calendar = tx.workspace.get().calendar
    hours = Hours(
        calendar=calendar, timezone=reader.person.timezone, choice=tx.nudges.choice(nudge.user)
    )
    return reader.person.member and hours.are_now(now, nudge.day)


def _build(
    tx: Transaction, nudge: Nudge, items: Sequence[Item], waiting: int, now: datetime
) -> None:
    """Store the items of a nudge; `waiting`: how many are waiting for its receiver in all."""
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


def _show(tx: Transaction, nudge_id: NudgeId, reader: Reader, now: datetime) -> ShownNudge:
    nudge = tx.nudges.get(nudge_id)
    if nudge is None or nudge.user != reader.user:
        raise NotFoundError("This nudge no longer exists.")
    visible = tx.entries.visible_to(reader)
    lines = []
    for item in nudge.items:
        entry = tx.entries.by_id(item.entry)
        visible_entry = visible.get(entry.key) if entry is not None else None
        if visible_entry is not None:
            lines.append(_show_line(tx, item, visible_entry, reader, now))
    choice = tx.nudges.choice(nudge.user)
    return ShownNudge(nudge=nudge, lines=tuple(lines), choice=choice, quiet=not choice.allows(now))


def _show_line(tx: Transaction, item: Item, entry: Entry, reader: Reader, now: datetime) -> Line:
    if item.about is About.REVIEW:
        since = waiting_since(entry, now)
        is_open = since is not None and item.handled_at is None
        return Line(item=item, entry=entry, open=is_open, since=since)
    proposal = tx.proposals.by_revision(entry.id, [item.revision]).get(item.revision)
    if proposal is None:
        return Line(item=item, entry=entry, open=False)
    is_approval = item.about is About.APPROVAL
    asked = ProposalState.PROPOSED if is_approval else ProposalState.CHANGES_REQUESTED
    has_approved = is_approval and reader.user in proposal.approved_by
    waits = proposal.state is asked and not has_approved and item.handled_at is None
    return Line(item=item, entry=entry, open=waits, proposal=proposal, since=proposal.changed_at)
