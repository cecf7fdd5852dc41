"""An entry's backup: chosen in the form, shown on the card, and refused if unsuitable."""

import pytest

from bot.domain.entries import UserId
from sandbox.forms import View
from tests.support.editing import card, edit
from tests.support.ops import Ops
from tests.support.recording import saved, typed

UNFIT = "The backup has to be an active full member of this workspace. Choose someone else."
ITSELF = "The owner can't be their own backup. Choose someone else, or leave this empty."
KINDS = {
    "decision": "What do we do?",
    "handoff": "What must be passed on?",
    "escalation": "What goes wrong?",
}


def begun(ops: Ops, kind: str = "decision") -> View:
    view = ops.ana.slash(ops.ops, f"/lore record {kind}").view
    assert view is not None
    return view.fill({"Title": "Roll back", KINDS[kind]: "As agreed."})


@pytest.mark.parametrize("kind", KINDS)
def test_an_entry_of_each_kind_shows_its_backup(ops: Ops, kind: str) -> None:
    view = begun(ops, kind)
    view.choose("Backup", ops.ben)
    saved(ops, view)

    shown = ops.driver.messages(ops.ops)[-1]
    assert "owner ana · backup ben" in shown.words()
    assert f"<@{ops.ben.id}>" not in str(shown.raw)


def test_a_guest_or_the_owner_is_refused_next_to_the_backup_field(ops: Ops) -> None:
    view = begun(ops)
    guest = ops.driver.person("gus", guest=True)

    for unfit, reason in ((guest, UNFIT), (ops.ana, ITSELF)):
        view.choose("Backup", unfit)
        for _ in range(2):
            assert view.submit() == {"Backup": reason}

    view.choose("Backup", ops.ben)
    saved(ops, view)


@pytest.mark.parametrize("field", ["Owner", "Backup"])
def test_someone_who_cannot_see_the_entry_is_refused_next_to_the_field(
    ops: Ops, field: str
) -> None:
    secret = ops.driver.channel("secret", members=[ops.ana, ops.ben], private=True)
    ops.driver.invite_bot(secret, by=ops.ana)
    recording = ops.ana.slash(secret, "/lore record decision").view
    assert recording is not None
    recording.fill({"Title": "Roll back", KINDS["decision"]: "As agreed."})
    recording.choose(field, ops.cleo)
    refused = recording.submit()
    assert list(refused) == [field]
    assert "cleo isn't in the private channel that this lives in" in refused[field]
    recording.choose("Owner", ops.ana)
    saved(ops, recording.choose("Backup", ops.ben))

    editing = ops.ana.slash(secret, "/lore edit DEC-1").view
    assert editing is not None
    editing.choose(field, ops.cleo)
    for _ in range(2):
        assert list(editing.submit()) == [field]


def test_a_backup_who_left_stays_while_other_fields_are_edited(ops: Ops) -> None:
    view = begun(ops)
    view.choose("Backup", ops.ben)
    saved(ops, view)
    ops.driver.deactivate(ops.ben)
    ops.bot.deps.people.forget(user=UserId(ops.ben.id))

    saved(ops, edit(ops, ops.cleo).fill({"Why?": "Fixing took hours."}))

    assert "backup ben" in card(ops).words()


def test_a_backup_who_becomes_the_owner_stops_being_the_backup(ops: Ops) -> None:
    view = begun(ops)
    view.choose("Backup", ops.ben)
    saved(ops, view)

    ops.cleo.slash(ops.ops, "/lore owner DEC-1 @ben")
    ops.drain()

    assert "owner ben" in card(ops).words()
    assert "backup" not in card(ops).words()


def test_an_admin_sets_the_holidays_and_the_wait_before_a_backup_is_asked(ops: Ops) -> None:
    view = ops.cleo.slash(ops.ops, "/lore settings").view
    assert view is not None
    view.fill({"Holidays": "25.12.2026", "Ask the backup after": "3"})
    assert view.submit() == {
        "Holidays": "“25.12.2026” isn't a date. Write one date per line, like 2026-12-25."
    }
    view.fill({"Holidays": "2026-12-25\n2026-04-06", "Ask the backup after": "0"})
    assert view.submit() == {
        "Ask the backup after": "Enter a whole number of working days from 1 to 20."
    }
    view.fill({"Ask the backup after": "5"})
    assert view.submit() == {}

    again = ops.cleo.slash(ops.ops, "/lore settings").view
    assert again is not None
    assert typed(again, "Ask the backup after") == "5"
    assert typed(again, "Holidays") == "2026-04-06\n2026-12-25"
