"""Posting once: a post carries its outbox id, and one that may have arrived is looked for first."""

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
# Slack's clock and ours differ by less than this.
_SKEW: Final = timedelta(seconds=30)
# Errors after which the message may have been posted nonetheless (docs.slack.dev, chat.postMessage:
# "some aspect of the operation may have succeeded"), or that pass by themselves.
_PASSING: Final = frozenset(
    {"internal_error", "fatal_error", "service_unavailable", "request_timeout", "team_added_to_org"}
)
_CLEAN: Final = frozenset({"ratelimited", "rate_limited", "message_limit_exceeded"})
# How Slack says what is wrong. A page that something on the way put in its place says it otherwise,
# and nothing of what became of the call.
_WORD: Final = re.compile(r"[a-z][a-z0-9_]*")


class NotSentError(Exception):
    """Slack did not take it. `pause`: seconds, where named; `maybe`: it may have arrived."""

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
    """Slack will never take it: the channel is gone, the person left, the bot was removed."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


def call(client: WebClient, method: str, /, **arguments: object) -> Mapping[str, Any]:
    """Call a method of the Web API once, without a retry of its own.

    Raises:
        NotSentError: it may work later.
        RefusedError: it never will.
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
    """Right before what is seen is sent: see that no other sender may have claimed it by then.

    What Slack was asked on the way may have taken longer than the lease.

    Raises:
        NotSentError: one may. That one would look for it and not find it yet, and send it again.
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

    `earlier`: when a first attempt was made that may have arrived; then the channel is searched for
    it by its metadata first. `holds` are asked first, and hold the channel if Slack asks to wait.

    Raises:
        NotSentError, RefusedError: as `call`; NotSentError also while the channel is on hold.
    """
    if seconds := holds.seconds_left(channel, now()):
        raise NotSentError("channel_on_hold", pause=seconds)
    if earlier is not None:
        found = find_again(client, item.id, channel, thread_ts, earlier)
        if found:
            return found
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
    """The id of the direct messages with a person.

    Posting takes the person's own id, but a conversation's past is read by this one alone.

    Raises:
        NotSentError, RefusedError: as `call`.
    """
    return str(call(client, "conversations.open", users=user)["channel"]["id"])


def draw(client: WebClient, drawing: Callable[[], Mapping[str, object] | None]) -> None:
    """Draw one message anew. Two at once may cross, so it is drawn until it stays the same.

    Raises:
        NotSentError, RefusedError: as `call`.
    """
    shown: Mapping[str, object] = {}
    while True:
        drawn = drawing()
        if drawn is None or drawn == shown:
            break
        call(client, "chat.update", **drawn)
        shown = drawn


def find_again(
    client: WebClient, item: OutboxItemId, channel: str, thread_ts: str | None, earlier: datetime
) -> str | None:
    """The timestamp of what was posted at `earlier` or later; None if nothing was.

    Raises:
        NotSentError: Slack did not say.
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
    """Read with the query in the URL: the read methods take no JSON body."""
    try:
        answer = client.api_call(method, http_verb="GET", params=dict(arguments))
    except SlackApiError as error:
        reason = str(error.response.get("error") or error.response.status_code)
        # A thread or channel that is gone holds no post of ours, and the post itself will say so.
        said = bool(_WORD.fullmatch(reason))
        if error.response.status_code < 429 and said and reason not in _PASSING | _CLEAN:  # noqa: PLR2004 - HTTP
            return {}
        why = reason if said else "not_slack"
        raise NotSentError(why, pause=_retry_after(error), maybe=True) from error
    except (SlackClientError, OSError, ValueError, HTTPException) as error:
        raise NotSentError(type(error).__name__, maybe=True) from error
    return answer.data if isinstance(answer.data, dict) else {}


def _retry_after(error: SlackApiError) -> float:
    """Return the seconds that Slack asks to wait; 0 if it names none."""
    # HTTP leaves the case of a header's name open, and what is between may change it.
    headers = {name.lower(): value for name, value in error.response.headers.items()}
    return float(headers.get("retry-after", 0))
