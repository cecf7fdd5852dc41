"""The API log, and the rules behind Slack's refusals."""

from __future__ import annotations

import ast
import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from slack_sdk.errors import SlackApiError

import sandbox
from sandbox.model import Json
from sandbox.rules import rule
from tests.support.sandbox_sample import Bench, running


@pytest.fixture
def bench(tmp_path: Path) -> Iterator[Bench]:
    with running(tmp_path, retry_delays=(0.0,)) as found:
        yield found


def told(bench: Bench, **params: str) -> Json:
    """Return the first patch for a page."""
    with httpx.stream("GET", f"{bench.sandbox.url}/page/live", params=params) as stream:
        line = next(each for each in stream.iter_lines() if each.startswith("data: "))
    return dict(json.loads(line.removeprefix("data: ")))


def rows(bench: Bench) -> list[Json]:
    return list(told(bench, traffic="0")["traffic"])


def last(bench: Bench, title: str) -> Json:
    return [row for row in rows(bench) if row["title"] == title][-1]


def test_each_exchange_is_a_row_in_order_with_where_who_and_what(bench: Bench) -> None:
    ana = bench.driver.person("ana")
    ops = bench.driver.channel("ops", members=[ana])
    bench.driver.invite_bot(ops, by=ana)
    ana.slash(ops, "/sample form")
    said = ana.say(ops, "card, please")

    # The app also gets an event for its own message, a moment later.
    bench.driver.until(lambda: all(each["acked"] for each in bench.driver.deliveries()))

    found = rows(bench)

    assert [row["number"] for row in found] == sorted(row["number"] for row in found)
    titles = [row["title"] for row in found]
    assert titles.index("command") < titles.index("views.open") < titles.index("chat.postMessage")
    assert last(bench, "command")["says"] == "#ops · ana · /sample form"
    assert last(bench, "views.open")["says"] == "A form"
    message = next(row for row in found if row["says"] == "#ops · ana · card, please")
    assert message["at"] == pytest.approx(float(said), abs=5)
    assert not [row for row in found if row["refusal"] or row["seconds"] is None]


def test_without_asking_a_page_hears_how_many_were_refused_and_no_more(bench: Bench) -> None:
    with pytest.raises(SlackApiError):
        bench.client.chat_postMessage(channel="C0NOWHERE01", text="Hello")

    found = told(bench)

    assert found["refused"] == 1
    assert "traffic" not in found


def test_a_refused_block_is_pointed_at_and_the_rule_told(bench: Bench) -> None:
    ana = bench.driver.person("ana")
    ops = bench.driver.channel("ops", members=[ana])
    bench.driver.invite_bot(ops, by=ana)
    blocks: list[dict[str, Any]] = [{"type": "divider"}, {"type": "header", "text": "bare"}]
    with pytest.raises(SlackApiError):
        bench.client.chat_postMessage(channel=ops.id, text="Hello", blocks=blocks)

    row = last(bench, "chat.postMessage")
    whole = bench.driver.do("page.exchange", number=row["number"])

    assert row["refusal"] == "invalid_blocks"
    assert row["page"] == "reference/block-kit/blocks"
    assert whole["faults"] == [{"words": "must provide an object", "pointer": "/blocks/1/text"}]
    assert whole["parts"][0]["json"]["blocks"] == blocks


def test_an_answer_to_a_form_that_slack_does_not_take_is_a_refusal(bench: Bench) -> None:
    ana = bench.driver.person("ana")
    ops = bench.driver.channel("ops", members=[ana])
    view = ana.slash(ops, "/sample form").view
    assert view
    view.fill({"Title": "wrong"})
    view.submit()

    row = last(bench, "view_submission")
    whole = bench.driver.do("page.exchange", number=row["number"])

    assert row["refusal"] == "invalid_response"
    assert "keyed by the block_id of an input" in whole["faults"][0]["words"]


def test_an_event_that_was_taken_at_the_second_attempt_keeps_its_failure(bench: Bench) -> None:
    ana = bench.driver.person("ana")
    ops = bench.driver.channel("ops", members=[ana])
    bench.driver.invite_bot(ops, by=ana)
    answers = iter([500])
    bench.answer = lambda _body, _headers: (next(answers, 200), {}, b"")
    ana.say(ops, "Hello")

    row = last(bench, "message")

    assert (row["attempts"], row["refusal"]) == (2, "http_error")
    assert row["seconds"] is not None


def test_tokens_are_never_shown(bench: Bench) -> None:
    bench.client.api_call("auth.test", params={"note": bench.sandbox.bot_token})
    httpx.post(
        f"{bench.sandbox.api_url}apps.connections.open",
        headers={"Authorization": f"Bearer {bench.sandbox.app_token}"},
    )
    ana = bench.driver.person("ana")
    ops = bench.driver.channel("ops", members=[ana])
    ana.slash(ops, "/sample quick")

    found = rows(bench)
    whole = [bench.driver.do("page.exchange", number=row["number"]) for row in found]
    drawn = json.dumps([found, whole])

    assert bench.sandbox.bot_token not in drawn
    assert bench.sandbox.app_token not in drawn
    assert "legacy-verification-token" not in drawn
    assert not re.search(r"ticket=\w", drawn)


def test_every_word_that_the_sandbox_refuses_with_has_its_rule() -> None:
    unknown = rule("no word of Slack's")
    words = set()
    for path in Path(sandbox.__file__).parent.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "SlackError":
                words |= {arg.value for arg in node.args[:1] if isinstance(arg, ast.Constant)}

    assert words > {"missing_scope", "expired_trigger_id", "hash_conflict"}
    assert {word for word in words if rule(str(word)) == unknown} == set()
