"""Search by words, misspellings and prefixes; private entries are for their members only."""

from dataclasses import dataclass, replace

import pytest

from bot.domain.entries import ChannelId
from bot.usecases.steps.channels import store_channel
from sandbox.forms import View
from sandbox.persons import PersonDriver
from sandbox.seen import Channel
from tests.support.ops import Ops
from tests.support.recording import saved, shortcut

FAILOVER = "Fail over the payments database"
SECRET = "Restart the payroll gateway first"
ASKS = "Payroll gateway fails salary payments again, do we restart it before calling the vendor?"
RULE = "We restart the payroll gateway before calling the vendor about failed salary payments."


@pytest.fixture
def recorded(ops: Ops) -> None:
    ops.record(ops.ana, FAILOVER, "We promote the replica in Frankfurt.")
    ops.record(ops.ana, "Freeze deploys on Fridays", "Nobody deploys after noon.")


def lore(ops: Ops, person: PersonDriver, line: str, channel: Channel | None = None) -> str:
    return person.slash(channel or ops.ops, f"/lore {line}".strip()).words()


@pytest.mark.usefixtures("recorded")
@pytest.mark.parametrize(
    "line",
    [
        "find payments database",
        "payments database",
        "find database payments",
        "find PROMOTE replica",
        "find paymnets databse",
        "find paym data",
        "find DEC-1",
        "find frankfurt",
        "review DEC-1",
        "what about dec-1 now",
    ],
)
def test_words_misspellings_prefixes_and_keys_find_entries(ops: Ops, line: str) -> None:
    answer = ops.ben.slash(ops.ops, f"/lore {line}")

    assert f"DEC-1  {FAILOVER}" in answer.words().replace("*", "")
    assert "Open" in answer.buttons()
    assert answer.messages[0].ephemeral


@pytest.mark.parametrize(
    ("line", "title"),
    [
        ("find rollback checkout", "Roll back checkout on errors"),
        ("find rolback chekcout", "Roll back checkout on errors"),
        ("find failover of checkout", "Roll back checkout on errors"),
        ("find log in", "Forgotten login of the wiki"),
        ("find back up the wiki", "Backup of the wiki"),
    ],
)
def test_a_word_may_be_written_as_two_and_two_as_one(ops: Ops, line: str, title: str) -> None:
    ops.record(ops.ana, "Roll back checkout on errors", "Then fail over to the other region.")
    ops.record(ops.ana, "Backup of the wiki", "It runs at night.")
    ops.record(ops.ana, "Forgotten login of the wiki", "The desk sends a new one.")

    found = lore(ops, ops.ben, line)

    assert found.startswith(("1 entry", "2 entries", "3 entries"))
    assert title in found.partition("in force")[0]


@pytest.mark.usefixtures("recorded")
@pytest.mark.parametrize("line", ["DEC-1", "dec 1", "show dec1", "show DEC-1@1"])
def test_a_key_without_a_command_shows_the_card(ops: Ops, line: str) -> None:
    answer = ops.ben.slash(ops.ops, f"/lore {line}")

    assert FAILOVER in answer.words()
    assert answer.buttons() == ["Use it", "Edit", "History", "Still accurate", "Retire"]


@pytest.mark.usefixtures("recorded")
def test_open_shows_the_card_to_the_person_who_pressed(ops: Ops) -> None:
    found = ops.ben.slash(ops.ops, "/lore find frankfurt").message
    assert found is not None

    ops.ben.press("Open", found)

    assert "We promote the replica" in ops.ben.ephemerals(ops.ops)[-1].words()


def test_a_text_reads_well_on_one_line(ops: Ops) -> None:
    """A card shows code as code and links as links; a search result shows plain text for both."""
    ops.record(ops.ana, "Drain a node", "```drain -a```\nSee https://wiki.example/x?a=1&b=2.")

    card = ops.ben.slash(ops.ops, "/lore DEC-1").message
    assert card is not None
    said = "*What do we do?*\n```drain -a```\nSee <https://wiki.example/x?a=1&amp;b=2>."
    assert said in [block["text"]["text"] for block in card.blocks if block["type"] == "section"]
    assert "drain -a See https://wiki.example" in lore(ops, ops.ben, "find drain")


CODE = "```\n" + "kubectl drain node --now\n" * 60 + "```\nThen tell ops."


