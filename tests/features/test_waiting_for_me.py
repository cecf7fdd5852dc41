"""The changes and reviews that wait for a person, and those open to everyone in the channel."""

from collections.abc import Callable
from datetime import timedelta

import pytest

from bot.domain.approval import ApprovalPolicy
from sandbox.persons import PersonDriver
from tests.support.certifying import TITLE, asked, due
from tests.support.editing import edit
from tests.support.ops import Ops
from tests.support.proposing import send_back
from tests.support.recording import saved

HEADING = "Other open changes in your channels"
RULE = "What do we do?"


def home(_: Ops, person: PersonDriver) -> str:
    found = person.home()
    assert found is not None
    words = found.words()
    return words[words.index("Waiting for me") : words.index("My entries")]


def listed(ops: Ops, person: PersonDriver) -> str:
    return asked(ops, person).words()


everywhere = pytest.mark.parametrize("look", [home, listed])
Look = Callable[[Ops, PersonDriver], str]


def recorded(ops: Ops, backup: PersonDriver | None = None) -> None:
    view = ops.ana.slash(ops.ops, "/lore record decision").view
    assert view is not None
    view.fill({"Title": TITLE, RULE: "We roll back."})
    saved(ops, view.choose("Backup", backup) if backup else view)


def parts(words: str) -> tuple[str, str]:
    """Return what waits for this person, and what is below the other heading."""
    mine, _, others = words.partition(HEADING)
    return mine, others


@everywhere
def test_a_change_waits_for_the_owner_and_is_open_to_others(ops: Ops, look: Look) -> None:
    recorded(ops, backup=ops.cleo)
    ops.review(ApprovalPolicy())
    saved(ops, edit(ops, ops.ben).fill({RULE: "We wait."}))

    for person, waits in ((ops.ana, True), (ops.ben, False), (ops.cleo, False)):
        mine, others = parts(look(ops, person))
        assert ("ben proposes" in mine) is waits
        assert ("ben proposes" in others) is not waits


@everywhere
def test_the_owners_own_change_waits_for_the_backup(ops: Ops, look: Look) -> None:
    recorded(ops, backup=ops.cleo)
    ops.review(ApprovalPolicy())
    saved(ops, edit(ops, ops.ana).fill({RULE: "We wait."}))

    for person, waits in ((ops.ana, False), (ops.ben, False), (ops.cleo, True)):
        mine, others = parts(look(ops, person))
        assert ("ana proposes" in mine) is waits
        assert ("ana proposes" in others) is not waits


@everywhere
def test_a_change_sent_back_waits_for_its_author(ops: Ops, look: Look) -> None:
    recorded(ops)
    ops.review(ApprovalPolicy())
    saved(ops, edit(ops, ops.ben).fill({RULE: "We wait."}))
    send_back(ops, ops.cleo, "Say how long.")

    mine, others = parts(look(ops, ops.ben))
    assert "ben proposes" in mine
    assert "ben proposes" not in others
    mine, others = parts(look(ops, ops.ana))
    assert "ben proposes" not in mine
    assert "ben proposes" in others


@everywhere
def test_a_review_waits_for_the_backup_only_during_their_turn(ops: Ops, look: Look) -> None:
    """It is due on Tuesday, 2 June, and is ben's from Friday, 5 June, to Wednesday, 10 June."""
    due(ops, backup=ops.ben)
    for days, whose in ((0, [ops.ana]), (3, [ops.ana, ops.ben]), (5, [ops.ana])):
        ops.clock.time += timedelta(days=days)
        for person in (ops.ana, ops.ben, ops.cleo):
            assert (TITLE in look(ops, person)) is (person in whose)


@everywhere
def test_the_list_does_not_let_authors_decide_on_their_own_change(ops: Ops, look: Look) -> None:
    recorded(ops)
    ops.review(ApprovalPolicy())
    saved(ops, edit(ops, ops.ben).fill({RULE: "We wait."}))

    shown = ops.ben.home() if look is home else asked(ops, ops.ben)
    assert shown is not None
    assert "Approve" not in shown.buttons()
    assert "View change" in shown.buttons()
    shown = ops.cleo.home() if look is home else asked(ops, ops.cleo)
    assert shown is not None
    assert "Approve" in shown.buttons()
