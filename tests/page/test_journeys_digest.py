"""The weekly digest in a browser: each of its buttons and the result."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Locator, Page, expect

from sandbox.forms import View
from tests.page.hands import Hand
from tests.page.journeys import Crew, Shift, button, field, message, on_shift, select
from tests.support import gap_threads
from tests.support.patient import BY_SANDBOX_CLOCK

# Two threads each, which make a recurring matter.
RECURRING = ((*gap_threads.DISK[:2], gap_threads.CLEANED), (*gap_threads.MAIL, gap_threads.ROTATED))
# The title of the first one hangs on whether the answers were heard in time.
DISK, MAIL = re.compile("build server", re.IGNORECASE), gap_threads.MAIL_TITLE
DUE = ("Freeze before holidays", "Archive old exports", "Vacuum every week")
CERTIFIED, RETIRED, SNOOZED = DUE
GONE = ("Page the vendor", "Call the bank")
TAKEN, ASSIGNED = GONE
DEVIATED = "Drain before upgrades"


@pytest.fixture(scope="module")
def shift(tmp_path_factory: pytest.TempPathFactory, sqlite_template: Path) -> Iterator[Shift]:
    """Run the bot by the workspace's clock, so that moving it makes reviews due."""
    folder = tmp_path_factory.mktemp("journeys")
    with on_shift(sqlite_template, folder, BY_SANDBOX_CLOCK) as found:
        yield found


@pytest.fixture
def crew(shift: Shift, visitor: Callable[..., Page]) -> Crew:
    """Return a team with a line in every section of its digest."""
    found = Crew(shift, visitor)
    for title in DUE:
        found.record(found.ana, "decision", {"Title": title, "What do we do?": "As ever."})
    shift.ahead(days=100)
    found.posted("Weekly digest")
    for title in GONE:
        found.record(found.ben, "decision", {"Title": title, "What do we do?": "Call them."})
    found.record(found.cleo, "decision", {"Title": DEVIATED, "What do we do?": "Drain it."})
    form = found.cleo.press("Use it", on=found.posted(DEVIATED))
    assert isinstance(form, View)
    form.choose("How did it go?", "Deviated").fill({"Note": "The node hung."})
    assert form.submit() == {}
    for first, second, answer in RECURRING:
        for person, question in ((found.ana, first), (found.cleo, second)):
            root = person.say(found.channel, question)
            found.ben.say(found.channel, answer, thread=root)
            person.say(found.channel, "thanks, that worked!", thread=root)
            shift.settle()
    found.ben.leave(found.channel)
    return found


class Digest:
    """A digest in ana's window."""

    def __init__(self, crew: Crew, hand_of: Callable[[Page], Hand]) -> None:
        self.crew = crew
        self.window = crew.window(crew.ana)
        self.hand = hand_of(self.window)
        self.hand.send(crew.box(self.window), "/lore digest now")
        self.message = message(self.window, "2 gaps")
        expect(self.message).to_be_visible()

    def line(self, about: str | re.Pattern[str], says: str | re.Pattern[str]) -> Locator:
        """Return the line of a section with this text."""
        return self.message.locator(".section").filter(has_text=about).filter(has_text=says)

    def press(self, label: str, line: Locator) -> None:
        """Press a button of a line."""
        self.hand.reach(self.message)
        self.hand.press(button(line.locator("xpath=following-sibling::*[1]"), label))

    def form(self, title: str) -> Locator:
        """Return the open form."""
        return self.window.get_by_role("dialog", name=title)

    def approved(self, title: str) -> None:
        """Let cleo approve ana's proposal."""
        self.crew.cleo.press("Approve", on=self.crew.posted(f": {title}"))

    def struck(self, about: str | re.Pattern[str], words: str | re.Pattern[str]) -> None:
        """Check that a line is struck through with a name, and that the focus stays there."""
        expect(self.line(about, words).locator("s").first).to_have_text(about)
        expect(self.message).to_be_focused()


def test_every_button_of_the_digest_does_its_work(
    crew: Crew, hand_of: Callable[[Page], Hand]
) -> None:
    digest = Digest(crew, hand_of)
    by = f"by {crew.ana.name}"

    digest.press("Not recurring", digest.line(MAIL, "2 threads"))
    digest.struck(MAIL, f"Not recurring {by}")

    digest.press("Record it", digest.line(DISK, "2 threads"))
    form = digest.form("Record a decision")
    digest.hand.write(field(form, "What do we do?"), "Clear the cache.")
    digest.hand.press(button(form, "Save"))
    expect(form).to_have_count(0)
    digest.struck(DISK, re.compile(rf"Recorded as draft DEC-\d+ {by}"))

    due = "overdue"
    digest.press("Still accurate", digest.line(CERTIFIED, due))
    text = digest.form("DEC-")
    digest.hand.press(button(text, "Still accurate"))
    expect(text).to_have_count(0)
    digest.struck(CERTIFIED, f"Still accurate {by}")
    digest.press("Snooze", digest.line(SNOOZED, due))
    digest.struck(SNOOZED, f"Snoozed {by}")
    digest.press("Retire", digest.line(RETIRED, due))
    form = digest.form("Retire DEC-")
    digest.hand.write(field(form, "What changed and why?"), "No longer done.")
    digest.hand.press(button(form, "Propose"))
    expect(form).to_have_count(0)
    digest.approved(RETIRED)
    digest.struck(RETIRED, f"Retired {by}")

    owner = "left or was deactivated"
    digest.press("Take over", digest.line(TAKEN, owner))
    digest.struck(TAKEN, f"Owner changed {by}")
    digest.press("Assign", digest.line(ASSIGNED, owner))
    form = digest.form("Assign an owner")
    digest.hand.choose(select(form, "Owner"), crew.cleo.name, crew.cleo.name)
    digest.hand.press(button(form, "Save"))
    expect(form).to_have_count(0)
    digest.struck(ASSIGNED, f"Owner changed {by}")

    digest.hand.reach(digest.message)
    # A single button is beside its line.
    digest.hand.press(button(digest.line(DEVIATED, "deviated once"), "Edit"))
    form = digest.form("Edit DEC-")
    digest.hand.write(field(form, "Exceptions"), "Not the last node.")
    digest.hand.write(field(form, "What changed and why?"), "It hung there.")
    digest.hand.press(button(form, "Propose"))
    expect(form).to_have_count(0)
    digest.approved(DEVIATED)
    digest.struck(DEVIATED, f"Edited {by}")
