"""Considering messages in a channel in which 100,000 threads were heard."""

import gc
import random
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import accumulate
from pathlib import Path
from typing import Any, Final

from sqlalchemy import Table, text

from bot.domain.entries import ChannelId, UserId
from bot.domain.listening.conversation import Said
from bot.domain.listening.heard import Heard, hear
from bot.domain.listening.profiles import make_profile
from bot.domain.listening.prompting import QUIET
from bot.domain.listening.stored import StoredMessage
from bot.domain.messages import PostedMessage
from bot.domain.outbox import OutboxItem, Topic
from bot.domain.recognition import Reading, read
from bot.domain.visibility import Person, Reader
from bot.domain.workspaces import Channel
from bot.usecases.listening.consider import Surroundings, consider_message
from bot.usecases.listening.messages import hear_message
from bot.usecases.listening.settle import settle_thread
from storage.aggregate import table_of
from storage.heard_rows import values_of
from storage.migrate import upgrade
from storage.store import Store
from storage.tables.listening import (
    HeardMessageRow,
    TermCountRow,
    ThreadRow,
    ThreadTermRow,
)
from storage.term_counts import count_keys
from tests.bench.figures import Figure, percentile
from tests.bench.filling import NOW, TEAM, fill, postgresql

_THREADS: Final = 100_000
_ENTRIES: Final = 10_000
_MEASURED: Final = 300
# The first messages of a process load models and build statements.
_FIRST: Final = 20
_CHUNK: Final = 5_000
_READ: Final = 1_000
# All threads are as recent as can be: none is left out because it is too old.
_APART: Final = timedelta(days=110) / _THREADS
_WORDS: Final = 12_000
_PEOPLE: Final = 40
_OPS: Final = ChannelId("C1")
_LEAST_MILLISECONDS: Final = 20


def considering() -> Iterator[Figure]:
    """Measure messages, half of which are about the matter of an earlier thread."""
    with tempfile.TemporaryDirectory() as folder:
        yield from _figures("SQLite", f"sqlite:///{Path(folder) / 'bench.db'}")
    with postgresql() as url:
        yield from _figures("PostgreSQL", url)


@dataclass(frozen=True)
class Talk:
    """Sentences of a language whose words are as unevenly frequent as in any."""

    chance: random.Random
    words: list[str]
    weights: list[float] = field(default_factory=list)
    said: list[list[str]] = field(default_factory=list)
    readings: tuple[list[Reading], list[Reading]] = field(default_factory=lambda: ([], []))

    @classmethod
    def begin(cls) -> "Talk":
        chance = random.Random(7)
        syllables = [a + b for a in "bcdfglmnprstv" for b in "aeiou"]
        words = {"".join(chance.choices(syllables, k=chance.randint(2, 4))) for _ in range(_WORDS)}
        ordered = sorted(words)
        chance.shuffle(ordered)
        weights = list(accumulate(1 / (rank + 10) ** 0.9 for rank in range(len(ordered))))
        return cls(chance, ordered, weights)

    def ask(self) -> str:
        """Return a question in new words, or in most words of an earlier one."""
        if self.said and self.chance.random() < 1 / 2:
            earlier = self.chance.choice(self.said)
            words = [word for word in earlier if self.chance.random() < 3 / 4] + self._some(2)
        else:
            words = self._some(9)
        self.said.append(words)
        return f"How do we {' '.join(words)}?"

    def answer(self) -> str:
        """Return an answer."""
        return f"Restart it and {' '.join(self._some(8))}."

    def read(self, message: Said, before: Sequence[Said]) -> Reading:
        """Return the reading of a message; after the first ones, that of another like it.

        Reading each of them would take minutes.
        """
        known = self.readings[len(before)]
        if len(known) < _READ:
            known.append(read(message, before))
            return known[-1]
        return self.chance.choice(known)

    def _some(self, count: int) -> list[str]:
        return self.chance.choices(self.words, cum_weights=self.weights, k=count)


def _figures(name: str, url: str) -> Iterator[Figure]:
    upgrade(url)
    store = Store.open(url)
    fill(store, random.Random(7), _ENTRIES)
    talk = Talk.begin()
    fill_threads(store, talk)
    if store.dialect == "postgresql":
        # Autovacuum does this within minutes after so many rows.
        with store.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            connection.execute(text("SET statement_timeout = 0"))
            connection.execute(text("VACUUM ANALYZE"))
    # A bot has no such chat in memory, so the garbage collector doesn't look through it.
    gc.collect()
    gc.freeze()
    considered, settled = _measure(store, talk)
    store.close()
    both = [sum(times) for times in zip(considered, settled, strict=True)]
    yield Figure(
        f"considering a message among {_THREADS:,} threads, {name}, p99",
        percentile(both, 0.99),
        "ms",
        _LEAST_MILLISECONDS,
    )
    yield Figure("  median", percentile(both, 0.5), "ms")
    yield Figure("  keeping the message, p99", percentile(considered, 0.99), "ms")
    yield Figure("  comparing its thread, p99", percentile(settled, 0.99), "ms")


