"""Attachments in the page: link previews, and those that apps add."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.page.conftest import Visit
from tests.support.links import URL, with_links
from tests.support.sandbox_sample import Bench, running


@pytest.fixture
def bench(tmp_path: Path, port: int) -> Iterator[Bench]:
    with running(tmp_path, manifest=with_links(tmp_path), retry_delays=(), port=port) as found:

        @found.app.event("link_shared")
        def preview(event: dict[str, str]) -> None:
            blocks = [{"type": "header", "text": {"type": "plain_text", "text": "Rollbacks"}}]
            unfurls = {URL: {"blocks": blocks, "color": "#36a64f"}}
            channel, ts = event["channel"], event["message_ts"]
            found.client.chat_unfurl(channel=channel, ts=ts, unfurls=unfurls)

        yield found


def test_a_link_is_previewed_and_its_author_removes_that(bench: Bench, visit: Visit) -> None:
    ana, ben = bench.driver.person("ana"), bench.driver.person("ben")
    bench.driver.channel("ops", members=[ana, ben])
    hers, his = visit("?as=ana&in=ops"), visit("?as=ben&in=ops")

    hers.get_by_role("textbox", name="Message #ops").fill(f"Look: {URL}")
    hers.keyboard.press("Enter")

    seen, own = (window.get_by_role("region", name="Preview of") for window in (his, hers))
    expect(seen.get_by_role("heading", name="Rollbacks")).to_be_visible()
    expect(seen).to_have_css("border-left-color", "rgb(54, 166, 79)")
    expect(seen.get_by_role("button", name="Remove preview")).to_have_count(0)
    own.get_by_role("button", name="Remove preview").click()
    expect(seen).to_have_count(0)


def test_the_older_parts_of_an_attachment_are_drawn(bench: Bench, visit: Visit) -> None:
    ana = bench.driver.person("ana")
    ops = bench.driver.channel("ops", members=[ana])
    bench.driver.invite_bot(ops)
    attachment = {
        "color": "danger",
        "pretext": "From *monitoring*",
        "author_name": "watch",
        "title": "Disk &amp; queue",
        "title_link": "javascript:alert(1)",
        "text": "<https://example.com|Full> at <!channel>",
        "fields": [{"title": "Host", "value": "db-1", "short": True}],
        "footer": "every minute",
        "ts": 1_700_000_000,
    }
    bench.client.chat_postMessage(channel=str(ops), text="Alert", attachments=[attachment])

    drawn = visit("?as=ana&in=ops").get_by_role("region", name="Attachment")

    expect(drawn).to_have_css("border-left-color", "rgb(224, 30, 90)")
    for words in ("From monitoring", "watch", "Disk & queue", "Full", "Host", "db-1"):
        expect(drawn.get_by_text(words).first).to_be_visible()
    expect(drawn.get_by_text(re.compile("every minute · .*14 November 2023"))).to_be_visible()
    # Only web addresses become links.
    expect(drawn.get_by_role("link")).to_have_count(1)
