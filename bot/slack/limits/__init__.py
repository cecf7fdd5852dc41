"""Slack's limits with their sources, and the check of a whole payload."""

from bot.slack.limits.payload import check
from bot.slack.limits.rules import LimitError, WeightError

__all__ = ["LimitError", "WeightError", "check"]