def fill_threads(store: Store, talk: Talk) -> None:
    """Insert threads of a question and its answer, as they are once they were compared."""
    counts: Counter[int] = Counter()
    for first in range(0, _THREADS, _CHUNK):
        rows: dict[Table, list[dict[str, Any]]] = {
            table_of(row): [] for row in (HeardMessageRow, ThreadRow, ThreadTermRow)
        }
        for number in range(first, first + _CHUNK):
            messages = _thread(talk, NOW - (_THREADS - number) * _APART)
            counts.update(_add_rows(rows, messages))
        with store.transaction(TEAM) as tx:
            for table, values in rows.items():
                tx.session.connection().execute(table.insert(), values)
    with store.transaction(TEAM) as tx:
        here = {"team_id": TEAM, "channel": _OPS}
        values = [{**here, "term": term, "threads": count} for term, count in counts.items()]
        tx.session.connection().execute(table_of(TermCountRow).insert(), values)


def _thread(talk: Talk, at: datetime) -> list[Heard]:
    root = f"{at.timestamp():.6f}"
    texts = (talk.ask(), talk.answer())
    people = talk.chance.sample(range(_PEOPLE), 2)
    heard: list[Heard] = []
    said: list[Said] = []
    for person, words in zip(people, texts, strict=True):
        later = at + len(said) * timedelta(minutes=2)
        message = Said(
            channel=_OPS,
            ts=f"{later.timestamp():.6f}",
            root=root,
            user=UserId(f"U{person}"),
            text=words,
            at=later,
        )
        heard.append(hear(message, talk.read(message, said), frozenset()))
        said.append(message)
    return heard


def _add_rows(rows: dict[Table, list[dict[str, Any]]], messages: Sequence[Heard]) -> frozenset[int]:
    """Add a thread's rows, and return the keys under which it is counted."""
    profile = make_profile(_OPS, messages)
    root = messages[0].ts
    thread = {"team_id": TEAM, "channel": _OPS, "thread_ts": root}
    terms = sorted(profile.whole)
    rows[table_of(HeardMessageRow)] += [
        {**thread, "ts": heard.ts, **values_of(StoredMessage(heard=heard, excerpt="As said."))}
        for heard in messages
    ]
    rows[table_of(ThreadRow)].append(
        {**thread, "at": profile.at, "settler": profile.settler, "terms": terms, "gap_id": None}
    )
    rows[table_of(ThreadTermRow)] += [{**thread, "term": term, "at": profile.at} for term in terms]
    return count_keys(profile.settler, terms)


def _measure(store: Store, talk: Talk) -> tuple[list[float], list[float]]:
    """Return the milliseconds that each message took: to be kept, and its thread to be compared."""
    considered, settled = [], []
    for number in range(_FIRST + _MEASURED):
        now = NOW + number * 2 * QUIET
        posted = PostedMessage(
            channel=_OPS,
            ts=f"{now.timestamp():.6f}",
            thread_ts=None,
            user=UserId(f"U{number % _PEOPLE}"),
            text=talk.ask(),
        )
        hear_message(store, TEAM, posted, now=now)
        item = _claim(store, Topic.MESSAGE, now)
        considered.append(_time(_consider, store, item, now))
        later = now + QUIET
        settled.append(_time(_settle, store, _claim(store, Topic.THREAD, later), later))
    return considered[_FIRST:], settled[_FIRST:]


def _claim(store: Store, topic: Topic, now: datetime) -> OutboxItem:
    """Claim the only item of a topic. Prompts are claimed with it, and left."""
    [item] = [item for item in store.claim_items(now, _MEASURED) if item.topic is topic]
    return item


def _time(act: Callable[..., None], *given: object) -> float:
    began = time.perf_counter()
    act(*given)
    return (time.perf_counter() - began) * 1000


def _consider(store: Store, item: OutboxItem, now: datetime) -> None:
    assert item.user is not None
    around = Surroundings(
        reader=Reader(person=Person(id=item.user, name="ana"), channels=frozenset({_OPS})),
        channel=Channel(team=TEAM, id=_OPS, private=False),
        names=frozenset({"ana"}),
        text=item.payload["text"],
        said_at=now,
    )
    consider_message(store, item, around, now=now)


def _settle(store: Store, item: OutboxItem, now: datetime) -> None:
    settle_thread(store, item, lambda channel, ts, _: f"https://x/{channel}/{ts}", now=now)
