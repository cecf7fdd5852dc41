"""Slack's limits with their source: the walk over a whole payload, and the cut of a long text."""

from bot.slack.limits.payload import check
from bot.slack.limits.rules import LimitError, WeightError
from bot.slack.text.clipping import clip

__all__ = ["LimitError", "WeightError", "check", "clip"]
