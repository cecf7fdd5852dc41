"""Transferring everything that a person owns or backs up: in one step, announced once."""

import threading

import pytest

from bot.domain.approval import ApprovalPolicy
from bot.domain.revisions import Change
from bot.usecases.ownership import transfer as transfer_usecases
from bot.usecases.ownership.owner import give_at_once
from sandbox.persons import PersonDriver
from sandbox.seen import Message
from tests.support.entries import entry
from tests.support.ops import Ops
from tests.support.owning import recorded


def transfer(ops: Ops, by: PersonDriver, line: str = "@ana @ben") -> Message:
    found = by.slash(ops.ops, f"/lore transfer {line}").message
    assert found is not None
    return found


def who(ops: Ops, *keys: str) -> list[tuple[str, str]]:
    """Return the owner and the backup of each entry."""
    names = {person.id: person.name for person in (ops.ana, ops.ben, ops.cleo)} | {"": ""}
    found = [entry(ops, key) for key in keys]
    return [(names[one.owner], names[one.backup]) for one in found]


def posts(ops: Ops) -> list[str]:
    """Return the posts in #ops about transfers."""
    return [m.text for m in ops.driver.messages(ops.ops) if "transfer" in m.text]


def told(person: PersonDriver) -> list[str]:
    return [each.text for each in person.dms()]


def test_everything_a_person_owns_and_backs_up_passes_to_another(ops: Ops) -> None:
    recorded(ops, 1)
    recorded(ops, 1, backup=ops.ben)
    recorded(ops, 1, owner=ops.cleo, backup=ops.ana)
    recorded(ops, 1, owner=ops.cleo)

    words = transfer(ops, ops.cleo).words()
    ops.drain()

    assert "3 entries passed from ana to ben." in words
    assert "Now owns\nDEC-1  Roll back 0\nDEC-2  Roll back 0" in words
    assert "Now backs up\nDEC-3  Roll back 0" in words
    # A person can't be their own backup.
    assert who(ops, "DEC-1", "DEC-2", "DEC-3", "DEC-4") == [
        ("ben", ""),
        ("ben", ""),
        ("cleo", "ben"),
        ("cleo", ""),
    ]
    assert told(ops.ben) == [
        (
            "cleo transferred entries from ana to you: you now own DEC-1, DEC-2 and back up DEC-3. "
            "`/lore review` shows which are due."
        )
    ]
    assert told(ops.ana) == [
        "cleo transferred your entries to ben: ben now owns DEC-1, DEC-2 and backs up DEC-3."
    ]
    assert posts(ops) == [
        "cleo transferred entries from ana to ben: ben now owns DEC-1, DEC-2 and backs up DEC-3."
    ]


def test_each_entry_gets_a_revision_and_a_row_in_the_audit(ops: Ops) -> None:
    recorded(ops, 2)
    recorded(ops, 1, owner=ops.cleo, backup=ops.ana)

    transfer(ops, ops.cleo)

    with ops.store.read(ops.team) as tx:
        acts = [
            (act.actor, act.action, act.subject)
            for act in tx.audit.acts()
            if act.action in ("owner", "backup")
        ]
    assert acts == [
        (ops.cleo.id, "owner", "DEC-1@2"),
        (ops.cleo.id, "owner", "DEC-2@2"),
        (ops.cleo.id, "backup", "DEC-3@2"),
    ]
    assert [entry(ops, key).revision.change for key in ("DEC-1", "DEC-3")] == [
        Change.OWNER,
        Change.BACKUP,
    ]
    history = ops.ben.slash(ops.ops, "/lore history DEC-3").words()
    assert "Backup changed by cleo" in history or "backup changed by cleo" in history


def test_more_than_a_few_entries_are_listed_before_they_move(ops: Ops) -> None:
    recorded(ops, 6)

    shown = transfer(ops, ops.ana)

    assert "6 entries would pass from ana to ben." in shown.words()
    assert "Would own\nDEC-1  Roll back 0" in shown.words()
    assert who(ops, "DEC-6") == [("ana", "")]
    ops.deliveries = 2
    ops.ana.press("Transfer", on=shown)
    ops.deliveries = 1
    ops.drain()
    assert who(ops, "DEC-1", "DEC-6") == [("ben", "")] * 2
    assert "6 entries passed from ana to ben." in str(
        [each.words() for each in ops.ana.ephemerals(ops.ops)]
    )
    assert [entry(ops, f"DEC-{number}").revision.number for number in range(1, 7)] == [2] * 6
    assert told(ops.ben) == [
        (
            "ana transferred entries to you: you now own DEC-1, DEC-2, DEC-3, DEC-4, DEC-5, DEC-6. "
            "`/lore review` shows which are due."
        )
    ]


