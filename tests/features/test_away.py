"""`/lore away`: the entries that no one else has certified or used."""

from bot.domain.entries import ChannelId, UserId
from bot.domain.kinds import Kind
from bot.domain.revisions import Content
from sandbox.persons import PersonDriver
from sandbox.seen import Message
from tests.support.entries import entry
from tests.support.ops import Ops
from tests.support.owning import recorded


def away(ops: Ops, by: PersonDriver, whom: str = "@ana") -> Message:
    found = by.slash(ops.ops, f"/lore away {whom}").message
    assert found is not None
    return found


def keys(message: Message) -> list[str]:
    lines = message.words().split("\n")
    return [line.split("  ")[0] for line in lines if line.startswith("DEC-")]


def test_it_lists_the_entries_that_no_one_else_certified_or_used(ops: Ops) -> None:
    """The owner's own reviews and uses don't count, and neither does asking for a change."""
    recorded(ops, 5)
    recorded(ops, 1, owner=ops.cleo)
    ops.ana.slash(ops.ops, "/lore use DEC-1")
    ops.ana.press("Still accurate", on=ops.ana.slash(ops.ops, "/lore show DEC-1").message or "")
    ops.ben.slash(ops.ops, "/lore use DEC-2")
    ops.ben.press("Still accurate", on=ops.ben.slash(ops.ops, "/lore show DEC-3").message or "")
    ops.ben.press("Needs a change", on=ops.ben.slash(ops.ops, "/lore review DEC-4").message or "")

    found = away(ops, ops.cleo)

    assert "If ana is away: no one else has ever certified or used 3 of 5 entries." in found.words()
    # Entries in use come first.
    assert keys(found) == ["DEC-1", "DEC-4", "DEC-5"]
    assert "no backup" in found.words()


def test_an_entry_is_taken_over_from_the_list(ops: Ops) -> None:
    recorded(ops, 2)

    ops.cleo.press("Take over", on=away(ops, ops.cleo), near="DEC-2")
    ops.drain()

    assert (entry(ops, "DEC-1").owner, entry(ops, "DEC-2").owner) == (ops.ana.id, ops.cleo.id)
    assert "You now own DEC-2." in ops.cleo.ephemerals(ops.ops)[-1].words()
    assert keys(away(ops, ops.cleo)) == ["DEC-1"]


def test_for_yourself_it_says_how_to_share_your_entries(ops: Ops) -> None:
    recorded(ops, 1)

    found = away(ops, ops.ana, "")

    assert "If you are away: no one else has ever certified or used 1 of 1 entry." in found.words()
    assert found.buttons() == ["Open"]
    assert "/lore transfer @from @to" in found.words()


def test_it_counts_the_levels_and_backups_that_would_fail(ops: Ops) -> None:
    recorded(ops, 2, owner=ops.cleo, backup=ops.ana)
    recorded(ops, 1, owner=ops.cleo, backup=ops.ben)
    levels = [{"whom": [ops.ben.id]}, {"whom": [ops.ben.id, ops.ana.id]}, {"whom": [ops.ana.id]}]
    escalation(ops, levels)
    escalation(ops, levels[:1])

    words = away(ops, ops.cleo).words()

    assert "ana owns no entries that you can see." in words
    assert (
        "ana is notified in 2 levels of escalations:\nESC-1 level 2\nESC-1 level 3, which" in words
    )
    assert "which notifies no one else" in words
    assert "ana backs up 2 entries: DEC-1 and DEC-2" in words
    assert "You back up 2 entries" in away(ops, ops.ana, "").words()


def test_levels_and_backups_in_a_private_channel_are_not_counted_for_outsiders(ops: Ops) -> None:
    secret = ops.driver.channel("secret", private=True, members=[ops.ana, ops.ben])
    ops.driver.invite_bot(secret, by=ops.ana)
    recorded(ops, 1, owner=ops.ben, backup=ops.ana, channel=secret)

    assert "backs up" not in away(ops, ops.cleo).words()
    assert "ana backs up 1 entry: DEC-1" in away(ops, ops.ben).words()


def escalation(ops: Ops, levels: list[dict[str, list[str]]]) -> None:
    with ops.store.transaction(ops.team) as tx:
        typed = {"title": "Page", "condition": "Red.", "levels": levels, "owner": ops.cleo.id}
        now, home = ops.clock(), ChannelId(str(ops.ops))
        content = Content.of(Kind.ESCALATION, typed)
        tx.entries.add(content, home=home, author=UserId(ops.cleo.id), at=now, due_at=now)


def test_if_others_know_all_of_them_it_says_so(ops: Ops) -> None:
    assert "ana owns no entries that you can see." in away(ops, ops.ben).words()
    assert "You own no entries." in away(ops, ops.ana, "").words()
    recorded(ops, 1)
    ops.ben.slash(ops.ops, "/lore use DEC-1")

    words = away(ops, ops.ben).words()

    assert (
        "If ana is away: someone else has certified or used the one entry that they own." in words
    )
    assert keys(away(ops, ops.ben)) == []


def test_entries_that_the_reader_cannot_see_are_not_counted(ops: Ops) -> None:
    secret = ops.driver.channel("secret", private=True, members=[ops.ana, ops.ben])
    ops.driver.invite_bot(secret, by=ops.ana)
    recorded(ops, 2, channel=secret)
    recorded(ops, 1)
    ops.ana.slash(ops.ops, "/lore retire DEC-3 No longer done.")

    assert "2 of 2 entries" in away(ops, ops.ben).words()
    assert "ana owns no entries that you can see." in away(ops, ops.cleo).words()


def test_it_is_for_members_and_takes_one_person(ops: Ops) -> None:
    guest = ops.driver.person("gus", guest=True)
    ops.driver.invite(ops.ops, guest)
    recorded(ops, 1)

    assert "only full members" in away(ops, guest).words()
    assert "Mention one person" in away(ops, ops.cleo, "@ana @ben").words()


def test_a_long_list_is_cut_and_the_rest_is_counted(ops: Ops) -> None:
    recorded(ops, 18)

    found = away(ops, ops.cleo)

    assert "18 of 18 entries" in found.words()
    assert len(keys(found)) == 15
    assert "3 more." in found.words()
