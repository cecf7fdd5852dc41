"""The answers to a prompt."""

from contextlib import suppress
from functools import partial
from typing import Final

from slack_bolt import App

from bot.deps import Deps
from bot.domain.entries import ChannelId, UserId
from bot.domain.errors import AnsweredError
from bot.domain.prompts import Answer, PromptId
from bot.listeners.answers import (
    IN_PLACE,
    note,
    open_view,
    put_away,
    respond,
    show,
    show_in_place,
    tell_later,
)
from bot.listeners.guard import pressed, settled_in_place, submitted
from bot.slack import ids
from bot.slack.api.posting import NotSentError
from bot.slack.payloads.fields import (
    ident,
    needed,
    number,
    optional,
    optional_ident,
    optional_timestamp,
)
from bot.slack.payloads.interactions import ButtonPress, Submission, unpacked
from bot.usecases.entries.find import read_card
from bot.usecases.entries.use import list_outcomes, read_entry_to_use
from bot.usecases.listening.prompts import (
    answer_prompt,
    dismiss_prompt,
    mute_prompts,
    pass_prompt_on,
    read_prompt,
)

_MUTED: Final = (
    "Prompts are off in this channel. Recurring topics still appear in the digest. "
    "`/lore watch on` turns prompts on again."
)


def register(app: App, deps: Deps) -> None:
    """Register the buttons of a prompt, except `Record …`, which is in `record`."""
    for action, listener in (
        (ids.PROMPT_DISMISS, _dismiss),
        (ids.PROMPT_HELPED, _helped),
        (ids.PROMPT_NOT_THIS, _not_this),
        (ids.PROMPT_ELSEWHERE, _choose_who_knows),
        (ids.PROMPT_MUTE, _mute),
        (ids.PROMPT_OPEN, _open),
        (ids.PROMPT_USE, _use),
    ):
        app.action(action)(pressed(deps, partial(settled_in_place(listener), deps)))
    app.view(ids.ELSEWHERE_FORM)(submitted(deps, partial(_pass_on, deps), first=ids.PERSON))


def _dismiss(deps: Deps, press: ButtonPress) -> None:
    reader = deps.people.reader(press.user)
    gap = dismiss_prompt(deps.store, deps.team, _prompt(press), reader=reader, now=deps.now())
    dismissed = deps.render("gap_dismissed", gap=gap) if gap else None
    show_in_place(deps, press, dismissed or note(deps, "Noted as not recurring."))


def _helped(deps: Deps, press: ButtonPress) -> None:
    _answer(deps, press, Answer.HELPED)
    show_in_place(deps, press, note(deps, "Noted that this entry helped."))


def _not_this(deps: Deps, press: ButtonPress) -> None:
    _answer(deps, press, Answer.REFUSED)
    show_in_place(deps, press, note(deps, "Noted that this entry isn't about your question."))


def _choose_who_knows(deps: Deps, press: ButtonPress) -> None:
    prompt, reader = _prompt(press), deps.people.reader(press.user)
    read_prompt(deps.store, deps.team, prompt, reader=reader, to_answer=True)
    shown_at = press.response_url if press.ephemeral else ""
    view = deps.render(
        "elsewhere_form",
        prompt=prompt,
        channel=press.channel,
        thread_ts=press.thread_ts,
        shown_at=shown_at,
    )
    open_view(deps, press.trigger_id, view)


def _pass_on(deps: Deps, submission: Submission) -> None:
    """Ask the chosen person, and say so in place of the prompt that the form was opened from."""
    meta = unpacked(submission.view.private_metadata)
    to = deps.people.reader(UserId(ident(submission.view.typed, ids.PERSON)))
    reader = deps.people.reader(submission.user)
    prompt = PromptId(number(meta.get("prompt")))
    pass_prompt_on(deps.store, deps.team, prompt, to, reader=reader, now=deps.now())
    text = f"You passed this on to {to.person.name}. Opslore asks them in the same thread."
    try:
        respond(deps, optional(meta, "shown_at"), {**note(deps, text), **IN_PLACE})
    except NotSentError:
        # A response_url works for half an hour; after that, the buttons give the same answer.
        channel, thread = optional_ident(meta, "channel"), optional_timestamp(meta, "thread_ts")
        tell_later(deps, ChannelId(channel or submission.user), submission.user, thread, text)


def _mute(deps: Deps, press: ButtonPress) -> None:
    reader = deps.people.reader(press.user)
    mute_prompts(deps.store, deps.team, _prompt(press), reader=reader, now=deps.now())
    show_in_place(deps, press, note(deps, _MUTED))


def _open(deps: Deps, press: ButtonPress) -> None:
    key = needed(unpacked(press.value), "key")
    card = read_card(deps.store, deps.team, reader=deps.people.reader(press.user), key=key)
    show(deps, press, deps.render("entry_card", card=card))
    with suppress(AnsweredError):
        _answer(deps, press, Answer.OPENED)


def _use(deps: Deps, press: ButtonPress) -> None:
    cited = needed(unpacked(press.value), "cited")
    reader = deps.people.reader(press.user)
    entry = read_entry_to_use(deps.store, deps.team, reader=reader, key=cited)
    view = deps.render(
        "use_form",
        entry=entry,
        outcomes=list_outcomes(reader),
        prompt=_prompt(press),
        channel=press.channel,
        thread_ts=press.thread_ts,
        ts=optional_timestamp(unpacked(press.value), "ts"),
    )
    open_view(deps, press.trigger_id, view)
    put_away(deps, press)


def _answer(deps: Deps, press: ButtonPress, answer: Answer) -> None:
    answer_prompt(
        deps.store,
        deps.team,
        _prompt(press),
        reader=deps.people.reader(press.user),
        answer=answer,
        now=deps.now(),
    )


def _prompt(press: ButtonPress) -> PromptId:
    return PromptId(number(unpacked(press.value).get("prompt")))
