"""Who someone is and which channels they share with the bot: Slack's answers, cached a while."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from http.client import HTTPException
from typing import Any, Final

from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError, SlackClientError

from bot.domain.entries import ChannelId, TeamId, UserId
from bot.domain.errors import UnavailableError
from bot.domain.visibility import Person, Reader
from bot.domain.workspaces import Channel
from bot.slack.api.cache import Kept, Key
from bot.slack.api.profiles import channel_of, person_of
from bot.slack.api.rate_limit import Allowance

# People who act, and those to whom something is shown, are asked about again after this many
# seconds, which one act takes: a guest or a former admin must not act as they could before.
# users.info allows 100 calls a minute.
ACT_LASTS: Final = 3.0
# For a name, and for deciding whom to ask, Slack's answer may be as old as this.
PERSON_KEPT: Final = 3600.0
# Somebody who leaves a channel stops seeing it at once where the bot hears of it, and within this
# many seconds where it does not.
MEMBERSHIP_KEPT: Final = 300.0
CHANNEL_KEPT: Final = 3600.0
# `conversations.members` allows 100 calls a minute, each of up to 1,000 people.
_MEMBERS_AT_ONCE, _MEMBERS_SECONDS_EACH, _MEMBERS_PAGE = 20, 1.0, 999
# A digest has two dozen names, and each would wait for as long as Slack hangs.
NAMES_REST: Final = 3.0
# `users.conversations` allows 20 to 50 calls a minute, of which most are for people who wait.
_AT_ONCE, _SECONDS_EACH = 20, 4.0
_SILENT: Final[Key] = ("silent",)


class People:
    """Members, guests and strangers, cached over the Web API; safe to share between threads.

    Every method raises `UnavailableError` when Slack does not answer: who may see a thing is then
    unknown, and nothing is shown.
    """

    def __init__(
        self,
        client: WebClient,
        team: TeamId,
        *,
        clock: Callable[[], float],
        changes: Callable[[str], int] = lambda _: 0,
        confirm: Callable[[], None] = lambda: None,
        allowance: Allowance | None = None,
        lists: Allowance | None = None,
    ) -> None:
        """Cache by a clock in seconds.

        `changes` tells how many changes of who is where are stored about a user or a channel. With
        each one, what was cached about them before is out of date, whichever process heard of it.
        `confirm` sees to it that what is stored of channels is not older than a minute.
        """
        self._client = client
        self._team = team
        self._allowance = allowance or Allowance(_AT_ONCE, _SECONDS_EACH)
        self._changes = changes
        self._confirm = confirm
        self._lists = lists or Allowance(_MEMBERS_AT_ONCE, _MEMBERS_SECONDS_EACH)
        self._kept = Kept(clock)

    def person(self, user: UserId) -> Person:
        """Return this user as they are now."""
        return self._described(user, ACT_LASTS)

    def reader(self, user: UserId) -> Reader:
        """Return this user as they are now, to let them act or to show them something."""
        self.confirm_channels()
        return self._reader(self.person(user))

    def confirm_channels(self) -> None:
        """See to it that what is stored of channels is not older than a minute."""
        self._kept.once(("channels confirmed",), 0, self._confirm)

    def known_reader(self, user: UserId) -> Reader:
        """Return this user as they were within the hour, to decide whether and what to ask them.

        Never to let them act, or to show them something.
        """
        return self._reader(self._described(user, PERSON_KEPT))

    def _described(self, user: UserId, seconds: float) -> Person:
        """Return what Slack says of this user, or said not more than so many seconds ago."""
        return self._kept.once(("person", user), seconds, lambda: self._person(user))

    def _reader(self, person: Person) -> Reader:
        """Return a person with the channels that they and the bot are both in."""
        user = person.id
        if person.gone or person.stranger or person.bot:
            # They see nothing wherever they are, and Slack may refuse to say where that is.
            return Reader(person=person, channels=frozenset())
        changes = self._changes(user)
        channels: frozenset[ChannelId] = self._kept.once(
            ("channels", user, changes), MEMBERSHIP_KEPT, lambda: self._channels(user)
        )
        return Reader(person=person, channels=channels, changes=changes)

    def reader_unhurried(self, user: UserId) -> Reader:
        """Return a `known_reader` for a job that asks about many people.

        It waits rather than use up what Slack allows.
        """
        if not self._kept.has(("channels", user, self._changes(user)), MEMBERSHIP_KEPT):
            self._allowance.take()
        return self.known_reader(user)

    def everyone(self) -> dict[UserId, Person]:
        """All people of the workspace, asked again each time: a page of 200 a call."""
        found: dict[UserId, Person] = {}
        try:
            for page in self._pages("users.list", self._allowance, limit=200):
                people = (
                    person_of(self._team, UserId(each["id"]), each) for each in page["members"]
                )
                found |= {person.id: person for person in people}
        except SlackApiError as error:
            raise UnavailableError(_SLACK_SILENT) from error
        return found

    def members(self, channel: ChannelId) -> frozenset[UserId]:
        """Everybody in a channel, asked again each time: a page of 999 a call."""
        try:
            pages = self._pages(
                "conversations.members", self._lists, channel=channel, limit=_MEMBERS_PAGE
            )
            return frozenset(UserId(user) for page in pages for user in page["members"])
        except SlackApiError as error:
            raise UnavailableError(_SLACK_SILENT) from error

    def channel(self, channel: ChannelId) -> Channel | None:
        """The channel as Slack describes it; None where the bot can not see it.

        That it is not there is not cached: an invitation is perhaps still on its way.
        """
        return self._kept.once(
            ("channel", channel, self._changes(channel)),
            CHANNEL_KEPT,
            lambda: self._channel(channel),
            lasts=lambda found: found is not None and found.joined,
        )

    def mine(self) -> list[Channel]:
        """The channels that the bot itself is in, asked anew each time."""
        try:
            return [channel_of(self._team, found) for found in self._conversations()]
        except SlackApiError as error:
            raise UnavailableError(_SLACK_SILENT) from error

    def describe(self, channel: ChannelId) -> Channel | None:
        """Return the channel as Slack describes it now; None where the bot can not see it."""
        return self._channel(channel)

    def alone(self, user: UserId, home: ChannelId, owner: UserId) -> bool:
        """Return whether no other full member is in an entry's home channel or owns the entry.

        An owner who isn't in the home channel counts while it's public: they can see the entry.
        """
        return self._kept.once(
            ("alone", user, home, owner, self._changes(home)),
            MEMBERSHIP_KEPT,
            lambda: self._alone(user, home, owner),
        )

    def name(self, user: UserId) -> str:
        """A name to show; the id where Slack does not answer.

        Then it is asked for no other name either, until some seconds went by or it answers: whoever
        is known is still shown by name. What it does not say of one alone is asked of the others.
        """
        unnamed: Key = ("unnamed", user)
        resting = any(self._kept.has(key, NAMES_REST) for key in (_SILENT, unnamed))
        if resting and not self._kept.has(("person", user), PERSON_KEPT):
            return user
        try:
            return self._described(user, PERSON_KEPT).name
        except UnavailableError as error:
            cause = error.__cause__
            said = isinstance(cause, SlackApiError) and cause.response["error"] != "ratelimited"
            self._kept.keep(unnamed if said else _SILENT)
            return user

    def names(self, users: Iterable[UserId]) -> dict[UserId, str]:
        """The names of several people, as far as Slack gives them."""
        named = {user: self.name(user) for user in users}
        # Of somebody unknown here, Slack may have written a name itself.
        return {user: name for user, name in named.items() if name != user}

    def forget(self, *, user: UserId | None = None, channel: ChannelId | None = None) -> None:
        """Ask Slack again about this user or channel next time."""
        if user is not None:
            channels = ("channels", user, self._changes(user))
            self._kept.forget(("person", user), ("unnamed", user), channels)
        if channel is not None:
            self._kept.forget(("channel", channel, self._changes(channel)))

    def _person(self, user: UserId) -> Person:
        try:
            found: dict[str, Any] = self._call("users.info", user=user)["user"]
        except SlackApiError as error:
            if error.response["error"] in ("user_not_found", "user_not_visible"):
                return Person(id=user, name=user, stranger=True)
            raise UnavailableError(_SLACK_SILENT) from error
        self._kept.forget(_SILENT)
        return person_of(self._team, user, found)

    def _channels(self, user: UserId) -> frozenset[ChannelId]:
        try:
            found = list(self._conversations(user=user))
        except SlackApiError as error:
            # Somebody unknown to this workspace shares nothing with the bot.
            if error.response["error"] in ("user_not_found", "user_not_visible"):
                return frozenset()
            raise UnavailableError(_SLACK_SILENT) from error
        return frozenset(ChannelId(channel["id"]) for channel in found)

    def _alone(self, user: UserId, home: ChannelId, owner: UserId) -> bool:
        try:
            others = (other for other in self._members(home) if other != user)
            if any(self._described(other, PERSON_KEPT).member for other in others):
                return False
        except SlackApiError as error:
            raise UnavailableError(_SLACK_SILENT) from error
        if owner == user or not self.person(owner).member:
            return True
        channel = self.channel(home)
        return channel is None or channel.private

    def _members(self, channel: ChannelId) -> Iterator[UserId]:
        """Everybody in a channel, page by page."""
        for page in self._pages("conversations.members", None, channel=channel, limit=200):
            yield from map(UserId, page["members"])

    def _conversations(self, **whose: object) -> Iterator[dict[str, Any]]:
        """Every page of `users.conversations`."""
        for page in self._pages(
            "users.conversations",
            None,
            types="public_channel,private_channel",
            exclude_archived=False,
            limit=200,
            **whose,
        ):
            yield from page["channels"]

    def _pages(
        self, method: str, allowance: Allowance | None, **arguments: object
    ) -> Iterator[dict[str, Any]]:
        """The answers of a method of Slack's, page by page, each when the allowance says so."""
        cursor = ""
        while True:
            if allowance is not None:
                allowance.take()
            page = self._call(method, cursor=cursor, **arguments)
            yield page
            cursor = (page.get("response_metadata") or {}).get("next_cursor") or ""
            if not cursor:
                return

    def _channel(self, channel: ChannelId) -> Channel | None:
        try:
            found: dict[str, Any] = self._call("conversations.info", channel=channel)["channel"]
        except SlackApiError as error:
            # Of direct messages, for which Opslore asks no scope, nothing is to be known either.
            if error.response["error"] in (
                "channel_not_found",
                "method_not_supported_for_channel_type",
                "missing_scope",
            ):
                return None
            raise UnavailableError(_SLACK_SILENT) from error
        known = channel_of(self._team, found)
        # Of a private channel, which it sees from inside alone, Slack does not promise to say it.
        return replace(known, joined=bool(found.get("is_member", known.private)))

    def _call(self, method: str, **arguments: object) -> dict[str, Any]:
        try:
            answer = self._client.api_call(method, params=arguments)
        except SlackApiError:
            raise
        except (SlackClientError, OSError, ValueError, HTTPException) as error:
            raise UnavailableError(_SLACK_SILENT) from error
        data = answer.data
        if not isinstance(data, dict):
            raise UnavailableError(_SLACK_SILENT)
        return data


_SLACK_SILENT: Final = (
    "Slack didn't tell Opslore who you are and which channels you're in, so nothing was shown or "
    "saved. Try again in a moment."
)
