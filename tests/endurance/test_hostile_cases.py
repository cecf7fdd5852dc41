"""Faults that hostile input once caused, each in its smallest form."""

import functools
import json
import logging
from dataclasses import replace

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from slack_bolt import BoltRequest, BoltResponse
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from bot.cli.receivers import answer_request
from bot.domain.entries import ChannelId, UserId
from bot.domain.errors import InvalidInputError
from bot.domain.field_values import clean
from bot.slack.payloads.fields import MalformedError, ident, number, optional
from bot.slack.payloads.interactions import ButtonPress, SlashCommand
from bot.slack.text.mrkdwn import mentions, said
from bot.usecases.steps.channels import store_channel
from bot.usecases.steps.secrets import MASK, mask, refuse_secrets
from sandbox.persons import PersonDriver
from sandbox.seen import Channel
from storage.engine import make_engine
from tests.support.ops import Ops
from tests.support.raw_requests import Json, send, submitted, typed

# For tests of requests that are refused before any statement runs.
on_one_database = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


def pressed(ops: Ops, person: PersonDriver, action: str, value: str) -> BoltResponse:
    """Press a button that no message by the bot has."""
    return send(
        ops,
        "interactive",
        {
            "type": "block_actions",
            "user": {"id": person.id},
            "team": {"id": ops.team},
            "channel": {"id": ops.ops.id},
            "container": {"message_ts": "1.1", "channel_id": ops.ops.id},
            "actions": [{"type": "button", "action_id": action, "value": value}],
        },
    )


def last_words(ops: Ops, person: PersonDriver) -> str:
    ops.drain()
    return person.ephemerals(ops.ops)[-1].words()


def private_channel(ops: Ops) -> Channel:
    secret = ops.driver.channel("secret", private=True, members=[ops.ana, ops.ben])
    ops.driver.invite_bot(secret, by=ops.ana)
    ops.drain()
    return secret


@pytest.mark.parametrize(
    "event",
    [
        {"type": "message"},
        {"type": "message", "channel": [], "ts": "1.1", "user": "U1", "text": "hi"},
        {"type": "message", "channel": "C1", "ts": {}, "user": "U1"},
        {"type": "message", "subtype": ["x"], "channel": "C1", "ts": "1.1", "user": "U1"},
        {"type": "message", "subtype": "message_changed", "message": "x", "channel": "C1"},
        {"type": "message", "subtype": "message_deleted", "deleted_ts": 7},
        {"type": "app_mention", "user": "U1"},
        {"type": "reaction_added", "reaction": None, "item": []},
        {"type": "member_joined_channel", "user": {"id": "U1"}},
        {"type": "channel_id_changed"},
        {"type": "app_home_opened", "tab": "home", "user": "U0NOBODY"},
    ],
)
def test_an_incomplete_event_is_acknowledged(
    ops: Ops, event: Json, caplog: pytest.LogCaptureFixture
) -> None:
    """Otherwise Slack would send it again and again, and it would never be complete."""
    payload = {"type": "event_callback", "team_id": ops.team, "event_id": "Ev1", "event": event}

    assert send(ops, "events_api", payload).status == 200
    assert [one for one in caplog.records if one.levelno >= logging.ERROR] == []


ROUTED: tuple[tuple[Json, str], ...] = (
    ({"type": "event_callback", "event": {"type": "app_mention"}}, "type"),
    ({"type": "event_callback", "event": {"type": "app_mention"}}, "event"),
    ({"type": "event_callback", "event": {"type": "app_mention"}}, "event.type"),
    ({"command": "/lore"}, "command"),
    ({"type": "block_actions", "actions": [{"action_id": "kind"}]}, "actions"),
    ({"type": "block_actions", "actions": [{"action_id": "kind"}]}, "actions.0"),
    ({"type": "block_actions", "actions": [{"action_id": "kind"}]}, "actions.0.action_id"),
    ({"type": "view_submission", "view": {"callback_id": "entry_form"}}, "view"),
    ({"type": "view_submission", "view": {"type": "modal"}}, "view.callback_id"),
    ({"type": "view_submission", "view": {"callback_id": "entry_form"}}, "view.type"),
    ({"type": "view_closed", "view": {"callback_id": "entry_form"}}, "view"),
    ({"type": "message_action", "callback_id": "record_this_thread"}, "callback_id"),
    ({"type": "block_suggestion", "action_id": "raises"}, "action_id"),
)


