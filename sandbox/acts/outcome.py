"""The outcome of a command or click: a modal, an answer, or an error."""

from __future__ import annotations

import threading
import time
from dataclasses import dataclass

from sandbox import presentation
from sandbox.installation import Installation
from sandbox.model import Json, Message
from sandbox.permissions import ResponseUrl, Trigger
from sandbox.responses import show
from sandbox.transports import Ack

_POLL_SECONDS = 0.005
# After another call, the app may still be about to answer.
_GRACE_SECONDS = 0.3
_WRITES = ("chat.postMessage", "chat.postEphemeral", "chat.update", "chat.delete", "response_url")


@dataclass(slots=True)
class Watch:
    """Waits for the app's reaction to one interaction."""

    installation: Installation
    trigger: Trigger
    url: ResponseUrl | None = None
    calls_before: int = 0

    def outcome(self, ack: Ack, seconds: float) -> Json:
        """Return what the person sees within `seconds` of the acknowledgement."""
        if not ack.ok:
            words = "operation_timeout" if ack.reason == "http_timeout" else "dispatch_failed"
            return {"error": words, "view": None, "answers": []}
        if ack.body and self.url is not None:
            body = ack.body if isinstance(ack.body, dict) else {"text": str(ack.body)}
            with self.installation.workspace.lock:
                show(self.installation, self.url, body)
        self.settle(seconds)
        return {"error": None, "view": self.trigger.opened, "answers": self._answers()}

    def settle(self, seconds: float) -> None:
        """Wait until the app has done something, at most `seconds`."""
        deadline, pause = time.monotonic() + seconds, threading.Event()
        if self._wrote():
            return
        while time.monotonic() < deadline:
            if self.trigger.opened or self._answered():
                return
            if self._wrote():
                deadline = min(deadline, time.monotonic() + _GRACE_SECONDS)
            pause.wait(_POLL_SECONDS)

    def _wrote(self) -> bool:
        since = self.installation.calls[self.calls_before :]
        return any(call.method in _WRITES or call.method.startswith("views.") for call in since)

    def _answered(self) -> list[Message]:
        if self.url is None:
            return []
        with self.installation.workspace.lock:
            channel = self.installation.workspace.channels.get(self.url.channel)
            if channel is None:
                return []
            messages = [*channel.ephemerals, *channel.messages.values()]
            return [message for message in messages if message.answers == self.url.id]

    def _answers(self) -> list[Json]:
        workspace = self.installation.workspace
        with workspace.lock:
            return [
                presentation.message(workspace, workspace.channels[each.channel], each)
                for each in self._answered()
            ]
