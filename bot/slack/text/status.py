"""The words for an entry's state, its verdicts, the person it waits for, and dates."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from bot.domain.bulk_verdicts import BULK_ENTRIES, BULK_WITHIN, VerdictDetails
from bot.domain.certification import Certification, DueReason, DueReasonKind, Verdict
from bot.domain.entries import Entry, UserId
from bot.domain.nudges import Choice
from bot.domain.reviewers import Role, Waiting
from bot.domain.schedule import day_in
from bot.slack.text import mrkdwn

Names = Callable[[UserId], str]

# Two reasons fit in a line, and more would change nothing: the entry is due at once.
_REASONS: Final = 2
_BULK: Final = (
    f"bulk: more than {BULK_ENTRIES} entries within {BULK_WITHIN // timedelta(minutes=1)} minutes"
)
_UTC: Final = ZoneInfo("UTC")


@dataclass(frozen=True, slots=True, kw_only=True)
class StatusWords:
    """Puts states into words, with people's names, at the time that `now` gives."""

    names: Names
    now: Callable[[], datetime]

    def name(self, user: str) -> str:
        """Return a person's name as mrkdwn that pings no one."""
        return mrkdwn.defused(self.names(UserId(user)))

    def day(self, at: datetime) -> str:
        """Return a day in UTC as plain text: `Mar 3`, with the year if it isn't this one."""
        return day_in(at, _UTC, self.now())

    def date(self, at: datetime) -> str:
        """Return a day, `Mar 3`, that each reader sees in their own time zone."""
        return mrkdwn.date(at, "{date_short}", self.day(at))

    def moment(self, at: datetime) -> str:
        """Return a day and time that each reader sees in their own time zone."""
        fallback = f"{self.day(at)} at {at.astimezone(_UTC):%H:%M} UTC"
        return mrkdwn.date(at, "{date_short} at {time}", fallback)

    def describe_entry(self, entry: Entry) -> str:
        """Return the state of an entry: `draft`, `in force, certified until Jun 1`."""
        if entry.is_draft or entry.is_withdrawn:
            return entry.state.value
        return self.describe_certification(entry.certification(self.now()))

    def describe_certification(self, certification: Certification) -> str:
        """Return `in force, certified until …`, `in force, overdue 3 days`, `retired`, …"""
        if certification.retired:
            return "retired"
        if certification.due:
            never = ", never certified" if certification.never else ""
            return f"in force, {self._describe_due(certification)}{never}"
        if certification.never:
            return "in force, never certified"
        return f"in force, certified until {self.date(certification.due_at)}"

    def _describe_due(self, certification: Certification) -> str:
        reasons = [self.describe_reason(reason) for reason in certification.reasons[:_REASONS]]
        if len(certification.reasons) > _REASONS:
            reasons.append(f"{len(certification.reasons) - _REASONS} more reasons")
        why = "; ".join(reasons)
        days = certification.overdue.days
        if days:
            overdue = f"overdue {days} {'day' if days == 1 else 'days'}"
            return f"{overdue}: {why}" if why else overdue
        return f"due: {why}" if why else "due for review"

    def describe_reason(self, reason: DueReason) -> str:
        """Return why an entry is due at once."""
        if reason.kind is DueReasonKind.LAPSED:
            return f"not certified since {reason.about}"
        name = self.name(reason.about) if reason.about else ""
        return {
            DueReasonKind.OWNER_GONE: f"its owner {name} left or was deactivated",
            DueReasonKind.BACKUP_GONE: f"its backup {name} left or was deactivated",
            DueReasonKind.LEVEL_GONE: f"a level names {name}, who was deactivated",
            DueReasonKind.FAILED: f"it failed when used, {self.date(reason.at)}",
            DueReasonKind.ARCHIVED: "its channel is archived",
        }[reason.kind]

    def describe_waiting(self, waiting: Waiting | None) -> str:
        """Return the person whom a review waits for, with the dot that follows the state."""
        if waiting is None:
            return ""
        name = self.name(waiting.person) if waiting.person else ""
        words = {
            Role.OWNER: f"waiting for {name}, its owner",
            Role.BACKUP: f"waiting for {name}, its backup",
            Role.ASKED: f"waiting for {name}, who was asked instead",
            Role.ANYONE: "waiting for anyone in its channel",
            Role.CHANGE: "marked as needing a change",
            Role.RETIREMENT: "its retirement is waiting for approval",
        }[waiting.role]
        return f" · {words}"

    def list_verdicts(self, verdicts: Sequence[VerdictDetails], most: int) -> str:
        """Return the last verdicts on a revision, one per line, and how many are left out."""
        listed = verdicts[: max(1, most)]
        lines = [self._describe_verdict(verdict) for verdict in listed]
        if len(verdicts) > len(listed):
            lines.append(f"and {len(verdicts) - len(listed)} earlier")
        return "\n".join(lines)

    def _describe_verdict(self, judged: VerdictDetails) -> str:
        by, asked = (self.name(user) if user else "" for user in (judged.by, judged.asked))
        verdict = {
            Verdict.ACCURATE: f"Still accurate by {by}",
            Verdict.CHANGE: f"Needs a change by {by}",
            Verdict.ASKED: f"Passed on to {asked} by {by}",
            Verdict.RETIRED: f"Retire by {by}",
        }[judged.verdict]
        marks = [self.date(judged.at)]
        marks += ["by its author"] if judged.by_author else []
        marks += [_BULK] if judged.in_bulk else []
        return f"{verdict}, {' · '.join(marks)}"

    def describe_nudges(self, choice: Choice) -> str:
        """Return whether a person gets nudges, and how to change that."""
        if choice.off:
            return "Nudges are off for you. `/lore nudges on` turns them on again."
        if choice.until is not None:
            return (
                f"Nudges are snoozed for you until {self.date(choice.until)}. `/lore nudges on` "
                "turns them on now."
            )
        return (
            "When something is waiting for you, Opslore sends you at most one direct message per "
            "working day, between 9:00 and 17:00 your time. It reminds you less and less often. "
            "`/lore nudges snooze` pauses these messages for a week, `/lore nudges off` turns them "
            "off."
        )
