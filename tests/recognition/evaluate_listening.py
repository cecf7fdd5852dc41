"""Judge gaps and prompts: each team is heard from beginning to end, by models that never saw it."""

import json
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations
from pathlib import Path
from time import perf_counter
from typing import Any, Final

from bot.domain.embedding import Embedder
from bot.domain.listening.found_gap import FoundGap
from bot.domain.listening.listener import Listener, ShownPrompt
from bot.domain.listening.models import parse_models
from bot.domain.recognition.model import Model
from tests.recognition.evaluate_coverage import read_threads
from tests.recognition.evaluate_search import Figure, summarize
from tests.recognition.labeled import NCAR, OPS_TEAMS, RUST, Labeled
from tests.recognition.searches import load
from tests.recognition.teams import Root, Team
from tests.recognition.train_coverage import fit as fit_coverage
from tests.recognition.train_listening import Trainer, prepare, recognizing

_HUNDRED: Final = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class Heard:
    """A team with everything that was heard of it, and how long a message took, in seconds."""

    team: Team
    listener: Listener
    seconds: float


def listen_left_out(
    recognizers: Mapping[str, Model], embedder: Embedder | None, rust: Path | None = None
) -> list[Heard]:
    """Hear each team with models that were trained without it."""
    lessons = prepare(recognizers, embedder, rust)
    threads = {name: read_threads(name, embedder) for name in OPS_TEAMS}
    trainer = Trainer(lessons, by_meaning=embedder is not None)
    heard = []
    for name in lessons:
        team, lesson = lessons[name].team, lessons[name]
        listener = Listener(
            names=team.names,
            entries=load(name).texts if name in OPS_TEAMS else {},
            embedder=embedder,
            models=parse_models(json.dumps(trainer.train(without=name))),
            background=lesson.background,
            cover_weights=fit_coverage(
                [thread for other in OPS_TEAMS if other != name for thread in threads[other]],
                with_passages=embedder is not None,
            ),
        )
        start = perf_counter()
        with recognizing(recognizers[name]):
            for message in team.messages:
                listener.hear(message.said)
            listener.finish()
        seconds = (perf_counter() - start) / len(team.messages)
        heard.append(Heard(team=team, listener=listener, seconds=seconds))
    return heard


def judge(everything: Sequence[Heard]) -> Iterator[Figure]:
    """Judge the gaps and prompts of each operations team, and count what real chat was shown."""
    ops = [heard for heard in everything if heard.team.name not in (NCAR, RUST)]
    measures: dict[str, list[float]] = {}
    for heard in ops:
        found = dict([*_measure_gaps(heard), *_measure_prompts(heard), *_measure_covers(heard)])
        for name, value in found.items():
            measures.setdefault(name, []).append(value)
            yield _figure(heard.team.name, name, value)
    for name, values in measures.items():
        yield summarize("teams", name, values)
    for heard in everything:
        if heard.team.name in (NCAR, RUST):
            yield from _judge_real_chat(heard)


def _figure(team: str, name: str, value: float) -> Figure:
    return Figure(team=team, name=name, value=value, low=value, high=value)


def _judge_real_chat(heard: Heard) -> Iterator[Figure]:
    gaps = heard.listener.gaps()
    largest = max((len(gap.roots) for gap in gaps), default=0)
    rate = _HUNDRED * len(heard.listener.prompts) / len(heard.team.messages)
    yield _figure(heard.team.name, "prompts per 100 messages", rate)
    yield _figure(
        heard.team.name, "largest gap, share of threads", largest / len(heard.team.threads)
    )
    yield _figure(heard.team.name, "milliseconds a message", heard.seconds * 1000)


def _measure_gaps(heard: Heard) -> Iterator[tuple[str, float]]:
    matters, gaps = heard.team.matters, heard.listener.gaps()
    pairs = [pair for gap in gaps for pair in combinations(gap.roots, 2)]
    right = sum(_is_same(matters, a, b) for a, b in pairs)
    gold = sum(_is_same(matters, a, b) for a, b in combinations(heard.team.threads, 2))
    precision, recall = right / max(1, len(pairs)), right / gold
    yield "pairs precision", precision
    yield "pairs recall", recall
    yield "pairs F1", 2 * precision * recall / max(1e-9, precision + recall)
    votes = [_vote(matters, gap) for gap in gaps]
    found = {matter for matter, share in votes if matter and share > 1 / 2}
    yield "matters found", len(found) / len(set(matters.values()))
    yield "gaps that are no matter", sum(matter is None for matter, _ in votes) / max(1, len(gaps))


