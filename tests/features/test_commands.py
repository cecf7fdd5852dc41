"""Each `/lore` command, and the next step that each refusal names."""

from dataclasses import replace

import pytest

from sandbox.forms import SlashAnswer
from sandbox.persons import PersonDriver
from sandbox.seen import Channel
from tests.support.editing import card
from tests.support.gap_threads import ask_once
from tests.support.ops import Ops
from tests.support.patience import PATIENT
from tests.support.prompting import ROLLBACK, prompts, say
from tests.support.recording import saved, typed

TITLE = "Roll back on checkout errors"
ELSEWHERE = "Opslore isn't in this channel"
INVITE = "/invite @Opslore"


@pytest.fixture
def recorded(ops: Ops) -> None:
    ops.record(ops.ana, TITLE, "We roll back.")


@pytest.fixture
def random(ops: Ops) -> Channel:
    """Create a channel that the bot isn't in."""
    return ops.driver.channel("random", members=[ops.ana, ops.ben])


def lore(ops: Ops, person: PersonDriver, line: str, channel: Channel | None = None) -> SlashAnswer:
    answer = person.slash(channel or ops.ops, f"/lore {line}".strip())
    ops.drain()
    assert answer.error is None
    return answer


# Each command.


@pytest.mark.parametrize("line", ["", "help", "HELP"])
def test_without_words_it_shows_the_short_help_with_buttons(ops: Ops, line: str) -> None:
    answer = lore(ops, ops.ana, line)

    assert answer.buttons() == ["Record a decision", "Gaps"]
    for word in ("WORDS", "show", "record", "use", "edit", "owner", "retire", "review", "gaps"):
        assert f"/lore {word}" in answer.words()
    assert answer.messages[0].ephemeral
    assert ops.driver.messages(ops.ops)[-1].text.startswith("Opslore is here")


def test_the_buttons_of_the_help_work(ops: Ops) -> None:
    message = lore(ops, ops.ana, "help").message
    assert message is not None

    ops.ana.press("Record a decision", message)
    assert ops.ana.view is not None
    assert ops.ana.view.title == "Record a decision"
    ops.ana.press("Gaps", message)
    assert "No gaps" in ops.ana.ephemerals(ops.ops)[-1].words()


@pytest.mark.usefixtures("recorded")
def test_history_lists_who_did_what_newest_first(ops: Ops) -> None:
    lore(ops, ops.ben, "owner DEC-1 @ben")
    lore(ops, ops.ana, "retire DEC-1 Flags replaced it.")

    words = lore(ops, ops.cleo, "history DEC-1").words()

    assert words.index("DEC-1@3") < words.index("DEC-1@2") < words.index("DEC-1@1")
    assert "owner changed by ben" in words
    assert "retired by ana" in words
    assert "Flags replaced it." in words


@pytest.mark.usefixtures("recorded")
def test_owner_with_a_mention_changes_the_owner(ops: Ops) -> None:
    """The answer names them without notifying them."""
    answer = lore(ops, ops.ana, "owner dec 1 @ben")

    assert "ben now owns DEC-1." in answer.words()
    assert "owner ben" in card(ops).words()
    assert f"<@{ops.ben.id}" not in str(card(ops).raw)


@pytest.mark.usefixtures("recorded")
@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ("owner DEC-1", "Mention the new owner: /lore owner DEC-1 @user."),
        ("owner", "Mention the new owner: /lore owner DEC-12 @user."),
        ("owner DEC-1 ben", "Mention the new owner: /lore owner DEC-1 @user."),
        ("owner DEC-7 @ben", "There is no DEC-7 that you can see."),
        ("owner DEC-1 @Opslore", "The owner has to be an active full member of this workspace"),
        ("owner DEC-1 @gus", "The owner has to be an active full member of this workspace"),
    ],
)
def test_an_unsuitable_owner_is_refused(ops: Ops, line: str, reason: str) -> None:
    ops.driver.person("gus", guest=True)

    assert reason in lore(ops, ops.ana, line).words().replace("`", "")
    assert "owner ana" in card(ops).words()


@pytest.mark.usefixtures("recorded")
def test_retiring_is_confirmed_and_leaves_the_history(ops: Ops) -> None:
    words = lore(ops, ops.ben, "retire DEC-1 No longer done.").words()

    assert "DEC-1 is retired" in words
    assert "/lore history DEC-1" in words
    assert card(ops).buttons() == ["History"]
    assert "DEC-1 is retired, so it can't be changed" in lore(ops, ops.ben, "retire DEC-1").words()
    assert "DEC-1 is retired, so it can't be changed" in lore(ops, ops.ben, "use DEC-1").words()
    assert "DEC-1 is retired" in lore(ops, ops.ben, "owner DEC-1 @ben").words()


