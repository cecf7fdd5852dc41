"""Text that a form took from a message disappears with the message; typed text stays."""

from collections.abc import Callable
from typing import Any

import pytest

from bot.domain.entries import EvidenceState, UserId
from bot.domain.form_drafts import FormDraft
from bot.slack.api.people import People
from sandbox.forms import View
from tests.support.faults import bring, held
from tests.support.gap_threads import DISK, ask, gaps
from tests.support.ops import Ops
from tests.support.recording import (
    ASKED,
    ASKED_TITLE,
    BECAUSE,
    DECIDED,
    TOKEN,
    shortcut,
    thread,
    typed,
)
from tests.support.redacting import kept, redacted

# Longer than an excerpt.
MORE = "Checkout is watched by the platform team, day and night. " * 6


def draft(ops: Ops) -> FormDraft:
    """Return the only form that Cleo opened and did not save."""
    with ops.store.read(ops.team) as tx:
        [found] = tx.form_drafts.waiting_for(UserId(ops.cleo.id), 9)
    return found


def reply(ops: Ops, root: str, number: int) -> str:
    return str(ops.driver.thread(ops.ops, root)[number].ts)


def refused(view: View) -> View:
    """Submit the form with a fault and return it; it stays open."""
    assert view.fill({"Runbook link": "see wiki"}).submit() != {}
    return view


def test_a_deletion_removes_text_that_an_earlier_edit_left_in_the_form(ops: Ops) -> None:
    """The message still contains it, behind as much text as an excerpt holds."""
    root = thread(ops)
    refused(shortcut(ops.cleo, ops, root))
    decided = reply(ops, root, 1)
    ops.ana.edit(ops.ops, root, MORE + ASKED)
    ops.ben.edit(ops.ops, decided, MORE + DECIDED)
    assert draft(ops).values["title"] == ASKED_TITLE
    assert draft(ops).values["rule"] == DECIDED

    ops.ana.delete(ops.ops, root)
    ops.ben.delete(ops.ops, decided)

    assert not {"title", "trigger", "rule"} & draft(ops).values.keys()
    assert draft(ops).values["runbook"] == "see wiki"
    assert draft(ops).values["rationale"] == BECAUSE


def test_an_edit_removes_the_text_that_is_no_longer_in_the_message(ops: Ops) -> None:
    """The removed text may be exactly what must not be stored; the rest of the form stays."""
    root = thread(ops)
    shortcut(ops.cleo, ops, root)
    ops.ben.edit(ops.ops, reply(ops, root, 1), "We decided something.")

    assert DECIDED not in kept(ops.store)
    assert draft(ops).values["title"] == ASKED_TITLE
    assert draft(ops).values["rationale"] == BECAUSE


@pytest.mark.parametrize("sent", [False, True])
def test_a_deletion_removes_a_reason_taken_from_a_message_that_is_not_evidence(
    ops: Ops, *, sent: bool
) -> None:
    root = thread(ops)
    view = shortcut(ops.cleo, ops, root)
    if sent:
        refused(view)
    because = reply(ops, root, 2)
    assert because not in {source.ts for source in draft(ops).evidence}

    ops.cleo.delete(ops.ops, because)

    assert BECAUSE not in kept(ops.store)
    assert draft(ops).values["rule"] == DECIDED
    assert draft(ops).values.get("runbook") == ("see wiki" if sent else None)


def test_a_deletion_removes_text_beyond_the_excerpt(ops: Ops) -> None:
    root = ops.ana.say(ops.ops, ASKED)
    ops.ben.say(ops.ops, f"{DECIDED} {MORE}Ana decides in the end.", thread=root)
    said = ops.ana.say(ops.ops, MORE + BECAUSE, thread=root)
    shortcut(ops.cleo, ops, root)
    assert "Ana decides in the end." in draft(ops).values["rule"]
    assert draft(ops).values["rationale"] == BECAUSE

    ops.ben.delete(ops.ops, reply(ops, root, 1))
    ops.ana.delete(ops.ops, said)

    assert "Ana decides in the end." not in kept(ops.store)
    assert BECAUSE not in kept(ops.store)


def test_a_deletion_removes_no_text_that_the_person_typed(ops: Ops) -> None:
    """It may use the very words of the message, but the person typed it."""
    root = thread(ops)
    view = shortcut(ops.cleo, ops, root)
    refused(view.fill({"Title": "Checkout errors are above", "Why?": "Fixing forward is slow."}))
    for number, author in ((2, ops.cleo), (1, ops.ben), (0, ops.ana)):
        author.delete(ops.ops, reply(ops, root, number))

    found = draft(ops)
    assert found.values["title"] == "Checkout errors are above"
    assert found.values["rationale"] == "Fixing forward is slow."
    assert "trigger" not in found.values
    assert "rule" not in found.values


