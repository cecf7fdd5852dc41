"""Building a bot from its settings and a store."""

import logging
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import datetime
from threading import Lock
from typing import Any, Final

from slack_bolt import App, BoltRequest, BoltResponse
from slack_bolt.authorization import AuthorizeResult
from slack_bolt.middleware import Middleware
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError, SlackClientError
from slack_sdk.http_retry import ConnectionErrorRetryHandler, FixedValueRetryIntervalCalculator

from bot import listeners
from bot.deps import Deps
from bot.domain.embedding import Embedder
from bot.domain.entries import TeamId, UserId
from bot.domain.errors import OpsloreError, UnavailableError
from bot.embedding.cache import EmbeddingCache
from bot.outbox.sender import Sender
from bot.settings import Settings, SettingsError
from bot.slack.api.deadline import TimedClient, acknowledging
from bot.slack.api.holds import ChannelHolds
from bot.slack.api.people import People
from bot.slack.api.posting import BAD_TOKEN
from bot.slack.payloads.installation import Installation
from bot.slack.render import renderer
from bot.slack.text.permalinks import Links
from bot.usecases.settings.channel_list import Directory, confirm_channels
from bot.usecases.settings.membership import count_changes
from storage.store import Store

log = logging.getLogger(__name__)

_LISTENERS: Final = 24
_LOOKUP_PAUSE: Final = 0.1
_LONGEST_PAUSE: Final = 60.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Bot:
    """A complete bot. The command line starts its receiver and its jobs."""

    app: App
    deps: Deps
    sender: Sender


class _TimedApp(App):
    """A Bolt app whose listeners acknowledge in time, even when Slack is slow."""

    def __init__(self, *, ack_seconds: float, **options: Any) -> None:  # noqa: ANN401 - Bolt's own
        super().__init__(**options)
        self._ack_seconds = ack_seconds

    def dispatch(self, req: BoltRequest) -> BoltResponse:
        """Answer a request."""
        with acknowledging(self._ack_seconds):
            return super().dispatch(req)


def build(
    settings: Settings,
    store: Store,
    *,
    now: Callable[[], datetime],
    patient: bool = True,
    embedder: Embedder | None = None,
) -> Bot:
    """Build a bot. Ask Slack who the bot is, until Slack answers if `patient`.

    `embedder`: compares what texts mean; without it, search compares their words.

    Raises:
        SettingsError: Slack rejected the bot token.
        UnavailableError: Slack didn't answer, and `patient` is false.
    """
    client = TimedClient(
        token=settings.bot_token,
        base_url=settings.slack_api_url,
        timeout=settings.timeouts.call_seconds,
        retry_handlers=[],
    )
    me = _who_am_i(client, patient=patient)
    team, bot_user = TeamId(me["team_id"]), UserId(me["user_id"])
    people = People(
        _lookup_client(settings),
        team,
        clock=lambda: now().timestamp(),
        timeouts=settings.timeouts,
        changes=lambda about: count_changes(store, team, about),
        confirm=lambda: confirm_channels(
            store, team, Directory(mine=people.mine, describe=people.describe), now=now
        ),
    )
    sender = Sender()
    deps = Deps(
        store=store,
        render=renderer(people.name, now),
        now=now,
        people=people,
        client=client,
        team=team,
        bot_user=bot_user,
        links=Links(url=me["url"]),
        wake=sender.wake,
        considering=Lock(),
        holds=ChannelHolds(),
        timeouts=settings.timeouts,
        embeddings=EmbeddingCache(embedder) if embedder else None,
    )
    app = _bolt(settings, client, me, listeners.Intake(deps, Installation.of(me)))
    listeners.register(app, deps)
    return Bot(app=app, deps=deps, sender=sender)


def _bolt(settings: Settings, client: WebClient, me: dict[str, Any], intake: Middleware) -> App:
    authorized = AuthorizeResult(
        enterprise_id=me.get("enterprise_id"),
        team_id=me["team_id"],
        bot_id=me["bot_id"],
        bot_user_id=me["user_id"],
        bot_token=settings.bot_token,
    )
    app = _TimedApp(
        ack_seconds=settings.timeouts.ack_seconds,
        name="opslore",
        client=client,
        # Without it, each of Bolt's loggers takes the root's level, not the one that `log` sets.
        logger=logging.getLogger("slack_bolt"),
        # In Socket Mode requests aren't signed, so Bolt doesn't verify them.
        signing_secret=settings.signing_secret or "unused",
        authorize=lambda: authorized,
        # Right after the signature check, because a message needs nothing else of Bolt.
        before_authorize=intake,
        # The listener runs before the acknowledgement, so an acknowledged event is stored.
        process_before_response=True,
        listener_executor=ThreadPoolExecutor(_LISTENERS, thread_name_prefix="listener"),
    )

    @app.error
    def failed(error: Exception, body: dict[str, Any]) -> BoltResponse:
        """Leave the request unacknowledged, so that Slack sends it again."""
        event = body.get("event_id") or body.get("type")
        if isinstance(error, UnavailableError):
            log.warning("not_stored", extra={"event": event, "why": str(error)})
        elif isinstance(error, OpsloreError):
            # Another try would fail too, and Slack disables an app that keeps failing.
            log.warning("not_understood", extra={"event": event, "why": str(error)})
            return BoltResponse(status=200)
        else:
            log.error("listener_failed", exc_info=error, extra={"event": event})
        return BoltResponse(status=500)

    return app


def _lookup_client(settings: Settings) -> WebClient:
    """Return a client for reads, which may be tried again at once because they change nothing."""
    again = ConnectionErrorRetryHandler(
        max_retry_count=1, interval_calculator=FixedValueRetryIntervalCalculator(_LOOKUP_PAUSE)
    )
    return TimedClient(
        token=settings.bot_token,
        base_url=settings.slack_api_url,
        timeout=settings.timeouts.lookup_seconds,
        retry_handlers=[again],
    )


def _who_am_i(client: WebClient, *, patient: bool) -> dict[str, Any]:
    pause = 1.0
    while True:
        try:
            return dict(client.auth_test().data)  # type: ignore[arg-type] # bytes only for files
        except SlackApiError as error:
            if error.response["error"] in BAD_TOKEN:
                raise SettingsError(
                    f"Slack rejected SLACK_BOT_TOKEN ({error.response['error']}). "
                    "Find it at https://api.slack.com/apps → your app → Install App → "
                    "Bot User OAuth Token."
                ) from error
            why = str(error.response["error"])
        except (SlackClientError, OSError, ValueError) as error:
            why = type(error).__name__
        if not patient:
            raise UnavailableError("Slack didn't answer. Try again.")
        log.warning("slack_not_reached", extra={"why": why, "again_in": pause})
        time.sleep(pause)
        pause = min(pause * 2, _LONGEST_PAUSE)
