"""The demo: it replays a real chat, shows the digest, and leaves nothing behind."""

import json
import os
import re
import signal
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from pathlib import Path

import httpx
import pytest

from bot.cli.demo import acts, demo, landing
from bot.cli.demo.chat import Chat
from bot.cli.demo.processes import DemoError, running
from sandbox.seen import Message
from tests.support.demo import PATIENT_LAUNCH

NOW = datetime(2026, 3, 4, 10, 0, tzinfo=UTC)
# Two threads in addition to those that are recorded.
SHORT = {acts.NEW_KERNEL, acts.CERTIFICATE, acts.UPDATE, "ncar:22151", "ncar:22180"}


@pytest.fixture
def temporary(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """Return the folder in which the demo creates its own."""
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    monkeypatch.setattr("tempfile.tempdir", None)
    yield tmp_path
    monkeypatch.setattr("tempfile.tempdir", None)


def left_in(folder: Path) -> list[Path]:
    """Return what is left, but for what onnxruntime writes when it is imported, if it is there."""
    return [path for path in folder.iterdir() if path.name != ".ses"]


def test_it_ends_in_a_digest_with_the_gaps_of_the_chat(
    temporary: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert demo(stay=False, launch=PATIENT_LAUNCH) == 0

    printed = capsys.readouterr().out
    digest = printed[printed.index("Weekly digest") :]
    assert re.search(r"3 entries in force · 1 use this week · [2-9] gaps ", digest)
    # Threads settle side by side, so the chat's two largest matters may change places.
    titles = re.findall(r"\n(.+)\n\d+ threads since ", digest)
    assert any("JupyterHub session" in title for title in titles[:2])
    assert "deviated once, a change by zara has been waiting since " in digest
    for key in ("DEC-1", "ESC-1", "HND-1"):
        assert f"{key}  " in digest
    assert len(re.findall(r"https://\S+/archives/\S+/p\d{16}", digest)) >= 4
    assert "\x1b" not in printed
    assert left_in(temporary) == []


def test_ctrl_c_ends_both_processes_and_leaves_nothing(temporary: Path) -> None:
    _interrupted(temporary, signal.SIGINT)


def test_sigterm_ends_it_like_ctrl_c(temporary: Path) -> None:
    _interrupted(temporary, signal.SIGTERM)


def _interrupted(temporary: Path, number: signal.Signals) -> None:
    """Interrupt the demo once both processes run, and check that they end."""
    with subprocess.Popen(
        [sys.executable, "-m", "bot.cli", "demo"],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        text=True,
        env={**os.environ, "TMPDIR": str(temporary)},
    ) as process:
        assert process.stdout
        next(line for line in process.stdout if "are up" in line)
        (folder,) = temporary.iterdir()
        assert (folder / "opslore.db").exists()
        found = re.search(r"^SANDBOX_URL=(.*)$", (folder / "sandbox.log").read_text(), re.MULTILINE)
        assert found

        process.send_signal(number)
        rest = process.stdout.read()

    assert process.returncode == 128 + number
    assert "Stopped. Nothing is left behind." in rest
    assert left_in(temporary) == []
    with pytest.raises(httpx.ConnectError):
        httpx.get(found[1], trust_env=False)


def test_the_bot_logs_each_connection_once_it_is_in_use(temporary: Path) -> None:
    def connections() -> int:
        (log,) = temporary.glob("*/bot.log")
        return log.read_text().count(" connected")

    with running(PATIENT_LAUNCH) as up:
        up.driver.until(lambda: connections() == 1)
        up.driver.refresh_sockets()
        up.driver.until(lambda: connections() == 2)


def test_the_bot_shuts_down_cleanly_on_request(temporary: Path) -> None:
    """It isn't killed after the grace period that a hanging bot gets."""
    with running(PATIENT_LAUNCH):
        (log,) = temporary.glob("*/bot.log")
        written = log.open()
    with written:
        assert re.search(r" stopped$", written.read(), re.MULTILINE)


@pytest.mark.usefixtures("temporary")
def test_a_bot_that_fails_at_the_start_is_reported_with_its_log() -> None:
    launch = replace(PATIENT_LAUNCH, bot=("bot.cli", "no-such-command"))

    with pytest.raises(DemoError, match=r"(?s)The bot exited as it started\..*no-such-command"):
        running(launch).__enter__()


def test_the_chat_keeps_its_order_and_its_pauses_in_the_last_four_weeks() -> None:
    chat = Chat.load()

    moved = chat.until(NOW)

    assert [said.id for said in moved.messages] == [said.id for said in chat.messages]
    assert NOW - timedelta(days=28) < moved.messages[0].at
    assert moved.messages[-1].at == NOW - timedelta(hours=1)
    scale = (moved.messages[-1].at - moved.messages[0].at) / (
        chat.messages[-1].at - chat.messages[0].at
    )
    for (one, other), (before, after) in zip(
        pairwise(moved.messages), pairwise(chat.messages), strict=True
    ):
        expected = (after.at - before.at).total_seconds() * scale
        assert (other.at - one.at).total_seconds() == pytest.approx(expected, abs=1e-5)


def test_everyone_has_a_name_and_no_pseudonym_remains() -> None:
    chat = Chat.load()

    assert len(set(chat.people)) == len(chat.people)
    assert {said.author for said in chat.messages} <= set(chat.people)
    assert not [said for said in chat.messages if re.search(r"@u[0-9a-f]{6}\b", said.text)]


def test_no_login_name_folder_or_token_of_the_source_chat_is_shown() -> None:
    private = re.compile(
        r"/home/|/(?:scratch|work|user)/\w|[?&]token=|^\w+ +\d+ +\d\.\d ", re.MULTILINE
    )
    assert [said.id for said in Chat.load().messages if private.search(said.text)] == []


def test_a_thread_begins_before_its_replies() -> None:
    begun: set[str] = set()
    for said in Chat.load().messages:
        if said.begins_thread:
            begun.add(said.id)
        assert said.thread in begun


@pytest.mark.usefixtures("temporary")
def test_moving_the_clock_to_next_monday_posts_that_digest_once() -> None:
    with running(PATIENT_LAUNCH) as up:
        chat = Chat.load().only(SHORT).until(datetime.now(UTC))
        ops = acts.replay(up.driver, chat, lambda _: None)
        up.settle()

        def digests() -> list[Message]:
            said = up.driver.messages(ops.channel)
            return [message for message in said if message.text.startswith("Weekly digest")]

        monday = up.driver.do("time.monday", zone="Europe/Berlin")
        (posted,) = up.driver.until(digests)
        up.driver.do("time.ahead", hours=6 * 24)
        hour_later = ops.people[chat.people[0]].slash(ops.channel, "/lore gaps")

        assert 0 <= float(posted.ts) - monday < 3600
        assert hour_later.words()
        assert digests() == [posted]


@pytest.mark.usefixtures("temporary")
def test_the_page_opens_with_an_unread_digest_and_three_things_to_try() -> None:
    with running(PATIENT_LAUNCH) as up:
        chat = Chat.load().only(SHORT).until(datetime.now(UTC))
        ops = acts.replay(up.driver, chat, lambda _: None)
        up.settle()
        acts.record_decision(ops, "clara")
        acts.approve(ops, "theo", acts.NEW_KERNEL)
        proposal = acts.propose(ops, "zara")
        digest = acts.ask_for_digest(ops, "theo")
        up.settle()

        landing.welcome(ops, digest, proposal)

        unread = up.driver.do("page.unreads")
        assert {unread[person.id]["unread"] for person in ops.people.values()} == {1}
        with httpx.stream("GET", f"{up.url}/page/live", trust_env=False) as events:
            line = next(each for each in events.iter_lines() if each.startswith("data:"))
        back, approve, clock = json.loads(line[5:])["welcome"]["tries"]
        assert back["place"]["at"] in {m.ts for m in up.driver.messages(ops.channel)}
        (card,) = [m for m in up.driver.messages(ops.channel) if m.ts == approve["place"]["at"]]
        assert card.buttons() == ["Approve", "Request changes", "View change"]
        ops.people["mira"].press("Approve", card)
        up.settle()
        words = "\n".join(each.words() for each in up.driver.messages(ops.channel))
        assert "Approved by mira" in words
        assert "DEC-1@2 is in force" in words
        assert clock["place"]["clock"] == "1"


def test_a_browser_opens_only_on_a_machine_with_a_screen(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    opened: list[str] = []
    monkeypatch.setattr("webbrowser.open", opened.append)
    monkeypatch.setenv("DISPLAY", ":0")

    landing.open_page("http://127.0.0.1:1/page/")
    assert opened == []
    monkeypatch.setattr("sys.stdout.isatty", lambda: True)
    landing.open_page("http://127.0.0.1:1/page/")

    assert opened == ["http://127.0.0.1:1/page/"]
