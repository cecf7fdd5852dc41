"""`/lore help`: the short help, and the commands of each topic."""

import pytest

from bot.listeners.commands import COMMANDS
from bot.slack.text.help import TOPICS, find_topic
from tests.support.ops import Ops


def ask_help(ops: Ops, words: str = "") -> str:
    """Return what `/lore help` answers."""
    return ops.ana.slash(ops.ops, f"/lore help {words}".strip()).words()


def test_the_short_help_has_a_line_for_each_topic_and_two_buttons(ops: Ops) -> None:
    for typed in ("/lore", "/lore help"):
        answer = ops.ana.slash(ops.ops, typed)
        lines = [line for line in answer.words().splitlines() if "(help " in line]
        assert [line.split("(help ")[1] for line in lines] == [f"{each.name})" for each in TOPICS]
        assert len(lines) == 6
        assert answer.buttons() == ["Record a decision", "Gaps"]


def test_a_topic_explains_its_commands(ops: Ops) -> None:
    words = ask_help(ops, "owners")

    assert "Owners" in words
    assert "/lore transfer @from @to  pass on everything that one person owns" in words


@pytest.mark.parametrize(
    ("typed", "topic"),
    [
        ("entries", "find"),
        ("restore", "change"),
        ("/lore digest", "channel"),
        ("Approval", "review"),
    ],
)
def test_a_command_or_another_word_finds_its_topic(ops: Ops, typed: str, topic: str) -> None:
    assert ask_help(ops, typed) == ask_help(ops, topic)


def test_an_unknown_topic_is_answered_with_the_topics(ops: Ops) -> None:
    words = ask_help(ops, "pizza")

    assert "“pizza” isn't a help topic." in words
    for topic in TOPICS:
        assert f"/lore help {topic.name}" in words


def test_every_command_is_explained_in_one_topic() -> None:
    explained = [
        usage.split(" ")[0] for topic in TOPICS for usage, _ in topic.commands if usage != "WORDS"
    ]
    # `find` has the line of WORDS, `digest` has two, and `handover` is the old name of `transfer`.
    expected = {*COMMANDS} - {"help", "find", "handover"}

    assert set(explained) == expected
    assert len(explained) == len(expected) + 1
    for command in expected | {"find"}:
        assert find_topic(command) is not None


def test_each_word_leads_to_one_topic() -> None:
    words = [word for topic in TOPICS for word in (topic.name, *topic.also)]

    assert len(words) == len(set(words))
