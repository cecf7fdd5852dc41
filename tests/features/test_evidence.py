"""Evidence: the messages that an entry is based on, when they are edited, deleted or lost."""

import time
from datetime import UTC, datetime

import pytest

from bot.domain.entries import ChannelId, Evidence, EvidenceState, Key, UserId
from bot.domain.form_drafts import FormDraft
from bot.slack.api.people import People
from bot.slack.text import phrases
from bot.slack.text.status import StatusWords
from tests.support.faults import bring, held
from tests.support.ops import Ops
from tests.support.prompting import ROLLBACK, say
from tests.support.recording import (
    ASKED,
    ASKED_TITLE,
    DECIDED,
    NAMED,
    TOKEN,
    cards,
    offer,
    pressed,
    saved,
    shortcut,
    thread,
    typed,
)
from tests.support.redacting import kept


@pytest.fixture
def root(ops: Ops) -> str:
    """Return the root of the thread that DEC-1 was recorded from."""
    ts = thread(ops)
    saved(ops, shortcut(ops.cleo, ops, ts))
    return ts


def evidence(ops: Ops) -> list[Evidence]:
    key = Key.parse("DEC-1")
    assert key
    with ops.store.read(ops.team) as tx:
        entry = tx.entries.get(key)
    assert entry
    return list(entry.evidence)


def draft(ops: Ops) -> FormDraft:
    """Return the only form that Cleo opened and did not save."""
    with ops.store.read(ops.team) as tx:
        [found] = tx.form_drafts.waiting_for(UserId(ops.cleo.id), 9)
    return found


def shown(ops: Ops) -> str:
    return ops.ana.slash(ops.ops, "/lore show DEC-1").words()


def test_an_edited_message_updates_the_evidence_and_says_so(ops: Ops, root: str) -> None:
    """The entry stays as it was written, since only a person changes its text."""
    ops.ana.edit(ops.ops, root, "Checkout errors are above five percent again.")
    ops.drain()

    assert evidence(ops)[0].state is EvidenceState.EDITED
    assert evidence(ops)[0].excerpt == "Checkout errors are above five percent again."
    assert "(edited)" in shown(ops)
    assert ASKED in shown(ops)


def acts(ops: Ops) -> list[str]:
    with ops.store.read(ops.team) as tx:
        return [act.action for act in tx.audit.acts()]


def test_an_edit_older_than_the_last_one_changes_nothing(ops: Ops, root: str) -> None:
    """Neither the evidence nor an open form changes, and a repeated edit counts once."""
    shortcut(ops.cleo, ops, root)

    def act() -> None:
        ops.ana.edit(ops.ops, root, "Checkout errors are above five percent.")
        ops.ana.edit(ops.ops, root, "Checkout errors are above nine percent.")

    older, newer = held(ops, act)
    for payload in (newer, older, newer):
        assert bring(ops, payload) == 200
    ops.drain()

    assert evidence(ops)[0].excerpt == "Checkout errors are above nine percent."
    assert draft(ops).evidence[0].excerpt == "Checkout errors are above nine percent."
    assert acts(ops).count("evidence_edited") == 1


def test_of_two_edits_in_one_second_the_later_wins(ops: Ops, root: str) -> None:
    def act() -> None:
        ops.ana.edit(ops.ops, root, "Checkout errors are above five percent.")
        ops.ana.edit(ops.ops, root, "Checkout errors are above nine percent.")

    older, newer = held(ops, act)
    for payload in (older, newer):
        payload["event"]["message"]["edited"]["ts"] = "1772618400.000000"
    for payload in (newer, older):
        assert bring(ops, payload) == 200

    assert evidence(ops)[0].excerpt == "Checkout errors are above nine percent."


