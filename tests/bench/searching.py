"""Search among 100,000 entries as a person types, as a ratio to the database's own query."""

import random
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Final

from sqlalchemy import text

from bot.domain.entries import ChannelId, UserId
from bot.domain.visibility import Person, Reader
from bot.embedding import find_embedder
from bot.embedding.cache import EmbeddingCache
from bot.usecases.steps.ranking import rank_candidates
from bot.usecases.steps.thread_evidence import weigh_heard_threads
from storage.migrate import upgrade
from storage.store import Store
from tests.bench.considering import Talk, fill_threads
from tests.bench.figures import Figure, percentile
from tests.bench.filling import ENTRIES, TEAM, fill, postgresql

_QUERIES: Final = 300
# The raw query and ranking by meaning run this often only, because they take long.
_OVER_RAW: Final = 100
# The simplest search of each database: any of the words, ranked, in force.
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
    """Measure queries of one to three words of an entry, then the same with a typo in one word."""
    with tempfile.TemporaryDirectory() as folder:
        yield from _figures("SQLite", f"sqlite:///{Path(folder) / 'bench.db'}")
    with postgresql() as url:
        yield from _figures("PostgreSQL", url)


def _figures(name: str, url: str) -> Iterator[Figure]:
    chance = random.Random(7)
    upgrade(url)
    store = Store.open(url)
    documents = fill(store, chance)
    words = [word for words_of_entry in documents for word in words_of_entry]
    fill_threads(store, Talk(random.Random(7), words, list(range(1, len(words) + 1))))
    if store.dialect == "postgresql":
        # Autovacuum does this within minutes after so many rows.
        with store.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            connection.execute(text("SET statement_timeout = 0"))
            connection.execute(text("VACUUM ANALYZE"))
    queries = [chance.sample(chance.choice(documents), 1 + n % 3) for n in range(_QUERIES)]
    queries_with_typo = [[_with_typo(max(words, key=len), chance), *words[1:]] for words in queries]
    reader = Reader(
        person=Person(id=UserId("U1"), name="ana"), channels=frozenset({ChannelId("C1")})
    )
    glue, pattern = _ANY[store.dialect]

    def ours(words: Sequence[str]) -> None:
        with store.read(TEAM) as tx:
            tx.entries.visible_to(reader).search(" ".join(words))

    def half_typed(words: Sequence[str]) -> None:
        with store.read(TEAM) as tx:
            tx.entries.visible_to(reader).suggest(words[0][:3], None, 20)

    def raw(words: Sequence[str]) -> None:
        any_of = glue.join(pattern.format(word) for word in words)
        with store.read(TEAM) as tx:
            tx.session.connection().execute(_RAW[store.dialect], {"words": any_of}).all()

    for words in queries[:20]:
        ours(words)
        raw(words)
    times, base = _timed(queries, ours), _timed(queries[:_OVER_RAW], raw)
    corrected, suggested = _timed(queries_with_typo, ours), _timed(queries[:_OVER_RAW], half_typed)
    ranked = _ranked(store, reader, queries)
    store.close()
    ratio = percentile(times[:_OVER_RAW], 0.99) / percentile(base, 0.99)
    named = f"{name}, {ENTRIES:,} entries"
    yield Figure(f"{named}: search, median", percentile(times, 0.5), "ms")
    yield Figure(f"{named}: search, p99", percentile(times, 0.99), "ms", 50)
    yield Figure("  p99 over the raw query's", ratio, "times", 2)
    yield Figure("  the same with a typo, p99", percentile(corrected, 0.99), "ms", 50)
    yield Figure("  a half-typed title, p99", percentile(suggested, 0.99), "ms", 50)
    yield from ranked


def _ranked(store: Store, reader: Reader, queries: Sequence[Sequence[str]]) -> list[Figure]:
    """Measure the ranking of `/lore find`, without and with the extra if it is installed."""
    embedder = find_embedder()
    found = EmbeddingCache(embedder) if embedder else None

    def ranked(words: Sequence[str], embeddings: EmbeddingCache | None = None) -> None:
        with store.read(TEAM) as tx:
            candidates = tx.entries.visible_to(reader).candidates(" ".join(words))
            evidence = weigh_heard_threads(tx, reader.channels, candidates)
        rank_candidates(candidates, embeddings, evidence)

    by_words = _timed(queries, ranked)
    figures = [Figure("  ranked by words and threads, p99", percentile(by_words, 0.99), "ms", 50)]
    if found is not None:
        # The first search loads the model.
        ranked(queries[0], found)
        by_meaning = _timed(queries[:_OVER_RAW], lambda words: ranked(words, found))
        figures.append(Figure("  ranked again, p99", percentile(by_meaning, 0.99), "ms", 150))
    return figures


def _timed(
    queries: Sequence[Sequence[str]], search: Callable[[Sequence[str]], None]
) -> list[float]:
    times = []
    for words in queries:
        began = time.perf_counter()
        search(words)
        times.append((time.perf_counter() - began) * 1000)
    return times


def _with_typo(word: str, chance: random.Random) -> str:
    """Swap two letters of a word; a word of fewer than four letters stays unchanged."""
    if len(word) < 4:
        return word
    at = chance.randrange(1, len(word) - 2)
    return word[:at] + word[at + 1] + word[at] + word[at + 2 :]
