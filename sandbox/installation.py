"""One workspace with one app installed: the parts that every face of the sandbox works on."""

from __future__ import annotations

from dataclasses import dataclass, field

from sandbox.delivery import Delivery
from sandbox.faults import Faults
from sandbox.log import ApiCall, Log
from sandbox.model import Json
from sandbox.permissions import Permissions
from sandbox.socketmode import SocketMode
from sandbox.views import Views
from sandbox.workspace import Workspace


@dataclass(slots=True)
class Installation:
    """The workspace, what reaches the app, and what the app may answer with."""

    workspace: Workspace
    delivery: Delivery
    log: Log
    views: Views
    permissions: Permissions
    faults: Faults
    bot_token: str
    app_token: str
    sockets: SocketMode
    # Where the sandbox itself listens, "http://127.0.0.1:1234".
    url: str = ""
    rate_limits: bool = False
    # Every call of the Web API with its answer.
    calls: list[ApiCall] = field(default_factory=list)
    # What the page says at its top: what this is, and what to try.
    welcome: Json | None = None
