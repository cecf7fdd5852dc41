"""`Not recurring` can be undone in the digest and in `/lore gaps`, and the audit shows both."""

import pytest

from sandbox.persons import PersonDriver
from sandbox.seen import Message
from tests.support.digests import again, now
from tests.support.gap_threads import DISK, DISK_TITLE, ask, gaps
from tests.support.ops import Ops


def acts(ops: Ops) -> list[tuple[str, str]]:
    """Return who dismissed and who reopened gaps, in order."""
    with ops.store.read(ops.team) as tx:
        return [
            (act.action, ops.driver.known(name).name)
            for act in tx.audit.acts()
            if act.action.startswith("gap_")
            for name in ("ana", "ben", "cleo")
            if ops.driver.known(name).id == act.actor
        ]


def test_a_dismissed_line_is_open_again_after_undo(ops: Ops) -> None:
    ask(ops, *DISK)
    digest = now(ops)
    ops.ana.press("Not recurring", on=digest)
    ops.drain()
    assert again(ops, digest).buttons() == ["Undo"]

    ops.ben.press("Undo", on=digest)
    ops.drain()

    assert again(ops, digest).buttons() == ["Record it", "Not recurring"]
    assert "Not recurring by" not in again(ops, digest).words()
    assert DISK_TITLE in gaps(ops).words()
    assert acts(ops) == [("gap_dismissed", "ana"), ("gap_reopened", "ben")]

    ops.cleo.press("Not recurring", on=digest)
    ops.drain()
    assert "Not recurring by cleo" in again(ops, digest).words()


def test_undoing_twice_counts_once(ops: Ops) -> None:
    ask(ops, *DISK)
    digest = now(ops)
    ops.ana.press("Not recurring", on=digest)
    ops.drain()

    ops.ben.press("Undo", on=digest)
    ops.cleo.press("Undo", on=digest)
    ops.drain()

    assert acts(ops) == [("gap_dismissed", "ana"), ("gap_reopened", "ben")]
    assert "This gap is open again" in ops.cleo.ephemerals(ops.ops)[-1].words()


def test_a_gap_dismissed_in_the_list_is_open_again_after_undo(ops: Ops) -> None:
    ask(ops, *DISK)
    digest = now(ops)
    listed = gaps(ops, ops.ana)
    ops.ana.press("Not recurring", on=listed)
    ops.drain()
    assert "No gaps" in gaps(ops, ops.ana).words()
    answer = next(each for each in ops.ana.ephemerals(ops.ops) if "Undo" in each.buttons())

    ops.ana.press("Undo", on=answer)
    ops.drain()

    assert DISK_TITLE in gaps(ops, ops.ana).words()
    assert again(ops, digest).buttons() == ["Record it", "Not recurring"]
    assert any("open again" in each.text for each in ops.ana.ephemerals(ops.ops))


def test_a_gap_that_was_recorded_stays_recorded(ops: Ops) -> None:
    ask(ops, *DISK)
    listed = gaps(ops, ops.ana)
    ops.ana.press("Not recurring", on=listed)
    ops.drain()
    answer = next(each for each in ops.ana.ephemerals(ops.ops) if "Undo" in each.buttons())
    ops.ana.press("Undo", on=answer)
    ops.drain()
    form = ops.ben.press("Record it", on=gaps(ops, ops.ben))
    assert form.fill({"What do we do?": "We clear it."}).submit() == {}  # type: ignore[union-attr] # a view
    ops.drain()

    ops.ana.press("Undo", on=answer)
    ops.drain()

    assert (
        "Someone has already recorded or dismissed this gap"
        in ops.ana.ephemerals(ops.ops)[-1].words()
    )
    assert "No gaps" in gaps(ops, ops.ana).words()


@pytest.mark.parametrize("who", ["guest", "stranger to the channel"])
def test_no_one_else_reopens_a_gap(ops: Ops, who: str) -> None:
    ask(ops, *DISK)
    digest = now(ops)
    ops.ana.press("Not recurring", on=digest)
    ops.drain()
    person: PersonDriver = ops.driver.person("gus", guest=who == "guest")
    if who == "guest":
        ops.driver.invite(ops.ops, person)

    person.press("Undo", on=digest)
    ops.drain()

    assert [action for action, _ in acts(ops)] == ["gap_dismissed"]
    shown: Message = again(ops, digest)
    assert shown.buttons() == ["Undo"]
