"""Drafts of entries: their words, cut and cleaned, each with the message it is from."""

import pytest

from bot.domain.kinds import Kind
from bot.domain.listening.clauses import clean_text
from bot.domain.listening.drafts import EntryDraft, draft_entry
from bot.domain.listening.levels import find_levels, last_resort
from bot.domain.listening.titles import make_title
from bot.domain.recognition import SpeechAct
from tests.support.conversations import PEOPLE, reading, thread

ASKS, TALKS = reading(SpeechAct.QUESTION), reading()
DECIDES = reading(SpeechAct.DECISION, settles=0.7)
RULES = reading(SpeechAct.DECISION, standing=0.9, settles=0.9)
CALLS = reading(SpeechAct.ESCALATION)
EXPORT = (
    thread(
        1,
        "ana: hi @rik, sorry, the nightly export hangs at 61%, is that expected?",
        "rik: no. cancel the backend, `exportctl resume --from last`. always resume. thanks!",
        "ana: thank you",
    ),
    thread(
        8, "ben: Good morning all! The nightly export hangs again", "rik: I'll cancel and resume"
    ),
)


def export_draft() -> EntryDraft:
    return draft_entry(EXPORT, [[ASKS, RULES, TALKS], [TALKS, DECIDES]])


def test_the_rule_is_the_answer_without_thanks() -> None:
    assert (
        export_draft().rule
        == "no. cancel the backend, `exportctl resume --from last`. always resume."
    )


def test_the_owner_is_the_person_who_settles_it() -> None:
    assert export_draft().owner == "rik"


def test_the_trigger_is_what_was_said_when_it_came_up() -> None:
    assert export_draft().trigger.splitlines() == [
        "the nightly export hangs at 61%, is that expected?",
        "The nightly export hangs again",
    ]


def test_the_title_names_the_matter() -> None:
    assert export_draft().title == "Nightly export hangs"


def test_each_line_says_which_message_it_is_from() -> None:
    draft = export_draft()

    assert [[said.ts for said in sources] for sources in draft.sources["rule"]] == [["1.1"]]
    assert [[said.ts for said in sources] for sources in draft.sources["trigger"]] == [
        ["1.0"],
        ["8.0"],
    ]


def test_the_evidence_is_each_opening_and_its_answer() -> None:
    assert [said.ts for said in export_draft().evidence] == ["1.0", "1.1", "8.0", "8.1"]


def test_lists_and_commands_stay_as_they_are() -> None:
    steps = "1. stop the worker\n2. `make drain`\n   wait for zero\n```\nexportctl resume\n```"
    draft = draft_entry([thread(1, "ana: it hangs", f"rik: ok so\n{steps}")], [[TALKS, RULES]])

    assert draft.rule == steps


def test_a_thread_without_an_answer_gives_no_rule_and_no_owner() -> None:
    draft = draft_entry([thread(1, "ana: is the export stuck?", "ben: ok")], [[ASKS, TALKS]])

    assert (draft.rule, draft.owner) == ("", None)


def test_levels_are_the_people_who_were_pulled_in_one_after_the_other() -> None:
    conversation = thread(
        1, "ana: @ben the queue is full", "ana: no answer in 15 minutes, @rik can you look?"
    )
    draft = draft_entry([conversation], [[CALLS, CALLS]], Kind.ESCALATION)

    assert [level.users for level in draft.levels] == [("ben",), ("rik",)]
    assert [[said.ts for said in sources] for sources in draft.sources["levels"]] == [
        ["1.0"],
        ["1.1"],
    ]


def test_a_stated_wait_belongs_to_the_person_before_it() -> None:
    conversation = thread(1, "ana: page @ben and after 15 minutes @rik, give him an hour")

    levels = find_levels(conversation.messages, [True])

    assert [(level.users, level.wait) for level in levels] == [(("ben",), 15), (("rik",), 60)]


@pytest.mark.parametrize("text", ["@ben @rik it hangs", "page @ben or @rik", "@ben, @rik: look?"])
def test_people_who_are_told_at_once_are_one_level(text: str) -> None:
    [level] = find_levels(thread(1, f"ana: {text}").messages, [True])

    assert level.users == ("ben", "rik")


