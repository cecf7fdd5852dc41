"""Large exports for tests and benchmarks: real threads, again and again, in many channels."""

import json
import random
import re
import zipfile
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from functools import cache
from itertools import accumulate
from pathlib import Path
from typing import Final
from zlib import crc32

from tests.support.exports import MENTION, TEAMS, Line, Record, account, message, read_team

_NCAR: Final = TEAMS.parent / "ncar.jsonl"
_FIRST_DAY: Final = datetime(2024, 1, 1, tzinfo=UTC)
_MOST_DAYS: Final = 780  # three years of working days
_MOST_CHANNELS: Final = 60
_PEOPLE_OF_CHANNEL: Final = 12
# A thread of the sources may last for days; here it ends on its own.
_LONGEST: Final = timedelta(hours=5)
_ONCE: Final = 0.6  # the share of threads that never come back
_OPEN_SECONDS: Final = 18 * 3600  # of a day, in which threads begin
_LONG_WORD: Final = re.compile(r"[a-z]{5,}")
_SYLLABLES: Final = ("ba", "ko", "ri", "mu", "te", "la", "ni", "so", "ve", "du", "pa", "ger")


@dataclass(frozen=True, slots=True, kw_only=True)
class _Shape:
    """How a history is spread: over days, channels and people."""

    messages: int
    days: int
    channels: int

    @classmethod
    def of(cls, messages: int) -> "_Shape":
        return cls(
            messages=messages,
            days=max(20, min(_MOST_DAYS, messages // 200)),
            channels=max(2, min(_MOST_CHANNELS, messages // 500)),
        )


def write_history(path: Path, messages: int, *, seed: int = 7) -> Path:
    """Write an export with about this many messages, and return its path.

    Each channel has its own people, and in place of a third of the long words its own, so that its
    matters are its own too. Some threads come back often, most rarely or never.
    """
    chance, shape = random.Random(seed), _Shape.of(messages)
    tellers = [_Teller(channel, _threads(), chance) for channel in range(shape.channels)]
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
        archive.writestr("users.json", json.dumps(list(_users(shape.channels))))
        channels = [{"id": f"C{n:08}", "name": _channel(n)} for n in range(shape.channels)]
        archive.writestr("channels.json", json.dumps(channels))
        for day in range(shape.days):
            at = _FIRST_DAY + timedelta(days=day // 5 * 7 + day % 5)
            due = messages * (day + 1) // shape.days - messages * day // shape.days
            for number, teller in enumerate(tellers):
                wanted = due * (number + 1) // len(tellers) - due * number // len(tellers)
                records = teller.tell(at, wanted)
                archive.writestr(f"{_channel(number)}/{at:%Y-%m-%d}.json", json.dumps(records))
    return path


class _Teller:
    """Tells the threads of one channel: some come back often, most rarely."""

    def __init__(self, channel: int, threads: Sequence[list[Line]], chance: random.Random) -> None:
        self._channel, self._chance, self._once = channel, chance, 0
        self._threads = chance.sample(threads, len(threads))
        self._weights = list(accumulate(1 / (rank + 10) for rank in range(len(threads))))

    def tell(self, day: datetime, messages: int) -> list[Record]:
        """Return the records of a day, oldest first."""
        records: list[Record] = []
        while len(records) < messages:
            (thread,) = self._chance.choices(self._threads, cum_weights=self._weights)
            if self._chance.random() < _ONCE:
                thread = [self._said_once(line) for line in thread]
            begin = day + timedelta(seconds=self._chance.randrange(_OPEN_SECONDS))
            records += _retold(thread, self._channel, begin, self._chance)
        return sorted(records[:messages], key=lambda record: record["ts"])

    def _said_once(self, line: Line) -> Line:
        """Return a message with another text, in words that don't come back."""
        self._once += 1
        other = self._chance.choice(self._chance.choice(self._threads))
        return replace(line, text=_reword(other.text, self._channel - 1000 * self._once))


@cache
def _threads() -> list[list[Line]]:
    """Return the threads of the labeled teams and of NCAR's chat."""
    lines = [line for team in sorted(TEAMS.iterdir()) if team.is_dir() for line in read_team(team)]
    rows = [json.loads(row) for row in _NCAR.read_text("utf-8").splitlines()]
    lines += [
        Line(
            id=row["id"],
            channel=row["channel"],
            thread=row["thread"],
            at=row["ts"],
            author=row["author"],
            text=row["text"],
        )
        for row in rows
    ]
    threads: defaultdict[tuple[str, str], list[Line]] = defaultdict(list)
    for line in lines:
        threads[line.channel, line.thread].append(line)
    return list(threads.values())


def _retold(
    source: Sequence[Line], channel: int, begin: datetime, chance: random.Random
) -> Iterator[Record]:
    """Yield a thread as people of the channel say it, at its own pace but within a few hours."""
    people = chance.sample(range(_PEOPLE_OF_CHANNEL), _PEOPLE_OF_CHANNEL)
    root = ""
    for number, line in enumerate(source):
        after = min(timedelta(seconds=line.at - source[0].at), _LONGEST) + timedelta(seconds=number)
        ts = f"{(begin + after).timestamp():.0f}.{chance.randrange(1_000_000):06d}"
        root = root or ts
        yield message(
            _user(channel, line.author, people),
            ts,
            MENTION.sub(
                lambda found: f"<@{_user(channel, found[1], people)}>",
                _reword(line.text, channel),
            ),
            **({"thread_ts": root} if ts != root else {}),
        )


def _reword(text: str, channel: int) -> str:
    """Return a text with the channel's own words in place of a third of the long ones."""
    return _LONG_WORD.sub(lambda found: _word(found[0], channel), text)


def _word(word: str, channel: int) -> str:
    code = crc32(f"{channel} {word}".encode())
    if code % 3:
        return word
    return "".join(_SYLLABLES[(code >> bits) % len(_SYLLABLES)] for bits in (4, 10, 16, 22))


def _user(channel: int, author: str, people: Sequence[int]) -> str:
    return f"U{channel:03}{people[crc32(author.encode()) % len(people)]:05}"


def _users(channels: int) -> Iterator[Record]:
    for channel in range(channels):
        for person in range(_PEOPLE_OF_CHANNEL):
            yield account(f"U{channel:03}{person:05}", f"person{channel * 100 + person}")


def _channel(number: int) -> str:
    return f"team-{number:02}"
