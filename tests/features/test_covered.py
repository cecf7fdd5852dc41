"""A thread that an entry covers: the entry is shown to the person who asks, at once."""

from dataclasses import replace

from bot.domain.entries import ChannelId, UserId
from bot.usecases.steps.channels import store_channel
from sandbox.forms import View
from sandbox.seen import Message
from tests.support.gap_threads import CLEANED, DISK, ask, ask_once
from tests.support.ops import Ops
from tests.support.prompting import DAY, prompts, settle
from tests.support.recording import saved

TITLE = "Build server disk full"
ASKS = DISK[0]


def recorded(ops: Ops, **where: object) -> str:
    """Record what to do when the disk is full, and return the key."""
    more = {"When does this come up?": "The disk of the build server is full."}
    return ops.record(ops.cleo, TITLE, CLEANED, fields=more, **where)  # type: ignore[arg-type] # the channel alone


def asked(ops: Ops) -> Message:
    """Let ben ask, and return the entry as he is shown it."""
    ops.ben.say(ops.ops, ASKS)
    ops.drain()
    [shown] = prompts(ops.ben, ops.ops)
    return shown


def answers(ops: Ops) -> list[str | None]:
    """Return the stored answer to each prompt."""
    with ops.store.read(ops.team) as tx:
        rows = tx.session.connection().exec_driver_sql("SELECT answer FROM prompts ORDER BY id")
        return [row.answer for row in rows]


def test_the_entry_is_shown_to_the_person_who_asks_before_anyone_answers(ops: Ops) -> None:
    key = recorded(ops)

    shown = asked(ops)

    assert shown.text == f"{key} covers this: {TITLE}"
    assert CLEANED in shown.words()
    assert "in force, never certified" in shown.words()
    assert shown.buttons() == ["This helped", "Use it", "Open", "Not this"]
    for other in (ops.ana, ops.cleo):
        assert not prompts(other, ops.ops)
    home = ops.ben.home()
    assert home is not None
    assert f"covers what you wrote in #ops: {TITLE}\nin force" in home.words()


def test_no_one_is_asked_to_record_what_an_entry_covers(ops: Ops) -> None:
    recorded(ops)

    ask(ops, *DISK)

    assert not prompts(ops.cleo, ops.ops)
    assert "No gaps" in ops.ana.slash(ops.ops, "/lore gaps").words()


def test_this_helped_is_stored_and_puts_the_entry_away(ops: Ops) -> None:
    recorded(ops)

    ops.ben.press("This helped", on=asked(ops))
    ops.drain()

    assert answers(ops) == ["helped"]
    assert not prompts(ops.ben, ops.ops)
    home = ops.ben.home()
    assert home is not None
    assert "covers what you wrote" not in home.words()


def test_not_this_is_stored_and_puts_the_entry_away(ops: Ops) -> None:
    recorded(ops)

    ops.ben.press("Not this", on=asked(ops))
    ops.drain()

    assert answers(ops) == ["refused"]
    assert not prompts(ops.ben, ops.ops)


def test_small_talk_is_not_compared_with_entries(ops: Ops) -> None:
    recorded(ops)
    for text in ("Good morning everyone, happy Friday!", ASKS):
        ops.ben.say(ops.ops, text)
        ops.drain()

    with ops.store.read(ops.team) as tx:
        query = "SELECT entry_id IS NOT NULL FROM heard_messages ORDER BY ts"
        compared = [bool(row[0]) for row in tx.session.connection().exec_driver_sql(query)]
    assert compared == [False, True]


def test_the_entry_is_shown_once_in_a_thread(ops: Ops) -> None:
    recorded(ops)
    root = ops.ben.say(ops.ops, ASKS)
    ops.drain()
    ops.ben.say(ops.ops, DISK[1], thread=root)
    settle(ops)

    assert len(prompts(ops.ben, ops.ops)) == 1


def test_the_entry_is_not_shown_to_those_who_reply(ops: Ops) -> None:
    root = ops.ben.say(ops.ops, "Hello, a question about disks.")
    ops.drain()
    recorded(ops)

    ops.ana.say(ops.ops, ASKS, thread=root)
    ops.drain()

    assert not prompts(ops.ana, ops.ops)


def test_using_the_entry_counts_for_the_revision_that_was_shown(ops: Ops) -> None:
    key = recorded(ops)
    shown = asked(ops)
    edited = ops.cleo.slash(ops.ops, f"/lore edit {key}").view
    assert edited is not None
    saved(ops, edited.fill({"What do we do?": f"{CLEANED} Then call the vendor."}))

    view = ops.ben.press("Use it", on=shown)
    assert isinstance(view, View)
    saved(ops, view)

    with ops.store.read(ops.team) as tx:
        query = "SELECT revision, outcome FROM uses"
        seen = [tuple(row) for row in tx.session.connection().exec_driver_sql(query)]
    assert seen == [(1, "followed")]
    assert answers(ops) == ["used"]
    assert not prompts(ops.ben, ops.ops)


def test_opening_the_entry_shows_its_card(ops: Ops) -> None:
    key = recorded(ops)

    ops.ben.press("Open", on=asked(ops))

    cards = [each for each in ops.ben.ephemerals(ops.ops) if "Edit" in each.buttons()]
    assert any(each.text.startswith(key) and CLEANED in each.words() for each in cards)
    assert answers(ops) == ["opened"]


def test_an_entry_of_a_private_channel_is_not_shown_to_outsiders(ops: Ops) -> None:
    secret = ops.driver.channel("secret", private=True, members=[ops.cleo])
    ops.driver.invite_bot(secret, by=ops.cleo)
    ops.drain()
    recorded(ops, channel=secret)

    ask_once(ops, ASKS)

    assert not ops.driver.calls("chat.postEphemeral")


def test_an_entry_that_went_out_of_sight_before_it_was_shown_is_not_shown(ops: Ops) -> None:
    """Its home channel became private, and the person who asks isn't a member there."""
    room = ops.driver.channel("room", members=[ops.cleo])
    ops.driver.invite_bot(room, by=ops.cleo)
    ops.drain()
    recorded(ops, channel=room)
    ops.ben.say(ops.ops, ASKS)
    assert ops.bot.sender.step(ops.bot.deps) == 1
    with ops.store.transaction(ops.team) as tx:
        home = tx.channels.get(ChannelId(str(room)), lock=True)
        assert home is not None
        assert len(tx.prompts.waiting_for(UserId(ops.ben.id), 9, ops.clock.time - DAY)) == 1
        store_channel(tx, replace(home, private=True), ops.clock())
    ops.drain()

    assert not prompts(ops.ben, ops.ops)


def test_a_guest_who_asks_is_not_shown_the_entry(ops: Ops) -> None:
    guest = ops.driver.person("gus", guest=True)
    ops.driver.invite(ops.ops, guest)
    recorded(ops)

    ask_once(ops, ASKS, by=guest)

    assert not guest.ephemerals(ops.ops)


def test_a_retired_entry_covers_nothing(ops: Ops) -> None:
    key = recorded(ops)
    ops.cleo.slash(ops.ops, f"/lore retire {key} No longer done.")

    ask(ops, *DISK[:3])

    assert not prompts(ops.ben, ops.ops)
    assert len(prompts(ops.cleo, ops.ops)) == 1
