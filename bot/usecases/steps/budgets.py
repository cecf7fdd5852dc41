"""The budgets of prompts inside a transaction."""

from datetime import datetime, timedelta
from typing import Final

from bot.domain.entries import UserId
from bot.domain.listening.budget import PER_HUNDRED
from bot.domain.prompt_rules import BUDGET_PERIOD
from bot.domain.workspaces import Channel
from storage.store import Transaction

# The rate of prompts is over this time, and over at most this many messages.
_RATE_PERIOD: Final = timedelta(days=7)
_RATE_MESSAGES: Final = 1_000
# A quiet channel may be shown this many prompts before its rate counts.
_FIRST: Final = 2


def may_prompt(tx: Transaction, channel: Channel, user: UserId, now: datetime) -> bool:
    """Return whether a person may be prompted in a channel: within its rate and daily budgets."""
    if channel.muted:
        return False
    # Locked, because messages in other channels may be considered at the same time.
    settings = tx.workspace.get(lock=True)
    since = now - BUDGET_PERIOD
    if tx.prompts.count_since(since, user=user) >= settings.person_budget:
        return False
    if tx.prompts.count_since(since, channel=channel.id) >= settings.channel_budget:
        return False
    week = now - _RATE_PERIOD
    heard = tx.messages.count_since(channel.id, week, _RATE_MESSAGES)
    allowed = _FIRST + heard * PER_HUNDRED / 100
    return tx.prompts.count_since(week, channel=channel.id) + 1 <= allowed