@on_one_database
@pytest.mark.parametrize("wrong", [7, True, [], [1], [[]]])
@pytest.mark.parametrize(("payload", "field"), ROUTED)
def test_a_request_that_bolt_cannot_route_is_logged_in_one_line(
    ops: Ops, caplog: pytest.LogCaptureFixture, payload: Json, field: str, wrong: object
) -> None:
    """It isn't an error of Opslore's, and a retry would be no clearer."""
    body = json.loads(json.dumps(payload))
    *path, last = [int(step) if step.isdigit() else step for step in field.split(".")]
    functools.reduce(lambda found, step: found[step], path, body)[last] = wrong

    assert send(ops, "events_api", body).status == 200
    [line] = [one for one in caplog.records if one.levelno >= logging.WARNING]
    assert line.getMessage() == "not_understood"


def test_a_form_with_strange_blocks_is_answered(ops: Ops, caplog: pytest.LogCaptureFixture) -> None:
    view = {"id": "V1", "type": "modal", "callback_id": "entry_form", "blocks": 7}
    user = {"id": ops.ana.id, "team_id": ops.team}
    payload = {"type": "view_submission", "user": user, "view": view}

    assert send(ops, "interactive", payload).status == 200
    assert [one for one in caplog.records if one.levelno >= logging.ERROR] == []


def test_mentions_and_reactions_are_answered(ops: Ops) -> None:
    """A wrapped listener once hid its parameters from Bolt, and no one got an answer."""
    ts = ops.ana.say(ops.ops, "Restart the queue when it stalls.")
    ops.ben.react(ops.ops, ts, "scroll")

    assert "Ready to record" in last_words(ops, ops.ben)


@pytest.mark.parametrize("action", ["line_record", "path_record", "kind", "home_draft", "gone_now"])
def test_a_button_with_an_odd_value_is_answered_with_a_message(ops: Ops, action: str) -> None:
    """Old buttons live as long as their messages."""
    assert pressed(ops, ops.ana, action, "x" * 100).status == 200
    assert "out of date" in last_words(ops, ops.ana)


@pytest.mark.parametrize("action", ["prompt_use", "record_thread"])
def test_a_button_without_a_message_is_answered_with_a_message(ops: Ops, action: str) -> None:
    """Its value goes into a form, where Slack limits the length."""
    ops.record(ops.ana, "Drain a node")
    value = json.dumps({"cited": "DEC-1@1", "prompt": 1, "ts": "9" * 5000})

    assert pressed(ops, ops.ana, action, value).status == 200

    assert last_words(ops, ops.ana) == "ts isn't a timestamp."


def test_only_a_number_that_a_database_can_assign_counts_as_one() -> None:
    """A superscript doesn't count either, though Python takes it for a digit."""
    assert number("17") == number(17) == 17
    for wrong in ("²", "-1", "1e3", "9" * 40, "", None, True, 1.0, [1]):
        with pytest.raises(MalformedError):
            number(wrong)


def test_a_line_of_another_section_is_not_a_gap(ops: Ops) -> None:
    """The request is `Record it` with the number of a line about an entry."""
    ops.record(ops.ana, "Drain a node")
    ops.ana.slash(ops.ops, "/lore digest now")
    ops.drain()

    pressed(ops, ops.ana, "line_record", "1")

    assert "out of date" in last_words(ops, ops.ana)


def test_an_unreadable_request_is_refused(ops: Ops) -> None:
    """Bolt reads the body before the signature, so anyone can send this."""
    assert ops.bot
    for body in ("{", "[]", '{"authorizations": 7}', '{"enterprise": 7}'):
        headers = {"content-type": "application/json"}
        assert answer_request(ops.bot, body, headers).status in (400, 401)


