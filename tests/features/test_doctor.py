"""`opslore doctor` finds each fault, says how to fix it, and shows no traceback."""

import json
import sqlite3
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import Any

import pytest
import yaml

from bot.cli.doctor import doctor
from bot.domain.schedule import Schedule
from bot.domain.workspaces import Channel
from bot.settings import database_url as default_database
from bot.usecases.steps.channels import store_channel
from sandbox import Sandbox
from tests.support.databases import sqlite_url
from tests.support.nudging import at, recorded, utc
from tests.support.ops import MANIFEST, Ops


@pytest.fixture
def env(ops: Ops, database_url: str) -> dict[str, str]:
    """Return an environment without faults."""
    return {
        "SLACK_API_URL": ops.sandbox.api_url,
        "SLACK_BOT_TOKEN": ops.sandbox.bot_token,
        "SLACK_APP_TOKEN": ops.sandbox.app_token,
        "DATABASE_URL": database_url,
    }


@pytest.fixture
def alone(tmp_path: Path) -> Iterator[dict[str, str]]:
    """Return an environment without a database, for a workspace without the bot in a channel."""
    with Sandbox(MANIFEST) as sandbox:
        yield sandbox.environment | {"HOME": str(tmp_path)}


class Report:
    """The doctor's output by check; a fault includes how to fix it."""

    def __init__(self, status: int, printed: str) -> None:
        self.status = status
        self.printed = printed
        self.faults: dict[str, str] = {}
        self.verdicts: dict[str, str] = {}
        check = ""
        for line in printed.splitlines()[:-2]:
            if line.startswith(" "):
                self.verdicts[check] += " " + line.strip()
            else:
                check = line[7:21].strip()
                said = f"{line[:6].strip()} {line[22:]}"
                self.verdicts[check] = f"{self.verdicts.get(check, '')}{said}"
        self.faults = {
            check: said for check, said in self.verdicts.items() if said.startswith("fault")
        }


@pytest.fixture
def examined(capsys: pytest.CaptureFixture[str]) -> Callable[..., Report]:
    def examine(env: Mapping[str, str], **more: Any) -> Report:  # noqa: ANN401 - as doctor takes
        status = doctor(env, **more)
        report = Report(status, capsys.readouterr().out)
        assert status == (1 if report.faults else 0)
        assert "Traceback" not in report.printed
        for said in report.faults.values():
            assert "→" in said, "a fault has its mend beneath"
        return report

    return examine


