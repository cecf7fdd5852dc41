"""Transports from Slack to the app: signed HTTP, in process or over the network."""

from __future__ import annotations

import hashlib
import hmac
import json
import time
from collections.abc import Callable, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from concurrent.futures import TimeoutError as FutureTimeoutError
from dataclasses import dataclass
from typing import Any, Protocol
from urllib.parse import urlencode

import httpx

from sandbox.model import Json

# Handles a signed request in process: takes body and headers, returns status, headers and body.
Deliver = Callable[[bytes, dict[str, str]], tuple[int, dict[str, str], bytes]]


@dataclass(frozen=True, slots=True)
class Parcel:
    """A delivery to the app; `kind` is the type of Socket Mode's envelope."""

    kind: str
    payload: Json
    retry: int = 0
    retry_reason: str = ""


@dataclass(frozen=True, slots=True)
class Ack:
    """The acknowledgement: whether it came, why not, and the body of the answer."""

    ok: bool
    reason: str = ""
    body: Any = None
    retry: bool = True


class Transport(Protocol):
    """Delivers a parcel to the app and waits `seconds` for its acknowledgement."""

    def send(self, parcel: Parcel, seconds: float) -> Ack:
        """Return the acknowledgement, or the reason why there is none."""

    def close(self) -> None:
        """Stop all deliveries in progress."""


def signed(secret: str, parcel: Parcel) -> tuple[bytes, dict[str, str]]:
    """Return the body and headers of a request as Slack signs it.

    The signature has the machine's time, because the app compares it with its own clock.
    """
    if parcel.kind == "events_api":
        content_type, body = "application/json", json.dumps(parcel.payload)
    else:
        content_type = "application/x-www-form-urlencoded"
        interactive = parcel.kind == "interactive"
        body = urlencode({"payload": json.dumps(parcel.payload)} if interactive else parcel.payload)
    stamp = str(int(time.time()))
    base = f"v0:{stamp}:{body}".encode()
    digest = hmac.new(secret.encode(), base, hashlib.sha256).hexdigest()
    headers = {
        "Content-Type": content_type,
        "X-Slack-Request-Timestamp": stamp,
        "X-Slack-Signature": f"v0={digest}",
        "User-Agent": "Slackbot 1.0 (+https://api.slack.com/robots)",
    }
    if parcel.retry:
        headers["X-Slack-Retry-Num"] = str(parcel.retry)
        headers["X-Slack-Retry-Reason"] = parcel.retry_reason
    return body.encode(), headers


def answered(status: int, headers: Mapping[str, str], body: bytes) -> Ack:
    """Return the acknowledgement in an HTTP answer: as in Slack, 2xx is one."""
    again = {key.lower(): value for key, value in headers.items()}.get("x-slack-no-retry") != "1"
    if not 200 <= status < 300:  # noqa: PLR2004 - 2xx is success
        return Ack(ok=False, reason="http_error", retry=again)
    text = body.decode("utf-8", "replace")
    if not text.strip():
        return Ack(ok=True)
    try:
        return Ack(ok=True, body=json.loads(text))
    except ValueError:
        return Ack(ok=True, body=text)


class InProcess:
    """Passes signed requests to a callable, in threads of its own pool."""

    def __init__(self, secret: str, deliver: Deliver) -> None:
        self._secret = secret
        self._deliver = deliver
        self._pool = ThreadPoolExecutor(32, thread_name_prefix="sandbox-deliver")

    def send(self, parcel: Parcel, seconds: float) -> Ack:
        """Call the app and wait `seconds` for its answer."""
        try:
            under_way: Future[tuple[int, dict[str, str], bytes]]
            under_way = self._pool.submit(self._deliver, *signed(self._secret, parcel))
            return answered(*under_way.result(timeout=seconds))
        except FutureTimeoutError:
            return Ack(ok=False, reason="http_timeout")

    def close(self) -> None:
        """Start no more calls; running ones belong to the app."""
        self._pool.shutdown(wait=False, cancel_futures=True)


class OverHttp:
    """Posts signed requests to the app's Request URL."""

    def __init__(self, secret: str, url: str) -> None:
        self._secret = secret
        self._url = url
        self._client = httpx.Client(trust_env=False, limits=httpx.Limits(max_connections=64))

    def send(self, parcel: Parcel, seconds: float) -> Ack:
        """Post the parcel and read the answer."""
        body, headers = signed(self._secret, parcel)
        try:
            answer = self._client.post(self._url, content=body, headers=headers, timeout=seconds)
        except httpx.TimeoutException:
            return Ack(ok=False, reason="http_timeout")
        except httpx.TransportError:
            return Ack(ok=False, reason="connection_failed")
        return answered(answer.status_code, answer.headers, answer.content)

    def close(self) -> None:
        """Close the connections."""
        self._client.close()
