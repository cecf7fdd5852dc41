"""Requests for another installation of the app are refused, logged and counted."""

import copy
import json
import logging
from dataclasses import replace
from typing import Any

import pytest

from bot.domain.entries import TeamId
from bot.metrics import exposition
from bot.slack.payloads.installation import Installation
from sandbox.forms import View
from tests.support.ops import Ops
from tests.support.raw_requests import send

OTHER = "T0OTHER"
WORDS = "We decided to roll back whenever checkout errors stay above two percent."

Json = dict[str, Any]


def sent(ops: Ops, kind: str, name: str) -> Json:
    """Return the last payload of a type that the sandbox sent to the bot."""
    jobs = [each for each in ops.driver.deliveries() if each["kind"] == kind]
    return copy.deepcopy(next(each["payload"] for each in reversed(jobs) if each["type"] == name))


def foreign(ops: Ops, payload: Json) -> Json:
    """Return the same payload from another workspace that installed the app."""
    return json.loads(json.dumps(payload).replace(str(ops.team), OTHER))  # type: ignore[no-any-return] # as given


def foreign_count(ops: Ops, kind: str) -> int:
    name = f'opslore_foreign_team_total{{kind="{kind}"}} '
    lines = exposition(ops.store, ops.clock()).splitlines()
    return next((int(line.removeprefix(name)) for line in lines if line.startswith(name)), 0)


def outbox_size(ops: Ops) -> int:
    return ops.store.outbox_backlog().waiting


def test_an_event_of_another_team_is_acknowledged_but_not_stored(
    ops: Ops, caplog: pytest.LogCaptureFixture
) -> None:
    ops.ana.say(ops.ops, WORDS)
    ops.drain()
    payload = foreign(ops, sent(ops, "events_api", "message"))
    payload["event_id"], payload["event"]["ts"] = "Ev0FOREIGN", "1772618401.000100"
    caplog.set_level(logging.INFO)
    before = foreign_count(ops, "event")

    assert send(ops, "events_api", payload).status == 200

    assert outbox_size(ops) == 0
    assert foreign_count(ops, "event") == before + 1
    [line] = [each for each in caplog.records if each.getMessage() == "foreign_team"]
    assert vars(line)["event"] == "message"
    assert (vars(line)["event_id"], vars(line)["teams"]) == ("Ev0FOREIGN", OTHER)
    assert WORDS not in str(vars(line))


def test_a_mention_of_another_team_is_not_answered(ops: Ops) -> None:
    ops.ana.say(ops.ops, "@Opslore record")
    payload = foreign(ops, sent(ops, "events_api", "app_mention"))
    payload["event_id"] = "Ev0FOREIGN"
    ops.drain()

    assert send(ops, "events_api", payload).status == 200
    assert outbox_size(ops) == 0


def test_the_authorization_decides_and_not_the_team_where_the_event_began(
    ops: Ops,
) -> None:
    """In a Slack Connect channel `team_id` can be the other workspace's."""
    ops.ana.say(ops.ops, WORDS)
    ops.drain()
    ours = sent(ops, "events_api", "message")
    from_there = copy.deepcopy(ours) | {"team_id": OTHER, "is_ext_shared_channel": True}
    for_them = foreign(ops, ours) | {"team_id": ops.team, "is_ext_shared_channel": True}
    from_there["event"]["ts"], for_them["event"]["ts"] = "1772618401.000100", "1772618402.000100"

    assert send(ops, "events_api", for_them).status == 200
    assert outbox_size(ops) == 0
    assert send(ops, "events_api", from_there).status == 200
    assert outbox_size(ops) == 1


def test_a_command_of_another_team_shows_nothing_and_says_why(ops: Ops) -> None:
    ops.record(ops.ana, "Roll back")
    ops.ana.slash(ops.ops, "/lore DEC-1")

    response = send(ops, "slash_commands", foreign(ops, sent(ops, "slash_commands", "/lore")))

    answer = json.loads(response.body)
    assert (response.status, answer["response_type"]) == (200, "ephemeral")
    assert "This Opslore belongs to another workspace" in answer["text"]
    assert "Roll back" not in response.body
    assert foreign_count(ops, "command") > 0


