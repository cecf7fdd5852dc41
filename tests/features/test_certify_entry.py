"""The four review verdicts, on each surface that shows the entry."""

from datetime import timedelta

import pytest

from bot.domain.certification import Verdict
from bot.domain.entries import UserId
from sandbox.forms import View
from tests.support.answers import heard
from tests.support.certifying import TITLE, asked, due, verdicts
from tests.support.digests import again, now
from tests.support.editing import card
from tests.support.entries import entry
from tests.support.ops import Ops
from tests.support.recording import saved
from tests.support.reviewing import certify


def test_review_lists_what_waits_for_each_person(ops: Ops) -> None:
    due(ops, backup=ops.ben)

    words = asked(ops, ops.ana).words()
    assert "1 entry needs your review" in words
    assert TITLE in words
    assert "in force, overdue 1 day, never certified" in words
    for person in (ops.ben, ops.cleo):
        assert "Nothing needs your review." in asked(ops, person).words()
    ops.ana.select("ask_entry", ops.cleo, asked(ops, ops.ana))
    assert "Nothing needs your review." in asked(ops, ops.ana).words()
    assert TITLE in asked(ops, ops.cleo).words()
    assert TITLE in asked(ops, ops.cleo, "DEC-1").words()


def test_still_accurate_moves_the_due_date_by_calendar_months(ops: Ops) -> None:
    due(ops)
    moment = ops.clock.time

    certify(ops.ana, asked(ops, ops.ana))

    assert "DEC-1@1 is still accurate. It is due again on" in heard(ops, ops.ana)
    assert timedelta(0) <= entry(ops).due_at - moment - timedelta(days=90) < timedelta(minutes=1)
    assert "in force, certified until" in card(ops).words()
    assert [one.verdict for one in verdicts(ops)] == [Verdict.ACCURATE]
    assert "Nothing needs your review." in asked(ops, ops.ana).words()


def test_needs_a_change_is_stored_and_opens_the_form(ops: Ops) -> None:
    """It moves no date: the entry stays due whether or not the form is saved."""
    due(ops)
    digest = now(ops)
    before = entry(ops).due_at

    ops.deliveries = 2
    view = ops.ben.press("Needs a change", on=asked(ops, ops.ben, "DEC-1"))
    ops.deliveries = 1
    ops.drain()

    assert isinstance(view, View)
    assert view.title == "Edit DEC-1"
    assert [(one.verdict, one.by, one.revision) for one in verdicts(ops)] == [
        (Verdict.CHANGE, UserId(ops.ben.id), 1)
    ]
    assert entry(ops).due_at == before
    assert "Needs a change by ben" in again(ops, digest).words()
    saved(ops, view.fill({"What do we do?": "We roll back twice."}))
    assert "overdue" in card(ops).words()


def test_needs_a_change_in_the_digest_is_stored_and_opens_the_form(ops: Ops) -> None:
    due(ops)
    digest = now(ops)
    before = entry(ops).due_at

    ops.deliveries = 2
    view = ops.ben.press("Needs a change", on=digest)
    ops.deliveries = 1
    ops.drain()

    assert isinstance(view, View)
    assert view.title == "Edit DEC-1"
    assert [(one.verdict, one.by, one.revision) for one in verdicts(ops)] == [
        (Verdict.CHANGE, UserId(ops.ben.id), 1)
    ]
    assert entry(ops).due_at == before
    assert "Needs a change by ben" in again(ops, digest).words()


def test_someone_else_can_be_asked_from_the_digest(ops: Ops) -> None:
    due(ops)
    digest = now(ops)

    ops.ana.select("ask_entry", ops.ben, digest)
    ops.drain()

    assert "Passed on to ben by ana" in again(ops, digest).words()
    assert "ben has been asked to review DEC-1@1 instead" in heard(ops, ops.ana)
    assert [(one.verdict, one.asked) for one in verdicts(ops)] == [
        (Verdict.ASKED, UserId(ops.ben.id))
    ]
    assert TITLE in asked(ops, ops.ben).words()


