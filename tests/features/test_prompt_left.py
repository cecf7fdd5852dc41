"""The person who usually answers has left: someone else who answered is asked."""

from collections.abc import Sequence

import pytest

from bot.domain.listening.prompting import QUIET
from sandbox.persons import PersonDriver
from tests.support.gap_threads import CLEANED, DISK, ask
from tests.support.ops import Ops
from tests.support.prompting import prompts, settle


def leave(ops: Ops, person: PersonDriver, place: str) -> None:
    if place == "the workspace":
        ops.driver.deactivate(person)
    else:
        ops.driver.leave(person, ops.ops)


def settle_after_leaving(ops: Ops, leavers: Sequence[PersonDriver], place: str) -> None:
    """Let a matter come back that ana and then cleo answered; people leave before it settles."""
    ask(ops, DISK[0], answerer=ops.ana)
    root = ops.ben.say(ops.ops, DISK[1])
    ops.drain()
    ops.clock.time += QUIET / 5
    ops.cleo.say(ops.ops, CLEANED, thread=root)
    ops.drain()
    for person in leavers:
        leave(ops, person, place)
    settle(ops)


@pytest.mark.parametrize("place", ["the workspace", "the channel"])
def test_another_who_answered_is_asked(ops: Ops, place: str) -> None:
    settle_after_leaving(ops, [ops.cleo], place)

    [prompt] = prompts(ops.ana, ops.ops)
    assert "and you answered it once" in prompt.words()
    assert not prompts(ops.cleo, ops.ops)
    assert ops.store.outbox_backlog().waiting == 0


def test_no_one_is_asked_if_all_who_answered_have_left(ops: Ops) -> None:
    settle_after_leaving(ops, [ops.cleo, ops.ana], "the workspace")

    assert not any(prompts(person, ops.ops) for person in (ops.ana, ops.ben, ops.cleo))
    assert ops.store.outbox_backlog().waiting == 0
