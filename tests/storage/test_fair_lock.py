"""The fair lock: first come, first served, and urgent callers overtake the others once."""

import threading
from collections.abc import Sequence

import pytest

from storage.fair_lock import FairLock


def order_of(asked: Sequence[str]) -> list[str]:
    """In which order waiting threads get their turns, who ask one after the other.

    A name in capitals is urgent.
    """
    turns, order = FairLock(), list[str]()

    def take(name: str) -> None:
        with turns.hold(60, urgent=name.isupper()):
            order.append(name)

    threads = [threading.Thread(target=take, args=(name,)) for name in asked]
    with turns.hold(60):
        for number, thread in enumerate(threads, start=1):
            thread.start()
            while turns.waiting < number:
                assert thread.is_alive()
    for thread in threads:
        thread.join(60)
    return order


def test_turns_come_in_the_order_in_which_they_were_asked_for() -> None:
    assert order_of("abcdefgh") == list("abcdefgh")


def test_an_urgent_turn_comes_before_all_others_that_wait() -> None:
    assert order_of("abcD") == list("Dabc")


def test_urgent_turns_never_keep_others_out() -> None:
    assert order_of("abcDEFG") == list("DaEbFcG")


def test_one_who_gives_the_turn_back_and_asks_again_comes_last() -> None:
    turns, order = FairLock(), list[str]()

    def take() -> None:
        with turns.hold(60):
            order.append("event")

    thread = threading.Thread(target=take)
    for batch in ("first batch", "second batch"):
        with turns.hold(60):
            order.append(batch)
            if batch == "first batch":
                thread.start()
                while not turns.waiting:
                    assert thread.is_alive()
    thread.join(60)

    assert order == ["first batch", "event", "second batch"]


def test_a_turn_that_does_not_come_in_time_leaves_the_queue() -> None:
    turns = FairLock()
    with turns.hold(60):
        with pytest.raises(TimeoutError), turns.hold(0.001):
            pytest.fail("the turn is taken")
        assert turns.waiting == 0
    with turns.hold(0.001):
        pass


def test_an_error_within_a_turn_passes_the_lock_on() -> None:
    turns = FairLock()
    with pytest.raises(ValueError, match="mine"), turns.hold(60):
        raise ValueError("mine")
    with turns.hold(0.001) as left:
        assert left <= 0.001
