"""The demo's weekly digests: each fits on one screen, and none repeats the one before."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Final

from playwright.sync_api import Locator, Page, expect

from bot.cli.demo import acts
from bot.cli.demo.acts import Ops
from bot.cli.demo.chat import Chat
from bot.cli.demo.processes import Running, running
from sandbox.seen import Message
from tests.support.demo import PATIENT_LAUNCH

_WEEKS: Final = 3
# The lines that fit on a screen of 1280 by 900.
_ROWS: Final = 25
# Texts whose lower edges are this close, in pixels, are in one row.
_SAME_ROW: Final = 12
_EDGES: Final = """message => {
  const walker = document.createTreeWalker(message, NodeFilter.SHOW_TEXT), edges = [];
  while (walker.nextNode()) {
    const range = document.createRange();
    range.selectNodeContents(walker.currentNode);
    for (const box of range.getClientRects()) if (box.height > 4) edges.push(box.bottom);
  }
  return edges;
}"""
# The height of a message, and of the list that shows it.
_ROOM: Final = """message => {
  let list = message.parentElement;
  while (list.scrollHeight <= list.clientHeight) list = list.parentElement;
  return [message.getBoundingClientRect().height, list.clientHeight];
}"""


def test_a_week_fits_on_one_screen_and_is_not_repeated(visitor: Callable[..., Page]) -> None:
    with running(PATIENT_LAUNCH) as up:
        ops = _played(up)
        digests = [acts.ask_for_digest(ops, "theo")]
        up.settle()
        for number in range(_WEEKS):
            up.driver.do("time.monday", zone="Europe/Berlin")
            digests.append(_posted(up, ops, number + 2))
        texts = [digest.words() for digest in digests]
        for text in texts:
            keys = re.findall(r"\b(?:DEC|ESC|HND)-\d+\b", text)
            assert len(keys) == len(set(keys)), text
        gaps = [title for title, _ in acts.list_gaps(ops, digests[0])]
        assert len(gaps) > 1
        # Threads settle side by side, so the two largest matters may change places.
        assert any("JupyterHub session" in gap for gap in gaps[:2]), gaps
        assert not any(gap in text for gap in gaps for text in texts[1:])
        assert all(f"{len(gaps)} earlier gaps: /lore gaps" in text for text in texts[1:])
        assert len(set(texts)) == len(texts)
        window = visitor(f"{up.url}/page/?as=mira&in=ops", viewport={"width": 1280, "height": 900})
        for digest in digests:
            _fits(window.locator(f"[data-ts='{digest.ts}']"))
        # The page would report that the sandbox is gone.
        window.goto("about:blank")


def _played(up: Running) -> Ops:
    """Run the demo until its digest."""
    ops = acts.replay(up.driver, Chat.load().until(datetime.now(UTC)), lambda _: None)
    up.settle()
    acts.record_decision(ops, "clara")
    acts.approve(ops, "theo", acts.NEW_KERNEL)
    acts.record_escalation(ops, "theo", ["noor", "hugo", "clara"])
    acts.approve(ops, "noor", acts.CERTIFICATE)
    acts.record_handoff(ops, "hugo")
    acts.approve(ops, "clara", acts.UPDATE)
    acts.deviate(ops, "zara")
    acts.propose(ops, "zara")
    return ops


def _posted(up: Running, ops: Ops, number: int) -> Message:
    """Return the digest with this number once it is posted."""

    def look() -> Message | None:
        said = up.driver.messages(ops.channel)
        digests = [each for each in said if each.text.startswith("Weekly digest")]
        return digests[number - 1] if len(digests) >= number else None

    found = up.driver.until(look, 120)
    assert found is not None
    return found


def _fits(digest: Locator) -> None:
    """Check that a digest fits without scrolling."""
    expect(digest).to_be_visible()
    digest.evaluate("each => each.scrollIntoView({block: 'end'})")
    rows: list[float] = []
    for edge in sorted(digest.evaluate(_EDGES)):
        if not rows or edge - rows[-1] > _SAME_ROW:
            rows.append(edge)
    assert len(rows) <= _ROWS, f"{len(rows)} rows: {digest.inner_text()}"
    height, room = digest.evaluate(_ROOM)
    assert height <= room, f"{height} px in {room}"
