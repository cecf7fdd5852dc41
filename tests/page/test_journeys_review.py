"""Changes in a browser: proposed, approved, announced, restored and certified."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Locator, Page, expect

from sandbox.forms import View
from sandbox.persons import PersonDriver
from tests.page.hands import Hand
from tests.page.journeys import (
    Crew,
    Shift,
    button,
    field,
    message,
    messages,
    on_shift,
    reply,
    select,
)

RULE = "What do we do?"
WHY = "What changed and why?"
TITLE = "Roll back checkout on errors"
SAID, BETTER, BEST = "We roll back once.", "We roll back twice.", "We roll back twice, then wait."


@pytest.fixture(scope="module")
def shift(tmp_path_factory: pytest.TempPathFactory, sqlite_template: Path) -> Iterator[Shift]:
    with on_shift(sqlite_template, tmp_path_factory.mktemp("journeys")) as found:
        yield found


@pytest.fixture
def shift_of_its_own(tmp_path: Path, sqlite_template: Path) -> Iterator[Shift]:
    with on_shift(sqlite_template, tmp_path) as found:
        yield found


@pytest.fixture
def crew(shift: Shift, visitor: Callable[..., Page]) -> Crew:
    """Return a team with one decision, owned by ana."""
    found = Crew(shift, visitor)
    found.record(found.ana, "decision", {"Title": TITLE, RULE: SAID})
    return found


class Desk:
    """A person with their own window."""

    def __init__(
        self, crew: Crew, person: PersonDriver, hand_of: Callable[[Page], Hand], title: str = TITLE
    ) -> None:
        self.crew, self.person, self.title = crew, person, title
        self.window = crew.window(person)
        self.hand = hand_of(self.window)
        found = re.search(r"DEC-\d+", crew.posted(title).text)
        assert found
        self.key = found[0]

    def sees(self, words: str) -> Locator:
        """Wait for the last message with this text and return it."""
        found = message(self.window, words)
        expect(found).to_be_visible()
        return found

    @property
    def card(self) -> Locator:
        """Return the entry's card, which everyone sees."""
        articles = self.window.get_by_role("main").get_by_role("article")
        return articles.filter(has_text=self.title).filter(has_text="Decision · ").first

    def press(self, label: str, on: Locator) -> None:
        """Press a button of a message."""
        self.hand.reach(on)
        self.hand.press(button(on, label))

    def asks(self, line: str) -> None:
        """Type a command."""
        self.hand.send(self.crew.box(self.window), line)

    def form(self, title: str) -> Locator:
        """Return the open form."""
        found = self.window.get_by_role("dialog", name=title)
        expect(found).to_be_visible()
        return found

    def sends(self, form: Locator, label: str) -> None:
        """Submit a form that is accepted."""
        self.hand.press(button(form, label))
        expect(form).to_have_count(0)

    def edits(self, label: str, text: str, *, on: Locator | None = None) -> Locator:
        """Open the form from the card, and type into one of its fields."""
        self.press("Edit", on or self.card)
        form = self.form(f"Edit {self.key}")
        self.hand.write(field(form, label), text)
        return form

    def picks(self, item: str, revision: int) -> None:
        """Open the history from the card, and choose an item of a revision's menu."""
        shown = messages(self.window, "recorded by")
        earlier = shown.count()
        self.press("History", self.card)
        # With the keyboard, a person who is at an earlier one wouldn't reach the current one.
        expect(shown).to_have_count(earlier + 1)
        history = shown.last
        self.hand.reach(history)
        line = history.locator(".section").filter(has_text=f"{self.key}@{revision}")
        self.hand.press(button(line, "More actions"))
        self.hand.pick(self.window.get_by_role("menuitem", name=item, exact=True))


def proposed(crew: Crew, person: PersonDriver, label: str, text: str) -> None:
    """Let someone propose a change outside the browser."""
    form = person.press("Edit", on=crew.posted(TITLE))
    assert isinstance(form, View)
    assert form.fill({label: text}).submit() == {}
    crew.posted(f"{person.name} proposes")


def approved(crew: Crew, person: PersonDriver, of: PersonDriver) -> None:
    """Let someone approve a proposal, and wait for the announcement."""
    person.press("Approve", on=crew.posted(f"{of.name} proposes"))
    crew.shift.settle()


