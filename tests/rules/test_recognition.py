"""Speech acts: clear ones are recognized, small talk isn't, and no text raises an error."""

import json
import subprocess
import sys
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from importlib.resources import files
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain import recognition
from bot.domain.entries import ChannelId, UserId
from bot.domain.listening.conversation import Said
from bot.domain.recognition import Reading, SpeechAct, floor, read
from bot.domain.recognition.cues import CUES, patterns
from bot.domain.recognition.features import CUES_AT, RUNS_AT, features
from bot.domain.recognition.layout import COLUMNS
from bot.domain.recognition.model import LINES, WEIGHTS, Line, Model, shipped, signature
from bot.domain.recognition.tokens import VOCABULARY, encoded, tokens

MESSAGES = Path(__file__).parents[1] / "recognition" / "messages.jsonl"
RAW = files(recognition).joinpath(WEIGHTS).read_bytes()


def say(user: str, text: str, before: Sequence[Said] = (), minutes: int = 2) -> Said:
    at = before[-1].at + timedelta(minutes=minutes) if before else datetime(2026, 3, 2, tzinfo=UTC)
    ts = str(at.timestamp())
    return Said(
        channel=ChannelId("C1"),
        ts=ts,
        root=before[0].ts if before else ts,
        user=UserId(user),
        text=text,
        at=at,
    )


def read_reply(text: str) -> Reading:
    """Return what a text does as the first answer to a report."""
    report = say("ana", "the mail queue is full again")
    return read(say("ben", text, [report]), [report])


@pytest.mark.parametrize(
    ("text", "act"),
    [
        ("ok, then let's roll it back", SpeechAct.DECISION),
        ("We decided to keep the old certificate until May.", SpeechAct.DECISION),
        ("from now on nobody restarts the queue by hand", SpeechAct.DECISION),
        ("cc @lena, the primary does not accept writes", SpeechAct.ESCALATION),
        ("can someone restart the license server?", SpeechAct.ESCALATION),
        ("escalating this to @infra-oncall", SpeechAct.ESCALATION),
        ("@felix can you take over from here? I have to leave", SpeechAct.HANDOFF),
        ("your turn to run the meeting this week", SpeechAct.HANDOFF),
        ("over to you @pavel, I'm off", SpeechAct.HANDOFF),
        ("where is the runbook for the certificate renewal?", SpeechAct.QUESTION),
        ("what's the process for asking for a new DNS name?", SpeechAct.QUESTION),
        ("is there a way to see which jobs are waiting?", SpeechAct.QUESTION),
    ],
)
def test_a_clear_speech_act_is_recognized(text: str, act: SpeechAct) -> None:
    assert read_reply(text).act is act


@pytest.mark.parametrize(
    "text",
    [
        "",
        "   ",
        "thanks!",
        "lol",
        ":tada:",
        "back online, the switch just needed a reboot",
        "maybe we should move the alerts to another channel?",
        "ok, let's start the meeting",
        "@ops-team meeting in five minutes",
        "which version did you test with?",
        "```can someone restart it?```",
        "> let's roll it back",
        "https://git.example.com/ops/infra/pull/88",
    ],
)
def test_small_talk_is_not_a_speech_act(text: str) -> None:
    assert read_reply(text).act is SpeechAct.NONE


def test_most_of_our_messages_are_recognized_and_few_wrongly() -> None:
    rows = [json.loads(line) for line in MESSAGES.read_text(encoding="utf-8").splitlines()]
    seen = [(read_reply(row["text"]).act, [row["label"], *row.get("also", [])]) for row in rows]
    asked = [(act, labels) for act, labels in seen if act is not SpeechAct.NONE]
    wrong = [pair for pair in asked if pair[0].value not in pair[1]]
    missed = [labels for act, labels in seen if act is SpeechAct.NONE and labels[0] != "none"]

    assert len(wrong) <= len(asked) * 0.1
    assert len(missed) <= len(rows) * 0.15


@given(st.text(max_size=2000))
def test_any_text_gets_a_speech_act_and_a_score(text: str) -> None:
    found = read_reply(text)

    assert 0 <= found.score <= 1
    assert found.act is SpeechAct.NONE or found.score >= floor(found.act)


@given(st.lists(st.sampled_from(VOCABULARY), max_size=60).map(" ".join))
def test_the_same_text_always_gets_the_same_result(text: str) -> None:
    assert read_reply(text) == read_reply(text)
    assert all(0 <= column < COLUMNS for column in features(text))


@pytest.mark.parametrize(
    "text",
    [
        "can you " * 5000,
        "`" * 40_000,
        "@" * 40_000,
        "a-" * 20_000,
        "\u05d4\u05d0\u05dd \u05d0\u05e4\u05e9\u05e8 " * 4000,
        "\U0001f525" * 40_000,
        "```\nlet's stop",
        "\x00\ud800",
    ],
)
def test_a_huge_or_odd_text_raises_no_error(text: str) -> None:
    assert read_reply(text) == read_reply(text)
    assert len(tokens(text)) <= 701


def test_a_speech_act_at_the_end_of_a_long_message_is_recognized() -> None:
    story = "The load went up and the box fell over. " * 100

    assert read_reply(story).act is SpeechAct.NONE
    assert read_reply(story + "cc @lena").act is SpeechAct.ESCALATION


def test_a_process_with_another_hash_seed_gets_the_same_result() -> None:
    text = "can someone restart the queue? cc @lena"
    script = (
        "import sys; from tests.rules.test_recognition import read_reply;"
        "print(repr(read_reply(sys.argv[1])))"
    )
    elsewhere = {
        subprocess.run(  # noqa: S603 - our own interpreter and script
            [sys.executable, "-c", script, text],
            env={"PYTHONHASHSEED": seed},
            cwd=Path(__file__).parents[2],
            capture_output=True,
            text=True,
            check=True,
        ).stdout.strip()
        for seed in ("1", "2")
    }

    assert elsewhere == {repr(read_reply(text))}


