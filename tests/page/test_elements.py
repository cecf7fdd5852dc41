"""Each element of Block Kit: a person uses it, and the app gets Slack's payload."""

from __future__ import annotations

import json
import re
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import FilePayload, Locator, expect
from slack_bolt import Ack, Args

from sandbox.look import Look
from tests.page.conftest import Visit
from tests.page.element_cases import CASES, COLOURS, RED, Case, Json
from tests.support.sandbox_sample import Bench, plain, running

# Each container is tried on one surface, and each surface is covered.
SURFACES = {"section": "message", "actions": "home", "input": "modal", "context_actions": "message"}
PAIRS = [(case, container) for case in CASES for container in case.containers]


@pytest.fixture
def bench(tmp_path: Path, port: int) -> Iterator[Bench]:
    """Run an app that acknowledges everything, in a workspace of two people and three channels."""
    with running(tmp_path, retry_delays=(), port=port) as found:
        found.app.action(re.compile(""))(take)
        found.app.view("sheet")(take)
        found.app.options("act")(offer)
        driver = found.driver
        ana, ben = driver.person("ana"), driver.person("ben")
        driver.invite_bot(driver.channel("ops", members=[ana, ben]), by=ana)
        driver.channel("lounge", members=[ana])
        driver.channel("secret", private=True, members=[ana])
        yield found


def take(ack: Ack) -> None:
    """Acknowledge."""
    ack()


def offer(args: Args) -> None:
    """Return the colors that contain the typed text; fail at "broken"."""
    typed = args.body["value"].lower()
    if typed != "broken":
        args.ack(options=[each for each in COLOURS if typed in each["text"]["text"].lower()])


def block(container: str, element: Json) -> Json:
    """Return a block with an element."""
    if container == "section":
        return {"type": "section", "block_id": "b", "text": plain("Here"), "accessory": element}
    if container == "input":
        about = {"label": plain("Field"), "dispatch_action": True, "optional": True}
        return {"type": "input", "block_id": "b", **about, "element": element}
    return {"type": container, "block_id": "b", "elements": [element]}


def shown(bench: Bench, visit: Visit, surface: str, *blocks: Json) -> Locator:
    """Show ana these blocks in a message, in a modal or on the Home tab, and return them."""
    ana, client = bench.driver.known("ana"), bench.client
    if surface == "message":
        post(bench, *blocks)
        return visit("?as=ana&in=ops").get_by_role("article", name="sample").last
    if surface == "home":
        home = visit("?as=ana&tab=home").get_by_role("region", name="Home")
        # The sample app publishes its own Home tab on every visit.
        expect(home).to_contain_text("Welcome home")
        client.views_publish(user_id=ana.id, view={"type": "home", "blocks": blocks})
        expect(home).not_to_contain_text("Welcome home")
        return home
    words = {"title": plain("Sheet"), "submit": plain("Send")}
    view = {"type": "modal", "callback_id": "sheet", **words, "blocks": blocks}

    @bench.app.shortcut("new")
    def open_sheet(args: Args) -> None:
        args.ack()
        args.client.views_open(trigger_id=args.body["trigger_id"], view=view)

    ana.shortcut("New one")
    return visit("?as=ana&in=ops").get_by_role("dialog", name="Sheet")


def post(bench: Bench, *blocks: Json) -> None:
    """Post blocks to #ops."""
    ops = next(each["id"] for each in bench.driver.channels() if each.get("name") == "ops")
    bench.client.chat_postMessage(channel=ops, text="Blocks", blocks=blocks)


def told(bench: Bench, kind: str = "block_actions") -> Json:
    """Wait for the app's payload and return it."""
    found = bench.driver.until(
        lambda: [each for each in bench.driver.deliveries() if each["type"] == kind]
    )
    return dict(found[-1]["payload"])


def named(bench: Bench, part: Any) -> Any:  # noqa: ANN401 - any part of a payload
    """Replace "@ben" and "#lounge" in a part of a payload with ids."""
    if isinstance(part, dict):
        return {key: named(bench, each) for key, each in part.items()}
    if isinstance(part, list):
        return [named(bench, each) for each in part]
    if isinstance(part, str) and part.startswith("@"):
        return bench.driver.known(part[1:]).id
    if isinstance(part, str) and part.startswith("#"):
        every = bench.driver.channels()
        return next(each["id"] for each in every if each.get("name") == part[1:])
    return part


