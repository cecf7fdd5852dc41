"""Verdicts in the history: who gave them, and whether they were given in bulk."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.bulk_verdicts import (
    BULK_ENTRIES,
    BULK_WITHIN,
    CertificationTime,
    bulk_certifications,
)
from bot.domain.entries import EntryId
from sandbox.persons import PersonDriver
from tests.support.certifying import TITLE, asked
from tests.support.ops import Ops
from tests.support.reviewing import certify

START = datetime(2026, 3, 4, 10, 0, tzinfo=UTC)
MARK = "bulk: more than 5 entries within 2 minutes"

certifications = st.lists(
    st.builds(
        CertificationTime,
        entry=st.integers(1, 9).map(EntryId),
        at=st.integers(0, 600).map(lambda seconds: START + timedelta(seconds=seconds)),
    ),
    max_size=30,
)


def burst(entries: int, every: timedelta, start: datetime = START) -> list[CertificationTime]:
    return [
        CertificationTime(entry=EntryId(number), at=start + number * every)
        for number in range(entries)
    ]


@pytest.mark.parametrize(
    ("certified", "bulk"),
    [
        (burst(5, timedelta(seconds=1)), 0),
        (burst(6, timedelta(seconds=24)), 6),  # the last one exactly two minutes after the first
        (burst(6, timedelta(seconds=25)), 0),
        (burst(12, timedelta(seconds=24)), 12),
        (
            [
                *burst(6, timedelta(seconds=1)),
                *burst(3, timedelta(hours=1), START + 2 * BULK_WITHIN),
            ],
            6,
        ),
        (
            [
                CertificationTime(entry=EntryId(1), at=one.at)
                for one in burst(9, timedelta(seconds=1))
            ],
            0,
        ),
    ],
)
def test_more_than_five_entries_within_two_minutes_are_bulk(
    certified: list[CertificationTime], bulk: int
) -> None:
    assert len(bulk_certifications(certified)) == bulk


@given(certifications)
def test_a_verdict_is_bulk_exactly_if_two_minutes_around_it_have_too_many(
    certified: list[CertificationTime],
) -> None:
    def crowded(one: CertificationTime) -> bool:
        return any(
            len({each.entry for each in certified if start <= each.at <= start + BULK_WITHIN})
            > BULK_ENTRIES
            for start in {each.at for each in certified}
            if start <= one.at <= start + BULK_WITHIN
        )

    assert bulk_certifications(certified) == {one for one in certified if crowded(one)}


@given(certifications)
def test_the_order_does_not_matter(certified: list[CertificationTime]) -> None:
    assert bulk_certifications(reversed(certified)) == bulk_certifications(certified)


def recorded(ops: Ops, count: int) -> list[str]:
    return [ops.record(ops.ana, f"{TITLE} {number}") for number in range(count)]


def history(ops: Ops, key: str) -> str:
    return ops.cleo.slash(ops.ops, f"/lore history {key}").words()


def judge(ops: Ops, person: PersonDriver, keys: list[str]) -> None:
    for key in keys:
        certify(person, asked(ops, person, key))
    ops.drain()


def test_the_history_lists_each_verdict_and_who_gave_it(ops: Ops) -> None:
    [key] = recorded(ops, 1)
    judge(ops, ops.ben, [key])
    ops.clock.time += timedelta(days=1)
    judge(ops, ops.ana, [key])
    ops.cleo.press("Needs a change", on=asked(ops, ops.cleo, key))
    ops.ben.select("ask_entry", ops.ana, asked(ops, ops.ben, key))

    words = history(ops, key)

    assert "Passed on to ana by ben, Mar 5\nNeeds a change by cleo, Mar 5\n" in words
    assert "Still accurate by ana, Mar 5 · by its author\n" in words
    assert "Still accurate by ben, Mar 4\n" in f"{words}\n"
    assert MARK not in words


def test_only_the_last_five_are_listed_and_the_rest_counted(ops: Ops) -> None:
    [key] = recorded(ops, 1)
    for _ in range(7):
        judge(ops, ops.ben, [key])
        ops.clock.time += timedelta(days=1)

    words = history(ops, key)

    assert words.count("Still accurate by ben") == 5
    assert "and 2 earlier" in words


@pytest.mark.parametrize(("count", "marked"), [(5, False), (6, True)])
def test_more_than_five_certified_within_two_minutes_are_marked_as_bulk(
    ops: Ops,
    count: int,
    marked: bool,  # noqa: FBT001 - a table
) -> None:
    keys = recorded(ops, count)
    judge(ops, ops.ben, keys)

    assert [MARK in history(ops, key) for key in keys] == [marked] * count


def test_a_single_certification_is_not_bulk(ops: Ops) -> None:
    keys = recorded(ops, 7)
    judge(ops, ops.ben, keys[:6])
    judge(ops, ops.cleo, keys[6:])
    ops.clock.time += timedelta(minutes=3)
    judge(ops, ops.ben, keys[6:])

    assert MARK not in history(ops, keys[6])
    assert MARK in history(ops, keys[0])
