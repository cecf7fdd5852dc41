"""The page when answers come late or out of order."""

from __future__ import annotations

import pytest
from playwright.sync_api import FilePayload, Locator, Page, expect

from sandbox.persons import PersonDriver
from sandbox.seen import Channel
from tests.page.conftest import Visit
from tests.page.lines import hold_first
from tests.support.sandbox_sample import Bench


@pytest.fixture
def ana(bench: Bench) -> PersonDriver:
    return bench.driver.person("ana")


@pytest.fixture
def ben(bench: Bench) -> PersonDriver:
    return bench.driver.person("ben")


@pytest.fixture
def ops(bench: Bench, ana: PersonDriver, ben: PersonDriver) -> Channel:
    return bench.driver.channel("ops", members=[ana, ben])


def box(window: Page) -> Locator:
    return window.get_by_role("textbox", name="Message #ops")


def attach(window: Page, name: str) -> None:
    """Attach a text file, and wait until it is uploaded."""
    with window.expect_file_chooser() as chooser:
        window.get_by_role("button", name="Attach files").click()
    chooser.value.set_files(FilePayload(name=name, mimeType="text/plain", buffer=b"hello"))
    waiting = window.get_by_role("list", name="Files to send").get_by_role("listitem")
    expect(waiting.filter(has_text=name)).to_contain_text("5 bytes")


def test_files_are_sent_once_and_one_attached_meanwhile_waits(
    bench: Bench, visit: Visit, ops: Channel
) -> None:
    window = visit("?as=ana&in=ops")
    attach(window, "first.txt")
    held = hold_first(window, "composer.send")

    with window.expect_request("**/control/composer.send"):
        box(window).press("Enter")
    box(window).press("Enter")
    attach(window, "second.txt")
    held[0].continue_()

    waiting = window.get_by_role("list", name="Files to send")
    expect(waiting.get_by_text("first.txt")).to_have_count(0)
    expect(waiting.get_by_text("second.txt")).to_be_visible()
    box(window).press("Enter")
    expect(waiting).to_have_count(0)
    shared = [[file["name"] for file in each.raw["files"]] for each in bench.driver.messages(ops)]
    assert shared == [["first.txt"], ["second.txt"]]


def test_what_could_not_be_sent_waits_where_it_was_typed(
    bench: Bench, visit: Visit, ops: Channel, ana: PersonDriver
) -> None:
    bench.driver.channel("random", members=[ana])
    window = visit(f"?as=ana&in={ops}")
    held = hold_first(window, "composer.send")
    box(window).fill("half a thought")
    with window.expect_request("**/control/composer.send"):
        box(window).press("Enter")

    window.get_by_role("button", name="random").click()
    expect(window.get_by_role("textbox", name="Message #random")).to_be_visible()
    held[0].fulfill(json={"ok": False, "error": "not now"})
    expect(window.get_by_role("status")).to_contain_text("not now")
    window.get_by_role("button", name="ops", exact=True).click()

    expect(box(window)).to_have_value("half a thought")


def test_an_edit_that_was_left_while_it_was_saved_is_saved(
    bench: Bench, visit: Visit, ops: Channel, ana: PersonDriver
) -> None:
    ana.say(ops, "frist")
    window = visit("?as=ana&in=ops")
    said = window.get_by_role("article").filter(has_text="frist")
    said.hover()
    said.get_by_role("button", name="More actions").click()
    window.get_by_role("menuitem", name="Edit message").click()
    field = window.get_by_role("textbox", name="Edit message")
    expect(field).to_be_focused()
    field.fill("first")
    held = hold_first(window, "talk.edit")
    with window.expect_request("**/control/talk.edit"):
        field.press("Enter")

    field.press("Escape")
    expect(field).to_have_count(0)
    with window.expect_response("**/control/talk.edit"):
        held[0].continue_()

    expect(window.get_by_role("article").filter(has_text="first")).to_contain_text("(edited)")
    assert bench.driver.messages(ops)[-1].raw["text"] == "first"


def test_who_went_on_before_the_apps_messages_opened_stays_there(
    bench: Bench, visit: Visit, ops: Channel, ana: PersonDriver
) -> None:
    bench.driver.channel("random", members=[ana])
    window = visit(f"?as=ana&in={ops}&tab=home")
    held = hold_first(window, "page.direct")
    with window.expect_request("**/control/page.direct"):
        window.get_by_role("button", name="Messages", exact=True).click()

    window.get_by_role("button", name="random").click()
    expect(window.get_by_role("textbox", name="Message #random")).to_be_visible()
    with window.expect_response("**/control/page.direct"):
        held[0].continue_()
    window.evaluate("new Promise(requestAnimationFrame)")

    expect(window.get_by_role("textbox", name="Message #random")).to_be_visible()


