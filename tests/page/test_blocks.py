"""Blocks as people see them, on the Block Kit page and in messages of apps."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.page.conftest import Visit
from tests.page.drawn import KIT, face, posted
from tests.support.sandbox_sample import Bench, plain

# The texts that a reader sees of each block of the Block Kit page.
WORDS = {
    "section": ["Rollback over fix-forward when the error budget is gone.", "Open"],
    "section: fields": ["From", "@ana", "To", "@ben", "Service", "Runbook"],
    "section: image": ["Errors a minute, last night"],
    "header": ["Header of level 1 📜", "Header of level 2", "Header of level 4"],
    "divider": ["Above", "Below"],
    "context": ["Owned by @ana", "Reviewed ✅"],
    "actions": ["Approve", "Request changes", "Withdraw"],
    "input": ["Title (optional)", "What was decided, in a sentence"],
    "image": ["Error budget"],
    "image: slack_file": ["File F0NOTHERE1 is unavailable: Queue depth over the week"],
    "markdown": ["Rollback", "error budget", "service by service", "#general", "payments"],
    "rich_text: styles": ["bold, italic, struck, code, underlined, highlighted"],
    "rich_text: inline": [
        "@ana and @ben in #general",
        "private channel",
        "@here",
        "👋🏽",
        "#175e54",
    ],
    "rich_text: lists": ["Payments", "Reminders", "Search, with a border", "Tell people"],
    "rich_text: quote and code": ["Better a known bug", "make rollback SERVICE=payments"],
    "table": ["Entry", "Roll back when the error budget is gone", "@ana", "Reindex by night"],
    "data_table": ["Handoffs this quarter", "Median minutes", "Identity", "1,020", "Page 1 of 3"],
    "card": ["Rollback over fix-forward", "Decision · in force", "rolls back first", "Use"],
    "carousel": ["Night shift", "Ana hands over to Ben at six.", "Payments down", "Show"],
    "container": ["Two entries changed", "Since Monday", "in force → changes requested", "Review"],
    "container: collapsible": ["Evidence"],
    "alert": ["The digest goes out at nine.", "Warning: This entry was not reviewed"],
    "video": ["Videos · ana", "Rolling back payments", "Four minutes, no sound"],
    "file": ["runbook-payments.pdf", "Remote file"],
    "task_card": ["Complete: Looked for entries alike", "Searched 214 entries", "Found two"],
    "plan": [
        "Preparing the digest",
        "In progress: Compare with last week",
        "Failed: Ask the owner",
    ],
}


def test_every_block_is_drawn_with_its_words_on_every_surface_that_takes_it(kit: Page) -> None:
    for each in KIT["items"]:
        for surface in each["surfaces"]:
            shown = face(kit, each["name"], surface.capitalize())
            for words in WORDS.get(each["name"], []):
                expect(shown).to_contain_text(words, use_inner_text=False)
    assert kit.locator(".unknown").all_inner_texts() == []


def test_no_kind_of_block_is_missing_from_the_fixture_page() -> None:
    kinds = {block["type"] for each in KIT["items"] for block in each["blocks"]}
    named = {name.partition(":")[0] for name in WORDS}
    assert kinds == named | {"context_actions"}
    assert len(kinds) == 20


def test_a_block_that_the_page_does_not_know_is_complained_of(bench: Bench, visit: Visit) -> None:
    strange = {"name": "hologram", "group": "Blocks", "about": "", "surfaces": ["message"]}
    fixture = KIT | {"items": [strange | {"blocks": [{"type": "hologram"}]}]}
    page = visit("?as=nobody")
    page.route("**/kit.json", lambda route: route.fulfill(json=fixture))
    page.goto(f"{bench.sandbox.url}/page/kit.html")

    complaint = "The sandbox can't draw hologram."
    expect(face(page, "hologram")).to_contain_text(complaint)


def test_the_fixture_page_is_filtered_by_name(kit: Page) -> None:
    kit.get_by_role("searchbox", name="Filter by name").fill("data_t")

    expect(kit.get_by_role("article")).to_have_count(1)
    expect(kit.get_by_role("status").first).to_have_text(f"1 of {len(KIT['items'])}")


def test_what_is_used_on_the_fixture_page_is_told_below_it(kit: Page) -> None:
    shown = face(kit, "section")
    shown.get_by_role("button", name="Open").click()

    expect(shown.locator("output")).to_have_text("section/open → pressed")


def test_what_is_chosen_on_the_fixture_page_stays_chosen(kit: Page) -> None:
    kit.get_by_role("searchbox", name="Filter by name").fill("external_select")
    shown = face(kit, "external_select")
    shown.get_by_role("combobox").fill("night")
    kit.get_by_role("option", name="Night shift").click()

    expect(shown.locator("output")).to_contain_text('"value":"DEC-2"')
    expect(shown.get_by_role("combobox")).to_have_value("Night shift")


def test_a_data_table_is_read_in_pages_and_sorted_by_its_heads(kit: Page) -> None:
    table = face(kit, "data_table").get_by_role("region", name="Handoffs this quarter")
    first = table.get_by_role("rowheader").first
    table.get_by_role("button", name="Next").click()
    expect(table.get_by_role("rowheader")).to_have_text(["Billing", "Storage", "Edge"])

    table.get_by_role("button", name="Handoffs").click()
    expect(first).to_have_text("Edge")
    table.get_by_role("button", name="Handoffs").click()
    expect(first).to_have_text("Identity")
    handoffs = table.get_by_role("columnheader", name="Handoffs")
    expect(handoffs).to_have_attribute("aria-sort", "descending")


def test_a_long_section_of_a_message_is_opened_and_folded(kit: Page) -> None:
    shown = face(kit, "section: long text")
    more = shown.get_by_role("button", name="Show more")
    expect(more).to_have_attribute("aria-expanded", "false")
    more.click()
    less = shown.get_by_role("button", name="Show less")
    expect(less).to_have_attribute("aria-expanded", "true")

    expect(face(kit, "section: expand").get_by_role("button")).to_have_count(0)
    expect(face(kit, "section: long text", "Modal").get_by_role("button")).to_have_count(0)


def test_a_collapsed_container_opens(kit: Page) -> None:
    shown = face(kit, "container: collapsible")
    expect(shown.get_by_text("Three messages in")).to_be_hidden()
    shown.get_by_text("Evidence").click()
    expect(shown.get_by_text("Three messages in")).to_be_visible()


def test_lists_are_nested_as_they_are_indented_and_count_on(kit: Page) -> None:
    shown = face(kit, "rich_text: lists")
    outer = shown.locator(".text > ul").first
    expect(outer.get_by_role("list")).to_have_count(2)
    expect(outer.get_by_role("listitem").filter(has_text="Reminders")).to_have_count(3)
    expect(shown.locator(".text > ol").nth(1)).to_have_attribute("start", "3")


def test_hostile_text_stays_words(kit: Page) -> None:
    kit.on("dialog", lambda _: pytest.fail("a script ran"))
    markup = "<img src=x onerror=alert(1)> <script>alert(1)</script> & <b>bold</b>"
    expect(face(kit, "hostile: HTML").get_by_text(markup)).to_have_count(3)
    expect(face(kit, "hostile: markdown")).to_contain_text(markup)

    hostile = kit.get_by_role("region", name="Hostile text")
    for tag in ("script", "img", "b", "h1", "a", ".mention", "[onerror]", "[onclick]"):
        expect(hostile.locator(f".kit-blocks {tag}")).to_have_count(0)
    assert hostile.locator("[style*=red]").count() == 0
    expect(face(kit, "hostile: markdown")).to_contain_text("press picture <javascript:alert(1)>")
    mentions = face(kit, "hostile: mentions")
    for words in ("<!channel> <@UBEN> <https://evil.example|good>", "<!everyone>"):
        expect(mentions).to_contain_text(words)


def test_a_table_stands_below_the_other_blocks_of_its_message(bench: Bench, visit: Visit) -> None:
    table = {"type": "table", "rows": [[{"type": "raw_text", "text": "Owner"}]]}
    message = posted(
        bench, visit, "Owners", table, {"type": "section", "text": plain("Who owns what")}
    )

    expect(message.get_by_role("columnheader", name="Owner")).to_be_visible()
    words = message.inner_text()
    assert words.index("Who owns what") < words.index("Owner", words.index("Who owns what") + 13)


def test_a_picture_that_is_not_to_be_had_leaves_a_gap_with_its_words(
    bench: Bench, visit: Visit
) -> None:
    broken = {"type": "image", "image_url": "data:image/png;base64,AAAA", "alt_text": "A graph"}
    message = posted(bench, visit, "A graph", broken)

    expect(message.get_by_role("img", name="A graph (Picture is unavailable)")).to_be_visible()


def test_a_button_of_a_card_in_a_carousel_reaches_the_app(bench: Bench, visit: Visit) -> None:
    pressed: list[str] = []

    @bench.app.action("take")
    def take(ack: Any, action: dict[str, Any]) -> None:  # noqa: ANN401 - Bolt's own
        ack()
        pressed.append(action["value"])

    def card(name: str) -> dict[str, Any]:
        button = {"type": "button", "action_id": "take", "text": plain("Take"), "value": name}
        title = {"type": "mrkdwn", "text": f"*{name}*"}
        return {"type": "card", "title": title, "actions": [button]}

    carousel = {"type": "carousel", "elements": [card("first"), card("second")]}
    message = posted(bench, visit, "Two cards", carousel)
    message.get_by_role("listitem").filter(has_text="second").get_by_role("button").click()

    bench.driver.until(lambda: pressed == ["second"])


def test_a_message_updated_under_the_mouse_does_not_take_its_button_away(
    bench: Bench, visit: Visit
) -> None:
    pressed: list[str] = []

    @bench.app.action("take")
    def take(ack: Any, action: dict[str, Any]) -> None:  # noqa: ANN401 - Bolt's own
        ack()
        pressed.append(action["value"])

    def shift(count: int) -> list[dict[str, Any]]:
        taken = {"type": "section", "text": plain(f"Taken by {count}")}
        button = {"type": "button", "action_id": "take", "text": plain("Take"), "value": "night"}
        return [taken, {"type": "actions", "elements": [button]}]

    message = posted(bench, visit, "The night shift", *shift(0))
    message.get_by_role("button", name="Take").hover()
    message.page.mouse.down()
    bench.client.chat_update(
        channel=bench.driver.channels()[-1]["id"],
        ts=str(message.get_attribute("data-ts")),
        text="The night shift",
        blocks=shift(1),
    )
    expect(message).to_contain_text("Taken by 1")
    message.page.mouse.up()

    bench.driver.until(lambda: pressed == ["night"])
