"""Where Opslore is: what it knows follows Slack, also what happened while it was away."""

from collections.abc import Callable
from dataclasses import replace

import pytest

from bot.domain.entries import ChannelId
from bot.domain.workspaces import Channel
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


def meanwhile(
    ops: Ops,
    monkeypatch: pytest.MonkeyPatch,
    act: Callable[[], object],
    *,
    first: Callable[[], object] = int,
) -> None:
    """Look around; `first` happens before Slack makes the list, `act` before it is compared."""
    mine = ops.bot.deps.people.mine

    def listed() -> list[Channel]:
        first()
        found = mine()
        act()
        return found

    monkeypatch.setattr(ops.bot.deps.people, "mine", listed)
    look_around(ops.bot.deps)
    monkeypatch.undo()


def joined(ops: Ops) -> dict[str, bool]:
    with ops.store.read(ops.team) as tx:
        return {channel.id: channel.joined for channel in tx.channels.all()}


def test_a_channel_joined_while_the_list_is_read_is_not_taken_to_be_left(
    ops: Ops, monkeypatch: pytest.MonkeyPatch
) -> None:
    side = ops.driver.channel("side", members=[ops.ana])

    meanwhile(ops, monkeypatch, lambda: ops.driver.invite_bot(side, by=ops.ana))

    assert joined(ops) == {ops.ops.id: True, side.id: True}


def test_a_channel_left_while_the_list_is_read_is_not_taken_to_be_joined(
    ops: Ops, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Only until the next list, which is newer."""
    meanwhile(ops, monkeypatch, lambda: ops.driver.remove_bot(ops.ops))
    assert joined(ops) == {ops.ops.id: False}

    ops.driver.deliver_events(drop=True)
    ops.driver.invite_bot(ops.ops, by=ops.ana)
    ops.driver.deliver_events()
    look_around(ops.bot.deps)
    assert joined(ops) == {ops.ops.id: True}


def test_a_channel_left_and_joined_again_around_the_list_is_not_taken_to_be_left(
    ops: Ops, monkeypatch: pytest.MonkeyPatch
) -> None:
    meanwhile(
        ops,
        monkeypatch,
        lambda: ops.driver.invite_bot(ops.ops, by=ops.ana),
        first=lambda: ops.driver.remove_bot(ops.ops),
    )

    assert joined(ops) == {ops.ops.id: True}


def test_a_channel_that_got_another_id_while_the_list_is_read_is_known_by_that_alone(
    ops: Ops, monkeypatch: pytest.MonkeyPatch
) -> None:
    new: list[str] = []

    meanwhile(ops, monkeypatch, lambda: new.append(str(ops.driver.change_channel_id(ops.ops))))

    assert joined(ops) == {new[0]: True}


def test_a_channel_that_became_private_is_so_at_once_whatever_else_is_heard_of_it(
    ops: Ops, monkeypatch: pytest.MonkeyPatch
) -> None:
    secret = ops.driver.channel("secret", members=[ops.ana], private=True)
    ops.driver.invite_bot(secret, by=ops.ana)
    with ops.store.transaction(ops.team) as tx:
        known = tx.channels.get(ChannelId(secret.id))
        assert known is not None
        tx.channels.put(replace(known, private=False))

    meanwhile(ops, monkeypatch, lambda: ops.driver.archive(secret))

    with ops.store.read(ops.team) as tx:
        found = tx.channels.get(ChannelId(secret.id))
    assert found is not None
    assert found.private
    assert found.archived


def test_what_slack_said_a_while_ago_opens_no_private_channel(ops: Ops) -> None:
    """It became private, which the hourly look found out; then something is said there."""
    ops.ben.say(ops.ops, "What do we do when the disk of the build server is full?")
    ops.drain()
    with ops.store.transaction(ops.team) as tx:
        known = tx.channels.get(ChannelId(ops.ops.id), lock=True)
        assert known is not None
        assert not known.private
        tx.channels.put(replace(known, private=True))

    ops.ben.say(ops.ops, "We decided to roll back whenever errors stay above 2 percent.")
    ops.drain()

    with ops.store.read(ops.team) as tx:
        found = tx.channels.get(ChannelId(ops.ops.id))
    assert found is not None
    assert found.private


def test_slack_out_of_reach_changes_nothing(ops: Ops) -> None:
    ops.driver.fail("users.conversations", status=500)

    look_around(ops.bot.deps)

    with ops.store.read(ops.team) as tx:
        assert [channel.joined for channel in tx.channels.all()] == [True]