@pytest.mark.usefixtures("recorded")
def test_share_posts_the_card_for_everyone(ops: Ops) -> None:
    other = ops.driver.channel("billing", members=[ops.ana, ops.ben])
    ops.driver.invite_bot(other, by=ops.ana)

    assert (
        "DEC-1 is on its way to this channel." in lore(ops, ops.ana, "share DEC-1", other).words()
    )

    posted = ops.driver.messages(other)[-1]
    assert not posted.ephemeral
    assert TITLE in posted.words()
    assert posted.buttons() == ["Use it", "Edit", "History", "Still accurate", "Retire"]


@pytest.fixture
def named(ops: Ops) -> None:
    """Create ESC-1 in #ops, linked from DEC-1 there and from DEC-2 in ana's private channel."""
    view = ops.ana.slash(ops.ops, "/lore record escalation").view
    assert view is not None
    saved(ops, view.fill({"Title": "Database down", "What goes wrong?": "No writes."}))
    secret = ops.driver.channel("secret", private=True, members=[ops.ana])
    ops.driver.invite_bot(secret, by=ops.ana)
    for channel in (ops.ops, secret):
        view = ops.ana.slash(channel, "/lore record decision").view
        assert view is not None
        view.choose("If it fails", "ESC-1 Database down")
        saved(ops, view.fill({"Title": "Fail over", "What do we do?": "We do."}))


@pytest.mark.usefixtures("named")
def test_a_card_lists_the_links_to_its_entry_that_its_readers_can_see(ops: Ops) -> None:
    """A posted card lists the entries of its channel, which everyone there can see."""
    other = ops.driver.channel("billing", members=[ops.ana, ops.ben])
    ops.driver.invite_bot(other, by=ops.ana)
    lore(ops, ops.ana, "share ESC-1", other)

    def lines(person: PersonDriver) -> list[str]:
        return lore(ops, person, "show ESC-1").words().splitlines()

    assert "Linked from DEC-1 and DEC-2" in lines(ops.ana)
    assert "Linked from DEC-1" in lines(ops.ben)
    assert "Linked from DEC-1" in card(ops, "ESC-1").words().splitlines()
    assert "Linked from" not in ops.driver.messages(other)[-1].words()

    lore(ops, ops.ben, "retire DEC-1 No longer done.")
    assert "Linked from" not in card(ops, "ESC-1").words()
    assert "Linked from DEC-2" in lines(ops.ana)


@pytest.mark.usefixtures("named")
@pytest.mark.parametrize(
    ("name", "still"),
    [("ana", "DEC-1 and DEC-2 still link to it."), ("ben", "DEC-1 still links to it.")],
)
def test_retiring_lists_the_entries_that_still_link_to_it(ops: Ops, name: str, still: str) -> None:
    assert lore(ops, getattr(ops, name), "retire ESC-1 No longer done.").words().endswith(still)
    assert "retired" in card(ops, "ESC-1").words()


def test_watch_shows_and_changes_the_state(ops: Ops) -> None:
    assert "listening" in lore(ops, ops.ana, "watch").words()
    assert "not listening" in lore(ops, ops.ana, "watch off").words()
    say(ops, ops.ana, ROLLBACK)
    assert not prompts(ops.ana, ops.ops)
    assert "not listening" not in lore(ops, ops.ana, "watch on").words()
    assert "/lore watch on" in lore(ops, ops.ana, "watch maybe").words()


def test_digest_now_posts_it_once(ops: Ops) -> None:
    assert "on its way" in lore(ops, ops.ana, "digest now").words()
    again = lore(ops, ops.ana, "digest now").words()

    posted = [m for m in ops.driver.messages(ops.ops) if m.text.startswith("Weekly digest")]
    assert len(posted) == 1
    assert "just asked for" in again


def test_digest_settings_change_the_time_of_the_digest(ops: Ops) -> None:
    view = lore(ops, ops.ana, "digest settings").view
    assert view is not None
    assert view.title == "Digest settings"
    assert (typed(view, "Day"), typed(view, "Time zone")) == ("Monday", "Europe/Berlin")
    view.fill({"Time zone": "Mars/Olympus"})
    errors = view.submit()
    assert list(errors) == ["Time zone"]
    view.fill({"Time zone": "America/New_York"})
    view.choose("Day", "Thursday")
    saved(ops, view)

    ops.tick()
    ops.later(days=1, hours=4.5)

    assert ops.driver.messages(ops.ops)[-1].text.startswith("Weekly digest")


def test_digest_without_a_word_lists_its_two_subcommands(ops: Ops) -> None:
    words = lore(ops, ops.ana, "digest").words()

    assert "/lore digest now" in words
    assert "/lore digest settings" in words


