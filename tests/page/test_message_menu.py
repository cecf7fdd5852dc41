"""Actions on messages: react, reply, use a shortcut, edit, delete."""

from __future__ import annotations

import pytest
from playwright.sync_api import Locator, Page, expect

from sandbox.persons import PersonDriver
from sandbox.seen import Channel
from tests.page.conftest import Visit
from tests.support.sandbox_sample import Bench


@pytest.fixture
def ana(bench: Bench) -> PersonDriver:
    return bench.driver.person("ana")


@pytest.fixture
def ops(bench: Bench, ana: PersonDriver) -> Channel:
    ops = bench.driver.channel("ops", members=[ana, bench.driver.person("ben")])
    bench.driver.invite_bot(ops)
    return ops


def message(window: Page, words: str) -> Locator:
    return window.get_by_role("article").filter(has_text=words)


def more(window: Page, words: str) -> None:
    """Open the menu of a message."""
    message(window, words).hover()
    tools = window.get_by_role("group", name="Message actions")
    tools.get_by_role("button", name="More actions").click()


def test_reactions_come_from_the_picker_and_toggle(
    bench: Bench, visit: Visit, ana: PersonDriver, ops: Channel
) -> None:
    ana.say(ops, "shipped")
    window = visit("?as=ben&in=ops")
    message(window, "shipped").hover()

    window.get_by_role("button", name="Add a reaction").click()
    expect(window.get_by_role("combobox", name="Search emoji")).to_be_focused()
    window.keyboard.type("tada")
    picked = window.get_by_role("option", name="tada", exact=True)
    expect(picked).to_have_attribute("aria-selected", "true")
    window.keyboard.press("Enter")

    given = message(window, "shipped").get_by_role("button", name="You reacted with :tada:")
    expect(given).to_have_attribute("aria-pressed", "true")
    assert bench.driver.messages(ops)[-1].raw["reactions"][0]["name"] == "tada"
    ana.react(ops, bench.driver.messages(ops)[-1].ts, "tada")
    both = message(window, "shipped").get_by_role("button", name="ana and you reacted with :tada:")
    both.click()
    theirs = message(window, "shipped").get_by_role("button", name="ana reacted with :tada:")
    expect(theirs).to_have_attribute("aria-pressed", "false")


def test_the_apps_shortcuts_stand_in_the_menu(
    visit: Visit, ana: PersonDriver, ops: Channel
) -> None:
    ana.say(ops, "worth keeping")
    window = visit("?as=ana&in=ops")

    more(window, "worth keeping")
    expect(window.get_by_role("menuitem").first).to_be_focused()
    window.get_by_role("menuitem", name="Keep this").click()

    expect(window.get_by_role("dialog", name="A form")).to_be_visible()


def test_a_menu_goes_by_arrow_keys_and_letters(
    visit: Visit, ana: PersonDriver, ops: Channel
) -> None:
    ana.say(ops, "anything")
    window = visit("?as=ana&in=ops")

    more(window, "anything")
    window.keyboard.press("ArrowUp")
    expect(window.get_by_role("menuitem", name="Delete message…")).to_be_focused()
    window.keyboard.press("m")
    expect(window.get_by_role("menuitem", name="Mark unread from here")).to_be_focused()
    window.keyboard.press("Escape")

    expect(window.get_by_role("menu")).to_have_count(0)
    tools = window.get_by_role("group", name="Message actions")
    expect(tools.get_by_role("button", name="More actions")).to_be_focused()


def test_ones_own_message_is_edited_in_place(
    bench: Bench, visit: Visit, ana: PersonDriver, ops: Channel
) -> None:
    ana.say(ops, "frist")
    window = visit("?as=ana&in=ops")

    more(window, "frist")
    window.get_by_role("menuitem", name="Edit message").click()
    field = window.get_by_role("textbox", name="Edit message")
    expect(field).to_be_focused()
    field.fill("changed my mind")
    field.press("Escape")
    expect(window.get_by_text("frist")).to_be_visible()
    more(window, "frist")
    window.get_by_role("menuitem", name="Edit message").click()
    expect(field).to_be_focused()
    field.fill("first")
    field.press("Enter")

    expect(message(window, "first")).to_contain_text("(edited)")
    assert bench.driver.messages(ops)[-1].raw["text"] == "first"