def test_who_reads_on_from_a_permalink_to_the_end_is_left_there(
    visit: Visit, ops: Channel, ana: PersonDriver
) -> None:
    first = ana.say(ops, "where it began")
    for number in range(100):
        ana.say(ops, f"message {number}")
    window = visit(f"?as=ana&in={ops}&at={first}")
    began = window.get_by_role("article").filter(has_text="where it began")
    expect(began).to_be_focused()
    box(window).fill("half a thought")

    last = window.get_by_text("message 99", exact=True)
    listed = window.get_by_role("region", name="Messages", exact=True)
    while not last.count():
        listed.evaluate("(list) => { list.scrollTop = list.scrollHeight; }")
        window.evaluate("new Promise(requestAnimationFrame)")
    expect(window.get_by_role("button", name="Jump to latest")).to_have_count(0)

    expect(box(window)).to_be_focused()
    expect(began).not_to_be_in_viewport()


def test_what_is_said_while_the_last_page_is_loaded_can_be_read(
    bench: Bench, visit: Visit, ops: Channel, ana: PersonDriver, ben: PersonDriver
) -> None:
    """The answer was made before the message was posted, and says that nothing more follows."""
    random = bench.driver.channel("random", members=[ana, ben])
    first = ana.say(ops, "where it began")
    for number in range(60):
        ana.say(ops, f"message {number}")
    window = visit(f"?as=ben&in={ops}&at={first}")
    expect(window.get_by_role("article").filter(has_text="where it began")).to_be_focused()
    held = hold_first(window, "page.history")
    listed = window.get_by_role("region", name="Messages", exact=True)
    with window.expect_request("**/control/page.history") as asked:
        listed.evaluate("(list) => { list.scrollTop = list.scrollHeight; }")
    given = asked.value.post_data_json
    assert given is not None
    answer = bench.driver.do("page.history", **given)
    assert answer["newer"] is False
    ana.say(ops, "and this")
    ana.say(random, "hello")
    # The later message is shown, so the earlier one has arrived too.
    expect(window.get_by_role("button", name="random , 1 unread")).to_be_visible()

    held[0].fulfill(json={"ok": True, "value": answer})
    expect(window.get_by_text("message 59", exact=True)).to_be_attached()
    window.get_by_role("button", name="Jump to latest").click()

    expect(window.get_by_text("and this")).to_be_in_viewport()


def test_a_channel_that_could_not_be_loaded_is_loaded_once_the_line_is_back(
    bench: Bench, visit: Visit, ops: Channel, ana: PersonDriver
) -> None:
    random = bench.driver.channel("random", members=[ana])
    ana.say(random, "here all along")
    window = visit(f"?as=ana&in={ops}")
    expect(box(window)).to_be_visible()
    held = hold_first(window, "page.history")
    with window.expect_request("**/control/page.history"):
        window.get_by_role("button", name="random").click()
    held[0].fulfill(json={"ok": False, "error": "out of reach"})

    expect(window.get_by_text("here all along")).to_be_visible()


def test_what_fits_in_view_is_read_wherever_one_was_before(
    bench: Bench, visit: Visit, ops: Channel, ana: PersonDriver, ben: PersonDriver
) -> None:
    random = bench.driver.channel("random", members=[ana, ben])
    for number in range(50):
        ana.say(ops, f"message {number}")
    window = visit(f"?as=ben&in={ops}")
    expect(window.get_by_text("message 49", exact=True)).to_be_in_viewport()
    window.get_by_text("message 5", exact=True).scroll_into_view_if_needed()
    ana.say(random, "hello")
    unread = window.get_by_role("button", name="random , 1 unread")
    expect(unread).to_be_visible()

    unread.click()

    expect(window.get_by_text("hello")).to_be_visible()
    expect(window.get_by_role("button", name="random", exact=True)).to_be_visible()


def test_what_is_said_while_a_message_is_marked_unread_reads_nothing(
    visit: Visit, ops: Channel, ana: PersonDriver
) -> None:
    window = visit("?as=ben&in=ops")
    expect(box(window)).to_be_visible()
    ana.say(ops, "read me later")
    said = window.get_by_role("article").filter(has_text="read me later")
    expect(said).to_be_visible()
    expect(window.get_by_role("button", name="ops", exact=True)).to_be_visible()
    unread, read = hold_first(window, "page.unread"), hold_first(window, "page.read")
    said.hover()
    said.get_by_role("button", name="More actions").click()
    with window.expect_request("**/control/page.unread"):
        window.get_by_role("menuitem", name="Mark unread from here").click()

    ana.say(ops, "and me")
    expect(window.get_by_text("and me")).to_be_visible()
    with window.expect_response("**/control/page.unread"):
        unread[0].continue_()
    for each in read:
        each.continue_()

    expect(window.get_by_role("button", name="ops , 2 unread")).to_be_visible()
