"""Where a draft is shown and where it isn't; nothing relies on it before it is in force."""

from datetime import timedelta

import pytest

from bot.domain.approval import ApprovalPolicy
from bot.domain.entries import State
from sandbox.forms import View
from sandbox.persons import PersonDriver
from tests.support.answers import heard
from tests.support.digests import now as digest
from tests.support.drafting import card, drafted
from tests.support.entries import entry
from tests.support.gap_threads import DISK, DISK_TITLE, ask, gaps
from tests.support.nudging import at, nudges
from tests.support.ops import Ops
from tests.support.prompting import ROLLBACK, prompts, say
from tests.support.proposing import RULE, home
from tests.support.recording import pressed, saved, shortcut, thread, typed
from tests.support.replying import say as reply

RULE_TEXT = "Roll back checkout when errors stay above two percent."


@pytest.fixture
def ops(ops: Ops) -> Ops:
    """Return a workspace with the default approval setting."""
    ops.review(ApprovalPolicy())
    return ops


def approve(ops: Ops, by: PersonDriver | None = None) -> None:
    (by or ops.ben).press("Approve", on=card(ops))
    ops.drain()


def withdraw(ops: Ops) -> None:
    pressed(ops.ana, "View change", card(ops)).press("Withdraw")
    ops.drain()


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ("use DEC-1", "DEC-1 is a draft until someone else approves it. /lore review DEC-1"),
        ("retire DEC-1", "DEC-1 is a draft"),
        ("restore DEC-1@1", "DEC-1 is a draft"),
        ("supersede DEC-1 with DEC-2", "DEC-1 is a draft"),
        ("supersede DEC-2 with DEC-1", "DEC-1 is a draft"),
        ("edit DEC-1", "DEC-1 is a draft, so only its author can edit it until it's approved."),
        ("owner DEC-1 @ben", "DEC-1 is a draft, so only its author can edit it"),
    ],
)
def test_an_act_on_a_draft_is_refused_with_the_next_step(ops: Ops, line: str, reason: str) -> None:
    drafted(ops)
    ops.review(ApprovalPolicy(on=False))
    ops.draft(ops.ben, "Fail over")

    assert reason in ops.ben.slash(ops.ops, f"/lore {line}").words()
    assert entry(ops).state is State.DRAFT


def test_search_finds_a_draft_with_its_badge_and_does_not_count_it(ops: Ops) -> None:
    drafted(ops)

    found = ops.ben.slash(ops.ops, "/lore find roll back").words()
    assert "DEC-1  Roll back\ndraft" in found
    assert "DEC-1  Roll back\ndraft" in home(ops.ana)
    said = digest(ops).words()
    assert "0 entries in force" in said
    assert "a draft by ana has been waiting since" in said
    assert "missing" not in said
    assert "recorded by ana" not in said
    assert "in force, never certified" not in said

    approve(ops)
    said = digest(ops).words()
    assert "1 entry in force" in said
    assert "has been waiting" not in said
    assert "DEC-1  Roll back" in said


def test_the_review_command_shows_the_draft_and_lets_others_approve_it(ops: Ops) -> None:
    drafted(ops)

    answer = ops.ben.slash(ops.ops, "/lore review DEC-1")
    assert "ana proposes a new decision" in answer.words()
    assert answer.message is not None
    ops.ben.press("Approve", answer.message)
    ops.drain()

    assert entry(ops).is_in_force


def test_a_draft_covers_no_message_and_no_one_is_asked_to_record_it_again(ops: Ops) -> None:
    ops.draft(ops.ben, "Roll back checkout on errors", rule=RULE_TEXT)

    say(ops, ops.ana, ROLLBACK)
    assert prompts(ops.ana, ops.ops) == []

    ops.ana.press("Approve", on=card(ops))
    ops.drain()
    say(ops, ops.cleo, ROLLBACK)
    [prompt] = prompts(ops.cleo, ops.ops)
    assert prompt.text == "DEC-1 covers this: Roll back checkout on errors"


def test_a_withdrawn_draft_reopens_its_gap(ops: Ops) -> None:
    ask(ops, *DISK[:2])
    form = pressed(ops.ana, "Record it", gaps(ops))
    saved(ops, form.fill({"Title": "The disk is full", RULE: "We prune."}))
    assert "No gaps: nothing came back in your channels" in gaps(ops).words()

    withdraw(ops)

    assert DISK_TITLE in gaps(ops).words()
    saved(ops, pressed(ops.ana, "Record it", gaps(ops)).fill({"Title": "Disk", RULE: "We prune."}))
    assert "No gaps: nothing came back in your channels" in gaps(ops).words()


