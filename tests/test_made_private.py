"""A public channel is made private: its entries are its members' alone from then on."""

import pytest

from bot.domain.entries import ChannelId
from bot.jobs import look_around
from sandbox.seen import Channel
from tests.ops import Ops

RULE = "We fail over by hand."
GONE = "This entry is now private to its channel."


@pytest.fixture
def side(ops: Ops) -> Channel:
    """A channel beside #ops, of which dora is a member, and the card of DEC-1 in it."""
    ops.record(ops.ana, "Failover", RULE)
    dora = ops.driver.person("dora")
    found = ops.driver.channel("side", members=[ops.ana, dora])
    ops.driver.invite_bot(found, by=ops.ana)
    ops.ana.slash(found, "/lore share DEC-1")
    ops.drain()
    assert RULE in words(ops, found)
    assert RULE in dora.slash(found, "/lore show DEC-1").words()
    return found


def words(ops: Ops, channel: Channel) -> str:
    return "\n".join(message.words() for message in ops.driver.messages(channel))


def test_outsiders_no_longer_see_its_entries(ops: Ops, side: Channel) -> None:
    ops.driver.convert_to_private(ops.ops)

    dora = ops.driver.known("dora")
    assert "There is no DEC-1 that you can see" in dora.slash(side, "/lore show DEC-1").words()
    assert RULE not in dora.slash(side, "/lore find failover").words()
    assert RULE in ops.ana.slash(ops.ops, "/lore show DEC-1").words()


def test_a_card_shared_elsewhere_is_withdrawn(ops: Ops, side: Channel) -> None:
    ops.driver.convert_to_private(ops.ops)
    ops.drain()

    assert RULE not in words(ops, side)
    assert GONE in words(ops, side)
    assert RULE in words(ops, ops.ops)


def test_an_edit_made_inside_it_does_not_reach_a_card_shared_elsewhere(
    ops: Ops, side: Channel
) -> None:
    ops.driver.convert_to_private(ops.ops)
    view = ops.ana.slash(ops.ops, "/lore edit DEC-1").view
    assert view is not None
    view.fill({"What do we do?": "The secret way."})
    assert view.submit() == {}
    ops.drain()

    assert "The secret way." not in words(ops, side)
    assert "The secret way." in words(ops, ops.ops)


def test_a_card_that_is_on_its_way_elsewhere_is_not_posted(ops: Ops, side: Channel) -> None:
    ops.record(ops.ana, "Rollback", "We roll back.")
    ops.ana.slash(side, "/lore share DEC-2")
    ops.driver.convert_to_private(ops.ops)
    ops.drain()

    assert "We roll back." not in words(ops, side)


def test_the_conversion_is_in_the_audit_once_however_often_it_is_brought(ops: Ops) -> None:
    ops.deliveries = 2
    ops.driver.convert_to_private(ops.ops)
    ops.drain()

    with ops.store.read(ops.team) as tx:
        acts = [act for act in tx.audit.acts() if act.action == "channel_changed"]
        known = tx.channels.get(ChannelId(ops.ops.id))
    assert [(act.subject, act.details["private"]) for act in acts] == [(ops.ops.id, True)]
    assert known is not None
    assert known.private


def test_the_hourly_look_withdraws_what_no_event_told_of(ops: Ops, side: Channel) -> None:
    ops.driver.remove_bot(ops.ops)
    ops.driver.convert_to_private(ops.ops)
    ops.driver.invite_bot(ops.ops, by=ops.ana)
    with ops.store.transaction(ops.team) as tx:
        known = tx.channels.get(ChannelId(ops.ops.id), lock=True)
        assert known is not None
        tx.channels.put(known._replace(private=False))

    look_around(ops.bot.deps)
    ops.drain()

    assert GONE in words(ops, side)
