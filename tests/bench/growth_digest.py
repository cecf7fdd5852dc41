"""How digests grow from 10,000 to 100,000 entries: one large channel's, and 51 due ones."""

import gc
import json
import math
import random
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any, Final

from sqlalchemy import text

from bot.domain.entries import ChannelId, UserId
from bot.domain.visibility import Person, Reader
from bot.usecases.review.digest import build_due_digests, plan_missing_digests, preview_digest
from storage.aggregate import table_of
from storage.migrate import upgrade
from storage.store import Store
from storage.tables.approval import ProposalRow
from storage.tables.entries import EntryRow, LandingRow, RevisionRow, UseRow
from storage.tables.listening import GapRow, OccurrenceRow
from storage.tables.review import DueReasonRow
from storage.tables.workspaces import ChannelRow
from tests.bench.figures import Figure
from tests.bench.filling import NOW, TEAM, postgresql
from tests.bench.memory import watched_memory

_SIZES: Final = (10_000, 100_000)
_USES_EACH: Final = 10
_CHANNELS: Final = 50
_CHUNK: Final = 5_000
_YEAR_MINUTES: Final = 365 * 24 * 60
# Goals: seconds, memory, and the power of the number of entries with which a time may grow.
_SECONDS, _MEGABYTES, _POWER = 2.0, 200.0, 1.1


def growing_digest() -> Iterator[Figure]:
    """Measure digests in databases of two sizes, each in its own process."""
    with tempfile.TemporaryDirectory() as folder:
        urls = {size: f"sqlite:///{Path(folder) / f'{size}.db'}" for size in _SIZES}
        yield from _figures("SQLite", urls)
    with postgresql() as small, postgresql() as large:
        yield from _figures("PostgreSQL", dict(zip(_SIZES, (small, large), strict=True)))


def _figures(name: str, urls: dict[int, str]) -> Iterator[Figure]:
    took: dict[str, list[float]] = {}
    for size, url in urls.items():
        upgrade(url)
        store = Store.open(url)
        fill_digests(store, size)
        store.close()
        for job in _JOBS:
            measured = _measured(job, url)
            took.setdefault(job, []).append(measured["seconds"])
            if size == max(urls):
                power = math.log(took[job][-1] / took[job][0], size / min(urls))
                named = f"{name}, {size:,} entries: {_NAMES[job]}"
                yield Figure(named, measured["seconds"], "s", _SECONDS)
                yield Figure("  its memory", measured["megabytes"], "MB", _MEGABYTES)
                yield Figure("  its growth from 10,000", power, "power", _POWER)


def _build_largest(store: Store) -> None:
    preview_digest(store, TEAM, ChannelId("C-all"), describe=_member, now=NOW)


def _build_due(store: Store) -> None:
    built = build_due_digests(store, TEAM, describe=_member, now=NOW)
    assert len(built) == _CHANNELS + 1, built


_JOBS: Final[dict[str, Callable[[Store], None]]] = {"one": _build_largest, "fifty": _build_due}
_NAMES: Final = {"one": "a digest of one channel with half of them", "fifty": "51 due digests"}


def _member(user: UserId) -> Reader:
    return Reader(person=Person(id=user, name=user), channels=frozenset({ChannelId("C-all")}))


def _measured(job: str, url: str) -> dict[str, float]:
    command = [sys.executable, "-m", "tests.bench.growth_digest", job, url]
    done = subprocess.run(command, check=True, capture_output=True, text=True)  # noqa: S603 - ours
    measured: dict[str, float] = json.loads(done.stdout)
    return measured


def _measure(job: str, url: str) -> None:
    """Run one job in this process, and print its seconds and the memory that it added."""
    store = Store.open(url)
    with store.read(TEAM) as tx:
        tx.channels.all()
    if job == "fifty":
        plan_missing_digests(store, TEAM, now=NOW - timedelta(days=7))
    # `opslore run` does so once it has imported everything.
    gc.freeze()
    with watched_memory() as memory:
        began = time.perf_counter()
        _JOBS[job](store)
        seconds = time.perf_counter() - began
    store.close()
    print(json.dumps({"seconds": seconds, "megabytes": max(memory) - memory[0]}))


