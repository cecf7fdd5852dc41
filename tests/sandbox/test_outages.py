"""Faults on demand, and the sandbox as its own process."""

from __future__ import annotations

import ctypes
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError

from sandbox import Driver
from tests.support.sandbox_sample import Bench, manifest, running


@pytest.fixture
def bench(tmp_path: Path) -> Iterator[Bench]:
    with running(tmp_path, retry_delays=()) as found:
        yield found


def test_calls_fail_as_often_as_asked_and_then_heal(bench: Bench) -> None:
    ops = bench.driver.channel("ops")
    bench.driver.invite_bot(ops)
    place: dict[str, Any] = {"channel": ops.id, "text": "x"}

    bench.driver.fail("chat.postMessage", "internal_error", times=1)
    with pytest.raises(SlackApiError, match="internal_error"):
        bench.client.chat_postMessage(**place)
    bench.driver.fail("chat.postMessage", "ratelimited", retry_after=7)
    with pytest.raises(SlackApiError) as caught:
        bench.client.chat_postMessage(**place)
    bench.driver.heal()
    bench.client.chat_postMessage(**place)

    assert (caught.value.response.status_code, caught.value.response.headers["Retry-After"]) == (
        429,
        "7",
    )
    answers = [call["answer"]["ok"] for call in bench.driver.calls("chat.postMessage")]
    assert answers == [False, False, True]


def test_a_client_that_ends_in_the_midst_of_a_call_is_no_fault(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with running(tmp_path, retry_delays=()) as bench:
        place = urlsplit(bench.sandbox.url)
        for path in ("api/chat.postMessage", "control/page.read"):
            head = f"POST /{path} HTTP/1.1\r\nHost: {place.netloc}\r\n"
            head += "Content-Type: application/json\r\nContent-Length: 100\r\n\r\n{"
            with socket.create_connection((place.hostname, place.port)) as client:
                client.sendall(head.encode())
        # Answered after them; the server waits for answers in progress when it stops.
        assert bench.client.auth_test()["ok"]

    assert capsys.readouterr().err == ""


def test_a_lost_call_took_effect_though_the_connection_was_cut(bench: Bench) -> None:
    ops = bench.driver.channel("ops")
    bench.driver.invite_bot(ops)
    bench.driver.fail("chat.postMessage", lost=True)

    with pytest.raises(ConnectionError):
        bench.client.chat_postMessage(channel=ops.id, text="sent once")

    assert [m.text for m in bench.driver.messages(ops)][1:] == ["sent once"]


def test_a_server_error_and_silence_do_nothing(bench: Bench) -> None:
    ops = bench.driver.channel("ops")
    bench.driver.invite_bot(ops)
    hasty = WebClient(
        bench.sandbox.bot_token, base_url=bench.sandbox.api_url, timeout=1, retry_handlers=[]
    )

    bench.driver.fail("chat.postMessage", status=503, times=1)
    with pytest.raises(SlackApiError):
        bench.client.chat_postMessage(channel=ops.id, text="x")
    bench.driver.fail("*", never=True)
    with pytest.raises(TimeoutError):
        hasty.chat_postMessage(channel=ops.id, text="x")

    assert len(bench.driver.messages(ops)) == 1


def test_a_load_is_measured_message_by_message(bench: Bench) -> None:
    ana, ben = bench.driver.person("ana"), bench.driver.person("ben")
    ops = bench.driver.channel("ops", members=[ana, ben])
    bench.driver.invite_bot(ops)

    seconds = bench.driver.load(ops, 100, 0.1, [ana, ben], ["one", "two"])

    assert len(seconds) == 10
    assert None not in seconds
    assert [m.text for m in bench.driver.messages(ops)][1:] == ["one", "two"] * 5


def test_as_a_process_it_prints_where_it_is_and_ends_when_told(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "sandbox", "--manifest", str(manifest(tmp_path))]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:  # noqa: S603 - our own
        assert process.stdout is not None
        lines = [process.stdout.readline().strip().partition("=") for _ in range(5)]
        found = {name: value for name, _, value in lines}
        client = WebClient(found["SLACK_BOT_TOKEN"], base_url=found["SLACK_API_URL"])
        with Driver.connect(found["SANDBOX_URL"]) as driver:
            assert driver.workspace()["bot_user_id"] == client.auth_test()["user_id"]
        process.send_signal(signal.SIGTERM)
        assert process.wait(timeout=20) == 0

    assert list(found) == [
        "SLACK_API_URL",
        "SLACK_BOT_TOKEN",
        "SLACK_APP_TOKEN",
        "SLACK_SIGNING_SECRET",
        "SANDBOX_URL",
    ]


@pytest.mark.skipif(sys.platform != "linux", reason="a process's threads are found in /proc")
def test_as_a_process_it_ends_whichever_of_its_threads_is_told(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "sandbox", "--manifest", str(manifest(tmp_path))]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:  # noqa: S603 - our own
        assert process.stdout is not None
        while not process.stdout.readline().startswith("SANDBOX_URL="):
            pass
        threads = {int(each.name) for each in Path(f"/proc/{process.pid}/task").iterdir()}
        try:
            # As the kernel does after a process was suspended.
            other = max(threads - {process.pid})
            assert ctypes.CDLL(None).tgkill(process.pid, other, signal.SIGTERM) == 0
            assert process.wait(timeout=20) == 0
        finally:
            process.kill()