def test_only_admins_can_change_the_settings(ops: Ops) -> None:
    refused = lore(ops, ops.ana, "settings")
    assert refused.view is None
    assert "Only admins can change workspace settings." in refused.words()

    view = lore(ops, ops.cleo, "settings").view
    assert view is not None
    view.fill({"Prompts per person": "few"})
    assert view.submit() == {"Prompts per person": "Enter a whole number from 0 to 50."}
    view.fill({"Prompts per person": "0"})
    saved(ops, view)

    say(ops, ops.ana, ROLLBACK)
    assert not prompts(ops.ana, ops.ops)


# Each refusal names the next step.


@pytest.mark.parametrize("word", ["show", "history", "edit", "use", "retire", "share"])
def test_without_a_key_it_asks_for_one(ops: Ops, word: str) -> None:
    answer = lore(ops, ops.ana, word)

    assert answer.view is None
    assert "Which entry? Give its key, like DEC-12" in answer.words().replace("`", "")


@pytest.mark.parametrize("word", ["show", "history", "edit", "use", "retire", "share"])
def test_a_malformed_key_is_answered_with_an_example(ops: Ops, word: str) -> None:
    answer = lore(ops, ops.ana, f"{word} failover")

    assert "“failover” isn't a key like DEC-12, HND-3 or ESC-7." in answer.words()
    assert "/lore find WORDS" in answer.words()


def test_find_without_words_asks_for_words(ops: Ops) -> None:
    assert "Enter words to search for" in lore(ops, ops.ana, "find").words()


@pytest.mark.usefixtures("recorded")
def test_an_unknown_revision_is_reported(ops: Ops) -> None:
    assert (
        "DEC-1 has one revision; there is no DEC-1@7" in lore(ops, ops.ana, "show DEC-1@7").words()
    )
    assert "has no revision 7" in lore(ops, ops.ana, "use DEC-1@7").words()


@pytest.mark.usefixtures("recorded")
@pytest.mark.parametrize(
    "line",
    ["record", "share DEC-1", "watch", "watch on", "digest now", "digest settings"],
)
def test_outside_its_channels_the_bot_says_how_to_invite_it(
    ops: Ops, random: Channel, line: str
) -> None:
    answer = lore(ops, ops.ana, line, random)

    assert answer.view is None
    assert ELSEWHERE in answer.words()
    assert INVITE in answer.words()


@pytest.mark.usefixtures("recorded")
@pytest.mark.parametrize("line", ["help", "find checkout", "DEC-1", "history DEC-1", "use DEC-1"])
def test_commands_that_need_no_channel_work_anywhere(ops: Ops, random: Channel, line: str) -> None:
    answer = lore(ops, ops.ana, line, random)

    assert ELSEWHERE not in answer.words()
    assert "DEC-1" in answer.words() or line == "help"


@pytest.mark.usefixtures("recorded")
def test_buttons_of_an_answer_work_where_the_bot_is_not_a_member(ops: Ops, random: Channel) -> None:
    found = lore(ops, ops.ana, "find checkout", random).message
    assert found is not None
    ops.ana.press("Open", found)
    shown = ops.ana.ephemerals(random)[-1]
    assert "We roll back." in shown.words()

    ops.ana.press("History", shown)
    assert "recorded by ana" in ops.ana.ephemerals(random)[-1].words()
    help_message = lore(ops, ops.ana, "help", random).message
    assert help_message is not None
    ops.ana.press("Record a decision", help_message)
    ops.drain()
    assert INVITE in ops.ana.dms()[-1].words()


@pytest.mark.usefixtures("recorded")
def test_a_direct_message_can_read_entries_and_says_where_to_record(
    ops: Ops, random: Channel
) -> None:
    ts = ops.ana.say(random, "Who restarts it?")
    ops.ana.shortcut("Record this thread", random, ts, seconds=0)
    ops.drain()
    direct = Channel(ops.ana.dms()[-1].channel)

    assert "We roll back." in lore(ops, ops.ana, "DEC-1", direct).words()
    for line in ("record", "watch", "digest now", "share DEC-1"):
        answer = lore(ops, ops.ana, line, direct)
        assert answer.view is None
        assert ELSEWHERE not in answer.words()
        assert "This works in channels, not in direct messages." in answer.words()
    said = ops.ana.say(direct, "We always restart it.")
    ops.ana.shortcut("Record this thread", direct, said, seconds=0)
    ops.drain()
    assert (
        "This works in channels, not in direct messages." in ops.ana.ephemerals(direct)[-1].words()
    )


@pytest.mark.usefixtures("recorded")
@pytest.mark.parametrize(
    "line",
    [
        "record",
        "edit DEC-1",
        "retire DEC-1",
        "owner DEC-1 @ben",
        "watch off",
        "digest now",
        "digest settings",
    ],
)
def test_a_guest_can_read_but_not_change(ops: Ops, line: str) -> None:
    guest = ops.driver.person("gus", guest=True)
    ops.driver.invite(ops.ops, guest)

    answer = lore(ops, guest, line)

    assert answer.view is None
    assert "only full members can record or change them" in answer.words()
    assert "We roll back." in lore(ops, guest, "DEC-1").words()


