"""Rate limits of methods: docs.slack.dev, rate limits, and the tiers of its SDKs."""

from __future__ import annotations

from collections import defaultdict, deque

from sandbox.clock import Clock

WINDOW = 60.0
PER_MINUTE = {1: 1, 2: 20, 3: 50, 4: 100}
_TIERS = {
    "apps.connections.open": 1,
    "conversations.list": 2,
    "users.list": 2,
    "chat.update": 3,
    "chat.delete": 3,
    "conversations.info": 3,
    "conversations.open": 3,
    "conversations.history": 3,
    "conversations.replies": 3,
    "users.conversations": 3,
    "chat.postEphemeral": 4,
    "conversations.members": 4,
    "users.info": 4,
    "views.open": 4,
    "views.push": 4,
    "views.update": 4,
    "views.publish": 4,
}
# Methods without a tier: "several hundred per minute", and one message per second and channel.
_SPECIAL = 300


class Rates:
    """Counts calls in a sliding minute of the workspace's clock."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._calls: defaultdict[str, deque[float]] = defaultdict(deque)

    def retry_after(self, method: str, channel: str) -> int | None:
        """Count a call and return None, or return the whole seconds to wait before the next try."""
        now = self._clock.seconds()
        most = PER_MINUTE[_TIERS[method]] if method in _TIERS else _SPECIAL
        windows = [(method, most, WINDOW)]
        if method == "chat.postMessage":
            windows.append((f"{method} {channel}", 1, 1.0))
        for key, limit, seconds in windows:
            calls = self._calls[key]
            while calls and calls[0] <= now - seconds:
                calls.popleft()
            if len(calls) >= limit:
                return max(1, int(calls[0] + seconds - now + 0.999))
        for key, _, _ in windows:
            self._calls[key].append(now)
        return None
