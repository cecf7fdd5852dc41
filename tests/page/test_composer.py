"""The composer: suggestions, drafts, styles, and failures."""

from __future__ import annotations

from playwright.sync_api import Locator, Page, expect
from slack_bolt import Ack

from tests.page.conftest import Visit
from tests.support.sandbox_sample import Bench


def box(window: Page) -> Locator:
    return window.get_by_role("textbox", name="Message #ops")


def options(window: Page) -> Locator:
    return window.get_by_role("listbox", name="Suggestions").get_by_role("option")


def test_a_slash_offers_the_commands_with_what_they_do(bench: Bench, visit: Visit) -> None:
    ana = bench.driver.person("ana")
    bench.driver.channel("ops", members=[ana])
    window = visit("?as=ana&in=ops")

    box(window).press_sequentially("/s")
    expect(options(window)).to_have_count(1)
    expect(options(window)).to_contain_text("/sample")
    expect(options(window)).to_contain_text("Try it")
    box(window).press("Tab")
    box(window).press_sequentially("hello")
    box(window).press("Enter")

    expect(window.get_by_text("You said hello")).to_be_visible()
    expect(box(window)).to_have_value("")


def test_slacks_own_invite_brings_the_app_in(bench: Bench, visit: Visit) -> None:
    ana = bench.driver.person("ana")
    ops = bench.driver.channel("ops", members=[ana])
    window = visit("?as=ana&in=ops")

    box(window).press_sequentially("/inv")
    box(window).press("Tab")
    box(window).press("Enter")
    told = window.get_by_role("article", name="slackbot")
    expect(told.last).to_contain_text("Mention the people to invite")
    box(window).fill("/invite @sample ")
    box(window).press("Enter")

    expect(window.get_by_role("article", name="Sample")).to_contain_text("joined the channel")
    [found] = [each for each in bench.driver.channels() if each["id"] == ops.id]
    assert bench.driver.workspace()["bot_user_id"] in found["members"]
    box(window).fill("/invite @sample ")
    box(window).press("Enter")
    expect(told.last).to_contain_text("is already in this channel")


def test_people_channels_and_emoji_complete_by_keyboard(bench: Bench, visit: Visit) -> None:
    driver = bench.driver
    ana, ben = driver.person("ana"), driver.person("ben")
    driver.person("bea")
    ops = driver.channel("ops", members=[ana, ben])
    driver.channel("oncall")
    window = visit("?as=ana&in=ops")

    box(window).press_sequentially("ask @be")
    expect(options(window)).to_have_count(2)
    expect(options(window).first).to_have_attribute("aria-selected", "true")
    box(window).press("ArrowDown")
    expect(options(window).last).to_contain_text("not in this channel")
    box(window).press("ArrowUp")
    box(window).press("Enter")
    box(window).press_sequentially("in #on")
    box(window).press("Enter")
    box(window).press_sequentially(":scrol")
    expect(options(window)).to_contain_text(":scroll:")
    box(window).press("Enter")
    expect(box(window)).to_have_value("ask @ben in #oncall :scroll: ")
    box(window).press("Enter")

    expect(window.get_by_role("article").get_by_text("@ben")).to_be_visible()
    assert f"<@{ben}>" in driver.messages(ops)[-1].raw["text"]


def test_escape_sends_suggestions_away_and_shift_enter_begins_a_line(
    bench: Bench, visit: Visit
) -> None:
    ana = bench.driver.person("ana")
    ops = bench.driver.channel("ops", members=[ana])
    window = visit("?as=ana&in=ops")

    box(window).press_sequentially("to @a")
    expect(options(window)).to_have_count(1)
    box(window).press("Escape")
    expect(options(window)).to_have_count(0)
    box(window).press("Shift+Enter")
    box(window).press_sequentially("second")
    box(window).press("Enter")

    expect(window.get_by_role("article")).to_contain_text("second")
    assert bench.driver.messages(ops)[-1].raw["text"] == "to @a\nsecond"


