"""The first view of the page: #ops with the digest, and a line of things to try."""

import os
import sys
import webbrowser
from typing import Final
from urllib.parse import urlencode

from bot.cli.demo.acts import Ops
from sandbox.seen import Message

_WORDS: Final = (
    "This is a stand-in for Slack, with four weeks of a real chat and Opslore's digest of it. Try:"
)


def address(url: str, ops: Ops, reader: str = "mira") -> str:
    """Return the page's address, as one of the people in `#ops`."""
    return f"{url}/page/?{urlencode({'as': reader, 'in': ops.channel.name})}"


def welcome(ops: Ops, digest: Message, proposal: Message) -> None:
    """Mark everything before the digest as read, and show on the page what there is to try."""
    before = [message.ts for message in ops.driver.messages(ops.channel) if message.ts < digest.ts]
    for person in ops.people.values():
        ops.driver.do("page.read", user=person.id, channel=ops.channel.id, ts=before[-1])
    ops.driver.do("page.welcome", words=_WORDS, tries=_tries(ops, proposal))


def _tries(ops: Ops, proposal: Message) -> list[dict[str, object]]:
    """Return the things to try, each with the place where the page does it."""
    here = {"channel": ops.channel.id, "tab": None, "thread": None, "at": None}
    return [
        {
            "words": "Record the rule that hugo stated, below the digest",
            "place": here | {"at": _said_last(ops)},
        },
        {"words": "Approve zara's change", "place": here | {"at": proposal.ts}},
        {"words": "Move to next Monday", "place": here | {"clock": "1"}},
    ]


def _said_last(ops: Ops) -> str:
    """Return the first message of the thread that was said last."""
    bot = ops.driver.workspace()["bot_user_id"]
    said = [one for one in ops.driver.messages(ops.channel) if one.user != bot]
    return said[-1].ts


def open_page(at: str) -> None:
    """Open the page in a browser if this is a terminal on a machine with a screen."""
    screen = sys.platform in ("darwin", "win32") or any(
        os.environ.get(name) for name in ("DISPLAY", "WAYLAND_DISPLAY")
    )
    if screen and sys.stdout.isatty():
        try:
            webbrowser.open(at)
        except (webbrowser.Error, OSError):
            # The address is on the terminal anyway.
            return
