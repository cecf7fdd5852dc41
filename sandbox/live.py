"""The live feed: server-sent events with what changed for one person."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from concurrent.futures import ThreadPoolExecutor

from starlette.requests import Request
from starlette.responses import Response, StreamingResponse

from sandbox.installation import Installation
from sandbox.look import Look
from sandbox.model import Json
from sandbox.traffic import Traffic

# Changes within this time go out together; people don't notice twenty updates a second.
_TOGETHER_SECONDS = 0.05
# A page notices within this time that its server is gone.
_HEARTBEAT_SECONDS = 15.0


class Live:
    """Streams changes to each open page."""

    def __init__(self, installation: Installation, pool: ThreadPoolExecutor) -> None:
        self._pulse = installation.workspace.pulse
        self._look = Look(installation)
        self._traffic = Traffic(installation)
        self._pool = pool

    async def stream(self, request: Request) -> Response:
        """Answer with events for the page of `user` at `channel`, after the change `since`.

        With `traffic`, also send the rows of the API log after that change.
        """
        query = request.query_params
        watcher = Watcher(
            self._look,
            query.get("user", ""),
            query.get("channel", ""),
            int(query.get("since", "0")),
        )
        if "traffic" in query:
            watcher.listen_to(self._traffic, int(query["traffic"]))
        return StreamingResponse(
            self._events(watcher),
            media_type="text/event-stream",
            headers={"Cache-Control": "no-store"},
        )

    async def _events(self, watcher: Watcher) -> AsyncIterator[str]:
        loop = asyncio.get_running_loop()
        with self._pulse.listening() as changed:
            while True:
                changed.clear()
                patch = await loop.run_in_executor(self._pool, watcher.patch)
                if patch:
                    yield f"data: {json.dumps(patch)}\n\n"
                try:
                    await asyncio.wait_for(changed.wait(), _HEARTBEAT_SECONDS)
                except TimeoutError:
                    yield ": still here\n\n"
                await asyncio.sleep(_TOGETHER_SECONDS)


class Watcher:
    """Remembers what one page has, and returns what changed since then."""

    def __init__(self, look: Look, user: str, channel: str, since: int) -> None:
        self._look = look
        self._user = user
        self._channel = channel
        self._since = since
        self._told: dict[str, str] = {}
        self._traffic: Traffic | None = None
        self._heard = 0

    def listen_to(self, traffic: Traffic, since: int) -> None:
        """Send the rows of the API log after `since` too."""
        self._traffic, self._heard = traffic, since

    def patch(self) -> Json:
        """Return the parts that changed since the last call; {} if nothing did."""
        patch: Json = {}
        for name, part in self._look.surroundings(self._user).items():
            encoded = json.dumps(part)
            if self._told.get(name) != encoded:
                self._told[name] = encoded
                patch[name] = part
        changes = self._look.changes(self._user, self._channel, self._since)
        self._since = changes.pop("change")
        if self._traffic is not None:
            changes["traffic"], self._heard = self._traffic.since(self._heard)
        return patch | {name: items for name, items in changes.items() if items}
