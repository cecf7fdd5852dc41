"""Slack's limits with their source: the walk over a whole payload, and the cut of a long text."""

from bot.slack.limits.clipping import clip
from bot.slack.limits.rules import LimitError, WeightError
from bot.slack.limits.whole import check

__all__ = ["LimitError", "WeightError", "check", "clip"]