@pytest.mark.parametrize("what", ["deleted", "edited"])
def test_deleted_text_does_not_come_back_from_the_screen(ops: Ops, what: str) -> None:
    """Slack submits the text that the form was opened with, together with the typed text."""
    root = thread(ops)
    view = shortcut(ops.cleo, ops, root)
    decided = reply(ops, root, 1)
    if what == "deleted":
        ops.ben.delete(ops.ops, decided)
    else:
        ops.ben.edit(ops.ops, decided, "We decided something.")

    refused(view.fill({"Exceptions": "Never on Fridays."}))
    view.choose("Kind", "Handoff")

    assert DECIDED not in kept(ops.store)
    assert draft(ops).values["exceptions"] == "Never on Fridays."


def test_a_line_added_by_hand_stays_when_the_others_are_removed(ops: Ops) -> None:
    root = ops.ben.say(ops.ops, "Handing over the shift to night:\nTwo open incidents\nOne deploy")
    view = shortcut(ops.cleo, ops, root)
    if typed(view, "Kind") != "Handoff":
        view.choose("Kind", "Handoff")
    passed_on = str(typed(view, "What must be passed on?"))
    view.fill({"What must be passed on?": f"{passed_on}\nThe pager"}).choose("Kind", "Decision")

    ops.ben.delete(ops.ops, root)

    assert draft(ops).values["payload"] == "The pager"
    assert "Two open incidents" not in kept(ops.store)


def levels(ops: Ops) -> list[Any]:
    return list(draft(ops).values.get("levels", []))


def test_a_level_is_removed_with_the_last_message_that_names_its_person(ops: Ops) -> None:
    root = ops.ana.say(ops.ops, f"The database is down. <@{ops.ben.id}> is told first.")
    ops.ana.say(ops.ops, f"<@{ops.ben.id}>, then <@{ops.cleo.id}>.", thread=root)
    shortcut(ops.cleo, ops, root).choose("Kind", "Escalation path")
    both = [{"whom": [ops.ben.id]}, {"whom": [ops.cleo.id]}]
    assert [level["whom"] for level in levels(ops)] == [level["whom"] for level in both]

    ops.ana.edit(ops.ops, root, f"The database is gone. <@{ops.ben.id}> is told first.")
    assert len(levels(ops)) == 2
    ops.ana.delete(ops.ops, reply(ops, root, 1))
    assert [level["whom"] for level in levels(ops)] == [[ops.ben.id]]
    ops.ana.delete(ops.ops, root)
    assert levels(ops) == []


def test_a_level_completed_by_hand_stays(ops: Ops) -> None:
    root = ops.ana.say(ops.ops, f"The database is down: <@{ops.ben.id}>, then <@{ops.ana.id}>.")
    view = shortcut(ops.cleo, ops, root).choose("Kind", "Escalation path")
    view.choose("Level 1: wait", "5 minutes").choose("Kind", "Decision")
    ops.ana.delete(ops.ops, root)

    assert [level["whom"] for level in levels(ops)] == [[ops.ben.id]]


@pytest.mark.parametrize(("elsewhere", "late"), [(False, True), (True, False), (True, True)])
def test_captured_text_next_to_an_entry_is_removed_too(
    ops: Ops, *, elsewhere: bool, late: bool
) -> None:
    """This holds also if the entry lives in another channel or if the deletion arrived first."""
    home = ops.driver.channel("side", members=[ops.ana, ops.cleo]) if elsewhere else ops.ops
    if elsewhere:
        ops.driver.invite_bot(home, by=ops.ana)
    title = "Roll back on checkout errors"
    ops.record(ops.ana, title, "We roll back when checkout errors rise.", channel=home)
    root = thread(ops)
    view = shortcut(ops.cleo, ops, root)
    decided = reply(ops, root, 1)
    acts: list[Callable[[], object]] = [
        lambda: ops.ben.delete(ops.ops, decided),
        lambda: view.press("Update DEC-1 instead"),
    ]
    for act in acts if late else reversed(acts):
        act()

    values = draft(ops).values
    assert DECIDED not in str(values)
    assert values["captured"]["values"]["rationale"] == BECAUSE
    assert values["title"] == title


