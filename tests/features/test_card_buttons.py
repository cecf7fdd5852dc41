"""A card's buttons in a thread, an ephemeral message and a modal, also when the card is old."""

from collections.abc import Callable

import pytest

from bot.domain.entries import Key
from sandbox.forms import View
from sandbox.seen import Message
from tests.support.answers import told
from tests.support.editing import card
from tests.support.ops import Ops
from tests.support.recording import pressed, saved, shortcut, thread, typed

ALL = ["Use it", "Edit", "History", "Still accurate", "Retire"]
TITLE = "Roll back on checkout errors"


@pytest.fixture(autouse=True)
def recorded(ops: Ops) -> None:
    ops.record(ops.ana, TITLE, "We roll back.")


def in_channel(ops: Ops) -> Message:
    return card(ops)


def in_ephemeral(ops: Ops) -> Message:
    answer = ops.ben.slash(ops.ops, "/lore show DEC-1")
    assert answer.message is not None
    return answer.message


def in_modal(ops: Ops) -> View:
    """Open an entry that ben owns from App Home and return its card."""
    ops.ana.slash(ops.ops, "/lore owner DEC-1 @ben")
    ops.drain()
    home = ops.ben.home()
    assert home is not None
    opened = home.press("Open", near=TITLE)
    assert opened is not None
    assert opened.title == "DEC-1"
    return opened


Place = Callable[[Ops], Message | View]
everywhere = pytest.mark.parametrize("place", [in_channel, in_ephemeral, in_modal])


@everywhere
def test_the_card_has_all_its_buttons(ops: Ops, place: Place) -> None:
    assert place(ops).buttons() == ALL


@everywhere
def test_use_it_asks_how_it_went(ops: Ops, place: Place) -> None:
    ops.ben.press("Use it", place(ops))

    view = ops.ben.view
    assert view is not None
    assert view.title == "Use DEC-1"
    saved(ops, view)
    assert "1 followed" in card(ops).words()


@everywhere
def test_edit_opens_the_form(ops: Ops, place: Place) -> None:
    ops.ben.press("Edit", place(ops))

    view = ops.ben.view
    assert view is not None
    assert view.title == "Edit DEC-1"
    assert typed(view, "Title") == TITLE
    saved(ops, view.fill({"Why?": "Fixing took hours."}))
    assert "Fixing took hours." in card(ops).words()
    assert ops.ben.view is None


@everywhere
def test_history_shows_the_revisions(ops: Ops, place: Place) -> None:
    ops.ben.press("History", place(ops))
    ops.drain()

    view = ops.ben.view
    shown = view.words() if view is not None else ops.ben.ephemerals(ops.ops)[-1].words()
    assert "DEC-1@1" in shown
    assert "recorded by ana" in shown


@everywhere
def test_still_accurate_certifies_and_moves_the_due_date(ops: Ops, place: Place) -> None:
    shown = place(ops)
    ops.clock.time = ops.clock.time.replace(month=5)

    ops.ben.press("Still accurate", shown)

    assert "is still accurate. It is due again on Aug 2." in told(ops)
    words = card(ops).words()
    assert "last reviewed" in words
    key = Key.parse("DEC-1")
    assert key
    with ops.store.read(ops.team) as tx:
        entry = tx.entries.get(key)
    assert entry
    assert entry.certified_by == ops.ben.id
    assert f"{entry.due_at:%Y-%m-%d}" == "2026-08-02"


@everywhere
def test_the_next_review_date_is_in_their_own_time_zone(ops: Ops, place: Place) -> None:
    """In New York it is still the day before."""
    shown = place(ops)
    ops.clock.time = ops.clock.time.replace(month=5, day=4, hour=2)

    ops.ben.press("Still accurate", shown)

    assert "is still accurate. It is due again on Aug 1." in told(ops)


@everywhere
def test_retire_takes_it_out_of_use_and_the_card_says_so(ops: Ops, place: Place) -> None:
    ops.retire(ops.ben, place(ops))

    assert "DEC-1 is retired" in told(ops)
    assert "retired" in card(ops).words()
    assert card(ops).buttons() == ["History"]


