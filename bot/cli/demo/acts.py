"""What people do in the demo: replay the chat, then record, use and ask, as one does in Slack.

What they write into the forms is what the threads say, in fewer words.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from html import unescape
from itertools import pairwise
from typing import Final

from bot.cli.demo.chat import Chat
from bot.cli.demo.processes import DemoError
from sandbox import Driver
from sandbox.forms import View
from sandbox.persons import PersonDriver
from sandbox.seen import Channel, Message

# The threads that something is recorded from, by their first message.
PENDING: Final = "ncar:91833"
HUB_DOWN: Final = "ncar:24214"
UPGRADE: Final = "ncar:93769"
_LINK: Final = re.compile(r"<(https://[^|>\s]+/p(\d{16})[^|>\s]*)\|")


@dataclass(frozen=True)
class Ops:
    """`#ops` once the chat is in it. `ts` maps the ids of the chat's messages to Slack's."""

    driver: Driver
    channel: Channel
    people: Mapping[str, PersonDriver]
    ts: Mapping[str, str]

    def name(self, of: str) -> str:
        """The name of a person, of the bot or of the channel, by its id."""
        known = {person.id: person.name for person in self.people.values()}
        return {**known, self.channel.id: self.channel.name}.get(of, "Opslore")


def replay(driver: Driver, chat: Chat, told: Callable[[int], None]) -> Ops:
    """Say everything in `#ops` at its time; `told` hears how many messages were said."""
    people = {name: driver.person(name) for name in chat.people}
    channel = driver.channel("ops", members=list(people.values()))
    driver.invite_bot(channel, by=people[chat.people[0]])
    ts: dict[str, str] = {}
    for number, said in enumerate(chat.said, start=1):
        thread = None if said.begins else ts[said.thread]
        ts[said.id] = people[said.author].say(channel, said.text, thread=thread, at=said.at)
        told(number)
    return Ops(driver, channel, people, ts)


def record_decision(ops: Ops, who: str) -> str:
    """Record which node to take when the login nodes are full; returns the entry's card text."""
    view = _form(ops, who, PENDING, "Decision")
    view.fill(
        {
            "Title": "Casper's login nodes are full: take a batch node",
            "When does this come up?": "A server stays “Pending in queue” or times out, and "
            "`qstat jhublogin` shows about 180 sessions.",
            "What do we do?": "Choose the Casper PBS batch node under Resource Selection.\n"
            "End your own login session once the work is done: File > Hub Control Panel.",
            "Why?": "Login sessions are capped and live for days; idle ones keep others out.",
            "Tags": "jupyterhub, casper",
        }
    )
    return _saved(ops, view, PENDING)


def record_escalation(ops: Ops, who: str, levels: list[str]) -> str:
    """Record whom to call when the hub is down, in three levels."""
    view = _form(ops, who, HUB_DOWN, "Escalation path")
    view.fill(
        {
            "Title": "JupyterHub is down",
            "What goes wrong?": "Several people get a 504 Gateway Timeout, a spawner timeout or no "
            "login page.",
            "Last resort": "Say so in #ops, and work over ssh until the hub is back.",
            "Tags": "jupyterhub",
        }
    )
    view.choose("Severity", "SEV2: customers notice")
    waits = ("15 minutes", "30 minutes", "1 hour")
    tell = (
        "Which hub, which node, the error, and since when.",
        "The help desk's ticket, and that PBS or Casper may be the cause.",
        "Who is affected, and what the first two found.",
    )
    for number, (person, wait, words) in enumerate(zip(levels, waits, tell, strict=True), 1):
        if number > 1:
            view = view.press("Add a level") or view
        view.choose(f"Level {number}: notify", [ops.people[person]])
        view.choose(f"Level {number}: wait", wait)
        view.fill({f"Level {number}: tell them": words})
    return _saved(ops, view, HUB_DOWN)


def record_handoff(ops: Ops, who: str) -> str:
    """Record what must be passed on around an upgrade of the hub."""
    view = _form(ops, who, UPGRADE, "Handoff")
    view.fill(
        {
            "Title": "The hub goes offline for an upgrade",
            "From": "The engineers who upgrade it",
            "To": "Everyone who works on the hub",
            "When does this happen?": "An upgrade will end running sessions.",
            "What must be passed on?": "The day it is offline, a week before and on that morning\n"
            "That running sessions are ended\n"
            "Which server types and queues go away\n"
            "When it is back, and which kernels or logins still have trouble",
            "Tags": "jupyterhub, maintenance",
        }
    )
    view.choose("Acknowledge within", "1 day")
    return _saved(ops, view, UPGRADE)