def test_a_person_who_is_only_informed_or_thanked_is_no_level() -> None:
    conversation = thread(1, "ana: the queue is full", "ana: restarted. @ben fyi, thanks @rik")

    assert draft_entry([conversation], [[CALLS, TALKS]]).levels == ()


def test_a_rule_says_whom_to_notify_in_turn() -> None:
    rule = "page @ben, nothing in 15 minutes, @rik. If that fails, switch to paper."
    conversation = thread(1, "ana: the queue is full", f"cleo: {rule}")
    draft = draft_entry([conversation], [[CALLS, RULES]])

    assert [level.users for level in draft.levels] == [("ben",), ("rik",)]
    assert last_resort(draft.rule, conversation.messages[1:], draft.levels) == (
        "If that fails, switch to paper."
    )


def test_a_rule_that_names_no_level_is_the_last_resort() -> None:
    conversation = thread(1, "ana: @ben the queue is full", "ben: switch to paper. call the vendor")
    draft = draft_entry([conversation], [[CALLS, RULES]])

    assert last_resort(draft.rule, conversation.messages[1:], draft.levels) == draft.rule


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        (
            "rik: we do that because the lock is never freed",
            "we do that because the lock is never freed",
        ),
        ("rik: it hangs since nine", ""),
        ("rik: I'd like a limit, so that it never hangs", ""),
    ],
)
def test_the_reason_is_from_an_answer_that_gives_one(line: str, reason: str) -> None:
    conversation = thread(
        1, "ana: it hangs, because I pressed it?", "rik: cancel and resume, always", line
    )

    assert draft_entry([conversation], [[ASKS, RULES, DECIDES]]).rationale == reason


def test_a_person_who_is_already_there_is_no_level() -> None:
    conversation = thread(1, "ben: the queue is full", "ana: can you look @ben?")

    assert find_levels(conversation.messages, [True, True]) == ()


def test_a_handoff_has_its_parties_and_items() -> None:
    conversation = thread(
        1, "ana: @ben the pager is yours. two pages, both disks. ticket 7 is open"
    )
    draft = draft_entry([conversation], [[reading(SpeechAct.HANDOFF)]])

    assert draft.kind is Kind.HANDOFF
    assert (draft.sender, draft.receivers) == ("ana", ("ben",))
    assert draft.payload == ("the pager is yours.", "two pages, both disks.", "ticket 7 is open")


@pytest.mark.parametrize(
    ("text", "title"),
    [
        ("Hi all, quick question: does anyone know how to get a license?", "How to get a license"),
        ("hey @ana, ok so the queue hangs", "Queue hangs"),
        ("build 42 is red since 10:30, see https://ci.example/42", "Build 42 is red"),
        (
            "Good morning! Could someone restart the build server please?",
            "Restart the build server",
        ),
        ("pg-01 is down", "pg-01 is down"),
    ],
)
def test_a_title_has_no_greeting_and_no_frame(text: str, title: str) -> None:
    assert make_title([thread(1, f"ben: {text}")])[0] == title


def test_a_title_has_at_most_60_characters() -> None:
    title, _ = make_title([thread(1, f"ben: {'x' * 80} {'y' * 80}")])

    assert len(title) <= 60


@pytest.mark.parametrize(
    ("text", "cleaned"),
    [
        ("Dear Milo, can it still leave today? Thank you!", "can it still leave today?"),
        ("Thanks, that helps.", ""),
        ("hi @rik sry for the hour. the export hangs", "the export hangs"),
        ("good morning to me. builds are red", "builds are red"),
        ("Hi Katie. Yes, there was a cap", "Yes, there was a cap"),
        ("Hi Postwing is down", "Postwing is down"),
        (
            "thanks to the new disks we never prune by hand",
            "thanks to the new disks we never prune by hand",
        ),
    ],
)
def test_courtesies_are_cut(text: str, cleaned: str) -> None:
    assert clean_text(text, PEOPLE) == cleaned
