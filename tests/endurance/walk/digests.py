"""The weekly digest: it comes on time, once, and each of its lines can be handled in place."""

from collections.abc import Iterator

from sandbox.forms import View
from sandbox.seen import Message
from tests.endurance.walk.clock import ZONE, moment
from tests.endurance.walk.stage import RULE, Walk

DISK = (
    "What do we do when the disk of the build server is full?",
    "The build server disk is full again, what do we do?",
)
MAIL = (
    "How do we rotate the certificate of the mail relay?",
    "Who knows how we rotate the certificate of the mail relay?",
)
SECTIONS = (
    "Gaps",
    "Owner gone",
    "Due for review",
    "Incomplete",
)


def digests(walk: Walk) -> None:
    """Walk through four Mondays: the first, one a quarter later with every line, and two more."""
    eve = walk.driver.person("eve")
    walk.driver.invite(walk.ops, eve)
    for title in ("Keep this", "Rewrite this", "Retire this", "Snooze this", "Ask about this"):
        walk.record(walk.ana, title)
    for title in ("Take this over", "Assign this"):
        walk.record(eve, title)
    _proposed(walk, walk.record(walk.ana, "Approve this"))
    _first_monday(walk)
    _after_a_quarter(walk)
    eve.leave(walk.ops)
    _everything(walk)
    _second_monday(walk)
    _missed(walk)


def _proposed(walk: Walk, key: str) -> None:
    """Leave someone else's change waiting; later ones take effect at once."""
    walk.save(walk.form(walk.ben, f"/lore edit {key}"), {RULE: "Better.", "Why?": "It failed."})
    walk.arrives(f"{key}@2", "Waiting for approval")
    walk.without_review()


def _first_monday(walk: Walk) -> None:
    walk.driver.do("time.monday", zone=ZONE)
    digest = posted(walk, 1)
    here = moment(digest)
    assert (here.weekday(), here.hour) == (0, 9), f"it came on {here:%A %H:%M}"
    assert "this is the first digest here" in digest.words(), digest.words()
    assert "Late" not in digest.words()
    walk.saw("the first Monday, 09:00 in Berlin", digest.words())


def _after_a_quarter(walk: Walk) -> None:
    """Check that twelve missed Mondays become one digest that says it is late."""
    walk.driver.do("time.ahead", hours=24 * 93)
    digest = posted(walk, 2)
    assert "Late: this was due" in digest.words(), digest.words()
    walk.saw("several missed weeks, one digest", digest.words()[digest.words().index("Late") :])


def _everything(walk: Walk) -> None:
    """Press a button in each section; it strikes the line through or opens something."""
    asked(walk, DISK, MAIL)
    walk.record(walk.ana, "Close the gates")
    walk.record(walk.ana, "Drain before upgrades")
    view = walk.opened(walk.ben, "Use it", walk.card("Drain before upgrades"))
    view.choose("How did it go?", "Failed")
    walk.save(view, {"Note": "The node hung."})
    walk.settled()
    walk.driver.do("time.monday", zone=ZONE)
    digest = posted(walk, 3)
    words = digest.words()
    places = [words.find(f"\n{section}") for section in SECTIONS]
    assert places == sorted(places), f"its sections are out of order: {words}"
    assert places[0] > 0, words
    assert "Late" not in words
    walk.saw("a Monday with all sections", words)
    _gaps(walk, digest)
    _due(walk, digest)
    _others(walk, digest)


def _gaps(walk: Walk, digest: Message) -> None:
    message, record = button(walk, digest, "Gaps", DISK[0], "Record it")
    view = walk.opened(walk.ana, record, message)
    assert "Recorded as" not in again(walk, message).words(), "struck through before it was saved"
    walk.save(view, {"Title": "The disk is full", RULE: "We prune the images."})
    walk.saw("Record it", struck(walk, message, DISK[0], "Recorded as DEC-11 by ana"))

    message, dismiss = button(walk, digest, "Gaps", MAIL[0], "Not recurring")
    walk.press(walk.cleo, dismiss, message)
    walk.saw("Not recurring", struck(walk, message, MAIL[0], "Not recurring by cleo"))
    _too_late(walk, dismiss, message, f"{MAIL[0]}\nNot recurring by cleo")


