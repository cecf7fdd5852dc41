"""Measure the drafts of matters on teams that were left out of training.

`python -m tests.recognition.drafts [RUST.jsonl]` prints the figures and then each draft.
"""

import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np

from bot.domain.listening.drafts import EntryDraft, Weights, draft_entry
from bot.domain.recognition import Reading
from bot.domain.recognition.model import Model
from tests.recognition.labeled import NCAR, OPS_TEAMS
from tests.recognition.matters import Matter, load_matters
from tests.recognition.rated_titles import GOOD
from tests.recognition.readings import read_left_out, train_recognizers
from tests.recognition.train_answers import fit_answers, judge_team
from tests.recognition.train_titles import fit_titles, rate_all

_ROUNDS: Final = 1000
_INTERVAL: Final = (5, 95)  # percentiles


@dataclass(frozen=True, slots=True)
class Drafted:
    """A matter's draft, made with weights that never saw its team."""

    matter: Matter
    draft: EntryDraft

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
            "title names it": self.matter.phrases.rate(self.draft.title) >= GOOD,
            "title term F1": self.matter.match_title(self.draft.title),
        }


def draft_matters(readings: Mapping[str, Reading]) -> dict[str, list[Drafted]]:
    """Return the drafts of each team's matters, by weights that never saw the team."""
    titles = rate_all()
    answers = {team: judge_team(team, readings) for team in (*OPS_TEAMS, NCAR)}
    return {
        team: list(
            _draft(
                team,
                readings,
                Weights(
                    titles=fit_titles([rated for rated in titles if rated.team != team]),
                    answers=fit_answers(answers[name] for name in answers if name != team),
                ),
            )
        )
        for team in OPS_TEAMS
    }


def _draft(team: str, readings: Mapping[str, Reading], weights: Weights) -> Iterator[Drafted]:
    for matter in load_matters(team):
        of_threads = [[readings[s.ts] for s in c.messages] for c in matter.conversations]
        yield Drafted(matter, draft_entry(matter.conversations, of_threads, weights=weights))


def _line(measure: str, drafts: Mapping[str, Sequence[Drafted]]) -> str:
    """Return the mean of a measure with its 90 % interval over matters, and its figure by team."""
    values = [np.array([each.measures()[measure] for each in drafts[t]], float) for t in OPS_TEAMS]
    generator = np.random.default_rng(1)
    drawn = np.mean([generator.choice(row, (_ROUNDS, len(row))).mean(1) for row in values], axis=0)
    low, high = np.percentile(drawn, _INTERVAL)
    shares = [row.mean() for row in values]
    by_team = " ".join(f"{t} {share:.2f}" for t, share in zip(OPS_TEAMS, shares, strict=True))
    return f"{measure:15} {np.mean(shares):.2f} [{low:.2f}, {high:.2f}]  {by_team}"


def main(recognizers: Mapping[str, Model]) -> None:
    """Print the figures of each team, their mean, and the drafts."""
    drafts = draft_matters(read_left_out(recognizers))
    for measure in drafts[OPS_TEAMS[0]][0].measures():
        print(_line(measure, drafts))
    for each in (each for team in OPS_TEAMS for each in drafts[team]):
        marks = "".join("+" if each.measures()[m] else "-" for m in ("rule", "owner"))
        print(f"{each.matter.team} {marks} {each.matter.title} | {each.draft.title}")


if __name__ == "__main__":
    main(train_recognizers(Path(sys.argv[1]) if len(sys.argv) > 1 else None))
