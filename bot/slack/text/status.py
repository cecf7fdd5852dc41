"""How an entry stands with its reviews, in the words that stand wherever it appears."""

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from typing import Final

from bot.domain.bulk_verdicts import BULK_ENTRIES, BULK_WITHIN, Judged
from bot.domain.certification import Certification, DueReason, DueReasonKind, Verdict
from bot.domain.entries import Entry, UserId
from bot.domain.nudges import Choice
from bot.domain.reviewers import Role, Waiting
from bot.slack.text import mrkdwn

Names = Callable[[UserId], str]

# More of them say no more: it is due at once.
_REASONS = 2
_BULK: Final = (
    f"bulk: more than {BULK_ENTRIES} entries within {BULK_WITHIN // timedelta(minutes=1)} minutes"
)


def states(names: Names, now: Callable[[], datetime]) -> Callable[[Entry], str]:
    """The filter that says how an entry stands now."""
    return lambda entry: (
        entry.state.value
        if entry.is_draft or entry.is_withdrawn
        else state(entry.certification(now()), names)
    )


def state(found: Certification, names: Names) -> str:
    """`in force, certified until …`, `in force, overdue 3 days`, `in force, due: …`, `retired`."""
    if found.retired:
        return "retired"
    if found.due:
        never = ", never certified" if found.never else ""
        return f"in force, {_due(found, names)}{never}"
    if found.never:
        return "in force, never certified"
    return f"in force, certified until {date(found.due_at)}"


def waits(names: Names) -> Callable[[Waiting | None], str]:
    """The filter that says whom a review waits for, to stand behind how the entry stands."""
    return lambda waiting: f" · {_waits(waiting, names)}" if waiting else ""


def judged(names: Names) -> Callable[..., str]:
    """Make the filter that lists the verdicts on a revision, a line each, the last ones first."""

    def listed(verdicts: Sequence[Judged], most: int) -> str:
        shown = verdicts[: max(1, most)]
        lines = [_judged(one, names) for one in shown]
        if len(verdicts) > len(shown):
            lines.append(f"and {len(verdicts) - len(shown)} earlier")
        return "\n".join(lines)

    return listed


def _judged(one: Judged, names: Names) -> str:
    by, to = (mrkdwn.defused(names(user)) if user else "" for user in (one.by, one.asked))
    verdict = {
        Verdict.ACCURATE: f"Still accurate by {by}",
        Verdict.CHANGE: f"Needs a change by {by}",
        Verdict.ASKED: f"Passed on to {to} by {by}",
        Verdict.RETIRED: f"Retire by {by}",
    }[one.verdict]
    marks = [date(one.at)]
    marks += ["by its author"] if one.by_author else []
    marks += [_BULK] if one.in_bulk else []
    return f"{verdict}, {' · '.join(marks)}"


def nudged(choice: Choice) -> str:
    """Whether somebody is nudged, and how they change that."""
    if choice.off:
        return "Nudges are off for you. `/lore nudges on` turns them on again."
    if choice.until is not None:
        return (
            f"Nudges are snoozed for you until {date(choice.until)}. `/lore nudges on` turns them "
            "on now."
        )
    return (
        "When something is waiting for you, Opslore sends you at most one direct message per "
        "working day, between 9:00 and 17:00 your time. It repeats itself less and less often. "
        "`/lore nudges snooze` pauses these messages for a week, `/lore nudges off` turns them off."
    )


def _waits(waiting: Waiting, names: Names) -> str:
    who = mrkdwn.defused(names(waiting.person)) if waiting.person else ""
    return {
        Role.OWNER: f"waiting for {who}, its owner",
        Role.BACKUP: f"waiting for {who}, its backup",
        Role.ASKED: f"waiting for {who}, who was asked instead",
        Role.ANYONE: "waiting for anyone in its channel",
        Role.CHANGE: "marked as needing a change",
        Role.RETIREMENT: "its retirement is waiting for approval",
    }[waiting.role]


def date(at: datetime) -> str:
    """A day, which each reader sees as their own."""
    return mrkdwn.date(at, "{date_short_pretty}", f"{at:%Y-%m-%d}")


def _due(found: Certification, names: Names) -> str:
    told = [describe_reason(reason, names) for reason in found.reasons[:_REASONS]]
    if len(found.reasons) > _REASONS:
        told.append(f"{len(found.reasons) - _REASONS} more reasons")
    why = "; ".join(told)
    days = found.overdue.days
    if days:
        late = f"overdue {days} {'day' if days == 1 else 'days'}"
        return f"{late}: {why}" if why else late
    return f"due: {why}" if why else "due for review"


def describe_reason(reason: DueReason, names: Names) -> str:
    """Return why an entry is due at once."""
    if reason.kind is DueReasonKind.LAPSED:
        return f"not certified since {reason.about}"
    who = mrkdwn.defused(names(UserId(reason.about))) if reason.about else ""
    return {
        DueReasonKind.OWNER_GONE: f"its owner {who} left or was deactivated",
        DueReasonKind.BACKUP_GONE: f"its backup {who} left or was deactivated",
        DueReasonKind.LEVEL_GONE: f"a level names {who}, who was deactivated",
        DueReasonKind.FAILED: f"it failed when used, {date(reason.at)}",
        DueReasonKind.ARCHIVED: "its channel is archived",
    }[reason.kind]
