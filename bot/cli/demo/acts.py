"""The acts of people in the demo: they replay the chat, then record, use and change entries.

Their forms say the same as the threads, in fewer words.
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

# The threads that entries are recorded from, by the ID of their first message.
NEW_KERNEL: Final = "ncar:49534"
CERTIFICATE: Final = "ncar:24158"
UPDATE: Final = "ncar:94328"
# A thread whose answer is a standing rule. It's said at the end, while someone looks on.
RULE: Final = "ncar:90817"
_LINK: Final = re.compile(r"<(https://[^|>\s]+/p(\d{16})[^|>\s]*)\|")


@dataclass(frozen=True)
class Ops:
    """`#ops` after the replay. `ts` maps the IDs of the chat's messages to Slack's."""

    driver: Driver
    channel: Channel
    people: Mapping[str, PersonDriver]
    ts: Mapping[str, str]

    def name(self, id_: str) -> str:
        """Return the name of a person, of the bot or of the channel by its ID."""
        known = {person.id: person.name for person in self.people.values()}
        return {**known, self.channel.id: self.channel.name}.get(id_, "Opslore")


def replay(driver: Driver, chat: Chat, report: Callable[[int], None]) -> Ops:
    """Post each message in `#ops` at its time, and `report` the number of messages so far."""
    people = {name: driver.person(name) for name in chat.people}
    channel = driver.channel("ops", members=list(people.values()))
    driver.invite_bot(channel, by=people[chat.people[0]])
    ts: dict[str, str] = {}
    for number, message in enumerate(chat.without([RULE]).messages, start=1):
        thread = None if message.begins_thread else ts[message.thread]
        author = people[message.author]
        ts[message.id] = author.say(channel, message.text, thread=thread, at=message.at)
        report(number)
    return Ops(driver, channel, people, ts)


def say_a_rule(ops: Ops, chat: Chat, settle: Callable[[], None]) -> tuple[str, Message]:
    """Say a thread with a rule now; return who is asked about it, and Opslore's prompt.

    `settle`: waits until the bot has done everything that it was sent.
    """
    root = None
    for message in chat.only([RULE]).messages:
        said = ops.people[message.author].say(ops.channel, message.text, thread=root)
        root = root or said
        last = said
        # People answer after they have read. A reply that the bot hears before the question reads
        # differently.
        ops.driver.until(lambda: ops.driver.deliveries()[-1]["acked"])
        settle()
    # A check mark says that a thread has settled. Otherwise that takes some quiet minutes.
    ops.people[message.author].react(ops.channel, last, "white_check_mark")

    def look() -> tuple[str, Message] | None:
        for name, person in ops.people.items():
            for shown in person.ephemerals(ops.channel):
                if "Record it" in shown.buttons():
                    return name, shown
        return None

    asked = ops.driver.until(look)
    assert asked is not None
    return asked


def record_decision(ops: Ops, who: str) -> str:
    """Record how the hub lists a new environment. Return the text of its card."""
    view = _form(ops, who, NEW_KERNEL, "Decision")
    view.fill(
        {
            "Title": "A new conda environment isn't listed as a kernel",
            "When does this come up?": "The menu of kernels doesn't have an environment that was "
            "just created.",
            "What do we do?": "Install `ipykernel` in the environment.\n"
            "Reload the page, and choose the environment as the kernel.",
            "Why?": "The hub lists only environments that have it.",
            "Tags": "jupyterhub, conda",
        }
    )
    return _save(ops, view, NEW_KERNEL)


def record_escalation(ops: Ops, who: str, levels: list[str]) -> str:
    """Record the three levels of contacts for when the hub's certificate has expired."""
    view = _form(ops, who, CERTIFICATE, "Escalation path")
    view.fill(
        {
            "Title": "The hub's certificate has expired",
            "What goes wrong?": "Browsers warn that the hub's login page is not secure.",
            "Last resort": "Say so in #ops, and work over the ssh tunnel until it is renewed.",
            "Tags": "jupyterhub",
        }
    )
    view.choose("Severity", "SEV2: customers notice")
    waits = ("15 minutes", "30 minutes", "1 hour")
    tell = (
        "Which address, and since when it has expired.",
        "The help desk's ticket, and that the security office issues the new one.",
        "Who is affected, and what the first two found.",
    )
    for number, (person, wait, words) in enumerate(zip(levels, waits, tell, strict=True), 1):
        if number > 1:
            view = view.press("Add a level") or view
        view.choose(f"Level {number}: notify", [ops.people[person]])
        view.choose(f"Level {number}: wait", wait)
        view.fill({f"Level {number}: tell them": words})
    return _save(ops, view, CERTIFICATE)


