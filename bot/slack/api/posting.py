"""Posting each message once: a post carries its outbox id, so that a retry can find it."""

import logging
import re
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from http.client import HTTPException
from typing import Any, Final

from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError, SlackClientError

from bot.domain.outbox import OutboxItem, OutboxItemId
from bot.slack.api.holds import ChannelHolds

log = logging.getLogger(__name__)

_EVENT: Final = "opslore_post"
# The most that Slack's clock and ours differ.
_SKEW: Final = timedelta(seconds=30)
# Errors that pass by themselves, or after which the message may still have been posted
# (docs.slack.dev, chat.postMessage: "some aspect of the operation may have succeeded").
_PASSING: Final = frozenset(
    {"internal_error", "fatal_error", "service_unavailable", "request_timeout", "team_added_to_org"}
)
_CLEAN: Final = frozenset({"ratelimited", "rate_limited", "message_limit_exceeded"})
# The form of Slack's error codes. Anything else comes from a proxy on the way to Slack, and doesn't
# tell whether the call succeeded.
_WORD: Final = re.compile(r"[a-z][a-z0-9_]*")


class NotSentError(Exception):
    """Slack didn't accept it. `pause`: seconds to wait; `maybe`: it may still have arrived."""

    def __init__(self, reason: str, *, pause: float = 0, maybe: bool = False) -> None:
        super().__init__(reason)
        self.reason = reason
        self.pause = pause
        self.maybe = maybe


# The app was uninstalled, or its token replaced.
BAD_TOKEN: Final = frozenset(
    {"invalid_auth", "not_authed", "account_inactive", "token_revoked", "token_expired"}
)


class RefusedError(Exception):
    """Slack will never accept it: the channel is gone, the person left, the bot was removed."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


def call(client: WebClient, method: str, /, **arguments: object) -> Mapping[str, Any]:
    """Call a method of the Web API once, without a retry of its own.

    Raises:
        NotSentError: it may work later.
        RefusedError: it will never work.
    """
    try:
        answer = client.api_call(method, json=arguments)
    except SlackApiError as error:
        reason = str(error.response.get("error") or error.response.status_code)
        if error.response.status_code == 429 or reason in _CLEAN:  # noqa: PLR2004 - HTTP's own
            raise NotSentError("ratelimited", pause=_retry_after(error)) from error
        if error.response.status_code >= 500 or reason in _PASSING:  # noqa: PLR2004 - HTTP's own
            raise NotSentError(reason, maybe=True) from error
        if not _WORD.fullmatch(reason):
            raise NotSentError("not_slack", maybe=True) from error
        raise RefusedError(reason) from error
    except (SlackClientError, OSError, ValueError, HTTPException) as error:
        raise NotSentError(type(error).__name__, maybe=True) from error
    data = answer.data
    if not isinstance(data, dict):
        raise NotSentError("not_json", maybe=True)
    return data


def require_time(item: OutboxItem, at: datetime) -> None:
    """Check, right before sending, that no other sender can have claimed the item.

    Calls on the way to this point may have taken longer than the lease.

    Raises:
        NotSentError: another sender can claim it. It might not find this post yet and post again.
    """
    if not item.may_be_sent(at):
        raise NotSentError("lease_runs_out")


def post(
    client: WebClient,
    item: OutboxItem,
    now: Callable[[], datetime],
    holds: ChannelHolds,
    *,
    channel: str,
    thread_ts: str | None,
    message: Mapping[str, Any],
    earlier: datetime | None,
) -> str:
    """Post a message once and return its timestamp.

    `earlier`: the time of a first attempt that may have arrived; the channel is then searched for
    its metadata. `holds`: the channels in which Slack asked to pause; a new pause is added.

    Raises:
        NotSentError, RefusedError: as in `call`; NotSentError also while the channel is on hold.
    """
    if seconds := holds.seconds_left(channel, now()):
        raise NotSentError("channel_on_hold", pause=seconds)
    if earlier is not None:
        ts = find_again(client, item.id, channel, thread_ts, earlier)
        if ts:
            return ts
    require_time(item, now())
    try:
        answer = call(
            client,
            "chat.postMessage",
            channel=channel,
            **({"thread_ts": thread_ts} if thread_ts else {}),
            **message,
            metadata={"event_type": _EVENT, "event_payload": {"outbox_id": item.id}},
            unfurl_links=False,
            unfurl_media=False,
        )
    except NotSentError as error:
        if error.pause:
            holds.hold(channel, seconds=error.pause, now=now())
        raise
    return str(answer["ts"])


def direct(client: WebClient, user: str) -> str:
    """Return the id of the direct messages with a person.

    Posting also accepts the person's id, but reading earlier messages doesn't.

    Raises:
        NotSentError, RefusedError: as in `call`.
    """
    return str(call(client, "conversations.open", users=user)["channel"]["id"])


def update_message(client: WebClient, render: Callable[[], Mapping[str, object] | None]) -> None:
    """Update a message until its content stays the same, because two updates may cross.

    Raises:
        NotSentError, RefusedError: as in `call`.
    """
    sent: Mapping[str, object] = {}
    while True:
        message = render()
        if message is None or message == sent:
            break
        call(client, "chat.update", **message)
        sent = message


def find_again(
    client: WebClient, item: OutboxItemId, channel: str, thread_ts: str | None, earlier: datetime
) -> str | None:
    """Return the timestamp of a post made at `earlier` or later; None if there isn't one.

    Raises:
        NotSentError: Slack didn't answer.
    """
    arguments: dict[str, object] = {
        "channel": channel,
        "oldest": f"{(earlier - _SKEW).timestamp():.6f}",
        "include_all_metadata": True,
        "limit": 200,
    }
    method = "conversations.history"
    if thread_ts:
        method, arguments["ts"] = "conversations.replies", thread_ts
    while True:
        page = _read(client, method, arguments)
        for message in page.get("messages") or []:
            metadata = message.get("metadata") or {}
            payload = metadata.get("event_payload") or {}
            if metadata.get("event_type") == _EVENT and payload.get("outbox_id") == item:
                log.info("post_found_again", extra={"item": item, "channel": channel})
                return str(message["ts"])
        cursor = (page.get("response_metadata") or {}).get("next_cursor")
        if not cursor:
            return None
        arguments["cursor"] = cursor


def _read(client: WebClient, method: str, arguments: Mapping[str, object]) -> Mapping[str, Any]:
    """Call a read method, with the query in the URL, because these methods accept no JSON body."""
    try:
        answer = client.api_call(method, http_verb="GET", params=dict(arguments))
    except SlackApiError as error:
        reason = str(error.response.get("error") or error.response.status_code)
        # A deleted thread or channel holds no post. The next post there fails with the same error.
        is_code = bool(_WORD.fullmatch(reason))
        if error.response.status_code < 429 and is_code and reason not in _PASSING | _CLEAN:  # noqa: PLR2004 - HTTP
            return {}
        why = reason if is_code else "not_slack"
        raise NotSentError(why, pause=_retry_after(error), maybe=True) from error
    except (SlackClientError, OSError, ValueError, HTTPException) as error:
        raise NotSentError(type(error).__name__, maybe=True) from error
    return answer.data if isinstance(answer.data, dict) else {}


def _retry_after(error: SlackApiError) -> float:
    """Return the seconds that Slack asks to wait; 0 if it names none."""
    # HTTP ignores the case of header names, and a proxy may change it.
    headers = {name.lower(): value for name, value in error.response.headers.items()}
    return float(headers.get("retry-after", 0))
