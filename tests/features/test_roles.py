"""A changed role takes effect at once: people can do and see what the new role allows."""

from datetime import timedelta

import pytest

from bot.domain.entries import UserId
from bot.slack.api.people import ACT_LASTS
from sandbox.seen import Channel
from tests.support.ops import Ops

# The person's next act is later than the one before.
NEXT_ACT = timedelta(seconds=ACT_LASTS)
RULE = "We fail over by hand."
SILENT = "Slack didn't tell Opslore who you are"


@pytest.fixture
def secret(ops: Ops) -> Channel:
    """Return a private channel of ana and ben with DEC-1 in it, which ben has just read."""
    found = ops.driver.channel("secret", members=[ops.ana, ops.ben], private=True)
    ops.driver.invite_bot(found, by=ops.ana)
    ops.record(ops.ana, "Failover", RULE, found)
    assert RULE in ops.ben.slash(found, "/lore show DEC-1").words()
    ops.clock.time += NEXT_ACT
    return found


def test_a_member_who_became_a_guest_cannot_change_anything(ops: Ops, secret: Channel) -> None:
    view = ops.ben.slash(secret, "/lore edit DEC-1").view
    assert view is not None
    ops.driver.change_role(ops.ben, guest=True)
    ops.clock.time += NEXT_ACT

    view.fill({"What do we do?": "We do nothing."})
    refusals = view.submit()

    assert "only full members can record or change them" in str(refusals)
    assert "only full members" in ops.ben.slash(secret, "/lore retire DEC-1").words()
    assert RULE in ops.ana.slash(secret, "/lore show DEC-1").words()


def test_a_member_who_became_a_guest_sees_only_their_own_channels(ops: Ops) -> None:
    ops.record(ops.ana, "Failover", RULE)
    side = ops.driver.channel("side", members=[ops.ana])
    ops.driver.invite_bot(side, by=ops.ana)
    ops.record(ops.ana, "Rollback", "We roll back.", side)
    assert "We roll back." in ops.ben.slash(ops.ops, "/lore show DEC-2").words()

    ops.driver.change_role(ops.ben, guest=True)
    ops.clock.time += NEXT_ACT

    assert (
        "There is no DEC-2 that you can see" in ops.ben.slash(ops.ops, "/lore show DEC-2").words()
    )
    assert RULE in ops.ben.slash(ops.ops, "/lore show DEC-1").words()


def test_a_former_admin_cannot_redact(ops: Ops) -> None:
    ops.record(ops.ana, "Failover", RULE)
    view = ops.cleo.slash(ops.ops, "/lore redact").view
    assert view is not None
    ops.driver.change_role(ops.cleo)
    ops.clock.time += NEXT_ACT

    view.fill({"Text to remove": RULE, "Why?": "A secret."})

    assert "Only workspace admins" in str(view.submit())
    assert "Only workspace admins" in ops.cleo.slash(ops.ops, "/lore redact").words()
    assert RULE in ops.ana.slash(ops.ops, "/lore show DEC-1").words()


def test_a_former_admin_cannot_change_the_settings(ops: Ops) -> None:
    view = ops.cleo.slash(ops.ops, "/lore settings").view
    assert view is not None
    ops.driver.change_role(ops.cleo)
    ops.clock.time += NEXT_ACT

    view.fill({"Prompts per person": "9"})

    assert "admin" in str(view.submit())
    with ops.store.read(ops.team) as tx:
        assert tx.workspace.get().person_budget == 2


def test_a_deactivated_person_sees_nothing(ops: Ops, secret: Channel) -> None:
    """Slack lets through only the requests that it took before the deactivation."""
    reader, ben = ops.bot.deps.people.reader, UserId(ops.ben.id)
    assert secret.id in reader(ben).channels
    ops.driver.deactivate(ops.ben)
    ops.clock.time += NEXT_ACT

    found = reader(ben)

    assert found.person.gone
    assert not found.channels


def test_if_slack_does_not_answer_nothing_is_shown_saved_or_lost(ops: Ops, secret: Channel) -> None:
    view = ops.ben.slash(secret, "/lore edit DEC-1").view
    assert view is not None
    ops.clock.time += NEXT_ACT
    ops.driver.fail("users.info", status=500)

    view.fill({"What do we do?": "We do it the other way."})
    assert SILENT in str(view.submit())
    assert SILENT in ops.ben.slash(secret, "/lore show DEC-1").words()

    ops.driver.heal()
    assert view.submit() == {}
    assert "the other way" in ops.ben.slash(secret, "/lore show DEC-1").words()


def test_a_deactivated_owner_is_noticed_when_the_clock_moves(ops: Ops) -> None:
    ops.record(ops.ana, "Failover", RULE)
    ops.ana.slash(ops.ops, "/lore watch")
    ops.driver.deactivate(ops.ana)
    ops.clock.time += timedelta(hours=1)

    known = ops.bot.deps.find_reader(UserId(ops.ana.id))
    assert known is not None
    assert known.person.gone
