"""How long Slack waits for an app, and when it sends an event again."""

from __future__ import annotations

from dataclasses import dataclass

from sandbox.delivery import ACK_SECONDS
from sandbox.permissions import TRIGGER_SECONDS


@dataclass(frozen=True, slots=True, kw_only=True)
class Timing:
    """Slack's times, in seconds. Tests change them, for a machine may be slower than Slack expects.

    An event that the app doesn't acknowledge within `ack_seconds` is sent again after each of
    `retry_delays`, in real time. A trigger expires `trigger_seconds` after the click, by the
    workspace's clock.
    """

    ack_seconds: float = ACK_SECONDS
    retry_delays: tuple[float, ...] = (0.0, 60.0, 300.0)
    trigger_seconds: float = TRIGGER_SECONDS
