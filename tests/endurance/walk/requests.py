"""Signed requests that Slack's clients wouldn't send, in HTTP mode only."""

from concurrent.futures import ThreadPoolExecutor

import httpx

from sandbox.model import Json
from sandbox.persons import PersonDriver
from sandbox.transports import Parcel, signed
from tests.endurance.walk.stage import Walk
from tests.support.processes import BotProcess


def sent(walk: Walk, parcel: Parcel, *bots: BotProcess) -> list[httpx.Response]:
    """Send it to each bot at the same moment."""
    body, headers = signed(walk.environment["SLACK_SIGNING_SECRET"], parcel)

    def send(bot: BotProcess) -> httpx.Response:
        url = f"http://127.0.0.1:{bot.port}/slack/events"
        return httpx.post(url, content=body, headers=headers, trust_env=False, timeout=60)

    every = bots or (walk.bot,)
    with ThreadPoolExecutor(len(every)) as pool:
        return list(pool.map(send, every))


def submission(walk: Walk, person: PersonDriver, view: Json) -> Parcel:
    """Return Slack's request for a modal that this person submits."""
    team = walk.driver.workspace()["team_id"]
    payload = {
        "type": "view_submission",
        "user": {"id": person.id, "team_id": team},
        "team": {"id": team},
        "view": view,
    }
    return Parcel("interactive", payload)


def command(walk: Walk, person: PersonDriver, channel: object, text: str) -> Parcel:
    """Return Slack's request for `/lore` with these words by this person."""
    payload = {
        "command": "/lore",
        "text": text,
        "user_id": person.id,
        "channel_id": str(channel),
        "team_id": walk.driver.workspace()["team_id"],
        "response_url": f"{walk.environment['SANDBOX_URL']}/respond/none",
        "trigger_id": "1.0",
    }
    return Parcel("slash_commands", payload)
