"""Journeys with the real bot in a browser: recording, finding and muting."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.page.hands import Hand, Mouse
from tests.page.journeys import (
    Crew,
    Shift,
    button,
    field,
    message,
    on_shift,
    reply,
    select,
    thread,
)

ASKED = "Checkout errors are above two percent again after the deploy."
DECIDED = "From now on we always roll back checkout when errors stay above two percent."
THANKS = "thanks, that worked!"
PROMPT = "You stated a rule that your team can use again."
TITLE = "Roll back checkout on errors"
SECRET = "ghp_" + "a1B2c3D4e5F6g7H8i9J0" + "k1L2m3N4o5P6q7R8"  # of GitHub's form, and made up
# One entry of each kind, with the field that it needs in addition to its title.
ENTRIES = (
    ("decision", "Roll back checkout on errors", "What do we do?"),
    ("escalation", "Nobody answers the database page", "What goes wrong?"),
    ("handoff", "From night watch to day watch", "What must be passed on?"),
)
OFFER = "Ready to record this thread."


@pytest.fixture(scope="module")
def shift(tmp_path_factory: pytest.TempPathFactory, sqlite_template: Path) -> Iterator[Shift]:
    folder = tmp_path_factory.mktemp("journeys")
    with on_shift(sqlite_template, folder) as found:
        yield found


@pytest.fixture
def crew(shift: Shift, visitor: Callable[..., Page]) -> Crew:
    return Crew(shift, visitor)


# Recording in each of the four ways.


def by_shortcut(window: Page, hand: Hand) -> None:
    asked = message(window, ASKED)
    hand.reach(asked)
    hand.press(button(asked, "More actions"))
    hand.pick(window.get_by_role("menuitem", name="Record this thread"))


def by_mention(window: Page, hand: Hand) -> None:
    asked = message(window, ASKED)
    hand.reach(asked)
    hand.press(button(asked, "Reply in thread"))
    hand.send(thread(window).get_by_role("textbox", name="Reply…"), "@Opslore record")
    take_up(hand, reply(window, OFFER))


def by_scroll(window: Page, hand: Hand) -> None:
    hand.react(message(window, ASKED), "scroll")
    take_up(hand, message(window, OFFER))


def by_prompt(window: Page, hand: Hand) -> None:
    prompt = prompted(window, hand)
    hand.reach(prompt)
    hand.press(button(prompt, "Record it"))


def prompted(window: Page, hand: Hand) -> Locator:
    """State a rule in a thread, close the thread with thanks, and return the prompt."""
    asked = message(window, ASKED)
    hand.reach(asked)
    hand.press(button(asked, "Reply in thread"))
    for words in (DECIDED, THANKS):
        hand.send(thread(window).get_by_role("textbox", name="Reply…"), words)
    return reply(window, PROMPT)


def take_up(hand: Hand, offer: Locator) -> None:
    """Press a button of the bot's ephemeral message to this person."""
    expect(offer).to_contain_text("Only visible to you")
    expect(offer).to_have_accessible_name(re.compile("^Opslore, "))
    hand.reach(offer)
    hand.press(button(offer, "Record this thread"))


@pytest.mark.parametrize("way", [by_shortcut, by_mention, by_scroll, by_prompt])
def test_a_decision_is_recorded_from_a_thread(
    crew: Crew,
    hand_of: Callable[[Page], Hand],
    way: Callable[[Page, Hand], None],
) -> None:
    root = crew.ben.say(crew.channel, ASKED)
    if way is not by_prompt:
        crew.cleo.say(crew.channel, DECIDED, thread=root)
    window = crew.window(crew.ana)
    hand = hand_of(window)

    way(window, hand)
    form = window.get_by_role("dialog", name="Record a decision")
    expect(field(form, "What do we do?")).to_have_value(DECIDED)
    hand.write(field(form, "Title"), TITLE)
    hand.write(field(form, "Why?"), "Fixing forward took two hours.")
    hand.choose(select(form, "Review every"), "30", "30 days")
    hand.press(button(form, "Save"))

    expect(form).to_have_count(0)
    if thread(window).count() == 0:
        asked = message(window, ASKED)
        hand.reach(asked)
        hand.press(asked.get_by_role("button", name="replies"))
    card = reply(window, TITLE)
    expect(card).to_contain_text("Fixing forward took two hours.")
    expect(button(card, "Approve")).to_be_visible()


