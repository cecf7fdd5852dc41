"""The sandbox as a server on this machine: Web API, Socket Mode, response URLs and control."""

from __future__ import annotations

import secrets
import socket
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from pathlib import Path
from types import TracebackType
from typing import Literal, Self

import uvicorn

from sandbox.clock import Clock
from sandbox.control import Control
from sandbox.delivery import Delivery
from sandbox.events import Events
from sandbox.faults import Faults
from sandbox.installation import Installation
from sandbox.log import Log
from sandbox.manifest import Manifest
from sandbox.permissions import Permissions
from sandbox.routes import application
from sandbox.serving import Server
from sandbox.socketmode import SocketMode
from sandbox.timing import Timing
from sandbox.transports import Deliver, InProcess, OverHttp, Transport
from sandbox.views import Views
from sandbox.workspace import Workspace

_START_SECONDS = 60.0
# Longer than clients keep an idle connection: if the server closed it first, the client's next
# request could be reset.
KEEP_ALIVE_SECONDS = 60


class Sandbox:
    """A workspace with a manifest's app installed, served on loopback inside `with`.

    `now` sets the workspace's clock (default: the machine's). With `deliver` the app is called in
    process with signed requests, with `request_url` over HTTP, else over Socket Mode. `timing`
    says how long Slack waits and when it retries.

    Raises:
        ValueError: Slack would not accept the manifest, or the mode's address is missing.
    """

    def __init__(
        self,
        manifest: Path,
        *,
        now: Callable[[], datetime] | None = None,
        deliver: Deliver | None = None,
        request_url: str | None = None,
        mode: Literal["socket", "http", "inline"] | None = None,
        rate_limits: bool = False,
        timing: Timing = Timing(),
        port: int = 0,
    ) -> None:
        workspace = Workspace(Manifest.load(manifest), Clock(now))
        self.signing_secret = secrets.token_hex(16)
        self.bot_token = f"xoxb-{secrets.token_hex(12)}"
        self.app_token = f"xapp-1-{workspace.app_id}-{secrets.token_hex(12)}"
        self.team_id = workspace.team_id
        self.app_id = workspace.app_id
        self.bot_user_id = workspace.bot.id
        self.bot_id = workspace.bot.bot_id
        sockets = SocketMode(workspace.app_id)
        if mode is None:
            mode = "inline" if deliver else "http" if request_url else "socket"
        self.mode = mode
        transport = self._transport(mode, deliver, request_url, sockets)
        log = Log(workspace.clock, workspace.pulse)
        delivery = Delivery(transport, timing.retry_delays, log)
        delivery.ack_seconds = timing.ack_seconds
        permissions = Permissions(workspace)
        permissions.trigger_seconds = timing.trigger_seconds
        self._installation = Installation(
            workspace=workspace,
            delivery=delivery,
            log=log,
            views=Views(workspace),
            permissions=permissions,
            faults=Faults(),
            bot_token=self.bot_token,
            app_token=self.app_token,
            sockets=sockets,
            rate_limits=rate_limits,
        )
        workspace.publish = Events(workspace, delivery).publish
        # asyncio turns off Nagle's delay only if the protocol is given.
        self._socket = socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP)
        self._socket.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        self._socket.bind(("127.0.0.1", port))
        self.url = f"http://127.0.0.1:{self._socket.getsockname()[1]}"
        self.api_url = f"{self.url}/api/"
        self._installation.url = workspace.files.url = self.url
        self._pool = ThreadPoolExecutor(64, thread_name_prefix="sandbox-control")
        self.control = Control(self._installation)
        config = uvicorn.Config(
            application(self._installation, self.control, self._pool),
            log_level="error",
            ws="websockets-sansio",
            lifespan="off",
            timeout_keep_alive=KEEP_ALIVE_SECONDS,
        )
        self._server = Server(config)
        self._thread = threading.Thread(
            target=self._server.run, args=([self._socket],), name="sandbox", daemon=True
        )

    @property
    def environment(self) -> dict[str, str]:
        """The environment variables for an app in another process.

        HTTP mode has no app-level token, because that token makes apps use Socket Mode.
        """
        variables = {"SLACK_API_URL": self.api_url, "SLACK_BOT_TOKEN": self.bot_token}
        if self.mode == "socket":
            variables["SLACK_APP_TOKEN"] = self.app_token
        return variables | {"SLACK_SIGNING_SECRET": self.signing_secret, "SANDBOX_URL": self.url}

    def _transport(
        self,
        mode: str,
        deliver: Deliver | None,
        request_url: str | None,
        sockets: SocketMode,
    ) -> Transport:
        if mode == "inline":
            if deliver is None:
                raise ValueError("the mode inline needs deliver")
            return InProcess(self.signing_secret, deliver)
        if mode == "http":
            if request_url is None:
                raise ValueError("the mode http needs request_url")
            return OverHttp(self.signing_secret, request_url)
        return sockets

    def __enter__(self) -> Self:
        """Start serving, and return once requests are answered."""
        self._thread.start()
        if not self._server.serving.wait(_START_SECONDS):
            raise RuntimeError("the sandbox did not start")
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Stop serving and free the port."""
        self._installation.delivery.close()
        self._server.end()
        self._thread.join(timeout=_START_SECONDS)
        self._socket.close()
        self._pool.shutdown(wait=False, cancel_futures=True)
