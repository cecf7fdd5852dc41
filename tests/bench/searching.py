"""Search among 100,000 entries, as a person types, over the database's own query for the words."""

import random
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Final

from sqlalchemy import text

from bot.domain.entries import ChannelId, UserId
from bot.domain.visibility import Person, Reader
from storage.migrate import upgrade
from storage.store import Store
from tests.bench.figures import Figure, percentile
from tests.bench.filling import ENTRIES, TEAM, fill, postgresql

_QUERIES: Final = 300
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
    with postgresql() as url:
        yield from _figures("PostgreSQL", url)


def _figures(name: str, url: str) -> Iterator[Figure]:
    chance = random.Random(7)
    upgrade(url)
    store = Store.open(url)
    documents = fill(store, chance)
    if store.dialect == "postgresql":
        # As its autovacuum does within minutes of so many rows.
        with store.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            connection.execute(text("SET statement_timeout = 0"))
            connection.execute(text("VACUUM ANALYZE"))
    asked = [chance.sample(chance.choice(documents), 1 + n % 3) for n in range(_QUERIES)]
    slipped = [[_slip(max(words, key=len), chance), *words[1:]] for words in asked]
    reader = Reader(
        person=Person(id=UserId("U1"), name="ana"), channels=frozenset({ChannelId("C1")})
    )
    glue, each = _ANY[store.dialect]

    def ours(words: Sequence[str]) -> None:
        with store.read(TEAM) as tx:
            tx.entries.visible_to(reader).search(" ".join(words))

    def half_typed(words: Sequence[str]) -> None:
        with store.read(TEAM) as tx:
            tx.entries.visible_to(reader).suggest(words[0][:3], None, 20)

    def raw(words: Sequence[str]) -> None:
        any_of = glue.join(each.format(word) for word in words)
        with store.read(TEAM) as tx:
            tx.session.connection().execute(_RAW[store.dialect], {"words": any_of}).all()

    for words in asked[:20]:
        ours(words)
        raw(words)
    took, base = _timed(asked, ours), _timed(asked[:_OVER_RAW], raw)
    mended, suggested = _timed(slipped, ours), _timed(asked[:_OVER_RAW], half_typed)
    store.close()
    ratio = percentile(took[:_OVER_RAW], 0.99) / percentile(base, 0.99)
    named = f"{name}, {ENTRIES:,} entries"
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
