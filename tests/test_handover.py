"""Handing over all that a person owns or backs up: in one step, told once, and nothing unseen."""

import threading
from datetime import timedelta

import pytest

from bot.domain.entries import UserId
from bot.domain.kinds import Kind
from bot.domain.revisions import Change, Content
from bot.usecases import handover as handover_usecases
from bot.usecases.ownership import hand_on
from sandbox.persons import PersonDriver
from sandbox.seen import Channel, Message
from tests.ops import Ops
from tests.test_certify_entry import entry


def recorded(
    ops: Ops,
    number: int,
    *,
    owner: PersonDriver | None = None,
    backup: PersonDriver | None = None,
    channel: Channel | None = None,
) -> None:
    """So many entries; ana's, unless somebody else is named."""
    with ops.store.transaction(ops.team) as tx:
        for _ in range(number):
            typed = {
                "title": f"Roll back {_}",
                "rule": "As agreed.",
                "owner": (owner or ops.ana).id,
            }
            content = Content.of(
                Kind.DECISION, typed | ({"backup": backup.id} if backup is not None else {})
            )
            now = ops.clock()
            home = ops.bot.deps.people.channel(str(channel or ops.ops))  # type: ignore[arg-type] # an id
            assert home is not None
            tx.channels.put(home)
            tx.entries.add(
                content,
                home=home.id,
                author=UserId(ops.ana.id),
                at=now,
                due_at=now + timedelta(days=90),
            )


def handover(ops: Ops, by: PersonDriver, line: str = "@ana @ben") -> Message:
    found = by.slash(ops.ops, f"/lore handover {line}").message
    assert found is not None
    return found


def who(ops: Ops, *keys: str) -> list[tuple[str, str]]:
    """Owner and backup of each."""
    names = {person.id: person.name for person in (ops.ana, ops.ben, ops.cleo)} | {"": ""}
    found = [entry(ops, key) for key in keys]
    return [(names[one.owner], names[one.backup]) for one in found]


def told(person: PersonDriver) -> list[str]:
    return [each.text for each in person.dms()]


def test_what_somebody_owns_and_backs_up_passes_to_another(ops: Ops) -> None:
    recorded(ops, 1)
    recorded(ops, 1, backup=ops.ben)
    recorded(ops, 1, owner=ops.cleo, backup=ops.ana)
    recorded(ops, 1, owner=ops.cleo)

    words = handover(ops, ops.cleo).words()
    ops.drain()

    assert "3 entries passed from ana to ben." in words
    assert "Owned\nDEC-1  Roll back 0\nDEC-2  Roll back 0" in words
    assert "Backed up\nDEC-3  Roll back 0" in words
    # Nobody is their own backup.
    assert who(ops, "DEC-1", "DEC-2", "DEC-3", "DEC-4") == [
        ("ben", ""),
        ("ben", ""),
        ("cleo", "ben"),
        ("cleo", ""),
    ]
    assert told(ops.ben) == [
        (
            "cleo handed over to you what was ana's: you own DEC-1, DEC-2 and you back up DEC-3 "
            "now. `/lore review` says what of it is due."
        )
    ]
    assert told(ops.ana) == []


def test_each_entry_has_its_revision_and_its_row_in_the_audit(ops: Ops) -> None:
    recorded(ops, 2)
    recorded(ops, 1, owner=ops.cleo, backup=ops.ana)

    handover(ops, ops.cleo)

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


def test_more_than_a_few_are_shown_before_they_move(ops: Ops) -> None:
    recorded(ops, 6)

    shown = handover(ops, ops.ana)

    assert "6 entries would pass from ana to ben." in shown.words()
    assert "To own\nDEC-1  Roll back 0" in shown.words()
    assert who(ops, "DEC-6") == [("ana", "")]
    ops.deliveries = 2
    ops.ana.press("Hand over", on=shown)
    ops.deliveries = 1
    ops.drain()
    assert who(ops, "DEC-1", "DEC-6") == [("ben", "")] * 2
    assert "6 entries passed from ana to ben." in str(
        [each.words() for each in ops.ana.ephemerals(ops.ops)]
    )
    assert [entry(ops, f"DEC-{number}").revision.number for number in range(1, 7)] == [2] * 6
    assert told(ops.ben) == [
        (
            "ana handed over to you: you own DEC-1, DEC-2, DEC-3, DEC-4, DEC-5, DEC-6 now. "
            "`/lore review` says what of it is due."
        )
    ]


def test_what_changed_since_it_was_shown_stays(ops: Ops) -> None:
    recorded(ops, 6)
    shown = handover(ops, ops.cleo)
    recorded(ops, 1)
    ops.cleo.slash(ops.ops, "/lore owner DEC-1 @cleo")

    ops.cleo.press("Hand over", on=shown)
    ops.drain()

    assert who(ops, "DEC-1", "DEC-2", "DEC-7") == [("cleo", ""), ("ben", ""), ("ana", "")]
    words = ops.cleo.ephemerals(ops.ops)[-1].words()
    assert "5 entries passed from ana to ben." in words
    assert "DEC-7  it changed since you were asked" in words


