"""An app that doesn't know the sandbox, used in the page."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from playwright.sync_api import Locator, Page, expect

from sandbox import Driver
from sandbox.persons import PersonDriver
from tests.page.lines import hold_first
from tests.support.page_files import file
from tests.support.processes import sandbox_process

HERE = Path(__file__).parent


@dataclass
class Team:
    """Ana and Ben, who use Lunch to decide where to eat."""

    driver: Driver
    url: str
    ana: PersonDriver
    ben: PersonDriver
    open: Callable[..., Page]

    def window(self, person: PersonDriver, **options: object) -> Page:
        """Open the team's channel as a member."""
        return self.open(f"{self.url}/page/?as={person.name}&in=team", **options)


@pytest.fixture(scope="module")
def running() -> Iterator[tuple[Driver, str]]:
    """Run the sandbox and the app in separate processes, over Socket Mode."""
    with sandbox_process("--manifest", str(HERE / "foreign" / "manifest.yml")) as environment:
        names = ("SLACK_BOT_TOKEN", "SLACK_APP_TOKEN", "SLACK_API_URL")
        app = subprocess.Popen(  # a command of ours
            [sys.executable, "-m", "foreign.app"],
            cwd=HERE,
            env={"PATH": os.environ["PATH"], **{name: environment[name] for name in names}},
        )
        try:
            with Driver.connect(environment["SANDBOX_URL"]) as driver:
                driver.until(driver.sockets, 60)
                ana, ben = driver.person("ana"), driver.person("ben")
                driver.invite_bot(driver.channel("team", members=[ana, ben]))
                yield driver, environment["SANDBOX_URL"]
        finally:
            app.terminate()
            app.wait(timeout=30)


@pytest.fixture
def team(running: tuple[Driver, str], visitor: Callable[..., Page]) -> Iterator[Team]:
    driver, url = running
    ana, ben = driver.known("ana"), driver.known("ben")
    yield Team(driver, url, ana, ben, visitor)
    # A form that a test leaves open would still be open in the next test.
    for person in (ana, ben):
        if person.view:
            person.view.close()


def write(window: Page, words: str) -> None:
    """Type into the channel's composer and send it."""
    box = window.get_by_role("textbox", name="Message #team")
    box.fill(words)
    box.press("Enter")


def message_of(window: Page, words: str) -> Locator:
    """Return the last message with this text."""
    return window.get_by_role("main").get_by_role("article").filter(has_text=words).last


def choose(window: Page, field: Locator, typed: str, name: str) -> None:
    """Type into an external select and choose an option."""
    field.press_sequentially(typed)
    window.get_by_role("option", name=name).click()


def ask(window: Page, question: str) -> Locator:
    """Post a poll and return it."""
    write(window, f"/lunch {question}")
    form = window.get_by_role("dialog", name="New poll")
    for typed, place in (("noo", "Noodle Bar"), ("piz", "Pizza Corner")):
        choose(window, form.get_by_role("combobox", name="Places"), typed, place)
    form.get_by_role("button", name="Ask").click()
    expect(form).to_have_count(0)
    poll = message_of(window, question)
    expect(poll.get_by_role("button", name="Vote")).to_have_count(2)
    return poll


def cancel(window: Page) -> None:
    """Cancel the form of a new poll."""
    form = window.get_by_role("dialog", name="New poll")
    form.get_by_role("button", name="Cancel").click()
    expect(form).to_have_count(0)


def test_a_form_with_an_error_keeps_what_was_chosen(team: Team) -> None:
    window = team.window(team.ana)
    write(window, "/lunch Too few?")
    form = window.get_by_role("dialog", name="New poll")
    expect(form.get_by_role("textbox", name="Question")).to_have_value("Too few?")
    places = form.get_by_role("combobox", name="Places")

    choose(window, places, "sal", "Salad House")
    form.get_by_role("button", name="Ask").click()

    expect(form.get_by_text("Choose two places or more.")).to_be_visible()
    choose(window, places, "noo", "Noodle Bar")
    form.get_by_role("checkbox", name="Hide who voted").check()
    form.get_by_role("button", name="Ask").click()
    poll = message_of(window, "Too few?")
    expect(poll).to_contain_text("Salad House")
    poll.get_by_role("button", name="Vote").first.click()
    expect(poll).to_contain_text("1 votes")


def test_a_form_is_sent_with_all_that_was_chosen_on_a_slow_line(team: Team) -> None:
    """The second choice and the submission come while the first choice is still being sent."""
    window = team.window(team.ana)
    write(window, "/lunch Slow?")
    form = window.get_by_role("dialog", name="New poll")
    places = form.get_by_role("combobox", name="Places")
    held = hold_first(window, "forms.choose")
    with window.expect_request("**/control/forms.choose"):
        choose(window, places, "sal", "Salad House")
    choose(window, places, "noo", "Noodle Bar")
    form.get_by_role("button", name="Ask").click()
    held[0].continue_()

    expect(form).to_have_count(0)
    expect(message_of(window, "Slow?")).to_contain_text("Noodle Bar")


def test_who_types_on_after_an_error_is_not_led_away(team: Team) -> None:
    window = team.window(team.ana)
    write(window, "/lunch Too few?")
    form = window.get_by_role("dialog", name="New poll")
    places = form.get_by_role("combobox", name="Places")
    choose(window, places, "sal", "Salad House")
    held = hold_first(window, "forms.view")
    with window.expect_request("**/control/forms.view"):
        form.get_by_role("button", name="Ask").click()
    expect(form.get_by_text("Choose two places or more.")).to_be_visible()
    question = form.get_by_role("textbox", name="Question")

    question.press_sequentially("Too f")
    with window.expect_response("**/control/forms.view"):
        held[0].continue_()
    window.evaluate("new Promise(requestAnimationFrame)")

    expect(question).to_be_focused()


