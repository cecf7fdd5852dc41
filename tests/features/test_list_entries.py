"""`/lore list`: all entries, or those of a kind, state, owner or channel, page by page."""

import pytest

from bot.domain.approval import ApprovalPolicy
from sandbox.persons import PersonDriver
from sandbox.seen import Channel
from tests.support.accounts import deactivated
from tests.support.ops import Ops


def lines(ops: Ops, person: PersonDriver, words: str, channel: Channel | None = None) -> list[str]:
    """Return the lines of the answer, without marks of bold."""
    answer = person.slash(channel or ops.ops, f"/lore list {words}".strip())
    return answer.words().replace("*", "").splitlines()


def titles(ops: Ops, person: PersonDriver, words: str, channel: Channel | None = None) -> list[str]:
    """Return the titles of the listed entries."""
    listed = lines(ops, person, words, channel)
    return [line.partition("  ")[2] for line in listed if line[:4] in ("DEC-", "HND-", "ESC-")]


def record_handoff(ops: Ops, person: PersonDriver, title: str) -> None:
    view = person.slash(ops.ops, "/lore record handoff").view
    assert view is not None
    view.fill({"Title": title, "What must be passed on?": "The open alerts"})
    assert view.submit() == {}
    ops.drain()


@pytest.fixture
def recorded(ops: Ops) -> None:
    ops.record(ops.ana, "Freeze deploys")
    ops.record(ops.ben, "Roll back")
    record_handoff(ops, ops.ben, "Night shift")


@pytest.mark.usefixtures("recorded")
def test_a_line_has_the_key_title_state_owner_channel_and_uses(ops: Ops) -> None:
    ops.ben.slash(ops.ops, "/lore use DEC-1")
    ops.ben.slash(ops.ops, "/lore use DEC-1")

    answer = lines(ops, ops.ben, "")

    assert answer[0] == "3 entries"
    assert answer[1] == "DEC-1  Freeze deploys"
    assert answer[2].startswith("in force, never certified · owner ana · ")
    assert answer[2].endswith("ops · used 2 times")
    assert "never used" in "\n".join(answer)


@pytest.mark.usefixtures("recorded")
@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("all", ["Freeze deploys", "Roll back", "Night shift"]),
        ("mine", ["Roll back", "Night shift"]),
        ("decisions", ["Freeze deploys", "Roll back"]),
        ("Handoffs mine", ["Night shift"]),
        ("decision, mine", ["Roll back"]),
        ("decisions and handoffs", ["Freeze deploys", "Roll back", "Night shift"]),
        ("@ana", ["Freeze deploys"]),
        ("#ops mine decisions", ["Roll back"]),
        ("this", ["Freeze deploys", "Roll back", "Night shift"]),
        ("escalations", []),
    ],
)
def test_words_narrow_the_list_in_any_order(ops: Ops, words: str, expected: list[str]) -> None:
    words = words.replace("@ana", f"<@{ops.ana.id}>").replace("#ops", f"<#{ops.ops.id}|ops>")

    assert titles(ops, ops.ben, words) == expected


@pytest.mark.usefixtures("recorded")
def test_states_are_listed_as_the_cards_name_them(ops: Ops) -> None:
    ops.review(ApprovalPolicy())
    ops.draft(ops.ana, "Page the vendor")
    ops.review(ApprovalPolicy(on=False))
    ops.retire(ops.ana, ops.ana.slash(ops.ops, "/lore show DEC-2").message or "")
    ops.ana.press("Still accurate", ops.ana.slash(ops.ops, "/lore show DEC-1").message or "")
    ops.drain()

    assert titles(ops, ops.ben, "drafts") == ["Page the vendor"]
    assert titles(ops, ops.ben, "retired") == ["Roll back"]
    assert titles(ops, ops.ben, "never certified") == ["Night shift"]
    assert titles(ops, ops.ben, "due") == []
    assert titles(ops, ops.ben, "") == ["Freeze deploys", "Page the vendor", "Night shift"]
    assert len(titles(ops, ops.ben, "all")) == 4

    ops.later(days=90, minutes=5)

    assert titles(ops, ops.ben, "due") == ["Freeze deploys", "Night shift"]
    assert titles(ops, ops.ben, "overdue") == []

    ops.later(days=1)

    assert titles(ops, ops.ben, "overdue mine") == ["Night shift"]
    assert "overdue 1 day" in "\n".join(lines(ops, ops.ben, "overdue decisions"))
    assert titles(ops, ops.ben, "overdue retired decisions") == ["Freeze deploys", "Roll back"]