def test_an_entry_that_changed_since_the_list_stays(ops: Ops) -> None:
    recorded(ops, 6)
    shown = transfer(ops, ops.cleo)
    recorded(ops, 1)
    ops.cleo.slash(ops.ops, "/lore owner DEC-1 @cleo")

    ops.cleo.press("Transfer", on=shown)
    ops.drain()

    assert who(ops, "DEC-1", "DEC-2", "DEC-7") == [("cleo", ""), ("ben", ""), ("ana", "")]
    words = ops.cleo.ephemerals(ops.ops)[-1].words()
    assert "5 entries passed from ana to ben." in words
    assert "DEC-7  it changed after you were asked" in words


def test_an_entry_that_stays_is_listed_with_the_reason(ops: Ops) -> None:
    secret = ops.driver.channel("secret", private=True, members=[ops.ana, ops.cleo])
    ops.driver.invite_bot(secret, by=ops.ana)
    recorded(ops, 1)
    recorded(ops, 1, channel=secret)
    recorded(ops, 1, owner=ops.ben, backup=ops.ana)

    words = transfer(ops, ops.cleo).words()

    assert "1 entry passed from ana to ben." in words
    assert "DEC-2  ben isn't in its private channel" in words
    assert "DEC-3  ben owns it, so can't be its backup" in words
    assert who(ops, "DEC-1", "DEC-2", "DEC-3") == [("ben", ""), ("ana", ""), ("ben", "ana")]


def test_entries_that_the_caller_cannot_see_neither_move_nor_are_named(ops: Ops) -> None:
    secret = ops.driver.channel("secret", private=True, members=[ops.ana, ops.ben])
    ops.driver.invite_bot(secret, by=ops.ana)
    recorded(ops, 1, channel=secret)
    without = transfer(ops, ops.cleo, "@ben @ana").words()

    words = transfer(ops, ops.cleo).words()
    ops.drain()

    assert "There is nothing to transfer from ana to ben." in words
    assert words.replace("ana", "?").replace("ben", "?") == without.replace("ana", "?").replace(
        "ben", "?"
    )
    assert who(ops, "DEC-1") == [("ana", "")]
    assert told(ops.ben) == []


def test_retired_entries_stay(ops: Ops) -> None:
    recorded(ops, 2)
    ops.ana.slash(ops.ops, "/lore retire DEC-1 No longer done.")

    transfer(ops, ops.ana)

    assert who(ops, "DEC-1", "DEC-2") == [("ana", ""), ("ben", "")]


def test_the_entries_of_a_person_who_left_can_be_taken_over(ops: Ops) -> None:
    """The person who takes them reads only the answer and gets no further message."""
    recorded(ops, 2)
    ops.driver.deactivate(ops.ana)
    ops.start()

    assert "2 entries passed from ana to ben." in transfer(ops, ops.ben).words()
    ops.drain()

    assert who(ops, "DEC-1", "DEC-2") == [("ben", "")] * 2
    assert told(ops.ben) == []


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ("", "Mention both people"),
        ("@ana", "Mention both people"),
        ("@ana @ben @cleo", "Mention both people"),
        ("@ana @gus", "The owner has to be an active full member"),
        ("@ana @dora", "The owner has to be an active full member"),
    ],
)
def test_a_person_who_cannot_own_entries_cannot_take_them_over(
    ops: Ops, line: str, reason: str
) -> None:
    guest, gone = ops.driver.person("gus", guest=True), ops.driver.person("dora")
    ops.driver.invite(ops.ops, guest)
    ops.driver.deactivate(gone)
    recorded(ops, 1)

    assert reason in transfer(ops, ops.ana, line).words()
    assert "only full members" in transfer(ops, guest).words()
    assert who(ops, "DEC-1") == [("ana", "")]


def test_a_transfer_is_complete_or_changes_nothing(
    ops: Ops, monkeypatch: pytest.MonkeyPatch
) -> None:
    recorded(ops, 3)
    moved = list[str]()

    def breaks(*args: object, **named: object) -> object:
        if len(moved) == 2:
            raise RuntimeError("the database goes away")
        moved.append("one")
        return give_at_once(*args, **named)  # type: ignore[arg-type] # as it was called

    monkeypatch.setattr(transfer_usecases, "give_at_once", breaks)
    transfer(ops, ops.ana)
    monkeypatch.undo()
    ops.drain()

    assert len(moved) == 2
    assert who(ops, "DEC-1", "DEC-2", "DEC-3") == [("ana", "")] * 3
    assert told(ops.ben) == []


