"""The sandbox's web server, which starts and stops without delay."""

from __future__ import annotations

import asyncio
import contextlib
import socket
import threading

import uvicorn

_DATE_SECONDS = 1.0
# How long to wait for answers in progress when the server stops, in seconds.
_GRACE_SECONDS = 1.0


class Server(uvicorn.Server):
    """uvicorn's server, which another thread can stop at once; uvicorn checks ten times a second.

    `serving` is set once requests are answered.
    """

    def __init__(self, config: uvicorn.Config) -> None:
        super().__init__(config)
        self.serving = threading.Event()

    def end(self) -> None:
        """Stop serving."""
        self.should_exit = True
        self._loop.call_soon_threadsafe(self._told.set)

    async def main_loop(self) -> None:
        """Serve until `end` is called."""
        self._loop, self._told = asyncio.get_running_loop(), asyncio.Event()
        self.serving.set()
        # Every tenth tick sets the Date header; the first one is needed.
        while not await self.on_tick(0):
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self._told.wait(), _DATE_SECONDS)

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:  # noqa: ARG002 - their owner closes them
        """Close idle connections, wait a moment for answers in progress, then close the rest."""
        # Accepting a connection is a task, which must end before the server closes: until
        # Python 3.12 asyncio loses the connection otherwise.
        for server in self.servers:
            for listening in server.sockets:
                self._loop.remove_reader(listening.fileno())
        for connection in list(self.server_state.connections):
            connection.shutdown()
        under_way = asyncio.all_tasks() - {asyncio.current_task()}
        if under_way:
            await asyncio.wait(under_way, timeout=_GRACE_SECONDS)
        for server in self.servers:
            server.close()
        for connection in list(self.server_state.connections):
            connection.transport.abort()
