"""The web page's view of the workspace, and who may act through it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from tests.sandbox_sample import Bench, running


@pytest.fixture
def bench(tmp_path: Path) -> Iterator[Bench]:
    with running(tmp_path, retry_delays=()) as found:
        yield found


def test_the_page_and_its_parts_are_served(bench: Bench) -> None:
    page = httpx.get(bench.sandbox.url, follow_redirects=True)

    assert page.headers["content-type"].startswith("text/html")
    for part in ("page.js", "blocks.js", "mrkdwn.js", "dom.js", "page.css"):
        assert httpx.get(f"{bench.sandbox.url}/page/{part}").status_code == 200


def test_the_page_shows_a_person_what_they_may_see(bench: Bench) -> None:
    driver = bench.driver
    ana, ben = driver.person("ana"), driver.person("ben")
    ops = driver.channel("ops", members=[ana])
    secret = driver.channel("secret", private=True, members=[ana])
    ana.say(secret, "hush")
    ana.slash(ops, "/sample form")

    mine = driver.do("page.state", user=ana.id, channel=secret.id)
    theirs = driver.do("page.state", user=ben.id, channel=secret.id)

    assert [message["words"] for message in mine["messages"]] == ["hush"]
    assert mine["modal"]["raw"]["title"]["text"] == "A form"
    assert [channel["id"] for channel in theirs["channels"]] == [ops.id]
    assert (theirs["messages"], theirs["modal"]) == ([], None)
    assert (mine["commands"], mine["shortcuts"]) == (["/sample"], ["Keep this"])


def test_a_page_of_another_origin_can_not_act(bench: Bench) -> None:
    """A browser sends a form or plain text anywhere; JSON it first asks for, and gets no yes."""
    url = f"{bench.sandbox.url}/control/places.person"
    form = httpx.post(url, content='{"name": "eve"}', headers={"content-type": "text/plain"})
    asked = httpx.options(url, headers={"origin": "https://evil.example"})

    assert form.status_code == 415
    assert "access-control-allow-origin" not in asked.headers
    names = [person["name"] for person in bench.driver.do("places.people")]
    assert "eve" not in names
