"""One unchanged app over each of Slack's transports."""

from __future__ import annotations

import gc
import socket
import threading
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import httpx
import pytest
from slack_sdk.socket_mode import SocketModeClient
from slack_sdk.socket_mode.client import BaseSocketModeClient
from slack_sdk.socket_mode.request import SocketModeRequest
from slack_sdk.socket_mode.response import SocketModeResponse
from starlette.websockets import WebSocket, WebSocketDisconnect

from sandbox import Driver
from sandbox.errors import ActionRefusedError
from sandbox.forms import View
from sandbox.server import KEEP_ALIVE_SECONDS, Sandbox
from sandbox.socketmode import SocketMode
from tests.support.coroutines import run_coroutine
from tests.support.sandbox_sample import Bench, Mode, manifest, running

# websocket-client leaves the sockets of closed connections to the garbage collector.
pytestmark = pytest.mark.filterwarnings("ignore:unclosed <socket:ResourceWarning")


@pytest.fixture(params=["inline", "http", "socket"])
def bench(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Bench]:
    mode: Mode = request.param
    with running(tmp_path, mode, retry_delays=()) as found:
        yield found


def test_an_app_hears_answers_and_keeps_a_form(bench: Bench) -> None:
    """A person posts, presses a button and submits a form, and sees what Slack would show."""
    driver = bench.driver
    ana = driver.person("ana")
    ops = driver.channel("ops", members=[ana])
    driver.invite_bot(ops, by=ana)

    ana.say(ops, "card, please")
    card = driver.until(lambda: [m for m in driver.messages(ops) if m.buttons()])[0]
    form = ana.press("Open", on=card, seconds=10)

    assert card.words() == "A card for @ana\nOpen\nDrop\nHistory"
    assert isinstance(form, View)
    assert form.title == "A form"
    assert form.fill({"Title": "bad"}).submit() == {"Title": "Not this one."}
    assert form.fill({"Title": "good"}).submit() == {}
    assert ana.view is None


def test_a_command_is_answered_in_its_body_or_over_the_response_url(bench: Bench) -> None:
    ana = bench.driver.person("ana")
    ops = bench.driver.channel("ops", members=[ana])

    assert ana.slash(ops, "/sample quick").text == "Quick answer"
    assert ana.slash(ops, "/sample find @ana", seconds=10).words() == "You said find @ana"


def test_every_attempt_to_deliver_is_counted(bench: Bench) -> None:
    ana = bench.driver.person("ana")
    ops = bench.driver.channel("ops", members=[ana])
    bench.driver.invite_bot(ops)
    ana.say(ops, "hello")

    said = [d for d in bench.driver.deliveries() if d["payload"]["event"].get("text") == "hello"]

    assert [(d["type"], d["attempts"], d["acked"]) for d in said] == [("message", 1, True)]


def test_a_refreshed_socket_is_replaced_and_goes_on_working(tmp_path: Path) -> None:
    with running(tmp_path, "socket", retry_delays=()) as bench:
        driver = bench.driver
        ana = driver.person("ana")
        ops = driver.channel("ops", members=[ana])
        driver.invite_bot(ops)

        driver.refresh_sockets()
        # The app may already have reconnected.
        driver.until(driver.sockets, 30)
        ana.say(ops, "card, please")

        assert driver.until(lambda: [m for m in driver.messages(ops) if m.buttons()])


def test_several_connections_take_turns(tmp_path: Path) -> None:
    """Each message goes to exactly one of the connections."""
    with running(tmp_path, "socket", retry_delays=()) as bench:
        driver = bench.driver
        ana = driver.person("ana")
        ops = driver.channel("ops", members=[ana])
        driver.invite_bot(ops)
        second = SocketModeClient(bench.sandbox.app_token, web_client=bench.client)
        heard: list[SocketModeRequest] = []

        def take(client: BaseSocketModeClient, request: SocketModeRequest) -> None:
            heard.append(request)
            client.send_socket_mode_response(SocketModeResponse(request.envelope_id))

        second.socket_mode_request_listeners.append(take)
        second.connect()
        driver.until(lambda: driver.sockets() == 2)
        before = len(bench.heard("message"))
        for number in range(6):
            ana.say(ops, f"message {number}")
        # It reads until its connection closes, or for some seconds.
        second.auto_reconnect_enabled = False
        driver.cut_sockets()
        second.close()

        assert len(heard) == 3
        assert len(bench.heard("message")) - before == 3


def test_a_connection_at_rest_is_let_go_by_who_asks_and_not_under_a_request() -> None:
    rests = httpx.Limits().keepalive_expiry
    assert rests is not None
    assert rests < KEEP_ALIVE_SECONDS


def test_who_connects_in_the_moment_of_the_end_is_let_go(tmp_path: Path) -> None:
    callers: list[socket.socket] = []

    def call(port: int, called: threading.Event) -> None:
        try:
            for _ in range(300):
                callers.append(socket.create_connection(("127.0.0.1", port)))
                called.set()
        except ConnectionError:
            return  # The connection closed.

    for _ in range(5):
        with Sandbox(manifest(tmp_path)) as sandbox:
            called = threading.Event()
            calling = threading.Thread(
                target=call, args=(urlsplit(sandbox.url).port, called), daemon=True
            )
            calling.start()
            called.wait()
        calling.join()
        while callers:
            callers.pop().close()

    # A connection that the server left open causes a warning when collected, which fails here.
    gc.collect()


def test_a_driver_of_the_same_process_does_and_is_refused_what_one_over_http_is(
    tmp_path: Path,
) -> None:
    with running(tmp_path) as bench, Driver.connect(bench.sandbox.url) as far:
        near = bench.driver
        ana = near.person("ana")
        near.channel("ops", members=[ana])
        refusals = []
        for driver in (near, far):
            for wrong in ({"verb": "talk.shout"}, {"verb": "forms.submit", "view": "V1"}):
                with pytest.raises(ActionRefusedError) as refused:
                    driver.do(**wrong)
                refusals.append(str(refused.value))
        assert refusals[:2] == refusals[2:]
        assert near.channels() == far.channels()

        # The caller owns the returned JSON.
        near.channels()[0]["members"].clear()

        assert near.channels()[0]["members"] == [ana.id]


def test_a_connection_that_breaks_while_it_is_sent_to_just_ends() -> None:
    """Messages that the app sent before may still be read."""
    mode = SocketMode("A1")
    came = iter(
        [
            {"type": "websocket.connect"},
            {"type": "websocket.receive", "text": '{"envelope_id": "1"}'},
        ]
    )

    async def receive() -> dict[str, str]:
        message = next(came)
        if message["type"] == "websocket.receive":
            gone.append(message)
            with pytest.raises(WebSocketDisconnect):
                await connection.send_json({})
        return message

    async def send(_message: object) -> None:
        if gone:
            raise OSError

    gone: list[object] = []
    scope = {"type": "websocket", "query_string": f"ticket={mode.ticket()}".encode(), "headers": []}
    connection = WebSocket(scope, receive, send)

    run_coroutine(mode.serve(connection))

    assert mode.connections == 0