def test_what_was_typed_waits_where_it_was_typed(bench: Bench, visit: Visit) -> None:
    """Each person has a separate draft in each channel and thread."""
    driver = bench.driver
    ana, ben = driver.person("ana"), driver.person("ben")
    ops = driver.channel("ops", members=[ana, ben])
    driver.channel("random", members=[ana])
    root = ana.say(ops, "where it began")
    window = visit(f"?as=ana&in=ops&thread={root}")
    box(window).fill("half a thought")
    window.get_by_role("textbox", name="Reply…").fill("half a reply")

    window.get_by_role("button", name="random").click()
    expect(window.get_by_role("textbox", name="Message #random")).to_have_value("")
    window.go_back()

    expect(box(window)).to_have_value("half a thought")
    expect(window.get_by_role("textbox", name="Reply…")).to_have_value("half a reply")
    window.get_by_role("button", name="Switch person").click()
    window.get_by_role("option", name="ben").click()
    expect(box(window)).to_have_value("")


def test_styles_are_typed_as_in_slack(bench: Bench, visit: Visit) -> None:
    ana = bench.driver.person("ana")
    ops = bench.driver.channel("ops", members=[ana])
    window = visit("?as=ana&in=ops")

    box(window).fill("*bold* _slanted_ ~gone~ `code`\n> quoted\n- one\n- two")
    box(window).press("Enter")

    said = window.get_by_role("article", name="ana")
    for role, words in (("strong", "bold"), ("emphasis", "slanted"), ("code", "code")):
        expect(said.get_by_role(role)).to_have_text(words)  # type: ignore[arg-type]  # roles in a list
    expect(said.get_by_role("blockquote")).to_have_text("quoted")
    expect(said.get_by_role("listitem")).to_have_text(["one", "two"])
    text = bench.driver.messages(ops)[-1].raw["text"]
    assert text == "*bold* _slanted_ ~gone~ `code`\n&gt; quoted\n- one\n- two"


def test_a_command_that_fails_is_told_and_what_was_typed_stays(bench: Bench, visit: Visit) -> None:
    ana = bench.driver.person("ana")
    bench.driver.channel("ops", members=[ana])
    window = visit("?as=ana&in=ops")
    bench.answer = lambda _body, _headers: (500, {}, b"")

    box(window).fill("/sample with many words")
    box(window).press("Enter")

    told = window.get_by_role("article", name="slackbot")
    expect(told).to_contain_text('/sample failed with the error "dispatch_failed"')
    expect(told).to_contain_text("Only visible to you")
    expect(box(window)).to_have_value("/sample with many words")
    box(window).fill("/nothing")
    box(window).press("Enter")
    expect(window.get_by_text("/nothing is not a valid command.")).to_be_visible()


def test_arrow_up_in_an_empty_box_edits_ones_last_message(bench: Bench, visit: Visit) -> None:
    driver = bench.driver
    ana, ben = driver.person("ana"), driver.person("ben")
    ops = driver.channel("ops", members=[ana, ben])
    ana.say(ops, "a typpo for @ben")
    ben.say(ops, "what?")
    window = visit("?as=ana&in=ops")
    expect(window.get_by_text("what?")).to_be_visible()

    box(window).press("ArrowUp")
    field = window.get_by_role("textbox", name="Edit message")
    expect(field).to_have_value("a typpo for @ben")
    expect(field).to_be_focused()
    field.fill("a typo for @ben")
    field.press("Enter")

    expect(window.get_by_text("(edited)")).to_be_visible()
    assert driver.messages(ops)[0].raw["text"] == f"a typo for <@{ben}>"


def test_global_shortcuts_stand_in_the_menu_of_the_composer(bench: Bench, visit: Visit) -> None:
    ana = bench.driver.person("ana")
    bench.driver.channel("ops", members=[ana])
    taken: list[str] = []

    @bench.app.shortcut("new")
    def new(ack: Ack, body: dict[str, str]) -> None:
        ack()
        taken.append(body["callback_id"])

    window = visit("?as=ana&in=ops")

    window.get_by_role("button", name="Shortcuts", exact=True).click()
    expect(window.get_by_role("menuitem", name="New one")).to_be_focused()
    window.keyboard.press("Enter")

    bench.driver.until(lambda: taken == ["new"])
    expect(window.get_by_role("menu")).to_have_count(0)
