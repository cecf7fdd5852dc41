"""Judge whether the right entry is said to cover a thread, and none where none does."""

import json
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Final

from bot.domain.embedding import Embedder
from bot.domain.entries import ChannelId, UserId
from bot.domain.listening.conversation import Conversation, Said
from bot.domain.listening.coverage import (
    IN_DOUBT,
    SHOWN,
    MessageWeights,
    Numbers,
    Weights,
    is_aside,
    measure,
    measure_message,
    text_of,
)
from bot.domain.ranking import Corpus, Document
from bot.domain.search_terms import search_terms
from tests.recognition.evaluate_search import Figure, summarize
from tests.recognition.searches import DATA, load

# The recall at which the precision is reported.
RECALL: Final = 0.45
COVERED_FOUND: Final = 0.9


@dataclass(frozen=True, slots=True, kw_only=True)
class Thread:
    """A thread with the entry that covers it, and how well each entry fits.

    `gold`: for each message the entry that covers it. `messages`: for each entry, the numbers of
    each message. `lookalikes`: which messages only resemble a matter.
    """

    text: str
    entry: str | None
    gold: tuple[str | None, ...]
    asides: tuple[bool, ...]
    lookalikes: tuple[bool, ...]
    at_opening: Mapping[str, Numbers]
    at_end: Mapping[str, Numbers]
    messages: Mapping[str, Sequence[tuple[float, float, bool, bool]]]


def read_threads(team: str, embedder: Embedder | None) -> list[Thread]:
    """Return the threads of a team, compared with its entries."""
    rows = _read_rows(team)
    lookalikes = json.loads((DATA / "ops-chat" / team / "lookalikes.json").read_text())
    # Two of the teams list them, and two map them by id.
    similar = {row if isinstance(row, str) else row["id"] for row in lookalikes}
    documents = load(team).documents(embedder)
    conversations = [_conversation(messages) for messages in rows]
    corpus = count_terms(conversations, documents)
    return [
        _read_thread(messages, conversation, (documents, corpus, embedder), similar)
        for messages, conversation in zip(rows, conversations, strict=True)
    ]


def count_terms(conversations: Sequence[Conversation], documents: Sequence[Document]) -> Corpus:
    """Return in how many threads and entries each term is."""
    counts: Counter[str] = Counter()
    for conversation in conversations:
        counts.update(set(search_terms(text_of(conversation))))
    for document in documents:
        counts.update(document.terms)
    return Corpus(total=len(conversations) + len(documents), counts=counts)


def judge(
    threads: Mapping[str, Sequence[Thread]],
    weights: Mapping[str, tuple[Weights, MessageWeights]],
) -> Iterator[Figure]:
    """Judge each team with the weights that were learned from the others."""
    said = {
        team: [row for thread in own for row in _messages(thread, *weights[team])]
        for team, own in threads.items()
    }
    everything = sorted((row for rows in said.values() for row in rows), reverse=True)
    least = _threshold(everything)
    for team, rows in said.items():
        covered = [row for row in rows if row[0] >= least]
        yield summarize(team, f"covered right (p {least:.2f})", [float(r[1]) for r in covered])
        yield summarize(
            team, "covered recall", [float(r[1] and r[0] >= least) for r in rows if r[2]]
        )
    covered = [row for row in everything if row[0] >= least]
    yield summarize("teams", "covered right", [float(row[1]) for row in covered])
    yield summarize(
        "teams", "covered recall", [float(r[1] and r[0] >= least) for r in everything if r[2]]
    )
    alike = [float(row[0] >= least) for row in everything if row[3]]
    yield summarize("teams", "look-alikes said to be covered", alike)
    yield from _judge_openings(threads, weights)
    yield from _judge_doubt(threads, weights)


_Row = tuple[float, bool, bool, bool]


def _messages(thread: Thread, weights: Weights, of_messages: MessageWeights) -> list[_Row]:
    """Return each message's probability, and whether it's right, covered, or a look-alike."""
    key, chance = _best(thread.at_end, weights)
    return [
        (
            0.0 if aside else chance * of_messages.probability(numbers),
            gold == key,
            gold is not None,
            alike,
        )
        for gold, aside, alike, numbers in zip(
            thread.gold, thread.asides, thread.lookalikes, thread.messages[key], strict=True
        )
    ]


