"""Listening forgets old threads that no matter needs, so that years of chat fit in memory."""

from datetime import UTC, datetime, timedelta
from typing import Final

from hypothesis import given
from hypothesis import strategies as st

from bot.domain.entries import ChannelId, UserId
from bot.domain.listening.conversation import Said
from bot.domain.listening.heard import hear
from bot.domain.listening.history import History
from bot.domain.listening.likeness import cosine
from bot.domain.listening.listener import Listener
from bot.domain.listening.profiles import Profile, make_profile
from bot.domain.listening.rarity import Background, Rarity
from bot.domain.listening.threads import Ages, HeardThread
from bot.domain.recognition import read

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


def test_a_matter_of_long_ago_is_still_found_at_the_end() -> None:
    listener = Listener()
    for number, (question, answer) in enumerate(EXPORTS):
        at = MONDAY + timedelta(days=7 * number)
        listener.hear(said(question, at, user=f"asker{number}"))
        listener.hear(said(answer, at + timedelta(minutes=3), root=at, user="rik"))
    for day in range(300):
        at = MONDAY + timedelta(days=30 + day)
        listener.hear(said(f"The label printer number {day} is out of paper", at))
    listener.finish()

    gap = next(gap for gap in listener.gaps() if "export" in gap.draft().title.lower())
    assert len(gap.roots) == len(EXPORTS)
    assert gap.answerer == "rik"
    assert "resume" in gap.draft().rule


def test_a_late_answer_is_heard_in_a_thread_whose_terms_were_dropped() -> None:
    thread = HeardThread()
    question, answer = said("The export hangs", MONDAY), said("Resume it", MONDAY, root=MONDAY)
    thread.add(question, hear(question, read(question, []), frozenset()), frozenset())
    before = thread.heard[0]
    thread.slim()
    assert thread.heard[0].terms == frozenset()

    thread.add(answer, hear(answer, read(answer, [question]), frozenset()), frozenset())

    assert thread.heard[0] == before
    assert [one.terms != frozenset() for one in thread.heard] == [True, True]


def test_a_thread_is_old_once_after_each_time_that_it_was_added() -> None:
    ages, root = Ages(timedelta(days=1)), (OPS, "1.0")
    ages.add(root, MONDAY)
    assert list(ages.old(MONDAY + timedelta(hours=23))) == []
    assert list(ages.old(MONDAY + timedelta(hours=24))) == [root]
    assert list(ages.old(MONDAY + timedelta(days=9))) == []


def test_a_faded_thread_keeps_its_group_and_is_compared_no_more() -> None:
    history: History[str] = History()
    for name in ("a", "b", "c"):
        history.replace(name, profile_of("the nightly export hangs"))
    history.link("a", {"b": 0.9, "c": 0.2})
    history.regroup([(None, ["a", "b"])])

    assert history.fade("a")
    assert not history.fade("c")

    assert history.sharing(dict.fromkeys(profile_of("export hangs").whole, 1.0), MONDAY, 9) == ["b"]
    assert history.all_groups == {1: ["a", "b"]}
    assert history.links(["a"])["a"] == {"b": 0.9}
    total, counts = history.counts([])
    assert total == 1
    assert set(counts.values()) == {1}


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
    assert all(rarity.among(2000, counts) is first for _ in range(200))
    assert rarity.among(2000, counts) is not first


def test_rarities_are_computed_again_once_many_threads_were_added() -> None:
    rarity, counts = Rarity(Background(10, {})), {1: 5}
    first = rarity.among(2000, counts)
    assert rarity.among(2010, counts) is first
    assert rarity.among(2100, counts) is not first
    assert rarity.among(2100, dict(counts)) is not rarity.among(2100, counts)
    assert rarity.among(20, counts) is not rarity.among(20, counts)