def _too_late(walk: Walk, name: str, message: Message, outcome: str) -> None:
    """Press a button that Ben still sees; it crosses the update, and the line stays as it is."""
    told = len(_meanwhile(walk))
    walk.press(walk.ben, name, message)
    walk.until(lambda: len(_meanwhile(walk)) > told)
    walk.settled()
    assert outcome in again(walk, message).words(), "the line changed"
    walk.saw("a second press, by another", _meanwhile(walk)[-1].words())


def _meanwhile(walk: Walk) -> list[Message]:
    words = "Someone has already handled this. The line shows who."
    return [each for each in walk.ben.ephemerals(walk.ops) if words in each.words()]


def _due(walk: Walk, digest: Message) -> None:
    section = "Due for review"
    for label, title, outcome in (
        ("Still accurate", "Keep this", "Still accurate by ana"),
        ("Retire", "Retire this", "Retired by ana"),
        ("Snooze", "Snooze this", "Snoozed by ana"),
    ):
        message, name = button(walk, digest, section, title, label)
        walk.press(walk.ana, name, message)
        walk.saw(label, struck(walk, message, title, outcome))
        _too_late(walk, name, message, f"{title}\n{outcome}")
    message, change = button(walk, digest, section, "Rewrite this", "Needs a change")
    _edited(walk, walk.opened(walk.cleo, change, message))
    words = struck(walk, message, "Rewrite this", "Needs a change by cleo")
    walk.saw("Needs a change, due entry", words)
    message, ask = button(walk, digest, section, "Ask about this", "Ask someone else")
    walk.ana.select(ask, walk.cleo, message)
    walk.saw(
        "Ask someone else", walk.told(walk.ana, "cleo has been asked to review DEC-5@1").words()
    )


def _others(walk: Walk, digest: Message) -> None:
    message, take = button(walk, digest, "Owner gone", "Take this over", "Take over")
    walk.press(walk.cleo, take, message)
    words = line_says(walk, message, "Take this over", "Owner changed by cleo")
    walk.saw("Take over", words)
    _too_late(walk, take, message, words)

    message, assign = button(walk, digest, "Owner gone", "Assign this", "Assign")
    view = walk.opened(walk.ana, assign, message)
    walk.save(view.choose("Owner", walk.ben))
    walk.saw("Assign", line_says(walk, message, "Assign this", "Owner changed by ana"))
    walk.ask(walk.ana, "/lore show DEC-7", "ben")

    message, edit = button(
        walk, digest, "Due for review", "Drain before upgrades", "Needs a change"
    )
    _edited(walk, walk.opened(walk.ana, edit, message))
    words = struck(walk, message, "Drain before upgrades", "Needs a change by ana")
    walk.saw("Needs a change, failed use", words)

    message, review = button(walk, digest, "Due for review", "Approve this", "View change")
    view = walk.opened(walk.cleo, review, message)
    assert "Better." in view.words(), view.words()
    walk.press(walk.cleo, "Approve", view)
    walk.saw("View change", struck(walk, message, "Approve this", "Approved by cleo"))

    message, look = button(walk, digest, "Incomplete", "Close the gates", "Open")
    walk.press(walk.cleo, look, message)
    walk.saw("Open", walk.told(walk.cleo, "DEC-9", "Close the gates", RULE).words())
    message, edit = button(walk, digest, "Incomplete", "Close the gates", "Edit")
    _edited(walk, walk.opened(walk.ana, edit, message))
    words = struck(walk, message, "Close the gates", "Edited by ana")
    walk.saw("Edit, incomplete entry", words)


def _edited(walk: Walk, view: View) -> None:
    assert view.title.startswith("Edit DEC-"), view.title
    walk.save(view, {RULE: "Something better.", "Why?": "It went wrong."})


def _second_monday(walk: Walk) -> None:
    walk.settled()
    walk.driver.do("time.monday", zone=ZONE)
    digest = posted(walk, 4)
    assert "Late" not in digest.words()
    assert "(last week" in digest.words(), digest.words()
    assert DISK[0] not in digest.words(), "a recorded gap is still listed"
    walk.saw("the next Monday, one more digest", digest.words())


