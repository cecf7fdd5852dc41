"""Two processes on one database: an event that one of them receives also counts for the other."""

from collections.abc import Iterator

import pytest

from bot.app import Bot, build
from bot.domain.entries import ChannelId, UserId
from bot.domain.errors import UnavailableError
from bot.jobs import look_around
from bot.settings import Settings
from bot.usecases.entries.find import show_entry
from sandbox.seen import Channel
from storage.store import Store
from tests.support.ops import Ops

RULE = "We fail over by hand."
UNSEEN = "There is no DEC-1 that you can see"


@pytest.fixture
def other(ops: Ops, database_url: str) -> Iterator[Bot]:
    """Return a second bot with its own caches and connections, as in another process."""
    settings = Settings(
        bot_token=ops.sandbox.bot_token,
        signing_secret=ops.sandbox.signing_secret,
        slack_api_url=ops.sandbox.api_url,
    )
    store = Store.open(database_url)
    yield build(settings, store, now=ops.clock, patient=False)
    store.close()


@pytest.fixture
def secret(ops: Ops) -> Channel:
    found = ops.driver.channel("secret", members=[ops.ana, ops.ben], private=True)
    ops.driver.invite_bot(found, by=ops.ana)
    ops.record(ops.ana, "Failover", RULE, found)
    return found


def turn(ops: Ops, bot: Bot) -> Bot:
    """Let this bot receive Slack's events from now on, and return the one that did before."""
    before, ops.bot = ops.bot, bot
    return before


def shown(ops: Ops) -> str:
    return str(ops.ben.slash(ops.ops, "/lore show DEC-1").words())


@pytest.mark.usefixtures("secret")
def test_no_process_shows_a_private_channel_to_a_person_who_left_it(
    ops: Ops, other: Bot, secret: Channel
) -> None:
    first = turn(ops, other)
    assert RULE in shown(ops)

    turn(ops, first)
    ops.driver.leave(ops.ben, secret)
    turn(ops, other)

    assert UNSEEN in shown(ops)


def test_every_process_shows_a_private_channel_to_a_person_who_joined_it(
    ops: Ops, other: Bot, secret: Channel
) -> None:
    ops.driver.leave(ops.ben, secret)
    first = turn(ops, other)
    assert UNSEEN in shown(ops)

    turn(ops, first)
    ops.driver.invite(secret, ops.ben, by=ops.ana)
    turn(ops, other)

    assert RULE in shown(ops)


def test_no_process_shows_a_private_channel_from_which_the_bot_was_removed(
    ops: Ops, other: Bot, secret: Channel
) -> None:
    first = turn(ops, other)
    assert RULE in shown(ops)

    turn(ops, first)
    ops.driver.remove_bot(secret)
    turn(ops, other)

    assert UNSEEN in shown(ops)


def test_every_process_knows_the_new_id_of_a_channel(ops: Ops, other: Bot, secret: Channel) -> None:
    first = turn(ops, other)
    assert RULE in shown(ops)

    turn(ops, first)
    ops.driver.change_channel_id(secret)
    turn(ops, other)

    assert RULE in shown(ops)


def test_every_process_knows_that_a_channel_was_archived(ops: Ops, other: Bot) -> None:
    channel = ChannelId(ops.ops.id)
    known = other.deps.people.channel(channel)
    assert known is not None
    assert not known.archived

    ops.driver.archive(ops.ops)

    known = other.deps.people.channel(channel)
    assert known is not None
    assert known.archived


def test_every_process_knows_the_list_of_channels_that_one_of_them_got(
    ops: Ops, other: Bot, secret: Channel
) -> None:
    """The event that the bot was removed is lost."""
    reader, ben = other.deps.people.known_reader, UserId(ops.ben.id)
    assert secret.id in reader(ben).channels
    ops.driver.deliver_events(drop=True)
    ops.driver.remove_bot(secret)
    ops.driver.deliver_events()

    look_around(ops.bot.deps)

    assert secret.id not in reader(ben).channels


def test_every_process_knows_that_a_person_is_no_longer_alone_in_a_channel(
    ops: Ops, other: Bot
) -> None:
    ana, own = UserId(ops.ana.id), ops.driver.channel("own", members=[ops.ana])
    ops.driver.invite_bot(own, by=ops.ana)
    assert other.deps.alone(ana, ChannelId(own.id), ana)

    ops.driver.invite(own, ops.ben, by=ops.ana)

    assert not other.deps.alone(ana, ChannelId(own.id), ana)


def test_a_reader_whose_channels_changed_after_slack_was_asked_is_refused(
    ops: Ops, other: Bot, secret: Channel
) -> None:
    """The event is stored after Slack was asked and before the transaction reads."""
    reader = other.deps.people.reader(UserId(ops.ben.id))
    ops.driver.leave(ops.ben, secret)

    with pytest.raises(UnavailableError, match="joined or left a channel"):
        show_entry(other.deps.store, ops.team, reader=reader, key="DEC-1")