def test_its_author_adds_the_reason_and_the_owner_in_the_thread(ops: Ops) -> None:
    root = ops.ben.say(ops.ops, ROLLBACK)
    saved(ops, shortcut(ops.ana, ops, root))

    assert "Saved: the draft DEC-1@2 now has a “Why?”." in reply(ops, ops.ana, root, "why: it hurt")
    assert "cleo now owns DEC-1." in reply(ops, ops.ana, root, f"owner: <@{ops.cleo.id}>")
    said = reply(ops, ops.ben, root, "why: it did not")
    assert "DEC-1 is a draft, so only its author can edit it" in said

    found = entry(ops)
    assert (found.state, found.revision.number) == (State.DRAFT, 3)
    assert found.content.text("rationale") == "it hurt"
    assert found.owner == ops.cleo.id


def test_an_owner_outside_the_channel_gets_a_direct_message_about_a_draft(ops: Ops) -> None:
    dora = ops.driver.person("dora")
    view = ops.ana.slash(ops.ops, "/lore record decision").view
    assert view is not None
    view.fill({"Title": "Roll back", RULE: "We roll back."})
    ops.deliveries = 2
    saved(ops, view.choose("Owner", dora))

    [told] = dora.dms()
    assert told.text == "ana proposes DEC-1@1, which you own: Roll back"
    assert "We roll back." in told.words()
    dora.press("Approve", on=told)
    ops.drain()
    assert entry(ops).is_in_force


def test_a_draft_is_in_its_owners_nudge_and_app_home(ops: Ops) -> None:
    view = ops.ana.slash(ops.ops, "/lore record decision").view
    assert view is not None
    view.fill({"Title": "Roll back", RULE: "We roll back."})
    saved(ops, view.choose("Owner", ops.cleo))
    assert "ana proposes a new decision" in home(ops.ben)

    at(ops, "2026-03-05 14:00")

    [nudge] = nudges(ops.cleo)
    assert "Waiting for your approval" in nudge.words()
    assert "DEC-1@1" in nudge.words()


def test_the_people_a_draft_names_are_told_when_it_takes_effect(ops: Ops) -> None:
    dan = ops.driver.person("dan")
    view = ops.ana.slash(ops.ops, "/lore record escalation").view
    assert view is not None
    view.fill({"Title": "Database down", "What goes wrong?": "No writes."})
    saved(ops, view.choose("Level 1: notify", [dan]))
    assert dan.dms() == []

    [shown] = [m for m in ops.driver.messages(ops.ops) if "Database down" in m.text]
    ops.ben.press("Approve", on=shown)
    ops.drain()

    assert [told.text for told in dan.dms()] == [
        "ESC-1@1 is in force: Database down, approved by ben"
    ]


def test_an_entry_can_link_to_a_draft_whose_card_shows_the_link_once_in_force(ops: Ops) -> None:
    view = ops.ana.slash(ops.ops, "/lore record escalation").view
    assert view is not None
    view.fill({"Title": "Database down", "What goes wrong?": "No writes."})
    saved(ops, view.choose("Level 1: notify", [ops.ben]))
    view = ops.ben.slash(ops.ops, "/lore record decision").view
    assert view is not None
    view.fill({"Title": "Roll back", RULE: "We roll back."})
    saved(ops, view.choose("If it fails", "ESC-1 Database down"))

    assert "Linked from" not in ops.ana.slash(ops.ops, "/lore ESC-1").words()
    ops.ana.press("Approve", on=card(ops))
    ops.drain()
    [shown] = [m for m in ops.driver.messages(ops.ops) if m.text.startswith("ESC-1@1")]
    assert "Linked from DEC-1" in shown.words()


def test_a_form_that_repeats_your_own_draft_continues_it(ops: Ops) -> None:
    root = thread(ops)
    saved(ops, shortcut(ops.ana, ops, root))
    view = shortcut(ops.ana, ops, root)
    assert "draft\nThis entry may already cover it." in view.words()

    form = view.fill({RULE: "We roll back at once."}).press("Update DEC-1 instead")
    assert isinstance(form, View)
    assert "We roll back at once." in form.words()
    saved(ops, form.fill({RULE: "We roll back at once."}))

    assert (entry(ops).state, entry(ops).revision.number) == (State.DRAFT, 2)