def test_a_change_by_slack_itself_is_applied_whatever_was_edited(ops: Ops, root: str) -> None:
    """Without `edited` no person made the edit, so nothing shows that it arrived late."""
    ops.ana.edit(ops.ops, root, "Checkout errors are above five percent.")
    [payload] = held(ops, lambda: ops.ana.edit(ops.ops, root, "Checkout errors, as unfurled."))
    del payload["event"]["message"]["edited"]

    assert bring(ops, payload) == 200

    assert evidence(ops)[0].excerpt == "Checkout errors, as unfurled."


def test_people_in_an_edited_message_are_shown_by_name(ops: Ops, root: str) -> None:
    ops.ana.edit(ops.ops, root, f"Checkout errors again, <@{ops.ben.id}> rolls back.")

    assert evidence(ops)[0].excerpt == "Checkout errors again, @ben rolls back."


def test_a_secret_added_by_an_edit_is_masked(ops: Ops, root: str) -> None:
    ops.ana.edit(ops.ops, root, f"Checkout errors, use {TOKEN}.")
    ops.drain()

    assert TOKEN not in str(evidence(ops))
    assert "[secret masked]" in evidence(ops)[0].excerpt


def test_deleting_a_message_removes_its_whole_text(ops: Ops, root: str) -> None:
    reply = ops.driver.thread(ops.ops, root)[1]
    ops.ben.delete(ops.ops, reply)
    ops.drain()

    [kept, gone] = evidence(ops)
    assert kept.state is EvidenceState.THERE
    assert gone.state is EvidenceState.DELETED
    assert gone.excerpt == ""
    assert "(deleted)" in shown(ops)
    [card] = cards(ops, root)
    assert kept.permalink.replace("&", "&amp;") in str(card.raw)
    assert gone.permalink.replace("&", "&amp;") not in str(card.raw)
    assert "(deleted)" in card.words()


def test_deleting_a_root_with_replies_removes_its_text(ops: Ops, root: str) -> None:
    """Slack leaves a tombstone if the thread has replies."""
    ops.ana.delete(ops.ops, root)
    ops.drain()

    assert evidence(ops)[0].state is EvidenceState.DELETED
    assert evidence(ops)[0].excerpt == ""


def test_an_unfurled_link_is_not_an_edit(ops: Ops, root: str) -> None:
    text = ops.driver.thread(ops.ops, root)[0].text
    ops.ana.edit(ops.ops, root, text)
    ops.drain()

    assert evidence(ops)[0].state is EvidenceState.THERE


def test_a_message_deleted_while_the_form_is_open_leaves_no_text(ops: Ops) -> None:
    """The person decides what to do with the form, but the excerpt must not come back."""
    ts = thread(ops)
    view = shortcut(ops.cleo, ops, ts)
    ops.ben.delete(ops.ops, ops.driver.thread(ops.ops, ts)[1])
    ops.drain()
    saved(ops, view)

    assert [each.state for each in evidence(ops)] == [EvidenceState.THERE, EvidenceState.DELETED]
    assert DECIDED not in evidence(ops)[1].excerpt


def test_a_deletion_clears_the_text_in_an_unsaved_form(ops: Ops) -> None:
    """Text from other messages stays in the form, and so does text that the person rewrote."""
    ts = thread(ops)
    shortcut(ops.cleo, ops, ts)
    ops.ben.delete(ops.ops, ops.driver.thread(ops.ops, ts)[1])
    ops.drain()

    kept = draft(ops)
    assert [source.state for source in kept.evidence] == [
        EvidenceState.THERE,
        EvidenceState.DELETED,
    ]
    assert DECIDED not in str(kept)
    assert kept.values["title"] == ASKED_TITLE


def test_a_deletion_clears_the_text_in_a_form_that_names_a_person(ops: Ops) -> None:
    ts = ops.ana.say(ops.ops, f"Decision: <@{ops.ben.id}> drains the node before every upgrade.")
    shortcut(ops.cleo, ops, ts)
    assert "@ben drains the node" in str(draft(ops).values["rule"])

    ops.ana.delete(ops.ops, ts)

    assert "drains the node" not in str(draft(ops))


