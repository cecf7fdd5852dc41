"""Sending outbox items to Slack, and redrawing what was sent: one module per kind of item."""