def test_an_error_leads_to_the_field_and_not_to_what_is_chosen(team: Team) -> None:
    window = team.window(team.ana)
    write(window, "/lunch Too few?")
    form = window.get_by_role("dialog", name="New poll")
    places = form.get_by_role("combobox", name="Places")
    choose(window, places, "sal", "Salad House")

    form.get_by_role("button", name="Ask").click()

    expect(places).to_be_focused()


def test_two_people_vote_and_its_author_closes_the_poll(team: Team) -> None:
    hers, his = team.window(team.ana), team.window(team.ben)
    ours = ask(hers, "Where today?")
    theirs = message_of(his, "Where today?")

    ours.get_by_role("button", name="Vote").nth(1).click()
    expect(theirs).to_contain_text("Pizza Corner @ana")
    theirs.get_by_role("button", name="Vote").nth(1).click()
    expect(ours).to_contain_text("@ana @ben")

    for window, poll in ((his, theirs), (hers, ours)):
        poll.get_by_role("button", name="Close").click()
        question = window.get_by_role("alertdialog", name="Close this poll?")
        question.get_by_role("button", name="Close it").click()
    expect(his.get_by_text("Only @ana can close this poll.")).to_be_visible()
    expect(theirs).to_contain_text("We go to Pizza Corner.")
    expect(theirs.get_by_role("button", name="Vote")).to_have_count(0)


def test_a_menu_in_a_message_and_the_home_tab_say_the_same(team: Team) -> None:
    window = team.window(team.ana)
    poll = ask(window, "What do you eat?")

    poll.get_by_role("combobox", name="I eat").click()
    window.get_by_role("option", name="Vegetarian").click()

    expect(message_of(window, "You eat vegetarian.")).to_contain_text("Only visible to you")
    home = team.open(f"{team.url}/page/?as=ana&tab=home")
    window.get_by_role("navigation", name="Workspace").get_by_role("button", name="Lunch").click()
    for page in (home, window):
        expect(page.get_by_text("What do you eat? (0 votes)")).to_be_visible()
        expect(page.get_by_role("main").get_by_role("combobox")).to_have_value("Vegetarian")
    window.get_by_role("button", name="Start a poll").click()
    cancel(window)


def test_both_shortcuts_open_a_form(team: Team) -> None:
    window = team.window(team.ana)
    window.get_by_role("main").get_by_role("button", name="Shortcuts").click()
    window.get_by_role("menuitem", name="New lunch poll").click()
    cancel(window)

    write(window, "Curry Palace")
    said = message_of(window, "Curry Palace")
    said.hover()
    said.get_by_role("button", name="More actions").click()
    window.get_by_role("menuitem", name="Suggest this place").click()
    form = window.get_by_role("dialog", name="Suggest a place")
    form.get_by_role("button", name="Suggest").click()
    expect(form).to_contain_text("Thank you! Curry Palace can be chosen")
    form.get_by_role("button", name="Done").click()
    expect(form).to_have_count(0)


def test_the_app_answers_mentions_reactions_and_direct_messages(team: Team) -> None:
    window = team.window(team.ana)
    write(window, "@lunch how does this work?")
    said = message_of(window, "how does this work?")

    expect(said.get_by_role("button", name=re.compile("wave"))).to_be_visible()
    said.get_by_role("button", name="1 reply").click()
    thread = window.get_by_role("complementary", name="Thread")
    expect(thread).to_contain_text("Ask where to eat with /lunch.")
    ts = str(said.get_attribute("data-ts"))
    team.ben.react("team", ts, "pizza")
    expect(thread).to_contain_text("Pizza for @ben!")

    window.get_by_role("navigation", name="Workspace").get_by_role("button", name="Lunch").click()
    window.get_by_role("navigation", name="Lunch").get_by_role("button", name="Messages").click()
    box = window.get_by_role("textbox", name="Message Lunch")
    box.fill("hello")
    box.press("Enter")
    expect(message_of(window, "in a channel.")).to_contain_text("Ask where to eat with /lunch")


def test_files_go_both_ways(team: Team) -> None:
    window = team.window(team.ana)
    poll = ask(window, "To a file?")
    poll.get_by_role("button", name="Export").click()
    poll.get_by_role("button", name="1 reply").click()
    thread = window.get_by_role("complementary", name="Thread")
    with window.expect_download() as download:
        thread.get_by_role("link", name="votes.csv").click()
    assert Path(download.value.path()).read_text("utf-8") == "Noodle Bar,0\nPizza Corner,0\n"

    menu = file("menu.txt", b"Pea soup\nBread")
    composer = window.get_by_role("main").locator("form")
    composer.locator("input[type=file]").set_input_files(menu)
    composer.get_by_role("button", name="Send").click()
    said = message_of(window, "menu.txt")
    said.get_by_role("button", name="1 reply").click()
    expect(thread).to_contain_text("Today: Pea soup")


def test_the_app_previews_the_menus_that_people_post(team: Team) -> None:
    window = team.window(team.ana)
    write(window, "Look: https://menus.example.com/curry")

    preview = message_of(window, "Look:").get_by_role("region", name="Preview of")

    expect(preview).to_contain_text("Menu of Curry")
    preview.get_by_role("button", name="Remove preview").click()
    expect(preview).to_have_count(0)
