"""The web page: what it gets, and who may act through it."""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from starlette.applications import Starlette
from starlette.routing import Mount

from sandbox.model import Json
from sandbox.page_files import PAGE, PageFiles
from tests.support.coroutines import run_coroutine
from tests.support.sandbox_sample import Bench, running


@pytest.fixture
def bench(tmp_path: Path) -> Iterator[Bench]:
    with running(tmp_path, retry_delays=()) as found:
        yield found


def told(bench: Bench, user: str, channel: str = "", since: int = 0) -> Json:
    """Return the first patch for a page."""
    params: dict[str, Any] = {"user": user, "channel": channel, "since": since}
    with httpx.stream("GET", f"{bench.sandbox.url}/page/live", params=params) as stream:
        line = next(each for each in stream.iter_lines() if each.startswith("data: "))
    return dict(json.loads(line.removeprefix("data: ")))


def test_the_page_and_its_parts_are_served(bench: Bench) -> None:
    page = httpx.get(bench.sandbox.url, follow_redirects=True)

    assert page.headers["content-type"].startswith("text/html")
    for part in ("app.js", "blocks/draw.js", "vendor/preact.js", "styles/tokens.css"):
        assert httpx.get(f"{bench.sandbox.url}/page/{part}").status_code == 200
    assert httpx.get(f"{bench.sandbox.url}/page/none.js").status_code == 404


@pytest.mark.parametrize("page", ["", "kit.html"])
def test_a_browser_keeps_the_parts_of_a_page_until_one_changes(page: str, tmp_path: Path) -> None:
    folder = tmp_path / "page"
    shutil.copytree(PAGE, folder)
    transport = httpx.ASGITransport(Starlette(routes=[Mount("/page", PageFiles(folder))]))

    async def answer(path: str) -> httpx.Response:
        async with httpx.AsyncClient(transport=transport, base_url="http://sandbox") as browser:
            return await browser.get(path)

    def parts() -> list[httpx.Response]:
        shown = run_coroutine(answer(f"/page/{page}"))
        assert shown.headers["cache-control"] == "no-cache"
        named = re.findall(r'(?:href|src)="([^":]+)"', shown.text)
        return [run_coroutine(answer(f"/page/{part}")) for part in named]

    before = parts()
    (folder / "later.css").write_text("")
    after = parts()

    assert len(before) == len(after) > 5
    for each in (*before, *after):
        assert each.status_code == 200
        assert "immutable" in each.headers["cache-control"]
    assert not {each.url for each in before} & {each.url for each in after}
    # An older page gets files of the new version, which must not be cached under the old path.
    assert run_coroutine(answer(str(before[0].url))).headers["cache-control"] == "no-cache"


def test_a_person_is_told_of_what_they_may_see_and_of_nothing_else(bench: Bench) -> None:
    driver = bench.driver
    ana, ben = driver.person("ana"), driver.person("ben")
    ops = driver.channel("ops", members=[ana])
    secret = driver.channel("secret", private=True, members=[ana])
    ana.say(secret, "hush")
    ana.slash(ops, "/sample form")

    hers, his = told(bench, ana.id, secret.id), told(bench, ben.id, secret.id)

    assert [message["words"] for message in hers["messages"]] == ["hush"]
    assert hers["modal"]["raw"]["title"]["text"] == "A form"
    assert [channel["id"] for channel in his["channels"]] == [ops.id]
    assert "messages" not in his
    assert his["modal"] is None
    assert driver.do("page.history", user=ben.id, channel=secret.id)["messages"] == []
    assert [command["name"] for command in hers["app"]["commands"]] == ["/sample"]


def test_only_what_changed_since_is_told(bench: Bench) -> None:
    driver = bench.driver
    ana = driver.person("ana")
    ops = driver.channel("ops", members=[ana])
    first, second = ana.say(ops, "one"), ana.say(ops, "two")
    page = driver.do("page.history", user=ana.id, channel=ops.id)
    ana.edit(ops, first, "one more")
    driver.do("talk.delete", channel=ops.id, ts=str(second))

    patch = told(bench, ana.id, ops.id, page["change"])

    assert [message["words"] for message in patch["messages"]] == ["one more"]
    assert patch["gone"] == [str(second)]


