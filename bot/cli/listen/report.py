"""The report on a history: everything that the page shows, ready to be drawn."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from bot.cli.listen.charts import Chart, draw_charts
from bot.cli.listen.heard import Matter, Place
from bot.cli.listen.matters import ShownGap, show_gap
from bot.cli.listen.reading import Heard
from bot.cli.listen.tally import SHOWN, Tally
from bot.cli.listen.wording import Wording, full_day
from bot.domain.listening.conversation import Said
from bot.slack.export.reading import Export

_FIRST: Final = 10  # entries to write first
_MATTERS: Final = 200  # that the page shows; all of them are in the JSON
_CARRIERS: Final = 12


@dataclass(frozen=True, slots=True, kw_only=True)
class Example:
    """A message as an example: when, where, by whom, and its beginning."""

    when: str
    where: str
    who: str
    excerpt: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Carrier:
    """A person, the matters they answer, and those that no one else has ever answered."""

    name: str
    answers: int
    alone: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ShownPrompt:
    """A prompt that would have been shown: after which message, to whom, and about what."""

    example: Example
    to: str
    kind: str
    about: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Act:
    """One speech act of a team: how often it occurs over time, and its clearest messages."""

    chart: Chart
    examples: tuple[Example, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """Everything that the page shows. `matters`: the most frequent first."""

    name: str
    heard: Heard
    first: str
    last: str
    matters: tuple[ShownGap, ...]
    more_matters: int
    acts: tuple[Act, ...]
    carriers: tuple[Carrier, ...]
    prompts: int
    shown_prompts: tuple[ShownPrompt, ...]
    covered: int
    entries: int
    direct: int
    faults: tuple[str, ...]
    fault_count: int

    @property
    def drafts(self) -> tuple[ShownGap, ...]:
        """The matters whose answer is known, to be written down first."""
        return tuple(matter for matter in self.matters if matter.has_rule)[:_FIRST]

    @property
    def rate(self) -> float:
        """How many prompts come to 100 messages."""
        return 100 * self.prompts / max(self.heard.messages, 1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Results:
    """The results of listening to an export. `entries`: how many were loaded."""

    heard: Heard
    tally: Tally
    matters: Sequence[Matter]
    entries: int


def make_report(name: str, export: Export, results: Results) -> Report:
    """Return the report on an export. `name`: of its file."""
    heard, tally = results.heard, results.tally
    years = {at.year for at in (heard.first, heard.last) if at}
    wording = Wording(people=export.people, has_years=len(years) > 1)
    gaps = [matter for matter in results.matters if matter.entry is None]
    matters = [show_gap(gap, wording) for gap in gaps[:_MATTERS]]
    messages = export.find(_examples(tally))
    return Report(
        name=name,
        heard=heard,
        first=full_day(heard.first) if heard.first else "",
        last=full_day(heard.last) if heard.last else "",
        matters=tuple(matters),
        more_matters=max(len(gaps) - _MATTERS, 0),
        acts=tuple(_acts(tally, messages, wording)),
        carriers=tuple(_carriers(matters, wording)),
        prompts=tally.prompts,
        shown_prompts=tuple(_prompts(results, messages, wording)),
        covered=sum(tally.covered.values()),
        entries=results.entries,
        direct=len(export.layout.direct),
        faults=tuple(export.faults.shown),
        fault_count=export.faults.total,
    )


def _examples(tally: Tally) -> set[Place]:
    return {
        *(place for place, _ in tally.latest_prompts),
        *(place for act in SHOWN for place in tally.clearest(act)),
    }


def _acts(tally: Tally, messages: Mapping[Place, Said], wording: Wording) -> list[Act]:
    return [
        Act(
            chart=chart,
            examples=tuple(
                _example(messages[place], wording)
                for place in tally.clearest(chart.act)
                if place in messages
            ),
        )
        for chart in draw_charts(tally.weeks, SHOWN)
    ]


def _carriers(matters: Sequence[ShownGap], wording: Wording) -> list[Carrier]:
    answers = Counter(solver for matter in matters for solver in matter.solvers)
    alone = Counter(matter.solvers[0] for matter in matters if len(matter.solvers) == 1)
    ranked = sorted(answers, key=lambda user: (-alone[user], -answers[user], user))
    return [
        Carrier(name=wording.name(user), answers=answers[user], alone=alone[user])
        for user in ranked[:_CARRIERS]
    ]


def _prompts(
    results: Results, messages: Mapping[Place, Said], wording: Wording
) -> list[ShownPrompt]:
    latest = {prompt.gap for _, prompt in results.tally.latest_prompts}
    titles = {
        matter.number: matter.write().title for matter in results.matters if matter.number in latest
    }
    return [
        ShownPrompt(
            example=_example(messages[place], wording),
            to=wording.name(prompt.to),
            kind=prompt.kind.noun,
            about=wording.short(titles.get(prompt.gap, "")) if prompt.gap is not None else "",
        )
        for place, prompt in reversed(results.tally.latest_prompts)
        if place in messages
    ]


def _example(said: Said, wording: Wording) -> Example:
    return Example(
        when=wording.day(said.at),
        where=wording.place(said.channel),
        who=wording.name(said.user),
        excerpt=wording.short(said.text),
    )
