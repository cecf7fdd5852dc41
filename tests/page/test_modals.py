"""Modals in the page, with all kinds of answers of the app."""

from __future__ import annotations

import re
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Locator, Page, expect
from slack_bolt import Args

from tests.page.conftest import Visit
from tests.page.lines import hold_first
from tests.support.sandbox_sample import Bench, plain, running

Json = dict[str, Any]
TROUBLE = "We had some trouble connecting. Try again?"


def field(label: str, **about: object) -> Json:
    """Return a required text field."""
    element = {"type": "plain_text_input", "action_id": "text", **about}
    return {"type": "input", "block_id": label, "label": plain(label), "element": element}


def form(title: str, *blocks: Json, **about: object) -> Json:
    """Return a modal."""
    words = {"title": plain(title), "submit": plain("Save")}
    return {"type": "modal", "callback_id": title, **words, "blocks": list(blocks), **about}


ADD = {"type": "button", "action_id": "add", "text": plain("Add a level")}
TWO = (field("Title"), field("Why", multiline=True))


@pytest.fixture
def bench(tmp_path: Path, port: int) -> Iterator[Bench]:
    """Run the sample app, with ana in #ops."""
    with running(tmp_path, retry_delays=(), port=port) as found:
        ana = found.driver.person("ana")
        found.driver.channel("ops", members=[ana])
        yield found


Open = Callable[[Json], Locator]


@pytest.fixture
def opened(bench: Bench, visit: Visit) -> Open:
    """Return a function that opens a modal and returns it as ana sees it."""

    def do(view: Json) -> Locator:
        @bench.app.shortcut("new")
        def open_it(args: Args) -> None:
            args.ack()
            args.client.views_open(trigger_id=args.body["trigger_id"], view=view)

        bench.driver.known("ana").shortcut("New one")
        return visit("?as=ana&in=ops").get_by_role("dialog")

    return do


def answers(bench: Bench, callback: str, **answer: Any) -> None:  # noqa: ANN401 - what Bolt's ack takes
    """Set the app's answer to a submission."""

    @bench.app.view(callback)
    def sent(args: Args) -> None:
        args.ack(**answer)


def payloads(bench: Bench, kind: str) -> list[Json]:
    """Return the app's payloads of a type."""
    return [each["payload"] for each in bench.driver.deliveries() if each["type"] == kind]


def typed(page: Page | Locator, label: str) -> Locator:
    """Return a text field."""
    return page.get_by_role("textbox", name=label)


def two(bench: Bench, opened: Open) -> Locator:
    """Open a modal, type a title in it, and return another modal on top of it."""
    second = form("Second", field("Deeper"), close=plain("Back"), notify_on_close=True)
    answers(bench, "Form", response_action="push", view=second)
    bench.app.view_closed("Second")(lambda ack: ack())
    dialog = opened(form("Form", field("Title")))
    typed(dialog, "Title").fill("Kept")
    typed(dialog, "Title").press("Enter")
    expect(dialog.get_by_role("heading", name="Second")).to_be_visible()
    expect(typed(dialog, "Deeper")).to_be_focused()
    return dialog


def test_errors_stand_beside_fields_and_lead_to_the_first(bench: Bench, opened: Open) -> None:
    answers(bench, "Form", response_action="errors", errors={"Why": "Say more."})
    dialog = opened(form("Form", *TWO))
    expect(typed(dialog, "Title")).to_be_focused()

    dialog.get_by_role("button", name="Save").click()
    expect(dialog.get_by_text("Please complete this required field.")).to_have_count(2)
    expect(typed(dialog, "Title")).to_be_focused()
    assert payloads(bench, "view_submission") == []
    typed(dialog, "Title").fill("Roll back")
    typed(dialog, "Why").fill("Because")
    dialog.get_by_role("button", name="Save").click()

    why = typed(dialog, "Why")
    expect(why).to_be_focused()
    expect(why).to_have_accessible_description("Say more.")
    expect(why).to_have_value("Because")
    expect(typed(dialog, "Title")).to_have_value("Roll back")


