"""`@Opslore why: …` and `@Opslore owner: @user` in the thread that an entry was recorded from."""

import pytest

from bot.domain.approval import ApprovalPolicy
from tests.support.entries import entry
from tests.support.ops import Ops
from tests.support.prompting import ROLLBACK
from tests.support.proposing import proposed
from tests.support.recording import saved, shortcut
from tests.support.replying import say


@pytest.fixture
def root(ops: Ops) -> str:
    """Return the root of the thread that DEC-1 was recorded from."""
    ts = ops.ben.say(ops.ops, ROLLBACK)
    saved(ops, shortcut(ops.ana, ops, ts))
    return ts


def test_a_why_in_the_thread_becomes_the_entrys_next_revision(ops: Ops, root: str) -> None:
    ops.deliveries = 2
    assert "Saved: DEC-1@2 now has a “Why?”." in say(
        ops, ops.ben, root, "why: fixing forward took hours"
    )

    assert entry(ops).content.text("rationale") == "fixing forward took hours"
    assert entry(ops).revision.number == 2
    assert "DEC-1@2 already says that" in say(ops, ops.ben, root, "Why: fixing forward took hours")


def test_if_approval_is_on_it_is_a_proposal(ops: Ops, root: str) -> None:
    ops.review(ApprovalPolicy())
    assert "Proposed: DEC-1@2" in say(ops, ops.ben, root, "why: it hurt")
    assert "it hurt" in proposed(ops).words()
    assert entry(ops).revision.number == 1


def test_a_mention_names_another_owner(ops: Ops, root: str) -> None:
    said = say(ops, ops.ana, root, f"owner: <@{ops.cleo.id}>")
    assert "cleo now owns DEC-1." in said
    assert entry(ops).owner == ops.cleo.id


def test_an_owner_who_left_and_is_named_again_owns_it_from_outside(ops: Ops, root: str) -> None:
    ops.ben.leave(ops.ops)
    assert entry(ops).orphaned

    assert "ben now owns DEC-1." in say(ops, ops.cleo, root, f"owner: <@{ops.ben.id}>")

    assert not entry(ops).orphaned


@pytest.mark.parametrize(
    ("words", "answer"),
    [
        ("owner: cleo", "Who? Mention the new owner"),
        ("why:", "Write the reason after the colon"),
        ("why: " + "a" * 3001, "“Why?”: 3,001 characters; at most 3,000 fit. Shorten it by 1."),
        ("why: password is hunter2 AKIAIOSFODNN7EXAMPLE", "password, key or token"),
        ("HND-9 why: so", "No entry was recorded from this thread"),
    ],
)
def test_an_impossible_reply_is_answered_with_the_next_step(
    ops: Ops, root: str, words: str, answer: str
) -> None:
    assert answer in say(ops, ops.ben, root, words)
    assert entry(ops).revision.number == 1


def test_an_invisible_why_does_not_remove_the_reason(ops: Ops, root: str) -> None:
    say(ops, ops.ben, root, "why: it hurt")

    assert "Write the reason after the colon" in say(ops, ops.ben, root, "why: \u200b")

    assert entry(ops).content.text("rationale") == "it hurt"
    assert entry(ops).revision.number == 2


def test_if_a_thread_has_several_entries_the_reply_names_one(ops: Ops, root: str) -> None:
    saved(ops, shortcut(ops.ana, ops, root).fill({"Title": "Another"}))

    assert "DEC-1, DEC-2" in say(ops, ops.ben, root, "why: so")
    assert "Saved: DEC-2@2" in say(ops, ops.ben, root, "DEC-2 why: so")


def test_guests_and_replies_in_other_threads_change_nothing(ops: Ops, root: str) -> None:
    gus = ops.driver.person("gus", guest=True)
    ops.driver.invite(ops.ops, gus)
    assert "Guests can read" in say(ops, gus, root, "why: so")
    other = ops.ben.say(ops.ops, "Lunch?")
    assert "No entry was recorded from this thread" in say(ops, ops.ben, other, "why: hungry")
    assert entry(ops).revision.number == 1
