"""Refusing, logging and counting payloads that were sent to another installation of the app."""

import json
import logging
from collections.abc import Mapping
from typing import Any, Final

from slack_bolt import BoltResponse

from bot.metrics import count
from bot.slack.payloads.installation import Installation, describe_sender

log = logging.getLogger(__name__)

_ELSEWHERE: Final = (
    "This Opslore belongs to another workspace, so nothing was shown or saved. Ask an admin "
    "of your workspace to install it there."
)


def refuse_foreign(installation: Installation, body: Mapping[str, Any]) -> BoltResponse | None:
    """Return the answer to a payload that was sent to another installation; None if it is ours.

    An event is acknowledged, so that Slack doesn't send it again. A command is answered. Any other
    payload gets 403: Slack then says that it failed, and a form stays open with its text.

    Raises:
        MalformedError: the payload isn't of the documented shape.
    """
    # Slack sends this when someone sets up the request URL. It belongs to no workspace.
    if body.get("type") == "url_verification" or installation.owns(body):
        return None
    kind = "event" if "event" in body else "command" if "command" in body else "interaction"
    log.warning("foreign_team", extra=describe_sender(body))
    count("foreign_team", kind)
    if kind == "event":
        return BoltResponse(status=200, body="")
    if kind == "command":
        answer = {"response_type": "ephemeral", "text": _ELSEWHERE}
        return BoltResponse(
            status=200, body=json.dumps(answer), headers={"content-type": "application/json"}
        )
    return BoltResponse(status=403, body="")