@contextmanager
def answering(answers: Mapping[str, object]) -> Iterator[str]:
    """Serve these answers by method on this machine and return the base URL; it isn't Slack."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            answer = answers.get(self.path.partition("?")[0].rpartition("/")[2], "<html>")
            body = (answer if isinstance(answer, str) else json.dumps(answer)).encode()
            self.send_response(200)
            self.send_header(
                "Content-Type", "application/json" if body[:1] == b"{" else "text/html"
            )
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        do_POST = do_GET  # noqa: N815 - http.server looks for this name

        def log_message(self, *_: object) -> None:
            """Log nothing."""

    server = HTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/api/"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def test_a_correct_installation_has_no_fault(
    ops: Ops, env: dict[str, str], examined: Callable[..., Report]
) -> None:
    ops.tick()
    report = examined(env, now=ops.clock)

    assert report.status == 0
    assert {check: said.split()[0] for check, said in report.verdicts.items()} == dict.fromkeys(
        (
            "environment",
            "bot token",
            "scopes",
            "app token",
            "manifest",
            "channels",
            "database",
            "schedule",
        ),
        "ok",
    )
    assert "#ops" in report.verdicts["channels"]
    assert "#ops: next digest Mon 2026-03-09 09:00 (Europe/Berlin)" in report.verdicts["schedule"]
    for secret in (ops.sandbox.bot_token, ops.sandbox.app_token):
        assert secret not in report.printed


def test_it_changes_nothing(ops: Ops, env: dict[str, str], examined: Callable[..., Report]) -> None:
    teams, said = ops.store.teams(), ops.driver.messages(ops.ops)
    examined(env, now=ops.clock)
    assert ops.store.teams() == teams
    assert [message.ts for message in ops.driver.messages(ops.ops)] == [each.ts for each in said]


def test_each_missing_token_is_named_with_where_to_find_it(
    tmp_path: Path, examined: Callable[..., Report]
) -> None:
    home = {"HOME": str(tmp_path)}
    socket = examined(home).faults["environment"]
    assert "SLACK_BOT_TOKEN is missing" in socket
    assert "SLACK_APP_TOKEN is missing" in socket
    assert "connections:write" in socket
    http = examined(home | {"OPSLORE_MODE": "http"}).faults["environment"]
    assert "SLACK_SIGNING_SECRET is missing" in http
    assert "SLACK_APP_TOKEN" not in http
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize(
    ("name", "value", "said"),
    [
        ("OPSLORE_MODE", "carrier pigeon", "must be socket or http"),
        ("OPSLORE_PORT", "http", "must be a port number"),
        ("OPSLORE_LOG_LEVEL", "LOUD", "DEBUG, INFO, WARNING or ERROR"),
        ("OPSLORE_LOG_FORMAT", "xml", "text or json"),
        ("SLACK_BOT_TOKEN", "xoxp-mine", "should start with xoxb-"),
        ("SLACK_APP_TOKEN", "xoxb-mine", "should start with xapp-"),
    ],
)
def test_an_invalid_setting_is_reported(
    name: str, value: str, said: str, alone: dict[str, str], examined: Callable[..., Report]
) -> None:
    assert said in examined(alone | {name: value}).faults["environment"]


def test_http_mode_needs_no_app_token(
    alone: dict[str, str], examined: Callable[..., Report]
) -> None:
    del alone["SLACK_APP_TOKEN"]
    report = examined(alone)
    assert "HTTP mode, listening on 127.0.0.1:3000" in report.verdicts["environment"]
    assert report.verdicts["app token"] == "- HTTP mode doesn't need one."


def test_a_token_that_slack_refuses_is_reported(
    alone: dict[str, str], examined: Callable[..., Report]
) -> None:
    report = examined(alone | {"SLACK_BOT_TOKEN": "xoxb-no", "SLACK_APP_TOKEN": "xapp-no"})
    assert "rejected the token (invalid_auth)" in report.faults["bot token"]
    assert "Bot User OAuth Token" in report.faults["bot token"]
    assert "rejected the token (invalid_auth)" in report.faults["app token"]
    assert report.verdicts["channels"] == "- Not checked, because there is no valid bot token."


@pytest.mark.parametrize(
    ("method", "fault", "check", "said"),
    [
        ("auth.test", {"error": "token_revoked"}, "bot token", "token_revoked"),
        ("auth.test", {"error": "ratelimited"}, "bot token", "ratelimited"),
        (
            "auth.test",
            {"error": "internal_error"},
            "bot token",
            "Slack answered with the error internal_error",
        ),
        ("auth.test", {"status": 500}, "bot token", "HTTP 500"),
        ("auth.test", {"lost": True}, "bot token", "No answer from"),
        ("apps.connections.open", {"error": "missing_scope"}, "app token", "connections:write"),
        ("apps.connections.open", {"error": "not_enabled"}, "app token", "Turn it on"),
        ("apps.connections.open", {"lost": True}, "app token", "No answer from"),
        ("users.conversations", {"error": "fatal_error"}, "channels", "fatal_error"),
        ("users.conversations", {"lost": True}, "channels", "No answer from"),
    ],
)
def test_an_outage_of_slack_is_reported(
    method: str,
    fault: dict[str, Any],
    check: str,
    said: str,
    *,
    env: dict[str, str],
    ops: Ops,
    examined: Callable[..., Report],
) -> None:
    ops.driver.fail(method, **fault)
    assert said in examined(env, now=ops.clock).faults[check]


def test_an_address_without_a_server_is_reported(
    alone: dict[str, str], examined: Callable[..., Report]
) -> None:
    report = examined(alone | {"SLACK_API_URL": "http://127.0.0.1:1/api"})
    assert "No answer from http://127.0.0.1:1/api/" in report.faults["bot token"]
    assert "SLACK_API_URL" in report.faults["bot token"]


def test_a_server_that_is_not_slack_is_reported(
    alone: dict[str, str], examined: Callable[..., Report]
) -> None:
    with answering({}) as url:
        found = examined(alone | {"SLACK_API_URL": url}).faults["bot token"]
    assert f"{url} didn't answer like Slack (HTTP 200)" in found


def test_a_user_token_is_reported(alone: dict[str, str], examined: Callable[..., Report]) -> None:
    with answering({"auth.test": {"ok": True, "team_id": "T1", "user_id": "U1"}}) as url:
        found = examined(alone | {"SLACK_API_URL": url}).faults["bot token"]
    assert "the token of a person" in found


def test_tokens_of_two_apps_are_reported(
    alone: dict[str, str], examined: Callable[..., Report]
) -> None:
    answers = {
        "auth.test": {"ok": True, "team_id": "T1", "bot_id": "B1"},
        "apps.connections.open": {"ok": True, "url": "ws://127.0.0.1:1/"},
        "bots.info": {"ok": True, "bot": {"app_id": "A0OTHER"}},
        "users.conversations": {"ok": True, "channels": []},
    }
    with answering(answers) as url:
        report = examined(alone | {"SLACK_API_URL": url})
    assert "another app than the bot token, which belongs to A0OTHER" in report.faults["app token"]
    assert report.verdicts["scopes"] == "- Slack didn't say which scopes it granted."


def test_a_check_that_crashes_is_a_fault_without_a_traceback(
    alone: dict[str, str], examined: Callable[..., Report]
) -> None:
    with answering({"auth.test": {"ok": True, "bot_id": "B1"}}) as url:
        found = examined(alone | {"SLACK_API_URL": url}).faults["bot token"]
    assert "The check itself failed: KeyError" in found


def test_a_missing_scope_is_named(tmp_path: Path, examined: Callable[..., Report]) -> None:
    path = changed(tmp_path, lambda it: it["oauth_config"]["scopes"]["bot"].remove("users:read"))
    with Sandbox(path) as sandbox:
        report = examined(sandbox.environment | {"HOME": str(tmp_path)})
    assert "Missing: users:read." in report.faults["scopes"]
    assert "Reinstall to Workspace" in report.faults["scopes"]


def test_an_extra_scope_is_named_and_is_not_a_fault(
    tmp_path: Path, examined: Callable[..., Report]
) -> None:
    path = changed(tmp_path, lambda it: it["oauth_config"]["scopes"]["bot"].append("files:read"))
    with Sandbox(path) as sandbox:
        report = examined(sandbox.environment | {"HOME": str(tmp_path)})
    assert report.verdicts["scopes"].endswith("; not needed: files:read")


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (lambda it: it["oauth_config"]["scopes"]["bot"].remove("users:read"), "missing scope"),
        (
            lambda it: it["oauth_config"]["scopes"]["bot"].append("files:read"),
            "unused scope: files:read",
        ),
        (
            lambda it: it["settings"]["event_subscriptions"]["bot_events"].remove("app_mention"),
            "missing event: app_mention",
        ),
        (lambda it: it["features"].update(slash_commands=[]), "missing command: /lore"),
        (lambda it: it["features"].pop("shortcuts"), "missing shortcut: record_this_thread"),
        (lambda it: it["settings"].pop("interactivity"), "interactivity is off"),
        (lambda it: it["features"].pop("app_home"), "the Home tab is off"),
        (
            lambda it: it["features"]["app_home"].update(messages_tab_read_only_enabled=True),
            "people can't write in the Messages tab",
        ),
        (lambda it: it.clear(), "missing scope"),
    ],
)
def test_a_manifest_that_differs_from_the_code_is_reported(
    change: Callable[[dict[str, Any]], object],
    said: str,
    tmp_path: Path,
    examined: Callable[..., Report],
) -> None:
    report = examined({"HOME": str(tmp_path)}, manifest=changed(tmp_path, change))
    assert said in report.faults["manifest"]


@pytest.mark.parametrize("text", ["- a\n- b", "a: [", "\x00"])
def test_a_file_that_is_not_a_manifest_is_reported(
    text: str, tmp_path: Path, examined: Callable[..., Report]
) -> None:
    path = tmp_path / "manifest.yml"
    assert "manifest" in examined({"HOME": str(tmp_path)}, manifest=path).faults
    path.write_text(text, "utf-8")
    assert "manifest" in examined({"HOME": str(tmp_path)}, manifest=path).faults


def test_a_bot_in_no_channel_says_how_to_invite_it(
    alone: dict[str, str], examined: Callable[..., Report]
) -> None:
    assert "/invite @Opslore" in examined(alone).faults["channels"]


def test_a_missing_database_is_not_a_fault_and_is_not_created(
    alone: dict[str, str], examined: Callable[..., Report]
) -> None:
    report = examined(alone)
    assert "none yet" in report.verdicts["database"]
    assert not Path(default_database(alone).removeprefix("sqlite:///")).parent.exists()


def test_a_database_of_a_newer_version_is_reported(
    alone: dict[str, str], sqlite_template: Path, tmp_path: Path, examined: Callable[..., Report]
) -> None:
    path = copy_of(sqlite_template, tmp_path)
    connection = sqlite3.connect(path)
    connection.execute("UPDATE alembic_version SET version_num = '9999'")
    connection.commit()
    connection.close()

    found = examined(alone | {"DATABASE_URL": sqlite_url(path)}).faults["database"]
    assert "newer Opslore (revision 9999)" in found
    assert "Upgrade Opslore" in found


def test_a_read_only_database_is_reported(
    alone: dict[str, str], sqlite_template: Path, tmp_path: Path, examined: Callable[..., Report]
) -> None:
    path = copy_of(sqlite_template, tmp_path)
    url = f"sqlite:///file:{path}?mode=ro&uri=true"
    assert "read-only" in examined(alone | {"DATABASE_URL": url}).faults["database"]


@pytest.mark.parametrize(
    ("url", "said"),
    [
        ("nonsense", "isn't the URL of a database"),
        ("oracle9://somewhere", "isn't the URL of a database"),
        ("mysql://127.0.0.1/opslore", "driver MySQLdb isn't installed"),
        ("postgresql://opslore:secret@127.0.0.1:1/opslore", "isn't answering"),
        ("sqlite:///{tmp}/note.txt", "isn't a database of Opslore's"),
        ("sqlite:///{tmp}/note.txt/opslore.db", "can't be created in"),
    ],
)
def test_an_address_without_a_database_is_reported(
    url: str, said: str, alone: dict[str, str], tmp_path: Path, examined: Callable[..., Report]
) -> None:
    (tmp_path / "note.txt").write_text("No database, but a note. " * 100)
    report = examined(alone | {"DATABASE_URL": url.format(tmp=tmp_path)})
    assert said in report.faults["database"]
    assert "secret" not in report.printed
    assert report.verdicts["schedule"].startswith("-")


def test_a_digest_that_was_not_posted_is_reported(
    ops: Ops, env: dict[str, str], examined: Callable[..., Report]
) -> None:
    ops.tick()
    ops.clock.time += timedelta(days=8)

    found = examined(env, now=ops.clock).faults["schedule"]
    assert "#ops: the digest due 2026-03-09 09:00 wasn't posted" in found
    assert "opslore run" in found

    ops.tick()
    report = examined(env, now=ops.clock)
    assert (
        "next digest Mon 2026-03-16 09:00 (Europe/Berlin), last 2026-03-09"
        in (report.verdicts["schedule"])
    )


def test_a_nudge_that_was_not_sent_is_reported(
    ops: Ops, env: dict[str, str], examined: Callable[..., Report]
) -> None:
    recorded(ops, "2026-06-03 02:00")
    at(ops, "2026-06-03 06:00")
    ops.tick()
    ops.clock.time = utc("2026-06-03 08:00")

    found = examined(env, now=ops.clock).faults["nudges"]
    assert "1 nudge wasn't sent. The first was due 2026-06-03 07:00 UTC." in found
    assert "opslore run" in found

    at(ops, "2026-06-03 08:01")
    assert "nudges" not in examined(env, now=ops.clock).faults


def test_an_unknown_time_zone_is_reported(
    ops: Ops, env: dict[str, str], examined: Callable[..., Report]
) -> None:
    with ops.store.transaction(ops.team) as tx:
        (known,) = tx.channels.all()
        store_channel(
            tx,
            Channel(
                team=known.team,
                id=known.id,
                private=known.private,
                digest=Schedule(timezone="Mars/Olympus_Mons"),
            ),
            ops.clock(),
        )
    found = examined(env, now=ops.clock).faults["schedule"]
    assert "Mars/Olympus_Mons" in found
    assert "/lore digest settings" in found


def changed(folder: Path, change: Callable[[dict[str, Any]], object]) -> Path:
    """Return a copy of the manifest with these changes."""
    manifest = yaml.safe_load(MANIFEST.read_text("utf-8"))
    change(manifest)
    path = folder / "changed.yml"
    path.write_text(yaml.safe_dump(manifest), "utf-8")
    return path


def copy_of(template: Path, folder: Path) -> Path:
    """Create a database of this version."""
    path = folder / "opslore.db"
    path.write_bytes(template.read_bytes())
    return path