@pytest.mark.parametrize("half", ["\ud800", "\0"])
def test_halves_of_surrogate_pairs_and_nul_are_removed_on_arrival(half: str) -> None:
    assert optional({"text": f"a{half}b👍"}, "text") == "ab👍"


@given(typed=st.text(st.sampled_from("a \r\n\t\0\x07\x85\ud800\udc00")))
@example(typed="a\r\ud800\nb")
def test_removing_characters_on_arrival_changes_nothing_that_is_stored(typed: str) -> None:
    assert clean(optional({"text": typed}, "text")) == clean(typed)


def test_a_command_is_read_as_it_was_typed(ops: Ops) -> None:
    """Slack escapes it, but the note keeps its characters, spaces and lines."""
    key = ops.record(ops.ana, "Roll back")
    ops.ana.slash(ops.ops, f"/lore retire {key} a < b  &\nc")

    assert "a < b  &\nc" in ops.ana.slash(ops.ops, f"/lore history {key}").words()


def test_a_newline_can_end_the_command_word() -> None:
    body = {"team_id": "T1", "channel_id": "C1", "user_id": "U1", "text": "FIND\nfail over"}
    command = SlashCommand.parse(body)

    assert (command.word, command.rest) == ("find", "fail over")


def test_a_misspelled_command_does_not_activate_typed_markup(ops: Ops) -> None:
    """The suggestion repeats the text behind the command."""
    answer = ops.ana.slash(ops.ops, "/lore finnd <!channel> `x`")

    assert "<!channel" not in json.dumps(answer.blocks)


def test_a_refusal_repeats_no_broadcast_mention(ops: Ops) -> None:
    """The text next to the blocks isn't verbatim."""
    answer = ops.ana.slash(ops.ops, "/lore show @here <!channel>")

    assert "@here" not in answer.text
    assert "<!" not in answer.text
    assert said("mail ops@example.com, `/lore owner DEC-1 @user`").startswith("mail ops@example")


def test_a_title_that_is_too_long_is_not_cut(ops: Ops) -> None:
    """It goes in full into the field that has room for it."""
    words = f"Checkout errors rise. We {' and '.join(['roll back'] * 20)}."
    view = ops.ana.slash(ops.ops, f"/lore record decision {words}").view
    assert view is not None

    assert {"Checkout errors rise", words} <= set(view.texts())


def test_a_reason_that_is_too_long_is_refused_and_not_cut(ops: Ops) -> None:
    key = ops.record(ops.ana, "Roll back")
    answer = ops.ana.slash(ops.ops, f"/lore retire {key} {'x' * 501}")

    assert "at most 500" in answer.words()
    assert "in force" in ops.ana.slash(ops.ops, f"/lore show {key}").words()


@pytest.mark.parametrize(
    ("weekday", "at"), [("²", "09:00"), ("7", "09:00"), ("1", "09:00+02:00"), ("1", "soon")]
)
def test_an_odd_time_for_the_digest_is_refused(ops: Ops, weekday: str, at: str) -> None:
    answer = submitted(
        ops,
        ops.cleo,
        "digest_settings",
        {"channel": ops.ops.id},
        {"weekday": typed(weekday), "time": typed(at), "timezone": typed("Europe/Berlin")},
    )

    assert answer["response_action"] == "errors"
    assert all("Choose a" in reason for reason in answer["errors"].values())


@pytest.mark.parametrize("budget", ["²", "٣", "9" * 5000, "-1", "1.5"])
def test_an_odd_budget_is_refused(ops: Ops, budget: str) -> None:
    answer = submitted(
        ops,
        ops.cleo,
        "workspace_settings",
        {},
        {"person_budget": typed(budget), "channel_budget": typed("6")},
    )

    assert "whole number" in answer["errors"]["person_budget"]


def test_an_odd_outcome_is_refused(ops: Ops) -> None:
    key = ops.record(ops.ana, "Roll back")
    chosen = {"type": "radio_buttons", "selected_option": {"value": "exploded"}}
    meta = {"cited": f"{key}@1"}
    answer = submitted(ops, ops.ana, "use_form", meta, {"outcome": chosen, "note": typed("x")})

    assert "out of date" in answer["errors"]["note"]


