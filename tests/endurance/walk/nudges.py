"""Nudges: an owner gets a direct message in working hours and handles its lines in place."""

from datetime import datetime, timedelta

from sandbox.persons import PersonDriver
from sandbox.seen import Message
from tests.endurance.walk.clock import moment, moved_to, working_day_after
from tests.endurance.walk.stage import RULE, Walk

# DEC-1 and so on, all of them Ana's.
TITLES = ("Confirm me", "Change me", "Retire me", "Pass me on", "Approve me", "Leave me alone")


def nudges(walk: Walk) -> None:
    """Walk through three working days a quarter later; the first two begin before working hours."""
    for title in TITLES:
        walk.record(walk.ana, title)
    view = walk.form(walk.ben, "/lore edit DEC-5")
    walk.save(view, {RULE: "We do it twice.", "Why?": "Once is too few."})
    walk.arrives("DEC-5@2", "Waiting for approval")
    walk.without_review()
    walk.ask(walk.ana, "/lore nudges", "at most one direct message per working day")
    # They are due after ninety days, and their owner is asked for three working days.
    due = moment(walk.driver.messages(walk.ops)[-1]) + timedelta(days=90)
    first = working_day_after(due)
    second = working_day_after(first)
    nudge = _on(walk, first)
    _handled(walk, nudge)
    _approved(walk, nudge)
    _snoozed(walk, nudge)
    _never(walk, _on(walk, second))
    _by_command(walk, working_day_after(second))


def _on(walk: Walk, day: datetime) -> Message:
    """Check that no one is nudged before nine in their time zone, and then in one message."""
    before = len(_nudges(walk.ana))
    early = moved_to(walk, day, "06:30")
    walk.settled()
    moved_to(walk, day, "09:01")
    walk.until(lambda: len(_nudges(walk.ana)) > before)
    walk.settled()
    told = _nudges(walk.ana)
    assert len(told) == before + 1, "more than one nudge in a day"
    assert float(told[-1].ts) > early + 2 * 3600, "nudged before nine"
    here = moment(told[-1])
    walk.saw(f"nudged in working hours, {here:%A %H:%M} in Berlin", told[-1].words())
    return told[-1]


def _nudges(person: PersonDriver) -> list[Message]:
    said = [(each, each.text) for each in person.dms()]
    return [each for each, text in said if "waiting for you" in text or "Nothing here" in text]


def _says(walk: Walk, nudge: Message, words: str) -> str:
    """Wait until the message has these words; return their lines."""

    def look() -> str | None:
        now = next(each for each in walk.ana.dms() if each.ts == nudge.ts)
        return now.words() if words in now.words() else None

    try:
        found = walk.until(look) or ""
    except TimeoutError:
        raise AssertionError(f"the nudge does not say {words!r}") from None
    walk.settled()
    return found[found.index(words) :].partition("\n")[0] if "\n" not in words else words


def _again(walk: Walk, nudge: Message) -> Message:
    return next(each for each in walk.ana.dms() if each.ts == nudge.ts)


def _handled(walk: Walk, nudge: Message) -> None:
    assert "Due for review" in nudge.words(), nudge.words()
    assert nudge.text == "7 entries are waiting for you", nudge.text
    assert not _nudges(walk.ben), "nudged in addition to the owner"
    walk.press(walk.ana, "Still accurate", nudge, near="Confirm me")
    walk.told(walk.ana, "DEC-1@1 is still accurate. It is due again on")
    walk.saw("Still accurate", _says(walk, nudge, "Confirm me\nStill accurate by ana"))

    view = walk.opened(walk.ana, "Needs a change", _again(walk, nudge), near="Change me")
    assert view.title == "Edit DEC-2", view.title
    walk.saw("Needs a change", _says(walk, nudge, "Change me\nNeeds a change by ana"))
    walk.save(view, {RULE: "We do it better.", "Why?": "It was slow."})
    walk.arrives("DEC-2@2")

    walk.press(walk.ana, "Retire", _again(walk, nudge), near="Retire me")
    walk.saw("Retire", _says(walk, nudge, "Retire me\nRetired by ana"))

    walk.ana.select("ask_entry", walk.cleo, _again(walk, nudge), near="Pass me on")
    walk.told(walk.ana, "cleo has been asked to review DEC-4@1 instead")
    walk.saw("Ask someone else", _says(walk, nudge, "Pass me on\nPassed on to cleo by ana"))

    walk.press(walk.ana, "Open", _again(walk, nudge), near="Leave me alone")
    walk.saw("Open", walk.told(walk.ana, "DEC-6", RULE, "Leave me alone").words())


def _approved(walk: Walk, nudge: Message) -> None:
    view = walk.opened(walk.ana, "View change", _again(walk, nudge), near="DEC-5@2")
    assert "We do it twice." in view.words(), view.words()
    walk.press(walk.ana, "Approve", view)
    walk.saw("Review, Approve", _says(walk, nudge, "Approve me\nApproved by ana"))


def _snoozed(walk: Walk, nudge: Message) -> None:
    walk.press(walk.ana, "Snooze", _again(walk, nudge))
    walk.saw("Snooze", _says(walk, nudge, "Nudges are snoozed for you until"))
    assert "Snooze" not in _again(walk, nudge).buttons()
    walk.ask(walk.ana, "/lore nudges", "Nudges are snoozed for you until")
    said = walk.ask(walk.ana, "/lore nudges on", "at most one direct message per working day")
    walk.saw("/lore nudges on", said.words())
    _says(walk, nudge, "snooze them for a week, or never again")
    assert "Turn off" in _again(walk, nudge).buttons(), "the buttons are missing"


def _never(walk: Walk, nudge: Message) -> None:
    assert "Leave me alone" in nudge.words(), nudge.words()
    assert "Change me" in nudge.words(), "a changed rule needs no new review"
    assert "Confirm me" not in nudge.words(), "a handled line still waits"
    walk.until(lambda: _nudges(walk.cleo))
    asked = _nudges(walk.cleo)[-1]
    assert "Pass me on" in asked.words(), asked.words()
    walk.saw("the person asked instead is nudged", asked.words())
    walk.press(walk.ana, "Turn off", nudge)
    walk.saw("Turn off", _says(walk, nudge, "Nudges are off for you."))
    assert "Turn off" not in _again(walk, nudge).buttons()


def _by_command(walk: Walk, third: datetime) -> None:
    """Turn Ana's nudges off, so that only Cleo gets one on the third day."""
    said = walk.ask(walk.ben, "/lore nudges snooze", "Nudges are snoozed for you until")
    walk.saw("/lore nudges snooze", said.words())
    said = walk.ask(walk.ben, "/lore nudges off", "Nudges are off for you.")
    walk.saw("/lore nudges off", said.words())
    said = walk.ask(walk.ben, "/lore nudges x", "/lore nudges on, /lore nudges off")
    walk.saw("another word, refused", said.words())
    told, before = len(_nudges(walk.cleo)), len(_nudges(walk.ana))
    moved_to(walk, third, "09:01")
    walk.until(lambda: len(_nudges(walk.cleo)) > told)
    walk.settled()
    assert len(_nudges(walk.ana)) == before, "nudged although her nudges are off"
    walk.saw("no nudge for a person who turned them off", f"{before} in all for ana")
