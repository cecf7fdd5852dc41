"""The two ways in which Slack reaches the bot: Socket Mode and signed HTTP requests."""

import errno
import json
import logging
import random
import threading
import time
from collections.abc import Callable, Iterable, Mapping
from typing import TYPE_CHECKING, Any, Final, Protocol

from slack_bolt import BoltRequest, BoltResponse

from bot.app import Bot
from bot.metrics import exposition
from bot.settings import Mode, Settings, SettingsError

if TYPE_CHECKING:
    from slack_sdk.socket_mode.websocket_client import SocketModeClient
    from websocket import WebSocketApp

log = logging.getLogger(__name__)

_CONCURRENCY: Final = 20
_THREADS: Final = 24
# Slack's payloads are far smaller; a larger one isn't from Slack.
_LARGEST: Final = 2_000_000
_LONGEST_PAUSE: Final = 30.0
# Seconds between the SDK's checks for a connection to read; its 0.5 would be most of the start-up.
_RECONNECT: Final = 0.01
# Seconds between two pings, and between the SDK monitor's checks of the connection.
_PING: Final = 10
# Seconds to wait for Slack's answer to a close frame.
_GOODBYE: Final = 2.0

_Start = Callable[[str, list[tuple[str, str]]], object]


class Receiver(Protocol):
    """A connection by which Slack sends requests to the bot."""

    def start(self) -> None:
        """Start receiving."""

    def stop(self) -> None:
        """Finish the requests that were received, and accept no more."""

    def connected(self) -> bool:
        """Return whether Slack can reach the bot now, as far as this process knows."""


def receiver(settings: Settings, bot: Bot) -> Receiver:
    """Return the receiver for these settings, with health pages if a port is set.

    Raises:
        SettingsError: its port can't be opened.
    """
    if settings.mode is Mode.HTTP:
        return _Http(settings, bot)
    return _Socket(settings, bot)


class _Socket:
    """A Socket Mode connection, which the SDK renews, and health pages if a port is set."""

    def __init__(self, settings: Settings, bot: Bot) -> None:
        from slack_bolt.adapter.socket_mode.websocket_client import (  # noqa: PLC0415 - costs start-up
            SocketModeHandler,
        )
        from slack_sdk.socket_mode.interval_runner import IntervalRunner  # noqa: PLC0415 - as above

        self._handler = SocketModeHandler(
            bot.app,
            settings.app_token,
            web_client=bot.app.client,
            concurrency=_CONCURRENCY,
            ping_interval=_PING,
        )
        client = self._handler.client
        client.message_listeners.append(_log_hello)
        client.on_message_listeners.append(_leave_on_request)
        # The SDK's runner already waits with its own pause, so replace it by one with ours.
        runner = client.current_session_runner
        runner.event.set()
        runner.thread.join()
        client.current_session_runner = IntervalRunner(runner.target, _RECONNECT).start()
        client.current_app_monitor_started = (
            True  # `_connect` starts it, once there is a connection
        )
        self._stopped = threading.Event()
        self._pages = _Http(settings, bot, self) if settings.port is not None else None

    def start(self) -> None:
        """Connect in the background, because Slack may be unreachable when the bot starts."""
        if self._pages:
            self._pages.start()
        threading.Thread(target=self._connect, name="socket", daemon=True).start()

    def stop(self) -> None:
        """Close the connection, after acknowledging the requests that were received."""
        self._stopped.set()
        client = self._handler.client
        client.closed, client.auto_reconnect_enabled = True, False
        client.message_workers.shutdown()
        _close_politely(client)
        client.close()
        if self._pages:
            self._pages.stop()

    def connected(self) -> bool:
        """Return whether the websocket is connected."""
        return bool(self._handler.client.is_connected())

    def _connect(self) -> None:
        pause = 1.0
        while not self._stopped.is_set():
            try:
                self._handler.client.connect()
            except Exception as error:  # noqa: BLE001 - after any error the next try may work
                why = type(error).__name__
                log.warning("not_connected", extra={"why": why, "again_in": round(pause)})
            else:
                self._monitor()
                return
            self._stopped.wait(pause * random.uniform(0.8, 1.2))  # noqa: S311 - spreads replicas
            pause = min(pause * 2, _LONGEST_PAUSE)

    def _monitor(self) -> None:
        """Start the SDK's monitor late, because it replaces a connection that isn't read yet."""
        client = self._handler.client
        until = time.monotonic() + _PING
        while not client.is_connected() and time.monotonic() < until:
            if self._stopped.wait(_RECONNECT):
                return
        client.current_app_monitor.start()


def _log_hello(_: object, message: Mapping[str, Any], __: str | None = None) -> None:
    """Log each connection that Slack starts to use, the first and every later one."""
    if message.get("type") == "hello":
        log.info("connected")


def _close_politely(client: "SocketModeClient") -> None:
    """Send a close frame, so that Slack's answer ends the thread that reads the connection.

    If the SDK closed the connection first, that thread would notice only after 10 seconds.
    """
    from websocket import WebSocketException  # noqa: PLC0415 - HTTP mode doesn't need it

    reading = client.current_session_runner
    reading.event.set()
    session = client.current_session
    try:
        if session is not None and session.sock is not None:
            session.sock.send_close()
    except (WebSocketException, OSError) as error:
        log.info("closed_without_goodbye", extra={"why": type(error).__name__})
    reading.thread.join(_GOODBYE)


