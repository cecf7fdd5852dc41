"""Listening forgets old threads that no matter needs, so that years of chat fit in memory."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Final

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.cli.listen.archive import DiskArchive
from bot.domain.entries import ChannelId, UserId
from bot.domain.listening.conversation import Said
from bot.domain.listening.heard import hear
from bot.domain.listening.history import History
from bot.domain.listening.likeness import cosine
from bot.domain.listening.listener import Listener
from bot.domain.listening.profiles import Profile, make_profile
from bot.domain.listening.rarity import Background, Rarity
from bot.domain.listening.threads import (
    Ages,
    Archive,
    HeardThread,
    HeardThreads,
    MemoryArchive,
    Root,
)
from bot.domain.recognition import SpeechAct, read

OPS: Final = ChannelId("ops")
MONDAY: Final = datetime(2026, 1, 5, 9, tzinfo=UTC)
EXPORTS: Final = (
    ("The nightly export hangs on a lock again", "Cancel the backend, then resume the export."),
    ("nightly export is stuck, finance has no file", "Cancel the backend and resume the export."),
    ("export stuck on a lock since 3, who knows what to do?", "Cancel its backend, then resume."),
)
SETS: Final = st.frozensets(st.integers(0, 30), max_size=12)


def said(text: str, at: datetime, root: datetime | None = None, user: str = "ana") -> Said:
    ts, thread = f"{at.timestamp():.6f}", f"{(root or at).timestamp():.6f}"
    return Said(channel=OPS, ts=ts, root=thread, user=UserId(user), text=text, at=at)


def profile_of(*texts: str) -> Profile:
    messages = [said(text, MONDAY + timedelta(minutes=n)) for n, text in enumerate(texts)]
    return make_profile(OPS, [hear(one, read(one, []), frozenset()) for one in messages])


class CountedArchive(MemoryArchive):
    """Holds threads in memory, and knows which."""

    def __init__(self) -> None:
        super().__init__()
        self.roots: set[Root] = set()

    def put(self, root: Root, thread: HeardThread) -> None:
        super().put(root, thread)
        self.roots.add(root)

    def remove(self, root: Root) -> None:
        super().remove(root)
        self.roots.discard(root)


def hear_exports(listener: Listener) -> list[Root]:
    roots = []
    for number, (question, answer) in enumerate(EXPORTS):
        at = MONDAY + timedelta(days=7 * number)
        first = said(question, at, user=f"asker{number}")
        listener.hear(first)
        listener.hear(said(answer, at + timedelta(minutes=3), root=at, user="rik"))
        roots.append((OPS, first.root))
    return roots


def hear_printers(listener: Listener, *days: int) -> None:
    for day in range(*days):
        at = MONDAY + timedelta(days=day)
        listener.hear(said(f"The label printer number {day} is out of paper", at))


@pytest.mark.parametrize("archive", [MemoryArchive, DiskArchive])
def test_a_matter_of_long_ago_is_still_found_at_the_end(archive: Callable[[], Archive]) -> None:
    listener = Listener(archive=archive())
    roots = hear_exports(listener)
    hear_printers(listener, 30, 330)
    listener.finish()

    gap = next(gap for gap in listener.gaps() if "export" in gap.draft().title.lower())
    assert list(gap.roots) == roots
    assert gap.answerer == "rik"
    assert "resume" in gap.draft().rule
    assert [one.messages[0].text for one in gap.conversations()] == [text for text, _ in EXPORTS]


def test_threads_of_no_matter_are_forgotten_after_120_days() -> None:
    archive = CountedArchive()
    listener = Listener(archive=archive)
    matter = set(hear_exports(listener))
    for day in range(400):
        at = MONDAY + timedelta(days=30 + day)
        listener.hear(said(f"word{day} thing{day} place{day} number{day}", at))

    assert matter < archive.roots
    assert len(archive.roots - matter) <= 121


def test_a_message_in_a_thread_whose_gap_is_over_changes_no_gap() -> None:
    listener = Listener()
    roots = hear_exports(listener)
    hear_printers(listener, 30, 330)
    before = next(gap for gap in listener.gaps() if roots[0] in gap.roots)

    later = said("Does this still apply?", MONDAY + timedelta(days=340), root=MONDAY)
    assert listener.hear(later).act is SpeechAct.QUESTION
    hear_printers(listener, 341, 650)
    listener.finish()

    assert next(gap for gap in listener.gaps() if roots[0] in gap.roots) == before
    assert later not in before.conversations()[0].messages


@pytest.mark.parametrize("archive", [MemoryArchive, DiskArchive])
def test_a_thread_that_rested_goes_on_with_its_messages(archive: Callable[[], Archive]) -> None:
    threads, root = HeardThreads(archive()), (OPS, f"{MONDAY.timestamp():.6f}")
    question = said("The export hangs", MONDAY)
    thread = threads.open(root, MONDAY)
    thread.add(question, hear(question, read(question, []), frozenset()))
    threads.put_to_rest(MONDAY + timedelta(days=2))
    assert threads.open(root, MONDAY) is thread

    thread.has_settled = True
    threads.put_to_rest(MONDAY + timedelta(days=4))
    answer = said("Resume it", MONDAY + timedelta(days=5), root=MONDAY)
    again = threads.open(root, answer.at)
    again.add(answer, hear(answer, read(answer, [question]), frozenset()))

    assert threads[root].said == [question, answer]
    assert threads[root].heard[0] == thread.heard[0]


def test_threads_are_on_the_disk_in_a_file_that_no_one_can_open(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SQLITE_TMPDIR", str(tmp_path))
    archive = DiskArchive()
    for number in range(40):
        message = said("log line " * 100_000, MONDAY)
        archive.put((OPS, str(number)), HeardThread(said=[message]))
    archive.put((OPS, "3"), HeardThread(has_settled=True))
    archive.remove((OPS, "5"))

    assert list(tmp_path.iterdir()) == []
    assert archive.find((OPS, "3")) == HeardThread(has_settled=True)
    assert archive.find((OPS, "4")) == HeardThread(said=[message])
    assert archive.find((OPS, "5")) is None


def test_a_channel_named_by_half_of_a_surrogate_pair_is_in_the_archive() -> None:
    archive, root = DiskArchive(), (ChannelId("\ud800"), "1.0")
    archive.put(root, HeardThread())
    assert archive.find(root) == HeardThread()


def test_a_thread_is_old_once_after_each_time_that_it_was_added() -> None:
    ages, root = Ages(timedelta(days=1)), (OPS, "1.0")
    ages.add(root, MONDAY)
    assert list(ages.pop_old(MONDAY + timedelta(hours=23))) == []
    assert list(ages.pop_old(MONDAY + timedelta(hours=24))) == [root]
    assert list(ages.pop_old(MONDAY + timedelta(days=9))) == []


def test_a_group_stays_until_all_its_threads_have_faded() -> None:
    history: History[str] = History()
    for name in ("a", "b", "c"):
        history.replace(name, profile_of("the nightly export hangs"))
    history.link("a", {"b": 0.9, "c": 0.2})
    history.regroup([(None, ["a", "b"])])

    assert history.fade("a") == []
    assert history.fade("c") == ["c"]
    history.remove(["c"])

    assert history.sharing(dict.fromkeys(profile_of("export hangs").whole, 1.0), MONDAY, 9) == ["b"]
    assert history.all_groups == {1: ["a", "b"]}
    assert history.links(["a"])["a"] == {"b": 0.9}
    total, counts = history.counts([])
    assert total == 1
    assert set(counts.values()) == {1}

    assert history.fade("b") == ["a", "b"]
    history.remove(["a", "b"])
    assert history.all_groups == {}
    assert history.links(["a"]) == {}


@given(SETS, SETS, st.dictionaries(st.integers(0, 30), st.integers(1, 9)))
def test_likeness_is_the_cosine_of_the_rarities(
    a: frozenset[int], b: frozenset[int], counts: dict[int, int]
) -> None:
    rarity = Rarity(Background(50, {3: 40, 5: 2})).among(9, counts)
    shared = sum(rarity[term] ** 2 for term in a & b)
    lengths = sum(rarity[term] ** 2 for term in a) * sum(rarity[term] ** 2 for term in b)
    expected = shared / lengths**0.5 if shared else 0.0
    assert abs(cosine(a, b, rarity) - expected) < 1e-9
    assert all(0 < rarity[term] <= 1.2 for term in a | b)


def test_rarities_are_computed_again_while_threads_are_forgotten_as_fast_as_added() -> None:
    rarity, counts = Rarity(Background(10, {})), {1: 5}
    first = rarity.among(2000, counts)
    assert all(rarity.among(2000, counts) is first for _ in range(600))
    assert rarity.among(2000, counts) is not first


def test_rarities_are_computed_again_once_many_threads_were_added() -> None:
    rarity, counts = Rarity(Background(10, {})), {1: 5}
    first = rarity.among(2000, counts)
    assert rarity.among(2100, counts) is first
    assert rarity.among(2300, counts) is not first
    assert rarity.among(2300, dict(counts)) is not rarity.among(2300, counts)
    assert rarity.among(20, counts) is not rarity.among(20, counts)
