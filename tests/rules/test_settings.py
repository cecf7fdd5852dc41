"""Settings are read once, and an error says what is missing or wrong and where to get it."""

import re
from pathlib import Path

import pytest

from bot.settings import Mode, Settings, SettingsError, api_url, database_url

SOCKET = {"SLACK_BOT_TOKEN": "xoxb-1", "SLACK_APP_TOKEN": "xapp-1"}
HTTP = {"SLACK_BOT_TOKEN": "xoxb-1", "SLACK_SIGNING_SECRET": "abc"}


def test_the_tokens_decide_the_mode() -> None:
    assert Settings.from_env(SOCKET).mode is Mode.SOCKET
    assert Settings.from_env(HTTP).mode is Mode.HTTP
    assert Settings.from_env(SOCKET | HTTP).mode is Mode.SOCKET
    assert Settings.from_env(SOCKET | HTTP | {"OPSLORE_MODE": "http"}).mode is Mode.HTTP


def test_one_error_names_everything_that_is_missing() -> None:
    with pytest.raises(SettingsError) as refused:
        Settings.from_env({"OPSLORE_PORT": "99999", "OPSLORE_LOG_FORMAT": "xml"})
    lines = refused.value.user_text.splitlines()
    assert [line.split()[0] for line in lines] == [
        "SLACK_BOT_TOKEN",
        "SLACK_APP_TOKEN",
        "OPSLORE_PORT",
        "OPSLORE_LOG_FORMAT",
    ]
    assert all("https://api.slack.com/apps" in line for line in lines[:2])


def test_health_pages_have_a_port_in_http_mode_or_if_one_is_set() -> None:
    assert Settings.from_env(SOCKET).port is None
    assert Settings.from_env(SOCKET | {"OPSLORE_PORT": "8080"}).port == 8080
    assert Settings.from_env(HTTP).port == 3000
    assert Settings.from_env(HTTP).host == "127.0.0.1"


def test_printed_settings_contain_no_secrets() -> None:
    env = SOCKET | HTTP | {"DATABASE_URL": "postgresql://opslore:hunter2@db/opslore"}
    shown = repr(Settings.from_env(env))
    for secret in ("xoxb-1", "xapp-1", "abc", "hunter2"):
        assert secret not in shown


@pytest.mark.parametrize(
    ("env", "url"),
    [
        ({"HOME": "/h"}, "sqlite:////h/.local/share/opslore/opslore.db"),
        ({"HOME": "/h", "XDG_DATA_HOME": "/d"}, "sqlite:////d/opslore/opslore.db"),
        ({"DATABASE_URL": " sqlite:////d/o.db "}, "sqlite:////d/o.db"),
        ({"DATABASE_URL": "postgres://u@h/d"}, "postgresql+psycopg://u@h/d"),
        ({"DATABASE_URL": "postgresql://u@h/d"}, "postgresql+psycopg://u@h/d"),
        ({"DATABASE_URL": "postgresql+psycopg://u@h/d"}, "postgresql+psycopg://u@h/d"),
    ],
)
def test_the_default_database_is_a_file_of_the_user(env: dict[str, str], url: str) -> None:
    assert database_url(env) == url


def test_the_web_api_url_ends_in_one_slash() -> None:
    assert api_url({}) == "https://slack.com/api/"
    assert api_url({"SLACK_API_URL": "http://localhost:1/api"}) == "http://localhost:1/api/"
    assert api_url({"SLACK_API_URL": "http://localhost:1/api//"}) == "http://localhost:1/api/"


def test_the_docs_name_every_setting() -> None:
    root = Path(__file__).parents[2]
    read = (root / "bot" / "settings.py").read_text("utf-8")
    told = (root / "docs" / "operating.md").read_text("utf-8")
    names = set(re.findall(r'"((?:SLACK|OPSLORE|DATABASE)_[A-Z_]+)"', read))
    assert len(names) >= 10
    assert {name for name in names if f"`{name}`" not in told} == set()
