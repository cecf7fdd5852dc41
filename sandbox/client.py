"""The client of the control interface: over HTTP, or in the same process."""

from __future__ import annotations

import json
import ssl
from typing import Any, Protocol

import httpx

from sandbox.control import Control
from sandbox.errors import ActionRefusedError
from sandbox.model import Json

# A sandbox speaks plain HTTP; reading the machine's certificates takes longer than most acts.
NO_TLS = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)


class Connection(Protocol):
    """A way to reach the control interface."""

    def do(self, verb: str, args: Json) -> Any:  # noqa: ANN401 - each act has its own JSON
        """Do an act by name; ActionRefusedError if Slack's client wouldn't offer it."""

    def close(self) -> None:
        """Close the connection."""


class Remote:
    """A connection over HTTP to a sandbox in any process."""

    def __init__(self, url: str) -> None:
        # No time limit: an act may wait for the last retry of an event.
        self._client = httpx.Client(base_url=url, trust_env=False, timeout=None, verify=NO_TLS)  # noqa: S113 - acts set their own

    def do(self, verb: str, args: Json) -> Any:  # noqa: ANN401 - as above
        """As `Connection.do`."""
        answer = self._client.post(f"/control/{verb}", json=args).json()
        if not answer["ok"]:
            raise ActionRefusedError(answer["error"])
        return answer["value"]

    def close(self) -> None:
        """As `Connection.close`."""
        self._client.close()


class Local:
    """A connection to a sandbox in this process, which copies all JSON as HTTP would."""

    def __init__(self, control: Control) -> None:
        self._control = control

    def do(self, verb: str, args: Json) -> Any:  # noqa: ANN401 - as above
        """As `Connection.do`."""
        return _copy(self._control.do(verb, _copy(args)))

    def close(self) -> None:
        """Do nothing: there is no connection to close."""


class Client:
    """Does acts in a sandbox by name, for a driver and the people and views that it returns.

    `patience` is how many seconds a click waits for its outcome; None is the sandbox's default.
    """

    def __init__(self, connection: Connection, patience: float | None = None) -> None:
        self._connection = connection
        self._patience = patience

    def do(self, verb: str, **args: object) -> Any:  # noqa: ANN401 - each act has its own JSON
        """Do an act of the control interface and return its value.

        Raises:
            ActionRefusedError: Slack's client would not offer it.
        """
        return self._connection.do(verb, args)

    def click(self, verb: str, seconds: float | None, **args: object) -> Any:  # noqa: ANN401 - as above
        """Do an act and wait up to `seconds` for its outcome; None is this client's patience."""
        seconds = self._patience if seconds is None else seconds
        return self.do(verb, **args, **({} if seconds is None else {"seconds": seconds}))

    def close(self) -> None:
        """Close the connection."""
        self._connection.close()


def _copy(value: Any) -> Any:  # noqa: ANN401 - any JSON
    return json.loads(json.dumps(value))
