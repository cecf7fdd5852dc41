"""The settings of a workspace and of its channels."""

from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from bot.domain.approval import ApprovalPolicy
from bot.domain.calendar import Calendar
from bot.domain.entries import ChannelId, TeamId
from bot.domain.kinds import DEFAULT_REVIEW
from bot.domain.listening.budget import PER_HUNDRED
from bot.domain.schedule import Schedule


@dataclass(frozen=True, slots=True, kw_only=True)
class Workspace:
    """The settings of a workspace. Budgets are prompts in 24 hours.

    `prompt_rate`: the most prompts for each 100 messages that are heard in a channel. `approval`:
    the rules for approving a change. `backup_after`: how many working days after the owner the
    backup is asked to review.
    """

    team: TeamId
    person_budget: int = 2
    channel_budget: int = 6
    prompt_rate: float = PER_HUNDRED
    review_every: timedelta = DEFAULT_REVIEW
    holidays: frozenset[date] = frozenset()
    backup_after: int = 3
    approval: ApprovalPolicy = field(default_factory=ApprovalPolicy)

    @property
    def calendar(self) -> Calendar:
        """The working days."""
        return Calendar(holidays=self.holidays)


@dataclass(frozen=True, slots=True, kw_only=True)
class Channel:
    """A channel that Opslore is or was in.

    `joined`: the bot is a member. `watched`: people want it to listen there. `muted`: it listens
    but doesn't prompt. `archived`: nothing can be posted. `digest`: when its digest is due.
    `shared`: people of another organization are in it. `deleted`: it no longer exists. `heard_at`:
    when an event last said whether the bot is in it, if any did.
    """

    team: TeamId
    id: ChannelId
    private: bool
    joined: bool = True
    watched: bool = True
    muted: bool = False
    archived: bool = False
    digest: Schedule = field(default_factory=Schedule)
    shared: bool = False
    deleted: bool = False
    heard_at: datetime | None = None

    @property
    def live(self) -> bool:
        """Whether the bot listens and posts there."""
        return self.joined and self.watched and not self.archived


@dataclass(frozen=True, slots=True, kw_only=True)
class ChannelStatus:
    """A channel's state for a person: its settings, its entries and its next digest."""

    channel: Channel
    entries: int
    next_digest: datetime