def record_handoff(ops: Ops, who: str) -> str:
    """Record the information to pass on when conda and the kernels are updated."""
    view = _form(ops, who, UPDATE, "Handoff")
    view.fill(
        {
            "Title": "Conda and the kernels are updated",
            "From": "The engineers who update them",
            "To": "Everyone who works on the hub",
            "When does this happen?": "Twice a year, with a new release of the libraries.",
            "What must be passed on?": "The new versions, and the kernel that has them\n"
            "The packages that were dropped\n"
            "How to go on with the release before\n"
            "Where to report a package that is missing",
            "Tags": "conda, maintenance",
        }
    )
    view.choose("Acknowledge within", "1 day")
    return _save(ops, view, UPDATE)


def approve(ops: Ops, who: str, thread: str) -> None:
    """Approve the draft from a thread, and wait until it is in force."""
    ops.people[who].press("Approve", _card(ops, thread))
    ops.driver.until(lambda: "Use it" in _card(ops, thread).buttons())


def deviate(ops: Ops, who: str) -> None:
    """Use the decision, and note what was different this time."""
    card = _card(ops, NEW_KERNEL)
    person = ops.people[who]
    view = person.press("Use it", card)
    if not isinstance(view, View):
        raise DemoError("`Use it` didn't open a form.")
    view.choose("How did it go?", "Deviated")
    view.fill({"Note": "With ipykernel it still wasn't listed; with jupyterlab it was."})
    _submit(view)


def propose(ops: Ops, who: str) -> Message:
    """Propose a change after the deviation, and return the card of the proposal."""
    view = ops.people[who].press("Edit", _card(ops, NEW_KERNEL))
    if not isinstance(view, View):
        raise DemoError("`Edit` didn't open a form.")
    view.fill(
        {
            "What do we do?": "Install `ipykernel` in the environment.\n"
            "Reload the page, and choose the environment as the kernel.\n"
            "If it still isn't listed, install `jupyterlab` in it, too.",
            "What changed and why?": "`ipykernel` alone wasn't enough for one environment.",
        }
    )
    _submit(view)

    def look() -> Message | None:
        messages = reversed(ops.driver.messages(ops.channel))
        return next((message for message in messages if " proposes " in message.text), None)

    card = ops.driver.until(look)
    assert card is not None
    return card


def ask_for_digest(ops: Ops, who: str) -> Message:
    """Ask for the digest now, and return the message that the bot posted."""
    before = {message.ts for message in ops.driver.messages(ops.channel)}
    ops.people[who].slash(ops.channel, "/lore digest now")

    def look() -> Message | None:
        messages = (each for each in ops.driver.messages(ops.channel) if each.ts not in before)
        return next((each for each in messages if each.text.startswith("Weekly digest")), None)

    posted = ops.driver.until(look)
    assert posted is not None
    return posted


def list_gaps(ops: Ops, digest: Message) -> list[tuple[str, list[tuple[Message, str]]]]:
    """Return the title of each gap in a digest, with the messages that it links to."""
    messages = {message.ts: message for message in ops.driver.messages(ops.channel)}
    blocks = [
        block for message in ops.driver.thread(ops.channel, digest) for block in message.blocks
    ]
    gaps = []
    for block, after in pairwise(blocks):
        if after["type"] == "actions" and after["elements"][0]["action_id"] == "line_record":
            text = str(block["text"]["text"])
            links = [
                (messages[f"{ts[:-6]}.{ts[-6:]}"], unescape(link))
                for link, ts in _LINK.findall(text)
            ]
            gaps.append((text.splitlines()[0].strip("*"), links))
    return gaps


def _form(ops: Ops, who: str, thread: str, kind: str) -> View:
    """Open the form for this kind by the shortcut on a thread's first message; they own it."""
    opened = ops.people[who].shortcut("Record this thread", ops.channel, ops.ts[thread])
    if not isinstance(opened, View):
        raise DemoError("`Record this thread` didn't open a form.")
    return opened.choose("Kind", kind).choose("Owner", ops.people[who])


def _save(ops: Ops, view: View, thread: str) -> str:
    _submit(view)
    return _card(ops, thread).text


def _submit(view: View) -> None:
    if errors := view.submit():
        raise DemoError(f"The form was refused: {errors}")


def _card(ops: Ops, thread: str) -> Message:
    """Return the card that the bot posted in a thread."""
    bot = ops.driver.workspace()["bot_user_id"]

    def look() -> Message | None:
        messages = reversed(ops.driver.thread(ops.channel, ops.ts[thread]))
        return next((message for message in messages if message.user == bot), None)

    card = ops.driver.until(look)
    assert card is not None
    return card