def test_retiring_lists_the_entries_that_still_link_to_it(ops: Ops) -> None:
    view = ops.ana.slash(ops.ops, "/lore record handoff").view
    assert view is not None
    saved(ops, view.fill({"Title": "Night shift", "What must be passed on?": "Open alerts."}))
    edited = ops.ana.slash(ops.ops, "/lore edit DEC-1").view
    assert edited is not None
    edited.choose("Hands over to", "HND-1 Night shift")
    saved(ops, edited)
    assert "Linked from DEC-1" in card(ops, "HND-1").words()

    ops.retire(ops.ben, card(ops, "HND-1"))

    assert "DEC-1 still links to it." in told(ops)


@everywhere
@pytest.mark.parametrize("label", ["Use it", "Edit", "Still accurate", "Retire"])
def test_a_button_of_an_entry_that_was_retired_says_so(ops: Ops, place: Place, label: str) -> None:
    """It opens no form, since that form couldn't be saved."""
    if place is in_channel:
        # The button was pressed before the card in the channel was updated.
        ops.driver.fail("chat.update", "internal_error")
    shown = place(ops)
    ops.ana.slash(ops.ops, "/lore retire DEC-1 We use flags now.")
    ops.drain()

    ops.ben.press(label, shown)

    assert "DEC-1 is retired, so it can't be changed or used." in told(ops)


def test_a_button_a_year_old_still_works(ops: Ops) -> None:
    posted = card(ops)
    ops.clock.time = ops.clock.time.replace(year=2027)
    ops.start()  # the bot has restarted many times since

    view = pressed(ops.ben, "Use it", posted)
    saved(ops, view)

    assert "1 followed" in card(ops).words()


def test_still_accurate_certifies_the_revision_that_was_read(ops: Ops) -> None:
    """An ephemeral card is never updated, so it may show an old text."""
    shown = in_ephemeral(ops)
    view = ops.ana.slash(ops.ops, "/lore edit DEC-1").view
    assert view is not None
    saved(ops, view.fill({"What do we do?": "We roll forward."}))

    ops.ben.press("Still accurate", shown)

    assert "DEC-1 is now at revision 2, but this button is about revision 1" in told(ops)
    assert "never certified" in card(ops).words()


def test_pressing_twice_counts_once(ops: Ops) -> None:
    posted = card(ops)
    ops.deliveries = 2
    ops.retire(ops.ben, posted)
    ops.deliveries = 1
    ops.drain()

    assert "DEC-1@3" not in ops.ben.slash(ops.ops, "/lore history DEC-1").words()
    assert card(ops).buttons() == ["History"]


def test_a_guest_can_use_an_entry_but_not_change_it(ops: Ops) -> None:
    guest = ops.driver.person("gus", guest=True)
    ops.driver.invite(ops.ops, guest)

    assert isinstance(guest.press("Use it", card(ops)), View)
    for label in ("Edit", "Still accurate", "Retire"):
        guest.press(label, card(ops), seconds=0)
        ops.drain()
        assert "only full members can record or change" in guest.ephemerals(ops.ops)[-1].words()
    assert card(ops).buttons() == ALL


def test_a_person_from_another_organisation_gets_nothing(ops: Ops) -> None:
    stranger = ops.driver.person("sue", stranger=True)
    ops.driver.invite(ops.ops, stranger)

    for label in ALL:
        stranger.press(label, card(ops), seconds=0)
        ops.drain()
        assert "Opslore works only for members" in stranger.ephemerals(ops.ops)[-1].words()


def test_the_answer_is_posted_in_the_thread_of_the_card(ops: Ops) -> None:
    root = thread(ops)
    saved(ops, shortcut(ops.cleo, ops, root))
    posted = ops.driver.thread(ops.ops, root)[-1]

    ops.ben.press("History", posted)

    assert ops.ben.ephemerals(ops.ops)[-1].thread_ts == root


def test_if_slack_opens_no_modal_the_person_gets_a_message(ops: Ops) -> None:
    ops.driver.fail("views.open", "internal_error")

    ops.ben.press("Use it", card(ops))

    assert "Slack didn't accept Opslore's answer in time. Try again." in told(ops)


def test_buttons_still_answer_after_the_bot_was_removed(ops: Ops) -> None:
    posted = card(ops)
    ops.driver.remove_bot(ops.ops)

    ops.ben.press("History", posted)
    assert "recorded by ana" in ops.ben.ephemerals(ops.ops)[-1].words()
    ops.ben.press("Still accurate", posted)
    ops.drain()
    assert "is still accurate" in ops.ben.dms()[-1].words()
