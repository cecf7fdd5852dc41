"""The log has our own events, and no text of people."""

import logging
from collections.abc import Iterator, Sequence

import pytest
from slack_bolt import BoltRequest
from slack_sdk.signature import SignatureVerifier

from bot.log import set_up
from tests.support.ops import Ops


@pytest.fixture
def logging_restored() -> Iterator[None]:
    names = ("", "bot", "storage", "slack_bolt", "slack_sdk", "websocket", "apscheduler")
    loggers = [logging.getLogger(name) for name in names]
    before = [(logger, logger.level, logger.handlers[:]) for logger in loggers]
    yield
    for logger, level, handlers in before:
        logger.setLevel(level)
        logger.handlers[:] = handlers


@pytest.mark.usefixtures("logging_restored")
def test_bolts_messages_about_its_start_and_requests_stay_out_of_the_log(
    ops: Ops, capsys: pytest.CaptureFixture[str]
) -> None:
    set_up("INFO", "text")
    ops.start()
    assert ops.bot
    body = f"command=%2Fother&text=hush&team_id={ops.team}&user_id=U1&channel_id=C1&trigger_id=1"
    signed = SignatureVerifier(ops.sandbox.signing_secret)
    stamp = str(int(signed.clock.now()))
    signature = signed.generate_signature(timestamp=stamp, body=body)
    assert signature
    headers: dict[str, str | Sequence[str]] = {
        "content-type": "application/x-www-form-urlencoded",
        "x-slack-request-timestamp": stamp,
        "x-slack-signature": signature,
    }

    response = ops.bot.app.dispatch(BoltRequest(body=body, headers=headers))

    assert response.status == 404
    assert capsys.readouterr().err == ""
