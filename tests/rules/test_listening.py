"""Listening: threads are grouped into matters, and the person with the answer is asked."""

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from typing import Final

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.entries import ChannelId, UserId
from bot.domain.listening.budget import Budget
from bot.domain.listening.conversation import Said
from bot.domain.listening.grouping import LARGEST, group_threads
from bot.domain.listening.heard import hear, name_stems, term_id
from bot.domain.listening.listener import Listener
from bot.domain.listening.prompting import PromptReason
from bot.domain.ranking import EntryText
from bot.domain.recognition import read

OPS: Final = ChannelId("ops")
MONDAY: Final = datetime(2026, 11, 2, 9, tzinfo=UTC)
# Each with its answer. The same matter in other words, weeks apart.
EXPORTS: Final = (
    ("The nightly export hangs on a lock again", "Cancel the backend, then resume the export."),
    ("nightly export is stuck, finance has no file", "Cancel the backend and resume the export."),
    ("export stuck on a lock since 3, who knows what to do?", "Cancel its backend, then resume."),
)
OTHERS: Final = (
    ("Where is the key of the cage?", "In the drawer of the front desk."),
    ("The label printer on the second floor is out of paper", "Rolls are in cabinet four."),
    ("Can someone approve my leave for Friday?", "Approved, enjoy."),
)


def talk(threads: Iterable[tuple[str, str]], *, every: timedelta) -> Iterable[Said]:
    """Yield threads of a question by someone else each time, and an answer by Rik."""
    for number, (question, answer) in enumerate(threads):
        at = MONDAY + number * every
        root = f"{at.timestamp():.6f}"
        asker = UserId(f"asker{number}")
        yield said(root, root, asker, question, at)
        later = at + timedelta(minutes=3)
        yield said(f"{later.timestamp():.6f}", root, UserId("rik"), answer, later)


def said(ts: str, root: str, user: UserId, text: str, at: datetime) -> Said:
    return Said(channel=OPS, ts=ts, root=root, user=user, text=text, at=at)


def listen(messages: Iterable[Said], **entries: EntryText) -> Listener:
    listener = Listener(names={"rik"}, entries=entries)
    for message in sorted(messages, key=lambda message: message.at):
        listener.hear(message)
    listener.finish()
    return listener


def test_a_matter_that_comes_back_is_one_gap_with_the_one_who_answers() -> None:
    week = timedelta(days=7)
    listener = listen([*talk(EXPORTS, every=week), *talk(OTHERS, every=timedelta(days=5))])

    [gap, *_] = listener.gaps()
    assert len(gap.roots) == len(EXPORTS)
    assert gap.answerer == "rik"
    assert "export" in gap.draft().title.lower()
    assert "resume" in gap.draft().rule


def test_the_one_who_knows_is_asked_when_it_comes_back() -> None:
    listener = listen(talk(EXPORTS, every=timedelta(days=7)))

    [prompt] = listener.prompts
    assert prompt.candidate.to == "rik"
    assert prompt.candidate.reason is PromptReason.RECURS


def test_no_one_is_asked_about_what_an_entry_covers() -> None:
    entry = EntryText(
        title="Nightly export is stuck",
        trigger="The nightly export hangs on a lock",
        rule="Cancel the backend, then resume the export.",
    )
    listener = listen(talk(EXPORTS, every=timedelta(days=7)), **{"DEC-1": entry})

    assert listener.prompts == []


@pytest.mark.parametrize(
    "text",
    [
        "My father died this morning, I have to leave. The nightly export is stuck on a lock.",
        "I can't do this anymore, the export is stuck on a lock and I'm at the end of my strength",
    ],
)
def test_no_one_is_asked_when_it_would_hurt(text: str) -> None:
    last = (text, "Cancel the backend, then resume the export.")
    listener = listen(talk([*EXPORTS[:2], last], every=timedelta(days=7)))

    roots = {prompt.root for prompt in listener.prompts}
    assert (OPS, f"{(MONDAY + timedelta(days=14)).timestamp():.6f}") not in roots


def test_one_person_who_pastes_a_line_three_times_is_no_matter() -> None:
    line = "The nightly export is stuck on a lock"
    messages = [
        said(f"{at.timestamp():.6f}", f"{at.timestamp():.6f}", UserId("ana"), line, at)
        for at in (MONDAY + timedelta(minutes=minute) for minute in range(3))
    ]

    assert listen(messages).gaps() == []


def test_notices_that_are_alike_are_no_matter() -> None:
    texts = ("1186 of 1186 backup jobs ok", "1185 of 1186 backup jobs ok, 1 retry")
    days = [(MONDAY + timedelta(days=day), texts[day % 2]) for day in range(6)]
    notices = [
        said(f"{at.timestamp():.6f}", f"{at.timestamp():.6f}", UserId("ops"), text, at)
        for at, text in days
    ]

    assert listen(notices).gaps() == []


def test_names_are_no_terms_of_what_people_talk_about() -> None:
    message = said("1", "1", UserId("ana"), "rik restarts web-01", MONDAY)

    heard = hear(message, read(message, []), name_stems(["Rik"]))

    assert term_id("rik") not in heard.terms
    assert term_id("#web-01") in heard.identifiers


@given(
    st.dictionaries(
        st.tuples(st.integers(0, 30), st.integers(0, 30)), st.floats(0, 1), max_size=120
    ),
    st.floats(0.05, 0.9),
)
def test_every_thread_is_in_one_group_of_a_limited_size(
    likely: dict[tuple[int, int], float], join: float
) -> None:
    links: dict[int, dict[int, float]] = {}
    for (a, b), value in likely.items():
        if a != b:
            links.setdefault(a, {})[b] = links.setdefault(b, {})[a] = value

    groups = group_threads(range(31), links, join)

    assert sorted(thread for group in groups for thread in group) == list(range(31))
    assert max(map(len, groups)) <= LARGEST


def test_unlike_threads_are_not_grouped() -> None:
    assert group_threads([1, 2, 3], {1: {2: 0.9}, 2: {1: 0.9}}, join=0.5) == [[1, 2], [3]]


def test_a_channel_is_prompted_three_times_per_hundred_messages() -> None:
    budget, shown = Budget(), 0
    for _ in range(1000):
        budget = budget.hear(1)
        if budget.allows:
            budget = budget.spend()
            shown += 1

    assert shown == pytest.approx(31, abs=1)


def test_the_names_of_each_workspace_are_kept_apart() -> None:
    assert name_stems(["Rik"]) == frozenset({"rik"})
    assert name_stems(["Bea", "Rik"]) == name_stems(frozenset({"Rik", "Bea"})) == {"bea", "rik"}
