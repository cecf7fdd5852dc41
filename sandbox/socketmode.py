"""Socket Mode: envelopes over the app's WebSocket connections, one connection after the other."""

from __future__ import annotations

import asyncio
import secrets
import threading
from concurrent.futures import Future
from concurrent.futures import TimeoutError as FutureTimeoutError
from dataclasses import dataclass

from starlette.websockets import WebSocket, WebSocketDisconnect, WebSocketState

from sandbox.model import Json
from sandbox.transports import Ack, Parcel

# docs.slack.dev, Socket Mode: ten connections per app; an old one closes soon after the request to
# refresh it.
MOST_CONNECTIONS = 10
REFRESH_SECONDS = 1.0


@dataclass(eq=False, slots=True)
class _Link:
    socket: WebSocket
    loop: asyncio.AbstractEventLoop
    leaving: bool = False


class SocketMode:
    """The app's connections, and the envelopes without an acknowledgement."""

    def __init__(self, app_id: str) -> None:
        self._app_id = app_id
        self._lock = threading.Lock()
        self._tickets: set[str] = set()
        self._links: list[_Link] = []
        self._turn = 0
        self._waiting: dict[str, Future[Json]] = {}

    def ticket(self) -> str:
        """Return the ticket for one connection."""
        ticket = secrets.token_hex(16)
        with self._lock:
            self._tickets.add(ticket)
        return ticket

    @property
    def connections(self) -> int:
        """The number of connections that aren't about to be refreshed."""
        with self._lock:
            return sum(not link.leaving for link in self._links)

    async def serve(self, socket: WebSocket) -> None:
        """Serve one connection until either side closes it."""
        ticket = socket.query_params.get("ticket", "")
        with self._lock:
            known = ticket in self._tickets
            self._tickets.discard(ticket)
            crowded = len(self._links) >= MOST_CONNECTIONS
        if not known:
            await socket.close(code=4001)
            return
        await socket.accept()
        if crowded:
            await socket.send_json({"type": "disconnect", "reason": "too_many_websockets"})
            await socket.close()
            return
        link = _Link(socket, asyncio.get_running_loop())
        with self._lock:
            self._links.append(link)
        try:
            await socket.send_json(self._hello())
            # A failed send ends the connection, but messages that the app sent before are still
            # read.
            while socket.application_state is WebSocketState.CONNECTED:
                self._take(await socket.receive_json())
        except WebSocketDisconnect:
            return
        finally:
            with self._lock:
                self._links.remove(link)

    def _hello(self) -> Json:
        about = {"host": "sandbox", "build_number": 1, "approximate_connection_time": 18060}
        return {
            "type": "hello",
            "num_connections": len(self._links),
            "debug_info": about,
            "connection_info": {"app_id": self._app_id},
        }

    def _take(self, answer: Json) -> None:
        with self._lock:
            waiting = self._waiting.pop(str(answer.get("envelope_id")), None)
        if waiting is not None:
            waiting.set_result(answer)

    def send(self, parcel: Parcel, seconds: float) -> Ack:
        """Send an envelope over the next connection and wait for its acknowledgement."""
        envelope: Json = {
            "type": parcel.kind,
            "envelope_id": secrets.token_hex(16),
            "payload": parcel.payload,
            "accepts_response_payload": parcel.kind != "events_api",
        }
        if parcel.kind == "events_api":
            envelope |= {"retry_attempt": parcel.retry, "retry_reason": parcel.retry_reason}
        waiting: Future[Json] = Future()
        with self._lock:
            link = self._next()
            if link is None:
                return Ack(ok=False, reason="connection_failed")
            self._waiting[envelope["envelope_id"]] = waiting
        asyncio.run_coroutine_threadsafe(link.socket.send_json(envelope), link.loop)
        try:
            return Ack(ok=True, body=waiting.result(timeout=seconds).get("payload"))
        except FutureTimeoutError:
            return Ack(ok=False, reason="http_timeout")
        finally:
            with self._lock:
                self._waiting.pop(envelope["envelope_id"], None)

    def _next(self) -> _Link | None:
        links = [link for link in self._links if not link.leaving] or self._links
        self._turn += 1
        return links[self._turn % len(links)] if links else None

    def refresh(self) -> None:
        """Ask the app to replace every connection, and close them some seconds later."""
        with self._lock:
            links = [link for link in self._links if not link.leaving]
            for link in links:
                link.leaving = True
        for link in links:
            asyncio.run_coroutine_threadsafe(self._replace(link), link.loop)

    async def _replace(self, link: _Link) -> None:
        await link.socket.send_json({"type": "disconnect", "reason": "refresh_requested"})
        await asyncio.sleep(REFRESH_SECONDS)
        with self._lock:
            there = link in self._links
        if there:
            await link.socket.close()

    def cut(self) -> None:
        """Close every connection without a warning, as an outage does."""
        with self._lock:
            links = list(self._links)
        for link in links:
            asyncio.run_coroutine_threadsafe(link.socket.close(code=1012), link.loop)

    def close(self) -> None:
        """Give up the envelopes without an acknowledgement."""
        with self._lock:
            waiting, self._waiting = list(self._waiting.values()), {}
        for each in waiting:
            each.cancel()
