"""Keep a message's features and excerpt, inside a transaction."""

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from bot.domain.listening.conversation import Conversation, Said
from bot.domain.listening.heard import hear, name_stems
from bot.domain.listening.prompting import is_small_talk
from bot.domain.listening.stored import StoredMessage
from bot.domain.recognition import read
from bot.domain.visibility import Reader
from bot.usecases.steps.coverage import Covering, Meanings, find_covering
from bot.usecases.steps.listening import said_before
from bot.usecases.steps.secrets import excerpt
from storage.store import Transaction

# The excerpt of a message that may have settled its thread is kept.
_MAY_SETTLE: Final = 0.3


@dataclass(frozen=True, slots=True, kw_only=True)
class KeptMessage:
    """A message as it was stored, and its thread with it, oldest first.

    `covering`: the entry that covers the thread, if the message belongs to its opening and isn't
    small talk.
    """

    message: StoredMessage
    thread: list[StoredMessage]
    covering: Covering | None


def keep_message(
    tx: Transaction,
    reader: Reader,
    said: Said,
    *,
    names: frozenset[str],
    meaning: bytes,
    meanings: Meanings | None = None,
) -> KeptMessage:
    """Store what is kept of a message, and say which entry covers it, as far as the reader sees.

    `names`: of the author and the people mentioned. `meaning`: its embedding, or empty. `meanings`:
    its own and those of the entries near it, if it opens a thread.
    """
    others = tx.heard.of_threads(said.channel, [said.root]).get(said.root, [])
    # A later message may have been considered before this one.
    before = [other for other in others if _order(other) < (said.at, said.ts)]
    earlier = said_before(said.channel, said.root, before)
    reading = read(said, earlier)
    heard = hear(said, reading, name_stems(names), meaning)
    opens = all(one.user == said.user for one in earlier)
    covering = None
    # Of 179 labeled threads that an entry covers, none begins with small talk.
    if opens and not is_small_talk([heard]):
        conversation = Conversation(messages=(*earlier, said), named=names)
        covering = find_covering(tx, reader, conversation, meanings)
    keeps_text = not before or reading.settles >= _MAY_SETTLE
    message = StoredMessage(
        heard=heard,
        excerpt=excerpt(said.text) if keeps_text else "",
        entry=covering.entry if covering else None,
        coverage=covering.probability if covering else 0.0,
    )
    tx.heard.put(said.channel, said.root, message)
    thread = sorted([*others, message], key=_order)
    return KeptMessage(message=message, thread=thread, covering=covering)


def _order(message: StoredMessage) -> tuple[datetime, str]:
    return message.heard.at, message.heard.ts
