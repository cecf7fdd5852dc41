"""Logging: each line has a constant event name and data, never text that people wrote."""

import json
import logging
import re
import sys
from datetime import UTC, datetime
from typing import Final

_STANDARD: Final = frozenset(vars(logging.makeLogRecord({}))) | {"message", "asctime", "taskName"}
_TOKENS: Final = re.compile(r"\b(xox[a-z]|xapp|xoxe)[-.][\w.-]+")


def set_up(level: str, log_format: str) -> None:
    """Log to stderr. Libraries log warnings only, because at DEBUG they log whole bodies."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(_Json() if log_format == "json" else _Text())
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(logging.WARNING)
    for ours in ("bot", "storage"):
        logging.getLogger(ours).setLevel(level)
    # Bolt logs the body of a request with a wrong signature at INFO, and of an unmatched one at
    # WARNING. The SDK's socket client logs the payloads that it couldn't handle.
    for theirs in ("slack_bolt", "slack_sdk", "websocket"):
        logging.getLogger(theirs).setLevel(logging.CRITICAL)
    logging.getLogger("apscheduler").setLevel(logging.ERROR)


def _data(record: logging.LogRecord) -> dict[str, object]:
    return {name: value for name, value in vars(record).items() if name not in _STANDARD}


class _Text(logging.Formatter):
    def format(self, record: logging.LogRecord) -> str:
        at = datetime.fromtimestamp(record.created, UTC).strftime("%H:%M:%S")
        data = "".join(f" {name}={value}" for name, value in _data(record).items())
        line = f"{at} {record.levelname.lower():7} {record.getMessage()}{data}"
        if record.exc_info:
            line += "\n" + self.formatException(record.exc_info)
        return _TOKENS.sub(r"\1-…", line)


class _Json(logging.Formatter):
    def format(self, record: logging.LogRecord) -> str:
        line: dict[str, object] = {
            "at": datetime.fromtimestamp(record.created, UTC).isoformat(),
            "level": record.levelname.lower(),
            "logger": record.name,
            "event": record.getMessage(),
            **_data(record),
        }
        if record.exc_info:
            line["trace"] = self.formatException(record.exc_info)
        return _TOKENS.sub(r"\1-…", json.dumps(line, default=str, ensure_ascii=False))
