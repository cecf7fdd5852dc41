"""With embeddings, an entry covers a thread that says the same in other words."""

from collections.abc import Sequence
from dataclasses import replace

import pytest

from bot.domain.embedding import Embedding
from bot.embedding.cache import EmbeddingCache
from sandbox.persons import PersonDriver
from sandbox.seen import Message
from tests.support.ops import Ops
from tests.support.prompting import prompts

TITLE = "Stolen work device"
RULE = "Lock the device remotely, then change the credentials."
OTHERS = ("Freeze deploys on Fridays", "Order of the release notes", "Rota of the front desk")
ASKS = "Someone took my notebook on the train, what now?"
STOLEN = ("stolen", "took my notebook")
DIRECTIONS = 8


class Meant:
    """Gives all texts about a theft the same direction, and others directions of their own."""

    def embed(self, texts: Sequence[str]) -> list[Embedding]:
        """Return one embedding for each text."""
        return [self._of(text.lower()) for text in texts]

    def _of(self, text: str) -> Embedding:
        place = 0 if any(word in text for word in STOLEN) else 1 + len(text) % (DIRECTIONS - 1)
        return tuple(float(at == place) for at in range(DIRECTIONS))


@pytest.fixture
def understanding(ops: Ops) -> Ops:
    """Return a bot with embeddings."""
    deps = replace(ops.bot.deps, embeddings=EmbeddingCache(Meant()))
    ops.bot = replace(ops.bot, deps=deps)
    return ops


def say(ops: Ops, person: PersonDriver, text: str) -> list[Message]:
    person.say(ops.ops, text)
    ops.drain()
    return prompts(person, ops.ops)


def test_an_entry_in_other_words_is_shown(understanding: Ops) -> None:
    key = understanding.record(understanding.cleo, TITLE, RULE)

    [shown] = say(understanding, understanding.ben, ASKS)
    assert shown.text == f"{key} covers this: {TITLE}"


def test_another_matter_shows_nothing(understanding: Ops) -> None:
    understanding.record(understanding.cleo, TITLE, RULE)

    assert say(understanding, understanding.ben, "The printer on floor two is empty again.") == []


def test_without_embeddings_other_words_show_nothing(ops: Ops) -> None:
    ops.record(ops.cleo, TITLE, RULE)

    assert say(ops, ops.ben, ASKS) == []


def test_meaning_counts_once_all_entries_near_are_embedded(understanding: Ops) -> None:
    """A message embeds three entries at most, so the first one compares only words."""
    ops = understanding
    ops.record(ops.cleo, TITLE, RULE)
    for title in OTHERS:
        ops.record(ops.cleo, title)

    assert say(ops, ops.ben, ASKS) == []
    assert len(say(ops, ops.ana, ASKS)) == 1