def test_a_channel_is_unread_until_its_reader_was_there(bench: Bench) -> None:
    driver = bench.driver
    ana, ben = driver.person("ana"), driver.person("ben")
    ops = driver.channel("ops", members=[ana, ben])
    told(bench, ben.id)
    ts = ana.say(ops, "@ben, a look please")
    before = told(bench, ben.id)["channels"][0]

    driver.do("page.read", user=ben.id, channel=ops.id, ts=str(ts))

    after = told(bench, ben.id)["channels"][0]
    assert (before["unread"], before["mentions"]) == (1, 1)
    assert (after["unread"], after["mentions"]) == (0, 0)
    assert told(bench, ana.id)["channels"][0]["unread"] == 0


def test_a_page_of_another_origin_can_not_act(bench: Bench) -> None:
    """Browsers send forms and plain text anywhere. For JSON they ask first, and aren't allowed."""
    url = f"{bench.sandbox.url}/control/places.person"
    form = httpx.post(url, content='{"name": "eve"}', headers={"content-type": "text/plain"})
    asked = httpx.options(url, headers={"origin": "https://evil.example"})

    assert form.status_code == 415
    assert "access-control-allow-origin" not in asked.headers
    names = [person["name"] for person in bench.driver.do("places.people")]
    assert "eve" not in names


def test_a_command_that_fails_is_told_by_slackbot_to_the_one_who_typed_it(bench: Bench) -> None:
    driver = bench.driver
    ana, ben = driver.person("ana"), driver.person("ben")
    ops = driver.channel("ops", members=[ana, ben])
    root = ana.say(ops, "where it began")
    bench.answer = lambda _body, _headers: (500, {}, b"")

    place = {"user": ana.id, "channel": ops.id}
    taken = [
        driver.do("composer.send", **place, text="/sample x"),
        driver.do("composer.send", **place, text="/nothing x"),
        driver.do("composer.send", **place, text="/sample x", thread=str(root)),
    ]

    assert taken == [False, False, False]
    assert [message.text for message in ana.ephemerals()] == [
        '/sample failed with the error "dispatch_failed"',
        "`/nothing` is not a valid command.",
        "/sample is not supported in threads. Sorry!",
    ]
    assert ana.ephemerals()[-1].thread_ts == str(root)
    assert ben.ephemerals() == []


def test_a_path_is_no_command(bench: Bench) -> None:
    ana = bench.driver.person("ana")
    ops = bench.driver.channel("ops", members=[ana])

    bench.driver.do("composer.send", user=ana.id, channel=ops.id, text="/etc/hosts is gone")

    assert [message.text for message in bench.driver.messages(ops)] == ["/etc/hosts is gone"]


def test_a_reply_that_is_sent_to_the_channel_too_says_to_which_thread(bench: Bench) -> None:
    driver = bench.driver
    ana = driver.person("ana")
    ops = driver.channel("ops", members=[ana])
    root = ana.say(ops, "where it began")
    place = {"user": ana.id, "channel": ops.id}

    driver.do("composer.send", **place, text="the answer", thread=str(root), broadcast=True)

    reply = driver.do("page.history", **place)["messages"][-1]
    assert reply["raw"]["subtype"] == "thread_broadcast"
    assert reply["root"] == "where it began"


def test_what_is_marked_unread_stays_so(bench: Bench) -> None:
    driver = bench.driver
    ana, ben = driver.person("ana"), driver.person("ben")
    ops = driver.channel("ops", members=[ana, ben])
    told(bench, ben.id)
    first, _, last = [ana.say(ops, text) for text in ("one", "two", "three")]
    driver.do("page.read", user=ben.id, channel=ops.id, ts=str(last))

    driver.do("page.unread", user=ben.id, channel=ops.id, ts=str(first))

    assert told(bench, ben.id)["channels"][0]["unread"] == 3
    assert driver.do("page.unreads")[ben.id] == {"unread": 3, "mentions": 0}


def test_what_one_alone_sees_can_be_dismissed(bench: Bench) -> None:
    ana = bench.driver.person("ana")
    ops = bench.driver.channel("ops", members=[ana])
    bench.driver.invite_bot(ops)
    ana.say(ops, "whisper")
    (whisper,) = ana.ephemerals()

    bench.driver.do("page.dismiss", user=ana.id, channel=ops.id, ts=str(whisper))

    assert ana.ephemerals() == []


def test_direct_messages_with_the_app_open_on_demand(bench: Bench) -> None:
    ana = bench.driver.person("ana")

    direct = bench.driver.do("page.direct", user=ana.id)

    assert bench.driver.do("page.direct", user=ana.id) == direct
    bench.driver.until(lambda: len(bench.heard("app_home_opened")) == 2)
    assert {event["tab"] for event in bench.heard("app_home_opened")} == {"messages"}
