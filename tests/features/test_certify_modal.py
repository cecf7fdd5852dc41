"""`Still accurate` shows the exact text first and certifies exactly that text."""

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
def test_it_shows_the_text_and_certifies_nothing_yet(ops: Ops, place: Place) -> None:
    due(ops)

    view = opened_review(ops.ana, place(ops), TITLE)

    words = view.words()
    assert view.title == "DEC-1@1"
    for said in (TITLE, "We roll back.", "owner ana", "No revision has been certified yet."):
        assert said in words
    assert verdicts(ops) == []


@everywhere
def test_the_verdict_is_given_in_the_modal(ops: Ops, place: Place) -> None:
    due(ops)

    certify(ops.ana, place(ops), TITLE)
    ops.drain()

    assert [(one.verdict, one.revision) for one in verdicts(ops)] == [(Verdict.ACCURATE, 1)]
    assert "in force, certified until" in card(ops).words()


def test_it_says_who_certified_which_revision_and_when(ops: Ops) -> None:
    due(ops)
    certify(ops.ben, asked(ops, ops.ben, "DEC-1"))
    saved(ops, edit(ops, ops.ana).fill({"Why?": "It hurt."}))
    ops.clock.time += timedelta(days=91)

    words = opened_review(ops.ana, listed(ops)).words()

    assert "Last certified: DEC-1@1 by ben, Jun 3" in words
    assert "DEC-1@2" in words


@pytest.mark.parametrize("place", [home, listed])
def test_if_a_newer_revision_is_in_force_the_modal_shows_that_one(ops: Ops, place: Place) -> None:
    """It took effect before the button was pressed, on a digest or nudge not yet updated."""
    due(ops)
    shown = place(ops)
    saved(ops, edit(ops, ops.ben).fill({RULE: "We roll forward."}))

    view = opened_review(ops.ana, shown, TITLE)

    assert view.title == "DEC-1@2"
    assert "DEC-1@1 is no longer in force. Read DEC-1@2" in view.words()
    assert "We roll forward." in view.words()


def test_a_revision_that_takes_effect_during_reading_is_shown_first(ops: Ops) -> None:
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


def test_an_entry_retired_during_reading_says_so(ops: Ops) -> None:
    due(ops)
    view = opened_review(ops.ana, listed(ops))
    ops.ben.slash(ops.ops, "/lore retire DEC-1 No longer done.")

    assert view.submit() == {}

    assert "DEC-1 is retired" in view.words()
    assert Verdict.ACCURATE not in [one.verdict for one in verdicts(ops)]


def test_a_verdict_delivered_twice_counts_once(ops: Ops) -> None:
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


def test_the_digest_line_is_struck_through_after_the_verdict(ops: Ops) -> None:
    due(ops)
    digest = now(ops)
    view = opened_review(ops.ben, digest)
    ops.drain()
    assert "Still accurate by ben" not in again(ops, digest).words()

    assert view.submit() == {}
    ops.drain()

    assert "Still accurate by ben" in again(ops, digest).words()
    assert "DEC-1@1 is still accurate. It is due again on" in heard(ops, ops.ben)


def test_needs_a_change_can_be_chosen_in_the_modal(ops: Ops) -> None:
    due(ops)
    view = opened_review(ops.ana, listed(ops))

    form = view.press("Needs a change")

    assert form is not None
    assert form.title == "Edit DEC-1"
    assert [(one.verdict, one.by) for one in verdicts(ops)] == [
        (Verdict.CHANGE, UserId(ops.ana.id))
    ]


def test_a_text_that_grows_when_escaped_is_shown_completely(ops: Ops) -> None:
    """`&` takes five characters once it is escaped, and a block takes 3,000."""
    rule = "&" * 2980 + " the very end"
    ops.record(ops.ana, TITLE, rule)
    ops.clock.time += timedelta(days=91)

    assert rule in opened_review(ops.ana, listed(ops)).words()


@pytest.mark.parametrize(("rule", "certifies"), [("We roll back.", True), ("Wait. " * 300, False)])
def test_a_card_with_a_cut_text_shows_the_full_text_first(
    ops: Ops,
    rule: str,
    certifies: bool,  # noqa: FBT001 - a table
) -> None:
    ops.record(ops.ana, TITLE, rule)

    view = ops.ben.press("Still accurate", on=card(ops))

    assert (entry(ops).certified_at is not None) is certifies
    assert isinstance(view, View) is not certifies
