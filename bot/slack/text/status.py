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
        return "No more nudges for you. `/lore nudges on` brings them back."
    if choice.until is not None:
        return (
            f"No nudges for you before {date(choice.until)}. `/lore nudges on` brings them back "
            "at once."
        )
    return (
        "When something waits for you, Opslore tells you in one direct message a working day at "
        "most, from 9 to 17 by your clock. It comes back to the same thing less and less often. "
        "`/lore nudges snooze` has it rest for a week, `/lore nudges off` ends it."
    )


def _waits(waiting: Waiting, names: Names) -> str:
    who = mrkdwn.defused(names(waiting.person)) if waiting.person else ""
    return {
        Role.OWNER: f"waits for {who}, its owner",
        Role.BACKUP: f"waits for {who}, its backup",
        Role.ASKED: f"waits for {who}, who was asked instead",
        Role.ANYONE: "waits for anyone in its channel",
        Role.CHANGE: "somebody said that it needs a change",
        Role.RETIREMENT: "its retirement waits for approval",
    }[waiting.role]


def date(at: datetime) -> str:
    """A day, which each reader sees as their own."""
    return mrkdwn.date(at, "{date_short_pretty}", f"{at:%Y-%m-%d}")


def _due(found: Certification, names: Names) -> str:
    told = [describe_reason(reason, names) for reason in found.reasons[:_REASONS]]
    if len(found.reasons) > _REASONS:
        told.append(f"{len(found.reasons) - _REASONS} reasons more")
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
        DueReasonKind.OWNER_GONE: f"its owner {who} left or is deactivated",
        DueReasonKind.BACKUP_GONE: f"its backup {who} left or is deactivated",
        DueReasonKind.LEVEL_GONE: f"a level names {who}, who is deactivated",
        DueReasonKind.FAILED: f"it failed when used, {date(reason.at)}",
        DueReasonKind.ARCHIVED: "its channel is archived",
    }[reason.kind]
