"""Search weighs what threads say: other words for an entry, or that nothing is written down."""

from datetime import UTC, datetime, timedelta

import pytest

from bot.domain.entries import ChannelId, UserId
from bot.domain.listening.conversation import Said
from bot.domain.listening.listener import Listener
from bot.domain.listening.weighing import FEWEST_THREADS
from bot.domain.ranking import EntryText, rank, read_document
from bot.domain.thread_evidence import USUAL, KnownThread, ThreadEvidence, weigh_threads

OPS = ChannelId("ops")
MONDAY = datetime(2026, 11, 2, 9, tzinfo=UTC)
ENTRIES = {
    "DEC-1": EntryText(
        title="Full login node",
        trigger="The login node has no space left.",
        rule="Delete the oldest scratch folders, then tell #ops.",
    ),
    "DEC-2": EntryText(
        title="Renewal of certificates",
        trigger="A certificate expires within two weeks.",
        rule="Renew it at the authority and restart the proxy.",
    ),
}
NOISE = (
    "The scanner at the dock is broken, who replaces it?",
    "The invoice run failed with an error, can somebody start it again?",
    "Does anyone know why the badge reader rejects visitors?",
    "The backup of the wiki is late, what do we do?",
)
COVERED = "sftp says quota exceeded: the login node is full, no space left, scratch folders remain"
UNCOVERED = "The label printer smears the barcodes again, who can clean the rollers?"


def listen(*threads: str) -> Listener:
    listener = Listener(entries=ENTRIES)
    noise = [f"{NOISE[place % len(NOISE)]} ({place})" for place in range(FEWEST_THREADS)]
    for place, text in enumerate([*noise, *threads]):
        at = MONDAY + place * timedelta(hours=3)
        ts = f"{at.timestamp():.6f}"
        listener.hear(Said(channel=OPS, ts=ts, root=ts, user=UserId("ana"), text=text, at=at))
    listener.finish()
    return listener


def test_a_thread_that_an_entry_covers_lends_it_its_words() -> None:
    question = "sftp quota exceeded"
    documents = [read_document(key, text) for key, text in ENTRIES.items()]
    assert not rank(question, documents).answers

    evidence = listen(COVERED).weigh(question)
    assert evidence.covered["DEC-1"] > evidence.covered.get("DEC-2", 0.0)
    ranking = rank(question, documents, evidence=evidence)
    assert ranking.matches[0].key == "DEC-1"
    assert ranking.probability > rank(question, documents).probability


def test_a_thread_that_no_entry_covers_speaks_against_all_entries() -> None:
    question = "label printer smears at the login node"
    documents = [read_document(key, text) for key, text in ENTRIES.items()]
    heard, other = listen(UNCOVERED).weigh(question), listen().weigh(question)
    assert heard.uncovered > other.uncovered
    unsure = rank(question, documents, evidence=heard)
    assert unsure.probability < rank(question, documents, evidence=other).probability


def test_a_few_threads_say_nothing() -> None:
    assert Listener(entries=ENTRIES).weigh("label printer") == USUAL
    assert listen(UNCOVERED).weigh("") == USUAL


def test_the_evidence_is_the_share_of_the_rare_words_that_the_best_thread_has() -> None:
    rarities = {1: 3.0, 2: 1.0}
    threads = [
        KnownThread(terms=frozenset({1}), entry="DEC-1", coverage=0.8),
        KnownThread(terms=frozenset({1, 2}), entry="DEC-1", coverage=0.5),
        KnownThread(terms=frozenset({2, 3})),
    ]
    weighed = weigh_threads(frozenset({1, 2}), threads, rarities)
    assert weighed.covered == {"DEC-1": pytest.approx(0.6)}
    assert weighed.uncovered == pytest.approx(0.5)
    assert weigh_threads(frozenset(), threads, rarities) == ThreadEvidence(
        covered={"DEC-1": 0.0}, uncovered=0.0
    )


def test_a_long_thread_says_less_because_it_has_much_of_any_question() -> None:
    rarities = dict.fromkeys(range(200), 1.0)
    short = KnownThread(terms=frozenset(range(20)), entry="DEC-1", coverage=0.5)
    long = KnownThread(terms=frozenset(range(160)), entry="DEC-2", coverage=0.5)
    weighed = weigh_threads(frozenset({1, 2}), [short, long], rarities)
    assert weighed.covered == {"DEC-1": pytest.approx(0.5), "DEC-2": pytest.approx(0.125)}
