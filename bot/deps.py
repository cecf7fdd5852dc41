"""The dependencies of listeners, jobs and the outbox."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from threading import Lock

from slack_sdk import WebClient

from bot.domain.entries import ChannelId, TeamId, UserId
from bot.domain.errors import UnavailableError
from bot.domain.timeouts import Timeouts
from bot.domain.visibility import Reader
from bot.embedding.cache import EmbeddingCache
from bot.slack.api.holds import ChannelHolds
from bot.slack.api.people import People
from bot.slack.render import Render
from bot.slack.text.permalinks import Links
from storage.store import Store


@dataclass(frozen=True, slots=True, kw_only=True)
class Deps:
    """The parts of a running bot in one workspace.

    `client` never retries by itself, because messages that must arrive are in the outbox. `wake`
    tells the sender about a new item; without it the item is sent a second later. `considering` is
    held while a message is considered, one at a time: several at once would keep the interpreter
    lock and the database from listeners that Slack waits for. `holds`: the channels that accept no
    posts for now. `embeddings`: None without the extra `opslore[semantic]`.
    """

    store: Store
    render: Render
    now: Callable[[], datetime]
    people: People
    client: WebClient
    team: TeamId
    bot_user: UserId
    links: Links
    wake: Callable[[], None]
    considering: Lock
    holds: ChannelHolds
    timeouts: Timeouts
    embeddings: EmbeddingCache | None = None

    def find_reader(self, user: UserId) -> Reader | None:
        """Return a person as Slack described them within the hour; None if Slack doesn't answer."""
        try:
            return self.people.known_reader(user)
        except UnavailableError:
            return None

    def find_reader_patiently(self, user: UserId) -> Reader | None:
        """Return the same for a job that asks about many people; it may wait for seconds."""
        try:
            return self.people.reader_unhurried(user)
        except UnavailableError:
            return None

    def find_reader_uncached(self, user: UserId) -> Reader | None:
        """Return the same without the cache, because another process may know of a change."""
        self.people.forget(user=user)
        return self.find_reader_patiently(user)

    def find_readers(self, homes: Iterable[ChannelId]) -> Callable[[UserId], Reader | None]:
        """Return a lookup of everyone as Slack describes them now, with their channels among these.

        It is for a job that asks about hundreds of people: Slack lists the people of a workspace
        and of a channel in a few calls, instead of two calls per person. A person who isn't listed
        is looked up separately.

        Raises:
            UnavailableError: Slack doesn't answer, or can't list one of the channels.
        """
        everyone = self.people.everyone()
        members = {home: self.people.members(home) for home in homes}

        def known(user: UserId) -> Reader | None:
            person = everyone.get(user)
            if person is None:
                return self.find_reader_patiently(user)
            sees_nothing = person.gone or person.stranger or person.bot
            channels = () if sees_nothing else (home for home in members if user in members[home])
            return Reader(person=person, channels=frozenset(channels))

        return known

    def alone(self, user: UserId, home: ChannelId, owner: UserId) -> bool:
        """Return whether no one else could approve changes of an entry with this home and owner.

        If Slack doesn't answer, the result is False, so that no change comes into force unread.
        """
        try:
            return self.people.alone(user, home, owner)
        except UnavailableError:
            return False
