"""Where Opslore is: what it knows follows Slack, also what happened while it was away."""

from bot.domain.entries import ChannelId
from bot.jobs import look_around
from tests.ops import Ops


def test_a_channel_joined_while_away_is_met_at_the_start(ops: Ops) -> None:
    """It gets a digest like any other, without waiting for an event that has passed."""
    ops.driver.deliver_events(drop=True)
    side = ops.driver.channel("side", members=[ops.ana])
    ops.driver.invite_bot(side, by=ops.ana)
    ops.driver.deliver_events()

    look_around(ops.bot.deps)

    with ops.store.read(ops.team) as tx:
        channel = tx.channels.get(ChannelId(side.id))
        assert channel is not None
        assert channel.live
        assert tx.digests.planned(channel.id) is not None


def test_a_channel_left_while_away_is_let_go(ops: Ops) -> None:
    ops.driver.deliver_events(drop=True)
    ops.driver.remove_bot(ops.ops)
    ops.driver.deliver_events()

    look_around(ops.bot.deps)

    with ops.store.read(ops.team) as tx:
        channel = tx.channels.get(ChannelId(ops.ops.id))
        assert channel is not None
        assert not channel.joined
        assert tx.digests.planned(channel.id) is None


def test_slack_out_of_reach_changes_nothing(ops: Ops) -> None:
    ops.driver.fail("users.conversations", status=500)

    look_around(ops.bot.deps)

    with ops.store.read(ops.team) as tx:
        assert [channel.joined for channel in tx.channels.all()] == [True]
