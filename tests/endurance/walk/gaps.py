"""Gaps, a digest on request, and both settings forms."""

from tests.endurance.walk.digests import DISK, MAIL, asked, posted
from tests.endurance.walk.stage import RULE, Walk

NOTHING = "No gaps: nothing came back in your channels that no entry covers."


def gaps(walk: Walk) -> None:
    """Ask two recurring questions, handle their gaps, and change the settings."""
    walk.saw("/lore gaps, none", walk.ask(walk.ana, "/lore gaps", NOTHING).words())
    _gaps(walk)
    _now(walk)
    _digest_settings(walk)
    _workspace_settings(walk)


def _gaps(walk: Walk) -> None:
    answer = asked(walk, DISK, MAIL)
    assert answer.words().count("2 threads, on ") == 2, answer.words()
    walk.saw("/lore gaps", answer.words())

    view = walk.opened(walk.ana, "Record it", answer, near=DISK[0])
    assert DISK[0] in view.words(), f"the form is not filled from what was asked: {view.words()}"
    walk.save(view, {"Title": "The disk is full", RULE: "We prune the images."})
    walk.saw("Record it", walk.card("The disk is full").words())

    walk.press(walk.ana, "Not recurring", answer, near=MAIL[0])
    note = walk.told(walk.ana, "Noted as not recurring. Opslore won't bring this up again.")
    walk.saw("Not recurring", note.words())
    walk.ask(walk.cleo, "/lore gaps", NOTHING)
    walk.press(walk.ana, "Record it", answer, near=DISK[0])
    note = walk.told(walk.ana, "Someone has already recorded or dismissed this gap")
    walk.saw("Record it once more", note.words())


def _now(walk: Walk) -> None:
    answer = walk.ask(walk.ana, "/lore digest now", "on its way")
    digest = posted(walk, 1)
    assert "1 entry in force" in digest.words(), digest.words()
    assert "The disk is full" in digest.words(), digest.words()
    walk.saw("/lore digest now, its answer", answer.words())
    walk.saw("/lore digest now, its post", digest.words())
    answer = walk.ask(walk.ana, "/lore digest", "/lore digest settings")
    walk.saw("/lore digest", answer.words())


def _digest_settings(walk: Walk) -> None:
    view = walk.form(walk.ana, "/lore digest settings")
    view.choose("Day", "Thursday")
    view.choose("Time", "15:00")
    said = view.fill({"Time zone": "Europe/Atlantis"}).submit()
    assert said == {"Time zone": "Use a name like Europe/Berlin or America/New_York."}, said
    walk.saw("an unknown time zone", said)
    walk.save(view, {"Time zone": "America/New_York"})
    note = walk.told(walk.ana, "Saved. The next digest goes out on Thursday")
    assert "at 15:00 (America/New_York)" in note.words(), note.words()
    walk.saw("/lore digest settings", note.words())
    view = walk.form(walk.ben, "/lore digest settings")
    assert "America/New_York" in view.words(), view.words()
    view.close()
    walk.saw("/lore watch", walk.ask(walk.ana, "/lore watch", "next digest").words())


def _workspace_settings(walk: Walk) -> None:
    said = walk.ask(
        walk.ana, "/lore settings", "Only admins can change workspace settings."
    ).words()
    walk.saw("/lore settings, not an admin", said)
    view = walk.form(walk.cleo, "/lore settings")
    for label, wrong, right, reason in (
        ("Prompts per person", "51", "7", "Enter a whole number from 0 to 50."),
        ("Prompts per channel", "-1", "9", "Enter a whole number from 0 to 50."),
        ("Prompts per 100 messages", "21", "5", "Enter a number from 0 to 20, such as 3 or 0.5."),
        ("Ask the backup after", "0", "4", "Enter a whole number of working days from 1 to 20."),
    ):
        found = view.fill({label: wrong}).submit()
        assert found == {label: reason}, found
        walk.saw(f"{label}: {wrong}", found)
        view.fill({label: right})
    found = view.fill({"Holidays": "Christmas"}).submit()
    assert set(found) == {"Holidays"}, found
    walk.saw("Holidays: Christmas", found)
    view.choose("Approvals", "Two")
    walk.save(view, {"Holidays": "2030-12-25"})
    view = walk.form(walk.cleo, "/lore settings")
    words = view.words()
    assert "2030-12-25" in words, words
    assert {"7", "9", "4"} <= set(words.splitlines()), words
    walk.saw("/lore settings, saved", words)
    view.close()
