"""The channels that Opslore is in: its list follows Slack, also after downtime."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from slack_sdk import WebClient
from slack_sdk.web import SlackResponse

from bot.app import Bot
from bot.domain.entries import ChannelId
from bot.domain.workspaces import Channel
from bot.jobs import look_around
from bot.slack.api.people import People
from bot.usecases.steps.channels import store_channel
from sandbox.seen import Channel as Place
from tests.support.ops import Ops
from tests.support.prompting import ROLLBACK, prompts, settle


def test_a_channel_joined_during_downtime_is_found_at_the_start(ops: Ops) -> None:
    """It gets a digest like any other, without waiting for an event that was missed."""
    ops.driver.deliver_events(drop=True)
    side = ops.driver.channel("side", members=[ops.ana])
    ops.driver.invite_bot(side, by=ops.ana)
    ops.driver.deliver_events()

    look_around(ops.bot.deps)

    with ops.store.read(ops.team) as tx:
        channel = tx.channels.get(ChannelId(side.id))
        assert channel is not None
        assert channel.live
        assert tx.digests.next_planned(channel.id) is not None


def test_the_inviter_is_greeted_even_if_the_bot_found_the_channel_before_the_event(
    ops: Ops,
) -> None:
    """The lookup of channels, as at the start, can run before the event arrives."""
    side = ops.driver.channel("side", members=[ops.ana])
    ops.driver.deliver_events(shuffle=True)
    ops.driver.invite_bot(side, by=ops.ana)
    look_around(ops.bot.deps)

    ops.driver.deliver_events()
    ops.driver.until(lambda: all(each["acked"] for each in ops.driver.deliveries()))
    ops.drain()

    [greeting] = [each for each in ops.driver.messages(side) if each.raw.get("bot_id")]
    assert "Opslore" in greeting.text
    with ops.store.read(ops.team) as tx:
        channel = tx.channels.get(ChannelId(side.id))
        assert channel is not None
        assert channel.digest.timezone == "Europe/Berlin"
        planned = tx.digests.next_planned(channel.id)
        assert planned is not None
        assert planned.due_at == channel.digest.next_after(ops.clock())


def test_a_channel_left_during_downtime_is_removed(ops: Ops) -> None:
    ops.driver.deliver_events(drop=True)
    ops.driver.remove_bot(ops.ops)
    ops.driver.deliver_events()

    look_around(ops.bot.deps)

    with ops.store.read(ops.team) as tx:
        channel = tx.channels.get(ChannelId(ops.ops.id))
        assert channel is not None
        assert not channel.joined
        assert tx.digests.next_planned(channel.id) is None


def meanwhile(
    ops: Ops,
    monkeypatch: pytest.MonkeyPatch,
    act: Callable[[], object],
    *,
    first: Callable[[], object] = int,
) -> None:
    """Refresh the channels: `first` runs before Slack lists them, `act` before the comparison."""
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


def test_a_channel_joined_while_the_list_loads_is_not_removed(
    ops: Ops, monkeypatch: pytest.MonkeyPatch
) -> None:
    side = ops.driver.channel("side", members=[ops.ana])

    meanwhile(ops, monkeypatch, lambda: ops.driver.invite_bot(side, by=ops.ana))

    assert joined(ops) == {ops.ops.id: True, side.id: True}


def test_a_channel_left_while_the_list_loads_is_not_added(
    ops: Ops, monkeypatch: pytest.MonkeyPatch
) -> None:
    """That holds only until the next list, which is newer."""
    meanwhile(ops, monkeypatch, lambda: ops.driver.remove_bot(ops.ops))
    assert joined(ops) == {ops.ops.id: False}

    ops.driver.deliver_events(drop=True)
    ops.driver.invite_bot(ops.ops, by=ops.ana)
    ops.driver.deliver_events()
    look_around(ops.bot.deps)
    assert joined(ops) == {ops.ops.id: True}


def test_a_channel_left_and_joined_again_while_the_list_loads_is_not_removed(
    ops: Ops, monkeypatch: pytest.MonkeyPatch
) -> None:
    meanwhile(
        ops,
        monkeypatch,
        lambda: ops.driver.invite_bot(ops.ops, by=ops.ana),
        first=lambda: ops.driver.remove_bot(ops.ops),
    )

    assert joined(ops) == {ops.ops.id: True}


def test_a_channel_whose_id_changes_while_the_list_loads_has_only_the_new_id(
    ops: Ops, monkeypatch: pytest.MonkeyPatch
) -> None:
    new: list[str] = []

    meanwhile(ops, monkeypatch, lambda: new.append(str(ops.driver.change_channel_id(ops.ops))))

    assert joined(ops) == {new[0]: True}


def test_a_channel_that_became_private_is_private_at_once_despite_older_answers(
    ops: Ops, monkeypatch: pytest.MonkeyPatch
) -> None:
    secret = ops.driver.channel("secret", members=[ops.ana], private=True)
    ops.driver.invite_bot(secret, by=ops.ana)
    with ops.store.transaction(ops.team) as tx:
        known = tx.channels.get(ChannelId(secret.id))
        assert known is not None
        store_channel(tx, replace(known, private=False), ops.clock())

    meanwhile(ops, monkeypatch, lambda: ops.driver.archive(secret))

    with ops.store.read(ops.team) as tx:
        found = tx.channels.get(ChannelId(secret.id))
    assert found is not None
    assert found.private
    assert found.archived


def test_an_older_answer_of_slack_opens_no_private_channel(ops: Ops) -> None:
    """The hourly refresh found that it became private; then a message is posted there."""
    ops.ben.say(ops.ops, "What do we do when the disk of the build server is full?")
    ops.drain()
    ops.driver.deliver_events(drop=True)
    ops.driver.convert_to_private(ops.ops)
    ops.driver.deliver_events()
    look_around(ops.bot.deps)

    ops.ben.say(ops.ops, "We decided to roll back whenever errors stay above 2 percent.")
    ops.drain()

    with ops.store.read(ops.team) as tx:
        found = tx.channels.get(ChannelId(ops.ops.id))
    assert found is not None
    assert found.private


def test_an_outage_of_slack_changes_nothing(ops: Ops) -> None:
    ops.driver.fail("users.conversations", status=500)

    look_around(ops.bot.deps)

    with ops.store.read(ops.team) as tx:
        assert [channel.joined for channel in tx.channels.all()] == [True]


@pytest.fixture
def first(ops: Ops) -> Bot:
    """Return the bot that receives the invitations; the other bot gets all other events."""
    found = ops.bot
    ops.start()
    return found


def invited(ops: Ops, channel: Place, hears: Bot) -> None:
    asked, ops.bot = ops.bot, hears
    ops.driver.invite_bot(channel, by=ops.ana)
    ops.drain()
    ops.bot = asked


def looks(ops: Ops, channel: Place) -> int:
    """Return how often Slack was asked about a channel."""
    calls = ops.driver.calls("conversations.info")
    return sum(call["args"]["channel"] == channel.id for call in calls)


@pytest.mark.parametrize("private", [False, True])
def test_an_invitation_received_by_another_process_counts_at_once(
    ops: Ops, first: Bot, *, private: bool
) -> None:
    side = ops.driver.channel("side", private=private, members=[ops.ana])
    people, place = ops.bot.deps.people, ChannelId(side.id)
    before = people.channel(place)
    assert before is None or not before.joined

    invited(ops, side, first)

    for _ in range(2):
        found = people.channel(place)
        assert found is not None
        assert found.joined
    assert looks(ops, side) == 3


def test_no_message_is_lost_in_a_channel_the_bot_has_just_joined(ops: Ops, first: Bot) -> None:
    side = ops.driver.channel("side", private=True, members=[ops.ana])
    ops.ana.slash(side, "/lore share DEC-1")

    invited(ops, side, first)
    ops.ana.say(side, ROLLBACK)
    settle(ops)

    assert prompts(ops.ana, side)


def test_a_message_is_dropped_only_if_a_second_lookup_finds_no_bot_either(ops: Ops) -> None:
    """A request by someone else may have fetched the answer of before the invitation."""
    ops.driver.fail("conversations.info", error="channel_not_found", times=1)
    ops.start()
    ops.ana.say(ops.ops, ROLLBACK)
    ops.drain()
    assert not ops.ana.ephemerals(ops.ops)

    ops.later(seconds=2)
    settle(ops)
    assert prompts(ops.ana, ops.ops)

    ops.driver.fail("conversations.info", error="channel_not_found")
    ops.start()
    ops.ana.say(ops.ops, ROLLBACK)
    ops.drain()
    ops.later(seconds=2)
    assert ops.store.outbox_backlog().waiting == 0


def test_if_slack_describes_a_private_channel_the_bot_is_a_member(
    ops: Ops, monkeypatch: pytest.MonkeyPatch
) -> None:
    secret = ops.driver.channel("secret", private=True, members=[ops.ana])
    ops.driver.invite_bot(secret, by=ops.ana)
    client = WebClient(ops.sandbox.bot_token, ops.sandbox.api_url)
    call = client.api_call

    def answered(*args: Any, **kwargs: Any) -> SlackResponse:  # noqa: ANN401 - as it was called
        response = call(*args, **kwargs)
        assert isinstance(response.data, dict)
        del response.data["channel"]["is_member"]
        return response

    monkeypatch.setattr(client, "api_call", answered)
    people = People(client, ops.team, clock=lambda: 0.0)
    found = [people.channel(ChannelId(place.id)) for place in (secret, ops.ops)]

    assert [each and each.joined for each in found] == [True, False]
