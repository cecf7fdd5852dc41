"""The sandbox's web server, which starts and ends without a pause."""

from __future__ import annotations

import asyncio
import contextlib
import socket
import threading

import uvicorn

_DATE_SECONDS = 1.0
# For what is under way when the server is told to end.
_GRACE_SECONDS = 1.0


class Server(uvicorn.Server):
    """uvicorn's, told to end from another thread; by itself it looks up ten times a second.

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
        """Serve until told to end."""
        self._loop, self._told = asyncio.get_running_loop(), asyncio.Event()
        self.serving.set()
        # The first of ten ticks is the one that sets the header with the date.
        while not await self.on_tick(0):
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self._told.wait(), _DATE_SECONDS)

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:  # noqa: ARG002 - closed by whoever made them
        """Close what is idle, wait a moment for answers under way, then let go of everything."""
        # Letting somebody in is a task, which must end before the server is closed: until
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