def test_a_change_is_proposed_sent_back_revised_approved_and_announced(
    crew: Crew, hand_of: Callable[[Page], Hand]
) -> None:
    ana, ben = Desk(crew, crew.ana, hand_of), Desk(crew, crew.ben, hand_of)

    form = ben.edits(RULE, BETTER)
    ben.hand.write(field(form, WHY), "Once was not enough.")
    ben.sends(form, "Propose")
    expect(ben.sees("is waiting for approval in")).to_contain_text("Only visible to you")

    card = ana.sees("proposes a rule change")
    expect(card).to_contain_text("Why: Once was not enough.")
    expect(card).to_contain_text(f"@{crew.ana.name}")
    expect(card.locator("s")).to_have_text("once")
    expect(card.locator("blockquote strong, blockquote b")).to_have_text("twice")
    expect(card).to_contain_text("Waiting for approval")
    ana.press("View change", card)
    whole = ana.form(f"{ana.key}@2")
    expect(whole).to_contain_text("Full text after this change:")
    ana.hand.press(button(whole, "Close").last)
    expect(whole).to_have_count(0)
    ana.press("Request changes", card)
    form = ana.form("Request changes")
    ana.hand.write(field(form, "What should change?"), "And if twice does not help?")
    ana.sends(form, "Send")

    theirs = ben.sees("proposes a rule change")
    asked = f"Changes requested by {crew.ana.name}: And if twice does not help?"
    expect(theirs).to_contain_text(asked)
    ben.press("Revise", theirs)
    form = ben.form(f"Edit {ben.key}")
    expect(form).to_contain_text("And if twice does not help?")
    expect(field(form, RULE)).to_have_value(BETTER)
    expect(field(form, WHY)).to_have_value("Once was not enough.")
    ben.hand.write(field(form, RULE), BEST)
    ben.sends(form, "Propose")

    expect(card).to_contain_text(f"{ana.key}@3")
    expect(card).to_contain_text("Waiting for approval")
    ana.press("Approve", card)
    expect(card).to_contain_text(f"In force, approved by {crew.ana.name}")
    for desk in (ana, ben):
        told = desk.sees(f"{desk.key}@3 is in force:")
        expect(told).to_contain_text(f"approved by {crew.ana.name}")
        expect(told).to_contain_text(f"@{crew.ben.name}")
        expect(desk.card).to_contain_text(BEST)
        expect(desk.card).to_contain_text("revision 3")


def explained(desk: Desk, title: str) -> None:
    """Fill in the reason in the form with this title, and propose the change."""
    form = desk.form(title)
    desk.hand.write(field(form, "What changed and why?"), "It was better.")
    desk.sends(form, "Propose")


def test_an_earlier_revision_is_compared_and_restored(
    crew: Crew, hand_of: Callable[[Page], Hand]
) -> None:
    proposed(crew, crew.ben, RULE, BETTER)
    approved(crew, crew.cleo, crew.ben)
    ana, ben = Desk(crew, crew.ana, hand_of), Desk(crew, crew.ben, hand_of)

    ana.picks("Diff", revision=2)
    compared = ana.sees(f"{ana.key}@2 compared with {ana.key}@1")
    expect(compared.locator("s")).to_have_text("once")
    ana.picks("Restore", revision=1)
    explained(ana, f"Restore {ana.key}")
    expect(ana.sees("is waiting for approval in")).to_contain_text("Only visible to you")

    ben.press("Approve", ben.sees("proposes restoring an earlier revision"))
    expect(ben.card).to_contain_text(SAID)
    expect(ben.card).to_contain_text("revision 3")
    before = ben.sees(f"{ben.key}@2 is in force:")
    ben.hand.reach(before)
    ben.hand.press(before.get_by_role("button", name="1 reply"))
    expect(reply(ben.window, f"{ben.key}@3 is in force again")).to_be_visible()


def test_one_entry_takes_anothers_place(crew: Crew, hand_of: Callable[[Page], Hand]) -> None:
    crew.record(crew.ben, "decision", {"Title": "Use flags", RULE: "We turn the flag off."})
    ana, ben = Desk(crew, crew.ana, hand_of), Desk(crew, crew.ben, hand_of, "Use flags")

    ben.asks(f"/lore supersede {ana.key} with {ben.key} It says more.")
    ana.press("Approve", ana.sees(f"proposes replacing it with {ben.key}"))

    ana.sees(f"{ana.key}@2 is replaced by {ben.key}")
    expect(ana.card).to_contain_text(f"Replaced by {ben.key}")
    expect(button(ana.card, "Edit")).to_have_count(0)
    expect(ben.card).to_contain_text(f"Replaces {ana.key}")


def test_an_entry_is_certified_by_each_verdict(crew: Crew, hand_of: Callable[[Page], Hand]) -> None:
    ana, ben = Desk(crew, crew.ana, hand_of), Desk(crew, crew.ben, hand_of)

    ana.asks(f"/lore review {ana.key}")
    asked = ana.sees("Is it still accurate?")
    ana.press("Still accurate", asked)
    ana.sends(ana.form(f"{ana.key}@1"), "Still accurate")
    ana.sees(f"Noted that {ana.key}@1 is still accurate. It is due again on")
    expect(ana.card).to_contain_text("in force, certified until")

    ana.hand.reach(asked)
    name = crew.cleo.name
    ana.hand.choose(select(asked, "Ask someone else"), name, name)
    ana.sees(f"{name} has been asked to review {ana.key}@1 instead.")

    ana.press("Needs a change", asked)
    form = ana.form(f"Edit {ana.key}")
    ana.hand.write(field(form, RULE), BETTER)
    ana.sends(form, "Propose")
    ben.press("Approve", ben.sees("proposes a rule change"))
    expect(ana.card).to_contain_text(f"not certified since {ana.key}@2")

    ana.asks(f"/lore review {ana.key}")
    expect(ana.sees("Is it still accurate?")).to_contain_text(BETTER)
    ana.press("Retire", ana.sees("Is it still accurate?"))
    explained(ana, f"Retire {ana.key}")
    ben.press("Approve", ben.sees("proposes retiring it"))
    expect(ana.card).to_contain_text("retired")
    expect(button(ana.card, "Still accurate")).to_have_count(0)


