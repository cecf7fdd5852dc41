"""The settings, read from the environment and checked."""

import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path
from typing import Final

from bot.domain.errors import OpsloreError
from bot.domain.timeouts import Timeouts

SLACK_API: Final = "https://slack.com/api/"
_APPS: Final = "https://api.slack.com/apps"


class Mode(StrEnum):
    """How Slack reaches the bot."""

    SOCKET = "socket"
    HTTP = "http"


class SettingsError(OpsloreError):
    """A setting is missing or wrong. The text says where to get it."""


@dataclass(frozen=True)
class Settings:
    """The settings of a bot. Its repr leaves out secrets."""

    bot_token: str = field(repr=False)
    app_token: str = field(repr=False, default="")
    signing_secret: str = field(repr=False, default="")
    mode: Mode = Mode.SOCKET
    slack_api_url: str = SLACK_API
    database_url: str = field(repr=False, default="")
    host: str = "127.0.0.1"
    port: int | None = None
    log_level: str = "INFO"
    log_format: str = "text"
    # Not read from the environment: no operator has needed others so far.
    timeouts: Timeouts = Timeouts()

    @classmethod
    def from_env(cls, env: Mapping[str, str]) -> "Settings":
        """Read the settings of `opslore run`.

        Raises:
            SettingsError: a setting is missing or wrong; the text says how to fix each.
        """
        faults: list[str] = []
        mode = _mode(env, faults)
        faults += _missing(env, mode)
        port = _port(env, mode, faults)
        level = env.get("OPSLORE_LOG_LEVEL", "INFO").upper()
        if level not in ("DEBUG", "INFO", "WARNING", "ERROR"):
            faults.append("OPSLORE_LOG_LEVEL must be DEBUG, INFO, WARNING or ERROR.")
        log_format = env.get("OPSLORE_LOG_FORMAT", "text").lower()
        if log_format not in ("text", "json"):
            faults.append("OPSLORE_LOG_FORMAT must be text or json.")
        if faults:
            raise SettingsError("\n".join(faults))
        return cls(
            bot_token=env["SLACK_BOT_TOKEN"].strip(),
            app_token=env.get("SLACK_APP_TOKEN", "").strip(),
            signing_secret=env.get("SLACK_SIGNING_SECRET", "").strip(),
            mode=mode,
            slack_api_url=api_url(env),
            database_url=database_url(env),
            host=env.get("OPSLORE_HOST", "127.0.0.1"),
            port=port,
            log_level=level,
            log_format=log_format,
        )


def api_url(env: Mapping[str, str]) -> str:
    """Return the base URL of the Web API, with the slash at its end that the SDK needs."""
    return env.get("SLACK_API_URL", SLACK_API).rstrip("/") + "/"


def database_url(env: Mapping[str, str]) -> str:
    """Return the database's URL: `DATABASE_URL`, or a SQLite file in the user's data folder.

    URLs with `postgres://` or `postgresql://`, as hosting services write them, get our driver.
    """
    url = env.get("DATABASE_URL", "").strip()
    if not url:
        data = env.get("XDG_DATA_HOME") or str(Path(env.get("HOME", os.curdir)) / ".local/share")
        return f"sqlite:///{Path(data) / 'opslore' / 'opslore.db'}"
    for scheme in ("postgres://", "postgresql://"):
        if url.startswith(scheme):
            return "postgresql+psycopg://" + url.removeprefix(scheme)
    return url


def _mode(env: Mapping[str, str], faults: list[str]) -> Mode:
    mode = env.get("OPSLORE_MODE", "").strip().lower()
    if mode in tuple(Mode):
        return Mode(mode)
    if mode:
        faults.append("OPSLORE_MODE must be socket or http.")
    only_http = env.get("SLACK_SIGNING_SECRET") and not env.get("SLACK_APP_TOKEN")
    return Mode.HTTP if only_http else Mode.SOCKET


def _missing(env: Mapping[str, str], mode: Mode) -> list[str]:
    required = {
        "SLACK_BOT_TOKEN": ("xoxb-", f"{_APPS} → your app → Install App → Bot User OAuth Token"),
    }
    if mode is Mode.SOCKET:
        required["SLACK_APP_TOKEN"] = (
            "xapp-",
            f"{_APPS} → your app → Basic Information → App-Level Tokens, scope connections:write",
        )
    else:
        required["SLACK_SIGNING_SECRET"] = (
            "",
            f"{_APPS} → your app → Basic Information → App Credentials → Signing Secret",
        )
    faults = []
    for name, (prefix, place) in required.items():
        value = env.get(name, "").strip()
        if not value:
            faults.append(f"{name} is missing. Find it at {place}.")
        elif not value.startswith(prefix):
            faults.append(f"{name} should start with {prefix}. Find it at {place}.")
    return faults


def _port(env: Mapping[str, str], mode: Mode, faults: list[str]) -> int | None:
    port = env.get("OPSLORE_PORT", "").strip()
    if not port:
        return 3000 if mode is Mode.HTTP else None
    if not port.isdigit() or not 0 <= int(port) <= 65535:  # noqa: PLR2004 - the range of ports
        faults.append("OPSLORE_PORT must be a port number, 0 to 65535.")
        return None
    return int(port)