def _threshold(rows: Sequence[_Row]) -> float:
    """Return the probability at which the recall is `RECALL`."""
    wanted = RECALL * sum(row[2] for row in rows)
    right = 0
    for row in rows:
        right += row[1]
        if right >= wanted:
            return row[0]
    return 0.0


def _judge_openings(
    threads: Mapping[str, Sequence[Thread]],
    weights: Mapping[str, tuple[Weights, MessageWeights]],
) -> Iterator[Figure]:
    best = [
        (*_best(thread.at_opening, weights[team][0]), thread.entry)
        for team, own in threads.items()
        for thread in own
    ]
    shown = [float(key == entry) for key, chance, entry in best if chance >= SHOWN]
    yield summarize("teams", f"shown at the opening, right (p {SHOWN})", shown)
    found = [float(key == entry and chance >= SHOWN) for key, chance, entry in best if entry]
    yield summarize("teams", "shown at the opening, recall", found)


def _judge_doubt(
    threads: Mapping[str, Sequence[Thread]],
    weights: Mapping[str, tuple[Weights, MessageWeights]],
) -> Iterator[Figure]:
    chances = [
        (_best(thread.at_end, weights[team][0])[1], thread.entry is not None)
        for team, own in threads.items()
        for thread in own
    ]
    covered = [float(chance >= IN_DOUBT) for chance, is_covered in chances if is_covered]
    yield summarize("teams", f"covered threads in doubt (p {IN_DOUBT})", covered)
    others = [float(chance >= IN_DOUBT) for chance, is_covered in chances if not is_covered]
    yield summarize("teams", "other threads in doubt", others)
    ordered = sorted((chance for chance, is_covered in chances if is_covered), reverse=True)
    least = ordered[int(COVERED_FOUND * len(ordered))]
    others = [float(chance >= least) for chance, is_covered in chances if not is_covered]
    yield summarize("teams", f"others if 9 of 10 are (p {least:.2f})", others)


def _best(stage: Mapping[str, Numbers], weights: Weights) -> tuple[str, float]:
    chances = {key: weights.probability(numbers) for key, numbers in stage.items()}
    best = max(chances, key=chances.__getitem__)
    return best, chances[best]


def _read_rows(team: str) -> list[list[dict[str, Any]]]:
    rows: dict[str, list[dict[str, Any]]] = {}
    for line in (DATA / "ops-chat" / team / "chat.jsonl").read_text().splitlines():
        row = json.loads(line)
        rows.setdefault(row["thread"], []).append(row)
    return list(rows.values())


def _conversation(messages: Sequence[Mapping[str, Any]]) -> Conversation:
    root = str(messages[0]["ts"])
    return Conversation(
        messages=tuple(
            Said(
                channel=ChannelId(row["channel"]),
                ts=str(row["ts"]),
                root=root,
                user=UserId(row["author"]),
                text=row["text"],
                at=datetime.fromtimestamp(row["ts"], UTC),
            )
            for row in messages
        )
    )


def _read_thread(
    messages: Sequence[Mapping[str, Any]],
    conversation: Conversation,
    library: tuple[Sequence[Document], Corpus, Embedder | None],
    similar: set[str],
) -> Thread:
    documents, corpus, embedder = library
    gold = tuple(row["covered_by"] for row in messages)
    places = range(len(messages))

    def fit(part: Conversation) -> dict[str, Numbers]:
        text = text_of(part)
        [embedding] = embedder.embed([text]) if embedder else [None]
        return measure(text, documents, corpus, embedding)

    return Thread(
        text=text_of(conversation),
        entry=next(filter(None, gold), None),
        gold=gold,
        asides=tuple(is_aside(conversation, place) for place in places),
        lookalikes=tuple(row["id"] in similar for row in messages),
        at_opening=fit(Conversation(messages=conversation.opening)),
        at_end=fit(conversation),
        messages={
            document.key: [
                measure_message(conversation, place, document, corpus) for place in places
            ]
            for document in documents
        },
    )
