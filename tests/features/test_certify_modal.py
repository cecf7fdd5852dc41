"""`Still accurate` shows the exact text first, and certifies that text and no other."""

from collections.abc import Callable
from datetime import timedelta

import pytest

from bot.domain.certification import Verdict
from bot.domain.entries import UserId
from bot.jobs import look_around
from sandbox.forms import View
from sandbox.seen import Message
from tests.support.answers import heard
from tests.support.certifying import TITLE, asked, due, verdicts
from tests.support.digests import again, now
from tests.support.editing import card, edit
from tests.support.entries import entry
from tests.support.nudging import nudges, send
from tests.support.ops import Ops
from tests.support.recording import saved
from tests.support.reviewing import certify, opened_review

RULE = "What do we do?"


def nudge(ops: Ops) -> Message:
    look_around(ops.bot.deps)
    send(ops)
    return nudges(ops.ana)[-1]


def home(ops: Ops) -> View:
    found = ops.ana.home()
    assert found is not None
    return found


def listed(ops: Ops) -> Message:
    return asked(ops, ops.ana)


everywhere = pytest.mark.parametrize("place", [now, nudge, home, listed])
Place = Callable[[Ops], Message | View]


@everywhere
def test_it_opens_the_text_and_certifies_nothing_yet(ops: Ops, place: Place) -> None:
    due(ops)

    view = opened_review(ops.ana, place(ops), TITLE)

    words = view.words()
    assert view.title == "DEC-1@1"
    for said in (TITLE, "We roll back.", "owner ana", "No revision has been certified yet."):
        assert said in words
    assert verdicts(ops) == []


@everywhere
def test_the_verdict_is_given_from_there(ops: Ops, place: Place) -> None:
    due(ops)

    certify(ops.ana, place(ops), TITLE)
    ops.drain()

    assert [(one.verdict, one.revision) for one in verdicts(ops)] == [(Verdict.ACCURATE, 1)]
    assert "in force, certified until" in card(ops).words()


def test_it_says_when_and_by_whom_which_revision_was_certified(ops: Ops) -> None:
    due(ops)
    certify(ops.ben, asked(ops, ops.ben, "DEC-1"))
    saved(ops, edit(ops, ops.ana).fill({"Why?": "It hurt."}))
    ops.clock.time += timedelta(days=91)

    words = opened_review(ops.ana, listed(ops)).words()

    assert "Last certified: DEC-1@1 by ben, Jun 3" in words
    assert "DEC-1@2" in words


@pytest.mark.parametrize("place", [home, listed])
def test_another_revision_in_force_is_shown_instead(ops: Ops, place: Place) -> None:
    """It came before the button was pressed. A digest and a nudge are drawn again by then."""
    due(ops)
    shown = place(ops)
    saved(ops, edit(ops, ops.ben).fill({RULE: "We roll forward."}))

    view = opened_review(ops.ana, shown, TITLE)

    assert view.title == "DEC-1@2"
    assert "DEC-1@1 is no longer in force. Read DEC-1@2" in view.words()
    assert "We roll forward." in view.words()


def test_another_revision_that_comes_while_one_reads_is_shown_first(ops: Ops) -> None:
    due(ops)
    view = opened_review(ops.ana, listed(ops))
    saved(ops, edit(ops, ops.ben).fill({RULE: "We roll forward."}))

    assert view.submit() == {}

    assert verdicts(ops) == []
    assert view.title == "DEC-1@2"
    assert "DEC-1@1 is no longer in force. Read DEC-1@2" in view.words()
    assert "We roll forward." in view.words()
    assert view.submit() == {}
    assert [one.revision for one in verdicts(ops)] == [2]


def test_what_was_retired_while_one_reads_is_said(ops: Ops) -> None:
    due(ops)
    view = opened_review(ops.ana, listed(ops))
    ops.ben.slash(ops.ops, "/lore retire DEC-1 No longer done.")

    assert view.submit() == {}

    assert "DEC-1 is retired" in view.words()
    assert Verdict.ACCURATE not in [one.verdict for one in verdicts(ops)]


def test_delivered_twice_it_is_one_verdict(ops: Ops) -> None:
    due(ops)
    view = opened_review(ops.ana, listed(ops))

    ops.deliveries = 2
    assert view.submit() == {}
    ops.deliveries = 1
    ops.drain()

    assert len(verdicts(ops)) == 1
    with ops.store.read(ops.team) as tx:
        assert [act.action for act in tx.audit.acts()].count("certified") == 1
    assert [each.words() for each in ops.ana.ephemerals(ops.ops)].count(heard(ops, ops.ana)) == 1


def test_the_digests_line_is_struck_once_the_verdict_is_given(ops: Ops) -> None:
    due(ops)
    digest = now(ops)
    view = opened_review(ops.ben, digest)
    ops.drain()
    assert "Still accurate by ben" not in again(ops, digest).words()

    assert view.submit() == {}
    ops.drain()

    assert "Still accurate by ben" in again(ops, digest).words()
    assert "DEC-1@1 is still accurate. It is due again on" in heard(ops, ops.ben)


def test_whoever_finds_it_wrong_says_so_from_there(ops: Ops) -> None:
    due(ops)
    view = opened_review(ops.ana, listed(ops))

    form = view.press("Needs a change")

    assert form is not None
    assert form.title == "Edit DEC-1"
    assert [(one.verdict, one.by) for one in verdicts(ops)] == [
        (Verdict.CHANGE, UserId(ops.ana.id))
    ]


def test_a_text_that_grows_when_it_is_drawn_is_shown_to_its_end(ops: Ops) -> None:
    """`&` takes five characters once it is drawn, and a block holds 3,000."""
    rule = "&" * 2980 + " the very end"
    ops.record(ops.ana, TITLE, rule)
    ops.clock.time += timedelta(days=91)

    assert rule in opened_review(ops.ana, listed(ops)).words()


@pytest.mark.parametrize(("rule", "certifies"), [("We roll back.", True), ("Wait. " * 300, False)])
def test_a_card_that_cuts_the_text_shows_it_first(ops: Ops, rule: str, certifies: bool) -> None:  # noqa: FBT001 - a table
    ops.record(ops.ana, TITLE, rule)

    view = ops.ben.press("Still accurate", on=card(ops))

    assert (entry(ops).certified_at is not None) is certifies
    assert isinstance(view, View) is not certifies
