"""The history of an entry: each revision's author, date, reason and uses, page by page."""

import pytest

from bot.domain.entries import Key, UserId
from bot.domain.kinds import Kind
from bot.domain.revisions import Change
from bot.slack import ids
from bot.usecases.ownership.owner import give_at_once, with_owner
from sandbox.forms import View
from sandbox.seen import Message
from tests.support.answers import told
from tests.support.editing import card, edit
from tests.support.ops import Ops
from tests.support.recording import pressed, saved

TITLE = "Roll back on checkout errors"


@pytest.fixture(autouse=True)
def revised(ops: Ops) -> None:
    """Record DEC-1 with three revisions and uses of each outcome: two at revision 1, one at 2."""
    ops.record(ops.ana, TITLE, "We roll back.")
    ops.ana.slash(ops.ops, "/lore use DEC-1")
    use = pressed(ops.ben, "Use it", card(ops))
    saved(ops, use.choose("How did it go?", "Failed").fill({"Note": "No backup."}))
    view = edit(ops, ops.ben)
    view.fill({"What do we do?": "We roll back twice.", "What changed and why?": "Once failed."})
    saved(ops, view)
    ops.cleo.slash(ops.ops, "/lore use DEC-1")
    ops.drain()


def many(ops: Ops, count: int) -> None:
    """Add this many revisions, each with a new owner."""
    with ops.store.transaction(ops.team) as tx:
        for number in range(count):
            entry = tx.entries.get(Key(kind=Kind.DECISION, number=1))
            assert entry is not None
            given = with_owner(entry.content, UserId((ops.ben, ops.ana)[number % 2].id))
            by = UserId(ops.cleo.id)
            give_at_once(tx, entry, given, change=Change.OWNER, by=by, now=ops.clock())
    ops.drain()


def in_message(ops: Ops) -> Message:
    answer = ops.ana.slash(ops.ops, "/lore history DEC-1")
    assert answer.message is not None
    return answer.message


def in_modal(ops: Ops) -> View:
    home = ops.ana.home()
    assert home is not None
    opened = home.press("Open", near=TITLE)
    assert opened is not None
    found = opened.press("History")
    assert found is not None
    return found


def test_it_shows_who_when_why_and_how_each_revision_was_used(ops: Ops) -> None:
    words = in_message(ops).words()

    second, first = words.index("DEC-1@2"), words.index("DEC-1@1")
    assert second < first
    for said in ("edited by ben", "in force", "Once failed.", "1 followed, 0 deviated, 0 failed"):
        assert said in words[second:first]
    for said in ("recorded by ana", "1 followed, 0 deviated, 1 failed"):
        assert said in words[first:]
    assert words.count("· in force") == 1


def test_a_retired_entry_has_no_revision_in_force(ops: Ops) -> None:
    ops.ben.slash(ops.ops, "/lore retire DEC-1 We use flags now.")

    words = in_message(ops).words()

    assert "retired by ben" in words
    assert "We use flags now." in words
    assert "· in force" not in words


def test_a_short_history_has_no_pages(ops: Ops) -> None:
    assert in_message(ops).buttons() == []


def test_the_pages_of_a_long_history_turn_in_place(ops: Ops) -> None:
    many(ops, 23)
    shown = in_message(ops)
    before = len(ops.ana.ephemerals(ops.ops))
    assert "Revisions 25 to 16 of 25" in shown.words()
    assert shown.buttons() == ["Older"]

    ops.ana.press("Older", shown)
    shown = ops.ana.ephemerals(ops.ops)[-1]
    assert "Revisions 15 to 6 of 25" in shown.words()
    assert shown.buttons() == ["Newer", "Older"]
    ops.ana.press("Older", shown)
    shown = ops.ana.ephemerals(ops.ops)[-1]
    assert "Revisions 5 to 1 of 25" in shown.words()
    assert "recorded by ana" in shown.words()
    ops.ana.press("Newer", shown)

    assert "Revisions 15 to 6 of 25" in ops.ana.ephemerals(ops.ops)[-1].words()
    assert len(ops.ana.ephemerals(ops.ops)) == before


