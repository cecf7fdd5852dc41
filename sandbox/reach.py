"""How a driver reaches its sandbox: over HTTP, or in the same process."""

from __future__ import annotations

import json
import ssl
from typing import TYPE_CHECKING, Any, Protocol

import httpx

from sandbox.errors import ActionRefusedError
from sandbox.model import Json

if TYPE_CHECKING:
    from sandbox.control import Control

# A sandbox speaks plain HTTP; reading the machine's certificates takes longer than most acts.
NO_TLS = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)


class Reach(Protocol):
    """A way to the control interface."""

    def do(self, verb: str, args: Json) -> Any:  # noqa: ANN401 - each act has its own JSON
        """Do an act by name; ActionRefusedError where Slack's client would not offer it."""

    def close(self) -> None:
        """Let go of the connection."""


class Remote:
    """Over HTTP, to a sandbox of any process."""

    def __init__(self, url: str) -> None:
        # No time limit: an act may wait for the last retry of an event.
        self._client = httpx.Client(base_url=url, trust_env=False, timeout=None, verify=NO_TLS)  # noqa: S113 - acts set their own

    def do(self, verb: str, args: Json) -> Any:  # noqa: ANN401 - as above
        """As `Reach.do`."""
        found = self._client.post(f"/control/{verb}", json=args).json()
        if not found["ok"]:
            raise ActionRefusedError(found["error"])
        return found["value"]

    def close(self) -> None:
        """As `Reach.close`."""
        self._client.close()


class Local:
    """To a sandbox of this process. What goes to and fro is copied, as on a line."""

    def __init__(self, control: Control) -> None:
        self._control = control

    def do(self, verb: str, args: Json) -> Any:  # noqa: ANN401 - as above
        """As `Reach.do`."""
        return _copied(self._control.do(verb, _copied(args)))

    def close(self) -> None:
        """There is nothing to let go of."""


def _copied(value: Any) -> Any:  # noqa: ANN401 - any JSON
    return json.loads(json.dumps(value))
