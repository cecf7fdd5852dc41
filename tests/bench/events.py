"""Events a second through the listener path, as a ratio to a bare Bolt app with one listener."""

import json
import tempfile
import threading
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from itertools import count
from pathlib import Path
from statistics import median
from typing import Any, Final

from slack_bolt import App, BoltRequest
from slack_bolt.authorization import AuthorizeResult
from slack_sdk import WebClient

from bot.app import build
from bot.cli.demo.chat import Chat
from bot.settings import Settings
from sandbox import Sandbox
from storage.migrate import upgrade
from storage.store import Store
from tests.bench.figures import Figure, spread
from tests.support.ops import MANIFEST

_ROUNDS: Final = 9
_EVENTS: Final = 2000
# As many as the workers of Socket Mode in `bot.cli.receivers`.
_THREADS: Final = 20

_numbers = count(1)


def events() -> Iterator[Figure]:
    """Measure both apps in turn, with the texts of a real chat and with their first sentences."""
    with tempfile.TemporaryDirectory() as folder, Sandbox(MANIFEST) as sandbox:
        url = f"sqlite:///{Path(folder) / 'bench.db'}"
        upgrade(url)
        store = Store.open(url)
        settings = Settings(bot_token=sandbox.bot_token, slack_api_url=sandbox.api_url)
        ours = build(settings, store, now=lambda: datetime.now(UTC), patient=False).app
        bare = _bare(sandbox)
        texts = [message.text for message in Chat.load().messages]
        sentences = [text.split(". ")[0].split("\n")[0] for text in texts]
        for name, chat in (("of a help chat", texts), ("of one sentence", sentences)):
            team = sandbox.team_id
            _round(ours, chat, 300, team)
            _round(bare, chat, 300, team)
            pairs = [
                (_round(bare, chat, _EVENTS, team), _round(ours, chat, _EVENTS, team))
                for _ in range(_ROUNDS)
            ]
            ratios = [our / base for base, our in pairs]
            length = sum(map(len, chat)) / len(chat)
            print(f"  messages {name}, {length:.0f} characters each: {spread(ratios)}")
            yield Figure(
                f"events a second, messages {name}", median(b for _, b in pairs), "a second"
            )
            yield Figure(
                f"  over bare Bolt ({median(b for b, _ in pairs):,.0f} a second)",
                median(ratios),
                "times",
                0.3,
                floor=True,
            )
        store.close()


def _bare(sandbox: Sandbox) -> App:
    authorized = AuthorizeResult(
        enterprise_id=None,
        team_id=sandbox.team_id,
        bot_id=sandbox.bot_id,
        bot_user_id=sandbox.bot_user_id,
        bot_token=sandbox.bot_token,
    )
    client = WebClient(token=sandbox.bot_token, base_url=sandbox.api_url)
    app = App(client=client, signing_secret="unused", authorize=lambda: authorized)

    @app.event("message")
    def message_came() -> None:
        pass

    return app


def _round(app: App, chat: list[str], number: int, team: str) -> float:
    """Dispatch new messages from several threads, and return the events a second."""
    waiting = iter([_event(next(_numbers), chat, team) for _ in range(number)])
    turn = threading.Lock()
    refused: list[int] = []

    def work() -> None:
        while True:
            with turn:
                body = next(waiting, None)
            if body is None:
                return
            response = app.dispatch(BoltRequest(body=json.loads(body), mode="socket_mode"))
            if response.status != 200:
                refused.append(response.status)

    threads = [threading.Thread(target=work) for _ in range(_THREADS)]
    began = time.perf_counter()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    took = time.perf_counter() - began
    if refused:
        raise RuntimeError(f"{len(refused)} events were refused")
    return number / took


def _event(number: int, chat: list[str], team: str) -> str:
    event: dict[str, Any] = {
        "type": "message",
        "channel": f"C{number % 7}",
        "channel_type": "channel",
        "user": f"U{number % 50}",
        "text": chat[number % len(chat)],
        "ts": f"{1_700_000_000 + number}.000100",
    }
    return json.dumps(
        {
            "type": "event_callback",
            "team_id": team,
            "event_id": f"Ev{number}",
            "event_time": 1_700_000_000 + number,
            "authorizations": [{"team_id": team, "user_id": "U0", "is_bot": True}],
            "event": event,
        }
    )