def test_code_that_is_cut_on_a_card_is_closed_there(ops: Ops) -> None:
    """Each block is closed by itself, or the text after it would become code too."""
    ops.record(ops.ana, "Drain a node", CODE)
    view = ops.ana.slash(ops.ops, "/lore record escalation Nodes hang").view
    assert view is not None
    saved(ops, view.fill({"What goes wrong?": CODE, "Level 1: tell them": CODE[:1000]}))
    view = ops.ana.slash(ops.ops, "/lore record handoff Nodes").view
    assert view is not None
    saved(ops, view.fill({"What must be passed on?": CODE.replace("\n", " ")}))

    for key, cut in (("DEC-1", 1), ("ESC-1", 2), ("HND-1", 1)):
        card = ops.ben.slash(ops.ops, f"/lore {key}").message
        assert card is not None
        texts = [block["text"]["text"] for block in card.blocks if block["type"] == "section"]
        fenced = [text for text in texts if "```" in text]
        assert [text.count("```") for text in fenced] == [2] * cut
        assert all(text.endswith("…\n```") for text in fenced)
        assert all(len(text) <= 1250 for text in fenced)


@pytest.mark.parametrize(
    ("query", "most"), [("a", 2500 - len("https://wiki.example/?")), ("&", 495)]
)
def test_a_runbook_link_of_any_length_works(ops: Ops, query: str, most: int) -> None:
    address = "https://wiki.example/?" + query * most
    view = ops.ana.slash(ops.ops, "/lore record decision Drain a node").view
    assert view is not None
    view.fill({"What do we do?": "We drain.", "Runbook link": address + query})
    refused = view.submit()["Runbook link"]
    assert "This link is too long for Slack" in refused
    assert "At most 2,500 fit" in refused

    saved(ops, view.fill({"Runbook link": address}))

    card = ops.ben.slash(ops.ops, "/lore DEC-1").message
    assert card is not None
    assert f"<{address.replace('&', '&amp;')}|https://wiki.example/?" in str(card.blocks)


@pytest.mark.usefixtures("recorded")
def test_a_search_without_results_names_the_next_step(ops: Ops) -> None:
    words = lore(ops, ops.ben, "find zeppelin mooring")

    assert "Nothing found for “zeppelin mooring”." in words
    assert "/lore gaps" in words
    assert "/lore record" in words


@pytest.mark.usefixtures("recorded")
def test_a_search_that_nothing_answers_shows_the_nearest_entries(ops: Ops) -> None:
    answer = ops.ben.slash(ops.ops, "/lore find replica of the invoice printer in the cellar")

    assert "Nothing covers “replica of the invoice printer in the cellar”." in answer.words()
    assert FAILOVER in answer.words()
    assert answer.buttons() == ["Open"]


@pytest.mark.usefixtures("recorded")
def test_a_result_names_owner_state_and_channel(ops: Ops) -> None:
    words = lore(ops, ops.ben, "find frankfurt")

    assert "1 entry for “frankfurt”" in words
    assert "in force" in words or "draft" in words
    assert "owner" in words
    assert "#ops" in words


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("fnd zeppelin", "/lore find zeppelin"),
        ("hepl", "/lore help"),
        ("recrod", "/lore record"),
        ("shwo DEC-9", "/lore show DEC-9"),
        ("recrod decision Cats", "/lore record decision Cats"),
        ("digset now", "/lore digest now"),
    ],
)
def test_a_misspelled_command_is_guessed(ops: Ops, typed: str, meant: str) -> None:
    assert f"Did you mean {meant}?" in lore(ops, ops.ben, typed).replace("`", "")


@pytest.mark.parametrize(
    "question",
    [
        "how do we restart the hub",
        "How is a node drained?",
        "are backups kept for a year",
        "who owns the certificates",
        "fine tuning of the scheduler",
        "used disks on the login nodes",
        "owned by nobody",
        "how",
    ],
)
def test_a_question_is_a_search_and_not_a_command(ops: Ops, question: str) -> None:
    words = lore(ops, ops.ben, question)

    assert "Nothing found for" in words
    assert "Did you mean" not in words


def test_a_misspelled_command_before_a_long_text_still_shows_the_next_step(ops: Ops) -> None:
    words = lore(ops, ops.ben, "fnd " + "zeppelin&" * 333)

    assert "Did you mean /lore find zeppelin&zeppelin&" in words
    assert words.endswith("or record it: /lore record.")


@pytest.mark.usefixtures("recorded")
def test_an_unknown_key_lists_similar_ones(ops: Ops) -> None:
    words = lore(ops, ops.ben, "DEC-3")

    assert "There is no DEC-3 that you can see. Did you mean DEC-2" in words


def test_typed_text_is_shown_unchanged_and_notifies_no_one(ops: Ops) -> None:
    answer = ops.ben.slash(ops.ops, "/lore fnd R&D <!channel> @here `x` *b*")

    raw = str(answer.message and answer.message.raw)
    assert "<!" not in raw
    assert "R&amp;D" in raw
    assert "&amp;amp;" not in raw


