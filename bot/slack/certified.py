"""How an entry stands with its reviews, in the words that stand wherever it appears."""

from collections.abc import Callable
from datetime import datetime

from bot.domain.certification import Cause, Certification, Reason
from bot.domain.entries import Entry, UserId
from bot.slack import mrkdwn

Names = Callable[[UserId], str]


def states(names: Names, now: Callable[[], datetime]) -> Callable[[Entry], str]:
    """The filter that says how an entry stands now."""
    return lambda entry: state(entry.certification(now()), names)


def state(found: Certification, names: Names) -> str:
    """`in force, certified until …`, `in force, overdue 3 days`, `in force, due: …`, `retired`."""
    if found.retired:
        return "retired"
    if found.due:
        never = "" if found.certified else ", never certified"
        return f"in force, {_due(found, names)}{never}"
    if not found.certified:
        return "in force, never certified"
    return f"in force, certified until {date(found.due_at)}"


def date(at: datetime) -> str:
    """A day, which each reader sees as their own."""
    return mrkdwn.date(at, "{date_short_pretty}", f"{at:%Y-%m-%d}")


def _due(found: Certification, names: Names) -> str:
    why = "; ".join(_why(reason, names) for reason in found.reasons)
    days = found.overdue.days
    if days:
        late = f"overdue {days} {'day' if days == 1 else 'days'}"
        return f"{late}: {why}" if why else late
    return f"due: {why}" if why else "due for review"


def _why(reason: Reason, names: Names) -> str:
    who = mrkdwn.defused(names(UserId(reason.about))) if reason.about else ""
    return {
        Cause.OWNER_GONE: f"its owner {who} left or is deactivated",
        Cause.BACKUP_GONE: f"its backup {who} left or is deactivated",
        Cause.LEVEL_GONE: f"a level names {who}, who is deactivated",
        Cause.FAILED: f"it failed when used, {date(reason.at)}",
        Cause.ARCHIVED: "its channel is archived",
    }[reason.cause]