def test_a_deletion_removes_no_text_that_the_person_typed(ops: Ops) -> None:
    ts = thread(ops)
    view = shortcut(ops.cleo, ops, ts)
    view.fill({"What do we do?": f"{DECIDED} Ana does it."})
    view.choose("Kind", "Handoff")
    ops.ben.delete(ops.ops, ops.driver.thread(ops.ops, ts)[1])

    assert draft(ops).values["rule"] == f"{DECIDED} Ana does it."


def test_an_edit_updates_the_text_in_an_unsaved_form(ops: Ops) -> None:
    ts = thread(ops)
    shortcut(ops.cleo, ops, ts)
    ops.ana.edit(ops.ops, ts, "Checkout errors are above five percent again.")

    assert draft(ops).evidence[0].excerpt == "Checkout errors are above five percent again."
    assert draft(ops).evidence[0].state is EvidenceState.EDITED


def test_an_edit_updates_a_form_that_is_being_opened(
    ops: Ops, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The edit arrives after Slack returned the thread, while names are looked up for the form."""
    said = f"Decision: <@{ops.ben.id}> tells Maria Kowalska of every upgrade."
    now = f"Decision: <@{ops.ben.id}> tells the vendor of every upgrade."
    ts = ops.ana.say(ops.ops, said)
    ops.drain()
    name, edits = People.name, [lambda: ops.ana.edit(ops.ops, ts, now)]

    def slow(people: People, user: UserId) -> str:
        while edits:
            edits.pop()()
        return name(people, user)

    monkeypatch.setattr(People, "name", slow)
    view = shortcut(ops.cleo, ops, ts)

    assert "its old text is left out" in view.words()
    saved(ops, view.fill({"Title": "Upgrades", "What do we do?": "We tell them."}))
    assert "Kowalska" not in kept(ops.store)
    assert evidence(ops)[0].state is EvidenceState.EDITED
    assert evidence(ops)[0].excerpt == ""
    again = shortcut(ops.cleo, ops, ts)
    assert "left out" not in again.words()
    assert typed(again, "What do we do?") == "Decision: @ben tells the vendor of every upgrade."


def test_recording_a_thread_that_was_deleted_says_so(ops: Ops) -> None:
    """The prompt's button is still there after the message is deleted."""
    ts = say(ops, ops.ben, ROLLBACK)
    [prompt] = ops.ben.ephemerals(ops.ops)
    ops.ben.delete(ops.ops, ts)

    assert ops.ben.press("Record it", prompt, seconds=0) is None
    ops.drain()

    [told] = ops.ben.ephemerals(ops.ops)
    assert "was deleted, so there is nothing to fill the form from." in told.words()
    assert "/lore record" in told.words()


@pytest.mark.parametrize("asked", ["a reaction", "a mention"])
def test_an_offer_to_record_a_deleted_message_says_so(ops: Ops, asked: str) -> None:
    if asked == "a reaction":
        ts = ops.ben.say(ops.ops, DECIDED)
        ops.cleo.react(ops.ops, ts, ":scroll:")
    else:
        ts = ops.cleo.say(ops.ops, f"<@{ops.sandbox.bot_user_id}> record: {DECIDED}")
    offered = offer(ops, ops.cleo)
    ops.driver.delete_message(ops.ops, ts)

    assert ops.cleo.press("Record this thread", offered, seconds=0) is None
    ops.drain()

    [told] = ops.cleo.ephemerals(ops.ops)
    assert "was deleted, so there is nothing to fill the form from." in told.words()


def test_a_message_deleted_during_its_shortcut_is_not_recorded(ops: Ops) -> None:
    """Slack sent its text with the shortcut, and that text must not be stored."""
    ts = ops.ben.say(ops.ops, DECIDED)
    ops.driver.fail("conversations.replies", "thread_not_found")

    assert ops.cleo.shortcut("Record this thread", ops.ops, ts, seconds=0) is None
    ops.drain()

    assert "was deleted, so there is nothing" in ops.cleo.ephemerals(ops.ops)[-1].words()


def test_the_tombstone_of_a_deleted_root_is_not_evidence(ops: Ops) -> None:
    """Opslore got no event of the deletion: it was down, or not yet in the channel."""
    ts = thread(ops)
    ops.driver.deliver_events(drop=True)
    ops.ana.delete(ops.ops, ts)
    ops.driver.heal()

    view = shortcut(ops.cleo, ops, ts)
    saved(ops, view)

    assert typed(view, "Title") == NAMED
    assert [each.excerpt for each in evidence(ops)] == [DECIDED]
    assert "This message was deleted" not in shown(ops)


def test_a_deleted_root_with_replies_by_apps_only_is_not_recorded(ops: Ops) -> None:
    pager = ops.driver.bot("pager")
    ops.driver.invite(ops.ops, pager)
    ts = ops.ben.say(ops.ops, DECIDED)
    pager.say(ops.ops, "Noted.", thread=ts)
    ops.cleo.react(ops.ops, ts, ":scroll:")
    offered = offer(ops, ops.cleo)
    ops.ben.delete(ops.ops, ts)

    assert ops.cleo.press("Record this thread", offered, seconds=0) is None
    ops.drain()

    assert "was deleted, so there is nothing" in ops.cleo.ephemerals(ops.ops)[-1].words()


def test_a_form_for_a_message_of_an_app_says_why_it_is_empty(ops: Ops) -> None:
    pager = ops.driver.bot("pager")
    ops.driver.invite(ops.ops, pager)
    ts = pager.say(ops.ops, "Disk of db-1 is full.")

    view = shortcut(ops.cleo, ops, ts)

    assert "The message has no usable text, so the form is empty." in view.words()
    assert not typed(view, "Title")
    ops.cleo.react(ops.ops, ts, ":scroll:")
    view = pressed(ops.cleo, "Record this thread", offer(ops, ops.cleo))
    assert "The message has no usable text, so the form is empty." in view.words()


def test_a_form_for_a_thread_that_slack_did_not_return_lists_no_message(ops: Ops) -> None:
    ts = thread(ops)
    ops.cleo.react(ops.ops, ts, ":scroll:")
    offered = offer(ops, ops.cleo)
    ops.driver.fail("conversations.replies", status=500)

    view = pressed(ops.cleo, "Record this thread", offered)

    assert "Slack didn't return the thread in time, so the form is empty." in view.words()
    assert "filled in from one message" not in view.words()


def test_a_late_shortcut_does_not_offer_a_deleted_reply(ops: Ops) -> None:
    ts = thread(ops)
    ops.ben.delete(ops.ops, ops.driver.thread(ops.ops, ts)[1])

    view = shortcut(ops.cleo, ops, ts)

    assert DECIDED not in view.words()


def test_the_card_of_an_entry_with_a_deleted_thread_is_still_posted(ops: Ops) -> None:
    ts = ops.ben.say(ops.ops, DECIDED)
    view = shortcut(ops.cleo, ops, ts)
    ops.ben.delete(ops.ops, ts)
    saved(ops, view)

    everything = [*ops.driver.messages(ops.ops), *ops.cleo.dms()]
    assert any("DEC-1" in message.words() for message in everything)


@pytest.mark.parametrize("host", ["Asia/Tokyo", "America/Los_Angeles"])
def test_a_link_shows_the_same_day_wherever_opslore_runs(
    host: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TZ", host)
    time.tzset()
    said = datetime(2026, 3, 4, 23, 30, tzinfo=UTC).timestamp()
    try:
        source = Evidence(
            channel=ChannelId("C1"),
            ts=f"{said:.6f}",
            permalink="https://acme.example/1",
            author=UserId("U1"),
            excerpt="",
        )
        status = StatusWords(names=str, now=lambda: datetime(2026, 3, 5, tzinfo=UTC))
        assert "|Mar 4, U1>" in phrases.link_evidence(status)([source])
    finally:
        monkeypatch.undo()
        time.tzset()
