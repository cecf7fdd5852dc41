"""Phrases about gaps: why a person is asked, and how often a matter came up."""

from collections.abc import Callable
from datetime import datetime
from typing import Any, Final
from zoneinfo import ZoneInfo

from bot.domain.gaps import Gap
from bot.domain.listening.prompting import PromptReason
from bot.domain.prompts import ShownPrompt
from bot.domain.schedule import day_in, zone_of

_ORDINALS: Final = {2: "second", 3: "third", 4: "fourth", 5: "fifth", 6: "sixth"}
_DAYS_NAMED: Final = 4
_TWICE: Final = 2


def filters(now: Callable[[], datetime]) -> dict[str, Callable[..., Any]]:
    """Return the filters of the templates that show gaps, by name."""
    return {"why_asked": lambda shown: explain(shown, now()), "answered": describe_answers}


def explain(shown: ShownPrompt, now: datetime) -> str:
    """Return why a person is prompted: "This is the third time (Nov 4, Nov 12, today) …".

    The days are those of the person's time zone.
    """
    gap = shown.gap
    if shown.prompt.reason == PromptReason.STANDING_RULE.value or gap is None:
        return "You stated a rule that your team can use again."
    times = gap.threads
    ordinal = _ORDINALS.get(times, f"{times}{_ending(times)}")
    text = f"This is the {ordinal} time ({_name_days(gap, zone_of(shown.timezone), now)})"
    answered = sum(one.answerer == shown.prompt.user for one in gap.occurrences)
    if not answered:
        return f"{text}."
    often = {1: "once", _TWICE: "twice"}.get(answered, f"{answered} times")
    return f"{text}, and you answered it {often}."


def describe_answers(gap: Gap) -> str:
    """Return how often a gap came up or was searched for, and among how many people and days."""
    searches = {0: "", 1: "1 search, "}.get(gap.searches, f"{gap.searches} searches, ")
    people = "1 person" if gap.people == 1 else f"{gap.people} people"
    days = "1 day" if gap.days == 1 else f"{gap.days} days"
    return f"{gap.threads} threads, {searches}{people}, {days}"


def _name_days(gap: Gap, zone: ZoneInfo, now: datetime) -> str:
    today = now.astimezone(zone).date()
    ordered = sorted(one.at for one in gap.occurrences)
    days = dict.fromkeys(
        "today" if at.astimezone(zone).date() == today else day_in(at, zone, now) for at in ordered
    )
    names = list(days)
    more = len(names) - _DAYS_NAMED
    return ", ".join([*([f"{more} earlier days"] if more > 0 else []), *names[-_DAYS_NAMED:]])


def _ending(number: int) -> str:
    """Return the ending of an ordinal: `21st`, `12th`."""
    if number % 100 in (11, 12, 13):
        return "th"
    return {1: "st", 2: "nd", 3: "rd"}.get(number % 10, "th")