# When Slack is slow.


@pytest.mark.usefixtures("recorded")
def test_a_slow_answer_arrives_later_and_once(ops: Ops) -> None:
    """Slack waits 3 seconds. A slower answer is sent to the command's response URL."""
    ops.restart_with(replace(PATIENT, command_seconds=0.05))
    ops.driver.fail("users.conversations", late=0.3, times=1)
    dan = ops.driver.person("dan")
    ops.driver.invite(ops.ops, dan)

    answer = dan.slash(ops.ops, "/lore DEC-1", seconds=60)

    assert answer.error is None
    assert len(answer.messages) == 1
    assert TITLE in answer.words()
    assert answer.messages[0].ephemeral


@pytest.mark.usefixtures("recorded")
def test_a_slow_answer_is_shown_even_if_its_response_url_fails(ops: Ops) -> None:
    ops.restart_with(replace(PATIENT, command_seconds=0.05))
    ops.driver.fail("users.conversations", late=0.3, times=1)
    ops.driver.fail("response_url", status=500)
    dan = ops.driver.person("dan")
    ops.driver.invite(ops.ops, dan)

    dan.slash(ops.ops, "/lore DEC-1", seconds=0)

    def told() -> bool:
        ops.drain()
        return any(TITLE in each.words() for each in dan.ephemerals(ops.ops))

    ops.driver.until(told)


def test_if_slack_does_not_identify_the_person_nothing_is_shown(ops: Ops) -> None:
    ops.driver.fail("users.conversations", status=500)
    dan = ops.driver.person("dan")
    ops.driver.invite(ops.ops, dan)

    words = lore(ops, dan, "find anything").words()

    assert "Slack didn't tell Opslore who you are" in words
    assert "Try again in a moment." in words


def test_a_modal_that_slack_does_not_open_is_reported(ops: Ops) -> None:
    ops.driver.fail("views.open", "internal_error")

    answer = lore(ops, ops.ana, "record")

    assert answer.view is None
    assert "Slack didn't open the form in time. Try again" in answer.words()


def test_gaps_show_people_by_their_display_names(ops: Ops) -> None:
    asked = "How do we restart the kafka broker when consumers lag behind?"
    for _ in range(3):
        ask_once(ops, asked, by=ops.ana, answer="Ask @ben to drain it, then restart the broker.")
        ops.later(days=1)

    words = lore(ops, ops.ana, "gaps").words()

    assert "Ask @ben to drain it" in words.replace("\u2060", "")
    assert ops.ben.id not in words


def test_an_owner_must_be_able_to_see_the_entry(ops: Ops) -> None:
    secret = ops.driver.channel("secret", members=[ops.ana, ops.ben], private=True)
    ops.driver.invite_bot(secret, by=ops.ana)
    ops.record(ops.ana, "Roll back", channel=secret)

    refused = ops.ana.slash(secret, "/lore owner DEC-1 @cleo").words()

    assert "cleo isn't in the private channel of DEC-1" in refused
    assert "owner ana" in ops.ana.slash(secret, "/lore show DEC-1").words()
    assert "ben now owns" in ops.ana.slash(secret, "/lore owner DEC-1 @ben").words()


def test_people_mentioned_in_a_command_are_stored_and_shown_by_name(ops: Ops) -> None:
    """This applies to titles, notes and searches; a mention is still read as its person."""
    view = lore(ops, ops.ana, "record decision Ask @ben first").view
    assert view is not None
    assert typed(view, "Title") == "Ask @ben first"
    saved(ops, view.fill({"What do we do?": "We ask."}))
    lore(ops, ops.ana, "owner DEC-1 @cleo")
    lore(ops, ops.ana, "retire DEC-1 @ben says we use flags now")

    history = lore(ops, ops.ana, "history DEC-1").words().replace("\u2060", "")
    assert "@ben says we use flags now" in history
    assert "owner cleo" in lore(ops, ops.ana, "show DEC-1").words()
    found = lore(ops, ops.ana, "find @ben first").words().replace("\u2060", "")
    assert "“@ben first”" in found


@pytest.mark.usefixtures("recorded")
def test_a_command_works_even_if_slack_gives_no_name(ops: Ops) -> None:
    dan = ops.driver.person("dan")
    ops.driver.fail("users.info", status=500)

    lore(ops, ops.ana, f"retire DEC-1 @dan and <@{ops.ben.id}|ben> use flags now")

    history = lore(ops, ops.ana, "history DEC-1").words()
    assert f"{dan.id} and" in history
    assert len([c for c in ops.driver.calls("users.info") if c["args"].get("user") == dan.id]) == 1
