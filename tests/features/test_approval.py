"""Approval: a change is proposed, and takes effect once someone else approves it."""

import pytest

from bot.domain.approval import (
    ApprovalPolicy,
    FieldConflict,
    Proposal,
    ProposalState,
    Request,
    rebase_content,
)
from bot.domain.entries import UserId
from bot.domain.errors import UnavailableError
from bot.listeners import record
from bot.slack.text import phrases
from bot.usecases.approval.approve import request_changes
from sandbox.forms import View
from sandbox.persons import PersonDriver
from sandbox.seen import Message
from tests.support.answers import heard
from tests.support.editing import card, edit
from tests.support.entries import entry
from tests.support.ops import Ops
from tests.support.proposing import RULE, home, press, propose, proposed, send_back
from tests.support.recording import pressed, saved, typed
from tests.support.storage_makers import content


@pytest.fixture
def ops(ops: Ops) -> Ops:
    """Return a workspace with the default approval setting and an entry that ana owns."""
    ops.review(ApprovalPolicy())
    ops.record(ops.ana, "Roll back", "We roll back.")
    return ops


def proposals(ops: Ops) -> list[Proposal]:
    with ops.store.read(ops.team) as tx:
        return tx.proposals.of(entry(ops).id, ended=True)


def announced(ops: Ops) -> list[Message]:
    return [m for m in ops.driver.messages(ops.ops) if " is in force" in m.text]


def send_back_at_once(ops: Ops, *asked: tuple[PersonDriver, str]) -> None:
    """Request changes for several people who all opened the form before anyone sent it."""
    views = [pressed(person, "Request changes", proposed(ops)) for person, _ in asked]
    for view, (_, comment) in zip(views, asked, strict=True):
        saved(ops, view.fill({"What should change?": comment}))


def test_an_edit_is_proposed_with_its_diff_and_the_owner_is_mentioned(ops: Ops) -> None:
    card = propose(ops, ops.ben, **{"What changed and why?": "Once failed."})

    assert entry(ops).revision.number == 1
    said = card.words()
    assert "ben proposes a rule change" in said
    assert "Why: Once failed." in said
    assert "twice" in said
    assert "Waiting for approval" in said
    assert f"<@{ops.ana.id}>" in str(card.blocks)
    assert card.buttons() == ["Approve", "Request changes", "View change"]


