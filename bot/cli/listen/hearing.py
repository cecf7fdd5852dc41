"""The listener of the running bot, hearing an export."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from functools import cached_property, lru_cache
from itertools import chain, islice, repeat
from typing import Final

from bot.cli.listen.archive import DiskArchive
from bot.cli.listen.entries import RecordedEntry
from bot.cli.listen.heard import Found, Matter, Place, Prompt, Thread, Verdict
from bot.cli.listen.readers import has_cores, read_ahead
from bot.cli.listen.shelf import Shelf, read_text
from bot.cli.listen.transcript import Transcript
from bot.domain.embedding import Embedder
from bot.domain.errors import UnavailableError
from bot.domain.listening.ahead import ReadAhead
from bot.domain.listening.conversation import Said
from bot.domain.listening.found_gap import FoundGap
from bot.domain.listening.listener import Listener
from bot.embedding import load_embedder
from bot.slack.export.people import People

# An export of fewer messages is read faster by one process.
_FEW: Final = 3000
# Threads whose covers are remembered, because their messages follow each other closely.
_CACHED: Final = 1000


class Hearing:
    """Hears messages with the bot's own listener, and says afterwards what it made of them."""

    def __init__(
        self,
        entries: Sequence[RecordedEntry],
        people: People,
        embedder: Embedder | None,
        *,
        reads_ahead: bool | None = None,
    ) -> None:
        """Take in the entries that are recorded and the people who write.

        `reads_ahead`: whether to use a second process; None does so if there are several cores.
        """
        texts = {str(entry.key): read_text(entry) for entry in entries}
        self._shelf = Shelf(texts, embedder)
        self._transcript = Transcript()
        self._listener = Listener(
            names=people.words, entries=texts, embedder=embedder, archive=DiskArchive()
        )
        self._names = people.words
        self._reads_ahead = has_cores() if reads_ahead is None else reads_ahead

    def hear(self, messages: Iterable[Said], /) -> Iterator[Said]:
        """Hear messages in order of time, and yield each once it's heard.

        After the first ones, a second process reads them ahead, which changes no result.
        """
        coming = iter(messages)
        few = islice(coming, _FEW if self._reads_ahead else None)
        for said, ahead in chain(zip(few, repeat(None)), self._read_ahead(coming)):
            self._transcript.add(said, self._listener.hear(said, ahead))
            yield said

    def _read_ahead(self, coming: Iterator[Said]) -> Iterator[tuple[Said, ReadAhead]]:
        """Start the second process when the first of these messages is needed."""
        for first in coming:
            yield from read_ahead(chain([first], coming), self._names)

    def finish(self) -> None:
        """Settle what is still open."""
        self._listener.finish()

    def verdicts(self) -> Iterator[Verdict]:
        """Yield a verdict for each message, in the order in which they were heard."""
        gaps, prompts = self._numbers, self._prompts
        covered_by = lru_cache(_CACHED)(self._listener.covered_by)
        for thread, verdict in self._transcript.verdicts():
            yield replace(
                verdict,
                gap=gaps.get(thread),
                covered_by=covered_by(thread).get(verdict.ts),
                prompt=prompts.get((verdict.channel, verdict.ts)),
            )

    def matters(self) -> list[Matter]:
        """Return the matters that came back, the most frequent first."""
        return [_read(found) for found in self._found]

    def search(self, query: str, /) -> list[Found]:
        """Return the entries that answer a query, best first; empty if none probably does."""
        return self._shelf.search(query, self._listener.weigh(query))

    @cached_property
    def _found(self) -> list[FoundGap]:
        return self._listener.gaps()

    @cached_property
    def _numbers(self) -> dict[Thread, int]:
        return {root: gap.id for gap in self._found for root in gap.roots}

    @property
    def _prompts(self) -> dict[Place, Prompt]:
        return {
            (shown.root[0], shown.candidate.ts): Prompt(
                to=shown.candidate.to,
                kind=shown.candidate.kind,
                gap=self._numbers.get(shown.root),
            )
            for shown in self._listener.prompts
        }


def make_ear(entries: Sequence[RecordedEntry], people: People, *, semantic: bool | None) -> Hearing:
    """Return a listener. `semantic`: whether to compare meanings; None does so if it can.

    Raises:
        UnavailableError: meanings are wanted and `opslore[semantic]` isn't installed.
    """
    embedder = load_embedder() if semantic is not False else None
    if semantic and embedder is None:
        raise UnavailableError(
            "--semantic needs an extra. Install it with: pip install 'opslore[semantic]'"
        )
    return Hearing(entries, people, embedder)


def _read(found: FoundGap) -> Matter:
    return Matter(
        number=found.id,
        threads=found.roots,
        answerer=found.answerer,
        load=found.conversations,
        write=found.draft,
        entry=found.entry,
    )
