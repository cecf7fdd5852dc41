"""The demo from start to end."""

import signal
import sys
import threading
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from datetime import UTC, datetime
from types import FrameType
from typing import Final

from bot.cli.demo import acts, landing
from bot.cli.demo.acts import Ops
from bot.cli.demo.chat import Chat
from bot.cli.demo.processes import Launch, Running, running
from bot.cli.demo.screen import Screen
from sandbox.seen import Message

_LOOK_SECONDS: Final = 1.0
_ABOUT: Final = (
    "This is a real chat: {messages} messages in {threads} threads by users and staff of a "
    "research center's JupyterHub. It comes from NCAR's public Zulip archive (Apache-2.0, see "
    "bot/cli/demo/data/SOURCE.md). Five years are compressed into the last four weeks, and the "
    "names are made up. The words are unchanged."
)
_TRY: Final = """\
Open the workspace in your browser. You're {asked}, in #ops:

  {page}

The line at the top has three things to try. At the bottom of the side bar you can move the clock
and open the API log. Press Ctrl-C to stop; nothing is left behind.
You can also act as anyone from another terminal:

  {python}
  >>> from sandbox import Driver
  >>> driver = Driver.connect("{url}")
  >>> {asked}, mira = driver.known("{asked}"), driver.known("mira")

  1. Record the rule: the form is filled in from the thread.
  >>> prompt = [m for m in {asked}.ephemerals("ops") if "Record it" in m.buttons()][-1]
  >>> print({asked}.press("Record it", prompt).words())

  2. List what was never written down, with who usually answers it.
  >>> print(mira.slash("ops", "/lore gaps").words())

  3. Ask it in your own words.
  >>> print(mira.slash("ops", "/lore server pending in queue").words())
"""


def demo(*, stay: bool | None = None, chat: Chat | None = None, launch: Launch = Launch()) -> int:
    """Show Opslore at work, without a Slack account, and return the exit status.

    `stay`: keep it running until it is interrupted; None does so on a terminal. `chat`: replay it
    instead of the excerpt in the package.

    Raises:
        DemoError: the sandbox or the bot failed. The text has the last lines of its log.
    """
    screen = Screen()
    stays = sys.stdin.isatty() if stay is None else stay
    with _interruptible() as stopped:
        try:
            _play(screen, (chat or Chat.load()).until(datetime.now(UTC)), launch, stay=stays)
        except KeyboardInterrupt:
            screen.say("\nStopped. Nothing is left behind.")
            return 128 + stopped[0]
    return 0


def _play(screen: Screen, chat: Chat, launch: Launch, *, stay: bool) -> None:
    screen.title("Opslore on a real operations chat")
    screen.explain(_ABOUT.format(messages=len(chat.messages), threads=chat.threads))
    screen.say("")
    with ExitStack() as stack:
        with screen.step("Starting", "The bot and a sandbox that speaks Slack's protocol are up"):
            up = stack.enter_context(running(launch))
        ops = _replay(screen, up, chat)
        with screen.step("Talking", "ruben has a problem now, and hugo answers it with a rule"):
            asked, prompt = acts.say_a_rule(ops, chat, up.settle)
        proposal = _act(screen, ops)
        with screen.step("Waiting", "theo asks for this week's digest with /lore digest now"):
            digest = acts.ask_for_digest(ops, "theo")
            up.settle()
        screen.title("Posted by Opslore in #ops")
        first, *more = ops.driver.thread(ops.channel, digest)
        screen.draw(first, ops.name)
        for message in more:
            screen.say("\n  In its thread:\n")
            screen.draw(message, ops.name, indent="  │ ")
        _print_gaps(screen, ops, digest)
        screen.title(f"Only {asked} sees this, because {asked} stated a rule")
        screen.draw(prompt, ops.name)
        landing.welcome(ops, digest, proposal)
        if stay:
            screen.title("Try it")
            page = landing.address(up.url, ops, asked)
            screen.say(_TRY.format(page=page, url=up.url, python=sys.executable, asked=asked))
            landing.open_page(page)
            _until_stopped(screen)
        else:
            screen.say("\nTo try it yourself, run it in a terminal without --exit.")


def _replay(screen: Screen, up: Running, chat: Chat) -> Ops:
    total = len(chat.messages)
    done = f"Replayed {total} messages into #ops, each with its date"
    with screen.step("Replaying the chat:", done) as progress:
        ops = acts.replay(up.driver, chat, lambda count: progress(f"{count} of {total}"))
        progress(f"{total} of {total}, the bot is reading")
        up.settle()
    return ops


def _act(screen: Screen, ops: Ops) -> Message:
    """Let people record three entries and propose a change. Return the proposal's card."""
    with screen.step("Recording", "clara records a decision from the thread that led to it"):
        acts.record_decision(ops, "clara")
    with screen.step("Approving", "theo reads the draft and approves it, so it's in force"):
        acts.approve(ops, "theo", acts.NEW_KERNEL)
    with screen.step("Recording", "theo records an escalation path with three levels"):
        acts.record_escalation(ops, "theo", ["noor", "hugo", "clara"])
        acts.approve(ops, "noor", acts.CERTIFICATE)
    with screen.step("Recording", "hugo records a handoff"):
        acts.record_handoff(ops, "hugo")
        acts.approve(ops, "clara", acts.UPDATE)
    with screen.step("Using", "zara uses the decision and notes what was different this time"):
        acts.deviate(ops, "zara")
    with screen.step("Proposing", "zara proposes a change, which someone else has to approve"):
        return acts.propose(ops, "zara")


def _print_gaps(screen: Screen, ops: Ops, digest: Message) -> None:
    """Print the messages that the gaps link to, so that a reader can judge the gaps."""
    screen.title("The messages behind the gaps")
    for number, (title, messages) in enumerate(acts.list_gaps(ops, digest)):
        screen.say("\n" * (number > 0) + title)
        for message, link in messages:
            screen.quote(message, ops.name(message.user), link)


def _until_stopped(screen: Screen) -> None:
    try:
        # After Ctrl-Z, another thread may get the signal, which doesn't wake an endless wait.
        while not threading.Event().wait(_LOOK_SECONDS):
            pass
    except KeyboardInterrupt:
        screen.say("\nStopping.")


@contextmanager
def _interruptible() -> Iterator[list[int]]:
    """Let SIGTERM end the demo as Ctrl-C does. A second signal must not stop the cleanup.

    Yields a list that gets the signal's number.
    """
    stopped: list[int] = []

    def stop(number: int, _: FrameType | None) -> None:
        for signum in (signal.SIGINT, signal.SIGTERM):
            signal.signal(signum, signal.SIG_IGN)
        stopped.append(number)
        raise KeyboardInterrupt

    before = {signum: signal.signal(signum, stop) for signum in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield stopped
    finally:
        for signum, handler in before.items():
            signal.signal(signum, handler)
