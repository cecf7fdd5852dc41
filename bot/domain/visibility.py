"""Who may see what: the one rule behind every read that reaches a person."""

from dataclasses import dataclass

from bot.domain.entries import ChannelId, Entry, UserId


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """What Slack says of someone (docs.slack.dev, user object).

    `stranger`: of another organisation, met in a shared channel. `guest`: single- or multi-channel.
    `gone`: deactivated.
    """

    id: UserId
    name: str
    timezone: str = "UTC"
    guest: bool = False
    stranger: bool = False
    bot: bool = False
    gone: bool = False
    admin: bool = False

    @property
    def member(self) -> bool:
        """A full member of the installing workspace."""
        return not (self.guest or self.stranger or self.bot or self.gone)


@dataclass(frozen=True, slots=True, kw_only=True)
class Reader:
    """Someone about to read, and the channels that they share with the bot.

    `changes`: how many changes of who is where had been stored about them when Slack was asked;
    once there are more, `channels` is out of date. None where Slack was not asked.
    """

    person: Person
    channels: frozenset[ChannelId]
    changes: int | None = None

    @property
    def user(self) -> UserId:
        """Their Slack user id."""
        return self.person.id


def anyone_in(channel: ChannelId) -> Reader:
    """Whoever reads along in a channel: what lives in it all of them may see, guests too."""
    return Reader(person=Person(id=UserId(""), name="", guest=True), channels=frozenset({channel}))


def everyone_in(channel: ChannelId, *, shared: bool) -> Reader:
    """Return a reader who may know the keys that everyone in a channel may know.

    Those are the keys of its own entries and of public ones; of its own alone where people of
    another organisation read along. A guest may read a public key here, and can't open its entry.
    """
    person = Person(id=UserId(""), name="", guest=shared)
    return Reader(person=person, channels=frozenset({channel}))


def may_see(reader: Reader, entry: Entry, *, private: bool) -> bool:
    """Whether this reader may see an entry whose home channel is or is not private.

    Members see what lives in public channels and in their own private ones; guests only what lives
    in their own channels; people of another organisation, bots and the deactivated nothing.
    Storage holds the same rule as SQL, and a test keeps the two equal.
    """
    if reader.person.stranger or reader.person.bot or reader.person.gone:
        return False
    if entry.home in reader.channels:
        return True
    return reader.person.member and not private
