"""The page that `opslore listen` writes, in a browser: offline, by keyboard, in every scheme."""

import argparse
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Literal

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, Request, ViewportSize, expect

from bot.cli.listen.command import listen
from bot.cli.listen.options import add_options
from tests.support.ears import WordEar
from tests.support.exports import TEAMS, export_chat, read_team

WORDS = ["portal", "disk", "licence", "deploy", "question"]
WIDTHS: list[ViewportSize] = [{"width": 1280, "height": 900}, {"width": 390, "height": 844}]

Open = Callable[..., Page]


@pytest.fixture(scope="module")
def report(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("report")
    export = export_chat(folder / "export.zip", read_team(TEAMS / "harbor")).path
    parser = argparse.ArgumentParser()
    add_options(parser)
    options = parser.parse_args([str(export)])
    assert listen(options, lambda entries, _: WordEar(WORDS, entries)) == 0
    return folder / "opslore-report.html"


@pytest.fixture
def opened(report: Path, visitor: Open) -> Iterator[Open]:
    requests: list[str] = []

    def note(request: Request) -> None:
        if not request.url.startswith("file:"):
            requests.append(request.url)

    def open_report(**options: object) -> Page:
        window = visitor(report.as_uri(), offline=True, **options)
        window.on("request", note)
        window.reload()
        return window

    yield open_report
    assert requests == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("viewport", WIDTHS, ids=["wide", "narrow"])
def test_axe_finds_nothing_in_the_report(
    opened: Open, viewport: ViewportSize, scheme: Literal["light", "dark"]
) -> None:
    window = opened(viewport=viewport, color_scheme=scheme)
    for part in window.locator("details").all():
        part.evaluate("part => { part.open = true; }")

    found = Axe().run(window).response["violations"]

    assert [(fault["id"], fault["nodes"][0]["target"]) for fault in found] == []
    assert window.evaluate("document.documentElement.scrollWidth") <= viewport["width"]


def test_the_report_works_by_keyboard(opened: Open) -> None:
    window = opened()
    window.keyboard.press("Tab")
    expect(window.get_by_role("link", name="Skip to the report")).to_be_focused()
    window.keyboard.press("Enter")
    expect(window.get_by_role("main")).to_be_focused()
    window.keyboard.press("Tab")
    summary = window.locator("summary").first
    expect(summary).to_be_focused()
    window.keyboard.press("Enter")
    expect(window.locator("details").first).to_have_attribute("open", "")
    window.keyboard.press("Shift+Tab")
    expect(window.get_by_role("navigation").get_by_role("link").last).to_be_focused()


def test_the_filter_shows_only_matters_with_all_its_words(opened: Open) -> None:
    window = opened()
    matters = window.locator(".matters > li")
    before = matters.count()
    box = window.get_by_role("searchbox", name="Show matters with the words")

    box.fill("disk partition")

    expect(matters.locator("visible=true")).to_have_count(1)
    expect(window.locator(".filter").get_by_role("status")).to_have_text(f"1 of {before}")
    box.fill("")
    expect(matters.locator("visible=true")).to_have_count(before)


def test_a_draft_is_copied_as_text(opened: Open) -> None:
    window = opened(permissions=["clipboard-read", "clipboard-write"])
    draft = window.get_by_role("article").first
    title = draft.get_by_role("heading").inner_text()

    draft.get_by_role("button", name="Copy the draft").click()

    expect(draft.get_by_text("Copied.")).to_be_visible()
    lines = window.evaluate("navigator.clipboard.readText()").splitlines()
    assert lines[0] == title
    assert "When it comes up:" in lines
    assert "What we do:" in lines


def test_a_printed_report_shows_everything(opened: Open) -> None:
    window = opened()
    window.evaluate("dispatchEvent(new Event('beforeprint'))")
    window.emulate_media(media="print")
    assert window.locator("details:not([open])").count() == 0
    expect(window.get_by_role("navigation")).to_be_hidden()
    expect(window.get_by_label("Show matters with the words")).to_be_hidden()
    expect(window.locator("blockquote").first).to_be_visible()


def test_without_scripts_the_report_is_complete(opened: Open) -> None:
    window = opened(java_script_enabled=False)
    expect(window.get_by_role("button", name="Copy the draft")).to_have_count(0)
    expect(window.get_by_role("searchbox")).to_have_count(0)
    expect(window.get_by_role("article").first).to_be_visible()
