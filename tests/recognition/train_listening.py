"""Train the models of listening: `python -m tests.recognition.train_listening [RUST.jsonl]`.

Writes `models.json` and `background.bin` from the labeled chat of all teams: the same bytes for the
same files. RUST.jsonl is what `tests.recognition.train` takes. Needs the `train` extra, and the
`semantic` extra for the models with meaning.
"""

import json
import sys
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property
from itertools import combinations
from pathlib import Path
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray
from sklearn.linear_model import LogisticRegression
from sklearn.preprocessing import StandardScaler

from bot.domain import listening
from bot.domain.embedding import Embedder, pack
from bot.domain.listening import matters
from bot.domain.listening.heard import Heard, hear, name_stems, term_id
from bot.domain.listening.history import History
from bot.domain.listening.likeness import (
    FEATURES,
    SEMANTIC_FEATURES,
    People,
    features,
    semantic_features,
)
from bot.domain.listening.matters import Occurrence, likelihoods_among, matter_features
from bot.domain.listening.models import MODELS, Models, parse_models
from bot.domain.listening.placing import Placer
from bot.domain.listening.profiles import Profile, make_profile
from bot.domain.listening.prompting import JOIN, JOIN_BY_MEANING, SMALL_TALK
from bot.domain.listening.rarity import BACKGROUND, Background, Rarity
from bot.domain.listening.terms import terms
from bot.domain.recognition import model as recognition_model
from bot.domain.recognition import read
from bot.domain.recognition.model import Model
from tests.recognition.labeled import NCAR, OPS_TEAMS, RUST
from tests.recognition.lesson import Lesson
from tests.recognition.teams import ALL_TEAMS, Root, Team, read_team
from tests.recognition.train import train as train_recognition
from tests.recognition.train_asking import Growth, Rows, describe, fit_asking

# How strongly weights are held to zero: scikit-learn's C. Chosen on the four teams.
LIKENESS_C: Final = 0.03
MATTER_C: Final = 0.05
# A term of fewer messages is as rare as an unknown one.
_COUNTED: Final = 3

Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]
Weights = dict[str, Any]


def make_background(teams: Iterable[Team]) -> Background:
    """Return in how many messages of the teams each term occurs."""
    counts: Counter[int] = Counter()
    total = 0
    for team in teams:
        for message in team.messages:
            counts.update({term_id(term) for term in terms(message.said.text)})
            total += 1
    return Background(total, {term: n for term, n in counts.items() if n >= _COUNTED})


@contextmanager
def recognizing(model: Model) -> Iterator[None]:
    """Recognize speech acts by another model than the shipped one."""
    shipped = recognition_model.shipped
    recognition_model.shipped = lambda: model
    try:
        yield
    finally:
        recognition_model.shipped = shipped


def hear_team(team: Team, embedder: Embedder | None) -> dict[str, Heard]:
    """Return what is kept of each message of a team, by its timestamp."""
    names = name_stems(team.names)
    texts = [message.said.text for message in team.messages]
    meanings = list(map(pack, embedder.embed(texts))) if embedder else [b""] * len(texts)
    return {
        message.said.ts: hear(message.said, read(message.said, message.before), names, meaning)
        for message, meaning in zip(team.messages, meanings, strict=True)
    }


@dataclass(frozen=True)
class Lessons:
    """One team as it is learned from: heard by a model that never saw it."""

    team: Team
    heard: Mapping[str, Heard]
    background: Background

    @cached_property
    def profiles(self) -> Mapping[Root, Profile]:
        """The profile of each thread."""
        return {
            root: make_profile(root[0], [self.heard[one.said.ts] for one in messages])
            for root, messages in self.team.threads.items()
        }

    @cached_property
    def pairs(self) -> tuple[Floats, Flags]:
        """The features of each two threads, and whether they share a matter."""
        counts = Counter(term for profile in self.profiles.values() for term in profile.whole)
        rarity = Rarity(self.background).among(len(self.profiles), counts)
        settled = Counter(profile.settler for profile in self.profiles.values())
        people, found = People(settled, len(self.profiles)), self.team.matters
        rows, same = [], []
        for (root_a, a), (root_b, b) in combinations(self.profiles.items(), 2):
            rows.append([*features(b, a, rarity, people), *semantic_features(b, a)])
            same.append(root_a in found and found[root_a] == found.get(root_b))
        return np.array(rows), np.array(same)

    def _place(self, models: Models, join: float) -> Iterator[tuple[Root, History[Root]]]:
        """Group the threads one after the other."""
        history: History[Root] = History()
        placer = Placer(threads=history, rarity=Rarity(self.background), models=models, join=join)
        for root, profile in self.profiles.items():
            if profile.messages > 1 or 1 - profile.opening_work < SMALL_TALK:
                placer.place(root, profile)
                yield root, history

    def describe_asking(self, models: Models, join: float) -> Rows:
        """Return the features of each group as it grows, and whether asking about it was right."""
        return describe(self.team, self.heard, self._grow(models, join))

    def _grow(self, models: Models, join: float) -> Iterator[Growth]:
        for root, history in self._place(models, join):
            group = history.groups([root]).get(root)
            if group is not None:
                roots = [*(each for each in history.members([group])[group] if each != root), root]
                yield roots, likelihoods_among(roots, history.links(roots))

    def describe_groups(self, models: Models, join: float) -> tuple[Floats, Flags]:
        """Return the features of each group, and whether most of it is one matter."""
        *_, (_, history) = self._place(models, join)
        rows, right = [], []
        for group in history.all_groups.values():
            occurrences = [
                Occurrence(
                    messages=tuple(self.heard[one.said.ts] for one in self.team.threads[root])
                )
                for root in group
            ]
            links = likelihoods_among(group, history.links(group))
            rows.append(matter_features(occurrences, links))
            votes = Counter(filter(None, map(self.team.matters.get, group)))
            most = max(votes.values(), default=0)
            right.append(most > 1 and 2 * most > len(group))
        return np.array(rows), np.array(right)


