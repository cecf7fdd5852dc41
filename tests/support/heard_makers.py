"""Messages as they are kept while their threads are compared, and threads of them."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Final

from bot.domain.entries import ChannelId, UserId
from bot.domain.listening.conversation import Said
from bot.domain.listening.heard import hear
from bot.domain.listening.history import History
from bot.domain.listening.models import shipped_models
from bot.domain.listening.placing import Placer, Thread, Threads
from bot.domain.listening.profiles import Profile, make_profile
from bot.domain.listening.prompting import JOIN
from bot.domain.listening.rarity import Rarity, shipped_background
from bot.domain.listening.stored import StoredMessage
from bot.domain.recognition import read
from storage.transaction import Transaction
from tests.support.storage_makers import ANA, BEN, NOW, OPS

# The same matter three times, and two others.
EXPORTS: Final = (
    ("The nightly export hangs on a lock again", "Cancel the backend, then resume the export."),
    ("nightly export is stuck, finance has no file", "Cancel the backend and resume the export."),
    ("export stuck on a lock since 3, who knows what to do?", "Cancel its backend, then resume."),
)
CAGE: Final = ("Where is the key of the cage?", "In the drawer of the front desk.")
PRINTER: Final = ("The label printer on the second floor is out of paper", "In cabinet four.")


def placer(threads: Threads[Thread]) -> Placer[Thread]:
    return Placer(
        threads=threads, rarity=Rarity(shipped_background()), models=shipped_models(), join=JOIN
    )


def thread(
    root: str, *texts: str, at: datetime = NOW, users: Sequence[UserId] = (ANA, BEN)
) -> list[StoredMessage]:
    """Return a thread in which the users write in turn, a minute apart."""
    said: list[Said] = []
    stored = []
    for number, text in enumerate(texts):
        message = Said(
            channel=OPS,
            ts=root if number == 0 else f"{root}{number}",
            root=root,
            user=users[number % len(users)],
            text=text,
            at=at + timedelta(minutes=number),
        )
        heard = hear(message, read(message, said), frozenset())
        said.append(message)
        stored.append(StoredMessage(heard=heard, excerpt=text))
    return stored


def put(
    tx: Transaction, root: str, messages: Sequence[StoredMessage], channel: ChannelId = OPS
) -> Profile:
    """Store a thread's messages; return its profile, made of the rows."""
    for message in messages:
        tx.heard.put(channel, root, message)
    stored = tx.heard.of_threads(channel, [root])[root]
    return make_profile(channel, [message.heard for message in stored])


def place(
    tx: Transaction,
    root: str,
    *texts: str,
    at: datetime = NOW,
    channel: ChannelId = OPS,
    history: History[str] | None = None,
) -> Profile:
    """Store a thread and place it among the others; also in a history in memory."""
    profile = put(tx, root, thread(root, *texts, at=at), channel)
    placer(tx.channel_threads(channel)).place(root, profile)
    if history is not None:
        placer(history).place(root, profile)
    return profile


def place_exports(tx: Transaction, channel: ChannelId = OPS) -> None:
    """Place three threads of one matter, 1.0 to 3.0, a day apart."""
    for number, texts in enumerate(EXPORTS):
        at = NOW + timedelta(days=number)
        place(tx, f"{number + 1}.0", *texts, at=at, channel=channel)
