"""Readings of messages, by models that never saw their team."""

from collections.abc import Mapping
from pathlib import Path

from bot.domain.recognition import Reading, read
from bot.domain.recognition.model import Model
from tests.recognition.labeled import load_team
from tests.recognition.lesson import Lesson
from tests.recognition.teams import ALL_TEAMS
from tests.recognition.train_listening import recognizing, train_without


def read_left_out(recognizers: Mapping[str, Model]) -> dict[str, Reading]:
    """Return the reading of each message, by its id. `recognizers`: for each team, its model."""
    readings: dict[str, Reading] = {}
    for team, model in recognizers.items():
        with recognizing(model):
            for message in load_team(team):
                readings[message.said.ts] = read(message.said, message.before)
    return readings


def train_recognizers(rust: Path | None) -> dict[str, Model]:
    """Return for each team a model of recognition that never saw it."""
    return train_without(Lesson.prepare(rust), ALL_TEAMS)