def test_a_form_that_is_sent_again_says_that_it_was_saved(
    ops: Ops, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The first submission saved it, but its confirmation was lost."""
    view = edit(ops, ops.ben).fill({RULE: "We roll back twice."})
    with monkeypatch.context() as cut_off:
        cut_off.setattr(record, "tell_later", _broken)
        assert view.submit() != {}

    saved(ops, view)

    assert [one.revision.number for one in proposals(ops)] == [2]
    assert "Proposed: DEC-1@2 is waiting for approval" in heard(ops, ops.ben)


def _broken(*_: object, **__: object) -> None:
    raise UnavailableError("The database is away.")


def test_approving_puts_it_in_force_and_announces_it(ops: Ops) -> None:
    card = propose(ops, ops.ben)

    press(ops, ops.cleo, "Approve", card)

    assert entry(ops).revision.number == 2
    assert "In force, approved by cleo" in proposed(ops).words()
    [told] = announced(ops)
    assert "DEC-1@2 is in force: Roll back, approved by cleo" in told.text
    # Its owner and its author, but not the approver.
    assert f"<@{ops.ben.id}> <@{ops.ana.id}>" in str(told.blocks)
    assert "DEC-1@2 is now in force." in heard(ops, ops.cleo)


def test_announcements_of_an_entry_share_one_thread(ops: Ops) -> None:
    propose(ops, ops.ben)
    press(ops, ops.ana, "Approve")
    propose(ops, ops.ben, **{"Why?": "Fixing took hours."})
    press(ops, ops.ana, "Approve")

    first, second = announced(ops)
    assert "DEC-1@3" in second.text
    assert second.thread_ts == first.ts


def test_if_the_first_announcement_is_deleted_the_next_starts_a_new_thread(ops: Ops) -> None:
    propose(ops, ops.ben)
    press(ops, ops.ana, "Approve")
    ops.driver.delete_message(ops.ops, announced(ops)[0])
    propose(ops, ops.ben, **{"Why?": "Fixing took hours."})
    press(ops, ops.ana, "Approve")

    [left] = announced(ops)
    assert "DEC-1@3" in left.text
    assert left.thread_ts is None


def test_if_the_announcement_cannot_be_posted_the_people_concerned_get_a_direct_message(
    ops: Ops,
) -> None:
    card = propose(ops, ops.ben)
    view = pressed(ops.cleo, "View change", card)
    ops.driver.fail("chat.postMessage", error="is_archived", times=1)
    view.press("Approve")
    ops.drain()

    assert announced(ops) == []
    assert "DEC-1@2 is in force" in ops.ana.dms()[-1].text

    view = edit(ops, ops.ben).fill({RULE: "We roll back thrice."})
    ops.driver.fail("chat.postMessage", error="is_archived", times=1)
    saved(ops, view)
    assert "couldn't be posted in its channel (is archived)" in ops.ben.dms()[-1].words()


def test_the_author_cannot_approve_their_own_change_and_pressing_twice_counts_once(
    ops: Ops,
) -> None:
    card = propose(ops, ops.ben)

    press(ops, ops.ben, "Approve", card)
    assert entry(ops).revision.number == 1
    assert "You wrote this change, so someone else has to approve it" in heard(ops, ops.ben)

    ops.deliveries = 2
    press(ops, ops.cleo, "Approve", card)
    assert entry(ops).revision.number == 2
    assert len(announced(ops)) == 1


def test_a_change_needs_two_approvals_if_the_workspace_asks_for_two(ops: Ops) -> None:
    ops.review(ApprovalPolicy(approvals=2))
    propose(ops, ops.ben)

    press(ops, ops.ana, "Approve")
    assert entry(ops).revision.number == 1
    assert "1 of 2 · approved by ana" in proposed(ops).words()
    press(ops, ops.ana, "Approve")
    assert entry(ops).revision.number == 1
    press(ops, ops.cleo, "Approve")

    assert entry(ops).revision.number == 2
    assert "approved by ana, cleo" in proposed(ops).words()


def test_if_fewer_approvals_are_needed_now_an_earlier_approver_presses_again(ops: Ops) -> None:
    """Otherwise it would wait forever if only its author and the approver are in the channel."""
    ops.review(ApprovalPolicy(approvals=2))
    propose(ops, ops.ben)
    press(ops, ops.ana, "Approve")
    ops.review(ApprovalPolicy())

    view = pressed(ops.ana, "View change", proposed(ops))
    assert "Approve" in view.buttons()
    view.press("Approve")
    ops.drain()

    assert entry(ops).revision.number == 2
    assert "In force, approved by ana" in proposed(ops).words()


def test_requested_changes_go_back_to_the_author_and_older_approvals_do_not_count(
    ops: Ops,
) -> None:
    propose(ops, ops.ben)
    old = pressed(ops.ana, "View change", proposed(ops))
    send_back(ops, ops.cleo, "Say how long we wait.")
    assert "Changes requested by cleo: Say how long we wait." in proposed(ops).words()
    news = ops.ben.dms()[-1]
    assert "Your proposal DEC-1@2 needs your revision" in news.text

    form = pressed(ops.ben, "Revise", news)
    assert "Say how long we wait." in form.words()
    assert typed(form, RULE) == "We roll back twice."
    form.fill({RULE: "We roll back twice, within an hour."})
    saved(ops, form)

    old.press("Approve")
    assert entry(ops).revision.number == 1
    told = ops.ana.view
    assert told is not None
    assert "DEC-1@2 was replaced by DEC-1@3, which changes “What do we do?”" in told.words()
    press(ops, ops.ana, "Approve")
    assert entry(ops).revision.number == 3
    assert entry(ops).content.text("rule") == "We roll back twice, within an hour."


def test_a_change_cannot_be_approved_while_its_author_has_to_revise_it(ops: Ops) -> None:
    propose(ops, ops.ben)
    old = pressed(ops.ana, "View change", proposed(ops))
    send_back(ops, ops.cleo, "Say how long we wait.")

    old.press("Approve")

    told = ops.ana.view
    assert told is not None
    assert (
        "Changes were requested on DEC-1@2. Its author has to revise or withdraw it first"
        in told.words()
    )
    assert entry(ops).revision.number == 1
    assert proposals(ops)[0].approved_by == ()


def test_the_same_comment_on_a_new_revision_requests_changes_again(ops: Ops) -> None:
    propose(ops, ops.ben)
    send_back(ops, ops.cleo, "Say how long we wait.")
    form = pressed(ops.ben, "Revise", ops.ben.dms()[-1])
    form.fill({RULE: "We roll back thrice."})
    saved(ops, form)
    assert proposals(ops)[0].state is ProposalState.PROPOSED

    send_back(ops, ops.cleo, "Say how long we wait.")

    assert proposals(ops)[0].state is ProposalState.CHANGES_REQUESTED
    assert len([m for m in ops.ben.dms() if "needs your revision" in m.text]) == 2


def test_requested_changes_survive_when_another_change_takes_effect_first(ops: Ops) -> None:
    propose(ops, ops.ben)
    send_back(ops, ops.cleo, "Say how long we wait.")
    view = edit(ops, ops.cleo)
    view.fill({RULE: "We wait."})
    saved(ops, view)
    press(ops, ops.ana, "Approve", proposed(ops, 1))

    waiting = proposals(ops)[0]
    assert waiting.state is ProposalState.CHANGES_REQUESTED
    assert waiting.asked == (Request(by=UserId(ops.cleo.id), comment="Say how long we wait."),)


def test_two_peoples_requests_are_stored_and_shown_side_by_side(ops: Ops) -> None:
    propose(ops, ops.ben)
    comments = "Say how long we wait.", "Say who is asked."
    send_back_at_once(ops, *zip((ops.ana, ops.cleo), comments, strict=True))

    said = "ana: Say how long we wait.\nand {} cleo: Say who is asked."
    assert "Changes requested by " + said.format("by") in proposed(ops).words()
    assert "Changes requested by " + said.format("by") in ops.ben.dms()[-1].words()
    revised = pressed(ops.ben, "Revise", ops.ben.dms()[-1])
    assert "ana asked for: Say how long we wait." in revised.words()
    assert "cleo asked for: Say who is asked." in revised.words()

    saved(ops, revised.fill({RULE: "Cleo rolls back within an hour."}))

    assert "revised after " + said.format("after") in proposed(ops).words()
    assert [one.comment for one in proposals(ops)[0].asked] == list(comments)


def test_a_request_made_while_the_author_revises_is_shown_before_it_counts_as_answered(
    ops: Ops,
) -> None:
    propose(ops, ops.ben)
    asking = [pressed(each, "Request changes", proposed(ops)) for each in (ops.ana, ops.cleo)]
    saved(ops, asking[0].fill({"What should change?": "Say who is asked."}))
    form = pressed(ops.ben, "Revise", proposed(ops))
    form.fill({RULE: "Cleo rolls back."})
    saved(ops, asking[1].fill({"What should change?": "Say how long we wait."}))

    assert form.submit() == {}
    assert "More changes were requested on DEC-1@2 after you opened this form." in form.words()
    assert "cleo asked for: Say how long we wait." in form.words()
    assert proposals(ops)[0].state is ProposalState.CHANGES_REQUESTED

    saved(ops, form.fill({RULE: "Cleo rolls back within an hour."}))
    assert "revised after ana: Say who is asked.\nand after cleo: Say" in proposed(ops).words()


def test_each_of_many_requests_fits_on_one_line() -> None:
    requests = [
        Request(by=UserId(f"U{n}"), comment=f"Request {n}: " + "x" * 900) for n in range(30)
    ]

    said = phrases.list_requests(lambda user: f"{user} " + "n" * 76)(requests, "after")

    assert len(said) < 2000
    assert all(f"Request {n}: x" in said for n in range(20, 30))


def test_requests_stay_in_the_form_when_levels_are_added(ops: Ops) -> None:
    ops.review(ApprovalPolicy(on=False))
    view = ops.ana.slash(ops.ops, "/lore record escalation").view
    assert view is not None
    saved(ops, view.fill({"Title": "Checkout is down", "What goes wrong?": "Errors."}))
    ops.review(ApprovalPolicy())
    form = ops.ben.slash(ops.ops, "/lore edit ESC-1").view
    assert form is not None
    saved(ops, form.fill({"What goes wrong?": "Many errors."}))
    [card] = [m for m in ops.driver.messages(ops.ops) if " proposes ESC-1@" in m.text]
    request = pressed(ops.cleo, "Request changes", card)
    saved(ops, request.fill({"What should change?": "Say who is asked."}))
    form = pressed(ops.ben, "Revise", card)

    form.press("Add a level")

    assert "cleo asked for: Say who is asked." in form.words()


def test_a_second_request_by_one_person_is_added_and_a_repeated_one_counts_once(ops: Ops) -> None:
    propose(ops, ops.ben)
    cleo = ops.bot.deps.people.reader(UserId(ops.cleo.id))
    for comment in ("Shorter.", "Say why.", "Shorter."):
        request_changes(
            ops.store,
            ops.team,
            proposals(ops)[0].id,
            revision=2,
            comment=comment,
            reader=cleo,
            is_alone=lambda *_: False,
            now=ops.clock(),
        )

    assert [one.comment for one in proposals(ops)[0].asked] == ["Shorter.", "Say why."]


def test_requests_survive_a_rebase_and_end_with_a_revision(ops: Ops) -> None:
    propose(ops, ops.ben)
    send_back_at_once(ops, (ops.ana, "Say who is asked."), (ops.cleo, "Say how long we wait."))
    saved(ops, edit(ops, ops.cleo).fill({"Why?": "Fixing took hours."}))
    press(ops, ops.ana, "Approve", proposed(ops, 1))
    waiting = proposals(ops)[0]
    assert waiting.revision.number == 4
    assert [one.by for one in waiting.asked] == [ops.ana.id, ops.cleo.id]

    form = pressed(ops.ben, "Revise", proposed(ops, 0))
    saved(ops, form.fill({RULE: "We roll back thrice."}))
    view = pressed(ops.ana, "Request changes", proposed(ops, 0))
    saved(ops, view.fill({"What should change?": "Say how often."}))

    said = proposed(ops, 0).words()
    assert "Changes requested by ana: Say how often." in said
    assert "Say who is asked." not in said
    assert len(proposals(ops)[0].requests) == 3


def test_someone_who_cannot_request_changes_is_told_before_they_type(ops: Ops) -> None:
    card = propose(ops, ops.ben)

    assert ops.ben.press("Request changes", card) is None
    assert "You wrote this change" in heard(ops, ops.ben)

    view = pressed(ops.cleo, "View change", card)
    press(ops, ops.ana, "Approve", card)
    told = view.press("Request changes")
    assert "already in force" in (told.words() if isinstance(told, View) else "")


def test_a_comment_on_an_older_revision_is_shown_next_to_the_new_one(ops: Ops) -> None:
    card = propose(ops, ops.ben)
    form = pressed(ops.cleo, "Request changes", card)
    form.fill({"What should change?": "Say how long we wait."})
    send_back(ops, ops.ana, "Shorter.")
    revised = pressed(ops.ben, "Revise", ops.ben.dms()[-1])
    saved(ops, revised.fill({RULE: "We roll back thrice."}))

    assert form.submit() == {}

    again = ops.cleo.view
    assert again is not None
    assert "DEC-1@2 was replaced by DEC-1@3" in again.words()
    assert typed(again, "What should change?") == "Say how long we wait."
    assert again.submit() == {}
    assert [one.comment for one in proposals(ops)[0].asked] == ["Say how long we wait."]


def test_requesting_changes_from_a_modal_is_confirmed_in_that_modal(ops: Ops) -> None:
    view = pressed(ops.cleo, "View change", propose(ops, ops.ben))
    form = view.press("Request changes")
    assert isinstance(form, View)

    assert form.fill({"What should change?": "Shorter."}).submit() == {}

    told = ops.cleo.view
    assert told is not None
    assert "ben has been asked to revise DEC-1@2." in told.words()


def test_an_empty_comment_is_refused(ops: Ops) -> None:
    propose(ops, ops.ben)
    view = pressed(ops.cleo, "Request changes", proposed(ops))
    assert view.fill({"What should change?": " "}).submit() != {}
    assert proposals(ops)[0].state is ProposalState.PROPOSED


def test_a_withdrawn_change_ends_and_stays_in_the_history(ops: Ops) -> None:
    propose(ops, ops.ben)
    view = pressed(ops.ben, "View change", proposed(ops))
    assert view.buttons() == ["Revise", "Withdraw"]
    view.press("Withdraw")
    ops.drain()

    assert "Withdrawn by ben" in proposed(ops).words()
    assert "DEC-1@2" in ops.ana.slash(ops.ops, "/lore history DEC-1").words()
    assert entry(ops).revision.number == 1


def test_a_change_withdrawn_in_a_modal_that_was_closed_at_once_is_not_refused(ops: Ops) -> None:
    propose(ops, ops.ben)
    view = pressed(ops.ben, "View change", proposed(ops))
    ops.driver.fail("views.update", error="not_found")
    view.press("Withdraw")
    ops.driver.heal()
    ops.drain()

    assert "Withdrawn by ben" in proposed(ops).words()
    assert "ry again" not in heard(ops, ops.ben)
    assert "ry again" not in view.words()


def test_of_two_proposals_the_first_takes_effect_and_the_second_is_rebased(ops: Ops) -> None:
    propose(ops, ops.ben)
    view = edit(ops, ops.cleo)
    view.fill({"Why?": "Fixing took hours."})
    saved(ops, view)
    assert [one.revision.number for one in proposals(ops)] == [2, 3]

    press(ops, ops.ana, "Approve", proposed(ops, 0))
    assert [(one.revision.number, one.base) for one in proposals(ops)] == [(2, 1), (4, 2)]
    press(ops, ops.ana, "Approve", proposed(ops, 1))

    now = entry(ops)
    assert now.revision.number == 4
    assert now.content.text("rule") == "We roll back twice."
    assert now.content.text("rationale") == "Fixing took hours."


def test_if_two_proposals_change_one_field_the_author_chooses_between_both_texts(ops: Ops) -> None:
    propose(ops, ops.ben)
    view = edit(ops, ops.cleo)
    view.fill({RULE: "We wait."})
    saved(ops, view)
    press(ops, ops.ana, "Approve", proposed(ops, 0))

    assert "Conflict: DEC-1@2 also changed “What do we do?”" in proposed(ops, 1).words()
    assert "Approve" not in proposed(ops, 1).buttons()
    assert entry(ops).revision.number == 2
    news = ops.cleo.dms()[-1]
    assert "Your proposal needs your revision" in news.words()
    assert "DEC-1@3  changes requested, waiting for cleo" in card(ops).words()
    form = pressed(ops.cleo, "Revise", news)
    assert "DEC-1@2 also changed “What do we do?”." in form.words()
    assert "We roll back twice." in form.words()
    assert typed(form, RULE) == "We wait."
    form.fill({RULE: "We roll back twice, then wait."})
    saved(ops, form)
    press(ops, ops.ana, "Approve", proposed(ops, 1))

    assert entry(ops).content.text("rule") == "We roll back twice, then wait."


def test_a_retirement_is_proposed_too_and_proposing_it_twice_counts_once(ops: Ops) -> None:
    first = ops.ben.slash(ops.ops, "/lore retire DEC-1 not needed")
    second = ops.ben.slash(ops.ops, "/lore retire DEC-1 not needed")
    ops.drain()

    assert "Proposed: DEC-1@2 is waiting for approval" in first.words()
    assert second.words() == first.words()
    assert not entry(ops).retired
    assert "retiring it" in proposed(ops).words()
    press(ops, ops.ana, "Approve")
    assert entry(ops).retired
    assert "DEC-1 is now retired." in heard(ops, ops.ana)


def test_a_proposal_is_withdrawn_when_its_entry_is_retired(ops: Ops) -> None:
    propose(ops, ops.ben)
    ops.ben.slash(ops.ops, "/lore retire DEC-1 No longer done.")
    ops.drain()
    press(ops, ops.ana, "Approve", proposed(ops, 1))

    assert [one.state for one in proposals(ops)] == [
        ProposalState.WITHDRAWN,
        ProposalState.IN_FORCE,
    ]
    assert "was withdrawn" in ops.ben.dms()[-1].text


def test_of_two_identical_proposals_the_second_is_withdrawn(ops: Ops) -> None:
    """Approving it would change nothing, and would ask for a new review."""
    propose(ops, ops.ben)
    propose(ops, ops.cleo)

    press(ops, ops.ana, "Approve", proposed(ops, 0))

    assert [one.state for one in proposals(ops)] == [
        ProposalState.IN_FORCE,
        ProposalState.WITHDRAWN,
    ]
    assert entry(ops).revision.number == 2
    assert "was withdrawn" in ops.cleo.dms()[-1].text
    assert "Approve" not in proposed(ops, 1).buttons()


def test_a_changed_rule_has_to_be_reviewed_again_and_a_changed_wording_does_not(ops: Ops) -> None:
    for fields, kept in (({"Why?": "It hurt."}, True), ({RULE: "We wait."}, False)):
        shown = ops.ana.slash(ops.ops, "/lore show DEC-1").message
        assert shown is not None
        ops.ana.press("Still accurate", shown)
        view = edit(ops, ops.ben)
        view.fill(fields)
        saved(ops, view)
        press(ops, ops.ana, "Approve")
        assert (entry(ops).certified_at is not None) is kept


def test_the_only_member_of_a_channel_needs_no_approval(ops: Ops) -> None:
    solo = ops.driver.channel("solo", members=[ops.ben])
    ops.driver.invite_bot(solo, by=ops.ben)
    ops.drain()
    ops.record(ops.ben, "Water the plants", channel=solo)

    view = ops.ben.slash(solo, "/lore edit DEC-2").view
    assert view is not None
    assert view.raw["submit"]["text"] == "Save"
    view.fill({RULE: "Twice."})
    saved(ops, view)

    assert entry(ops, "DEC-2").content.text("rule") == "Twice."


def test_the_digest_lists_waiting_changes_and_opens_them(ops: Ops) -> None:
    propose(ops, ops.ben)
    ops.ana.slash(ops.ops, "/lore digest now")
    ops.drain()
    digest = next(m for m in ops.driver.messages(ops.ops) if "Weekly digest" in m.text)
    assert "a change by ben has been waiting since" in digest.words()

    view = pressed(ops.ana, "View change", digest)
    view.press("Approve")
    ops.drain()

    assert entry(ops).revision.number == 2
    digest = next(m for m in ops.driver.messages(ops.ops) if "Weekly digest" in m.text)
    assert "Approved by ana" in digest.words()


def test_app_home_shows_the_changes_to_approve_and_those_sent_back(ops: Ops) -> None:
    propose(ops, ops.ben)
    assert "ben proposes" in home(ops.cleo)
    assert "Changes: What do we do?" in home(ops.cleo)
    assert "Nothing is waiting for you." in home(ops.ben)
    send_back(ops, ops.cleo, "Say how long we wait.")
    assert "Say how long we wait." in home(ops.ben)


def test_an_approval_by_someone_outside_the_channel_is_refused(ops: Ops) -> None:
    dan = ops.driver.person("dan")
    side = ops.driver.channel("side", members=[dan])
    ops.driver.invite_bot(side, by=dan)
    ops.drain()
    propose(ops, ops.ben)

    press(ops, dan, "Approve")

    assert entry(ops).revision.number == 1


def test_changes_to_different_fields_are_merged_and_changes_to_one_field_conflict() -> None:
    base = content("Old", rationale="One.")
    mine = base.changed_with(rationale="Two.")
    theirs = base.changed_with(title="New")
    together = rebase_content(base, mine, theirs)
    assert not isinstance(together, FieldConflict)
    assert (together.title, together.text("rationale")) == ("New", "Two.")
    other = rebase_content(base, mine, base.changed_with(rationale="Three."))
    assert isinstance(other, FieldConflict)
    assert [field.name for field in other.fields] == ["rationale"]
    assert rebase_content(base, mine, mine) == mine