COMMON = {
    *("type", "user", "api_app_id", "token", "team", "enterprise", "is_enterprise_install"),
    *("trigger_id", "container", "actions"),
}
OF_MESSAGES = {"channel", "message", "state", "response_url"}


def check(bench: Bench, case: Case, surface: str) -> None:
    """Compare a payload with Slack's documented shape."""
    payload = told(bench)
    [action] = payload["actions"]
    ids = {"type": case.kind, "action_id": "act", "block_id": "b"}
    said = {key: case.about[key] for key in ("placeholder",) if key in case.about}
    expected = named(bench, case.told)

    assert re.fullmatch(r"\d+\.\d{6}", action.pop("action_ts"))
    assert action == {**ids, **said, **expected}
    assert payload.keys() == COMMON | (OF_MESSAGES if surface == "message" else {"view"})
    container = payload["container"]
    if surface == "message":
        assert container["type"] == "message"
        assert container["message_ts"] == payload["message"]["ts"]
        assert container["is_ephemeral"] is False
        assert container["channel_id"] == payload["channel"]["id"]
    else:
        assert container == {"type": "view", "view_id": payload["view"]["id"]}
        assert payload["view"]["type"] == surface
    holder = payload if surface == "message" else payload["view"]
    kept = holder["state"]["values"].get("b", {}).get("act")
    if case.stateless:
        assert kept is None
    else:
        holds = {key: each for key, each in expected.items() if not key.startswith("initial_")}
        assert kept == {"type": case.kind, **holds}


@pytest.mark.parametrize(
    ("case", "container"), PAIRS, ids=[f"{case.kind}-{container}" for case, container in PAIRS]
)
def test_an_element_tells_the_app_in_slacks_shape(
    bench: Bench, visit: Visit, case: Case, container: str
) -> None:
    surface = SURFACES[container]
    at = shown(bench, visit, surface, block(container, case.element))

    case.mouse(at)

    check(bench, case, surface)


@pytest.mark.parametrize("case", CASES, ids=[case.kind for case in CASES])
def test_an_element_is_used_by_keyboard_alone(bench: Bench, visit: Visit, case: Case) -> None:
    container = case.containers[-1]
    at = shown(bench, visit, SURFACES[container], block(container, case.element))

    case.keys(at)

    check(bench, case, SURFACES[container])


def test_a_confirmation_is_asked_and_can_be_declined(bench: Bench, visit: Visit) -> None:
    confirm = {"title": plain("Sure?"), "text": plain("It is gone then."), "style": "danger"}
    confirm |= {"confirm": plain("Do it"), "deny": plain("Stop")}
    about = {"type": "checkboxes", "action_id": "act", "options": COLOURS, "confirm": confirm}
    at = shown(bench, visit, "modal", block("section", about))
    red = at.get_by_role("checkbox", name="Red")
    asked = at.page.get_by_role("alertdialog", name="Sure?")

    red.click()
    expect(asked).to_contain_text("It is gone then.")
    at.page.keyboard.press("Escape")
    expect(asked).to_have_count(0)
    expect(red).not_to_be_checked()
    expect(red).to_be_focused()
    red.click()
    asked.get_by_role("button", name="Do it").click()

    expect(red).to_be_checked()
    assert told(bench)["actions"][0]["confirm"] == confirm
    assert len([each for each in bench.driver.deliveries() if each["type"] == "block_actions"]) == 1


