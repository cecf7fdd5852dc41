"""Reading in the page: live updates, history, threads, jumps."""

from __future__ import annotations

from playwright.sync_api import expect

from tests.page.conftest import Visit
from tests.page.lines import hold_first
from tests.support.sandbox_sample import Bench


def test_a_message_appears_at_once_in_every_window(bench: Bench, visit: Visit) -> None:
    ana, ben = bench.driver.person("ana"), bench.driver.person("ben")
    ops = bench.driver.channel("ops", members=[ana, ben])
    hers, his = visit("?as=ana&in=ops"), visit("?as=ben&in=ops")

    hers.get_by_role("textbox", name="Message #ops").fill("The queue is full")
    hers.keyboard.press("Enter")

    for window in (hers, his):
        said = window.get_by_role("article", name="ana").get_by_text("The queue is full")
        expect(said).to_be_visible()
    assert [message.text for message in bench.driver.messages(ops)] == ["The queue is full"]


def test_what_is_shown_to_one_is_seen_by_no_other(bench: Bench, visit: Visit) -> None:
    ana, ben = bench.driver.person("ana"), bench.driver.person("ben")
    ops = bench.driver.channel("ops", members=[ana, ben])
    bench.driver.invite_bot(ops, by=ana)
    hers, his = visit("?as=ana&in=ops"), visit("?as=ben&in=ops")

    ana.say(ops, "whisper")

    expect(hers.get_by_text("Only visible to you")).to_be_visible()
    expect(his.get_by_role("article", name="ana")).to_be_visible()
    expect(his.get_by_text("Only visible to you")).to_have_count(0)


def test_older_messages_come_as_one_scrolls_and_the_place_is_kept(
    bench: Bench, visit: Visit
) -> None:
    ana = bench.driver.person("ana")
    ops = bench.driver.channel("ops", members=[ana])
    for number in range(150):
        ana.say(ops, f"message {number}")
    window = visit("?as=ana&in=ops")
    expect(window.get_by_text("message 149", exact=True)).to_be_in_viewport()

    window.get_by_text("message 95", exact=True).scroll_into_view_if_needed()
    expect(window.get_by_text("message 60", exact=True)).to_be_attached()

    expect(window.get_by_text("message 95", exact=True)).to_be_in_viewport()
    assert window.locator("article").count() >= 120


def test_a_permalink_jumps_to_its_message_and_its_thread(bench: Bench, visit: Visit) -> None:
    ana = bench.driver.person("ana")
    ops = bench.driver.channel("ops", members=[ana])
    first = ana.say(ops, "where it began")
    for number in range(100):
        ana.say(ops, f"message {number}")
    ana.say(ops, "the answer", thread=first)
    window = visit(f"?as=ana&in=ops&at={first}")

    expect(window.get_by_text("where it began")).to_be_in_viewport()
    window.get_by_role("button", name="1 reply").click()
    thread = window.get_by_role("complementary", name="Thread")
    expect(thread.get_by_text("the answer")).to_be_visible()
    window.get_by_role("button", name="Jump to latest").click()
    expect(window.get_by_text("message 99", exact=True)).to_be_in_viewport()


def test_who_writes_from_further_up_sees_what_comes_of_it(bench: Bench, visit: Visit) -> None:
    """This also applies after a jump to a message, or after scrolling up."""
    ana = bench.driver.person("ana")
    ops = bench.driver.channel("ops", members=[ana])
    first = ana.say(ops, "where it began")
    for number in range(100):
        ana.say(ops, f"message {number}")
    window = visit(f"?as=ana&in={ops}&at={first}")
    expect(window.get_by_role("article").filter(has_text="where it began")).to_be_focused()
    box = window.get_by_role("textbox", name="Message #ops")

    box.fill("And it ends here")
    box.press("Enter")
    expect(window.get_by_text("And it ends here")).to_be_in_viewport()

    window.get_by_text("message 80", exact=True).scroll_into_view_if_needed()
    box.fill("/sample once more")
    box.press("Enter")
    expect(window.get_by_text("You said once more")).to_be_in_viewport()