def test_a_form_that_repeats_someone_elses_draft_leaves_its_text(ops: Ops) -> None:
    root = thread(ops)
    saved(ops, shortcut(ops.ana, ops, root))
    view = shortcut(ops.ben, ops, root)
    view.fill({RULE: "We roll back at once."}).press("Update DEC-1 instead")

    told = ops.ben.view
    assert told is not None
    assert "only its author can edit it until it's approved" in told.words()
    told.close()
    assert typed(view, RULE) == "We roll back at once."


def test_typed_text_survives_when_the_draft_is_withdrawn(ops: Ops) -> None:
    view = ops.ana.slash(ops.ops, "/lore record decision").view
    assert view is not None
    view.fill({"Title": "Roll back", RULE: "We roll back."})
    saved(ops, view.choose("Owner", ops.cleo))
    form = pressed(ops.ana, "Edit", card(ops)).fill({RULE: "We roll back at once."})
    pressed(ops.cleo, "View change", card(ops)).press("Withdraw")

    form.submit()

    assert ops.ana.view is not None
    assert "record it again with /lore record" in ops.ana.view.words()
    assert typed(ops.ana.view, RULE) == "We roll back at once."


def test_as_of_a_day_when_it_was_a_draft_it_was_not_in_force(ops: Ops) -> None:
    drafted(ops)
    ops.later(days=2)
    approve(ops)
    ops.later(days=1)

    said = ops.ben.slash(ops.ops, "/lore show DEC-1 as of 2026-03-05").words()
    assert "DEC-1 was not in force at the end of 2026-03-05" in said
    assert "as a draft" in said
    said = ops.ben.slash(ops.ops, "/lore history DEC-1").words()
    assert "in force · approved by ben" in said
    assert "DEC-1@1" in ops.ben.slash(ops.ops, "/lore changes since 2026-03-06").words()


def test_its_review_interval_begins_when_it_takes_effect(ops: Ops) -> None:
    drafted(ops)
    ops.later(days=100)
    approve(ops)

    assert entry(ops).due_at - ops.clock.time > timedelta(days=89)


def test_a_draft_in_a_private_channel_is_shown_only_there(ops: Ops) -> None:
    secret = ops.driver.channel("secret", private=True, members=[ops.ana, ops.cleo])
    ops.driver.invite_bot(secret, by=ops.ana)
    ops.draft(ops.ana, "Roll back", channel=secret)

    assert "Nothing found" in ops.ben.slash(ops.ops, "/lore find roll back").words()
    assert "Roll back" not in home(ops.ben)
    assert "There is no DEC-1" in ops.ben.slash(ops.ops, "/lore review DEC-1").words()


# Completeness.


def test_a_draft_with_a_missing_field_says_so_and_cannot_be_approved(ops: Ops) -> None:
    view = ops.ana.slash(ops.ops, "/lore record handoff").view
    assert view is not None
    view.fill({"Title": "Night to day", "From": "night", "To": "day"})
    saved(ops, view.fill({"What must be passed on?": "Open incidents"}))
    [shown] = [m for m in ops.driver.messages(ops.ops) if "Night to day" in m.text]
    old = pressed(ops.ben, "View change", shown)
    saved(ops, pressed(ops.ana, "Edit", shown).fill({"To": ""}))

    [shown] = [m for m in ops.driver.messages(ops.ops) if m.ts == shown.ts]
    assert "Before this can be approved: “To” is empty." in shown.words()
    assert shown.buttons() == ["Request changes", "Edit", "View change", "History"]
    old.press("Approve")
    assert entry(ops, "HND-1").state is State.DRAFT


def test_an_edit_that_leaves_a_field_missing_cannot_be_approved_but_retiring_can(ops: Ops) -> None:
    ops.review(ApprovalPolicy(on=False))
    view = ops.ana.slash(ops.ops, "/lore record escalation").view
    assert view is not None
    saved(ops, view.fill({"Title": "Database down", "What goes wrong?": "No writes."}))
    ops.review(ApprovalPolicy())
    form = ops.ben.slash(ops.ops, "/lore edit ESC-1").view
    assert form is not None
    saved(ops, form.fill({"What goes wrong?": "No writes for a minute."}))

    [shown] = [m for m in ops.driver.messages(ops.ops) if " proposes ESC-1@" in m.text]
    assert "It has no level, so it notifies no one." in shown.words()
    assert "Approve" not in shown.buttons()
    ops.review(ApprovalPolicy(self_approval=True))
    ops.ana.slash(ops.ops, "/lore retire ESC-1 No longer done.")
    ops.drain()
    [shown] = [m for m in ops.driver.messages(ops.ops) if "retiring it" in m.words()]
    ops.ben.press("Approve", on=shown)
    assert "ESC-1 is now retired." in heard(ops, ops.ben)
