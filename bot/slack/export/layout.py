"""Where an export's chat is: a folder for each channel, and in it a file for each day."""

import re
from collections import defaultdict
from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass, replace
from datetime import date
from typing import Final, Self

from bot.domain.errors import InvalidInputError

# Slack began in 2013. A day before or after each of these is a date too.
_DAY: Final = re.compile(r"(20\d{2}-\d{2}-\d{2})\.json", re.ASCII)
# Direct messages: the folder is named by their id, or by those who write to each other.
_DIRECT: Final = re.compile(r"D[A-Z0-9]{8,}|mpdm-.+")
_LISTS: Final = ("users.json", "channels.json")


@dataclass(frozen=True, slots=True, kw_only=True)
class Day:
    """The files of one day: the channel and the name of each."""

    date: date
    files: tuple[tuple[str, str], ...]

    def only(self, channels: Collection[str]) -> Self:
        """Return the day with the files of these channels."""
        files = tuple(file for file in self.files if file[0] in channels)
        return replace(self, files=files)


@dataclass(frozen=True, slots=True, kw_only=True)
class Layout:
    """The days of an export in order, and the channels that they are from.

    `top`: the folder in which `users.json` is, with its slash; empty if it's at the top.
    """

    top: str
    days: tuple[Day, ...]
    channels: tuple[str, ...]
    direct: tuple[str, ...]


def find_layout(
    names: Collection[str], *, direct: Collection[str], wanted: Callable[[str, date], bool]
) -> Layout:
    """Find the chat among the names of an export's files.

    `direct`: the folders that hold direct messages, which are left out, and so are those that are
    named like one. `wanted`: whether to read a channel on a day.

    Raises:
        InvalidInputError: there is no chat in it.
    """
    top = find_top(names)
    days: defaultdict[date, list[tuple[str, str]]] = defaultdict(list)
    channels: set[str] = set()
    private: set[str] = set()
    for name in names:
        channel, day = _channel_and_day(name, top)
        if day is None:
            continue
        if channel in direct or _DIRECT.fullmatch(channel):
            private.add(channel)
            continue
        if wanted(channel, day):
            channels.add(channel)
            days[day].append((channel, name))
    if not channels:
        raise InvalidInputError(_nothing(private))
    return Layout(
        top=top,
        days=tuple(Day(date=day, files=tuple(sorted(days[day]))) for day in sorted(days)),
        channels=tuple(sorted(channels)),
        direct=tuple(sorted(private)),
    )


def find_top(names: Iterable[str]) -> str:
    """Return the folder of `users.json` or `channels.json`: people often zip the folder again."""
    tops = [
        name.removesuffix(listed)
        for listed in _LISTS
        for name in names
        if (name == listed or name.endswith(f"/{listed}")) and not _is_of_mac(name)
    ]
    return min(tops, key=len, default="")


def _channel_and_day(name: str, top: str) -> tuple[str, date | None]:
    channel, _, file = name.removeprefix(top).rpartition("/")
    found = _DAY.fullmatch(file)
    if found is None or not channel or "/" in channel or not name.startswith(top):
        return "", None
    if _is_of_mac(name):
        return "", None
    try:
        return channel, date.fromisoformat(found[1])
    except ValueError:
        return "", None


def _is_of_mac(name: str) -> bool:
    """Whether macOS added the file when the folder was zipped."""
    return name.startswith("__MACOSX/")


def _nothing(private: Collection[str]) -> str:
    if private:
        return (
            "Only direct messages are left, and they aren't read. Check `--channels`, `--since` "
            "and `--until`."
        )
    return (
        "No chat was found. An export has a folder for each channel, and in it a file such as "
        "2026-03-01.json for each day. If it has, check `--channels`, `--since` and `--until`."
    )
