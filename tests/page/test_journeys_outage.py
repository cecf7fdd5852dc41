"""An outage of the bot as people see it in the page, and how they continue."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.page.hands import Hand
from tests.page.journeys import Crew, Shift, button, field, message, on_shift


@pytest.fixture(scope="module")
def shift(tmp_path_factory: pytest.TempPathFactory, sqlite_template: Path) -> Iterator[Shift]:
    """Run a separate bot for this module, because it gets killed."""
    with on_shift(sqlite_template, tmp_path_factory.mktemp("outage")) as found:
        yield found


def test_a_bot_that_is_gone_is_told_in_slacks_words_and_nothing_typed_is_lost(
    shift: Shift, visitor: Callable[..., Page], hand_of: Callable[[Page], Hand]
) -> None:
    crew = Crew(shift, visitor)
    hers, his = crew.window(crew.ana), crew.window(crew.ben)
    ana, ben = hand_of(hers), hand_of(his)
    ana.send(crew.box(hers), "/lore record decision")
    form = hers.get_by_role("dialog", name="Record a decision")
    ana.write(field(form, "Title"), "Call the vendor")
    shift.kill_bot()

    ana.write(field(form, "What do we do?"), "Call them at once.")
    ana.press(button(form, "Save"))
    expect(form.get_by_role("alert")).to_have_text("We had some trouble connecting. Try again?")
    expect(field(form, "Title")).to_have_value("Call the vendor")
    expect(field(form, "What do we do?")).to_have_value("Call them at once.")
    ben.send(crew.box(his), "/lore help")
    failed = message(his, '/lore failed with the error "dispatch_failed"')
    expect(failed).to_contain_text("Only visible to you")
    expect(crew.box(his)).to_have_value("/lore help")

    shift.start_bot()
    ana.press(button(form, "Save"))
    expect(form).to_have_count(0)
    expect(message(hers, "Call them at once.")).to_contain_text("Call the vendor")
    ben.send(crew.box(his), "")  # the text is still there
    expect(message(his, "Opslore records how your team works")).to_be_visible()
