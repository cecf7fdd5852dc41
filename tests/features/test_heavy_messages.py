"""A message over Slack's size limit shortens its parts and leaves none of them out."""

from bot.domain.approval import ApprovalPolicy
from bot.usecases.entries.find import FOUND_SHOWN
from sandbox.persons import PersonDriver
from tests.support.nudging import at
from tests.support.ops import Ops
from tests.support.recording import pressed, saved, typed

LONG = "when checkout errors stay above two percent for five minutes we roll back the release "


def send_back(ops: Ops, key: str, *reviewers: PersonDriver) -> None:
    """Request changes with a long comment from all of them."""
    card = next(m for m in reversed(ops.driver.messages(ops.ops)) if f"proposes {key}@" in m.text)
    views = [pressed(person, "Request changes", card) for person in reviewers]
    for person, view in zip(reviewers, views, strict=True):
        saved(ops, view.fill({"What should change?": f"{person.name} wants: {LONG * 6}"[:500]}))


def test_a_long_list_of_reviews_is_shown_completely(ops: Ops) -> None:
    ops.review(ApprovalPolicy())
    dan = ops.driver.person("dan")
    ops.driver.invite(ops.ops, dan)
    for number in range(10):
        ops.record(ops.ana, f"{number} {LONG * 2}"[:150], LONG * 5)
    for key in ("DEC-1", "DEC-2", "DEC-3"):
        view = ops.ana.slash(ops.ops, f"/lore edit {key}").view
        assert view is not None
        saved(ops, view.fill({"What do we do?": "Less.", "What changed and why?": LONG * 5}))
        send_back(ops, key, ops.ben, ops.cleo, dan)
    ops.later(days=100)

    answer = ops.ana.slash(ops.ops, "/lore review")

    assert answer.buttons().count("Revise") == 3
    assert answer.buttons().count("Still accurate") == 7
    for name in ("ben", "cleo", "dan"):
        assert answer.words().count(f"{name} wants: when") == 3


def test_a_card_of_ten_levels_with_many_people_is_shown(ops: Ops) -> None:
    people = [ops.driver.person(f"person-{number}-of-the-team-on-call") for number in range(25)]
    view = ops.ana.slash(ops.ops, "/lore record escalation Nodes hang").view
    assert view is not None
    view.fill({"What goes wrong?": LONG * 20, "Last resort": (LONG * 20)[:1000]})
    view.fill({"Runbook link": "https://wiki.example/" + "a" * 2000})
    for level in range(1, 11):
        view.fill({f"Level {level}: tell them": (LONG * 20)[:1000]})
        view.choose(f"Level {level}: notify", people).choose(f"Level {level}: wait", "1 hour")
        if level < 10:
            view.press("Add a level")
    saved(ops, view)

    posted = ops.driver.messages(ops.ops)[-1]
    answer = ops.ben.slash(ops.ops, "/lore ESC-1")

    for card in (posted.words(), answer.words()):
        assert "Level 10  person-0-of-the-team-on-call" in card.replace("*", "")
        assert "wait 1 hour" in card
        assert "https://wiki.example/" in card
    assert "Use it" in answer.buttons()


def test_lists_of_texts_that_grow_when_escaped_are_shown(ops: Ops) -> None:
    """An `&` takes five characters in a message."""
    for number in range(15):
        view = ops.ana.slash(ops.ops, "/lore record decision").view
        assert view is not None
        title = f"{number} deploys {'&' * 135}"
        saved(ops, view.fill({"Title": title, "What do we do?": "&" * 3000}))
    for key in [f"DEC-{number}" for number in range(1, 16)] + ["DEC-1"] * 9:
        view = ops.ana.slash(ops.ops, f"/lore edit {key}").view
        assert view is not None
        again = "" if typed(view, "Exceptions") else "None."
        saved(ops, view.fill({"Exceptions": again, "What changed and why?": "&" * 500}))

    listed = {
        line: ops.ana.slash(ops.ops, f"/lore {line}").words()
        for line in ("find deploys", "away", "changes since 2026-03-04", "history DEC-1")
    }

    assert listed["find deploys"].count(" deploys &") == FOUND_SHOWN
    assert listed["away"].count(" deploys &") == 15
    assert listed["changes since 2026-03-04"].count("edited by ana") == 15
    assert listed["history DEC-1"].count("edited by ana") == 10
    at(ops, "2026-06-03 10:00")
    assert ops.ana.dms()[-1].words().count(" deploys &") == 15