def _leave_on_request(session: "WebSocketApp", message: str) -> None:
    """Close a connection as soon as Slack asks for it, which it does every few hours.

    The SDK closes it too, but from another thread. The reading thread would notice only after up
    to 10 seconds and take the new connection then, which is too late for a command.
    """
    # Parsing a message's JSON checks its UTF-8 anyway. This check, in Python, takes a fifth of a
    # busy bot's time.
    if session.sock is not None:
        session.sock.cont_frame.skip_utf8_validation = True
    if '"disconnect"' in message and json.loads(message).get("type") == "disconnect":
        session.close()


def answer_request(
    bot: Bot, body: str, headers: Mapping[str, str], query: str = ""
) -> BoltResponse:
    """Return Bolt's answer to one request, or 400 if Bolt can't read it.

    Bolt reads the body before it checks the signature, so anyone can send an unreadable one.
    """
    try:
        request = BoltRequest(body=body, query=query, headers=dict(headers))
    except Exception as error:  # noqa: BLE001 - an unreadable request isn't from Slack
        log.warning("not_a_request", extra={"why": type(error).__name__})
        return BoltResponse(status=400)
    return bot.app.dispatch(request)


class _Http:
    """A WSGI server with threads, because listeners finish their work before they answer."""

    def __init__(self, settings: Settings, bot: Bot, socket: Receiver | None = None) -> None:
        from waitress.server import create_server  # noqa: PLC0415 - as above

        self._bot = bot
        self._socket = socket
        try:
            self._server = create_server(
                self._application,
                host=settings.host,
                port=settings.port,
                threads=_THREADS,
                max_request_body_size=_LARGEST,
                ident=None,
                connection_limit=1000,
            )
        except (OSError, ValueError) as error:
            raise SettingsError(_why_not_listening(settings, error)) from error
        self._started = time.monotonic()

    def start(self) -> None:
        """Serve in the background."""
        port = self._server.effective_port
        log.info("listening", extra={"port": port})
        threading.Thread(target=self._server.run, name="http", daemon=True).start()

    def stop(self) -> None:
        """Accept no more requests, and answer the ones that were received."""
        # The server's own close also closes the pipe that a thread writes to after its answer. The
        # thread would then write to whatever file has that number, perhaps the database. So the
        # pipe stays open until the process ends.
        self._server.trigger.pull_trigger(self._close_listener)
        self._server.task_dispatcher.shutdown()

    def _close_listener(self) -> None:
        """Close the listening socket, on the server's own thread, which may be waiting for it."""
        from waitress.wasyncore import dispatcher  # noqa: PLC0415 - as above

        dispatcher.close(self._server)

    def connected(self) -> bool:
        """Return True: Slack sends requests to us, so there is no connection to lose."""
        return True

    def _application(self, environ: dict[str, Any], start: _Start) -> Iterable[bytes]:
        method, path = environ["REQUEST_METHOD"], environ["PATH_INFO"]
        if path == "/slack/events" and self._socket is None:
            if method != "POST":
                return _answer(start, "405 Method Not Allowed", b"POST only\n")
            return self._slack(environ, start)
        page = {"/healthz": self._health, "/readyz": self._ready, "/metrics": self._metrics}.get(
            path
        )
        if page is None:
            return _answer(start, "404 Not Found", b"not found\n")
        status, body = page()
        return _answer(start, status, body)

    def _slack(self, environ: dict[str, Any], start: _Start) -> Iterable[bytes]:
        body = environ["wsgi.input"].read()
        headers = {
            name.removeprefix("HTTP_").replace("_", "-").lower(): value
            for name, value in environ.items()
            if name.startswith("HTTP_")
        }
        headers["content-type"] = environ.get("CONTENT_TYPE", "")
        try:
            text = body.decode()
        except UnicodeDecodeError:
            return _answer(start, "400 Bad Request", b"not UTF-8\n")
        response = answer_request(self._bot, text, headers, environ.get("QUERY_STRING", ""))
        sent = [(name, value) for name, values in response.headers.items() for value in values]
        start(f"{response.status} {'OK' if response.status == 200 else 'Refused'}", sent)  # noqa: PLR2004 - HTTP's own
        return [response.body.encode()]

    def _health(self) -> tuple[str, bytes]:
        """Answer `/healthz`: the bot is alive while the sender reads the outbox."""
        silent = time.monotonic() - self._bot.sender.last_success
        body = json.dumps({"sender_silent_seconds": round(silent, 1)}).encode()
        return ("200 OK" if silent < 60 else "503 Service Unavailable"), body  # noqa: PLR2004 - a minute

    def _ready(self) -> tuple[str, bytes]:
        """Answer `/readyz`: the database answers, and in Socket Mode Slack is connected."""
        connected = self._socket is None or self._socket.connected()
        try:
            self._bot.deps.store.outbox_backlog()
        except Exception as error:  # noqa: BLE001 - after any error it isn't ready
            return "503 Service Unavailable", type(error).__name__.encode()
        return ("200 OK", b"ready\n") if connected else ("503 Service Unavailable", b"no socket\n")

    def _metrics(self) -> tuple[str, bytes]:
        return "200 OK", exposition(self._bot.deps.store, self._bot.deps.now()).encode()


def _why_not_listening(settings: Settings, error: Exception) -> str:
    """Return why the port can't be opened and what to do, in one line."""
    place = f"{settings.host}:{settings.port}"
    match getattr(error, "errno", None):
        case errno.EADDRINUSE:
            return f"Another program already listens on {place}. Set OPSLORE_PORT to a free port."
        case errno.EACCES:
            return f"This user can't listen on {place}. Set OPSLORE_PORT to a port above 1023."
        case _:
            return (
                f"Opslore can't listen on {place} ({error}). Check OPSLORE_HOST and OPSLORE_PORT."
            )


def _answer(start: _Start, status: str, body: bytes) -> Iterable[bytes]:
    start(status, [("Content-Type", "text/plain; charset=utf-8")])
    return [body]