@pytest.mark.usefixtures("recorded")
def test_a_search_by_words_finds_no_retired_entries(ops: Ops) -> None:
    lore(ops, ops.ana, "retire DEC-1 Flags replaced it.")

    assert "Nothing found" in lore(ops, ops.ben, "find frankfurt")
    assert "retired" in lore(ops, ops.ben, "show DEC-1")


@dataclass
class Private:
    """A private channel with the bot and ana. Dan is a member of another channel only."""

    channel: Channel
    dan: PersonDriver


@pytest.fixture
def private(ops: Ops) -> Private:
    channel = ops.driver.channel("payroll", private=True, members=[ops.ana])
    ops.driver.invite_bot(channel, by=ops.ana)
    ops.drain()
    dan = ops.driver.person("dan")
    ops.driver.invite(ops.ops, dan)
    ops.record(ops.ana, SECRET, RULE, channel=channel)
    return Private(channel, dan)


@pytest.mark.parametrize(
    "line",
    [
        "find payroll",
        "salary payments",
        "DEC-1",
        "show DEC-1",
        "show DEC-1@1",
        "history DEC-1",
        "edit DEC-1",
        "use DEC-1",
        "retire DEC-1",
        "owner DEC-1 @dan",
        "share DEC-1",
        "show DEC-2",
        "digest now",
        "gaps",
    ],
)
def test_no_command_shows_a_private_entry_to_outsiders(
    ops: Ops, private: Private, line: str
) -> None:
    answer = private.dan.slash(ops.ops, f"/lore {line}")
    ops.drain()

    assert answer.view is None
    everything = str([each.raw for each in answer.messages])
    everything += str([each.raw for each in ops.driver.messages(ops.ops)])
    everything += str([each.raw for each in private.dan.ephemerals()])
    assert SECRET not in everything
    assert RULE not in everything


@pytest.mark.usefixtures("private")
@pytest.mark.parametrize("line", ["find payroll", "DEC-1", "history DEC-1"])
def test_its_members_see_it_in_any_channel(ops: Ops, line: str) -> None:
    """The answer is visible to them only, so any channel will do."""
    answer = ops.ana.slash(ops.ops, f"/lore {line}")

    assert SECRET in answer.words()
    assert all(each.ephemeral for each in answer.messages)


def test_an_entry_is_not_shared_with_another_organisation(ops: Ops) -> None:
    """A shared channel shows only the entries that live in it."""
    ops.record(ops.ana, "Failover")
    shared = ops.driver.channel("joint", members=[ops.ana], shared=True)
    ops.driver.invite_bot(shared, by=ops.ana)

    answer = ops.ana.slash(shared, "/lore share DEC-1").words()

    assert "This channel is shared with another organization" in answer
    ops.drain()
    assert not any("Failover" in message.text for message in ops.driver.messages(shared))


def test_an_entry_is_not_shared_after_another_organisation_joined_the_channel(ops: Ops) -> None:
    """No event reports it, and an older answer of Slack does not decide it."""
    ops.record(ops.ana, "Failover")
    ops.record(ops.ana, "Rollback")
    joint = ops.driver.channel("joint", members=[ops.ana])
    ops.driver.invite_bot(joint, by=ops.ana)
    assert "on its way to this channel" in ops.ana.slash(joint, "/lore share DEC-1").words()

    ops.driver.share_channel(joint)

    answer = ops.ana.slash(joint, "/lore share DEC-2").words()
    assert "This channel is shared with another organization" in answer


def test_an_entry_that_became_private_before_its_card_was_posted_is_not_shared(ops: Ops) -> None:
    ops.record(ops.ana, "Failover", "We fail over by hand.")
    side = ops.driver.channel("side", members=[ops.ana, ops.ben])
    ops.driver.invite_bot(side, by=ops.ana)
    assert "on its way to this channel" in ops.ana.slash(side, "/lore share DEC-1").words()
    with ops.store.transaction(ops.team) as tx:
        home = tx.channels.get(ChannelId(str(ops.ops)), lock=True)
        assert home is not None
        store_channel(tx, replace(home, private=True), ops.clock())

    ops.drain()

    assert "We fail over by hand." not in str([each.raw for each in ops.driver.messages(side)])
    told = ops.ana.dms()[-1].words()
    assert "DEC-1 couldn't be shared there (it lives in a private channel)." in told


