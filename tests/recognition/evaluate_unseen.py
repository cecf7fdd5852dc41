"""Judge what ships on teams that nothing was trained or tuned on.

`python -m tests.recognition.evaluate_unseen` prints the figures of each team, without and with
sentence embeddings. Choose nothing by them: they tell what to expect elsewhere.
"""

import sys
from collections.abc import Iterator

import numpy as np

from bot.domain import ranking_weights
from bot.domain.embedding import Embedder
from bot.domain.listening import coverage
from bot.domain.listening.drafts import draft_entry
from bot.domain.listening.listener import Listener
from bot.domain.recognition import Reading, read
from bot.embedding import load_embedder
from tests.recognition import evaluate_coverage, evaluate_listening, evaluate_search
from tests.recognition.acts import ACTS, average_precision, recall_of_rules
from tests.recognition.evaluate_listening import Heard
from tests.recognition.labeled import UNSEEN_TEAMS, Labeled
from tests.recognition.matters import load_matters
from tests.recognition.searches import load
from tests.recognition.teams import Team, read_team
from tests.recognition.thread_evidence import HeardThreads
from tests.recognition.train_ranking import read_samples


def main() -> None:
    """Print all figures."""
    for team in map(read_team, UNSEEN_TEAMS):
        sys.stdout.writelines(f"{line}\n" for line in (*_judge_acts(team), *_judge_drafts(team)))
    for embedder in (None, load_embedder()):
        sys.stdout.write(f"\n{'With' if embedder else 'Without'} embeddings\n")
        sys.stdout.writelines(f"{figure}\n" for figure in _judge_all(embedder))


def _read_all(messages: tuple[Labeled, ...]) -> dict[str, Reading]:
    return {one.id: read(one.said, one.before) for one in messages}


def _judge_acts(team: Team) -> Iterator[str]:
    readings = _read_all(team.messages).values()
    weight = np.ones(len(team.messages))
    for act in ACTS:
        holds = np.array([act in one.labels for one in team.messages])
        odds = np.array([reading.scores[act] for reading in readings])  # type: ignore[index] # an act is its name
        yield f"{team.name:9} {act:34} {average_precision(odds, holds, weight):.3f}"
    standing = np.array([one.detail == "standing" for one in team.messages])
    odds = np.array([reading.standing for reading in readings])
    yield f"{team.name:9} {'standing rule':34} {average_precision(odds, standing, weight):.3f}"
    found = recall_of_rules(odds, standing, weight)
    yield f"{team.name:9} {'rules at 1 false alarm in 100':34} {found:.3f}"


def _judge_drafts(team: Team) -> Iterator[str]:
    readings = _read_all(team.messages)
    rules, owners, titles = [], [], []
    for matter in load_matters(team.name):
        of_threads = [[readings[said.ts] for said in c.messages] for c in matter.conversations]
        draft = draft_entry(matter.conversations, of_threads)
        rules.append(
            any(said.ts in matter.rules for part in draft.sources["rule"] for said in part)
        )
        owners.append(draft.owner == matter.holder)
        titles.append(matter.match_title(draft.title))
    for name, values in (("rule", rules), ("owner", owners), ("title term F1", titles)):
        yield f"{team.name:9} {'draft: ' + name:34} {np.mean(values):.3f}"


def _judge_all(embedder: Embedder | None) -> Iterator[object]:
    yield from evaluate_listening.judge([_hear(name, embedder) for name in UNSEEN_TEAMS])
    of_entries = coverage.WITH_PASSAGES if embedder else coverage.WORDS_ONLY
    threads = {name: evaluate_coverage.read_threads(name, embedder) for name in UNSEEN_TEAMS}
    yield from evaluate_coverage.judge(
        threads, dict.fromkeys(UNSEEN_TEAMS, (of_entries, coverage.OF_MESSAGES))
    )
    searches = {
        name: list(read_samples(load(name), embedder, HeardThreads(threads[name], of_entries)))
        for name in UNSEEN_TEAMS
    }
    yield from evaluate_search.judge(
        searches,
        dict.fromkeys(
            UNSEEN_TEAMS,
            (ranking_weights.WITH_PASSAGES, ranking_weights.CUT_BY_PASSAGES)
            if embedder
            else (ranking_weights.WORDS_ONLY, ranking_weights.CUT_BY_WORDS),
        ),
    )


def _hear(name: str, embedder: Embedder | None) -> Heard:
    team = read_team(name)
    listener = Listener(names=team.names, entries=load(name).texts, embedder=embedder)
    for message in team.messages:
        listener.hear(message.said)
    listener.finish()
    return Heard(team=team, listener=listener, seconds=0.0)


if __name__ == "__main__":
    main()
