"""The `opslore` command as people run it: environment, output and exit status."""

import socket
import sqlite3
from pathlib import Path

import pytest

from sandbox import Sandbox
from tests.support.command_line import opslore
from tests.support.databases import sqlite_url
from tests.support.ops import MANIFEST, Ops


def test_run_without_tokens_names_what_is_missing_and_where_to_get_it(tmp_path: Path) -> None:
    done = opslore("run", env={}, folder=tmp_path)

    assert (done.returncode, done.stdout) == (2, "")
    lines = done.stderr.splitlines()
    assert len(lines) == 2
    assert lines[0].startswith("SLACK_BOT_TOKEN is missing. Find it at https://api.slack.com/apps")
    assert lines[1].startswith("SLACK_APP_TOKEN is missing. Find it at https://api.slack.com/apps")
    assert "connections:write" in lines[1]
    assert list(tmp_path.iterdir()) == []


def test_run_with_a_token_that_slack_refuses_says_so(tmp_path: Path) -> None:
    with Sandbox(MANIFEST) as sandbox:
        env = sandbox.environment | {"SLACK_BOT_TOKEN": "xoxb-of-another-workspace"}
        done = opslore("run", env=env, folder=tmp_path)
    assert done.returncode == 2
    assert done.stderr.endswith(
        "Slack rejected SLACK_BOT_TOKEN (invalid_auth). Find it at "
        "https://api.slack.com/apps → your app → Install App → Bot User OAuth Token.\n"
    )


def test_run_on_a_database_of_a_newer_version_says_so(tmp_path: Path, newer: str) -> None:
    env = {
        "SLACK_BOT_TOKEN": "xoxb-1",
        "SLACK_APP_TOKEN": "xapp-1",
        "SLACK_API_URL": "http://127.0.0.1:1/api/",
        "DATABASE_URL": newer,
    }
    done = opslore("run", env=env, folder=tmp_path)
    assert done.returncode == 2
    assert "made by a newer Opslore (revision 9999)" in done.stderr


@pytest.mark.parametrize("mode", ["socket", "http"])
def test_run_with_its_port_in_use_says_so_on_one_line(tmp_path: Path, mode: str) -> None:
    with Sandbox(MANIFEST) as sandbox, socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]
        env = {"OPSLORE_MODE": mode, "OPSLORE_PORT": str(port), "OPSLORE_LOG_LEVEL": "WARNING"}
        done = opslore("run", env=sandbox.environment | env, folder=tmp_path)
    assert done.returncode == 2
    assert done.stderr == (
        f"Another program already listens on 127.0.0.1:{port}. Set OPSLORE_PORT to a free port.\n"
    )


def test_run_with_a_host_of_another_machine_says_so(tmp_path: Path) -> None:
    with Sandbox(MANIFEST) as sandbox:
        # 192.0.2.1 is reserved for documentation (RFC 5737), so no machine has it.
        env = {"OPSLORE_HOST": "192.0.2.1", "OPSLORE_PORT": "3000", "OPSLORE_LOG_LEVEL": "WARNING"}
        done = opslore("run", env=sandbox.environment | env, folder=tmp_path)
    assert done.returncode == 2
    assert done.stderr.startswith("Opslore can't listen on 192.0.2.1:3000 (")
    assert done.stderr.endswith("). Check OPSLORE_HOST and OPSLORE_PORT.\n")


def test_doctor_reads_the_environment_and_the_env_file_in_its_folder(tmp_path: Path) -> None:
    with Sandbox(MANIFEST) as sandbox:
        settings = sandbox.environment
        (tmp_path / ".env").write_text("".join(f"{name}={settings[name]}\n" for name in settings))
        done = opslore("doctor", env={}, folder=tmp_path)
    # The bot is in no channel of this workspace.
    assert done.returncode == 1
    assert done.stdout.count("fault ") == 1
    assert "/invite @Opslore" in done.stdout
    assert done.stderr == ""


def test_doctor_prints_faults_to_standard_output_only(tmp_path: Path, newer: str) -> None:
    done = opslore("doctor", env={"DATABASE_URL": newer}, folder=tmp_path)
    assert done.returncode == 1
    assert "newer Opslore" in done.stdout
    assert done.stderr == ""


def test_the_database_is_created_upgraded_and_backed_up(tmp_path: Path) -> None:
    env = {"DATABASE_URL": sqlite_url(tmp_path / "data" / "opslore.db")}

    early = opslore("db", "backup", env=env, folder=tmp_path)
    assert (early.returncode, early.stderr.startswith("There is no database at")) == (2, True)
    for _ in range(2):
        upgraded = opslore("db", "upgrade", env=env, folder=tmp_path)
        assert (upgraded.returncode, upgraded.stdout) == (0, "The database is up to date.\n")
    copied = opslore("db", "backup", "copy.db", env=env, folder=tmp_path)
    assert (copied.returncode, copied.stdout) == (0, "Backed up to copy.db.\n")
    again = opslore("db", "backup", "copy.db", env=env, folder=tmp_path)
    assert (again.returncode, again.stdout) == (2, "")
    assert "copy.db already exists" in again.stderr


def test_a_postgresql_database_is_left_to_its_own_backup_tool(tmp_path: Path) -> None:
    env = {"DATABASE_URL": "postgresql://localhost/opslore"}
    done = opslore("db", "backup", env=env, folder=tmp_path)
    assert done.returncode == 2
    assert "pg_dump" in done.stderr


def test_a_digest_can_be_printed_and_no_command_posts_it(ops: Ops, tmp_path: Path) -> None:
    ops.record(ops.ana, "Restart the billing queue")
    env = {
        "SLACK_API_URL": ops.sandbox.api_url,
        "SLACK_BOT_TOKEN": ops.sandbox.bot_token,
        "SLACK_APP_TOKEN": ops.sandbox.app_token,
        "DATABASE_URL": ops.store.engine.url.render_as_string(hide_password=False),
    }
    done = opslore("digest", "--dry-run", env=env, folder=tmp_path)
    assert done.returncode == 0
    assert "Restart the billing queue" in done.stdout
    assert opslore("digest", env=env, folder=tmp_path).returncode == 2


@pytest.mark.parametrize("arguments", [[], ["sing"], ["db"], ["db", "drop"]])
def test_an_unknown_command_lists_the_known_ones(arguments: list[str], tmp_path: Path) -> None:
    done = opslore(*arguments, env={}, folder=tmp_path)
    assert done.returncode == 2
    assert done.stderr.startswith("usage: opslore")


@pytest.fixture
def newer(sqlite_template: Path, tmp_path: Path) -> str:
    """Create a database of a newer version."""
    folder = tmp_path / "newer"
    folder.mkdir()
    path = folder / "opslore.db"
    path.write_bytes(sqlite_template.read_bytes())
    connection = sqlite3.connect(path)
    connection.execute("UPDATE alembic_version SET version_num = '9999'")
    connection.commit()
    connection.close()
    return sqlite_url(path)