def test_who_reads_further_up_is_left_there_while_many_messages_arrive(
    bench: Bench, visit: Visit
) -> None:
    ana, ben = bench.driver.person("ana"), bench.driver.person("ben")
    ops = bench.driver.channel("ops", members=[ana, ben])
    for number in range(100):
        ana.say(ops, f"message {number}")
    window = visit("?as=ben&in=ops")
    read = window.get_by_text("message 70", exact=True)
    read.scroll_into_view_if_needed()

    for number in range(100, 400):
        ana.say(ops, f"message {number}")

    expect(window.get_by_role("button", name="Jump to latest")).to_be_attached()
    expect(read).to_be_in_viewport()
    assert window.locator("article").count() < 300
    window.get_by_role("button", name="Jump to latest").click()
    expect(window.get_by_text("message 399", exact=True)).to_be_in_viewport()


def test_a_thread_is_shown_whichever_answer_comes_first(bench: Bench, visit: Visit) -> None:
    """It was closed and opened again before it was shown, so the page requests it twice."""
    ana = bench.driver.person("ana")
    ops = bench.driver.channel("ops", members=[ana])
    root = ana.say(ops, "where it began")
    ana.say(ops, "the first answer", thread=root)
    window = visit("?as=ana&in=ops")
    before = bench.driver.do("page.thread", user=ana.id, channel=str(ops), ts=str(root))
    held = hold_first(window, "page.thread")
    with window.expect_request("**/control/page.thread"):
        window.get_by_role("button", name="1 reply").click()
    window.get_by_role("button", name="Close thread").click()
    ana.say(ops, "the second answer", thread=root)
    window.get_by_role("button", name="2 replies").click()
    pane = window.get_by_role("complementary", name="Thread")
    expect(pane.get_by_text("the second answer")).to_be_visible()

    with window.expect_response("**/control/page.thread"):
        held[0].fulfill(json={"ok": True, "value": before})
    window.evaluate("new Promise(requestAnimationFrame)")

    expect(pane.get_by_text("the second answer")).to_be_visible()


def test_what_is_said_while_a_thread_is_loaded_stays(bench: Bench, visit: Visit) -> None:
    """The answer was made before the message was posted, and arrives after it."""
    ana = bench.driver.person("ana")
    ops = bench.driver.channel("ops", members=[ana])
    root = ana.say(ops, "where it began")
    ana.say(ops, "the first answer", thread=root)
    window = visit("?as=ana&in=ops")
    before = bench.driver.do("page.thread", user=ana.id, channel=str(ops), ts=str(root))
    held = hold_first(window, "page.thread")
    with window.expect_request("**/control/page.thread"):
        window.get_by_role("button", name="1 reply").click()
    pane = window.get_by_role("complementary", name="Thread")
    expect(pane).to_be_visible()
    ana.say(ops, "the second answer", thread=root)
    expect(pane.get_by_text("the second answer")).to_be_visible()

    with window.expect_response("**/control/page.thread"):
        held[0].fulfill(json={"ok": True, "value": before})

    expect(pane.get_by_text("the first answer")).to_be_visible()
    expect(pane.get_by_text("the second answer")).to_be_visible()


def test_a_thread_from_long_ago_leaves_the_list_whole(bench: Bench, visit: Visit) -> None:
    """The pane shows its root, and the list doesn't skip the messages in between."""
    ana = bench.driver.person("ana")
    ops = bench.driver.channel("ops", members=[ana])
    root = ana.say(ops, "where it began")
    for number in range(100):
        ana.say(ops, f"message {number}")
    ana.say(ops, "the answer", thread=root)
    window = visit(f"?as=ana&in=ops&thread={root}")
    thread = window.get_by_role("complementary", name="Thread")
    listed = window.get_by_role("region", name="Messages", exact=True)
    expect(thread.get_by_text("the answer")).to_be_visible()
    expect(listed.get_by_text("message 99", exact=True)).to_be_visible()

    expect(listed.get_by_text("where it began")).to_have_count(0)
    listed.get_by_text("message 41", exact=True).scroll_into_view_if_needed()

    expect(listed.get_by_text("message 20", exact=True)).to_be_attached()
    ana.say(ops, "one more answer", thread=root)
    expect(thread.get_by_text("one more answer")).to_be_visible()