def _missed(walk: Walk) -> None:
    """Stop the bot over a Monday and start it at noon."""
    walk.settled()
    assert walk.bot.stop() == 0
    walk.driver.do("time.monday", zone=ZONE)
    walk.driver.do("time.ahead", hours=3)
    assert len(every_digest(walk)) == 4
    walk.bot.start().until_ready()
    digest = posted(walk, 5)
    assert "Late: this was due" in digest.words(), digest.words()
    walk.saw("missed while it was stopped", digest.words()[digest.words().index("Late") :])
    walk.driver.do("time.ahead", hours=24)
    walk.driver.do("time.monday", zone=ZONE)
    assert "Late" not in posted(walk, 6).words()
    walk.saw("the next digest, on time", posted(walk, 6).text)


# The contents of a digest, and of the thread where it continues.


def posted(walk: Walk, number: int) -> Message:
    """Wait for the digest of this number, and check that there are no more."""
    try:
        walk.until(lambda: len(every_digest(walk)) >= number)
    except TimeoutError:
        raise AssertionError(f"digest {number} is not posted") from None
    walk.settled()
    every = every_digest(walk)
    assert len(every) == number, f"there are {len(every)} digests instead of {number}"
    return every[-1]


def asked(walk: Walk, *gaps: tuple[str, str]) -> Message:
    """Let Ben ask each question twice; return the answer to `/lore gaps` once both are counted."""
    for text in (text for gap in gaps for text in gap):
        walk.ben.say(walk.ops, text)
        # The message considered first names the gap, and either can be first.
        walk.settled()

    def look() -> Message | None:
        found = walk.ask(walk.ana, "/lore gaps")
        said = found.words()
        return found.message if all(first in said for first, _ in gaps) else None

    try:
        return walk.until(look)  # type: ignore[return-value] # truthy
    except TimeoutError:
        raise AssertionError(f"/lore gaps does not show {gaps}") from None


def every_digest(walk: Walk) -> list[Message]:
    """Return the digests in `#ops`, oldest first."""
    said = walk.driver.messages(walk.ops)
    return [each for each in said if each.text.startswith("Weekly digest")]


def button(
    walk: Walk, digest: Message, section: str, title: str, label: str
) -> tuple[Message, str]:
    """Return the message with a line, and the exact name of one of its elements."""
    for message in walk.driver.thread(walk.ops, digest):
        for heading, line, name, labelled in _elements(message):
            if heading.startswith(section) and title in line and labelled == label:
                return message, name
    raise AssertionError(f"no {label!r} next to {title!r} under {section!r}")


def _elements(message: Message) -> Iterator[tuple[str, str, str, str]]:
    """Yield each button and menu: its heading, its line, its exact name and its label."""
    heading = line = ""
    for block in message.blocks:
        if block["type"] == "header":
            heading = block["text"]["text"]
        elif block["type"] == "section":
            line = block["text"]["text"]
        accessory = [block["accessory"]] if "accessory" in block else []
        for element in [*accessory, *(block["elements"] if block["type"] == "actions" else ())]:
            label = element.get("text") or element["placeholder"]
            yield heading, line, f"{block['block_id']}/{element['action_id']}", label["text"]


def again(walk: Walk, message: Message) -> Message:
    """Return the message as it is now."""
    said = walk.driver.messages(walk.ops)
    return next(each for each in said if each.ts == message.ts)


def line_says(walk: Walk, message: Message, title: str, outcome: str) -> str:
    """Wait until the line says below its title who did what; return the line."""
    wanted = f"{title}\n{outcome}"
    try:
        walk.until(lambda: wanted in again(walk, message).words())
    except TimeoutError:
        words = again(walk, message).words()
        raise AssertionError(f"{title!r} doesn't say {outcome!r}: {words}") from None
    walk.settled()
    return wanted


def struck(walk: Walk, message: Message, title: str, outcome: str) -> str:
    """Wait until the line is struck through with a name; return the line."""
    wanted = line_says(walk, message, title, outcome)
    held = [block["text"]["text"] for block in again(walk, message).blocks if "text" in block]
    assert any("~" in line for line in held if title in line), f"not struck through: {held}"
    return wanted
