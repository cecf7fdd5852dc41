"""The budgets of prompts inside a transaction."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Final

from bot.domain.entries import ChannelId, UserId
from bot.domain.prompt_rules import BUDGET_PERIOD
from bot.domain.prompts import PromptTally
from bot.domain.workspaces import Channel
from storage.store import Transaction

# The rate of prompts is over this time, and over at most this many messages.
_RATE_PERIOD: Final = timedelta(days=7)
_RATE_MESSAGES: Final = 1_000
# A quiet channel may be shown this many prompts in that time, whatever its rate.
_QUIET: Final = 2


def may_prompt(tx: Transaction, channel: Channel, user: UserId, now: datetime) -> bool:
    """Return whether a person may be prompted in a channel: within its rate and daily budgets."""
    if channel.muted:
        return False
    # Locked, because messages in other channels may be considered at the same time.
    settings = tx.workspace.get(lock=True)
    since = now - BUDGET_PERIOD
    if settings.prompt_rate == 0 or not may_ask(tx, user, now):
        return False
    if tx.prompts.count_since(since, channel=channel.id) >= settings.channel_budget:
        return False
    week = now - _RATE_PERIOD
    heard = tx.messages.count_since(channel.id, week, _RATE_MESSAGES)
    allowed = max(_QUIET, heard * settings.prompt_rate / 100)
    return tx.prompts.count_since(week, channel=channel.id) + 1 <= allowed


def may_ask(tx: Transaction, user: UserId, now: datetime) -> bool:
    """Return whether a prompt more is within a person's daily budget."""
    settings = tx.workspace.get(lock=True)
    return tx.prompts.count_since(now - BUDGET_PERIOD, user=user) < settings.person_budget


def tally_prompts(
    tx: Transaction, channels: Sequence[ChannelId], now: datetime
) -> Mapping[ChannelId, PromptTally]:
    """Count the prompts and messages of channels over the time that their rate is over."""
    since = now - _RATE_PERIOD
    heard = tx.messages.tally_since(since, channels)
    prompts = tx.prompts.tally_since(since, channels)
    return {
        channel: replace(prompts[channel], messages=heard.get(channel, 0)) for channel in channels
    }
