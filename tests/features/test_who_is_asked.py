"""Every surface shows the same person for a due review."""

from datetime import timedelta

from bot.jobs import look_around
from sandbox.persons import PersonDriver
from tests.support.certifying import TITLE, asked, due
from tests.support.digests import again, now
from tests.support.ops import Ops
from tests.support.owning import recorded


def everywhere(ops: Ops, person: PersonDriver) -> list[str]:
    """Return what App Home, `/lore review` and the digest say about it."""
    home = person.home()
    assert home is not None
    return [home.words(), asked(ops, person, "DEC-1").words(), now(ops).words()]


def test_a_review_waits_for_the_owner_then_the_backup_then_anyone(ops: Ops) -> None:
    """It is due on Tuesday, 2 June, 11:00 in Berlin, and is ben's from Friday, 5 June, 11:00.

    Ben is asked at 9:00 in New York, so it is his until Wednesday, 10 June, 9:00 there.
    """
    due(ops, backup=ops.ben)
    for days, words in (
        (0, "waiting for ana, its owner"),  # Wednesday, 3 June
        (3, "waiting for ben, its backup"),  # Saturday, 6 June
        (5, "waiting for anyone in its channel"),  # Thursday, 11 June
    ):
        ops.clock.time += timedelta(days=days)
        for said in everywhere(ops, ops.ana):
            assert "never certified" in said
            assert f" · {words}" in said


def test_a_person_who_was_asked_instead_is_named(ops: Ops) -> None:
    due(ops, backup=ops.ben)
    digest = now(ops)
    assert "waiting for ana, its owner" in digest.words()

    ops.ana.select("ask_entry", ops.cleo, digest)
    ops.drain()

    assert "Passed on to cleo by ana" in again(ops, digest).words()
    for said in everywhere(ops, ops.cleo):
        assert "waiting for cleo, who was asked instead" in said


def test_the_backup_is_asked_at_once_if_the_owner_is_gone(ops: Ops) -> None:
    due(ops, backup=ops.ben)
    ops.driver.deactivate(ops.ana)
    ops.start()
    look_around(ops.bot.deps)

    for said in everywhere_by(ops, ops.ben):
        assert "waiting for ben, its backup" in said


def everywhere_by(ops: Ops, person: PersonDriver) -> list[str]:
    """Do the same as `everywhere`, but ana asks for no digest."""
    home = person.home()
    assert home is not None
    ops.clock.time += timedelta(minutes=1)
    assert "on its way" in person.slash(ops.ops, "/lore digest now").words()
    ops.drain()
    digest = ops.driver.messages(ops.ops)[-1].words()
    return [home.words(), asked(ops, person).words(), digest]


def test_a_review_does_not_wait_for_a_person_who_left_the_private_channel(ops: Ops) -> None:
    secret = ops.driver.channel("secret", private=True, members=[ops.ana, ops.ben, ops.cleo])
    ops.driver.invite_bot(secret, by=ops.ana)
    key = ops.record(ops.ana, TITLE, channel=secret)
    ops.ana.select("ask_entry", ops.ben, asked(ops, ops.ana, key))
    ops.clock.time += timedelta(days=91)
    assert "waiting for ben, who was asked instead" in asked(ops, ops.cleo, key).words()

    ops.ben.leave(secret)

    assert "waiting for ana, its owner" in asked(ops, ops.cleo, key).words()


def test_reviews_that_wait_for_others_are_not_listed(ops: Ops) -> None:
    """Five of ana's with ben as backup were due before his own, but it isn't his turn yet."""
    for number in range(6):
        recorded(ops, 1, owner=ops.ana if number < 5 else ops.ben, backup=ops.ben)
    ops.clock.time += timedelta(days=91)
    home = ops.ben.home()
    assert home is not None

    for words in (home.words(), asked(ops, ops.ben).words()):
        keys = {line.split("  ")[0] for line in words.split("\n") if line.startswith("DEC-")}
        assert keys == {"DEC-6"}


def test_an_entry_that_is_not_due_waits_for_no_one(ops: Ops) -> None:
    ops.record(ops.ana, TITLE)

    assert "waits for" not in asked(ops, ops.ana, "DEC-1").words()