def test_what_nobody_answers_for_is_taken_over(crew: Crew, hand_of: Callable[[Page], Hand]) -> None:
    ben = Desk(crew, crew.ben, hand_of)
    crew.ana.leave(crew.channel)
    crew.shift.settle()

    ben.press("Take over", ben.card)

    ben.sees(f"You now own {ben.key}.")
    expect(ben.card).to_contain_text(f"owner {crew.ben.name}")
    expect(button(ben.card, "Take over")).to_have_count(0)


# Two people edit one entry at once.


def test_two_changes_of_different_fields_are_put_together(
    crew: Crew, hand_of: Callable[[Page], Hand]
) -> None:
    ana, ben = Desk(crew, crew.ana, hand_of), Desk(crew, crew.ben, hand_of)
    hers = ana.edits("Exceptions", "Never on Fridays.")
    his = ben.edits(RULE, BETTER)
    ana.sends(hers, "Propose")
    first = ben.sees(f"{crew.ana.name} proposes")
    ben.sends(his, "Propose")

    second = ana.sees(f"{crew.ben.name} proposes")
    ben.press("Approve", first)
    expect(second).to_contain_text(f"{ana.key}@4")
    ana.press("Approve", second)

    for desk in (ana, ben):
        expect(desk.card).to_contain_text("revision 4")
        expect(desk.card).to_contain_text(BETTER)
        expect(desk.card).to_contain_text("Never on Fridays.")


def test_of_two_changes_of_one_field_the_second_is_decided_with_both_texts(
    crew: Crew, hand_of: Callable[[Page], Hand]
) -> None:
    ana, ben = Desk(crew, crew.ana, hand_of), Desk(crew, crew.ben, hand_of)
    hers, his = ana.edits(RULE, BETTER), ben.edits(RULE, "We wait.")
    ana.sends(hers, "Propose")
    first = ben.sees(f"{crew.ana.name} proposes")
    ben.sends(his, "Propose")
    second = ana.sees(f"{crew.ben.name} proposes")

    ben.press("Approve", first)
    expect(second).to_contain_text(f"Conflict: {ana.key}@2 also changed “{RULE}”.")
    expect(button(second, "Approve")).to_have_count(0)
    expect(ben.card).to_contain_text(BETTER)
    ben.press("Revise", ben.sees(f"{crew.ben.name} proposes"))
    form = ben.form(f"Edit {ben.key}")
    expect(form).to_contain_text("What it says now:")
    expect(form).to_contain_text(BETTER)
    expect(field(form, RULE)).to_have_value("We wait.")
    ben.hand.write(field(form, RULE), BEST)
    ben.sends(form, "Propose")
    expect(second).to_contain_text("Waiting for approval")
    ana.press("Approve", second)

    for desk in (ana, ben):
        expect(desk.card).to_contain_text(BEST)


def test_where_changes_are_saved_at_once_the_second_sees_both_texts_and_saves_onto_the_first(
    shift_of_its_own: Shift,
    visitor: Callable[..., Page],
    hand_of: Callable[[Page], Hand],
) -> None:
    """An admin turns approval off in this test's own workspace."""
    crew = Crew(shift_of_its_own, visitor)
    admin = crew.driver.person("ada", admin=True)
    admin.join(crew.channel)
    crew.record(crew.ana, "decision", {"Title": TITLE, RULE: SAID})
    ada = Desk(crew, admin, hand_of)
    ada.asks("/lore settings")
    form = ada.form("Opslore settings")
    ada.hand.choose(select(form, "Changes need approval"), "No", "No")
    ada.sends(form, "Save")

    ana, ben = Desk(crew, crew.ana, hand_of), Desk(crew, crew.ben, hand_of)
    hers, his = ana.edits(RULE, BETTER), ben.edits(RULE, "We wait.")
    ana.sends(hers, "Save")
    expect(ben.card).to_contain_text(BETTER)
    ben.hand.press(button(his, "Save"))

    expect(his).to_contain_text(f"{ben.key}@2 was saved while you were editing")
    expect(his).to_contain_text("What it says now:")
    expect(his).to_contain_text(BETTER)
    expect(field(his, RULE)).to_have_value("We wait.")
    expect(ana.card).to_contain_text(BETTER)
    ben.hand.write(field(his, RULE), BEST)
    ben.sends(his, "Save")

    for desk in (ana, ben):
        expect(desk.card).to_contain_text(BEST)
        expect(desk.card).to_contain_text("revision 3")
    ana.asks(f"/lore show {ana.key}@2")
    expect(ana.sees("older revision")).to_contain_text(BETTER)