def test_retiring_counts_as_a_verdict(ops: Ops) -> None:
    due(ops)

    ops.retire(ops.ana, asked(ops, ops.ana))

    assert "DEC-1 is retired" in heard(ops, ops.ana)
    assert [one.verdict for one in verdicts(ops)] == [Verdict.RETIRED]


def test_a_person_who_cannot_review_is_refused_with_the_reason(ops: Ops) -> None:
    secret = ops.driver.channel("secret", private=True, members=[ops.ana, ops.cleo])
    ops.driver.invite_bot(secret, by=ops.ana)
    key = ops.record(ops.ana, "Rotate the keys", channel=secret)
    guest = ops.driver.person("gus", guest=True)
    for unfit, reason in (
        (guest, "You can only ask active full members of this workspace"),
        (ops.ana, "You have already been asked. Choose someone else"),
        (ops.ben, f"ben isn't in the private channel of {key}"),
    ):
        ops.ana.select("ask_entry", unfit, asked(ops, ops.ana, key))
        assert reason in heard(ops, ops.ana)
    assert entry(ops, key).certified_at is None
    with ops.store.read(ops.team) as tx:
        assert tx.verdicts.of(entry(ops, key).id) == []


@pytest.mark.parametrize("verdict", ["Needs a change", "ask_entry"])
def test_a_verdict_applies_to_the_revision_that_was_read(ops: Ops, verdict: str) -> None:
    due(ops)
    shown = asked(ops, ops.ana)
    view = ops.ben.slash(ops.ops, "/lore edit DEC-1").view
    assert view is not None
    saved(ops, view.fill({"What do we do?": "We roll forward."}))

    if verdict == "ask_entry":
        ops.ana.select(verdict, ops.cleo, shown)
    else:
        ops.ana.press(verdict, on=shown)

    assert "DEC-1 is now at revision 2, but this button is about revision 1" in heard(ops, ops.ana)
    assert verdicts(ops) == []


def test_every_verdict_can_be_given_in_app_home(ops: Ops) -> None:
    due(ops)
    home = ops.ana.home()
    assert home is not None

    assert "in force, overdue 1 day, never certified" in home.words()
    view = home.press("Needs a change", near=TITLE)
    assert view is not None
    assert view.title == "Edit DEC-1"
    view.close()
    home.choose("Ask someone else", ops.cleo, near=TITLE)
    ops.drain()
    assert [one.verdict for one in verdicts(ops)] == [Verdict.ASKED, Verdict.CHANGE]
    other = ops.cleo.home()
    assert other is not None
    certify(ops.cleo, other, TITLE)
    assert verdicts(ops)[0].verdict is Verdict.ACCURATE


def test_a_guest_cannot_give_a_verdict(ops: Ops) -> None:
    due(ops)
    guest = ops.driver.person("gus", guest=True)
    ops.driver.invite(ops.ops, guest)

    assert "only full members" in guest.slash(ops.ops, "/lore review").words()
    guest.press("Still accurate", on=card(ops))
    assert "only full members" in heard(ops, guest)


def test_every_surface_shows_the_review_state(ops: Ops) -> None:
    due(ops)
    for state in ("in force, overdue 1 day, never certified", "in force, certified until Sep"):
        home = ops.ana.home()
        assert home is not None
        assert state in home.words()
        assert state in ops.ben.slash(ops.ops, "/lore show DEC-1").words()
        assert state in ops.ben.slash(ops.ops, "/lore find roll back").words()
        # The digest lists due entries in fewer words.
        assert ("overdue 1 day, never certified" in now(ops).words()) == ("overdue" in state)
        certify(ops.ana, asked(ops, ops.ana, "DEC-1"))
    ops.ana.slash(ops.ops, "/lore retire DEC-1 No longer done.")
    assert "· retired ·" in ops.ben.slash(ops.ops, "/lore show DEC-1").words()
