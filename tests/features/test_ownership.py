"""Ownership: an owner gives an entry away at once; taking it needs the owner or an approval."""

import pytest

from bot.domain.approval import ApprovalPolicy
from sandbox.forms import View
from sandbox.persons import PersonDriver
from sandbox.seen import Channel, Message
from tests.support.entries import entry
from tests.support.ops import Ops

pytestmark = pytest.mark.usefixtures("approval_of_dec_1")


def owner(ops: Ops) -> str:
    return entry(ops).owner


def ask(ops: Ops, person: PersonDriver, line: str, channel: Channel | None = None) -> str:
    """Enter a command and return the answer."""
    answer = person.slash(channel or ops.ops, line).words()
    ops.drain()
    return answer


def cards(ops: Ops) -> list[Message]:
    return [m for m in ops.driver.messages(ops.ops) if " proposes DEC-1@" in m.text]


def announcements(ops: Ops) -> list[Message]:
    return [m for m in ops.driver.messages(ops.ops) if " has a new owner" in m.text]


def approve(ops: Ops, person: PersonDriver) -> None:
    person.press("Approve", cards(ops)[-1])
    ops.drain()


def test_an_outsider_only_proposes_to_own_it_and_the_owner_agrees(
    ops: Ops, dan: PersonDriver, side: Channel
) -> None:
    answer = ask(ops, dan, "/lore owner DEC-1 @dan", side)

    assert "Proposed: DEC-1@2 makes dan the owner." in answer
    assert owner(ops) == ops.ana.id
    [card] = cards(ops)
    assert "dan proposes to become its owner" in card.words()
    assert f"<@{ops.ana.id}>" in str(card.blocks)
    approve(ops, dan)
    assert owner(ops) == ops.ana.id

    approve(ops, ops.ana)

    assert owner(ops) == dan.id
    [told] = announcements(ops)
    assert "DEC-1@2 has a new owner, dan (was ana): Roll back, approved by ana" in told.text


def test_another_member_approves_and_the_owners_and_the_channel_are_told_once(
    ops: Ops, dan: PersonDriver, side: Channel
) -> None:
    ask(ops, dan, "/lore owner DEC-1 @dan", side)

    approve(ops, ops.cleo)

    assert owner(ops) == dan.id
    [told] = announcements(ops)
    assert f"<@{ops.ana.id}>" in str(told.blocks)
    assert f"<@{dan.id}>" not in str(told.blocks)
    assert [m.text for m in dan.dms() if "has a new owner" in m.text] == [told.text]
    assert [m for m in ops.ana.dms() if "has a new owner" in m.text] == []


@pytest.mark.parametrize("policy", [ApprovalPolicy(), ApprovalPolicy(self_approval=True)])
def test_a_member_cannot_approve_their_own_takeover(ops: Ops, policy: ApprovalPolicy) -> None:
    ops.review(policy)
    ask(ops, ops.ben, "/lore owner DEC-1 @ben")

    approve(ops, ops.ben)

    assert owner(ops) == ops.ana.id


def test_self_approval_does_not_cover_a_new_owner_in_the_form(ops: Ops) -> None:
    ops.review(ApprovalPolicy(self_approval=True))
    view = ops.ben.slash(ops.ops, "/lore edit DEC-1").view
    assert view is not None
    assert view.choose("Owner", ops.ben).submit() == {}
    ops.drain()

    approve(ops, ops.ben)

    assert owner(ops) == ops.ana.id
    refused = "You can't approve taking an entry from its owner yourself."
    assert refused in ops.ben.ephemerals(ops.ops)[-1].words()


def test_a_member_can_approve_a_proposal_that_makes_them_the_owner(
    ops: Ops,
) -> None:
    ask(ops, ops.ben, "/lore owner DEC-1 @cleo")

    approve(ops, ops.cleo)

    assert owner(ops) == ops.cleo.id


@pytest.mark.usefixtures("side")
def test_an_owner_gives_the_entry_away_at_once(ops: Ops, dan: PersonDriver) -> None:
    assert "dan now owns DEC-1." in ask(ops, ops.ana, "/lore owner DEC-1 @dan")

    assert owner(ops) == dan.id
    assert cards(ops) == []
    assert len(announcements(ops)) == 1
    assert len([m for m in dan.dms() if "has a new owner" in m.text]) == 1
    assert ops.ana.dms() == []


def test_if_approval_is_off_it_passes_at_once_and_the_former_owner_is_told(
    ops: Ops, dan: PersonDriver, side: Channel
) -> None:
    ops.review(ApprovalPolicy(on=False))

    ask(ops, dan, "/lore owner DEC-1 @dan", side)

    assert owner(ops) == dan.id
    [told] = announcements(ops)
    assert f"<@{ops.ana.id}>" in str(told.blocks)
    assert dan.dms() == []