def test_a_bot_cannot_be_made_an_owner_in_the_form(ops: Ops) -> None:
    """`/lore owner` refuses it too."""
    view = ops.ana.slash(ops.ops, "/lore record decision").view
    assert view is not None
    view.fill({"Title": "Roll back", "What do we do?": "We do."})
    view.choose("Owner", ops.driver.workspace()["bot_user_id"])

    assert "active full member" in view.submit()["Owner"]


def test_a_person_who_left_the_private_channel_cannot_submit_its_form(ops: Ops) -> None:
    """The form was opened by a member and sent after leaving."""
    secret = private_channel(ops)
    view = ops.ben.slash(secret, "/lore record decision").view
    assert view is not None
    view.fill({"Title": "Hide it", "What do we do?": "We hide it."})
    ops.driver.leave(ops.ben, secret)

    assert "private channel" in view.submit()["Title"]
    ops.drain()
    assert not [one for one in ops.driver.messages(secret) if "Hide it" in one.words()]


def test_an_unsaved_form_of_a_private_channel_is_hidden_from_a_person_who_left(ops: Ops) -> None:
    """Its title may be a text from the channel."""
    secret = private_channel(ops)
    ops.ben.slash(secret, "/lore record decision Rotate the vault")
    assert "Rotate the vault" in shown(ops.ben)

    ops.driver.leave(ops.ben, secret)

    assert "Rotate the vault" not in shown(ops.ben)


def test_no_one_can_take_over_someone_elses_form(ops: Ops) -> None:
    """`Update DEC-1 instead` with someone else's draft leaves that draft."""
    ops.record(ops.ana, "Roll back")
    ops.ana.slash(ops.ops, "/lore record decision Mine alone")
    view = {
        "id": "V1",
        "type": "modal",
        "callback_id": "entry_form",
        "private_metadata": '{"draft":2}',
        "state": {"values": {}},
    }
    action = {"type": "button", "action_id": "update_instead", "value": "DEC-1"}
    user, team = {"id": ops.ben.id}, {"id": ops.team}
    payload = {"type": "block_actions", "user": user, "team": team, "view": view}
    send(ops, "interactive", payload | {"actions": [action], "trigger_id": "1.1"})

    assert "Mine alone" in shown(ops.ana)


def test_a_link_to_a_private_entry_stays_when_others_edit(ops: Ops) -> None:
    """A person who can't see the linked entry can still fix a typo."""
    secret = private_channel(ops)
    view = ops.ana.slash(secret, "/lore record escalation").view
    assert view is not None
    view.fill({"Title": "Vault is sealed", "What goes wrong?": "It is sealed."})
    assert view.submit() == {}
    view = ops.ana.slash(ops.ops, "/lore record decision").view
    assert view is not None
    view.fill({"Title": "Unseal", "What do we do?": "We unseel."})
    view.choose("If it fails", "ESC-1 Vault is sealed")
    assert view.submit() == {}
    view = ops.cleo.slash(ops.ops, "/lore edit DEC-1").view
    assert view is not None
    view.fill({"What do we do?": "We unseal."})

    assert view.submit() == {}


def test_a_run_of_spaces_is_scanned_for_secrets_without_delay() -> None:
    """The detectors' time once grew with the cube of its length, so the scan never ended."""
    assert mask("token" + " " * 40_000 + ": hunter2x") != ""


@pytest.mark.parametrize(
    "said_so",
    [
        "DB_PASSWORD=Tr0ub4dor",
        "client_secret: 9f8e7d6c5b4a",
        "*password*: hunter22",
        "pw: hunter22",
        "password: a;b,12345",
        "curl -u admin:hunter22",
        "Authorization: Basic dXNlcjpodW50ZXIyMg==",
        "xa" + "pp-1-A012-123-0123456789abcdef0123",
    ],
)
def test_secrets_in_a_chats_own_forms_are_masked(said_so: str) -> None:
    """A form with one is refused, too."""
    assert MASK in mask(said_so)
    with pytest.raises(InvalidInputError):
        refuse_secrets({"rule": said_so})


