"""Placing: a thread is compared with the earlier ones that have most in common with it."""

from dataclasses import replace

from bot.domain.listening.history import History
from bot.domain.listening.placing import SOUGHT_TERMS
from bot.domain.listening.profiles import Profile, make_profile
from tests.support.heard_makers import EXPORTS, placer, thread
from tests.support.storage_makers import OPS


def wordy(root: str, *texts: str) -> Profile:
    """Return a thread with more terms of its own than are looked up, as a long one has."""
    profile = make_profile(OPS, [message.heard for message in thread(root, *texts)])
    first = 10_000 * int(float(root))
    return replace(profile, whole=profile.whole | set(range(first, first + 2 * SOUGHT_TERMS)))


def test_a_thread_is_found_by_the_terms_that_others_have() -> None:
    history: History[str] = History()
    for number, texts in enumerate(EXPORTS, 1):
        placer(history).place(f"{number}.0", wordy(f"{number}.0", *texts))

    assert set(history.links(["3.0"])["3.0"]) == {"1.0", "2.0"}
