"""A listener for tests of the command: it decides by single words, so that tests can foresee it."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from bot.cli.listen.entries import RecordedEntry
from bot.domain.entries import ChannelId, UserId
from bot.domain.listening.conversation import Said

ACTS = ("decision", "escalation", "handoff", "question", "report", "none")


@dataclass(frozen=True, kw_only=True)
class Prompt:
    to: UserId
    kind: str
    entry: str | None
    gap: int | None


@dataclass(frozen=True, kw_only=True)
class Verdict:
    channel: ChannelId
    ts: str
    act: str
    score: float
    scores: dict[str, float]
    gap: int | None
    covered_by: str | None
    prompt: Prompt | None


@dataclass(frozen=True, kw_only=True)
class Draft:
    kind: str
    title: str
    trigger: str
    rule: str
    owner: UserId | None
    sources: dict[str, tuple[tuple[Said, ...], ...]]
    evidence: tuple[Said, ...]


@dataclass(frozen=True, kw_only=True)
class Occurrence:
    channel: ChannelId
    root: str
    at: datetime
    excerpt: str


@dataclass(frozen=True, kw_only=True)
class Gap:
    id: int
    title: str
    threads: tuple[tuple[ChannelId, str], ...]
    answerer: UserId | None
    draft: Draft
    occurrences: tuple[Occurrence, ...]
    people: tuple[UserId, ...]
    days: int


@dataclass(frozen=True, kw_only=True)
class Found:
    key: str
    score: float


@dataclass
class WordEar:
    """Threads with the same one of these words are a gap; the first other person answers it."""

    words: Sequence[str]
    entries: Sequence[RecordedEntry] = ()
    said: list[Said] = field(default_factory=list)
    is_finished: bool = False

    def hear(self, said: Said, /) -> None:
        assert not self.is_finished
        self.said.append(said)

    def finish(self) -> None:
        self.is_finished = True

    @property
    def messages(self) -> Iterator[Verdict]:
        return map(self._verdict, self.said)

    def gaps(self) -> list[Gap]:
        threads = [(number, self._threads(word)) for number, word in enumerate(self.words, 1)]
        return [self._gap(number, found) for number, found in threads if len(found) > 1]

    def search(self, query: str, /) -> list[Found]:
        words = set(query.lower().split())
        return [
            Found(key=str(entry.key), score=1 / 3)
            for entry in self.entries
            if words & set(entry.title.lower().split())
        ]

    def _threads(self, word: str) -> list[list[Said]]:
        roots = [said for said in self.said if said.opens and word in said.text]
        return [
            [said for said in self.said if (said.channel, said.root) == (root.channel, root.ts)]
            for root in roots
        ]

    def _number(self, said: Said) -> int | None:
        root = next(one for one in self.said if (one.channel, one.ts) == (said.channel, said.root))
        return next((n for n, word in enumerate(self.words, 1) if word in root.text), None)

    def _verdict(self, said: Said) -> Verdict:
        act = next((act for act in ACTS if act in said.text), "none")
        gap = self._number(said)
        title_words = {str(e.key): e.title.lower().split()[0] for e in self.entries}
        covering = (key for key, word in title_words.items() if word in said.text)
        prompted = gap is not None and not said.opens
        return Verdict(
            channel=said.channel,
            ts=said.ts,
            act=act,
            score=0.87654321,
            scores={name: 0.87654321 if name == act else 0.01 for name in ACTS},
            gap=gap,
            covered_by=next(covering, None),
            prompt=Prompt(to=said.user, kind="decision", entry=None, gap=gap) if prompted else None,
        )

    def _gap(self, number: int, threads: list[list[Said]]) -> Gap:
        answers = [thread[1] for thread in threads if len(thread) > 1]
        answerer = answers[-1].user if answers else None
        roots = [thread[0] for thread in threads]
        draft = Draft(
            kind="decision",
            title=roots[-1].text,
            trigger="\n".join(root.text for root in roots),
            rule=answers[-1].text if answers else "",
            owner=answerer,
            sources={
                "trigger": tuple((root,) for root in roots),
                "rule": ((answers[-1],),) if answers else (),
            },
            evidence=tuple(said for thread in threads for said in thread[:2]),
        )
        return Gap(
            id=number,
            title=roots[-1].text,
            threads=tuple((root.channel, root.ts) for root in roots),
            answerer=answerer,
            draft=draft,
            occurrences=tuple(
                Occurrence(channel=r.channel, root=r.ts, at=r.at, excerpt=r.text) for r in roots
            ),
            people=tuple({said.user for thread in threads for said in thread}),
            days=len({root.at.date() for root in roots}),
        )
