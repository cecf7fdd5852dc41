"""Helpers that find drawn blocks on the Block Kit page and in messages."""

from __future__ import annotations

import json
from typing import Any

from playwright.sync_api import Locator, Page

from sandbox.page_files import PAGE
from tests.page.conftest import Visit
from tests.support.sandbox_sample import Bench

KIT: dict[str, Any] = json.loads((PAGE / "kit" / "kit.json").read_text("utf-8"))


def face(page: Page, name: str, surface: str = "Message") -> Locator:
    """Return a sample of the Block Kit page on one surface."""
    shown = page.get_by_role("article", name=name, exact=True)
    return shown.get_by_role("region", name=surface, exact=True)


def posted(bench: Bench, visit: Visit, text: str, *blocks: dict[str, Any]) -> Locator:
    """Post a message as the app, and return it as ana sees it."""
    ana = bench.driver.person("ana")
    ops = bench.driver.channel("ops", members=[ana])
    bench.driver.invite_bot(ops, by=ana)
    bench.client.chat_postMessage(channel=ops.id, text=text, blocks=list(blocks) or None)
    # The first message says that the app has joined.
    return visit("?as=ana&in=ops").get_by_role("article", name="Sample").last