def test_a_click_a_form_and_a_shortcut_of_another_team_change_nothing(ops: Ops) -> None:
    key = ops.record(ops.ana, "Roll back")
    [card] = [each for each in ops.driver.messages(ops.ops) if "Still accurate" in each.buttons()]
    view = ops.ben.press("Use it", card)
    assert isinstance(view, View)
    view.submit()
    ts = ops.ana.say(ops.ops, WORDS)
    ops.ana.shortcut("Record this thread", ops.ops, ts)
    ops.drain()
    before = ops.ana.slash(ops.ops, f"/lore {key}").words()
    calls = len(ops.driver.calls("views.open"))

    for name in ("block_actions", "view_submission", "message_action"):
        payload = foreign(ops, sent(ops, "interactive", name))
        if name == "block_actions":
            payload["actions"][0] |= {"action_id": "certify_entry", "value": f"{key}@1"}
        assert send(ops, "interactive", payload).status == 403

    ops.drain()
    assert ops.ana.slash(ops.ops, f"/lore {key}").words() == before
    assert len(ops.driver.calls("views.open")) == calls


def test_a_form_opened_in_a_slack_connect_channel_names_the_installation(ops: Ops) -> None:
    view = ops.ana.slash(ops.ops, "/lore record decision").view
    assert view is not None
    view.fill({"Title": "Roll back", "What do we do?": "We roll back."})
    assert view.submit() == {}
    ours = sent(ops, "interactive", "view_submission")
    elsewhere = foreign(ops, ours)
    elsewhere["view"]["app_installed_team_id"] = ops.team
    ours["view"]["app_installed_team_id"] = OTHER

    assert send(ops, "interactive", ours).status == 403
    assert send(ops, "interactive", elsewhere).status == 200


def test_a_person_of_another_organization_in_a_shared_channel_is_refused(
    ops: Ops,
) -> None:
    """Their payloads are sent to this installation but have another `user.team_id`."""
    ops.record(ops.ana, "Roll back")
    ops.driver.share_channel(ops.ops)
    fay = ops.driver.person("fay", foreign=True)
    ops.driver.invite(ops.ops, fay)
    [card] = [each for each in ops.driver.messages(ops.ops) if "Still accurate" in each.buttons()]
    before = foreign_count(ops, "interaction")

    fay.press("Still accurate", card, seconds=0)
    ops.drain()

    payload = sent(ops, "interactive", "block_actions")
    assert payload["user"]["team_id"] != ops.team
    assert payload["team"]["id"] == ops.team
    assert "Opslore works only for members" in fay.ephemerals(ops.ops)[-1].words()
    assert foreign_count(ops, "interaction") == before


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"team": None, "user": {"id": "U1", "team_id": None}},
        {"type": "event_callback", "event": {"type": "message", "user": "U1", "text": "x"}},
        {"authorizations": [], "team_id": OTHER},
        {"authorizations": [{"team_id": None, "enterprise_id": "E1"}], "team_id": "T1"},
        {"team": {"id": OTHER}, "user": {"id": "U1", "team_id": "T1"}},
        {"view": {"app_installed_team_id": OTHER}, "team": {"id": "T1"}},
    ],
)
def test_a_payload_of_no_team_or_another_team_is_not_ours(body: Json) -> None:
    assert not Installation(team=TeamId("T1")).owns(body)


@pytest.mark.parametrize(
    "body",
    [
        {"team_id": "T2", "enterprise_id": "E1"},
        {"team": None, "user": {"id": "U1", "team_id": "T2"}, "enterprise": {"id": "E1"}},
        {"team": {"id": "T2", "enterprise_id": "E1"}},
        {"authorizations": [{"team_id": None, "enterprise_id": "E1"}], "team_id": "T2"},
    ],
)
def test_an_installation_for_an_organization_accepts_its_events(body: Json) -> None:
    org = Installation.of({"team_id": "E1", "enterprise_id": "E1", "is_enterprise_install": True})

    assert org.owns(body)
    assert not replace(org, enterprise="E2").owns(body)
    assert not Installation(team=TeamId("T1"), enterprise="E1").owns(body)


def test_the_url_verification_belongs_to_no_team(ops: Ops) -> None:
    response = send(ops, "events_api", {"type": "url_verification", "challenge": "hush"})

    assert (response.status, "hush" in response.body) == (200, True)


def test_the_log_of_a_foreign_payload_contains_no_text(
    ops: Ops, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)
    payload = {
        "type": "event_callback",
        "team_id": "T0 the password is hunter2",
        "event_id": "hunter2 again",
        "event": {"type": "message", "text": "hunter2", "user": "U1"},
    }

    assert send(ops, "events_api", payload).status == 200

    [line] = [each for each in caplog.records if each.getMessage() == "foreign_team"]
    assert "hunter2" not in str(vars(line))
