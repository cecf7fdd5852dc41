"""A search weighs the threads that the bot heard: other words for an entry, or nothing written."""

from datetime import timedelta
from typing import Final

import pytest

from bot.domain.entries import ChannelId, UserId
from bot.domain.listening.conversation import Said
from bot.domain.listening.weighing import FEWEST_THREADS
from bot.usecases.listening.take_over import PastMessage, Taken, take_over_thread
from sandbox.persons import PersonDriver
from sandbox.seen import Channel
from tests.support.ops import Ops

NOISE: Final = (
    "The scanner at the dock is broken, who replaces it?",
    "The invoice run failed with an error, can somebody start it again?",
    "Does anyone know why the badge reader rejects visitors?",
    "The backup of the wiki is late, what do we do?",
)
TITLE: Final = "Full login node"
RULE: Final = "Delete the oldest scratch folders on the node, then tell the team."
COVERED: Final = (
    "sftp says quota exceeded, can't upload",
    "The login node is full, so delete the oldest scratch folders.",
)
IN_OTHER_WORDS: Final = "sftp quota exceeded"
UNCOVERED: Final = ("The label printer smears the barcodes again, who can clean its rollers?",)
NEAR: Final = "the label printer smears barcodes of the login node"


class Chat:
    """Threads that the bot heard, one every three hours."""

    def __init__(self, ops: Ops) -> None:
        self.ops = ops
        self.threads = 0

    def hear(self, *texts: str, channel: Channel | str | None = None) -> None:
        """Hear one thread, in which ben and cleo write in turn."""
        ops = self.ops
        self.threads += 1
        at = ops.clock.time - timedelta(days=20) + self.threads * timedelta(hours=3)
        root = f"{at.timestamp():.6f}"
        people = (ops.ben, ops.cleo)
        messages = [
            PastMessage(
                said=Said(
                    channel=ChannelId(str(channel or ops.ops)),
                    ts=f"{(at + place * timedelta(minutes=1)).timestamp():.6f}",
                    root=root,
                    user=UserId(people[place % 2].id),
                    text=text,
                    at=at + place * timedelta(minutes=1),
                ),
                names=frozenset(),
            )
            for place, text in enumerate(texts)
        ]
        taken = take_over_thread(ops.store, ops.team, messages, permalink=_link)
        assert taken is Taken.ADDED

    def find(self, words: str, person: PersonDriver | None = None) -> str:
        """Search, and return the words of the answer."""
        found = (person or self.ops.ana).slash(self.ops.ops, f"/lore find {words}").message
        assert found is not None
        return found.words()


def _link(channel: str, ts: str, root: str) -> str:
    return f"https://acme.example/archives/{channel}/p{ts}?thread_ts={root}"


@pytest.fixture
def chat(ops: Ops) -> Chat:
    heard = Chat(ops)
    for place in range(FEWEST_THREADS):
        heard.hear(f"{NOISE[place % len(NOISE)]} ({place})")
    ops.record(ops.ana, TITLE, RULE)
    return heard


def test_a_thread_that_an_entry_covers_lends_it_its_words(chat: Chat) -> None:
    assert TITLE not in chat.find(IN_OTHER_WORDS)

    chat.hear(*COVERED)

    assert TITLE in chat.find(IN_OTHER_WORDS)


def test_a_thread_that_was_heard_before_its_entry_was_recorded_counts(ops: Ops) -> None:
    heard = Chat(ops)
    for place in range(FEWEST_THREADS):
        heard.hear(f"{NOISE[place % len(NOISE)]} ({place})")
    heard.hear(*COVERED)

    ops.record(ops.ana, TITLE, RULE)

    assert TITLE in heard.find(IN_OTHER_WORDS)


def test_a_thread_that_no_entry_covers_speaks_against_all(chat: Chat) -> None:
    question = "login node is slow for visitors"
    assert chat.find(question).startswith("1 entry")
    # The same question says nothing new, so asking twice changes no answer.
    chat.hear(f"{question}?")
    assert chat.find(question).startswith("1 entry")

    chat.hear("The login node is slow for visitors, who can order a bigger one?")

    assert chat.find(question).startswith("Nothing covers")


def test_a_thread_of_a_private_channel_changes_nothing_for_others(ops: Ops, chat: Chat) -> None:
    secret = ops.driver.channel("secret", private=True, members=[ops.ben, ops.cleo])
    ops.driver.invite_bot(secret)
    ops.drain()
    before = [chat.find(words, ops.ana) for words in (IN_OTHER_WORDS, NEAR)]
    assert TITLE not in chat.find(IN_OTHER_WORDS, ops.ben)

    chat.hear(*COVERED, channel=secret)
    chat.hear(*UNCOVERED, channel=secret)

    assert [chat.find(words, ops.ana) for words in (IN_OTHER_WORDS, NEAR)] == before
    assert TITLE in chat.find(IN_OTHER_WORDS, ops.ben)
    # Everyone in the channel reads the answer to a question there.
    mention = f"<@{ops.sandbox.bot_user_id}> {IN_OTHER_WORDS}?"
    ts = ops.ben.say(ops.ops, mention)
    ops.drain()
    assert TITLE not in ops.driver.thread(ops.ops, ts)[-1].words()