def test_the_weights_match_the_cues_and_words() -> None:
    """If you change a cue or a word, train again: docs/recognition.md."""
    assert shipped().trained_on == signature()


def test_the_weights_are_numbers_only() -> None:
    """The file has a header, and lines with a byte per column, so it can't contain words."""
    assert len(RAW) == 8 + len(LINES) * (8 + COLUMNS)
    assert shipped().to_bytes() == RAW


@given(st.lists(st.floats(-9, 9), min_size=1, max_size=5), st.floats(-9, 9))
def test_weights_are_read_from_the_file_within_a_step(some: list[float], offset: float) -> None:
    weights = (some * COLUMNS)[:COLUMNS]
    line = Line.of(weights, offset)
    (read,) = Model.from_bytes(Model(7, (line,)).to_bytes()).lines

    assert read.weights == line.weights
    assert all(
        abs(w - line.step * n) <= line.step for w, n in zip(weights, line.weights, strict=True)
    )


@pytest.mark.parametrize(
    ("cue", "text"),
    [
        ("cc", "looks broken, cc @lena"),
        ("let us", "yes, let's revert"),
        ("agenda", "let's start the meeting"),
        ("your turn", "I think it's your turn"),
        ("who owns", "who owns the billing jobs?"),
    ],
)
def test_a_cue_matches_its_phrase(cue: str, text: str) -> None:
    column = CUES_AT + list(CUES).index(cue)

    assert column in features(text)
    assert column not in features("the backup ran for six hours")


@pytest.mark.parametrize(
    ("text", "seen"),
    [
        ("lena: see `can you` ok", ["@p", "see", "code", "ok"]),
        ("https://git.example.com/a`b:\n> can you\nwhy?", ["url", ".", ".", "why", "?"]),
        ("ok```\nlet's stop", ["ok", "code"]),
        ("@here, @infra-team and @lena:  p0!", ["@all", "@t", "and", "@p", "wrong", "."]),
        ("yes/no :tada: #ops 3.5% and/or it\u2019s", ["w", "#c", "0", "w", "it's"]),
    ],
)
def test_a_text_is_reduced_to_known_words_and_kinds(text: str, seen: list[str]) -> None:
    assert tokens(text) == seen


@given(st.lists(st.sampled_from(VOCABULARY), max_size=60).map(" ".join))
def test_a_cue_is_tried_wherever_it_may_match(text: str) -> None:
    """Only cues whose rarest part is in the text are tried. That must not miss one."""
    codes = encoded(text)
    cues = {at for at, pattern in enumerate(patterns(), CUES_AT) if pattern.search(codes)}

    assert {column for column in features(text) if CUES_AT <= column < RUNS_AT} == cues


def test_an_answer_settles_a_thread_and_the_same_words_of_the_asker_do_less() -> None:
    question = say("ana", "the mail queue is stuck again, what do we do?")
    text = "restart the relay and tell the vendor if it comes back"

    answer = read(say("ben", text, [question]), [question])
    same = read(say("ana", text, [question]), [question])

    assert answer.settles > same.settles
    assert answer.scores[SpeechAct.DECISION] > same.scores[SpeechAct.DECISION]
    assert read(question, []).scores[SpeechAct.QUESTION] > 0.5


def test_a_standing_rule_is_told_from_a_report() -> None:
    question = say("ana", "may I restart the relay?")
    rule = say("ben", "From now on nobody restarts the relay without a ticket.", [question])
    report = say("ben", "the relay restarted at 14:20 and is fine", [question])

    assert read(rule, [question]).standing > 0.5 > read(report, [question]).standing


@pytest.mark.parametrize(
    "text",
    ["thanks!", "that did it, ty", ":white_check_mark:", "works now", "sorted", "all green again"],
)
def test_a_closing_remark_is_recognized(text: str) -> None:
    assert read(say("ana", text), []).closes


@pytest.mark.parametrize(
    "text",
    [
        "thanks, but it still fails",
        "it works for me, does it for you?",
        "could you take a look? thanks",
        "restart the relay",
        "",
    ],
)
def test_a_request_with_thanks_closes_nothing(text: str) -> None:
    assert not read(say("ana", text), []).closes


def test_a_long_thread_costs_no_more_than_a_short_one() -> None:
    thread = [say("ana", "the relay is slow")]
    for count in range(500):
        thread.append(say("ben" if count % 2 else "ana", f"try {count}", thread))

    assert read(say("ana", "thanks", thread), thread) == read(
        say("ana", "thanks", thread), thread[-60:]
    )


@pytest.mark.parametrize(
    "text",
    [
        "From now on nobody restarts the queue by hand",
        "Rule of thumb: anything over 4 hours gets a ticket",
        "going forward, refunds above 200 need a second pair of eyes",
        "we always drain the node before a reboot",
    ],
)
def test_a_rule_stated_outright_is_a_decision(text: str) -> None:
    reading = read(say("ana", text), [])

    assert reading.act is SpeechAct.DECISION
    assert reading.standing > 0.4


@pytest.mark.parametrize(
    "text",
    [
        "is there a rule for how long we keep logs?",
        "maybe from now on we could meet at nine?",
        "the policy of the insurance arrived",
        "I never saw that error before",
    ],
)
def test_words_of_a_rule_are_not_yet_a_rule(text: str) -> None:
    assert read(say("ana", text), []).standing < 0.3