def test_a_deletion_is_asked_about_and_leaves_a_tombstone_over_replies(
    visit: Visit, ana: PersonDriver, ops: Channel
) -> None:
    root = ana.say(ops, "a mistake")
    ana.say(ops, "is it?", thread=root)
    window = visit("?as=ana&in=ops")

    more(window, "a mistake")
    window.get_by_role("menuitem", name="Delete message…").click()
    question = window.get_by_role("dialog", name="Delete message")
    question.get_by_role("button", name="Cancel").click()
    expect(window.get_by_text("a mistake")).to_be_visible()
    more(window, "a mistake")
    window.get_by_role("menuitem", name="Delete message…").click()
    question.get_by_role("button", name="Delete").click()

    expect(window.get_by_text("This message was deleted.")).to_be_visible()
    expect(window.get_by_role("button", name="1 reply")).to_be_visible()


def test_nobody_edits_what_another_wrote(visit: Visit, ana: PersonDriver, ops: Channel) -> None:
    ana.say(ops, "mine alone")
    window = visit("?as=ben&in=ops")

    more(window, "mine alone")

    expect(window.get_by_role("menuitem", name="Copy link")).to_be_visible()
    expect(window.get_by_role("menuitem", name="Edit message")).to_have_count(0)


def test_what_is_marked_unread_stays_so_until_one_comes_back(
    visit: Visit, ana: PersonDriver, ops: Channel, bench: Bench
) -> None:
    bench.driver.channel("random", members=["ben"])
    window = visit("?as=ben&in=ops")
    expect(window.get_by_role("textbox", name="Message #ops")).to_be_visible()
    ana.say(ops, "read me later")
    ana.say(ops, "and me")
    expect(message(window, "and me")).to_be_visible()
    expect(window.get_by_role("button", name="ops", exact=True)).to_be_visible()

    more(window, "read me later")
    window.get_by_role("menuitem", name="Mark unread from here").click()
    expect(window.get_by_role("separator", name="New messages")).to_be_visible()
    expect(window.get_by_role("button", name="ops , 2 unread")).to_be_visible()
    window.get_by_role("button", name="random").click()
    window.get_by_role("button", name="ops").click()

    expect(window.get_by_role("separator", name="New messages")).to_be_visible()
    expect(window.get_by_role("button", name="ops", exact=True)).to_be_visible()


def test_a_link_to_a_message_is_copied(
    bench: Bench, visit: Visit, ana: PersonDriver, ops: Channel
) -> None:
    ts = str(ana.say(ops, "look here"))
    window = visit("?as=ana&in=ops", permissions=["clipboard-read", "clipboard-write"])

    more(window, "look here")
    window.get_by_role("menuitem", name="Copy link").click()

    expect(window.get_by_text("Link copied.")).to_be_visible()
    link = window.evaluate("navigator.clipboard.readText()")
    assert link == bench.client.chat_getPermalink(channel=ops.id, message_ts=ts)["permalink"]


def test_what_is_shown_to_one_alone_can_be_dismissed(
    visit: Visit, ana: PersonDriver, ops: Channel
) -> None:
    window = visit("?as=ana&in=ops")
    ana.say(ops, "whisper")
    expect(window.get_by_text("Only for you")).to_be_visible()

    window.get_by_role("button", name="Dismiss").click()

    expect(window.get_by_text("Only for you")).to_have_count(0)
    assert ana.ephemerals() == []


def test_a_reply_sent_to_the_channel_too_leads_to_its_thread(
    visit: Visit, ana: PersonDriver, ops: Channel
) -> None:
    root = ana.say(ops, "where it began")
    window = visit(f"?as=ben&in=ops&thread={root}")
    thread = window.get_by_role("complementary", name="Thread")
    thread.get_by_label("Also send to #ops").check()
    thread.get_by_role("textbox", name="Reply…").fill("for everyone")
    thread.get_by_role("button", name="Send").click()
    expect(thread.get_by_text("for everyone")).to_be_visible()
    thread.get_by_role("button", name="Close thread").click()
    expect(thread).to_have_count(0)

    reply = message(window, "for everyone")
    expect(reply).to_contain_text("replied to a thread")
    reply.get_by_role("button", name="where it began").click()

    expect(thread.get_by_text("1 reply")).to_be_visible()


def test_messages_of_one_author_stand_close_and_who_joins_is_a_quiet_line(
    bench: Bench, visit: Visit, ana: PersonDriver, ops: Channel
) -> None:
    ana.say(ops, "one")
    ana.say(ops, "two")
    bench.driver.person("eve").join(ops)
    window = visit("?as=ana&in=ops")

    expect(message(window, "one").get_by_text("ana", exact=True)).to_be_visible()
    expect(message(window, "two").get_by_text("ana", exact=True)).to_have_count(0)
    expect(message(window, "joined the channel").last).to_contain_text("eve")