def test_a_post_that_may_have_arrived_is_looked_up_first(ops: Ops) -> None:
    recorded(ops, 1)
    ops.driver.fail("chat.postMessage", lost=True, times=1)
    transfer(ops, ops.ana)
    ops.drain()
    ops.later(minutes=2)

    assert len(told(ops.ben)) == 1


def test_two_transfers_at_once_move_each_entry_once(ops: Ops) -> None:
    recorded(ops, 4)
    together = threading.Barrier(2)

    def pass_on(receiver: str) -> None:
        together.wait()
        transfer(ops, ops.cleo, f"@ana @{receiver}")

    threads = [threading.Thread(target=pass_on, args=(name,)) for name in ("ben", "cleo")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    found = [entry(ops, f"DEC-{number}") for number in range(1, 5)]
    assert [one.revision.number for one in found] == [2] * 4
    assert {one.owner for one in found} <= {ops.ben.id, ops.cleo.id}


def test_use_counts_continue_under_another_backup(ops: Ops) -> None:
    recorded(ops, 1, owner=ops.cleo, backup=ops.ana)
    ops.ben.slash(ops.ops, "/lore use DEC-1")

    transfer(ops, ops.cleo)

    assert entry(ops).uses.followed == 1


def test_the_old_command_name_still_works_and_shows_the_new_one(ops: Ops) -> None:
    recorded(ops, 1)

    words = ops.ana.slash(ops.ops, "/lore handover @ana @ben").words()

    assert "This command is now /lore transfer." in words
    assert who(ops, "DEC-1") == [("ben", "")]
    usage = ops.ana.slash(ops.ops, "/lore handover @ana").words()
    assert "This command is now /lore transfer." in usage
    assert "Mention both people: /lore transfer @from @to" in usage
    assert "handover" not in ops.ana.slash(ops.ops, "/lore help").words()


def waiting(ops: Ops, number: int = 2) -> Message:
    """With approval on, let cleo propose to transfer ana's entries to ben; return the message."""
    ops.review(ApprovalPolicy())
    recorded(ops, number)
    shown = transfer(ops, ops.cleo)
    if "Transfer" in shown.buttons():
        ops.cleo.press("Transfer", on=shown)
    ops.drain()
    return card(ops)


def card(ops: Ops) -> Message:
    return next(m for m in ops.driver.messages(ops.ops) if "proposes to transfer" in m.text)


def test_a_transfer_of_someone_elses_entries_waits_in_one_message_whatever_its_size(
    ops: Ops,
) -> None:
    before = len(ops.driver.messages(ops.ops))

    shown = waiting(ops, 30)

    assert "cleo proposes to transfer 30 entries from ana to ben" in shown.text
    assert "DEC-20  Roll back 19\nand 10 more" in shown.words()
    assert len(ops.driver.messages(ops.ops)) == before + 1
    assert told(ops.ana) == [shown.text]
    assert told(ops.ben) == []
    assert who(ops, "DEC-1", "DEC-30") == [("ana", "")] * 2
    answer = ops.cleo.ephemerals(ops.ops)[-1].words()
    assert "30 entries are waiting for ana to agree before passing to ben." in answer


def test_the_owner_approves_all_of_it_at_once(ops: Ops) -> None:
    waiting(ops, 30)
    posted = len(ops.driver.messages(ops.ops))

    ops.deliveries = 2
    ops.ana.press("Approve", on=ops.ana.dms()[-1])
    ops.deliveries = 1
    ops.drain()

    assert who(ops, *(f"DEC-{number}" for number in range(1, 31))) == [("ben", "")] * 30
    keys = ", ".join(f"DEC-{number}" for number in range(1, 11))
    passed = f"owns {keys} and 20 more. ana approved it."
    due = "`/lore review` shows which are due."
    mine = passed.replace("owns", "own")
    assert told(ops.ben) == [f"cleo transferred entries from ana to you: you now {mine} {due}"]
    assert told(ops.cleo) == [f"cleo transferred entries from ana to ben: ben now {passed}"]
    assert len(told(ops.ana)) == 1
    assert len(ops.driver.messages(ops.ops)) == posted + 1
    assert "DEC-1  Roll back 0 · passed on · approved by ana" in card(ops).words()
    assert "Approve" not in card(ops).buttons()


@pytest.mark.parametrize("name", ["cleo", "dan"])
def test_neither_the_author_nor_an_outsider_can_approve_it(ops: Ops, name: str) -> None:
    person = ops.driver.person("dan") if name == "dan" else ops.cleo
    shown = waiting(ops)

    person.press("Approve", on=shown)
    ops.drain()

    assert who(ops, "DEC-1", "DEC-2") == [("ana", "")] * 2


def test_another_member_approves_and_the_owner_is_told(ops: Ops) -> None:
    ops.ben.press("Approve", on=waiting(ops))
    ops.drain()

    assert who(ops, "DEC-1", "DEC-2") == [("ben", "")] * 2
    assert told(ops.ana)[-1] == (
        "cleo transferred your entries to ben: ben now owns DEC-1, DEC-2. ben approved it."
    )
    assert told(ops.ben) == []


def test_two_approvals_are_counted_for_all_of_it(ops: Ops) -> None:
    shown = waiting(ops)
    ops.review(ApprovalPolicy(approvals=2))

    ops.ana.press("Approve", on=shown)
    ops.drain()
    assert who(ops, "DEC-1") == [("ana", "")]
    assert "2 entries still need another approval" in ops.ana.ephemerals(ops.ops)[-1].words()
    ops.ben.press("Approve", on=shown)
    ops.drain()

    assert who(ops, "DEC-1", "DEC-2") == [("ben", "")] * 2


def test_the_owner_withdraws_it_and_its_author_is_told_once(ops: Ops) -> None:
    waiting(ops, 3)

    ops.ana.press("Withdraw", on=ops.ana.dms()[-1])
    ops.drain()

    assert who(ops, "DEC-1", "DEC-3") == [("ana", "")] * 2
    assert told(ops.cleo) == ["ana withdrew your proposal to transfer DEC-1, DEC-2, DEC-3."]
    assert "DEC-1  Roll back 0 · withdrawn" in card(ops).words()
    assert "Approve" not in ops.ana.dms()[0].buttons()


def test_an_entry_that_is_decided_separately_is_shown_as_decided(ops: Ops) -> None:
    waiting(ops)
    found = ops.ben.slash(ops.ops, "/lore review DEC-1").message
    assert found is not None
    ops.ben.press("Approve", on=found)
    ops.drain()

    assert "DEC-1  Roll back 0 · passed on" in card(ops).words()
    assert "Approve" in card(ops).buttons()
    ops.ana.press("Approve", on=card(ops))
    ops.drain()
    assert who(ops, "DEC-1", "DEC-2") == [("ben", "")] * 2


def test_a_transfer_proposed_twice_waits_once(ops: Ops) -> None:
    waiting(ops)
    transfer(ops, ops.cleo)
    ops.drain()

    assert len([m for m in posts(ops) if "proposes" in m]) == 1
    assert len(told(ops.ana)) == 1


def test_an_owner_transfers_what_they_own_and_back_up_at_once(ops: Ops) -> None:
    ops.review(ApprovalPolicy())
    recorded(ops, 1)
    recorded(ops, 1, owner=ops.cleo, backup=ops.ana)

    assert "2 entries passed from ana to ben." in transfer(ops, ops.ana).words()
    ops.drain()

    assert who(ops, "DEC-1", "DEC-2") == [("ben", ""), ("cleo", "ben")]
    assert posts(ops) == ["ana transferred entries to ben: ben now owns DEC-1 and backs up DEC-2."]


def test_a_transfer_of_someones_backups_waits_as_well(ops: Ops) -> None:
    ops.review(ApprovalPolicy())
    recorded(ops, 1, owner=ops.cleo, backup=ops.ana)

    answer = transfer(ops, ops.cleo).words()
    ops.drain()

    assert "1 entry is waiting for ana to agree before passing to ben." in answer
    assert "DEC-1  Roll back 0 (as backup)" in card(ops).words()
    ops.ana.press("Approve", on=card(ops))
    ops.drain()
    assert who(ops, "DEC-1") == [("cleo", "ben")]


def test_entries_of_a_person_who_is_gone_pass_at_once(ops: Ops) -> None:
    ops.review(ApprovalPolicy())
    recorded(ops, 1)
    ops.driver.deactivate(ops.ana)
    ops.start()

    assert "1 entry passed from ana to ben." in transfer(ops, ops.cleo).words()


def test_a_message_in_a_channel_names_no_entry_of_another_channel(ops: Ops) -> None:
    secret = ops.driver.channel("secret", private=True, members=[ops.ana, ops.ben, ops.cleo])
    ops.driver.invite_bot(secret, by=ops.ana)
    recorded(ops, 1, channel=secret)

    shown = waiting(ops, 1)

    assert "DEC-1" not in shown.words()
    assert "DEC-2  Roll back 0" in shown.words()
    there = next(m for m in ops.driver.messages(secret) if "proposes to transfer" in m.text)
    assert "DEC-1" in there.words()
    assert "DEC-2" not in there.words()
    [direct] = ops.ana.dms()
    assert "DEC-1" in direct.words()
    assert "DEC-2" in direct.words()
