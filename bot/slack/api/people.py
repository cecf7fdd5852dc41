"""People and the channels that they share with the bot, as Slack describes them, cached."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from http.client import HTTPException
from itertools import islice
from typing import Any, Final

from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError, SlackClientError

from bot.domain.entries import ChannelId, TeamId, UserId
from bot.domain.errors import UnavailableError
from bot.domain.messages import MOST_NAMED
from bot.domain.timeouts import Timeouts
from bot.domain.visibility import Person, Reader
from bot.domain.workspaces import Channel
from bot.slack.api.cache import Cache, Key
from bot.slack.api.profiles import channel_of, person_of
from bot.slack.api.rate_limit import Allowance

# Seconds, about as long as one action takes. Anyone who acts or is shown something is looked up
# again after that, so that a guest or a former admin can't act as before. users.info allows 100
# calls a minute.
ACT_LASTS: Final = 3.0
# Seconds. For names, and for choosing people to ask, an answer may be this old.
PERSON_LASTS: Final = 3600.0
# Seconds. A person who leaves a channel stops seeing it at once if the bot gets the event, and
# after this time if it doesn't.
MEMBERSHIP_LASTS: Final = 300.0
CHANNEL_LASTS: Final = 3600.0
# People on a page of a channel's members.
_MEMBERS_PAGE: Final = 999
# Calls of a background job in a burst. Later ones pause in between.
_AT_ONCE: Final = 20
# Seconds without asking for names after Slack didn't answer. A digest has two dozen names, and
# each would wait for the timeout.
NAMES_REST: Final = 3.0
_SILENT: Final[Key] = ("silent",)


class People:
    """Members, guests and strangers, cached over the Web API; safe to share between threads.

    Every method raises `UnavailableError` if Slack doesn't answer, because it's then unknown who
    can see what, and nothing must be shown.
    """

    def __init__(
        self,
        client: WebClient,
        team: TeamId,
        *,
        clock: Callable[[], float],
        timeouts: Timeouts = Timeouts(),
        changes: Callable[[str], int] = lambda _: 0,
        confirm: Callable[[], None] = lambda: None,
        allowance: Allowance | None = None,
        lists: Allowance | None = None,
    ) -> None:
        """Use a clock in seconds for the cache.

        `changes` returns how many membership changes are stored for a user or a channel. A new one
        invalidates the cached answers about them, whichever process stored it. `confirm` makes
        sure that the stored state of channels is at most a minute old. `allowance` and `lists`
        limit the look-ups of background jobs, by default with the pauses of `timeouts`.
        """
        self._client = client
        self._team = team
        self._allowance = allowance or Allowance(_AT_ONCE, timeouts.lookup_pause)
        self._changes = changes
        self._confirm = confirm
        self._lists = lists or Allowance(_AT_ONCE, timeouts.members_pause)
        self._cache = Cache(clock)

    def person(self, user: UserId) -> Person:
        """Return this user as they are now."""
        return self._described(user, ACT_LASTS)

    def reader(self, user: UserId) -> Reader:
        """Return this user as they are now, before they act or are shown something."""
        self.confirm_channels()
        return self._reader(self.person(user))

    def confirm_channels(self) -> None:
        """Make sure that the stored state of channels is at most a minute old."""
        self._cache.once(("channels confirmed",), 0, self._confirm)

    def known_reader(self, user: UserId) -> Reader:
        """Return this user as they were within the last hour, to decide what to ask them.

        Don't use it to let them act or to show them something.
        """
        return self._reader(self._described(user, PERSON_LASTS))

    def _described(self, user: UserId, seconds: float) -> Person:
        """Return this user as Slack describes them, at most `seconds` old."""
        return self._cache.once(("person", user), seconds, lambda: self._person(user))

    def _reader(self, person: Person) -> Reader:
        """Return a person with the channels that they and the bot are both in."""
        user = person.id
        if person.gone or person.stranger or person.bot:
            # They see nothing anyway, and Slack may refuse to list their channels.
            return Reader(person=person, channels=frozenset())
        changes = self._changes(user)
        channels: frozenset[ChannelId] = self._cache.once(
            ("channels", user, changes), MEMBERSHIP_LASTS, lambda: self._channels(user)
        )
        return Reader(person=person, channels=channels, changes=changes)

    def reader_unhurried(self, user: UserId) -> Reader:
        """Return a `known_reader` for a job about many people, within the rate limit."""
        if not self._cache.has(("channels", user, self._changes(user)), MEMBERSHIP_LASTS):
            self._allowance.take()
        return self.known_reader(user)

    def everyone(self) -> dict[UserId, Person]:
        """Return all people of the workspace, uncached; a call returns a page of 200."""
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
        """Return everyone in a channel, uncached; a call returns a page of 999."""
        try:
            pages = self._pages(
                "conversations.members", self._lists, channel=channel, limit=_MEMBERS_PAGE
            )
            return frozenset(UserId(user) for page in pages for user in page["members"])
        except SlackApiError as error:
            raise UnavailableError(_SLACK_SILENT) from error

    def channel(self, channel: ChannelId) -> Channel | None:
        """Return a channel as Slack describes it; None if the bot can't see it.

        None isn't cached, because an invitation may still be on its way.
        """
        return self._cache.once(
            ("channel", channel, self._changes(channel)),
            CHANNEL_LASTS,
            lambda: self._channel(channel),
            lasts=lambda found: found is not None and found.joined,
        )

    def mine(self) -> list[Channel]:
        """Return the channels that the bot is in, uncached."""
        try:
            return [channel_of(self._team, found) for found in self._conversations()]
        except SlackApiError as error:
            raise UnavailableError(_SLACK_SILENT) from error

    def describe(self, channel: ChannelId) -> Channel | None:
        """Return a channel as Slack describes it now, uncached; None if the bot can't see it."""
        return self._channel(channel)

    def alone(self, user: UserId, home: ChannelId, owner: UserId) -> bool:
        """Return whether no other full member is in an entry's home channel or owns the entry.

        An owner who isn't in the home channel counts while it's public: they can see the entry.
        """
        return self._cache.once(
            ("alone", user, home, owner, self._changes(home)),
            MEMBERSHIP_LASTS,
            lambda: self._alone(user, home, owner),
        )

    def name(self, user: UserId) -> str:
        """Return a name to show; the id if Slack doesn't answer.

        After a failure, no names are asked for until some seconds pass or Slack answers; cached
        names are still shown. An error about one person stops only the questions about them.
        """
        unnamed: Key = ("unnamed", user)
        is_paused = any(self._cache.has(key, NAMES_REST) for key in (_SILENT, unnamed))
        if is_paused and not self._cache.has(("person", user), PERSON_LASTS):
            return user
        try:
            return self._described(user, PERSON_LASTS).name
        except UnavailableError as error:
            cause = error.__cause__
            answered = isinstance(cause, SlackApiError) and cause.response["error"] != "ratelimited"
            self._cache.put(unnamed if answered else _SILENT)
            return user

    def names(self, users: Iterable[UserId]) -> dict[UserId, str]:
        """Return the names of the first people, as far as Slack gives them."""
        named = {user: self.name(user) for user in islice(users, MOST_NAMED)}
        # Without a name, keep the label that Slack may have written beside the id.
        return {user: name for user, name in named.items() if name != user}

    def forget(self, *, user: UserId | None = None, channel: ChannelId | None = None) -> None:
        """Ask Slack again about this user or channel next time."""
        if user is not None:
            channels = ("channels", user, self._changes(user))
            self._cache.forget(("person", user), ("unnamed", user), channels)
        if channel is not None:
            self._cache.forget(("channel", channel, self._changes(channel)))

    def _person(self, user: UserId) -> Person:
        try:
            found: dict[str, Any] = self._call("users.info", user=user)["user"]
        except SlackApiError as error:
            if error.response["error"] in ("user_not_found", "user_not_visible"):
                return Person(id=user, name=user, stranger=True)
            raise UnavailableError(_SLACK_SILENT) from error
        self._cache.forget(_SILENT)
        return person_of(self._team, user, found)

    def _channels(self, user: UserId) -> frozenset[ChannelId]:
        try:
            found = list(self._conversations(user=user))
        except SlackApiError as error:
            # A person unknown to this workspace shares no channels with the bot.
            if error.response["error"] in ("user_not_found", "user_not_visible"):
                return frozenset()
            raise UnavailableError(_SLACK_SILENT) from error
        return frozenset(ChannelId(channel["id"]) for channel in found)

    def _alone(self, user: UserId, home: ChannelId, owner: UserId) -> bool:
        try:
            others = (other for other in self._members(home) if other != user)
            if any(self._described(other, PERSON_LASTS).member for other in others):
                return False
        except SlackApiError as error:
            raise UnavailableError(_SLACK_SILENT) from error
        if owner == user or not self.person(owner).member:
            return True
        channel = self.channel(home)
        return channel is None or channel.private

    def _members(self, channel: ChannelId) -> Iterator[UserId]:
        """Yield everyone in a channel, page by page."""
        for page in self._pages("conversations.members", None, channel=channel, limit=200):
            yield from map(UserId, page["members"])

    def _conversations(self, **arguments: object) -> Iterator[dict[str, Any]]:
        """Yield the channels of `users.conversations`, page by page."""
        for page in self._pages(
            "users.conversations",
            None,
            types="public_channel,private_channel",
            exclude_archived=False,
            limit=200,
            **arguments,
        ):
            yield from page["channels"]

    def _pages(
        self, method: str, allowance: Allowance | None, **arguments: object
    ) -> Iterator[dict[str, Any]]:
        """Yield the pages of a method's answer, within the rate limit."""
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
            # Opslore has no scope for people's direct messages, so it can't see those either.
            if error.response["error"] in (
                "channel_not_found",
                "method_not_supported_for_channel_type",
                "missing_scope",
            ):
                return None
            raise UnavailableError(_SLACK_SILENT) from error
        known = channel_of(self._team, found)
        # Slack may leave out `is_member`. The bot only sees a private channel that it's in.
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
