"""Whom a new entry names is told of it."""

from tests.ops import Ops
from tests.test_record_entry import saved


def test_whom_a_new_entry_names_is_told_directly_once(ops: Ops) -> None:
    """Its card rings nobody; who recorded it knows."""
    dan = ops.driver.person("dan")
    view = ops.ana.slash(ops.ops, "/lore record escalation").view
    assert view is not None
    view.fill({"Title": "Database down", "What goes wrong?": "No writes."})
    view.choose("Owner", ops.ben).choose("Backup", ops.cleo)
    view.choose("Level 1: whom", [ops.ana, ops.ben, dan]).choose("Level 1: wait", "5 minutes")
    ops.deliveries = 2
    saved(ops, view)

    for person in (ops.ben, ops.cleo, dan):
        [told] = person.dms()
        assert told.text == "ESC-1@1 is recorded: Database down, by ana"
        said = "Owner: ben · Backup: cleo · Asked in its levels: ana, ben, dan"
        assert said in told.words()
    assert ops.ana.dms() == []
    assert not [m for m in ops.driver.messages(ops.ops) if "is recorded" in m.text]


def test_whoever_records_for_themselves_is_told_nothing(ops: Ops) -> None:
    ops.record(ops.ana, "Roll back")

    assert [person.dms() for person in (ops.ana, ops.ben, ops.cleo)] == [[], [], []]


def test_who_can_not_see_a_new_entry_is_not_told_of_it(ops: Ops) -> None:
    secret = ops.driver.channel("secret", private=True, members=[ops.ana, ops.cleo])
    ops.driver.invite_bot(secret, by=ops.ana)
    view = ops.ana.slash(secret, "/lore record escalation").view
    assert view is not None
    view.fill({"Title": "Checkout is down", "What goes wrong?": "Errors."})
    saved(ops, view.choose("Owner", ops.cleo).choose("Level 1: whom", [ops.ben]))

    assert "ESC-1@1 is recorded" in ops.cleo.dms()[-1].text
    assert ops.ben.dms() == []
