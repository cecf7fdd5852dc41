"""Questions in messages to Opslore, and `Ask ana` on their answers."""

import functools
from typing import Final

from slack_bolt import App

from bot.deps import Deps
from bot.domain.entries import UserId
from bot.domain.outbox import Topic
from bot.domain.questions import is_question
from bot.listeners.answers import tell
from bot.listeners.guard import pressed
from bot.slack import ids
from bot.slack.payloads.events import Message
from bot.slack.payloads.fields import ident, optional, timestamp
from bot.slack.payloads.interactions import ButtonPress, unpacked
from bot.slack.text import mrkdwn
from bot.usecases.entries.replies import Reply
from bot.usecases.listening.messages import Request, hear_request
from bot.usecases.listening.questions import PassedQuestion, pass_on_question
from bot.usecases.steps.secrets import excerpt

EXPLANATION: Final = (
    "Ask a question: `@Opslore what do we do when …?` In a thread, `@Opslore record` records it. "
    "Then `@Opslore why: …` adds the reason and `@Opslore owner: @user` sets the owner. `/lore "
    "help` lists all commands."
)
_DIRECT_EXPLANATION: Final = (
    "Ask a question here, such as “What do we do when the deploy hangs?” To record an entry, use "
    "`/lore record` in a channel. `/lore help` lists all commands."
)


def register(app: App, deps: Deps) -> None:
    """Register the button."""
    app.action(ids.ASK_PERSON)(pressed(deps, functools.partial(_ask, deps)))


def _ask(deps: Deps, press: ButtonPress) -> None:
    """Mention the person in the question's thread; a second press only says that it was done."""
    facts = unpacked(press.value)
    asked = PassedQuestion(
        person=UserId(ident(facts, "person")),
        channel=press.place,
        ts=timestamp(facts, "ts"),
        thread_ts=press.thread_ts or timestamp(facts, "ts"),
        text=optional(facts, "asked"),
    )
    to, reader = deps.people.reader(asked.person), deps.people.reader(press.user)
    is_new = pass_on_question(deps.store, deps.team, asked, to=to, reader=reader, now=deps.now())
    name = to.person.name
    if not is_new:
        tell(deps, press, f"{name} was already asked.")
    elif asked.text:
        tell(deps, press, f"Opslore asks {name} in a direct message.")


def asks_to_record(text: str) -> bool:
    """Return whether a text after `@Opslore` asks to record its thread."""
    words = mrkdwn.plain(text).split()
    return bool(words) and words[0].lower().strip(".,!:") == "record"


def question_of(deps: Deps, message: Message) -> str:
    """Return the question in a message that mentions Opslore; empty if it asks something else.

    People also write the name at the end: "What do we do when …, @Opslore?"
    """
    request = message.text.partition(">")[2]
    if asks_to_record(request) or Reply.parse(mrkdwn.plain(request)):
        return ""
    text = mrkdwn.plain(message.text.replace(f"<@{deps.bot_user}>", " ")).strip()
    return text if is_question(text) else ""


def answer_direct(deps: Deps, message: Message, event_id: str) -> None:
    """Answer a direct message, to which Slack sends no `app_mention`."""
    text = mrkdwn.plain(message.text.replace(f"<@{deps.bot_user}>", " ")).strip()
    question = "" if asks_to_record(text) else text
    take_question(deps, message, event_id, question, _DIRECT_EXPLANATION)
    deps.wake()


def take_question(deps: Deps, message: Message, event_id: str, text: str, explanation: str) -> None:
    """Queue the answer to a question; if the text asks nothing, what can be asked."""
    asks = is_question(text)
    hear_request(
        deps.store,
        deps.team,
        Request(
            event_id=event_id,
            user=message.user,
            channel=message.channel,
            thread_ts=message.thread_ts,
            topic=Topic.QUESTION if asks else Topic.NOTE,
            payload={"ts": message.ts, "excerpt": excerpt(text)} if asks else {"text": explanation},
        ),
        now=deps.now(),
    )