def fit(names: Sequence[str], inputs: Floats, true: Flags, c: float) -> Weights:
    """Return a logistic regression over raw features, in the shape of `models.json`."""
    scaler = StandardScaler().fit(inputs)
    model = LogisticRegression(C=c, max_iter=3000).fit(scaler.transform(inputs), true)
    weights = model.coef_[0] / scaler.scale_
    offset = float(model.intercept_[0] - (weights * scaler.mean_).sum())
    rounded = {name: round(float(weight), 4) for name, weight in zip(names, weights, strict=True)}
    return {"offset": round(offset, 4), "weights": rounded}


def train_without(lesson: Lesson, teams: Iterable[str]) -> dict[str, Model]:
    """Return for each team a model of recognition that never saw it."""
    models = {}
    for name in teams:
        rows = np.flatnonzero(lesson.teams != name)
        rest = Lesson([lesson.messages[at] for at in rows], lesson.inputs[rows], lesson.teams[rows])
        models[name] = train_recognition(rest)
    return models


def prepare(
    recognizers: Mapping[str, Model], embedder: Embedder | None, rust: Path | None = None
) -> dict[str, Lessons]:
    """Return what is learned from each team. `recognizers`: for each, a model that never saw it."""
    teams = {name: read_team(name, rust) for name in recognizers}
    lessons = {}
    for name, team in teams.items():
        with recognizing(recognizers[name]):
            heard = hear_team(team, embedder)
        others = [read for read in teams.values() if read is not team and read.name != RUST]
        lessons[name] = Lessons(team, heard, make_background(others))
    return lessons


@dataclass(frozen=True)
class Trainer:
    """Trains on the operations teams, with meaning or without; asking also on real chat."""

    lessons: Mapping[str, Lessons]
    by_meaning: bool

    def train(self, without: str = "") -> dict[str, Weights]:
        """Return the models of likeness and of matters, trained without a team."""
        ending = "_semantic" if self.by_meaning else ""
        taught = [self.lessons[name] for name in OPS_TEAMS if name != without]
        join = JOIN_BY_MEANING if self.by_meaning else JOIN
        groups, asking = [], []
        for lesson in taught:
            others = [other for other in taught if other is not lesson]
            models = parse_models(json.dumps({f"likeness{ending}": self._fit_likeness(others)}))
            groups.append(lesson.describe_groups(models, join))
            asking.append((lesson.team.name, lesson.describe_asking(models, join)))
        likeness = {f"likeness{ending}": self._fit_likeness(taught)}
        for name in sorted({NCAR, RUST} & self.lessons.keys() - {without}):
            models = parse_models(json.dumps(likeness))
            asking.append((name, self.lessons[name].describe_asking(models, join)))
        inputs = np.vstack([rows for rows, _ in groups])
        right = np.concatenate([right for _, right in groups])
        return {
            **likeness,
            f"asking{ending}": fit_asking(asking),
            f"matter{ending}": fit(matters.FEATURES, inputs, right, MATTER_C),
        }

    def _fit_likeness(self, lessons: Sequence[Lessons]) -> Weights:
        inputs = np.vstack([lesson.pairs[0] for lesson in lessons])
        true = np.concatenate([lesson.pairs[1] for lesson in lessons])
        names = SEMANTIC_FEATURES if self.by_meaning else FEATURES
        return fit(names, inputs[:, : len(names)], true, LIKENESS_C)


def taught_by(rust: Path | None) -> Sequence[str]:
    """Return the names of all teams, with the Rust project if there is its file."""
    return ALL_TEAMS if rust is None else (*ALL_TEAMS, RUST)


def main(rust: Path | None) -> None:
    """Train on all teams, and write the shipped files."""
    from bot.embedding import load_embedder  # noqa: PLC0415 - only training needs the extra

    folder = Path(listening.__file__).parent
    recognizers = train_without(Lesson.prepare(rust), taught_by(rust))
    weights: dict[str, Weights] = {}
    for embedder in (None, load_embedder()):
        lessons = prepare(recognizers, embedder, rust)
        weights |= Trainer(lessons, by_meaning=embedder is not None).train()
    (folder / MODELS).write_text(json.dumps(weights, indent=1) + "\n", encoding="utf-8")
    background = make_background(read_team(name) for name in ALL_TEAMS)
    (folder / BACKGROUND).write_bytes(background.to_bytes())


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else None)