def test_what_stays_is_said_with_its_reason(ops: Ops) -> None:
    secret = ops.driver.channel("secret", private=True, members=[ops.ana, ops.cleo])
    ops.driver.invite_bot(secret, by=ops.ana)
    recorded(ops, 1)
    recorded(ops, 1, channel=secret)
    recorded(ops, 1, owner=ops.ben, backup=ops.ana)

    words = handover(ops, ops.cleo).words()

    assert "1 entry passed from ana to ben." in words
    assert "DEC-2  ben is not in its private channel" in words
    assert "DEC-3  ben owns it, so can't be its backup" in words
    assert who(ops, "DEC-1", "DEC-2", "DEC-3") == [("ben", ""), ("ana", ""), ("ben", "ana")]


def test_nothing_that_the_caller_does_not_see_moves_or_is_named(ops: Ops) -> None:
    secret = ops.driver.channel("secret", private=True, members=[ops.ana, ops.ben])
    ops.driver.invite_bot(secret, by=ops.ana)
    recorded(ops, 1, channel=secret)
    without = handover(ops, ops.cleo, "@ben @ana").words()

    words = handover(ops, ops.cleo).words()
    ops.drain()

    assert "Nothing passes from ana to ben." in words
    assert words.replace("ana", "?").replace("ben", "?") == without.replace("ana", "?").replace(
        "ben", "?"
    )
    assert who(ops, "DEC-1") == [("ana", "")]
    assert told(ops.ben) == []


def test_what_is_retired_stays(ops: Ops) -> None:
    recorded(ops, 2)
    ops.ana.slash(ops.ops, "/lore retire DEC-1")

    handover(ops, ops.ana)

    assert who(ops, "DEC-1", "DEC-2") == [("ana", ""), ("ben", "")]


def test_somebody_who_left_can_be_taken_over_from(ops: Ops) -> None:
    """By the one who takes it, who is then told nothing but the answer."""
    recorded(ops, 2)
    ops.driver.deactivate(ops.ana)
    ops.start()

    assert "2 entries passed from ana to ben." in handover(ops, ops.ben).words()
    ops.drain()

    assert who(ops, "DEC-1", "DEC-2") == [("ben", "")] * 2
    assert told(ops.ben) == []


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ("", "From whom to whom? Mention both"),
        ("@ana", "From whom to whom? Mention both"),
        ("@ana @ben @cleo", "From whom to whom? Mention both"),
        ("@ana @gus", "An owner is an active full member"),
        ("@ana @dora", "An owner is an active full member"),
    ],
)
def test_who_can_not_take_over_does_not(ops: Ops, line: str, reason: str) -> None:
    guest, gone = ops.driver.person("gus", guest=True), ops.driver.person("dora")
    ops.driver.invite(ops.ops, guest)
    ops.driver.deactivate(gone)
    recorded(ops, 1)

    assert reason in handover(ops, ops.ana, line).words()
    assert "only full members" in handover(ops, guest).words()
    assert who(ops, "DEC-1") == [("ana", "")]


def test_it_is_all_or_nothing(ops: Ops, monkeypatch: pytest.MonkeyPatch) -> None:
    recorded(ops, 3)
    moved = list[str]()

    def breaks(*args: object, **named: object) -> object:
        if len(moved) == 2:
            raise RuntimeError("the database goes away")
        moved.append("one")
        return hand_on(*args, **named)  # type: ignore[arg-type] # as it was called

    monkeypatch.setattr(handover_usecases, "hand_on", breaks)
    handover(ops, ops.ana)
    monkeypatch.undo()
    ops.drain()

    assert len(moved) == 2
    assert who(ops, "DEC-1", "DEC-2", "DEC-3") == [("ana", "")] * 3
    assert told(ops.ben) == []


def test_a_word_that_may_have_arrived_is_looked_for_first(ops: Ops) -> None:
    recorded(ops, 1)
    ops.driver.fail("chat.postMessage", lost=True, times=1)
    handover(ops, ops.ana)
    ops.drain()
    ops.later(minutes=2)

    assert len(told(ops.ben)) == 1


def test_two_who_hand_over_at_once_move_each_entry_once(ops: Ops) -> None:
    recorded(ops, 4)
    together = threading.Barrier(2)

    def hand(receiver: str) -> None:
        together.wait()
        handover(ops, ops.cleo, f"@ana @{receiver}")

    threads = [threading.Thread(target=hand, args=(name,)) for name in ("ben", "cleo")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    found = [entry(ops, f"DEC-{number}") for number in range(1, 5)]
    assert [one.revision.number for one in found] == [2] * 4
    assert {one.owner for one in found} <= {ops.ben.id, ops.cleo.id}


def test_a_use_counts_on_under_another_backup(ops: Ops) -> None:
    recorded(ops, 1, owner=ops.cleo, backup=ops.ana)
    ops.ben.slash(ops.ops, "/lore use DEC-1")

    handover(ops, ops.cleo)

    assert entry(ops).uses.followed == 1