def test_a_deletion_removes_a_gaps_words_from_its_form(ops: Ops) -> None:
    asked = "The build server disk is full again."
    *_, last = ask(ops, *[DISK[0]] * 10, asked)
    ops.cleo.press("Record it", on=gaps(ops, ops.cleo))
    assert asked in draft(ops).values["trigger"].splitlines()

    ops.ben.delete(ops.ops, last)

    assert "is full again" not in str(draft(ops))
    assert draft(ops).values["trigger"] == DISK[0]


def test_a_text_with_a_redacted_part_is_removed_with_its_message(ops: Ops) -> None:
    root = ops.ana.say(ops.ops, ASKED)
    said = ops.ben.say(ops.ops, "Because Maria Kowalska is told so.", thread=root)
    shortcut(ops.cleo, ops, root)
    redacted(ops, "Maria Kowalska")
    assert draft(ops).values["rationale"] == "Because [redacted] is told so."

    ops.ben.delete(ops.ops, said)

    assert "rationale" not in draft(ops).values


def test_a_fingerprint_of_a_text_contains_none_of_its_words(ops: Ops) -> None:
    """No fingerprint is stored of a text redacted since then, because someone could guess it."""
    shortcut(ops.cleo, ops, thread(ops))
    marks = draft(ops).filled
    assert {mark.name for mark in marks} >= {"title", "trigger", "rule", "rationale"}
    hashes = " ".join(mark.hash for mark in marks)
    assert not {word for word in DECIDED.split() if len(word) > 3 and word in hashes}

    redacted(ops, "roll back whenever")

    left = draft(ops).filled
    assert [mark.name for mark in left] == [mark.name for mark in marks]
    assert {mark.name for mark in set(marks) - set(left)} == {"rule", "fallback", "payload"}


def test_names_beyond_the_excerpt_are_looked_up_only_for_an_open_form(
    ops: Ops, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Slack waits for the acknowledgement of an edit, which may name hundreds of people."""
    root = ops.ana.say(ops.ops, f"{MORE}Decision: <@{ops.ben.id}> drains the node.")
    ops.drain()
    asked: list[UserId] = []
    name = People.name

    def counted(people: People, user: UserId) -> str:
        asked.append(user)
        return name(people, user)

    monkeypatch.setattr(People, "name", counted)
    ops.ana.edit(ops.ops, root, f"{MORE}Decision: <@{ops.ben.id}> drains the old node.")
    assert asked == []

    shortcut(ops.cleo, ops, root)
    said = f"{MORE}Decision: @ben drains the old node."
    assert draft(ops).values["rule"] == said
    ops.ana.edit(ops.ops, root, f"{MORE}Decision: <@{ops.ben.id}> drains the old node. Twice.")
    assert draft(ops).values["rule"] == said


def test_an_edit_that_arrives_after_the_deletion_restores_nothing(ops: Ops) -> None:
    root = thread(ops)
    shortcut(ops.cleo, ops, root)
    decided = reply(ops, root, 1)
    [edit] = held(ops, lambda: ops.ben.edit(ops.ops, decided, f"{DECIDED} Use {TOKEN}."))
    ops.ben.delete(ops.ops, decided)

    assert bring(ops, edit) == 200

    [_, source] = draft(ops).evidence
    assert (source.state, source.excerpt) == (EvidenceState.DELETED, "")


def test_a_handoff_form_names_both_people(ops: Ops) -> None:
    text = f"Handing the deploy over to <@{ops.cleo.id}>: two canaries are left."
    root = ops.ben.say(ops.ops, text)

    view = shortcut(ops.ana, ops, root)

    assert (typed(view, "From"), typed(view, "To")) == ("@ben", "@cleo")


def test_deleting_a_handoff_message_leaves_only_its_author_in_the_form(ops: Ops) -> None:
    root = ops.ben.say(ops.ops, f"Handing the deploy over to <@{ops.ana.id}>: two are left.")
    shortcut(ops.cleo, ops, root)

    ops.ben.delete(ops.ops, root)

    assert "to" not in draft(ops).values
    assert draft(ops).values["from"] == "@ben"


def test_an_edit_elsewhere_in_a_handoff_leaves_its_receiver(ops: Ops) -> None:
    to = f"<@{ops.ana.id}> and <@{ops.cleo.id}>"
    root = ops.ben.say(ops.ops, f"Handing the deploy over to {to}: two canary are left.")
    shortcut(ops.cleo, ops, root)
    assert draft(ops).values["to"] == "@ana, @cleo"

    ops.ben.edit(ops.ops, root, f"Handing the deploy over to {to}: two canaries are left.")
    assert draft(ops).values["to"] == "@ana, @cleo"

    ops.ben.edit(ops.ops, root, f"Handing the deploy over to <@{ops.ana.id}>.")
    assert "to" not in draft(ops).values