def test_what_is_wrong_is_said_once_the_form_can_be_sent_again(bench: Bench, opened: Open) -> None:
    """The errors arrive in the live feed before the answer to the submission."""
    answers(bench, "Form", response_action="errors", errors={"Why": "Say more."})
    dialog = opened(form("Form", *TWO))
    typed(dialog, "Title").fill("Roll back")
    typed(dialog, "Why").fill("Because")
    page = dialog.page
    page.evaluate(
        """() => {
            const real = window.fetch;
            window.fetch = async (...given) => {
                const answer = await real(...given);
                if (given[0].endsWith("forms.submit"))
                    await new Promise((go) => (window.release = go));
                return answer;
            };
        }"""
    )
    typed(dialog, "Why").press("Control+Enter")
    page.wait_for_function("() => Boolean(window.release)")
    bench.driver.known("ana").say(bench.driver.channels()[0]["id"], "said since")
    expect(page.get_by_text("said since")).to_be_attached()
    expect(dialog.get_by_text("Say more.")).to_have_count(0)

    page.evaluate("window.release()")
    expect(dialog.get_by_text("Say more.")).to_be_visible()
    sent = len(payloads(bench, "view_submission"))
    typed(dialog, "Why").press("Control+Enter")
    bench.driver.until(lambda: len(payloads(bench, "view_submission")) > sent)


def test_enter_sends_from_a_line_and_control_enter_from_anywhere(
    bench: Bench, opened: Open
) -> None:
    answers(bench, "Form", response_action="errors", errors={"Why": "Say more."})
    dialog = opened(form("Form", *TWO))
    typed(dialog, "Why").fill("First line")
    typed(dialog, "Why").press("Enter")
    expect(typed(dialog, "Why")).to_have_value("First line\n")
    typed(dialog, "Title").fill("Roll back")
    typed(dialog, "Title").press("Enter")
    expect(dialog.get_by_text("Say more.")).to_be_visible()
    answers_taken = len(payloads(bench, "view_submission"))
    typed(dialog, "Why").press("Control+Enter")
    bench.driver.until(lambda: len(payloads(bench, "view_submission")) > answers_taken)

    values = payloads(bench, "view_submission")[-1]["view"]["state"]["values"]
    assert values["Title"]["text"]["value"] == "Roll back"
    assert values["Why"]["text"]["value"] == "First line\n"


def test_a_level_is_added_and_what_was_typed_just_before_stays(bench: Bench, opened: Open) -> None:
    """The press waits for the text that was typed just before."""
    levels = [field("Level 1"), {"type": "actions", "block_id": "more", "elements": [ADD]}]

    @bench.app.action("add")
    def add(args: Args) -> None:
        args.ack()
        view = args.body["view"]
        more = form("Form", field("Level 1"), field("Level 2"), levels[1])
        args.client.views_update(view_id=view["id"], hash=view["hash"], view=more)

    dialog = opened(form("Form", *levels))
    typed(dialog, "Level 1").press_sequentially("Ana first")
    dialog.get_by_role("button", name="Add a level").click()

    expect(typed(dialog, "Level 2")).to_be_visible()
    expect(typed(dialog, "Level 1")).to_have_value("Ana first")
    expect(dialog.get_by_role("button", name="Add a level")).to_be_focused()
    [pressed] = payloads(bench, "block_actions")
    assert pressed["view"]["state"]["values"]["Level 1"]["text"]["value"] == "Ana first"


def test_typing_goes_on_through_an_update(bench: Bench, opened: Open) -> None:
    dialog = opened(form("Loading…", *TWO))
    typed(dialog, "Title").press_sequentially("Half a")
    view = bench.driver.known("ana").view
    assert view is not None
    bench.client.views_update(view_id=view.id, view=form("Form", *TWO, field("Third")))
    expect(typed(dialog, "Third")).to_be_visible()
    expect(typed(dialog, "Title")).to_be_focused()
    typed(dialog, "Title").press_sequentially(" title")

    expect(typed(dialog, "Title")).to_have_value("Half a title")


