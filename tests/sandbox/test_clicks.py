"""Commands, buttons, ephemeral messages and response URLs."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest

from sandbox.errors import ActionRefusedError
from sandbox.forms import View
from sandbox.seen import Answer, Message
from tests.support.sandbox_sample import Bench, card, running


@pytest.fixture
def bench(tmp_path: Path) -> Iterator[Bench]:
    with running(tmp_path, retry_delays=()) as found:
        yield found


def whisper(bench: Bench) -> Message:
    """Return an ephemeral card that ana sees in #ops."""
    ana = bench.driver.person("ana")
    ops = bench.driver.channel("ops", members=[ana])
    bench.driver.invite_bot(ops)
    ana.say(ops, "whisper")
    return ana.ephemerals(ops)[-1]


def test_an_ephemeral_is_deleted_by_the_answer_to_its_button(bench: Bench) -> None:
    shown = whisper(bench)
    ana = bench.driver.known("ana")

    ana.press("Drop", on=shown)

    assert ana.ephemerals() == []
    click = bench.driver.deliveries()[-1]["payload"]
    assert click["container"]["is_ephemeral"] is True
    assert "message" not in click
    with pytest.raises(ActionRefusedError, match="sees no message"):
        ana.press("Drop", on=shown)


def test_a_button_carries_its_value_and_opens_a_modal(bench: Bench) -> None:
    ana = bench.driver.known("ana") if whisper(bench) else None
    assert ana is not None

    view = ana.press("open", on=ana.ephemerals()[-1])

    assert isinstance(view, View)
    action = bench.driver.deliveries()[-1]["payload"]["actions"][0]
    assert (action["action_id"], action["value"], action["type"]) == ("open", "7", "button")


def test_a_menu_in_a_message_answers_the_one_who_chose(bench: Bench) -> None:
    driver = bench.driver
    ana, ben = driver.person("ana"), driver.person("ben")
    ops = driver.channel("ops", members=[ana, ben])
    driver.invite_bot(ops)
    bench.client.chat_postMessage(channel=ops.id, **card("For all"))

    answer = ben.select("more", "History", on=driver.messages(ops)[-1])

    assert isinstance(answer, Answer)
    assert answer.text == "The history"
    assert [message.text for message in ben.ephemerals()] == ["The history"]
    assert ana.ephemerals() == []


def test_the_same_label_twice_has_to_be_told_apart(bench: Bench) -> None:
    driver = bench.driver
    ana = driver.person("ana")
    ops = driver.channel("ops", members=[ana])
    driver.invite_bot(ops)
    blocks = [*card("First")["blocks"], *card("Second")["blocks"]]
    bench.client.chat_postMessage(channel=ops.id, text="Two", blocks=blocks)
    two = driver.messages(ops)[-1]

    with pytest.raises(ActionRefusedError, match="say which"):
        ana.press("Open", on=two)
    ana.press("Open", on=two, near="Second")

    pressed = driver.deliveries()[-1]["payload"]["actions"][0]["block_id"]
    assert pressed == two.blocks[3]["block_id"]


def test_a_press_counts_though_an_update_came_before_it(bench: Bench) -> None:
    driver = bench.driver
    ana = driver.person("ana")
    ops = driver.channel("ops", members=[ana])
    driver.invite_bot(ops)
    posted = bench.client.chat_postMessage(channel=ops.id, **card("First"))
    drawn = driver.messages(ops)[-1]
    block_id = drawn.blocks[1]["block_id"]
    update: dict[str, Any] = {"channel": ops.id, "ts": posted["ts"]}

    bench.client.chat_update(**update, **card("Second"))
    ana.press(f"{block_id}/open", on=drawn)
    pressed = driver.deliveries()[-1]["payload"]
    assert (pressed["actions"][0]["block_id"], pressed["actions"][0]["value"]) == (block_id, "7")
    assert pressed["message"]["blocks"][1]["block_id"] != block_id

    bench.client.chat_update(**update, **card("Third"))
    with pytest.raises(ActionRefusedError, match="there is no"):
        ana.press(f"{block_id}/open", on=drawn)
    with pytest.raises(ActionRefusedError, match="there is no"):
        ana.press("Close", on=drawn)


def test_a_command_that_is_not_acknowledged_fails(bench: Bench) -> None:
    ana = bench.driver.person("ana")
    ops = bench.driver.channel("ops", members=[ana])
    bench.answer = lambda _body, _headers: (500, {}, b"")

    assert ana.slash(ops, "/sample x").error == "dispatch_failed"


def test_a_command_that_is_acknowledged_late_times_out(tmp_path: Path) -> None:
    told = threading.Event()

    def late(_body: bytes, _headers: dict[str, str]) -> tuple[int, dict[str, str], bytes]:
        told.wait(60)
        return 200, {}, b""

    with running(tmp_path, ack_seconds=0.2) as bench:
        ana = bench.driver.person("ana")
        ops = bench.driver.channel("ops", members=[ana])
        bench.answer = late
        assert ana.slash(ops, "/sample x").error == "operation_timeout"
        told.set()


def test_a_command_is_private_unless_the_answer_says_otherwise(bench: Bench) -> None:
    driver = bench.driver
    ana, ben = driver.person("ana"), driver.person("ben")
    ops = driver.channel("ops", members=[ana, ben])
    ana.slash(ops, "/sample hello")
    assert ben.sees(ops) == []
    answer = httpx.post(_last_url(bench), json={"response_type": "in_channel", "text": "All"})

    assert answer.status_code == 200
    assert [message.text for message in ben.sees(ops)] == ["All"]


def test_a_response_url_takes_five_posts_in_thirty_minutes(tmp_path: Path) -> None:
    times = [datetime(2026, 3, 2, 12, tzinfo=UTC)]
    with running(tmp_path, now=lambda: times[-1]) as bench:
        ana = bench.driver.person("ana")
        ops = bench.driver.channel("ops", members=[ana])
        ana.slash(ops, "/sample once")
        answers = [httpx.post(_last_url(bench), json={"text": "again"}) for _ in range(5)]
        assert [answer.status_code for answer in answers] == [200] * 4 + [404]
        assert answers[-1].text == "used_url"

        ana.slash(ops, "/sample twice")
        times.append(times[-1] + timedelta(minutes=30))
        assert httpx.post(_last_url(bench), json={"text": "late"}).text == "expired_url"


def _last_url(bench: Bench) -> str:
    return str(bench.driver.deliveries()[-1]["payload"]["response_url"])


def test_people_of_other_organisations_have_no_commands_here(bench: Bench) -> None:
    fay = bench.driver.person("fay", foreign=True)
    ops = bench.driver.channel("ops", members=[fay], shared=True)

    with pytest.raises(ActionRefusedError, match="not a valid command"):
        fay.slash(ops, "/sample hello")
