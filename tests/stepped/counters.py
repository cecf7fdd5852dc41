"""What the test and the bot that it kills both see, though the bot dies: a page of memory."""

import mmap
import struct
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Final

_SIZE: Final = 8
# A telling of a killed bot is free again when its lease is over; so the clock jumps at each death.
_JUMP: Final = timedelta(minutes=2)


class Counters:
    """Counters in a file that two processes map, and the names of the steps beside it.

    `left`: how many steps the bot still takes, 0 for as many as it likes. `deaths`: how often it
    died so far.
    """

    def __init__(self, folder: Path) -> None:
        self._names = (folder / "steps").open("a+b", buffering=0)
        path = folder / "counters"
        if not path.exists():
            path.write_bytes(bytes(2 * _SIZE))
        with path.open("r+b") as file:
            self._page = mmap.mmap(file.fileno(), 2 * _SIZE)

    @property
    def left(self) -> int:
        return self._get(0)

    @left.setter
    def left(self, value: int) -> None:
        self._set(0, value)

    @property
    def deaths(self) -> int:
        return self._get(1)

    @deaths.setter
    def deaths(self, value: int) -> None:
        self._set(1, value)

    def now(self) -> datetime:
        """The time for the bot and its Slack alike."""
        return datetime.now(UTC) + self.deaths * _JUMP

    def passed(self, step: str) -> None:
        """Keep the name of a step that was taken, or at which the bot died."""
        self._names.write(f"{step}\n".encode())

    def steps(self) -> list[str]:
        """The names kept so far."""
        self._names.seek(0)
        return self._names.read().decode().splitlines()

    def close(self) -> None:
        """Let go of both files."""
        self._names.close()
        self._page.close()

    def _get(self, at: int) -> int:
        return int(struct.unpack_from("q", self._page, at * _SIZE)[0])

    def _set(self, at: int, value: int) -> None:
        struct.pack_into("q", self._page, at * _SIZE, value)
