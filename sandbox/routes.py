"""The sandbox's addresses."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Awaitable, Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any
from urllib.parse import parse_qsl

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.routing import Route, WebSocketRoute
from starlette.types import ASGIApp, Receive, Scope, Send

from sandbox.control import Control
from sandbox.errors import ActionRefusedError, SlackError
from sandbox.faults import Fault
from sandbox.installation import Installation
from sandbox.model import Json
from sandbox.responses import respond
from sandbox.webapi import WebApi

# Arguments that are JSON inside a form.
_NESTED = ("blocks", "attachments", "view", "metadata")
# How long a call that is never answered hangs; no client waits as long.
_NEVER_SECONDS = 120.0


def application(installation: Installation, control: Control) -> ASGIApp:
    """Return the server of an installation."""
    api = WebApi(installation)
    pool = ThreadPoolExecutor(64, thread_name_prefix="sandbox-control")

    async def call(request: Request) -> Response:
        method = request.path_params["method"]
        args, token = await _arguments(request)
        fault = installation.faults.take(method)
        answer = await _answer(installation, api, method, token, args, fault)
        if answer is None:
            request.scope["sandbox.cut"]()
            return Response()
        return answer

    async def response_url(request: Request) -> Response:
        try:
            given = await request.json()
            respond(installation, request.path_params["name"], given)
        except SlackError as error:
            gone = error.code in ("expired_url", "used_url")
            return PlainTextResponse(error.code, status_code=404 if gone else 400)
        except ValueError:
            return PlainTextResponse("invalid_payload", status_code=400)
        return PlainTextResponse("ok")

    async def act(request: Request) -> Response:
        verb = request.path_params["verb"]
        given = await request.json()
        loop = asyncio.get_running_loop()
        try:
            value = await loop.run_in_executor(pool, lambda: control.do(verb, given))
        except (ActionRefusedError, SlackError, ValueError) as error:
            return JSONResponse({"ok": False, "error": str(error)}, status_code=409)
        return JSONResponse({"ok": True, "value": value})

    routes = [
        Route("/api/{method}", call, methods=["GET", "POST"]),
        Route("/respond/{name}", response_url, methods=["POST"]),
        Route("/control/{verb}", act, methods=["POST"]),
        WebSocketRoute("/link/", installation.sockets.serve),
    ]
    return _Cuttable(Starlette(routes=routes))


async def _answer(
    installation: Installation,
    api: WebApi,
    method: str,
    token: str,
    args: Json,
    fault: Fault | None,
) -> Response | None:
    """Return the answer of a call, None to cut the connection, as the fault has it."""
    entry: Json = {"method": method, "args": args, "answer": None}
    wait = api.retry_after(method, args)
    if wait is not None or (fault and fault.error == "ratelimited"):
        after = wait if wait is not None or fault is None else fault.retry_after
        return _logged(installation, entry, _ratelimited(after or 1))
    if fault and fault.never:
        _logged(installation, entry, None)
        await asyncio.sleep(_NEVER_SECONDS)
        return None
    if fault and fault.status:
        return _logged(installation, entry, PlainTextResponse("", status_code=fault.status))
    if fault and fault.error:
        entry["answer"] = {"ok": False, "error": fault.error}
    else:
        entry["answer"] = api.answer(method, token, args)
    if fault and fault.late:
        installation.calls.append(entry)
        await asyncio.sleep(fault.late)
        return JSONResponse(entry["answer"])
    lost = bool(fault and fault.lost)
    return _logged(installation, entry, None if lost else JSONResponse(entry["answer"]))


def _logged(installation: Installation, entry: Json, response: Response | None) -> Response | None:
    installation.calls.append(entry)
    return response


def _ratelimited(seconds: int) -> Response:
    return JSONResponse(
        {"ok": False, "error": "ratelimited"},
        status_code=429,
        headers={"Retry-After": str(seconds)},
    )


async def _arguments(request: Request) -> tuple[Json, str]:
    """Read a call's arguments and token from JSON, a form or the query, as clients send them."""
    args: Json = dict(request.query_params)
    body = await request.body()
    if request.headers.get("content-type", "").startswith("application/json"):
        args |= json.loads(body or b"{}")
    else:
        args |= dict(parse_qsl(body.decode(), keep_blank_values=True))
        args |= {key: _parsed(args[key]) for key in _NESTED if key in args}
    bearer = request.headers.get("authorization", "").removeprefix("Bearer ")
    return {key: value for key, value in args.items() if key != "token"}, bearer or str(
        args.get("token", "")
    )


def _parsed(value: object) -> Any:  # noqa: ANN401 - whatever JSON the client sent
    if not isinstance(value, str):
        return value
    try:
        return json.loads(value)
    except ValueError:
        return value


class _Cuttable:
    """Lets an endpoint cut its connection without answering, as an outage does."""

    def __init__(self, app: Callable[[Scope, Receive, Send], Awaitable[None]]) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        # uvicorn's `send` belongs to the request, which knows its transport.
        cycle = getattr(send, "__self__", None)
        if cycle is not None and hasattr(cycle, "transport"):
            scope["sandbox.cut"] = cycle.transport.abort
        await self._app(scope, receive, send)
