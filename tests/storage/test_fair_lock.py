"""The fair lock: first come, first served, and urgent callers overtake the others once."""

import threading
from collections.abc import Sequence

import pytest

from storage.fair_lock import FairLock


def order_of(asked: Sequence[str]) -> list[str]:
    """Let threads ask for the lock one after the other, and return the order in which they get it.

    A thread with a name in capitals is urgent.
    """
    lock, order = FairLock(), list[str]()

    def take(name: str) -> None:
        with lock.hold(60, urgent=name.isupper()):
            order.append(name)

    threads = [threading.Thread(target=take, args=(name,)) for name in asked]
    with lock.hold(60):
        for number, thread in enumerate(threads, start=1):
            thread.start()
            while lock.waiting < number:
                assert thread.is_alive()
    for thread in threads:
        thread.join(60)
    return order


def test_threads_get_the_lock_in_the_order_in_which_they_asked() -> None:
    assert order_of("abcdefgh") == list("abcdefgh")


def test_an_urgent_thread_gets_the_lock_before_all_others() -> None:
    assert order_of("abcD") == list("Dabc")


def test_urgent_threads_never_keep_others_out() -> None:
    assert order_of("abcDEFG") == list("DaEbFcG")


def test_a_thread_that_releases_the_lock_and_asks_again_comes_last() -> None:
    lock, order = FairLock(), list[str]()

    def take() -> None:
        with lock.hold(60):
            order.append("event")

    thread = threading.Thread(target=take)
    for batch in ("first batch", "second batch"):
        with lock.hold(60):
            order.append(batch)
            if batch == "first batch":
                thread.start()
                while not lock.waiting:
                    assert thread.is_alive()
    thread.join(60)

    assert order == ["first batch", "event", "second batch"]


def test_a_thread_that_waited_too_long_leaves_the_queue() -> None:
    lock = FairLock()
    with lock.hold(60):
        with pytest.raises(TimeoutError), lock.hold(0.001):
            pytest.fail("the turn is taken")
        assert lock.waiting == 0
    with lock.hold(0.001):
        pass


def test_an_error_inside_the_block_passes_the_lock_on() -> None:
    lock = FairLock()
    with pytest.raises(ValueError, match="mine"), lock.hold(60):
        raise ValueError("mine")
    with lock.hold(0.001) as left:
        assert left <= 0.001
