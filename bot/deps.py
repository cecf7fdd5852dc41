"""What listeners, jobs and tellings are given."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from threading import Lock

from slack_sdk import WebClient

from bot.domain.entries import ChannelId, TeamId, UserId
from bot.domain.errors import UnavailableError
from bot.domain.timeouts import Timeouts
from bot.domain.visibility import Reader
from bot.slack.api.holds import ChannelHolds
from bot.slack.api.people import People
from bot.slack.render import Render
from bot.slack.text.permalinks import Links
from storage.store import Store


@dataclass(frozen=True, slots=True, kw_only=True)
class Deps:
    """The parts of a running bot in one workspace.

    `client` sends and never retries by itself: what must arrive is in the outbox. `wake` tells the
    sender that something new is there; forgetting it costs a second, not a message. `considering`
    is held by whoever considers a message, which computes and writes: several at once would keep
    listeners, whom Slack waits for, from Python's lock and from the database. `holds` are the
    channels that take no posts for now.
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

    def known(self, user: UserId) -> Reader | None:
        """A person as Slack described them within the hour; None where it does not say."""
        try:
            return self.people.known_reader(user)
        except UnavailableError:
            return None

    def known_unhurried(self, user: UserId) -> Reader | None:
        """The same for a job that asks of many; it may have to wait for seconds."""
        try:
            return self.people.reader_unhurried(user)
        except UnavailableError:
            return None

    def known_afresh(self, user: UserId) -> Reader | None:
        """The same where what was kept is not enough: another process may have heard of them."""
        self.people.forget(user=user)
        return self.known_unhurried(user)

    def call_the_roll(self, homes: Iterable[ChannelId]) -> Callable[[UserId], Reader | None]:
        """Everybody as Slack describes them now, with those of these channels that they are in.

        For a job that asks about hundreds: Slack lists the people of a workspace and of a channel
        in a few calls, where it would be asked twice about each person. A person that it doesn't
        list is asked about alone.

        Raises:
            UnavailableError: Slack doesn't answer, or not about one of the channels.
        """
        everyone = self.people.everyone()
        members = {home: self.people.members(home) for home in homes}

        def known(user: UserId) -> Reader | None:
            person = everyone.get(user)
            if person is None:
                return self.known_unhurried(user)
            sees_nothing = person.gone or person.stranger or person.bot
            channels = () if sees_nothing else (home for home in members if user in members[home])
            return Reader(person=person, channels=frozenset(channels))

        return known

    def alone(self, user: UserId, home: ChannelId, owner: UserId) -> bool:
        """Return whether no one else could approve changes of an entry with this home and owner.

        If Slack doesn't say, someone could: nothing then comes into force unread.
        """
        try:
            return self.people.alone(user, home, owner)
        except UnavailableError:
            return False
