"""Answers to questions, where they were asked, and questions that are passed on to a person."""

import functools
import logging
from dataclasses import replace

from bot.deps import Deps
from bot.domain.entries import EntryId
from bot.domain.errors import NotAllowedError, NotFoundError
from bot.domain.outbox import OutboxItem
from bot.domain.questions import Question, QuestionAnswer, choose_checker, is_reliable
from bot.outbox.delivery import Drawing, addressed_directly, post_and_finish, post_ephemeral
from bot.outbox.notes import send_note
from bot.slack.api.posting import RefusedError, update_message
from bot.slack.text import mrkdwn
from bot.usecases.listening.questions import (
    ask_question,
    list_answers,
    queue_answer,
    read_answering_entry,
)

log = logging.getLogger(__name__)


def send_question(deps: Deps, item: OutboxItem) -> None:
    """Answer a question; an entry that answers it is posted as an item of its own.

    What not everyone in the channel may see is shown to the person who asked, and to no one else.
    """
    assert item.user is not None
    question = _read_question(deps, item)
    try:
        reader = deps.people.reader(item.user)
        answer = ask_question(
            deps.store,
            deps.team,
            question,
            reader=reader,
            now=deps.now(),
            embeddings=deps.embeddings,
        )
    except NotAllowedError as refusal:
        send_note(deps, replace(item, payload={"text": refusal.user_text}))
        return
    if answer.is_private and question.channel is not None:
        post_ephemeral(deps, item, _draw(deps, item, answer), item.thread_ts)
    elif answer.entry is not None and answer.is_reliable:
        queue_answer(deps.store, item, answer, now=deps.now())
        deps.wake()
    else:
        thread_ts = item.thread_ts if question.channel is None else item.thread_ts or question.ts
        post_and_finish(deps, replace(item, thread_ts=thread_ts), _draw(deps, item, answer))


def send_answer(deps: Deps, item: OutboxItem) -> None:
    """Post the entry that answers a question."""
    deps.people.confirm_channels()
    try:
        post_and_finish(deps, item, _draw_entry(deps, item))
    except NotFoundError as error:
        raise RefusedError("it_lives_in_a_private_channel") from error


def redraw_answers(deps: Deps, item: OutboxItem) -> None:
    """Redraw the answers with an entry: all if a text was redacted, else those to take down."""
    deps.people.confirm_channels()
    entry = EntryId(item.payload["entry"])
    is_redacted = bool(item.payload.get("redacted"))
    for answer in list_answers(deps.store, deps.team, entry, hidden=not is_redacted):
        try:
            update_message(deps.client, functools.partial(_answer_drawing, deps, answer))
        except RefusedError as error:
            about = {"item": item.id, "answer": answer.id, "why": error.reason}
            log.info("answer_not_drawn", extra=about)


def send_ask(deps: Deps, item: OutboxItem) -> None:
    """Pass a question on: mention the person in its thread, or send them a direct message."""
    is_direct = item.user is not None
    message = deps.render(
        "ask",
        person=item.payload["person"],
        by=item.payload["by"],
        asked=item.payload["excerpt"],
        is_direct=is_direct,
    )
    post_and_finish(deps, addressed_directly(deps, item) if is_direct else item, message)


def _read_question(deps: Deps, item: OutboxItem) -> Question:
    is_direct = item.channel.startswith("D")
    channel = None if is_direct else deps.people.channel(item.channel)
    return Question(
        text=mrkdwn.named(item.payload["excerpt"], deps.people.name),
        ts=item.payload["ts"],
        channel=None if is_direct else item.channel,
        # If Slack doesn't show the channel, rather take it for a shared one.
        is_shared=not is_direct and (channel is None or channel.shared),
    )


def _draw(deps: Deps, item: OutboxItem, answer: QuestionAnswer) -> Drawing:
    asked = item.payload["excerpt"] if item.channel.startswith("D") else ""
    return deps.render("answer", answer=answer, ts=item.payload["ts"], asked=asked)


def _draw_entry(deps: Deps, item: OutboxItem) -> Drawing:
    entry = read_answering_entry(deps.store, item)
    answer = QuestionAnswer(
        entry=entry, is_reliable=is_reliable(entry, deps.now()), helper=choose_checker(entry)
    )
    return deps.render("answer", answer=answer, ts=item.payload["ts"], asked="")


def _answer_drawing(deps: Deps, item: OutboxItem) -> Drawing:
    try:
        message = _draw_entry(deps, item)
    except NotFoundError as error:
        message = deps.render("note", text=error.user_text)
    return {"channel": item.channel, "ts": item.ts, **message}