def test_an_owner_who_is_gone_needs_no_consent(ops: Ops, dan: PersonDriver, side: Channel) -> None:
    ops.driver.deactivate(ops.ana)
    ops.start()

    assert "dan now owns DEC-1." in ask(ops, dan, "/lore owner DEC-1 @dan", side)

    assert owner(ops) == dan.id


def test_an_old_take_over_button_proposes_if_the_owner_is_back(ops: Ops) -> None:
    ops.ana.leave(ops.ops)
    ops.drain()
    shown = ops.ben.slash(ops.ops, "/lore show DEC-1").message
    assert shown is not None
    assert "Take over" in shown.buttons()
    ops.ana.join(ops.ops)
    ops.drain()

    ops.ben.press("Take over", on=shown)
    ops.drain()

    assert owner(ops) == ops.ana.id
    assert "Proposed: DEC-1@2 makes ben the owner" in ops.ben.ephemerals(ops.ops)[-1].words()


def test_taking_over_an_entry_that_only_its_owner_knows_is_a_proposal(ops: Ops) -> None:
    shown = ops.ben.slash(ops.ops, "/lore away @ana").message
    assert shown is not None

    ops.ben.press("Take over", on=shown)
    ops.drain()

    assert owner(ops) == ops.ana.id
    assert len(cards(ops)) == 1


def test_take_over_and_assign_in_a_digest_propose_once_the_owner_is_back(ops: Ops) -> None:
    ops.ana.leave(ops.ops)
    ops.ben.slash(ops.ops, "/lore digest now")
    ops.drain()
    digest = next(m for m in ops.driver.messages(ops.ops) if "Weekly digest" in m.text)
    ops.ana.join(ops.ops)
    ops.drain()

    ops.ben.press("Take over", on=digest)
    ops.drain()
    assert owner(ops) == ops.ana.id
    assert "Proposed: DEC-1@2" in ops.ben.ephemerals(ops.ops)[-1].words()
    view = ops.cleo.press("Assign", on=digest)
    assert isinstance(view, View)
    assert view.choose("Owner", ops.ben).submit() == {}
    ops.drain()

    assert owner(ops) == ops.ana.id
    assert "Proposed: DEC-1@3" in ops.cleo.ephemerals(ops.ops)[-1].words()


def test_asking_twice_counts_once(ops: Ops) -> None:
    first = ask(ops, ops.ben, "/lore owner DEC-1 @ben")
    again = ask(ops, ops.ben, "/lore owner DEC-1 @ben")

    assert first == again
    assert len(cards(ops)) == 1


def test_a_takeover_ends_if_the_owner_gives_the_entry_to_someone_else(ops: Ops) -> None:
    ask(ops, ops.ben, "/lore owner DEC-1 @ben")

    ask(ops, ops.ana, "/lore owner DEC-1 @cleo")

    assert owner(ops) == ops.cleo.id
    assert "Withdrawn" in cards(ops)[-1].words()
    assert "was withdrawn" in ops.ben.dms()[-1].text


def test_a_waiting_change_to_the_text_is_rebased_on_the_new_owner(ops: Ops) -> None:
    view = ops.ben.slash(ops.ops, "/lore edit DEC-1").view
    assert view is not None
    assert view.fill({"What do we do?": "We roll back twice."}).submit() == {}
    ops.drain()
    ask(ops, ops.ana, "/lore owner DEC-1 @cleo")

    approve(ops, ops.ana)

    assert (entry(ops).content.text("rule"), owner(ops)) == ("We roll back twice.", ops.cleo.id)


def test_history_calls_a_change_rebased_if_its_author_did_not_touch_it(ops: Ops) -> None:
    """A change to the text waits while the owner changes, and a takeover while the text does."""
    view = ops.ben.slash(ops.ops, "/lore edit DEC-1").view
    assert view is not None
    assert view.fill({"What do we do?": "We roll back twice."}).submit() == {}
    ops.drain()
    text = cards(ops)[-1]
    ask(ops, ops.ana, "/lore owner DEC-1 @cleo")
    ask(ops, ops.ben, "/lore owner DEC-1 @ben")
    ops.ana.press("Approve", on=text)
    ops.drain()

    lines = ops.ana.slash(ops.ops, "/lore history DEC-1").words().split("\n")

    said = {line.split("  ")[0]: line for line in lines if line.startswith("DEC-1@")}
    assert "edited by ben" in said["DEC-1@2"]
    assert "proposed, then rebased onto revision 3" in said["DEC-1@2"]
    assert "owner changed by ana" in said["DEC-1@3"]
    assert "proposed" not in said["DEC-1@3"]
    assert "owner changed by ben" in said["DEC-1@5"]
    assert "proposed, then rebased onto revision 4" in said["DEC-1@5"]
    assert "in force · approved by ana" in said["DEC-1@4"]
    assert said["DEC-1@6"].endswith("· proposed")
