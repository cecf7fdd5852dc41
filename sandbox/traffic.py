"""The API log for developers: a row for each exchange, or all of one."""

from __future__ import annotations

import json
import re

from sandbox.drawing import drawn
from sandbox.errors import ActionRefusedError
from sandbox.installation import Installation
from sandbox.log import ApiCall, Entry
from sandbox.model import Json
from sandbox.rules import rule

_CLIP = 140
_SECRET = re.compile(r'(?<=ticket=)\w+|(?<="token": ")[^"]+')
_POINTER = re.compile(r" ?\[json-pointer:([^\]]*)\]")


class Traffic:
    """Reads the log of an installation, and never returns tokens."""

    def __init__(self, installation: Installation) -> None:
        self._installation = installation
        self._workspace = installation.workspace

    def since(self, change: int) -> tuple[list[Json], int]:
        """Return a row for each exchange that changed after `change`, and the latest change."""
        entries, latest = self._installation.log.since(change)
        return [self._row(entry) for entry in entries], latest

    def whole(self, number: int) -> Json:
        """Return the parts of an exchange, and Slack's complaints with their JSON pointers.

        Raises:
            ActionRefusedError: no exchange has this number.
        """
        entries = self._installation.log.entries
        if not 0 <= number < len(entries):
            raise ActionRefusedError(f"nothing passed under the number {number}")
        entry = entries[number]
        parts = [{"title": title, "json": part} for title, part in entry.parts.items()]
        exchange = {"parts": parts, "faults": [_fault(message) for message in entry.messages]}
        return dict(json.loads(self._without_secrets(json.dumps(exchange))))

    def _row(self, entry: Entry) -> Json:
        row: Json = {
            "number": entry.number,
            "at": entry.moment,
            "calls": isinstance(entry, ApiCall),
            "title": entry.title,
            "says": self._without_secrets(self._says(entry.given)),
            "seconds": entry.seconds,
            "attempts": entry.attempts,
            "refusal": entry.refusal,
        }
        if entry.refusal:
            words, page = rule(entry.refusal)
            row |= {"rule": _lacking(entry) or words, "page": page}
        return row

    def _says(self, sent: Json) -> str:
        """Return where, who and what in one line."""
        about = sent.get("event") or sent
        within = about.get("message")
        message: Json = within if isinstance(within, dict) else about
        people, channels = self._workspace.people, self._workspace.channels
        words_found = []
        if (channel := channels.get(_id(about, "channel"))) is not None:
            words_found.append(f"#{channel.name}" if channel.name else "direct message")
        if (person := people.get(_id(about, "user") or _id(message, "user"))) is not None:
            words_found.append(person.name)
        if words := " ".join(_words(about, message).split()):
            words_found.append(drawn(words, self._workspace)[:_CLIP])
        return " · ".join(words_found)

    def _without_secrets(self, text: str) -> str:
        for token in (self._installation.bot_token, self._installation.app_token):
            text = text.replace(token, "…")
        return _SECRET.sub("…", text)


def _fault(message: str) -> Json:
    """Split a message from its JSON pointer, which not every message has."""
    pointer = _POINTER.search(message)
    return {"words": _POINTER.sub("", message), "pointer": pointer[1] if pointer else None}


def _lacking(entry: Entry) -> str:
    """Return which scope is missing and which the token has; "" for other errors."""
    answer = entry.parts.get("Answer")
    if not isinstance(answer, dict) or "needed" not in answer:
        return ""
    return f"The token lacks the scope {answer['needed']}; it has {answer['provided']}."


def _id(of: Json, key: str) -> str:
    """Return the id in a field, which has the id or an object with it."""
    value = of.get(key) or of.get(f"{key}_id") or ""
    return str(value.get("id", "")) if isinstance(value, dict) else str(value)


def _words(about: Json, message: Json) -> str:
    """Return the text that identifies an exchange."""
    if "command" in about:
        return f"{about['command']} {about.get('text', '')}"
    if actions := about.get("actions"):
        label = actions[0].get("text")
        return str(label["text"] if isinstance(label, dict) else actions[0].get("action_id"))
    view = about.get("view")
    title = view.get("title") if isinstance(view, dict) else None
    if isinstance(title, dict):
        return str(title.get("text", ""))
    named = (about.get(key) for key in ("value", "callback_id", "reaction"))
    return str(message.get("text") or next((name for name in named if name), ""))
