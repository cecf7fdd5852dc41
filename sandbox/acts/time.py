"""Moving the workspace's clock forward."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from sandbox.errors import ActionRefusedError
from sandbox.installation import Installation


class Time:
    """Acts on the clock. Each returns the new time in seconds since 1970."""

    def __init__(self, installation: Installation) -> None:
        self._lock = installation.workspace.lock
        self._clock = installation.workspace.clock

    def ahead(self, hours: float) -> float:
        """Move it forward by some hours."""
        return self._move(self._clock.seconds() + hours * 3600)

    def to(self, local: str, zone: str) -> float:
        """Move it to a wall-clock time of a zone, as "2026-03-09T09:00".

        Raises:
            ActionRefusedError: the time has passed, or it or the zone doesn't exist.
        """
        try:
            target = datetime.fromisoformat(local).replace(tzinfo=ZoneInfo(zone))
        except (ValueError, ZoneInfoNotFoundError) as error:
            raise ActionRefusedError(f"this is no time: {local} in {zone}") from error
        return self._move(target.timestamp())

    def monday(self, zone: str) -> float:
        """Move it to the next Monday at 09:00 of a zone."""
        here = datetime.fromtimestamp(self._clock.seconds(), UTC).astimezone(ZoneInfo(zone))
        target = here.replace(hour=9, minute=0, second=0, microsecond=0)
        target += timedelta(days=-here.weekday() % 7)
        return self._move((target if target > here else target + timedelta(days=7)).timestamp())

    def _move(self, to: float) -> float:
        try:
            with self._lock:
                self._clock.move(to)
        except ValueError as error:
            raise ActionRefusedError(str(error)) from error
        return to
