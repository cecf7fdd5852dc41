"""Channels in which Slack asked the bot to pause."""

import threading
from datetime import datetime, timedelta


class ChannelHolds:
    """The ends of the pauses by channel; safe to share between threads.

    Slack limits posts by channel (docs.slack.dev, rate limits: about one a second), so its
    `Retry-After` for one post holds for every other post to that channel.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._ends: dict[str, datetime] = {}

    def hold(self, channel: str, *, seconds: float, now: datetime) -> None:
        """Post nothing to a channel for some seconds; a longer hold stays as it is."""
        end = now + timedelta(seconds=seconds)
        with self._lock:
            self._ends = {key: other for key, other in self._ends.items() if other > now}
            self._ends[channel] = max(end, self._ends.get(channel, end))

    def seconds_left(self, channel: str, now: datetime) -> float:
        """Return the seconds until a channel takes posts again; 0 if it takes them now."""
        with self._lock:
            end = self._ends.get(channel, now)
        return max(0.0, (end - now).total_seconds())
