"""A local stand-in of Slack: its protocol, its strictness, and people to act in it."""

from sandbox.driver import Driver
from sandbox.server import Sandbox
from sandbox.timing import Timing

__all__ = ["Driver", "Sandbox", "Timing"]
