"""A public channel is made private: from then on only its members see its entries."""

from dataclasses import replace

import pytest

from bot.domain.entries import ChannelId
from bot.jobs import look_around
from bot.usecases.settings.channel_list import LIST_LASTS
from bot.usecases.steps.channels import store_channel
from sandbox.seen import Channel
from tests.support.ops import Ops

RULE = "We fail over by hand."
GONE = "This entry is now private to its channel."


@pytest.fixture
def side(ops: Ops) -> Channel:
    """Return a second channel, with dora as a member and the card of DEC-1 in it."""
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


def test_a_card_on_its_way_elsewhere_is_not_posted(ops: Ops, side: Channel) -> None:
    ops.record(ops.ana, "Rollback", "We roll back.")
    ops.ana.slash(side, "/lore share DEC-2")
    ops.driver.convert_to_private(ops.ops)
    ops.drain()

    assert "We roll back." not in words(ops, side)


def test_the_conversion_is_in_the_audit_once_however_often_the_event_arrives(ops: Ops) -> None:
    ops.deliveries = 2
    ops.driver.convert_to_private(ops.ops)
    ops.drain()

    with ops.store.read(ops.team) as tx:
        acts = [act for act in tx.audit.acts() if act.action == "channel_changed"]
        known = tx.channels.get(ChannelId(ops.ops.id))
    assert [(act.subject, act.details["private"]) for act in acts] == [(ops.ops.id, True)]
    assert known is not None
    assert known.private


def test_the_hourly_refresh_withdraws_cards_after_a_missed_conversion(
    ops: Ops, side: Channel
) -> None:
    ops.driver.remove_bot(ops.ops)
    ops.driver.convert_to_private(ops.ops)
    ops.driver.invite_bot(ops.ops, by=ops.ana)
    with ops.store.transaction(ops.team) as tx:
        known = tx.channels.get(ChannelId(ops.ops.id), lock=True)
        assert known is not None
        store_channel(tx, replace(known, private=False), ops.clock())

    look_around(ops.bot.deps)
    ops.drain()

    assert GONE in words(ops, side)


def missed(ops: Ops) -> None:
    """Make #ops private and drop the event for it."""
    ops.driver.deliver_events(drop=True)
    ops.driver.convert_to_private(ops.ops)
    ops.driver.deliver_events()


def test_a_missed_conversion_shows_outsiders_nothing_after_a_minute(
    ops: Ops, side: Channel
) -> None:
    dora = ops.driver.known("dora")
    missed(ops)
    ops.clock.time += LIST_LASTS

    assert "There is no DEC-1 that you can see" in dora.slash(side, "/lore show DEC-1").words()
    ops.drain()
    assert GONE in words(ops, side)


def test_a_missed_conversion_stops_an_edit_from_reaching_a_shared_card(
    ops: Ops, side: Channel
) -> None:
    missed(ops)
    view = ops.ana.slash(ops.ops, "/lore edit DEC-1").view
    assert view is not None
    view.fill({"What do we do?": "The secret way."})
    assert view.submit() == {}
    ops.clock.time += LIST_LASTS
    ops.drain()

    assert "The secret way." not in words(ops, side)
    assert GONE in words(ops, side)


def test_if_slack_does_not_answer_nothing_is_shown_once_the_state_is_a_minute_old(
    ops: Ops, side: Channel
) -> None:
    dora = ops.driver.known("dora")
    missed(ops)
    ops.driver.fail("users.conversations", status=500)
    ops.clock.time += LIST_LASTS

    answer = dora.slash(side, "/lore show DEC-1").words()

    assert RULE not in answer
    assert "nothing was shown or saved. Try again in a moment." in answer


def test_slack_is_asked_for_the_channels_at_most_once_a_minute(ops: Ops, side: Channel) -> None:
    def listings() -> int:
        calls = ops.driver.calls("users.conversations")
        return sum("user" not in call["args"] for call in calls)

    ops.clock.time += LIST_LASTS
    before = listings()
    for _ in range(3):
        ops.ana.slash(side, "/lore show DEC-1")
        ops.ben.slash(ops.ops, "/lore find failover")

    assert listings() == before + 1


def test_entries_stay_visible_without_the_bot_while_their_channel_is_public(
    ops: Ops, side: Channel
) -> None:
    dora = ops.driver.known("dora")
    ops.driver.remove_bot(ops.ops)
    ops.clock.time += LIST_LASTS
    assert RULE in dora.slash(side, "/lore show DEC-1").words()

    ops.driver.convert_to_private(ops.ops)
    ops.clock.time += LIST_LASTS
    assert "There is no DEC-1" in dora.slash(side, "/lore show DEC-1").words()


def test_entries_stay_visible_after_their_public_channel_was_deleted(
    ops: Ops, side: Channel
) -> None:
    ops.driver.delete_channel(ops.ops)
    ops.clock.time += LIST_LASTS

    assert RULE in ops.driver.known("dora").slash(side, "/lore show DEC-1").words()
