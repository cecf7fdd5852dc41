"""Each `/lore` command, with everything it needs and its result."""

from datetime import UTC, datetime, timedelta

from sandbox.seen import Message
from tests.endurance.walk.stage import RULE, Walk


def commands(walk: Walk) -> None:
    """Enter each command with approval off, so that its change is in force at once."""
    walk.without_review()
    view = walk.form(walk.cleo, "/lore settings")
    assert view.values["review"]["review"]["selected_option"]["value"] == "no", view.values
    again = view.words()
    walk.saw("/lore settings, saved", again[again.index("What Opslore asks of a change") :])
    _written(walk)
    _read(walk)
    _revised(walk)
    _looked_after(walk)
    _of_the_channel(walk)
    _redacted(walk)
    _retired(walk)


def said(walk: Walk, line: str, *parts: str, by: str = "ana") -> None:
    """Enter a command and print what it answered."""
    person = {"ana": walk.ana, "ben": walk.ben, "cleo": walk.cleo}[by]
    walk.saw(line, walk.ask(person, line, *parts).words())


def _cards(walk: Walk, title: str) -> list[Message]:
    return [each for each in walk.driver.messages(walk.ops) if title in each.words()]


def _written(walk: Walk) -> None:
    said(walk, "/lore help", "Opslore records how your team works")
    for kind, values in (
        ("decision", {"Title": "Roll back checkout", RULE: "Roll back above two percent."}),
        ("handoff", {"Title": "Day to night", "From": "day", "To": "night"}),
        ("escalation", {"Title": "Database down", "What goes wrong?": "No writes."}),
    ):
        view = walk.form(walk.ana, f"/lore record {kind}")
        if kind == "handoff":
            values |= {
                "When does this happen?": "At eight.",
                "What must be passed on?": "What is open",
            }
        walk.save(view, dict(values))
        walk.saw(f"/lore record {kind}, saved", walk.card(values["Title"]).words())
    view = walk.form(walk.ana, "/lore record decision Drain the node")
    assert "Drain the node" in view.words(), "the title is lost"
    walk.save(view, {RULE: "Drain it before an upgrade."})
    walk.card("Drain the node")
    begun = walk.form(walk.ben, "/lore record")
    said(walk, "/lore drafts", "Decision: no title yet", "for #ops", by="ben")
    begun.close()


def _read(walk: Walk) -> None:
    said(walk, "/lore find checkout", "DEC-1", "Roll back checkout")
    said(walk, "/lore find chekout", "DEC-1")
    said(walk, "/lore checkout percent", "DEC-1")
    said(walk, "/lore DEC-1", "Roll back above two percent.")
    said(walk, "/lore show DEC-1", "Roll back above two percent.", "Decision", "owner ana")
    said(walk, "/lore use DEC-1 errors at three percent", "Noted that you followed DEC-1@1")
    said(walk, "/lore share ESC-1", "on its way to this channel")
    walk.until(lambda: len(_cards(walk, "Database down")) == 2)
    walk.saw("/lore share, its second card", _cards(walk, "Database down")[1].words())


def _revised(walk: Walk) -> None:
    view = walk.form(walk.ben, "/lore edit DEC-1")
    walk.save(view, {RULE: "Roll back above one percent.", "Why?": "Two was too late."})
    walk.until(lambda: "@2" in walk.ask(walk.ana, "/lore show DEC-1").message.text)  # type: ignore[union-attr] # answered
    said(walk, "/lore show DEC-1", "Roll back above one percent.")
    said(walk, "/lore history DEC-1", "DEC-1@2", "edited by ben", "DEC-1@1")
    said(walk, "/lore diff DEC-1", "two", "one")
    said(walk, "/lore diff DEC-1 1 2", "Two was too late.")
    said(walk, "/lore changes", "DEC-1", "ben")
    day = datetime.now(UTC).date()
    said(walk, f"/lore changes since {day - timedelta(days=2)}", "DEC-1")
    said(walk, f"/lore show DEC-1 as of {day - timedelta(days=2)}", "DEC-1")
    said(walk, "/lore restore DEC-1 1 Needed again.", "DEC-1@3")
    said(walk, "/lore show DEC-1", "Roll back above two percent.")


def _looked_after(walk: Walk) -> None:
    said(walk, "/lore owner DEC-1 @ben", "ben now owns DEC-1")
    said(walk, "/lore show DEC-1", "owner ben")
    said(walk, "/lore review DEC-1", "Roll back checkout", by="ben")
    said(walk, "/lore review", by="ben")
    said(walk, "/lore away @ana", "Drain the node")
    said(walk, "/lore away", by="ben")
    said(walk, "/lore transfer @ben @cleo", "1 entry passed from")
    said(walk, "/lore show DEC-1", "owner cleo")
    for choice in ("off", "snooze", "on", ""):
        said(walk, f"/lore nudges {choice}".strip())


def _of_the_channel(walk: Walk) -> None:
    said(walk, "/lore gaps")
    said(walk, "/lore watch off", "off")
    said(walk, "/lore watch on", "on")
    said(walk, "/lore watch")
    said(walk, "/lore digest now", "on its way")
    walk.saw("/lore digest now, posted", walk.arrives("Weekly digest").words())
    view = walk.form(walk.ana, "/lore digest settings")
    view.choose("Day", "Thursday").choose("Time", "10:30")
    refused = view.fill({"Time zone": "Mars/Olympus"}).submit()
    assert "Time zone" in refused, refused
    walk.saw("/lore digest settings, refused", refused)
    walk.save(view, {"Time zone": "Europe/Lisbon"})
    told = walk.told(walk.ana, "Thursday", "10:30", "Europe/Lisbon")
    walk.saw("/lore digest settings, saved", told.words())


def _redacted(walk: Walk) -> None:
    said(walk, "/lore redact", "admin", by="ben")
    view = walk.form(walk.cleo, "/lore redact")
    view.fill({"Text to remove": "above two percent", "Why?": "A customer's figure."})
    assert view.submit() == {}
    again = walk.cleo.view
    assert again is not None, "it shows what it found before it takes it out"
    walk.saw("/lore redact, found", again.words())
    walk.save(again, {"Text to remove": "above two percent", "Why?": "A customer's figure."})
    walk.until(lambda: "[redacted]" in walk.ask(walk.ana, "/lore show DEC-1").words())
    said(walk, "/lore show DEC-1", "[redacted]")


def _retired(walk: Walk) -> None:
    said(walk, "/lore supersede DEC-1 with DEC-2 It says more.", "DEC-2")
    said(walk, "/lore show DEC-1", "DEC-2")
    said(walk, "/lore retire ESC-1 nobody is on call", "ESC-1")
    said(walk, "/lore show ESC-1", "etired")
    said(walk, "/lore restore ESC-1 Needed again.", "ESC-1")
    said(walk, "/lore show ESC-1", "in force")
