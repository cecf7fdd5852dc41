"""The key of a private entry is shown only to people who can see the entry."""

import pytest

from bot.domain.approval import ApprovalPolicy
from bot.domain.links import HIDDEN
from sandbox.seen import Channel
from tests.support.ops import Ops

LINK = "If it fails"
WARNED = "ESC-1 lives in a private channel, so other people see"


def escalation(ops: Ops, channel: Channel) -> None:
    view = ops.ana.slash(channel, "/lore record escalation").view
    assert view is not None
    view.fill({"Title": "Database down", "What goes wrong?": "No writes."})
    assert view.submit() == {}
    ops.drain()


def linked(ops: Ops, channel: Channel) -> None:
    """Let ana record DEC-1, which links to ESC-1."""
    view = ops.ana.slash(channel, "/lore record decision").view
    assert view is not None
    view.choose(LINK, "ESC-1 Database down")
    view.fill({"Title": "Failover", "What do we do?": "We fail over."})
    assert view.submit() == {}
    ops.drain()


def posted(ops: Ops, channel: Channel) -> str:
    return "\n".join(message.words() for message in ops.driver.messages(channel))


def show(ops: Ops, name: str, text: str = "show DEC-1") -> str:
    return str(ops.driver.known(name).slash(ops.ops, f"/lore {text}").words())


@pytest.fixture
def secret(ops: Ops) -> Channel:
    """Return a private channel of ana and cleo with ESC-1 in it."""
    found = ops.driver.channel("secret", members=[ops.ana, ops.cleo], private=True)
    ops.driver.invite_bot(found, by=ops.ana)
    escalation(ops, found)
    return found


@pytest.mark.usefixtures("secret")
def test_a_link_to_a_private_entry_shows_its_key_to_its_members_only(ops: Ops) -> None:
    linked(ops, ops.ops)

    assert "ESC-1" not in posted(ops, ops.ops)
    assert HIDDEN in posted(ops, ops.ops)
    assert "ESC-1" in show(ops, "ana")
    assert "ESC-1" not in show(ops, "ben")
    assert HIDDEN in show(ops, "ben")


@pytest.mark.usefixtures("secret")
def test_linking_a_public_entry_to_a_private_one_shows_a_warning(ops: Ops) -> None:
    linked(ops, ops.ops)

    assert WARNED in "\n".join(message.words() for message in ops.ana.ephemerals(ops.ops))


def test_linking_entries_with_the_same_readers_shows_no_warning(ops: Ops, secret: Channel) -> None:
    linked(ops, secret)
    escalation(ops, ops.ops)

    assert not any(WARNED in message.words() for message in ops.ana.ephemerals(secret))
    assert "ESC-1" in posted(ops, secret)


def test_a_private_replacement_of_a_public_entry_shows_its_key_to_its_members_only(
    ops: Ops, secret: Channel
) -> None:
    ops.record(ops.ana, "Failover")
    ops.record(ops.ana, "Secret failover", channel=secret)

    answer = ops.ana.slash(ops.ops, "/lore supersede DEC-1 with DEC-2 It says more.").words()
    ops.drain()

    assert "DEC-2 lives in a private channel, so other people see" in answer
    assert "DEC-2" not in posted(ops, ops.ops)
    assert f"is replaced by {HIDDEN}" in posted(ops, ops.ops)
    assert "DEC-2" not in show(ops, "ben")
    assert "DEC-2" in show(ops, "ana")


@pytest.mark.usefixtures("secret")
def test_a_proposal_names_a_private_entry_to_its_members_only(ops: Ops) -> None:
    ops.record(ops.ana, "Failover")
    ops.review(ApprovalPolicy())
    view = ops.ana.slash(ops.ops, "/lore edit DEC-1").view
    assert view is not None
    view.choose(LINK, "ESC-1 Database down")
    assert view.submit() == {}
    ops.drain()

    assert "proposes a rule change" in posted(ops, ops.ops)
    assert "ESC-1" not in posted(ops, ops.ops)
    assert "ESC-1" not in show(ops, "ben", "review DEC-1")
    assert WARNED in "\n".join(message.words() for message in ops.ana.ephemerals(ops.ops))


@pytest.mark.usefixtures("secret")
def test_older_revisions_and_comparisons_name_it_to_its_members_only(ops: Ops) -> None:
    linked(ops, ops.ops)
    view = ops.ana.slash(ops.ops, "/lore edit DEC-1").view
    assert view is not None
    view.fill({LINK: ""})
    assert view.submit() == {}
    ops.drain()

    for text in ("show DEC-1@1", "diff DEC-1", "diff DEC-1 1 2"):
        assert "ESC-1" in show(ops, "ana", text), text
        assert "ESC-1" not in show(ops, "ben", text), text
        assert HIDDEN in show(ops, "ben", text), text
    assert "ESC-1" not in show(ops, "ben", "history DEC-1")


@pytest.mark.usefixtures("secret")
def test_a_form_keeps_a_link_that_its_editor_cannot_see(ops: Ops) -> None:
    linked(ops, ops.ops)
    view = ops.ben.slash(ops.ops, "/lore edit DEC-1").view
    assert view is not None
    (field,) = [block for block in view.blocks if LINK in str(block.get("label"))]
    assert field["element"]["initial_option"]["text"]["text"] == HIDDEN

    view.fill({"What do we do?": "We fail over twice."})
    assert view.submit() == {}
    ops.drain()

    assert "ESC-1" in show(ops, "ana")
    assert "ESC-1" not in posted(ops, ops.ops)


def test_a_link_into_a_channel_made_private_no_longer_shows_its_key(ops: Ops) -> None:
    side = ops.driver.channel("side", members=[ops.ana])
    ops.driver.invite_bot(side, by=ops.ana)
    escalation(ops, side)
    linked(ops, ops.ops)
    ops.record(ops.ana, "Rollback")
    ops.record(ops.ana, "Another rollback", channel=side)
    ops.ana.slash(ops.ops, "/lore supersede DEC-2 with DEC-3 It says more.")
    ops.drain()
    assert "ESC-1" in posted(ops, ops.ops)
    assert "replaced by DEC-3" in posted(ops, ops.ops)

    ops.driver.convert_to_private(side)
    ops.drain()

    assert "ESC-1" not in posted(ops, ops.ops)
    assert "DEC-3" not in posted(ops, ops.ops)


def test_a_card_in_a_shared_channel_names_only_entries_of_that_channel(
    ops: Ops,
) -> None:
    escalation(ops, ops.ops)
    joint = ops.driver.channel("joint", members=[ops.ana], shared=True)
    ops.driver.invite_bot(joint, by=ops.ana)
    linked(ops, joint)

    assert "ESC-1" not in posted(ops, joint)
    assert HIDDEN in posted(ops, joint)
    assert "ESC-1" in show(ops, "ana")
