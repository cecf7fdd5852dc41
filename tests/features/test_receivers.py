"""The shutdown of the HTTP receiver; the tests with processes show that it receives."""

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from socket import create_connection
from threading import Event

import httpx
import pytest

from bot.cli.receivers import receiver
from bot.settings import Mode, Settings
from sandbox import Driver
from tests.support.ops import Ops
from tests.support.processes import free_port


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_requests_in_progress_at_shutdown_are_answered_and_touch_no_other_file(
    ops: Ops, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    paths = [tmp_path / str(number) for number in range(10)]
    asked, go = Event(), Event()

    def size() -> int:
        asked.set()
        assert go.wait(60)
        return 1

    monkeypatch.setattr(ops.store, "outbox_backlog", size)
    settings = Settings(
        bot_token=ops.sandbox.bot_token,
        signing_secret=ops.sandbox.signing_secret,
        mode=Mode.HTTP,
        host="127.0.0.1",
        port=free_port(),
    )
    url = f"http://{settings.host}:{settings.port}/readyz"
    receiving = receiver(settings, ops.bot)
    receiving.start()

    with ThreadPoolExecutor(2) as pool:
        page = pool.submit(httpx.get, url, trust_env=False, timeout=60)
        assert asked.wait(60)
        stopped = pool.submit(receiving.stop)
        Driver.until(lambda: refused(settings))
        # A new file gets the lowest free descriptor, and so one that was just closed.
        files = [path.open("w") for path in paths]
        go.set()
        assert page.result().status_code == 200
        stopped.result()

    for each in files:
        each.close()
    assert [path.read_text() for path in paths] == [""] * 10
    assert not caplog.records


def refused(settings: Settings) -> bool:
    """Return whether nothing listens on the port any more."""
    try:
        create_connection((settings.host, settings.port or 0)).close()
    except ConnectionRefusedError:
        return True
    return False