def test_options_are_offered_while_one_types_in_a_message(bench: Bench, visit: Visit) -> None:
    element = {"type": "multi_external_select", "action_id": "act", "min_query_length": 2}
    at = shown(bench, visit, "message", block("section", element))
    box = at.get_by_role("combobox", name="Here")

    box.press_sequentially("x")
    expect(at.page.get_by_text("Type at least 2 characters to search")).to_be_visible()
    box.fill("zz")
    expect(at.page.get_by_text("No results")).to_be_visible()
    box.fill("broken")
    expect(at.page.get_by_text("The options didn't load. Try again?")).to_be_visible()
    box.fill("gre")
    at.page.get_by_role("option", name="Green").click()

    expect(at.get_by_role("button", name="Remove Green")).to_be_visible()
    asked = told(bench, "block_suggestion")
    assert asked["value"] == "gre"
    assert asked["container"]["type"] == "message"
    assert asked["message"]["ts"] == asked["container"]["message_ts"]
    assert "actions" not in asked
    assert "trigger_id" not in asked


def test_no_more_than_asked_for_can_be_chosen_and_chips_go_again(
    bench: Bench, visit: Visit
) -> None:
    element: Json = {"type": "multi_static_select", "action_id": "act", "options": COLOURS}
    element |= {"max_selected_items": 2, "initial_options": [RED]}
    at = shown(bench, visit, "message", block("section", element))
    box = at.get_by_role("combobox")

    box.click()
    at.page.get_by_role("option", name="Green").click()
    expect(at.page.get_by_text("You can choose at most 2")).to_be_visible()
    expect(at.page.get_by_role("option", name="Blue")).to_be_disabled()
    box.press("Backspace")
    expect(at.get_by_role("button", name="Remove Green")).to_have_count(0)
    at.get_by_role("button", name="Remove Red").click()

    expect(at.get_by_role("button", name="Remove Red")).to_have_count(0)
    expect(box).to_be_focused()
    bench.driver.until(lambda: told(bench)["actions"][0]["selected_options"] == [])


def test_what_one_person_chose_is_theirs_alone(bench: Bench, visit: Visit) -> None:
    element = {"type": "static_select", "action_id": "act", "options": COLOURS}
    hers = shown(bench, visit, "message", block("section", element | {"initial_option": RED}))
    his = visit("?as=ben&in=ops").get_by_role("article", name="sample").last

    hers.get_by_role("combobox").click()
    hers.page.get_by_role("option", name="Blue").click()

    told(bench)
    expect(hers.get_by_role("combobox")).to_have_value("Blue")
    expect(his.get_by_role("combobox")).to_have_value("Red")


def test_a_field_of_a_message_goes_along_with_the_next_press(bench: Bench, visit: Visit) -> None:
    """Typed text that wasn't entered causes no event, but is part of the state."""
    field = {"type": "plain_text_input", "action_id": "act"}
    quiet = block("input", field) | {"dispatch_action": False}
    button = {"type": "button", "action_id": "go", "text": plain("Go")}
    actions = {"type": "actions", "block_id": "c", "elements": [button]}
    at = shown(bench, visit, "message", quiet, actions)

    at.get_by_role("textbox", name="Field").fill("Typed")
    at.get_by_role("button", name="Go").click()

    payload = told(bench)
    assert payload["actions"][0]["action_id"] == "go"
    assert payload["state"]["values"]["b"]["act"]["value"] == "Typed"


def test_an_app_that_does_not_answer_is_told_beside_the_button(bench: Bench, visit: Visit) -> None:
    button = {"type": "button", "action_id": "go", "text": plain("Go")}
    at = shown(bench, visit, "message", block("actions", button))
    bench.answer = lambda _body, _headers: (500, {}, b"")

    at.get_by_role("button", name="Go").click()
    expect(at.get_by_role("alert")).to_have_text("The app couldn't handle this. Try again?")
    bench.answer = None
    at.get_by_role("button", name="Go").click()

    expect(at.get_by_role("alert")).to_have_count(0)


def test_a_button_with_a_link_opens_it_and_is_told(bench: Bench, visit: Visit) -> None:
    link = f"{bench.sandbox.url}/page/kit.html"
    button = {"type": "button", "action_id": "go", "text": plain("Docs"), "url": link}
    at = shown(bench, visit, "message", block("actions", button))

    with at.page.context.expect_page() as opened:
        at.get_by_role("button", name="Docs").click()

    assert opened.value.url == link
    assert told(bench)["actions"][0]["url"] == link


