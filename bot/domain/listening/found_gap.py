"""A recurring matter that a listener found, with the threads it came up in."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from bot.domain.entries import UserId
from bot.domain.listening.conversation import Conversation
from bot.domain.listening.drafts import EntryDraft, draft_entry
from bot.domain.listening.matters import Occurrence
from bot.domain.listening.threads import HeardThreads, Root


@dataclass(frozen=True, slots=True, kw_only=True)
class FoundGap:
    """A recurring matter. Its texts stay with the threads, because there may be many matters.

    `rank`: the most common matters come first. `entry`: the key of the entry that covers most of
    its threads; None for a gap. `named`: the names of people, which aren't words of its matter.
    """

    id: int
    roots: tuple[Root, ...]
    probability: float
    rank: float
    answerer: UserId | None
    entry: str | None
    named: frozenset[str] = field(repr=False)
    threads: HeardThreads = field(repr=False, compare=False)

    def conversations(self) -> tuple[Conversation, ...]:
        """Return the conversations that it came up in."""
        return tuple(
            Conversation(messages=tuple(self.threads[root].said), named=self.named)
            for root in self.roots
        )

    def draft(self) -> EntryDraft:
        """Return the entry that the conversations suggest, which takes a while."""
        readings = [[one.reading for one in self.threads[root].heard] for root in self.roots]
        return draft_entry(self.conversations(), readings)


def rank_matter(occurrences: Sequence[Occurrence]) -> float:
    """Return how common a matter is: threads x people x days."""
    people = {user for one in occurrences for user in one.people}
    days = {one.at.date() for one in occurrences}
    return float(len(occurrences) * len(people) * len(days))
