"""An excerpt of a real operations chat, with made-up names and its years moved to recent weeks."""

import json
import re
from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from importlib.resources import files
from typing import Final, Self

# The chat's five years are moved into this period, because gaps come from the last weeks.
_SPAN: Final = timedelta(days=27)
_MENTION: Final = re.compile(r"@(u[0-9a-f]{6})(?![0-9a-f])")


@dataclass(frozen=True, slots=True, kw_only=True)
class ChatMessage:
    """One message. `thread`: the ID of its thread's first message. `at`: an aware UTC time."""

    id: str
    thread: str
    at: datetime
    author: str
    text: str

    @property
    def begins_thread(self) -> bool:
        """Whether it is the first message of its thread."""
        return self.id == self.thread


@dataclass(frozen=True, slots=True, kw_only=True)
class Chat:
    """The messages, oldest first. `people`: their names, the most active first."""

    messages: tuple[ChatMessage, ...]
    people: tuple[str, ...]

    @classmethod
    def load(cls) -> Self:
        """Load the excerpt that is in the package, with its own dates."""
        data = files(__package__) / "data"
        rows = [json.loads(line) for line in (data / "chat.jsonl").read_text("utf-8").splitlines()]
        names = _named(rows, (data / "names.txt").read_text("utf-8").split())
        roots: dict[tuple[str, str], str] = {}
        messages = tuple(
            ChatMessage(
                id=row["id"],
                thread=roots.setdefault((row["channel"], row["thread"]), row["id"]),
                at=datetime.fromtimestamp(row["ts"], UTC),
                author=names[row["author"]],
                text=_MENTION.sub(lambda match: f"@{names[match[1]]}", row["text"]),
            )
            for row in rows
        )
        return cls(messages=messages, people=tuple(names.values()))

    def only(self, threads: Collection[str]) -> Self:
        """Return only the threads with these first messages."""
        return replace(
            self, messages=tuple(message for message in self.messages if message.thread in threads)
        )

    def without(self, threads: Collection[str]) -> Self:
        """Return all threads but those with these first messages."""
        return replace(
            self,
            messages=tuple(message for message in self.messages if message.thread not in threads),
        )

    def until(self, now: datetime) -> Self:
        """Return the same chat in the four weeks before `now`, with its intervals in proportion."""
        first, last = self.messages[0].at, self.messages[-1].at
        scale = _SPAN / (last - first)
        begin = now - _SPAN - timedelta(hours=1)
        moved = (
            replace(message, at=begin + (message.at - first) * scale) for message in self.messages
        )
        return replace(self, messages=tuple(moved))

    @property
    def threads(self) -> int:
        """The number of threads."""
        return sum(message.begins_thread for message in self.messages)


def _named(rows: list[dict[str, str]], names: Sequence[str]) -> dict[str, str]:
    """Return a made-up name for each person who writes or is mentioned, the most active first."""
    spoken = Counter(row["author"] for row in rows)
    for row in rows:
        spoken.update(dict.fromkeys(_MENTION.findall(row["text"]), 0))
    if len(spoken) > len(names):
        raise ValueError(f"{len(spoken)} people need names, and there are {len(names)}")
    return {who: name for (who, _), name in zip(spoken.most_common(), names, strict=False)}
