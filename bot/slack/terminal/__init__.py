"""A Slack message as it reads on a terminal."""

from bot.slack.terminal.drawing import draw

__all__ = ["draw"]