def test_files_go_with_the_form(bench: Bench, visit: Visit) -> None:
    element = {"type": "file_input", "action_id": "act", "filetypes": ["txt"], "max_files": 2}
    at = shown(bench, visit, "modal", block("input", element) | {"dispatch_action": False})
    chooser = at.get_by_label("Field")

    chooser.set_input_files(FilePayload(name="a.png", mimeType="image/png", buffer=b"x"))
    expect(at.get_by_text("a.png isn't one of these types: txt.")).to_be_visible()
    every = [FilePayload(name=f"{n}.txt", mimeType="text/plain", buffer=b"hi") for n in "ab"]
    chooser.set_input_files(every)
    at.get_by_role("button", name="Remove a.txt").click()
    at.get_by_role("button", name="Send").click()

    state = told(bench, "view_submission")["view"]["state"]["values"]["b"]["act"]
    assert [(file["name"], file["size"]) for file in state["files"]] == [("b.txt", 2)]
    assert state["type"] == "file_input"


def test_a_channel_chosen_in_a_form_can_be_answered(bench: Bench, visit: Visit) -> None:
    element = {"type": "channels_select", "action_id": "act", "response_url_enabled": True}
    at = shown(bench, visit, "modal", block("input", element) | {"dispatch_action": False})

    at.get_by_role("combobox").click()
    at.page.get_by_role("option", name="lounge").click()
    at.get_by_role("button", name="Send").click()

    [url] = told(bench, "view_submission")["response_urls"]
    assert url.pop("response_url").startswith("http")
    assert url == {"block_id": "b", "action_id": "act", "channel_id": named(bench, "#lounge")}


def test_each_character_is_told_where_the_app_asks_for_it(bench: Bench, visit: Visit) -> None:
    on = {"dispatch_action_config": {"trigger_actions_on": ["on_character_entered"]}}
    element = {"type": "plain_text_input", "action_id": "act", **on}
    at = shown(bench, visit, "modal", block("input", element))

    at.get_by_role("textbox").press_sequentially("abc")

    bench.driver.until(lambda: told(bench)["actions"][0]["value"] == "abc")
    expect(at.get_by_role("textbox")).to_have_value("abc")


def test_what_the_page_hears_late_takes_back_nothing_that_was_typed_since(
    bench: Bench, visit: Visit, monkeypatch: pytest.MonkeyPatch
) -> None:
    on = {"dispatch_action_config": {"trigger_actions_on": ["on_character_entered"]}}
    element = {"type": "plain_text_input", "action_id": "act", **on}
    at = shown(bench, visit, "modal", block("input", element))
    page, box = at.page, at.get_by_role("textbox")
    expect(box).to_be_focused()
    # The state with the text so far is held back and reaches the page only later.
    looked = threading.Event()
    told_now = {"a": threading.Event(), "ab": threading.Event()}
    surroundings = Look.surroundings

    def late(look: Look, user: str) -> Json:
        found = json.loads(json.dumps(surroundings(look, user)))
        value = found["modal"]["raw"]["state"]["values"]["b"]["act"]["value"]
        if value in told_now:
            looked.set()
            told_now[value].wait(60)
        return dict(found)

    monkeypatch.setattr(Look, "surroundings", late)
    with page.expect_response("**/control/forms.choose"):
        box.press("a")
    assert looked.wait(60)
    with page.expect_response("**/control/forms.choose"):
        box.press("b")
    ops = next(each["id"] for each in bench.driver.channels() if each.get("name") == "ops")
    bench.driver.known("ben").say(ops, "Meanwhile")
    told_now["a"].set()
    expect(page.get_by_text("Meanwhile")).to_be_attached()
    box.press("c")
    told_now["ab"].set()

    bench.driver.until(lambda: told(bench)["actions"][0]["value"] == "abc")
    expect(box).to_have_value("abc")


def test_what_is_left_to_type_is_counted_near_the_end(bench: Bench, visit: Visit) -> None:
    element = {"type": "plain_text_input", "action_id": "act", "max_length": 40}
    at = shown(bench, visit, "modal", block("input", element))
    field = at.get_by_role("textbox")

    field.fill("x" * 20)
    expect(at.get_by_text("characters left")).to_have_count(0)
    field.fill("x" * 38)
    expect(at.get_by_text("2 characters left")).to_be_visible()