def test_the_pages_of_a_long_history_turn_in_a_modal_too(ops: Ops) -> None:
    many(ops, 24)
    view = in_modal(ops)
    assert "Revisions 26 to 17 of 26" in view.words()

    older = view.press("Older")

    assert older is not None
    assert older.id == view.id
    assert "Revisions 16 to 7 of 26" in older.words()
    assert older.buttons() == ["Newer", "Older"]


def test_a_page_can_begin_at_any_revision(ops: Ops) -> None:
    many(ops, 23)

    words = ops.ana.slash(ops.ops, "/lore history DEC-1@7").words()

    assert "Revisions 7 to 1 of 25" in words
    assert "Revisions 25 to 16" in ops.ana.slash(ops.ops, "/lore history DEC-1@99").words()


def test_a_revision_is_shown_as_it_was(ops: Ops) -> None:
    ops.ana.select(ids.REVISION_MENU, "Show", in_message(ops), near="DEC-1@1")

    shown = ops.ana.ephemerals(ops.ops)[-1]
    assert "We roll back." in shown.words()
    assert "older revision" in shown.words()


def test_a_revision_is_compared_with_the_one_before_it(ops: Ops) -> None:
    many(ops, 1)
    ops.ana.select(ids.REVISION_MENU, "Diff", in_message(ops), near="DEC-1@2")

    shown = ops.ana.ephemerals(ops.ops)[-1].words()
    assert "DEC-1@2 compared with DEC-1@1" in shown
    assert "twice" in shown


def test_in_a_modal_both_open_on_top_and_lead_back(ops: Ops) -> None:
    """Slack stacks three views, so the top one opens nothing more."""
    for chosen, said in (("Show", "We roll back."), ("Diff", "twice")):
        near = "DEC-1@1" if chosen == "Show" else "DEC-1@2"
        in_modal(ops).choose(ids.REVISION_MENU, chosen, near=near)
        top = ops.ana.view
        assert top is not None
        assert said in top.words()
        assert top.buttons() == []
        top.close()
        below = ops.ana.view
        assert below is not None
        assert below.title == "DEC-1 history"
        below.close()


def test_the_first_revision_has_nothing_to_be_compared_with(ops: Ops) -> None:
    blocks = in_message(ops).blocks
    menus = [block["accessory"]["options"] for block in blocks if "accessory" in block]

    assert [[one["text"]["text"] for one in menu] for menu in menus] == [
        ["Show", "Diff"],
        ["Show", "Restore"],
    ]


def test_an_old_page_still_turns_after_its_response_url_expired(ops: Ops) -> None:
    many(ops, 23)
    shown = in_message(ops)
    ops.driver.fail("response_url", "expired_url")

    ops.ana.press("Older", shown)

    assert "Revisions 15 to 6 of 25" in ops.ana.ephemerals(ops.ops)[-1].words()


def test_someone_who_can_no_longer_see_it_cannot_turn_its_pages(ops: Ops) -> None:
    """The page that they saw stays on their screen, and nothing newer is added."""
    secret = ops.driver.channel("secret", members=[ops.ana, ops.ben], private=True)
    ops.driver.invite_bot(secret, by=ops.ana)
    key = ops.record(ops.ana, "Hidden", channel=secret)
    for number in range(12):
        ops.ana.slash(secret, f"/lore owner {key} <@{(ops.ben, ops.ana)[number % 2].id}>")
    shown = ops.ben.slash(ops.ops, f"/lore history {key}").message
    assert shown is not None
    ops.ben.leave(secret)

    ops.ben.press("Older", shown)

    assert f"There is no {key}" in told(ops)


def test_a_revision_with_one_possible_action_has_a_button_instead_of_a_menu(ops: Ops) -> None:
    ops.record(ops.ana, "Wait for the nightly job")

    answer = ops.ana.slash(ops.ops, "/lore history DEC-2").message

    assert answer is not None
    assert answer.buttons() == ["Show"]
    assert "Diff" not in str(answer.raw)
    ops.ana.press("Show", answer)
    assert "revision 1 · owner ana" in ops.ana.ephemerals(ops.ops)[-1].words()
