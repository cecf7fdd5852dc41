"""Memory and files shared by the test and the bot, which outlive a killed bot."""

import mmap
import os
import struct
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Final

_FORMAT: Final = "q"
_SIZE: Final = struct.calcsize(_FORMAT)
_ARMED, _DEATHS, _BOT = range(3)
# A killed bot's outbox item is free again when its lease is over, so the clock jumps at each death.
_JUMP: Final = timedelta(minutes=2)


class Memory:
    """Whether steps count, at which one the bot dies, which were taken, and how often it died."""

    def __init__(self, folder: Path) -> None:
        self._target = folder / "target"
        self._taken = (folder / "taken").open("a+b", buffering=0)
        path = folder / "memory"
        if not path.exists():
            path.write_bytes(bytes(3 * _SIZE))
        with path.open("r+b") as file:
            self._page = mmap.mmap(file.fileno(), 3 * _SIZE)

    def arm(self, step: str) -> None:
        """Count steps from now on and let the bot die at this one; if it is empty, at none."""
        self._target.write_text(step)
        self._taken.truncate(0)
        self._set(_ARMED, 1)

    def disarm(self) -> list[str]:
        """Stop counting steps and return those that were taken."""
        self._set(_ARMED, 0)
        self._taken.seek(0)
        return self._taken.read().decode().splitlines()

    @property
    def armed(self) -> bool:
        return self._get(_ARMED) == 1

    @property
    def target(self) -> str:
        """Return the step to die at."""
        return self._target.read_text()

    def take(self, step: str) -> None:
        """Store the name of a step."""
        self._taken.write(f"{step}\n".encode())

    @property
    def deaths(self) -> int:
        return self._get(_DEATHS)

    def born(self, bot: int) -> None:
        """Store the process id of the present bot."""
        self._set(_BOT, bot)

    def died(self) -> None:
        self._set(_DEATHS, self.deaths + 1)

    def kill(self, number: int) -> None:
        """Send the bot a signal."""
        os.kill(self._get(_BOT), number)

    def now(self) -> datetime:
        """Return the time, which the bot and its Slack share."""
        return datetime.now(UTC) + self.deaths * _JUMP

    def close(self) -> None:
        """Close the files."""
        self._taken.close()
        self._page.close()

    def _get(self, at: int) -> int:
        return int(struct.unpack_from(_FORMAT, self._page, at * _SIZE)[0])

    def _set(self, at: int, value: int) -> None:
        struct.pack_into(_FORMAT, self._page, at * _SIZE, value)
