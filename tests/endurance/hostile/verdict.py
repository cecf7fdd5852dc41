"""The checks on the results of hostile acts."""

from __future__ import annotations

import json
import logging
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, Final

from tests.endurance.hostile.texts import MARK

# Live markup that the bot writes by itself: dates, and channels without a label.
_LIVE: Final = re.compile(r"<(?:!(?!date\^)|@|#[^>|]*\||#C0HOSTILE)[^<>]*>?")
# A visible address can't mislead anyone, but a link under other words can.
_FORGED: Final = re.compile(
    rf"<(?:!date\^|mailto:)[^<>]*{MARK}[^<>]*>|<https?://evil[^<>|]*\|[^<>]*>"
)
_BARE: Final = re.compile(r"(?<![\w@])[@＠](?:here|channel|everyone)\b")
_TOKEN: Final = re.compile(r"xox[a-z]-[\w-]{8,}|xapp-[\w-]{8,}")
# Fields of a view or a button that no one reads, or typed text in the field it was typed in.
_UNREAD: Final = frozenset(
    {"private_metadata", "metadata", "value", "initial_value", "trigger_id"}
    | {"channel", "user", "user_id"}
)


@dataclass
class Findings:
    """The figures of a run; each list should be empty."""

    acts: int = 0
    raw: int = 0
    refusals: int = 0
    saved: int = 0
    read_back: int = 0
    unhandled: list[str] = field(default_factory=list)
    unanswered: list[str] = field(default_factory=list)
    mentions: list[str] = field(default_factory=list)
    lost: list[str] = field(default_factory=list)
    leaks: list[str] = field(default_factory=list)

    def __add__(self, other: Findings) -> Findings:
        return Findings(**{name: mine + getattr(other, name) for name, mine in vars(self).items()})

    @property
    def faults(self) -> list[str]:
        """Return all faults, each with its kind."""
        kinds = ("unhandled", "unanswered", "mentions", "lost", "leaks")
        return [f"{kind}: {one}" for kind in kinds for one in getattr(self, kind)]

    def __str__(self) -> str:
        return (
            f"{self.acts} acts ({self.raw} raw requests), {self.refusals} answered refusals, "
            f"{self.saved} texts saved, {self.read_back} read back; "
            f"unhandled {len(self.unhandled)}, unanswered {len(self.unanswered)}, "
            f"unintended mentions {len(self.mentions)}, lost texts {len(self.lost)}, "
            f"leaks in logs {len(self.leaks)}"
        )


# A proposal or an announcement names the people concerned in a separate block with nothing else.
_RUNG: Final = re.compile(r"<@[UW][A-Z0-9]+>(?: <@[UW][A-Z0-9]+>)*")


def unmeant(payload: object, where: str = "") -> Iterator[str]:
    """Yield each place where typed text could notify someone or pass for a link by the bot."""
    if isinstance(payload, list):
        for each in payload:
            yield from unmeant(each, where)
    elif isinstance(payload, dict):
        if payload.get("type") in ("plain_text", "text"):
            return
        if _RUNG.fullmatch(str(payload.get("text"))):
            return
        quiet = payload.get("type") == "mrkdwn" and payload.get("verbatim") is True
        for name, part in payload.items():
            if isinstance(part, str) and name not in _UNREAD:
                yield from _in_text(part, f"{where}.{name}", quiet=quiet)
            elif name not in _UNREAD and name != "errors":
                yield from unmeant(part, f"{where}.{name}")


def _in_text(text: str, where: str, *, quiet: bool) -> Iterator[str]:
    for pattern in (_LIVE, _FORGED) if quiet else (_LIVE, _FORGED, _BARE):
        for found in pattern.finditer(text):
            yield f"{where}: {found.group()!r} in {text[:160]!r}"


def unmeant_in_call(call: dict[str, Any]) -> list[str]:
    """Return the faults of one call of the Web API."""
    args = {
        name: json.loads(value) if name in ("blocks", "view") and isinstance(value, str) else value
        for name, value in call["args"].items()
    }
    return list(unmeant(args, call["method"]))


class LogReader(logging.Handler):
    """Reads every log line as the bot's operator would, formatted with its traceback."""

    def __init__(self, findings: Findings) -> None:
        super().__init__(logging.DEBUG)
        self._findings = findings
        self.doing = ""

    def emit(self, record: logging.LogRecord) -> None:
        """Count refusals, and store each line that is an error or contains typed text."""
        line = " ".join(
            [record.name, record.getMessage(), *(f"{k}={v}" for k, v in _extra(record).items())]
        )
        if record.exc_info:
            line += "\n" + logging.Formatter().formatException(record.exc_info)
        # As in `bot.log`: log lines of the libraries below that level contain full requests.
        if record.name.startswith(("slack_", "websocket")) and record.levelno < logging.CRITICAL:
            return
        if record.getMessage() == "refused":
            self._findings.refusals += 1
        if record.levelno >= logging.ERROR:
            self._findings.unhandled.append(f"{self.doing}: {line[-1500:]}")
        ours = record.name.startswith(("bot", "storage"))
        if (ours or record.levelno >= logging.WARNING) and (MARK in line or _TOKEN.search(line)):
            self._findings.leaks.append(f"{self.doing}: {line[:600]}")


_STANDARD: Final = frozenset(vars(logging.makeLogRecord({})))


def _extra(record: logging.LogRecord) -> dict[str, object]:
    return {name: value for name, value in vars(record).items() if name not in _STANDARD}
