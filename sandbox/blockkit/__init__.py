"""Validation of Block Kit as Slack does it: messages, modals and the Home tab."""

from sandbox.blockkit.messages import check_message
from sandbox.blockkit.views import check_view

__all__ = ["check_message", "check_view"]
