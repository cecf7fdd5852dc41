"""Evidence: the messages that an entry rests on, as they are edited, deleted and lost."""

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
from tests.support.recording import (
    ASKED,
    DECIDED,
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
    """The root of a thread that DEC-1 was recorded from."""
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
    """The one form that Cleo opened and did not save."""
    with ops.store.read(ops.team) as tx:
        [found] = tx.form_drafts.waiting_for(UserId(ops.cleo.id), 9)
    return found


def shown(ops: Ops) -> str:
    return ops.ana.slash(ops.ops, "/lore show DEC-1").words()


def test_an_edit_is_followed_and_said(ops: Ops, root: str) -> None:
    """The entry itself stays as it was written: only a person changes what it says."""
    ops.ana.edit(ops.ops, root, "Checkout errors are above five percent again.")
    ops.drain()

    assert evidence(ops)[0].state is EvidenceState.EDITED
    assert evidence(ops)[0].excerpt == "Checkout errors are above five percent again."
    assert "(edited)" in shown(ops)
    assert ASKED in shown(ops)


def acts(ops: Ops) -> list[str]:
    with ops.store.read(ops.team) as tx:
        return [act.action for act in tx.audit.acts()]


def test_an_edit_that_a_later_one_overtook_changes_nothing(ops: Ops, root: str) -> None:
    """Neither the evidence nor a form that is open; and an edit that comes twice is taken once."""
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


def test_of_two_edits_within_one_second_the_later_stays(ops: Ops, root: str) -> None:
    def act() -> None:
        ops.ana.edit(ops.ops, root, "Checkout errors are above five percent.")
        ops.ana.edit(ops.ops, root, "Checkout errors are above nine percent.")

    older, newer = held(ops, act)
    for payload in (older, newer):
        payload["event"]["message"]["edited"]["ts"] = "1772618400.000000"
    for payload in (newer, older):
        assert bring(ops, payload) == 200

    assert evidence(ops)[0].excerpt == "Checkout errors are above nine percent."


def test_what_slack_changed_itself_is_followed_whatever_was_edited(ops: Ops, root: str) -> None:
    """Without `edited` it was no person's edit, and nothing says that it came too late."""
    ops.ana.edit(ops.ops, root, "Checkout errors are above five percent.")
    [payload] = held(ops, lambda: ops.ana.edit(ops.ops, root, "Checkout errors, as unfurled."))
    del payload["event"]["message"]["edited"]

    assert bring(ops, payload) == 200

    assert evidence(ops)[0].excerpt == "Checkout errors, as unfurled."


def test_people_are_named_in_what_was_edited_as_in_what_was_said(ops: Ops, root: str) -> None:
    ops.ana.edit(ops.ops, root, f"Checkout errors again, <@{ops.ben.id}> rolls back.")

    assert evidence(ops)[0].excerpt == "Checkout errors again, @ben rolls back."


def test_a_secret_edited_into_a_message_is_masked(ops: Ops, root: str) -> None:
    ops.ana.edit(ops.ops, root, f"Checkout errors, use {TOKEN}.")
    ops.drain()

    assert TOKEN not in str(evidence(ops))
    assert "[secret masked]" in evidence(ops)[0].excerpt


def test_a_deletion_is_followed_and_nothing_of_the_message_stays(ops: Ops, root: str) -> None:
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


def test_a_root_deleted_with_replies_is_followed(ops: Ops, root: str) -> None:
    """Slack leaves a tombstone where a thread has replies."""
    ops.ana.delete(ops.ops, root)
    ops.drain()

    assert evidence(ops)[0].state is EvidenceState.DELETED
    assert evidence(ops)[0].excerpt == ""


def test_an_unfurl_is_no_edit(ops: Ops, root: str) -> None:
    text = ops.driver.thread(ops.ops, root)[0].text
    ops.ana.edit(ops.ops, root, text)
    ops.drain()

    assert evidence(ops)[0].state is EvidenceState.THERE


def test_a_message_deleted_while_the_form_is_open_leaves_no_text(ops: Ops) -> None:
    """What came of it is for the person to decide; the excerpt must not come back to life."""
    ts = thread(ops)
    view = shortcut(ops.cleo, ops, ts)
    ops.ben.delete(ops.ops, ops.driver.thread(ops.ops, ts)[1])
    ops.drain()
    saved(ops, view)

    assert [each.state for each in evidence(ops)] == [EvidenceState.THERE, EvidenceState.DELETED]
    assert DECIDED not in evidence(ops)[1].excerpt


def test_a_deletion_reaches_a_form_that_nobody_saved(ops: Ops) -> None:
    """What it was filled in with from other messages stays, and so does what was rewritten."""
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
    assert kept.values["title"] == ASKED.rstrip(".")


def test_a_deletion_reaches_a_form_that_names_somebody(ops: Ops) -> None:
    ts = ops.ana.say(ops.ops, f"Decision: <@{ops.ben.id}> drains the node before every upgrade.")
    shortcut(ops.cleo, ops, ts)
    assert "@ben drains the node" in str(draft(ops).values["rule"])

    ops.ana.delete(ops.ops, ts)

    assert "drains the node" not in str(draft(ops))


def test_a_deletion_takes_no_word_that_somebody_wrote(ops: Ops) -> None:
    ts = thread(ops)
    view = shortcut(ops.cleo, ops, ts)
    view.fill({"What do we do?": f"{DECIDED} Ana does it."})
    view.choose("Kind", "Handoff")
    ops.ben.delete(ops.ops, ops.driver.thread(ops.ops, ts)[1])

    assert draft(ops).values["rule"] == f"{DECIDED} Ana does it."


def test_an_edit_reaches_a_form_that_nobody_saved(ops: Ops) -> None:
    ts = thread(ops)
    shortcut(ops.cleo, ops, ts)
    ops.ana.edit(ops.ops, ts, "Checkout errors are above five percent again.")

    assert draft(ops).evidence[0].excerpt == "Checkout errors are above five percent again."
    assert draft(ops).evidence[0].state is EvidenceState.EDITED


def test_an_edit_reaches_a_form_that_is_being_opened(
    ops: Ops, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It comes between Slack's giving the thread and the form, while names are asked for."""
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


def test_a_thread_deleted_before_it_is_recorded_is_said(ops: Ops) -> None:
    """The prompt's button outlives the message."""
    ts = ops.ben.say(ops.ops, DECIDED)
    ops.drain()
    [prompt] = ops.ben.ephemerals(ops.ops)
    ops.ben.delete(ops.ops, ts)

    assert ops.ben.press("Record decision", prompt, seconds=0) is None
    ops.drain()

    [told] = ops.ben.ephemerals(ops.ops)
    assert "was deleted, so there is nothing to fill the form from." in told.words()
    assert "/lore record" in told.words()


@pytest.mark.parametrize("asked", ["a reaction", "a mention"])
def test_an_offer_outlives_its_message_and_says_so(ops: Ops, asked: str) -> None:
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


def test_a_message_deleted_while_its_shortcut_was_taken_is_not_recorded(ops: Ops) -> None:
    """Slack brought its words with the shortcut, and they are not to be kept."""
    ts = ops.ben.say(ops.ops, DECIDED)
    ops.driver.fail("conversations.replies", "thread_not_found")

    assert ops.cleo.shortcut("Record this thread", ops.ops, ts, seconds=0) is None
    ops.drain()

    assert "was deleted, so there is nothing" in ops.cleo.ephemerals(ops.ops)[-1].words()


def test_the_mark_of_a_deleted_root_is_nothing_that_was_said(ops: Ops) -> None:
    """Of which Opslore heard nothing: it was down, or not yet there."""
    ts = thread(ops)
    ops.driver.deliver_events(drop=True)
    ops.ana.delete(ops.ops, ts)
    ops.driver.heal()

    view = shortcut(ops.cleo, ops, ts)
    saved(ops, view)

    assert typed(view, "Title") == DECIDED.rstrip(".")
    assert [each.excerpt for each in evidence(ops)] == [DECIDED]
    assert "This message was deleted" not in shown(ops)


def test_a_deleted_root_under_which_only_apps_replied_is_not_recorded(ops: Ops) -> None:
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


def test_a_form_for_what_an_app_wrote_says_why_it_is_empty(ops: Ops) -> None:
    pager = ops.driver.bot("pager")
    ops.driver.invite(ops.ops, pager)
    ts = pager.say(ops.ops, "Disk of db-1 is full.")

    view = shortcut(ops.cleo, ops, ts)

    assert "The message has no usable text, so the form is empty." in view.words()
    assert not typed(view, "Title")
    ops.cleo.react(ops.ops, ts, ":scroll:")
    view = pressed(ops.cleo, "Record this thread", offer(ops, ops.cleo))
    assert "The message has no usable text, so the form is empty." in view.words()


def test_a_form_for_a_thread_that_slack_did_not_give_claims_no_message(ops: Ops) -> None:
    ts = thread(ops)
    ops.cleo.react(ops.ops, ts, ":scroll:")
    offered = offer(ops, ops.cleo)
    ops.driver.fail("conversations.replies", status=500)

    view = pressed(ops.cleo, "Record this thread", offered)

    assert "Slack didn't return the thread in time, so the form is empty." in view.words()
    assert "filled in from one message" not in view.words()


def test_a_deleted_reply_is_not_offered_by_a_shortcut_taken_late(ops: Ops) -> None:
    ts = thread(ops)
    ops.ben.delete(ops.ops, ops.driver.thread(ops.ops, ts)[1])

    view = shortcut(ops.cleo, ops, ts)

    assert DECIDED not in view.words()


def test_the_card_of_an_entry_whose_thread_is_gone_is_still_told(ops: Ops) -> None:
    ts = ops.ben.say(ops.ops, DECIDED)
    view = shortcut(ops.cleo, ops, ts)
    ops.ben.delete(ops.ops, ts)
    saved(ops, view)

    everything = [*ops.driver.messages(ops.ops), *ops.cleo.dms()]
    assert any("DEC-1" in message.words() for message in everything)


@pytest.mark.parametrize("host", ["Asia/Tokyo", "America/Los_Angeles"])
def test_a_link_names_the_same_day_wherever_opslore_runs(
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
        assert "|Mar 4>" in phrases.link_evidence(status)([source])
    finally:
        monkeypatch.undo()
        time.tzset()