# Other kinds, and searching for them.


def test_an_escalation_of_three_levels_is_recorded(
    crew: Crew, hand_of: Callable[[Page], Hand]
) -> None:
    window = crew.window(crew.ana)
    hand = hand_of(window)
    hand.send(crew.box(window), "/lore record escalation")
    form = window.get_by_role("dialog", name="Record an escalation")

    hand.write(field(form, "Title"), "Nobody answers the database page")
    hand.write(field(form, "What goes wrong?"), "The page rings out.")
    hand.choose(select(form, "Severity"), "sev1", "SEV1: customers are down")
    for level, who in enumerate((crew.ana, crew.ben, crew.cleo), start=1):
        if level > 1:
            hand.press(button(form, "Add a level"))
        hand.choose(select(form, f"Level {level}: notify"), who.name, who.name)
        hand.choose(select(form, f"Level {level}: wait"), "10", "10 minutes")
        hand.write(field(form, f"Level {level}: tell them"), f"Words for level {level}.")
    expect(field(form, "Level 1: tell them")).to_have_value("Words for level 1.")
    expect(select(form, "Level 1: wait")).to_have_value("10 minutes")
    hand.press(button(form, "Save"))

    expect(form).to_have_count(0)
    card = message(window, "The page rings out.")
    for level, who in enumerate((crew.ana, crew.ben, crew.cleo), start=1):
        said = f"{who.name} · wait 10 minutes\nWords for level {level}."
        expect(card).to_contain_text(said, use_inner_text=True)


def test_a_handoff_is_recorded(crew: Crew, hand_of: Callable[[Page], Hand]) -> None:
    window = crew.window(crew.ana)
    hand = hand_of(window)
    hand.send(crew.box(window), "/lore record handoff")
    form = window.get_by_role("dialog", name="Record a handoff")

    hand.write(field(form, "Title"), "Night watch to day watch")
    hand.write(field(form, "What must be passed on?"), "Open incidents\nThe lag")
    hand.choose(select(form, "Acknowledge within"), "30", "30 minutes")
    hand.press(button(form, "Save"))

    expect(form).to_have_count(0)
    expect(message(window, "Open incidents")).to_contain_text("Night watch to day watch")


def test_each_kind_is_found_with_slips_of_typing(
    crew: Crew, hand_of: Callable[[Page], Hand]
) -> None:
    for kind, title, required in ENTRIES:
        crew.record(crew.ben, kind, {"Title": title, required: "As said."})
    window = crew.window(crew.ana)
    hand = hand_of(window)

    for line, title in (
        ("/lore find rolback chekcout", "Roll back checkout on errors"),
        ("/lore databse pge", "Nobody answers the database page"),
        ("/lore nigth wacth", "From night watch to day watch"),
        ("/lore find nigth wacth", "From night watch to day watch"),
    ):
        hand.send(crew.box(window), line)
        answer = message(window, f"“{re.sub('^/lore( find)? ', '', line)}”")
        expect(answer).to_contain_text("Only visible to you")
        hand.reach(answer)
        hand.press(button(answer, "Open"))
        expect(button(message(window, title), "History")).to_be_visible()
        hand.reach(answer)
        hand.press(button(answer, "Dismiss"))
        expect(answer).to_have_count(0)


def test_a_question_is_answered_in_the_thread_and_in_a_direct_message(
    crew: Crew, hand_of: Callable[[Page], Hand]
) -> None:
    rule = "Promote the replica in Frankfurt."
    fields = {"Title": "Fail over the orders database", "What do we do?": rule}
    crew.record(crew.ben, "decision", fields)
    asks = "how do we fail over the orders database?"
    window = crew.window(crew.ana)
    hand = hand_of(window)

    hand.send(crew.box(window), f"@Opslore {asks}")
    asked = message(window, asks)
    hand.reach(asked)
    hand.press(asked.get_by_role("button", name=re.compile("1 reply")))
    expect(reply(window, rule)).to_contain_text("owner")

    hand.press(window.get_by_role("button", name="Opslore", exact=True).first)
    tabs = window.get_by_role("navigation", name="Opslore")
    hand.press(tabs.get_by_role("button", name="Messages"))
    hand.send(window.get_by_role("textbox", name="Message Opslore"), asks)
    expect(message(window, rule)).to_be_visible()