def test_a_private_entry_is_not_shared_outside_its_channel(ops: Ops, private: Private) -> None:
    assert "lives in a private channel" in lore(ops, ops.ana, "share DEC-1")
    ops.drain()
    assert SECRET not in str([each.raw for each in ops.driver.messages(ops.ops)])

    assert "on its way to this channel" in lore(ops, ops.ana, "share DEC-1", private.channel)
    ops.drain()
    assert SECRET in ops.driver.messages(private.channel)[-1].words()


def test_no_form_offers_a_private_entry_to_outsiders(ops: Ops, private: Private) -> None:
    """The form offers it neither as a duplicate nor as a link."""
    person = private.dan
    person.slash(ops.ops, "/lore record escalation")
    assert person.view is not None
    person.view.close()
    ops.ana.slash(private.channel, "/lore record escalation")
    assert ops.ana.view is not None
    ops.ana.view.fill({"Title": SECRET, "What goes wrong?": RULE})
    assert ops.ana.view.submit() == {}
    root = person.say(ops.ops, f"We decided: {RULE}")
    ops.drain()

    theirs = shortcut(person, ops, root)
    assert theirs.buttons() == []
    assert theirs.options("If it fails", "") == []
    assert theirs.options("If it fails", "gateway") == []

    ours = shortcut(ops.ana, ops, root)
    assert set(ours.buttons()) == {"Update DEC-1 instead", "Update ESC-1 instead"}
    assert ours.options("If it fails", "gateway") == [f"ESC-1 {SECRET}"]


def test_no_prompt_shows_a_private_entry_to_outsiders(ops: Ops, private: Private) -> None:
    ops.ana.say(ops.ops, ASKS)
    private.dan.say(ops.ops, ASKS)
    ops.drain()

    assert "DEC-1 covers this" in ops.ana.ephemerals(ops.ops)[-1].text
    assert not any(SECRET in each.words() for each in private.dan.ephemerals())


def test_home_shows_a_private_entry_to_members_only(ops: Ops, private: Private) -> None:
    lore(ops, ops.ana, "owner DEC-1 @dan", private.channel)

    theirs, ours = private.dan.home(), ops.ana.home()

    assert isinstance(theirs, View)
    assert SECRET not in theirs.words()
    theirs.fill({"Search": "payroll"})
    assert SECRET not in theirs.words()
    assert "Nothing found" in theirs.words()
    assert "Restart" not in theirs.words()
    assert isinstance(ours, View)
    ours.fill({"Search": "payroll"})
    assert SECRET in ours.words()


def test_the_digest_of_another_channel_does_not_mention_it(ops: Ops, private: Private) -> None:
    ops.tick()
    ops.later(days=7)

    assert SECRET not in str([each.raw for each in ops.driver.messages(ops.ops)])
    assert any("Weekly digest" in m.text for m in ops.driver.messages(private.channel))


def test_a_person_who_leaves_the_channel_no_longer_sees_it(ops: Ops, private: Private) -> None:
    ops.driver.invite(private.channel, private.dan)
    assert SECRET in lore(ops, private.dan, "find payroll")

    private.dan.leave(private.channel)

    assert SECRET not in lore(ops, private.dan, "find payroll")
    assert "There is no DEC-1 that you can see." in lore(ops, private.dan, "show DEC-1")


@pytest.mark.usefixtures("recorded")
def test_guests_see_the_entries_of_their_own_channels(ops: Ops) -> None:
    other = ops.driver.channel("billing", members=[ops.ana])
    ops.driver.invite_bot(other, by=ops.ana)
    ops.drain()
    ops.record(ops.ana, "Refund twice charged customers", "We refund at once.", channel=other)
    guest = ops.driver.person("gus", guest=True)
    ops.driver.invite(ops.ops, guest)

    assert FAILOVER in lore(ops, guest, "find payments")
    assert "Nothing found" in lore(ops, guest, "find refund")
    assert "Refund" in lore(ops, ops.ben, "find refund")
    assert "There is no DEC-3 that you can see." in lore(ops, guest, "show DEC-3")


def test_people_of_another_organisation_are_told_whom_to_ask(ops: Ops) -> None:
    """Slack doesn't offer them `/lore`. Anything else they try is answered with the reason."""
    stranger = ops.driver.person("sue", stranger=True)
    ops.driver.invite(ops.ops, stranger)
    ts = stranger.say(ops.ops, f"We decided: {RULE}")
    ops.drain()
    assert stranger.ephemerals(ops.ops) == []

    stranger.say(ops.ops, "@Opslore record", thread=ts)
    stranger.react(ops.ops, ts, "scroll")
    ops.drain()

    answers = [each.words() for each in stranger.ephemerals(ops.ops)]
    assert len(answers) == 2
    for words in answers:
        assert "works only for members of the organization that installed it" in words