def test_modals_lie_on_each_other_and_give_back_the_one_beneath(bench: Bench, opened: Open) -> None:
    dialog = two(bench, opened)
    expect(typed(dialog, "Deeper")).to_be_focused()

    dialog.page.keyboard.press("Escape")
    expect(dialog.get_by_role("heading", name="Form")).to_be_visible()
    expect(typed(dialog, "Title")).to_have_value("Kept")
    dialog.page.keyboard.press("Escape")

    expect(dialog).to_have_count(0)
    [closed] = payloads(bench, "view_closed")
    assert closed["is_cleared"] is False
    assert closed["view"]["callback_id"] == "Second"
    assert "trigger_id" not in closed


def test_the_cross_closes_all_of_them(bench: Bench, opened: Open) -> None:
    second = form("Second", field("Deeper"), notify_on_close=True)
    answers(bench, "Form", response_action="push", view=second)
    bench.app.view_closed(re.compile(""))(lambda ack: ack())
    dialog = opened(form("Form", field("Title"), notify_on_close=True))
    typed(dialog, "Title").fill("Kept")
    typed(dialog, "Title").press("Enter")
    expect(dialog.get_by_role("heading", name="Second")).to_be_visible()

    dialog.get_by_role("button", name="Close").click()

    expect(dialog).to_have_count(0)
    bench.driver.until(lambda: len(payloads(bench, "view_closed")) == 2)
    assert {each["is_cleared"] for each in payloads(bench, "view_closed")} == {True}


def test_a_failed_submission_says_so_in_the_modal_and_keeps_the_text(
    bench: Bench, opened: Open
) -> None:
    dialog = opened(form("Form", field("Title")))
    typed(dialog, "Title").fill("Kept")
    bench.answer = lambda _body, _headers: (500, {}, b"")
    dialog.get_by_role("button", name="Save").click()
    expect(dialog.get_by_role("alert")).to_have_text(TROUBLE)
    expect(typed(dialog, "Title")).to_have_value("Kept")
    bench.answer = None
    answers(bench, "Form")
    dialog.get_by_role("button", name="Save").click()

    expect(dialog).to_have_count(0)


def test_a_form_is_sent_once_however_often_one_clicks(bench: Bench, opened: Open) -> None:
    release = threading.Event()

    @bench.app.view("Form")
    def slow(args: Args) -> None:
        release.wait(60)
        args.ack()

    dialog = opened(form("Form", field("Title")))
    typed(dialog, "Title").fill("Once")
    save = dialog.get_by_role("button", name="Save")
    save.click()
    expect(save).to_have_attribute("aria-busy", "true")
    save.click(force=True)
    typed(dialog, "Title").press("Enter")
    release.set()

    expect(dialog).to_have_count(0)
    assert len(payloads(bench, "view_submission")) == 1


def test_focus_goes_where_the_app_wants_it(opened: Open) -> None:
    dialog = opened(form("Form", field("Title"), field("Why", focus_on_load=True)))

    expect(typed(dialog, "Why")).to_be_focused()


def test_closing_gives_the_focus_back(bench: Bench, visit: Visit) -> None:
    ana = bench.driver.known("ana")
    ops = bench.driver.channels()[0]["id"]
    bench.driver.invite_bot(ops, by=ana)
    ana.say(ops, "card, please")
    window = visit("?as=ana&in=ops")
    opener = window.get_by_role("button", name="Open")
    opener.click()
    expect(window.get_by_role("dialog", name="A form")).to_be_visible()
    window.keyboard.press("Escape")

    expect(opener).to_be_focused()


def test_escape_twice_closes_one_modal(bench: Bench, opened: Open) -> None:
    dialog = two(bench, opened)
    held = hold_first(dialog.page, "forms.close")
    with dialog.page.expect_request("**/control/forms.close"):
        dialog.page.keyboard.press("Escape")

    dialog.page.keyboard.press("Escape")
    held[0].continue_()

    expect(dialog.get_by_role("heading", name="Form")).to_be_visible()
    expect(dialog.page.get_by_role("status")).to_be_empty()