# Forms that can't be saved yet.


def test_a_form_with_errors_keeps_its_text_and_leads_to_the_field(
    crew: Crew, hand_of: Callable[[Page], Hand]
) -> None:
    window = crew.window(crew.ana)
    hand = hand_of(window)
    hand.send(crew.box(window), "/lore record decision")
    form = window.get_by_role("dialog", name="Record a decision")
    right = {"Title": TITLE, "What do we do?": "Roll back.", "Exceptions": "Never on Fridays."}
    for label, words in right.items():
        hand.write(field(form, label), words)

    for label, wrong, words in (
        ("Title", "   ", "can't be empty"),
        ("What do we do?", f"Call with {SECRET}", "looks like a password, key or token"),
        ("Title", "x" * 151, "at most 150 characters"),
    ):
        hand.write(field(form, label), wrong)
        hand.press(button(form, "Save"))
        expect(field(form, label)).to_have_accessible_description(re.compile(words))
        expect(field(form, label)).to_be_focused()
        for other, kept in {**right, label: wrong}.items():
            expect(field(form, other)).to_have_value(kept)
        hand.write(field(form, label), right[label])
    hand.press(button(form, "Save"))

    expect(form).to_have_count(0)
    expect(message(window, TITLE)).to_contain_text("Never on Fridays.")


# Prompts, and two people at once.


def test_muted_prompts_are_not_shown_any_more(crew: Crew, hand_of: Callable[[Page], Hand]) -> None:
    """Later messages still count for the digest, because the bot keeps listening."""
    crew.ben.say(crew.channel, ASKED)
    window = crew.window(crew.ana)
    hand = hand_of(window)
    prompt = prompted(window, hand)
    hand.reach(prompt)
    hand.press(button(prompt, "Mute prompts here"))

    expect(reply(window, "Prompts are off in this channel")).to_be_visible()
    expect(prompt).to_have_count(0)
    hand.send(crew.box(window), "From now on we always drain the node before a kernel upgrade.")
    expect(message(window, "kernel upgrade")).to_be_visible()
    crew.ben.say(crew.channel, THANKS, thread=crew.posted("kernel upgrade").ts)
    crew.shift.settle()
    assert not any(PROMPT in each.text for each in crew.ana.ephemerals(crew.channel))


def test_two_people_see_the_same_but_for_what_is_shown_to_one(crew: Crew) -> None:
    hers, his = crew.window(crew.ana), crew.window(crew.ben)
    ana, ben = Mouse(hers), Mouse(his)

    ben.send(crew.box(his), ASKED)
    ana.reach(message(hers, ASKED))
    ana.press(button(message(hers, ASKED), "Reply in thread"))
    ana.send(thread(hers).get_by_role("textbox", name="Reply…"), DECIDED)
    # Ben thanks for her reply, so it has arrived by then.
    root = crew.posted(ASKED).ts
    crew.driver.until(
        lambda: any(DECIDED in each.text for each in crew.driver.thread(crew.channel, root)), 60
    )
    crew.ben.say(crew.channel, THANKS, thread=root)
    prompt = reply(hers, PROMPT)
    expect(prompt).to_contain_text("Only visible to you")
    ben.press(message(his, ASKED).get_by_role("button", name="2 replies"))
    expect(reply(his, DECIDED)).to_be_visible()
    expect(reply(his, PROMPT)).to_have_count(0)

    ana.press(button(prompt, "Record it"))
    form = hers.get_by_role("dialog", name="Record a decision")
    ana.press(button(form, "Save"))
    for window in (hers, his):
        expect(button(reply(window, "DEC-"), "Approve")).to_be_visible()
        expect(reply(window, PROMPT)).to_have_count(0)
