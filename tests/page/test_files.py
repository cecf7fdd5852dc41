"""Files in the page: sending them, and how others see them."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import expect

from tests.page.conftest import Visit
from tests.support.files import PNG, with_files
from tests.support.page_files import file
from tests.support.sandbox_sample import Bench, running


@pytest.fixture
def bench(tmp_path: Path, port: int) -> Iterator[Bench]:
    with running(tmp_path, manifest=with_files(tmp_path), retry_delays=(), port=port) as found:
        yield found


def test_files_are_sent_with_the_message_and_drawn_for_everyone(bench: Bench, visit: Visit) -> None:
    ana, ben = bench.driver.person("ana"), bench.driver.person("ben")
    ops = bench.driver.channel("ops", members=[ana, ben])
    hers, his = visit("?as=ana&in=ops"), visit("?as=ben&in=ops")

    with hers.expect_file_chooser() as chooser:
        hers.get_by_role("button", name="Attach files").click()
    html = b"<b>no page</b>" * 100
    chooser.value.set_files([file("graph.png", PNG), file("page.html", html)])
    expect(hers.get_by_role("list", name="Files to send").get_by_text("1.4 kB")).to_be_visible()
    hers.get_by_role("textbox", name="Message #ops").fill("Look")
    expect(hers.get_by_role("button", name="Send")).to_be_enabled()
    hers.keyboard.press("Enter")

    said = his.get_by_role("article", name="ana")
    picture = said.get_by_role("img", name="graph.png")
    expect(picture).to_have_js_property("naturalWidth", 1)
    expect(said.get_by_role("link", name="page.html")).to_contain_text("HTML · 1.4 kB")
    with his.expect_download() as download:
        said.get_by_role("link", name="page.html").click()
    assert download.value.suggested_filename == "page.html"
    expect(hers.get_by_role("list", name="Files to send")).to_have_count(0)
    assert bench.driver.messages(ops)[0].text == "Look"


def test_a_file_goes_alone_and_one_that_was_left_out_does_not(bench: Bench, visit: Visit) -> None:
    ana = bench.driver.person("ana")
    ops = bench.driver.channel("ops", members=[ana])
    window = visit("?as=ana&in=ops")

    for name in ("notes.txt", "wrong.txt"):
        window.locator("input[type=file]").set_input_files(file(name, b"abc"))
    window.get_by_role("button", name="Remove wrong.txt").click()
    window.get_by_role("button", name="Send").click()

    tile = window.get_by_role("article", name="ana").get_by_role("link", name="notes.txt")
    expect(tile).to_be_visible()
    [message] = bench.driver.messages(ops)
    assert [file["name"] for file in message.raw["files"]] == ["notes.txt"]
    bench.driver.do("files.delete", user=ana.id, file=message.raw["files"][0]["id"])
    expect(window.get_by_text("This file was deleted.")).to_be_visible()


def test_an_image_block_shows_a_file_of_the_workspace(bench: Bench, visit: Visit) -> None:
    ana = bench.driver.person("ana")
    ops = bench.driver.channel("ops", members=[ana])
    bench.driver.invite_bot(ops)
    found = bench.client.files_upload_v2(filename="graph.png", content=PNG)["file"]
    image = {"type": "image", "slack_file": {"id": found["id"]}, "alt_text": "Errors by hour"}
    small = {"type": "image", "slack_file": {"url": found["url_private"]}, "alt_text": "A logo"}
    blocks: list[dict[str, Any]] = [image, {"type": "context", "elements": [small]}]
    bench.client.chat_postMessage(channel=str(ops), text="The graph", blocks=blocks)

    window = visit("?as=ana&in=ops")

    for name in ("Errors by hour", "A logo"):
        expect(window.get_by_role("img", name=name)).to_have_js_property("naturalWidth", 1)
