"""Where one lands in the page: in #ops with the digest in view, and what there is to try above."""

import os
import sys
import webbrowser
from typing import Final
from urllib.parse import urlencode

from bot.cli.demo import acts
from bot.cli.demo.acts import Ops
from sandbox.seen import Message

_READER: Final = "mira"
# A question and a word back are not yet an answer.
_ANSWERED: Final = 2
_WORDS: Final = (
    "This is a stand-in for Slack, with four weeks of a real chat and Opslore's digest of it. Try:"
)


def address(url: str, ops: Ops) -> str:
    """The page's address, as one of the people in `#ops`."""
    return f"{url}/page/?{urlencode({'as': _READER, 'in': ops.channel.name})}"


def welcome(ops: Ops, digest: Message, proposal: Message) -> None:
    """Leave the digest as what is new to everyone, and say in the page what there is to try."""
    before = [message.ts for message in ops.driver.messages(ops.channel) if message.ts < digest.ts]
    for person in ops.people.values():
        ops.driver.do("page.read", user=person.id, channel=ops.channel.id, ts=before[-1])
    ops.driver.do("page.welcome", words=_WORDS, tries=_tries(ops, digest, proposal))


def _tries(ops: Ops, digest: Message, proposal: Message) -> list[dict[str, object]]:
    """Each thing to try with the place that it is done at, as the page names places."""
    here = {"channel": ops.channel.id, "tab": None, "thread": None, "at": None}
    root = _short_thread(ops, digest)
    return [
        {
            "words": "Record a decision from this thread",
            "place": here | {"thread": root, "at": root},
        },
        {"words": "Approve zara's change", "place": here | {"at": proposal.ts}},
        {"words": "Move to next Monday", "place": here | {"clock": "1"}},
    ]


def _short_thread(ops: Ops, digest: Message) -> str:
    """Return the root of a gap's thread that is quickly read, and has an answer in it."""
    linked = [message for _, links in acts.behind(ops, digest) for message, _ in links]
    threads = (ops.driver.thread(ops.channel, message) for message in linked)
    return min((each for each in threads if len(each) > _ANSWERED), key=len)[0].ts


def open_page(at: str) -> None:
    """Open the page where somebody sits before a screen; elsewhere its address is all there is."""
    screen = sys.platform in ("darwin", "win32") or any(
        os.environ.get(name) for name in ("DISPLAY", "WAYLAND_DISPLAY")
    )
    if screen and sys.stdout.isatty():
        try:
            webbrowser.open(at)
        except (webbrowser.Error, OSError):
            # It says where the page is all the same.
            return