def _vote(matters: Mapping[Root, str], gap: FoundGap) -> tuple[str | None, float]:
    """Return the matter that two threads or more of a gap share, and their share of its threads."""
    votes = Counter(filter(None, map(matters.get, gap.roots)))
    matter, count = votes.most_common(1)[0] if votes else ("", 0)
    return (matter, count / len(gap.roots)) if count > 1 else (None, 0.0)


def _is_same(matters: Mapping[Root, str], a: Root, b: Root) -> bool:
    return a in matters and matters[a] == matters.get(b)


def _measure_prompts(heard: Heard) -> Iterator[tuple[str, float]]:
    team, prompts = heard.team, heard.listener.prompts
    gold = _Gold.of(team)
    verdicts = [gold.judge(prompt) for prompt in prompts]
    asked = Counter(matter for _, _, matter in verdicts if matter)
    count = max(1, len(prompts))
    yield "prompts per 100 messages", _HUNDRED * len(prompts) / len(team.messages)
    yield "prompts right", sum(about and person for about, person, _ in verdicts) / count
    yield "prompts to the right person", sum(person for _, person, _ in verdicts) / count
    yield "open matters asked about", len(asked) / len(gold.open_matters)
    yield "asked again", sum(times - 1 for times in asked.values()) / count
    shown = {prompt.root for prompt in prompts}
    listed = {root for gap in heard.listener.gaps() for root in gap.roots}
    offered = [
        root in shown or root in listed or bool(heard.listener.covered_by(root))
        for root in gold.standing
    ]
    yield "standing rules offered", sum(offered) / len(offered)


def _measure_covers(heard: Heard) -> Iterator[tuple[str, float]]:
    """Measure for which messages an entry is named."""
    named: dict[str, str] = {}
    for root in heard.team.threads:
        named.update(heard.listener.covered_by(root))
    gold = {one.said.ts: one.covered_by for one in heard.team.messages}
    right = sum(gold[ts] == key for ts, key in named.items())
    similar = heard.team.read("lookalikes")
    # Two of the teams list them, and two map them by id.
    alike = [one if isinstance(one, str) else one["id"] for one in similar]
    yield "entries named: right", right / max(1, len(named))
    yield "entries named: recall", right / sum(key is not None for key in gold.values())
    yield "entries named: look-alikes", sum(ts in named for ts in alike) / len(alike)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Gold:
    """The gold labels of a team: what is worth a prompt, and who is the right person."""

    team: Team
    matters: Mapping[str, Mapping[str, Any]]
    open_matters: frozenset[str]
    messages: Mapping[str, Labeled]
    standing: Sequence[Root]

    @classmethod
    def of(cls, team: Team) -> "_Gold":
        covered = {entry.get("matter") for entry in team.read("entries")}
        matters = team.read("matters")
        standing = [one for one in team.messages if one.detail == "standing"]
        return cls(
            team=team,
            matters=matters,
            open_matters=frozenset(matters) - covered,
            messages={message.said.ts: message for message in team.messages},
            standing=[(one.said.channel, one.said.root) for one in standing],
        )

    def judge(self, prompt: ShownPrompt) -> tuple[bool, bool, str | None]:
        """Return whether a prompt is worth it, whether its person is right, and its open matter.

        Right people: who holds the matter, or decided in one of its threads; for a standing rule,
        who stated it.
        """
        message = self.messages[prompt.candidate.ts]
        matter = self.team.matters.get(prompt.root)
        states = message.detail == "standing"
        is_open = matter in self.open_matters
        person = states and prompt.candidate.to == message.said.user
        if matter is not None:
            person = person or prompt.candidate.to in self.team.people_of(matter)
        return is_open or states, person, matter if is_open else None
