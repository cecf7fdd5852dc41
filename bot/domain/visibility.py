"""The rule that decides which entries a person may see."""

from dataclasses import dataclass

from bot.domain.entries import ChannelId, Entry, UserId


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """A person as Slack describes them (docs.slack.dev, user object).

    `stranger`: from another organization, in a shared channel. `guest`: a single- or multi-channel
    guest. `gone`: deactivated.
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
        """Whether this is a full member of the workspace."""
        return not (self.guest or self.stranger or self.bot or self.gone)


@dataclass(frozen=True, slots=True, kw_only=True)
class Reader:
    """A person who reads, and the channels that they share with the bot.

    `changes`: how many membership changes of this person were stored when Slack was asked. Once
    there are more, `channels` is out of date. None if Slack wasn't asked.
    """

    person: Person
    channels: frozenset[ChannelId]
    changes: int | None = None

    @property
    def user(self) -> UserId:
        """The person's Slack user ID."""
        return self.person.id


def anyone_in(channel: ChannelId) -> Reader:
    """Return a reader who may see what everyone in a channel may see, guests included."""
    return Reader(person=Person(id=UserId(""), name="", guest=True), channels=frozenset({channel}))


def everyone_in(channel: ChannelId, *, shared: bool) -> Reader:
    """Return a reader who may know the keys that everyone in a channel may know.

    Those are the keys of its own entries and of public ones; of its own only if people of
    another organization are in it. A guest may read a public key here, and can't open its entry.
    """
    person = Person(id=UserId(""), name="", guest=shared)
    return Reader(person=person, channels=frozenset({channel}))


def may_see(reader: Reader, entry: Entry, *, private: bool) -> bool:
    """Return whether a reader may see an entry. `private`: its home channel is private.

    Members see the entries of public channels and of their own private ones. Guests see only those
    of their own channels. People of another organization, bots and deactivated people see none.
    Storage has the same rule as SQL, and a test keeps the two equal.
    """
    if reader.person.stranger or reader.person.bot or reader.person.gone:
        return False
    if entry.home in reader.channels:
        return True
    return reader.person.member and not private
