"""Measure the drafts of matters on teams that were left out of training.

`python -m tests.recognition.drafts [RUST.jsonl]` prints the figures and then each draft.
"""

import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from math import exp
from pathlib import Path
from typing import Final

import numpy as np

from bot.domain.listening.drafts import EntryDraft, draft_entry
from bot.domain.listening.titles import make_title
from bot.domain.recognition import Reading, SpeechAct
from bot.domain.recognition.model import LINES
from tests.recognition.acts import Figure
from tests.recognition.fitting import calibrate
from tests.recognition.labeled import OPS_TEAMS
from tests.recognition.lesson import Lesson
from tests.recognition.matters import Matter, load_matters
from tests.recognition.rated_titles import GOOD
from tests.recognition.train import balance
from tests.recognition.train_titles import fit_titles, rate_all

_ROUNDS: Final = 300
_INTERVAL: Final = (5, 95)  # percentiles


@dataclass(frozen=True, slots=True)
class Drafted:
    """A matter's draft, made with weights that never saw its team."""

    matter: Matter
    draft: EntryDraft
    title: str

    @property
    def is_rule_right(self) -> bool:
        """Whether the rule is from a message that settled the matter."""
        rule = self.draft.sources["rule"]
        return any(said.ts in self.matter.rules for part in rule for said in part)

    def measures(self) -> dict[str, float]:
        """Return each measure of the draft, 0 to 1."""
        return {
            "rule": self.is_rule_right,
            "owner": self.draft.owner == self.matter.holder,
            "kind": self.draft.kind.value == self.matter.kind,
            "title names it": self.matter.phrases.rate(self.title) >= GOOD,
            "title term F1": self.matter.match_title(self.title),
        }


def measure_drafts(lesson: Lesson) -> list[Figure]:
    """Return how good the drafts of each team are while it is left out, given its matters."""
    drafts = draft_matters(lesson)
    return [
        _figure(team, measure, [each.measures()[measure] for each in drafts[team]])
        for team in OPS_TEAMS
        for measure in drafts[team][0].measures()
    ]


def draft_matters(lesson: Lesson) -> dict[str, list[Drafted]]:
    """Return the drafts of each team's matters."""
    readings = read_left_out(lesson)
    rated = rate_all()
    return {
        team: list(
            _draft(
                load_matters(team),
                readings,
                fit_titles([each for each in rated if each.team != team]),
            )
        )
        for team in OPS_TEAMS
    }


def _draft(
    matters: Iterable[Matter], readings: Mapping[str, Reading], weights: Mapping[str, float]
) -> Iterator[Drafted]:
    for matter in matters:
        of_threads = [[readings[s.ts] for s in c.messages] for c in matter.conversations]
        draft = draft_entry(matter.conversations, of_threads)
        title, _ = make_title(matter.conversations, weights)
        yield Drafted(matter, draft, title)


def read_left_out(lesson: Lesson) -> dict[str, Reading]:
    """Return the reading of each message by models that never saw its team."""
    counts, chances = balance(lesson), {}
    for line in LINES:
        holds, known = lesson.find_targets(line)
        odds = lesson.leave_out(line)
        factor, offset = calibrate(odds, holds, counts * known)
        chances[line] = [1 / (1 + exp(-(factor * value + offset))) for value in odds]
    return {
        message.id: _reading({line: values[row] for line, values in chances.items()})
        for row, message in enumerate(lesson.messages)
    }


def _reading(chances: Mapping[str, float]) -> Reading:
    scores = {act: chances.get(act.value, 0.0) for act in SpeechAct}
    likeliest = max(scores, key=lambda act: scores[act])
    return Reading(
        act=likeliest,
        score=scores[likeliest],
        scores=scores,
        standing=chances["standing"],
        settles=chances["settles"],
        closes=False,
        acute=False,
        incident=False,
        small_talk=chances["small_talk"],
    )


def _figure(team: str, measure: str, values: Sequence[float]) -> Figure:
    generator = np.random.default_rng(1)
    drawn = generator.choice(np.array(values, float), (_ROUNDS, len(values))).mean(1)
    low, high = np.percentile(drawn, _INTERVAL)
    return Figure(
        line="draft",
        team=team,
        measure=measure,
        value=float(np.mean(values)),
        low=float(low),
        high=float(high),
    )


def main(rust: Path | None) -> None:
    """Print the figures of each team, their mean, and the drafts."""
    drafts = draft_matters(Lesson.prepare(rust))
    for measure in drafts[OPS_TEAMS[0]][0].measures():
        shares = [np.mean([each.measures()[measure] for each in drafts[t]]) for t in OPS_TEAMS]
        by_team = " ".join(f"{t} {share:.2f}" for t, share in zip(OPS_TEAMS, shares, strict=True))
        print(f"{measure:15} {np.mean(shares):.2f}  {by_team}")
    for each in (each for team in OPS_TEAMS for each in drafts[team]):
        marks = "".join("+" if each.measures()[m] else "-" for m in ("rule", "owner"))
        print(f"{each.matter.team} {marks} {each.matter.title} | {each.title}")


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else None)