def approve(ops: Ops, who: str, thread: str) -> None:
    """Approve the draft that was recorded from a thread, and wait until it is in force."""
    ops.people[who].press("Approve", _card(ops, thread))
    ops.driver.until(lambda: "Use it" in _card(ops, thread).buttons())


def deviate(ops: Ops, who: str) -> None:
    """Use the decision, and say what was different this time."""
    card = _card(ops, PENDING)
    person = ops.people[who]
    view = person.press("Use it", card)
    if not isinstance(view, View):
        raise DemoError("`Use it` didn't open a form.")
    view.choose("How did it go?", "Deviated")
    view.fill({"Note": "PBS could not check out licences, so batch jobs timed out too; we waited."})
    _submit(view)


def propose(ops: Ops, who: str) -> Message:
    """Propose what the deviation taught; returns the proposal, which waits for somebody else."""
    view = ops.people[who].press("Edit", _card(ops, PENDING))
    if not isinstance(view, View):
        raise DemoError("`Edit` didn't open a form.")
    view.fill(
        {
            "What do we do?": "Choose the Casper PBS batch node under Resource Selection.\n"
            "End your own login session the same evening: File > Hub Control Panel.",
            "Exceptions": "Batch jobs time out too: PBS is out of licences. Wait, and tell #ops.",
            "What changed and why?": "Batch jobs timed out as well, and no one knew what to do.",
        }
    )
    _submit(view)

    def look() -> Message | None:
        said = ops.driver.messages(ops.channel)
        return next((each for each in reversed(said) if " proposes " in each.text), None)

    found = ops.driver.until(look)
    assert found is not None
    return found


def ask_for_digest(ops: Ops, who: str) -> Message:
    """Ask for the digest now; returns it as the bot posted it."""
    before = {message.ts for message in ops.driver.messages(ops.channel)}
    ops.people[who].slash(ops.channel, "/lore digest now")

    def look() -> Message | None:
        fresh = (each for each in ops.driver.messages(ops.channel) if each.ts not in before)
        return next((each for each in fresh if each.text.startswith("Weekly digest")), None)

    posted = ops.driver.until(look)
    assert posted is not None
    return posted


def behind(ops: Ops, digest: Message) -> list[tuple[str, list[tuple[Message, str]]]]:
    """Return each gap of a digest by its title, with the messages that it links to."""
    said = {message.ts: message for message in ops.driver.messages(ops.channel)}
    blocks = [
        block for message in ops.driver.thread(ops.channel, digest) for block in message.blocks
    ]
    found = []
    for block, after in pairwise(blocks):
        if after["type"] == "actions" and after["elements"][0]["action_id"] == "line_record":
            text = str(block["text"]["text"])
            links = [
                (said[f"{ts[:-6]}.{ts[-6:]}"], unescape(link)) for link, ts in _LINK.findall(text)
            ]
            found.append((text.splitlines()[0].strip("*"), links))
    return found


def _form(ops: Ops, who: str, thread: str, kind: str) -> View:
    """Open the form by the shortcut on a thread's first message, as this kind."""
    opened = ops.people[who].shortcut("Record this thread", ops.channel, ops.ts[thread])
    if not isinstance(opened, View):
        raise DemoError("`Record this thread` didn't open a form.")
    return opened.choose("Kind", kind)


def _saved(ops: Ops, view: View, thread: str) -> str:
    _submit(view)
    return _card(ops, thread).text


def _submit(view: View) -> None:
    refused = view.submit()
    if refused:
        raise DemoError(f"The form was refused: {refused}")


def _card(ops: Ops, thread: str) -> Message:
    """The card that the bot posted in a thread."""
    bot = ops.driver.workspace()["bot_user_id"]

    def look() -> Message | None:
        said = ops.driver.thread(ops.channel, ops.ts[thread])
        return next((each for each in reversed(said) if each.user == bot), None)

    found = ops.driver.until(look)
    assert found is not None
    return found
