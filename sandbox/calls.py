"""Web API calls over HTTP: their arguments, their faults on demand, their log."""

from __future__ import annotations

import asyncio
import contextlib
import json
import time
from typing import Any
from urllib.parse import parse_qsl

from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response

from sandbox.errors import SlackError
from sandbox.faults import Fault
from sandbox.installation import Installation
from sandbox.log import ApiCall
from sandbox.model import Json
from sandbox.responses import respond
from sandbox.webapi import WebApi

# Arguments that are JSON inside a form.
_NESTED = ("blocks", "attachments", "view", "metadata", "files", "unfurls")
# How long an unanswered call hangs, in seconds; no client waits longer.
_NEVER_SECONDS = 120.0


class Calls:
    """Answers requests to `/api/<method>`, or fails as a test asked for."""

    def __init__(self, installation: Installation) -> None:
        self._installation = installation
        self._api = WebApi(installation)

    async def answer(self, request: Request) -> Response:
        """Do a call, log it, and answer, or fail as the current fault says."""
        method = request.path_params["method"]
        args, token = await _arguments(request)
        call = ApiCall(method, args)
        fault = self._installation.faults.take(method)
        wait = self._api.retry_after(method, args)
        if wait is None and fault and fault.error == "ratelimited":
            wait = fault.retry_after
        if wait is not None:
            call.answer = {"ok": False, "error": "ratelimited"}
            self._log(call)
            headers = {"Retry-After": str(wait)}
            return JSONResponse(call.answer, status_code=429, headers=headers)
        if fault is None or fault.done:
            call.answer = self._api.answer(method, token, args)
        elif fault.error:
            call.answer = {"ok": False, "error": fault.error}
        # Log first: a driver waits for the call to appear in the log.
        self._log(call)
        if fault is not None:
            return await self._broken(request, call, fault)
        return JSONResponse(call.answer, headers=self._granted(token))

    def _log(self, call: ApiCall) -> None:
        call.seconds = time.time() - call.at
        self._installation.calls.append(call)
        self._installation.log.add(call)

    def _granted(self, token: str) -> dict[str, str]:
        """Return the header with the token's scopes, which Slack adds to every answer."""
        if token != self._installation.bot_token:
            return {}
        return {"X-OAuth-Scopes": ",".join(self._installation.workspace.manifest.scopes)}

    async def respond(self, request: Request) -> Response:
        """Answer a post to a response URL, which is logged as the method "response_url"."""
        try:
            body = await request.json()
        except ValueError:
            return PlainTextResponse("invalid_payload", status_code=400)
        call = ApiCall("response_url", body, "ok")
        fault = self._installation.faults.take("response_url")
        status = 200
        if fault is None or fault.done:
            try:
                respond(self._installation, request.path_params["name"], body)
            except SlackError as error:
                gone = error.code in ("expired_url", "used_url")
                call.answer, status = error.code, 404 if gone else 400
        self._log(call)
        if fault is not None:
            return await self._broken(request, call, fault)
        return PlainTextResponse(call.answer, status_code=status)

    async def _broken(self, request: Request, call: ApiCall, fault: Fault) -> Response:
        if fault.never or fault.lost:
            call.seconds, call.status = None, 0
            self._installation.log.touch(call)
            if fault.never:
                await _hung_up(request)
            request.scope["sandbox.cut"]()
            return Response()
        if fault.status or (fault.error and call.method == "response_url"):
            call.status = fault.status or 500
            self._installation.log.touch(call)
            return PlainTextResponse(fault.error or "", status_code=call.status)
        await asyncio.sleep(fault.late)
        call.seconds = time.time() - call.at
        self._installation.log.touch(call)
        return JSONResponse(call.answer)


async def _hung_up(request: Request) -> None:
    """Wait until the client disconnects. Its request has been read, so nothing else can arrive."""
    with contextlib.suppress(TimeoutError):
        await asyncio.wait_for(request.receive(), _NEVER_SECONDS)


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
