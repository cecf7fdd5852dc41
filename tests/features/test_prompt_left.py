"""The one who usually answers has left: someone else who answered is asked."""

import pytest

from bot.domain.listening.prompting import QUIET
from sandbox.persons import PersonDriver
from tests.support.gap_threads import CLEANED, DISK, ask, ask_once
from tests.support.ops import Ops
from tests.support.prompting import prompts, settle


def leave(ops: Ops, person: PersonDriver, place: str) -> None:
    if place == "the workspace":
        ops.driver.deactivate(person)
    else:
        ops.driver.leave(person, ops.ops)


@pytest.mark.parametrize("place", ["the workspace", "the channel"])
def test_the_next_one_who_answered_is_asked(ops: Ops, place: str) -> None:
    ask(ops, *DISK[:2])
    leave(ops, ops.cleo, place)
    ops.later(minutes=10)

    ask_once(ops, DISK[2], answer=CLEANED, answerer=ops.ana)

    [prompt] = prompts(ops.ana, ops.ops)
    assert "This is the third time" in prompt.words()
    assert "and you answered it once" in prompt.words()
    assert not prompts(ops.cleo, ops.ops)
    assert ops.store.outbox_backlog().waiting == 0


def test_no_one_is_asked_if_all_who_answered_have_left(ops: Ops) -> None:
    ask(ops, *DISK[:2])
    root = ops.ben.say(ops.ops, DISK[2])
    ops.drain()
    ops.clock.time += QUIET / 5
    ops.ana.say(ops.ops, CLEANED, thread=root)
    ops.drain()
    for person in (ops.cleo, ops.ana):
        ops.driver.deactivate(person)
    settle(ops)

    assert not any(prompts(person, ops.ops) for person in (ops.ana, ops.ben, ops.cleo))
    assert ops.store.outbox_backlog().waiting == 0
