"""A card is updated wherever it was posted, even if its other copies can't be."""

import pytest

from bot.jobs import look_around
from sandbox.seen import Channel, Message
from tests.support.faults import settle, strike
from tests.support.ops import Ops


def shared(ops: Ops) -> Channel:
    side = ops.driver.channel("side", members=[ops.ana])
    ops.driver.invite_bot(side, by=ops.ana)
    ops.record(ops.ana, "Roll back", rule="Roll back checkout.")
    ops.ana.slash(side, "/lore share DEC-1")
    ops.ana.slash(side, "/lore share DEC-1")
    ops.drain()
    assert len(cards(ops, side)) == 2
    return side


def cards(ops: Ops, channel: Channel) -> list[Message]:
    return [each for each in ops.driver.messages(channel) if each.text.startswith("DEC-")]


def retired(ops: Ops) -> None:
    ops.ana.slash(ops.ops, "/lore retire DEC-1 No longer done.")
    ops.drain()
    settle(ops)


@pytest.mark.parametrize("fault", ["none", "ratelimited", "status 500", "lost"])
def test_every_shared_card_follows_its_entry(ops: Ops, fault: str) -> None:
    side = shared(ops)
    if fault != "none":
        strike(ops, "chat.update", fault, times=2)

    retired(ops)

    for card in (*cards(ops, ops.ops), *cards(ops, side)):
        assert "etired" in card.words()


def test_a_deleted_card_does_not_stop_the_others_from_being_updated(ops: Ops) -> None:
    side = shared(ops)
    ops.driver.delete_message(ops.ops, cards(ops, ops.ops)[0])

    retired(ops)

    assert all("etired" in card.words() for card in cards(ops, side))
    assert ops.store.outbox_backlog().waiting == 0


@pytest.mark.parametrize("noticed", ["by its event", "by the hourly look"])
def test_a_card_in_an_archived_channel_is_updated_after_it_is_unarchived(
    ops: Ops, noticed: str
) -> None:
    side = shared(ops)
    ops.driver.archive(side)
    retired(ops)
    assert not any("etired" in card.words() for card in cards(ops, side))

    ops.driver.deliver_events(drop=noticed == "by the hourly look")
    ops.driver.unarchive(side)
    if noticed == "by the hourly look":
        look_around(ops.bot.deps)
    ops.drain()

    assert all("etired" in card.words() for card in cards(ops, side))
