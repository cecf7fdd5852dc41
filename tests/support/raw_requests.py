"""Requests that are sent to the bot without a person's client."""

import json
from typing import Any

from slack_bolt import BoltResponse

from bot.cli.receivers import answer_request
from sandbox.persons import PersonDriver
from sandbox.transports import Parcel, signed
from tests.support.ops import Ops

Json = dict[str, Any]


def send(ops: Ops, kind: str, payload: Json) -> BoltResponse:
    """Bring a signed request to the bot, past what the sandbox would make of it."""
    assert ops.bot
    body, headers = signed(ops.sandbox.signing_secret, Parcel(kind, payload))
    return answer_request(ops.bot, body.decode(), headers)


def submitted(ops: Ops, person: PersonDriver, callback: str, meta: Json, typed: Json) -> Json:
    """Submit a view that was never opened, and return what came back."""
    values = {name: {name: element} for name, element in typed.items()}
    view = {
        "id": "V1",
        "type": "modal",
        "callback_id": callback,
        "private_metadata": json.dumps(meta),
        "blocks": [{"type": "input", "block_id": name} for name in typed],
        "state": {"values": values},
    }
    user, team = {"id": person.id}, {"id": ops.team}
    payload = {"type": "view_submission", "user": user, "team": team, "view": view}
    response = send(ops, "interactive", payload)
    assert response.status == 200
    found: Json = json.loads(response.body or "{}")
    return found


def typed(value: str) -> Json:
    return {"type": "plain_text_input", "value": value}


def pressed(ops: Ops, person: PersonDriver, action: str, value: Json) -> str:
    """Press a button of an ephemeral message that is gone, and return what the person reads."""
    payload = {
        "type": "block_actions",
        "user": {"id": person.id},
        "team": {"id": ops.team},
        "channel": {"id": str(ops.ops)},
        "container": {"type": "message", "is_ephemeral": True, "channel_id": str(ops.ops)},
        "trigger_id": "1.1",
        "response_url": "",
        "actions": [{"action_id": action, "value": json.dumps(value)}],
    }
    assert send(ops, "interactive", payload).status == 200
    ops.drain()
    return person.ephemerals(ops.ops)[-1].text
