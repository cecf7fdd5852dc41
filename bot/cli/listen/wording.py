"""Texts of the export as the page shows them: secrets masked, people by name, times in UTC."""

from dataclasses import dataclass
from datetime import datetime

from bot.domain.entries import ChannelId
from bot.domain.invisible import show_invisible
from bot.slack.export.people import People
from bot.usecases.steps.secrets import excerpt, mask


@dataclass(frozen=True, slots=True, kw_only=True)
class Wording:
    """Shows texts with the names of an export's people, and days with a year if it has several."""

    people: People
    has_years: bool = False

    def day(self, at: datetime) -> str:
        """Return a day, such as `Mar 2`, in UTC."""
        return full_day(at) if self.has_years else f"{at:%b} {at.day}"

    def full(self, text: str) -> str:
        """Return a text with its line breaks."""
        return show_invisible(self.people.named(mask(text)), but="\n\t").strip()

    def short(self, text: str) -> str:
        """Return at most 240 characters of a text, on one line."""
        return show_invisible(self.people.named(excerpt(text)))

    def name(self, user: str | None) -> str:
        """Return a person's name; empty for None."""
        return show_invisible(self.people.name(user)) if user else ""

    def place(self, channel: ChannelId) -> str:
        """Return a channel's name with its `#`."""
        return "#" + show_invisible(channel)


def full_day(at: datetime) -> str:
    """Return a day with its year, such as `Mar 2, 2026`, in UTC."""
    return f"{at:%b} {at.day}, {at.year}"


def count(number: int, noun: str) -> str:
    """Return a number and its noun: `1 message`, `2,000 messages`."""
    return f"{number:,} {noun}{'' if number == 1 else 's'}"


def times(number: int) -> str:
    """Return how often something was: `once`, `twice`, `3 times`."""
    return {1: "once", 2: "twice"}.get(number, f"{number:,} times")
