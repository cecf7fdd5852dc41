"""The people that an entry names are told about a new entry and about proposed changes."""

from bot.domain.approval import ApprovalPolicy
from tests.support.ops import Ops
from tests.support.proposing import propose
from tests.support.recording import saved


def test_the_people_a_new_entry_names_get_one_direct_message(ops: Ops) -> None:
    """The card notifies no one, and the person who recorded it already knows."""
    dan = ops.driver.person("dan")
    view = ops.ana.slash(ops.ops, "/lore record escalation").view
    assert view is not None
    view.fill({"Title": "Database down", "What goes wrong?": "No writes."})
    view.choose("Owner", ops.ben).choose("Backup", ops.cleo)
    view.choose("Level 1: notify", [ops.ana, ops.ben, dan]).choose("Level 1: wait", "5 minutes")
    ops.deliveries = 2
    saved(ops, view)

    for person in (ops.ben, ops.cleo, dan):
        [told] = person.dms()
        assert told.text == "ESC-1@1 is recorded: Database down, by ana"
        said = "Owner: ben · Backup: cleo · Escalation contacts: ana, ben, dan"
        assert said in told.words()
    assert ops.ana.dms() == []
    assert not [m for m in ops.driver.messages(ops.ops) if "is recorded" in m.text]


def test_a_person_who_records_for_themselves_is_told_nothing(ops: Ops) -> None:
    ops.record(ops.ana, "Roll back")

    assert [person.dms() for person in (ops.ana, ops.ben, ops.cleo)] == [[], [], []]


def test_a_person_who_cannot_see_a_new_entry_is_not_told_about_it(ops: Ops) -> None:
    secret = ops.driver.channel("secret", private=True, members=[ops.ana, ops.cleo])
    ops.driver.invite_bot(secret, by=ops.ana)
    view = ops.ana.slash(secret, "/lore record escalation").view
    assert view is not None
    view.fill({"Title": "Checkout is down", "What goes wrong?": "Errors."})
    saved(ops, view.choose("Owner", ops.cleo).choose("Level 1: notify", [ops.ben]))

    assert "ESC-1@1 is recorded" in ops.cleo.dms()[-1].text
    assert ops.ben.dms() == []


def test_an_owner_outside_the_channel_gets_a_direct_message_about_a_proposal(ops: Ops) -> None:
    """The card mentions them in a channel that they don't read."""
    dora = ops.driver.person("dora")
    ops.record(ops.ana, "Roll back", "We roll back.")
    ops.cleo.slash(ops.ops, "/lore owner DEC-1 @dora")
    ops.drain()
    ops.review(ApprovalPolicy())
    ops.deliveries = 2

    card = propose(ops, ops.ben)
    ops.drain()

    told = dora.dms()[-1]
    assert told.text == "ben proposes DEC-1@3, which you own: Roll back"
    assert told.buttons() == ["Approve", "Request changes", "Withdraw"]
    assert len([one for one in dora.dms() if " proposes " in one.text]) == 1
    dora.press("Approve", on=told)
    ops.drain()
    assert "In force, approved by dora" in next(
        each.words() for each in ops.driver.messages(ops.ops) if each.ts == card.ts
    )


def test_a_person_who_reads_the_card_gets_no_direct_message(ops: Ops) -> None:
    ops.record(ops.ana, "Roll back", "We roll back.")
    ops.review(ApprovalPolicy())

    propose(ops, ops.ben)
    ops.drain()

    assert not [one for one in ops.ana.dms() if " proposes " in one.text]
