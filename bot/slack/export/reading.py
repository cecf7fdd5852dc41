"""A whole export: its people, and its messages in order of time."""

import json
from collections import defaultdict
from collections.abc import Callable, Collection, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from pathlib import Path
from typing import Final

from bot.domain.entries import ChannelId
from bot.domain.invisible import show_invisible
from bot.domain.listening.conversation import Said
from bot.slack.export.archive import LARGEST, Archive, UnreadableError, open_archive
from bot.slack.export.faults import Faults
from bot.slack.export.layout import Day, Layout, find_layout, find_top
from bot.slack.export.people import People, read_people
from bot.slack.export.records import read_record
from bot.slack.payloads.fields import MalformedError, at, optional

# The lists of what the folders are.
_CHANNELS: Final = ("channels.json", "groups.json")
_DIRECT: Final = ("dms.json", "mpims.json")


@dataclass(frozen=True, slots=True, kw_only=True)
class Export:
    """An open export. `faults` grows while it is read."""

    archive: Archive
    layout: Layout
    people: People
    channel_names: Mapping[str, str]
    faults: Faults = field(default_factory=Faults)

    def read_day(self, day: Day) -> list[Said]:
        """Return the messages of one day in all channels, oldest first, each once.

        A file or record that can't be read is added to the faults and left out.
        """
        heard: dict[tuple[str, str], Said] = {}
        for channel, name in day.files:
            for number, record in enumerate(_read_list(self.archive, name, self.faults), 1):
                try:
                    said = read_record(record, ChannelId(channel), self.people, self.channel_names)
                except MalformedError as error:
                    self.faults.add(_shown(name), f"record {number}: {error.user_text}")
                    continue
                if said is not None:
                    heard.setdefault((channel, said.ts), said)
        return sorted(heard.values(), key=lambda said: (said.at, said.channel))

    def find(self, places: Collection[tuple[ChannelId, str]]) -> dict[tuple[ChannelId, str], Said]:
        """Read again the messages at these places, each a channel and a timestamp."""
        wanted: defaultdict[date, set[str]] = defaultdict(set)
        for channel, ts in places:
            for days in (-1, 0, 1):  # the day of a file is that of the workspace's time zone
                wanted[at(ts).date() + timedelta(days=days)].add(channel)
        again = replace(self, faults=Faults())
        messages = [
            said
            for day in self.layout.days
            if day.date in wanted
            for said in again.read_day(day.only(wanted[day.date]))
        ]
        return {
            (said.channel, said.ts): said for said in messages if (said.channel, said.ts) in places
        }

    def size(self, day: Day) -> int:
        """Return the bytes that the files of a day take on the disk."""
        return sum(self.archive.sizes[name] for _, name in day.files)


@contextmanager
def open_export(
    path: Path, *, wanted: Callable[[str, date], bool], largest: int = LARGEST
) -> Iterator[Export]:
    """Open an export and read its people and channels. `wanted`: as in `find_layout`.

    Raises:
        InvalidInputError: the path isn't an export, or holds no chat.
    """
    with open_archive(path, largest=largest) as archive:
        faults, top = Faults(), find_top(archive.sizes)
        direct = _read_channels(archive, top, _DIRECT, faults)
        layout = find_layout(
            archive.sizes.keys(), direct={*direct, *direct.values()}, wanted=wanted
        )
        people, wrong = read_people(_read_list(archive, f"{top}users.json", faults))
        for why in wrong:
            faults.add("users.json", why)
        yield Export(
            archive=archive,
            layout=layout,
            people=people,
            channel_names=_read_channels(archive, top, _CHANNELS, faults),
            faults=faults,
        )


def _read_channels(
    archive: Archive, top: str, lists: tuple[str, ...], faults: Faults
) -> dict[str, str]:
    """Return names by id; a direct message has no name, and its id is its folder."""
    names: dict[str, str] = {}
    for listed in lists:
        # An export has only the lists of what it contains.
        if f"{top}{listed}" not in archive.sizes:
            continue
        for number, record in enumerate(_read_list(archive, f"{top}{listed}", faults), 1):
            try:
                names[optional(record, "id")] = optional(record, "name")
            except MalformedError as error:
                faults.add(listed, f"record {number}: {error.user_text}")
    names.pop("", None)
    return names


def _read_list(archive: Archive, name: str, faults: Faults) -> list[object]:
    """Return the records of a file; empty, with a fault, if it can't be read."""
    if name not in archive.sizes:
        faults.add(_shown(name), "the export doesn't have it")
        return []
    try:
        records = json.loads(archive.read(name))
    except UnreadableError as error:
        faults.add(_shown(name), str(error))
    except (ValueError, RecursionError) as error:
        faults.add(_shown(name), f"it isn't JSON ({error})")
    else:
        if isinstance(records, list):
            return records
        faults.add(_shown(name), "it isn't a list")
    return []


def _shown(name: str) -> str:
    """Return a file's name with what could move the cursor of a terminal as escapes."""
    return show_invisible(name).replace("\n", "\\n").replace("\t", "\\t")
