"""Triggers and response URLs: the two short-lived permissions that an interaction carries."""

from __future__ import annotations

from dataclasses import dataclass

from sandbox.errors import SlackError
from sandbox.model import Message
from sandbox.workspace import Workspace

# docs.slack.dev, handling user interaction: a trigger lives 3 seconds, a response URL 30 minutes
# and for 5 posts.
TRIGGER_SECONDS = 3.0
RESPONSE_SECONDS = 30 * 60.0
RESPONSE_POSTS = 5


@dataclass(slots=True)
class Trigger:
    """The right to open one view for `user`.

    `view` is the modal it came from, `sent` whether that modal was submitted, and `channel` the
    person's channel.
    """

    id: str
    user: str
    expires: float
    view: str | None = None
    sent: bool = False
    used: bool = False
    opened: str | None = None
    channel: str | None = None


@dataclass(slots=True)
class ResponseUrl:
    """The right to post to a channel; `on` is the message whose button was pressed."""

    id: str
    user: str
    channel: str
    expires: float
    on: Message | None = None
    thread_ts: str | None = None
    left: int = RESPONSE_POSTS


class Permissions:
    """Creates and checks triggers and response URLs."""

    def __init__(self, workspace: Workspace) -> None:
        self._workspace = workspace
        self.trigger_seconds = TRIGGER_SECONDS
        self.triggers: dict[str, Trigger] = {}
        self.urls: dict[str, ResponseUrl] = {}

    def trigger(
        self,
        user: str,
        view: str | None = None,
        *,
        sent: bool = False,
        channel: str | None = None,
    ) -> Trigger:
        """Return a fresh trigger for one of the person's acts."""
        clock = self._workspace.clock
        name = f"{int(clock.seconds() * 1000)}.{self._workspace.number()}"
        expires = clock.seconds() + self.trigger_seconds
        trigger = Trigger(name, user, expires, view, sent, channel=channel)
        self.triggers[name] = trigger
        return trigger

    def response_url(
        self, user: str, channel: str, on: Message | None = None, thread_ts: str | None = None
    ) -> ResponseUrl:
        """Return a fresh response URL."""
        name = self._workspace.number()
        expires = self._workspace.clock.seconds() + RESPONSE_SECONDS
        self.urls[name] = ResponseUrl(name, user, channel, expires, on, thread_ts)
        return self.urls[name]

    def exchange(self, trigger_id: object) -> Trigger:
        """Use up a trigger.

        Raises:
            SlackError: `invalid_trigger_id`, `exchanged_trigger_id` or `expired_trigger_id`.
        """
        trigger = self.triggers.get(str(trigger_id))
        if trigger is None:
            raise SlackError("invalid_trigger_id")
        if trigger.used:
            raise SlackError("exchanged_trigger_id")
        if self._workspace.clock.seconds() >= trigger.expires:
            raise SlackError("expired_trigger_id")
        trigger.used = True
        return trigger

    def use(self, name: str) -> ResponseUrl:
        """Use a response URL once.

        Raises:
            SlackError: `expired_url` or `used_url`.
        """
        url = self.urls.get(name)
        if url is None or self._workspace.clock.seconds() >= url.expires:
            raise SlackError("expired_url")
        if url.left == 0:
            raise SlackError("used_url")
        url.left -= 1
        return url
