"""The sandbox's addresses."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from concurrent.futures import ThreadPoolExecutor

from starlette.applications import Starlette
from starlette.requests import ClientDisconnect, Request
from starlette.responses import JSONResponse, RedirectResponse, Response
from starlette.routing import Mount, Route, WebSocketRoute
from starlette.types import ASGIApp, Receive, Scope, Send

from sandbox.calls import Calls
from sandbox.control import Control
from sandbox.errors import ActionRefusedError
from sandbox.installation import Installation
from sandbox.live import Live
from sandbox.page_files import PageFiles
from sandbox.transfers import Transfers


def application(installation: Installation, control: Control, pool: ThreadPoolExecutor) -> ASGIApp:
    """Return the application of an installation. Acts run in `pool`, because they may wait."""
    calls, transfers = Calls(installation), Transfers(installation)

    async def act(request: Request) -> Response:
        verb = request.path_params["verb"]
        # A page of another origin can't send JSON without a preflight request, which gets no
        # answer.
        if request.headers.get("content-type") != "application/json":
            return JSONResponse({"ok": False, "error": "send JSON"}, status_code=415)
        args = await request.json()
        loop = asyncio.get_running_loop()
        try:
            value = await loop.run_in_executor(pool, lambda: control.do(verb, args))
        except ActionRefusedError as error:
            # As in Slack's own API, a refusal has the HTTP status 200.
            return JSONResponse({"ok": False, "error": str(error)})
        return JSONResponse({"ok": True, "value": value})

    routes = [
        Route("/api/{method}", calls.answer, methods=["GET", "POST"]),
        Route("/respond/{name}", calls.respond, methods=["POST"]),
        Route("/control/{verb}", act, methods=["POST"]),
        Route("/upload/v1/{ticket}", transfers.upload, methods=["POST"]),
        Route("/files-pri/{file}/{name:path}", transfers.private),
        Route("/page/files/{file}", transfers.shown),
        Route("/page/live", Live(installation, pool).stream),
        Mount("/page", PageFiles()),
        Route("/", lambda _request: RedirectResponse("/page/")),
        WebSocketRoute("/link/", installation.sockets.serve),
    ]
    # A client that disconnects during a call gets no answer; that isn't an error of the sandbox.
    gone = {ClientDisconnect: lambda _request, _error: Response()}
    return _Cuttable(Starlette(routes=routes, exception_handlers=gone))


class _Cuttable:
    """Lets an endpoint cut its connection without an answer, as an outage does."""

    def __init__(self, app: Callable[[Scope, Receive, Send], Awaitable[None]]) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        # uvicorn's `send` belongs to the request, which knows its transport.
        cycle = getattr(send, "__self__", None)
        if cycle is not None and hasattr(cycle, "transport"):
            scope["sandbox.cut"] = cycle.transport.abort
        await self._app(scope, receive, send)
