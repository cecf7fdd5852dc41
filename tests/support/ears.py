"""A listener for tests of the command: it decides by single words, so that tests can foresee it."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from bot.cli.listen.entries import RecordedEntry
from bot.cli.listen.heard import Found, Matter, Prompt, Verdict, thread_of
from bot.domain.kinds import Kind
from bot.domain.listening.conversation import Conversation, Said
from bot.domain.listening.drafts import EntryDraft
from bot.domain.recognition import SpeechAct

_SURE = 0.87654321


@dataclass
class WordEar:
    """Threads whose first message has the same one of these words are a gap.

    The second message of a thread answers it. A message does the act whose name is in it.
    """

    words: Sequence[str]
    entries: Sequence[RecordedEntry] = ()
    said: list[Said] = field(default_factory=list)
    is_finished: bool = False

    def hear(self, messages: Iterable[Said], /) -> Iterator[Said]:
        assert not self.is_finished
        for said in messages:
            self.said.append(said)
            yield said

    def finish(self) -> None:
        self.is_finished = True

    def verdicts(self) -> Iterator[Verdict]:
        return map(self._verdict, self.said)

    def matters(self) -> list[Matter]:
        threads = [(number, self._threads(word)) for number, word in enumerate(self.words, 1)]
        return [_gap(number, found) for number, found in threads if len(found) > 1]

    def search(self, query: str, /) -> list[Found]:
        words = set(query.lower().split())
        return [
            Found(key=str(entry.key), score=1 / 3)
            for entry in self.entries
            if words & set(entry.title.lower().split())
        ]

    def _threads(self, word: str) -> list[Conversation]:
        roots = [said for said in self.said if said.opens and word in said.text]
        return [
            Conversation(
                messages=tuple(said for said in self.said if thread_of(said) == thread_of(root))
            )
            for root in roots
        ]

    def _verdict(self, said: Said) -> Verdict:
        act = next((act for act in SpeechAct if act.value in said.text), SpeechAct.NONE)
        root = next(one for one in self.said if one.opens and thread_of(one) == thread_of(said))
        gap = next((n for n, word in enumerate(self.words, 1) if word in root.text), None)
        titles = {str(entry.key): entry.title.lower().split()[0] for entry in self.entries}
        is_prompted = gap is not None and not said.opens
        return Verdict(
            channel=said.channel,
            ts=said.ts,
            act=act,
            score=_SURE,
            scores={one: _SURE if one == act else 0.01 for one in SpeechAct},
            gap=gap,
            covered_by=next((key for key, word in titles.items() if word in said.text), None),
            prompt=Prompt(to=said.user, kind=Kind.DECISION, gap=gap) if is_prompted else None,
        )


def _gap(number: int, threads: Sequence[Conversation]) -> Matter:
    roots = [thread.messages[0] for thread in threads]
    answers = [thread.messages[1] for thread in threads if len(thread.messages) > 1]
    answerer = answers[-1].user if answers else None
    draft = EntryDraft(
        kind=Kind.DECISION,
        title=roots[-1].text,
        trigger="\n".join(root.text for root in roots),
        rule=answers[-1].text if answers else "",
        owner=answerer,
        sources={
            "trigger": tuple((root,) for root in roots),
            "rule": ((answers[-1],),) if answers else (),
        },
        evidence=tuple(said for thread in threads for said in thread.messages[:2]),
    )
    return Matter(
        number=number,
        threads=[thread_of(root) for root in roots],
        answerer=answerer,
        load=lambda: threads,
        write=lambda: draft,
    )
