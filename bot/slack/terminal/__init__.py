"""Slack messages as text for a terminal."""

from bot.slack.terminal.drawing import draw

__all__ = ["draw"]
