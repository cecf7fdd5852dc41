"""One workspace with one app installed: the parts that all interfaces of the sandbox share."""

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
    """The workspace, the deliveries to the app, and the app's permissions."""

    workspace: Workspace
    delivery: Delivery
    log: Log
    views: Views
    permissions: Permissions
    faults: Faults
    bot_token: str
    app_token: str
    sockets: SocketMode
    # The sandbox's own address, "http://127.0.0.1:1234".
    url: str = ""
    rate_limits: bool = False
    # Every Web API call with its answer.
    calls: list[ApiCall] = field(default_factory=list)
    # The text at the top of the page, and the links to try.
    welcome: Json | None = None