def fill_digests(store: Store, entries: int) -> None:
    """Insert half of the entries into one channel, the others into fifty, with a year of uses."""
    chance = random.Random(7)
    with store.transaction(TEAM) as tx:
        insert = tx.session.connection().execute
        places = ["C-all", *(f"C{number}" for number in range(_CHANNELS))]
        insert(table_of(ChannelRow).insert(), [_channel(place) for place in places])
        for first in range(1, entries + 1, _CHUNK):
            numbers = range(first, min(first + _CHUNK, entries + 1))
            insert(table_of(EntryRow).insert(), [_entry(number) for number in numbers])
            insert(table_of(RevisionRow).insert(), [_revision(number) for number in numbers])
            insert(table_of(LandingRow).insert(), [_landing(number) for number in numbers])
            uses = [
                _use(number, index, chance) for number in numbers for index in range(_USES_EACH)
            ]
            insert(table_of(UseRow).insert(), uses)
            gaps = [number for number in numbers if number % 5 == 0]
            insert(table_of(GapRow).insert(), [_gap(number) for number in gaps])
            occurrences = [_occurrence(number, index) for number in gaps for index in range(2)]
            insert(table_of(OccurrenceRow).insert(), occurrences)
            gone = [number for number in numbers if number % 500 == 1]
            insert(table_of(DueReasonRow).insert(), [_reason(number) for number in gone])
            proposed = [number for number in numbers if number % 250 == 1]
            insert(table_of(ProposalRow).insert(), [_proposal(number) for number in proposed])
    if store.dialect == "postgresql":
        # Autovacuum does this within minutes after so many rows.
        with store.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            connection.execute(text("SET statement_timeout = 0"))
            connection.execute(text("VACUUM ANALYZE"))


def _home(number: int) -> str:
    return "C-all" if number % 2 else f"C{number // 2 % _CHANNELS}"


def _channel(place: str) -> dict[str, Any]:
    return {
        "team_id": TEAM,
        "id": place,
        "private": False,
        "joined": True,
        "watched": True,
        "muted": False,
        "archived": False,
        "deleted": False,
        "shared": False,
        "digest_weekday": 0,
        "digest_at": "08:00:00",
        "digest_timezone": "UTC",
    }


def _entry(number: int) -> dict[str, Any]:
    at = NOW - timedelta(minutes=number * 5)
    return {
        "id": number,
        "team_id": TEAM,
        "kind": "decision",
        "number": number,
        "state": "in_force" if number % 20 else "retired",
        "home": _home(number),
        "revision": 1,
        "title": f"Procedure {number}",
        "owner": f"U{number % 200}",
        "backup": "",
        "review_days": 90,
        "thin": number % 3 == 0,
        "created_at": at,
        "changed_at": at,
        "due_at": NOW + timedelta(minutes=number * 5 - 20_000),
        "flagged_at": at if number % 500 == 1 else None,
    }


def _revision(number: int) -> dict[str, Any]:
    return {
        "team_id": TEAM,
        "entry_id": number,
        "number": 1,
        "kind": "decision",
        "content": {"title": f"Procedure {number}", "rule": "We do it. " * 60, "owner": "U1"},
        "author": "U1",
        "at": NOW,
        "note": "",
        "change": "recorded",
        "effect": "wording",
        "superseded_by": "",
        "salt": "",
        "hash": "",
    }


def _landing(number: int) -> dict[str, Any]:
    return {"team_id": TEAM, "entry_id": number, "revision": 1, "at": NOW}


def _use(number: int, index: int, chance: random.Random) -> dict[str, Any]:
    return {
        "team_id": TEAM,
        "entry_id": number,
        "revision": 1,
        "outcome": chance.choices(("followed", "deviated", "failed"), (18, 1, 1))[0],
        "by": "U1",
        "at": NOW - timedelta(minutes=chance.randrange(_YEAR_MINUTES)),
        "note": "",
        "permalink": "",
        "key": f"{number}-{index}",
    }


def _gap(number: int) -> dict[str, Any]:
    at = NOW - timedelta(minutes=number)
    return {
        "id": number,
        "team_id": TEAM,
        "channel": _home(number),
        "act": "question",
        "title": f"What do we do about {number}?",
        "count": 2,
        "first_at": at,
        "last_at": at,
        "state": "open",
        "entry_id": None,
    }


def _occurrence(number: int, index: int) -> dict[str, Any]:
    return {
        "team_id": TEAM,
        "gap_id": number,
        "channel": _home(number),
        "ts": f"{number}.{index}",
        "thread_ts": f"{number}.{index}",
        "author": "U1",
        "at": NOW - timedelta(minutes=number),
        "permalink": f"https://x.slack.com/archives/{_home(number)}/p{number}{index}",
        "excerpt": "What do we do?",
    }


def _reason(number: int) -> dict[str, Any]:
    return {
        "team_id": TEAM,
        "entry_id": number,
        "kind": "owner_gone",
        "about": f"U{number % 200}",
        "at": NOW - timedelta(days=1),
        "settled_at": None,
        "left": False,
    }


def _proposal(number: int) -> dict[str, Any]:
    return {
        "team_id": TEAM,
        "entry_id": number,
        "revision": 1,
        "base": 1,
        "author": "U1",
        "owner": "U1",
        "state": "proposed",
        "opened_at": NOW - timedelta(days=1),
        "changed_at": NOW - timedelta(days=1),
        "decided_by": None,
    }


if __name__ == "__main__":
    _measure(*sys.argv[1:])
