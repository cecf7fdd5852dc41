"""A message as it is kept while its thread may be an occurrence of a recurring matter."""

from dataclasses import dataclass

from bot.domain.entries import EntryId
from bot.domain.listening.heard import Heard


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredMessage:
    """The kept facts of a message.

    `excerpt`: masked, and empty unless the message opened its thread or may have settled it.
    `entry`: the entry in force that covers it best; `coverage`: how likely it does, 0 to 1.
    """

    heard: Heard
    excerpt: str = ""
    entry: EntryId | None = None
    coverage: float = 0.0