@pytest.mark.parametrize("advice", ["Second pass: check the queue.", "Reset the password first."])
def test_advice_about_secrets_is_not_masked(advice: str) -> None:
    assert mask(advice) == advice


def test_a_secret_is_not_stored_with_an_unsaved_form(ops: Ops) -> None:
    """The open form shows the typed text, and the stored form has it masked."""
    view = ops.ana.slash(ops.ops, "/lore record decision Use pw: hunter22 there").view
    assert view is not None
    view.fill({"What do we do?": "We log in with password: hunter22."})
    view.choose("Kind", "Handoff")
    with ops.store.read(ops.team) as tx:
        (draft,) = tx.form_drafts.waiting_for(UserId(ops.ana.id), 5)

    assert "hunter22" not in str(draft.values)
    assert MASK in str(draft.values["title"])
    assert MASK in str(draft.values["rule"])


def test_entries_follow_a_channel_that_became_private_without_an_event(ops: Ops) -> None:
    """No event reports it, but the next message there shows it."""
    secret = private_channel(ops)
    ops.record(ops.ana, "Open the vault", channel=secret)
    with ops.store.transaction(ops.team) as tx:
        known = tx.channels.get(ChannelId(secret.id))
        assert known is not None
        store_channel(tx, replace(known, private=False), ops.clock())
    assert "Open the vault" in ops.cleo.slash(ops.ops, "/lore find vault").words()

    ops.ben.say(secret, "We decided to always rotate the keys on Mondays from now on.")
    ops.drain()

    assert "Open the vault" not in ops.cleo.slash(ops.ops, "/lore find vault").words()


def test_only_ids_of_people_count_as_mentions() -> None:
    assert mentions("<@U1|ana> <@W2> <@S3> <!here> <@U4 x> <@u5>") == ("U1", "W2")


def test_a_logged_database_error_contains_no_typed_text(database_url: str) -> None:
    """Errors are logged with their statement, without the values that people typed."""
    engine = make_engine(database_url)
    statement = text("SELECT no_such_column FROM entries WHERE title = :typed")
    with pytest.raises(DBAPIError) as raised, engine.connect() as connection:
        connection.execute(statement, {"typed": "what was typed"})
    engine.dispose()

    assert "what was typed" not in str(raised.value)


def shown(person: PersonDriver) -> str:
    home = person.home()
    assert home is not None
    return home.words()


@on_one_database
def test_requests_reach_the_bot_as_bolt_reads_them(ops: Ops) -> None:
    """These tests use the same receiver as HTTP mode."""
    assert ops.bot
    assert ops.bot.app.dispatch(BoltRequest(body="")).status == 401


@pytest.mark.parametrize("field", ["channel", "user"])
@pytest.mark.parametrize("text", ["some words ```", "words", "\ud800words"])
def test_a_typed_text_is_not_accepted_as_an_id(field: str, text: str) -> None:
    """Channels and people are named by Slack's ids, and the log can contain ids."""
    with pytest.raises(MalformedError, match=f"{field} isn't an id") as refused:
        ident({field: text}, field)
    assert "words" not in str(refused.value)


@pytest.mark.parametrize("place", [("container", "thread_ts"), ("message", "thread_ts")])
def test_a_typed_text_is_not_accepted_as_a_thread(place: tuple[str, str]) -> None:
    """The bot's answers go where Slack's own timestamps say."""
    body: Json = {
        "user": {"id": "U0ANA"},
        "team": {"id": "T0TEAM"},
        "channel": {"id": "C0OPS"},
        "container": {"message_ts": "1772618400.000100"},
        "actions": [{"type": "button", "action_id": "use"}],
    }
    assert ButtonPress.parse(body).thread_ts is None
    block, name = place
    body[block] = {**body.get(block, {}), name: "@here"}

    with pytest.raises(MalformedError, match="thread_ts isn't a timestamp"):
        ButtonPress.parse(body)
