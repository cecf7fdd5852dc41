"""No one can get around approval: each known way is refused."""

import pytest

from bot.domain.approval import ApprovalPolicy
from sandbox.forms import View
from sandbox.persons import PersonDriver
from sandbox.seen import Channel, Message
from tests.support.entries import entry
from tests.support.ops import Ops

pytestmark = pytest.mark.usefixtures("approval_of_dec_1")
RULE = "What do we do?"


def propose(ops: Ops, person: PersonDriver, channel: Channel | None = None) -> Message:
    """Edit the rule of DEC-1 and return the newest card of its proposal."""
    view = person.slash(channel or ops.ops, "/lore edit DEC-1").view
    assert view is not None
    assert view.fill({RULE: f"We roll back, says {person.name}."}).submit() == {}
    ops.drain()
    return card(ops)


def card(ops: Ops) -> Message:
    return [m for m in ops.driver.messages(ops.ops) if " proposes DEC-1@" in m.text][-1]


def give(ops: Ops, giver: PersonDriver, receiver: PersonDriver) -> None:
    giver.slash(ops.ops, f"/lore owner DEC-1 @{receiver.name}")
    ops.drain()
    assert entry(ops).owner == receiver.id


def approve(ops: Ops, person: PersonDriver) -> None:
    person.press("Approve", card(ops))
    ops.drain()


def said(ops: Ops, person: PersonDriver) -> str:
    """Return the last text that Opslore sent this person, in #ops or directly."""
    texts = [m.words() for m in [*person.ephemerals(ops.ops), *person.dms()]]
    return "\n".join(texts)


@pytest.mark.usefixtures("side")
def test_an_outsider_who_becomes_the_owner_cannot_approve_earlier_proposals(
    ops: Ops, dan: PersonDriver
) -> None:
    propose(ops, ops.ben)
    give(ops, ops.ana, dan)

    approve(ops, dan)

    assert entry(ops).content.text("rule") == "We roll back."
    assert "Only members of the entry's channel can approve" in said(ops, dan)
    home = dan.home()
    assert home is not None
    assert "Approve" not in home.buttons()


def test_a_former_owner_can_approve_a_change_proposed_before_the_handover(
    ops: Ops, dan: PersonDriver, side: Channel
) -> None:
    give(ops, ops.ana, dan)
    propose(ops, ops.ben)
    dan.slash(side, "/lore owner DEC-1 @cleo")
    ops.drain()
    assert entry(ops).owner == ops.cleo.id

    approve(ops, dan)

    assert entry(ops).content.text("rule") == "We roll back, says ben."


def test_an_owner_who_left_the_private_channel_cannot_approve(ops: Ops, dan: PersonDriver) -> None:
    secret = ops.driver.channel("secret", private=True, members=[ops.ana, ops.ben, dan])
    ops.driver.invite_bot(secret, by=ops.ana)
    key = ops.record(ops.ana, "Rotate keys", channel=secret)
    view = ops.ben.slash(secret, f"/lore edit {key}").view
    assert view is not None
    assert view.fill({RULE: "We rotate twice."}).submit() == {}
    ops.drain()
    shown = ops.ana.press("View change", ops.driver.messages(secret)[-1])
    assert isinstance(shown, View)
    ops.ana.leave(secret)

    shown.press("Approve")

    assert entry(ops, key).revision.number == 1
    assert ops.ana.view is not None
    assert "you can't see its entry" in ops.ana.view.words()


def test_only_members_of_the_channel_can_approve_their_own_changes(
    ops: Ops, dan: PersonDriver, side: Channel
) -> None:
    """Otherwise anyone in the workspace could change any public entry alone."""
    ops.review(ApprovalPolicy(self_approval=True))
    propose(ops, dan, side)

    approve(ops, dan)
    assert entry(ops).revision.number == 1

    propose(ops, ops.ben)
    approve(ops, ops.ben)
    assert entry(ops).content.text("rule") == "We roll back, says ben."


@pytest.mark.usefixtures("side")
def test_the_only_member_of_a_channel_still_asks_an_owner_outside_it(
    ops: Ops, dan: PersonDriver
) -> None:
    give(ops, ops.ana, dan)
    ops.ana.leave(ops.ops)
    ops.cleo.leave(ops.ops)

    propose(ops, ops.ben)
    assert entry(ops).content.text("rule") == "We roll back."
    approve(ops, dan)

    assert entry(ops).content.text("rule") == "We roll back, says ben."


@pytest.mark.usefixtures("side")
def test_someone_who_joins_the_public_channel_can_approve_at_once(
    ops: Ops, dan: PersonDriver
) -> None:
    propose(ops, ops.ben)
    approve(ops, dan)
    assert entry(ops).revision.number == 1

    dan.join(ops.ops)
    approve(ops, dan)

    assert entry(ops).revision.number == 2


@pytest.mark.usefixtures("side")
def test_a_backup_outside_the_channel_cannot_approve(ops: Ops, dan: PersonDriver) -> None:
    view = ops.ana.slash(ops.ops, "/lore edit DEC-1").view
    assert view is not None
    assert view.choose("Backup", dan).submit() == {}
    ops.drain()
    approve(ops, ops.cleo)
    assert entry(ops).backup == dan.id
    propose(ops, ops.ana)

    approve(ops, dan)

    assert entry(ops).revision.number == 2