def test_formatting_is_put_around_what_is_selected(bench: Bench, visit: Visit) -> None:
    at = shown(
        bench, visit, "home", block("input", {"type": "rich_text_input", "action_id": "act"})
    )
    area = at.get_by_role("textbox")

    area.fill("loud")
    area.press("Control+a")
    area.press("Control+b")
    expect(area).to_have_value("*loud*")
    area.press("End")
    area.press("Shift+Enter")
    area.press_sequentially("- one")
    area.press("Shift+Enter")
    area.press_sequentially("two")
    area.press("Enter")

    [loud, several] = told(bench)["actions"][0]["rich_text_value"]["elements"]
    assert loud["elements"] == [{"type": "text", "text": "loud", "style": {"bold": True}}]
    assert (several["type"], len(several["elements"])) == ("rich_text_list", 2)


def test_a_workflow_button_says_that_it_needs_slack(bench: Bench, visit: Visit) -> None:
    workflow = {"trigger": {"url": "https://slack.com/shortcuts/Ft1/x"}}
    button = {"type": "workflow_button", "action_id": "act", "text": plain("Start")}
    at = shown(bench, visit, "message", block("actions", button | {"workflow": workflow}))

    at.get_by_role("button", name="Start").click()

    expect(at.page.get_by_text("Workflows only run in Slack. Nothing was sent.")).to_be_visible()


def test_an_icon_for_some_is_not_shown_to_others(bench: Bench, visit: Visit) -> None:
    icon = {"type": "icon_button", "action_id": "act", "icon": "trash", "text": plain("Delete")}
    ben = bench.driver.known("ben")
    hers = shown(
        bench, visit, "message", block("context_actions", icon | {"visible_to_user_ids": [ben.id]})
    )
    his = visit("?as=ben&in=ops").get_by_role("article", name="sample").last

    expect(his.get_by_role("button", name="Delete")).to_be_visible()
    expect(hers).to_be_visible()
    expect(hers.get_by_role("button", name="Delete")).to_have_count(0)


def test_a_slow_app_is_told_beside_its_button_in_an_ephemeral_message(
    bench: Bench, visit: Visit
) -> None:
    """Later acts still work, and the payload doesn't have the message."""
    ana = bench.driver.known("ana")
    button = {"type": "button", "action_id": "go", "text": plain("Go")}
    place = {"channel": named(bench, "#ops"), "user": ana.id}
    window = visit("?as=ana&in=ops")
    bench.client.chat_postEphemeral(**place, text="x", blocks=[block("actions", button)])
    at = window.get_by_role("article", name="sample").last
    bench.answer = lambda _body, _headers: (404, {}, b"")

    at.get_by_role("button", name="Go").click()

    expect(at.get_by_role("alert")).to_be_visible()
    expect(at.get_by_role("button", name="Go")).to_be_enabled()
    payload = told(bench)
    assert payload["container"]["is_ephemeral"] is True
    assert "message" not in payload


def test_what_is_typed_in_a_menu_outlasts_a_scroll(bench: Bench, visit: Visit) -> None:
    """The list closes, because it would stay behind; the person can type on."""
    element = {"type": "multi_users_select", "action_id": "act", "placeholder": plain("Whom?")}
    dialog = shown(bench, visit, "modal", block("input", element))
    field = dialog.get_by_role("combobox", name="Field")
    field.press_sequentially("be")
    expect(dialog.page.get_by_role("option", name="ben")).to_be_visible()

    content, scrolled = dialog.locator(".content"), "each.dispatchEvent(new Event('scroll'))"
    # The scroll event of bringing the field into view comes late, and must not close the list.
    content.evaluate(f"each => {scrolled}")
    expect(dialog.page.get_by_role("option", name="ben")).to_be_visible()
    content.evaluate(f"each => {{ each.style.paddingTop = '40px'; {scrolled} }}")
    expect(dialog.page.get_by_role("option")).to_have_count(0)
    field.press_sequentially("n")

    expect(field).to_have_value("ben")
    expect(dialog.page.get_by_role("option")).to_have_count(1)