@pytest.mark.usefixtures("recorded")
def test_an_entry_that_is_due_at_once_is_listed_as_due(ops: Ops) -> None:
    deactivated(ops, ops.ana)

    assert titles(ops, ops.ben, "due") == ["Freeze deploys"]


@pytest.mark.usefixtures("recorded")
def test_an_unknown_word_is_answered_with_the_words_that_work(ops: Ops) -> None:
    [answer] = lines(ops, ops.ben, "decisoins mine")

    assert "“decisoins” isn't a filter of /lore list. Did you mean decisions?" in answer
    assert "never certified" in answer
    assert "/lore find decisoins mine" in answer


def test_a_name_that_slack_does_not_know_is_answered_with_what_to_do(ops: Ops) -> None:
    assert "Slack doesn't know the channel “#nowhere”" in lines(ops, ops.ben, "#nowhere")[0]
    assert "“@nobody” isn't a person." in lines(ops, ops.ben, "@nobody")[0]


def test_nothing_found_says_what_was_looked_for(ops: Ops) -> None:
    assert "/lore record records the first one" in lines(ops, ops.ben, "")[0]

    ops.record(ops.ana, "Freeze deploys")

    answer = lines(ops, ops.ben, f"handoffs overdue mine <#{ops.ops.id}|ops>")
    assert answer[0].startswith("No handoffs · overdue · owned by ben · in ")
    assert "/lore list" in answer[1]


def test_pages_are_turned_in_place(ops: Ops) -> None:
    for number in range(23):
        ops.record(ops.ana, f"Rule {number + 1}")
    pages = []

    shown = ops.ben.slash(ops.ops, "/lore list decisions").message
    assert shown is not None
    assert shown.buttons()[-1] == "Next"
    for label in ("Next", "Next", "Back", "Back"):
        ops.ben.press(label, shown)
        shown = ops.ben.ephemerals(ops.ops)[-1]
        words = shown.words().replace("*", "").splitlines()
        assert words[0] == "23 decisions"
        pages.append([line.partition("  ")[0] for line in words if line.startswith("DEC-")])

    assert [page[0] for page in pages] == ["DEC-11", "DEC-21", "DEC-11", "DEC-1"]
    assert [len(page) for page in pages] == [10, 3, 10, 10]
    assert len(ops.ben.ephemerals(ops.ops)) == 1


def test_a_page_that_no_longer_exists_shows_the_one_before(ops: Ops) -> None:
    for number in range(11):
        ops.record(ops.ana, f"Rule {number + 1}")
    shown = ops.ben.slash(ops.ops, "/lore list").message
    assert shown is not None
    ops.retire(ops.ana, ops.ana.slash(ops.ops, "/lore show DEC-11").message or "")

    ops.ben.press("Next", shown)

    words = ops.ben.ephemerals(ops.ops)[-1].words()
    assert "DEC-1  Rule 1" in words.replace("*", "")
    assert "DEC-11" not in words


def test_an_entry_of_a_private_channel_is_listed_to_its_members_only(ops: Ops) -> None:
    secret = ops.driver.channel("payroll", members=[ops.ana, ops.cleo], private=True)
    ops.driver.invite_bot(secret, by=ops.ana)
    ops.drain()
    ops.record(ops.ana, "Restart the gateway", channel=secret)

    assert titles(ops, ops.cleo, "") == ["Restart the gateway"]
    assert titles(ops, ops.cleo, "this", secret) == ["Restart the gateway"]
    for words in ("", f"<@{ops.ana.id}>", f"<#{secret.id}|payroll>", "all", "decisions"):
        assert titles(ops, ops.ben, words) == []
    assert "no entries" in lines(ops, ops.ben, "")[0]


def test_a_guest_is_listed_the_entries_of_their_channels(ops: Ops) -> None:
    gil = ops.driver.person("gil", guest=True)
    lobby = ops.driver.channel("lobby", members=[ops.ana, gil])
    ops.driver.invite_bot(lobby, by=ops.ana)
    ops.drain()
    ops.record(ops.ana, "Freeze deploys")
    ops.record(ops.ana, "Greet visitors", channel=lobby)

    assert titles(ops, gil, "", lobby) == ["Greet visitors"]


def test_this_needs_a_channel(ops: Ops) -> None:
    direct = ops.driver.do("page.direct", user=ops.ben.id)

    answer = ops.ben.slash(direct, "/lore list this").words()

    assert "This works in channels, not in direct messages." in answer
