"""The buttons of an entry's card, and the form after `Use it`."""

import contextlib
import functools
from typing import Final

from slack_bolt import App

from bot.deps import Deps
from bot.domain.entries import ChannelId, Outcome, UserId
from bot.domain.errors import AnsweredError
from bot.domain.prompts import Answer, PromptId
from bot.listeners.answers import open_over, show, tell_later
from bot.listeners.guard import pressed, submitted
from bot.listeners.reasons import ask_why_retire
from bot.slack import ids
from bot.slack.payloads.fields import (
    OLDER,
    MalformedError,
    ident,
    needed,
    number,
    optional_ident,
    optional_timestamp,
)
from bot.slack.payloads.interactions import ButtonPress, Submission, unpacked
from bot.usecases.entries.find import read_card
from bot.usecases.entries.use import UseReport, list_outcomes, read_entry_to_use, use_entry
from bot.usecases.listening.prompts import answer_prompt
from bot.usecases.ownership.owner import change_owner, say_new_owner

_NOTED: Final = {
    Outcome.FOLLOWED: "Noted that you followed {}.",
    Outcome.DEVIATED: "Noted that you deviated from {}.",
    Outcome.FAILED: "Noted that {} failed.",
}


def register(app: App, deps: Deps) -> None:
    """Register the buttons of a card, and the forms that they open."""
    for action, listener in (
        (ids.OPEN_ENTRY, _open),
        (ids.USE_ENTRY, _ask_how_it_went),
        (ids.RETIRE_ENTRY, _retire),
    ):
        app.action(action)(pressed(deps, functools.partial(listener, deps)))
    app.view(ids.USE_FORM)(submitted(deps, functools.partial(_use, deps), first=ids.NOTE))
    app.view(ids.OWNER_FORM)(submitted(deps, functools.partial(_assign, deps), first=ids.OWNER))


def _open(deps: Deps, press: ButtonPress) -> None:
    reader = deps.people.reader(press.user)
    card = read_card(deps.store, deps.team, reader=reader, key=press.value)
    if press.channel is None:
        open_over(deps, press, deps.render("entry_view", card=card))
    else:
        show(deps, press, deps.render("entry_card", card=card))


def _ask_how_it_went(deps: Deps, press: ButtonPress) -> None:
    reader = deps.people.reader(press.user)
    view = deps.render(
        "use_form",
        entry=read_entry_to_use(deps.store, deps.team, reader=reader, key=press.value),
        outcomes=list_outcomes(reader),
        prompt=None,
        channel=press.channel,
        thread_ts=press.thread_ts,
        # An ephemeral message has no permalink.
        ts="" if press.ephemeral else press.ts,
    )
    open_over(deps, press, view)


def _retire(deps: Deps, press: ButtonPress) -> None:
    ask_why_retire(deps, press, press.value)


def _use(deps: Deps, submission: Submission) -> None:
    meta, typed = unpacked(submission.view.private_metadata), submission.view.typed
    channel, thread = optional_ident(meta, "channel"), optional_timestamp(meta, "thread_ts")
    cited, ts = needed(meta, "cited"), optional_timestamp(meta, "ts") or thread
    outcome = _outcome(typed.get(ids.OUTCOME) or Outcome.FOLLOWED.value)
    use_entry(
        deps.store,
        deps.team,
        UseReport(
            key=cited,
            outcome=outcome,
            note=typed.get(ids.NOTE) or "",
            permalink=deps.links.permalink(channel, ts, thread) if channel and ts else "",
        ),
        reader=deps.people.reader(submission.user),
        # Slack may deliver a submission twice; one opened form counts as one use.
        once=f"view:{submission.view.id}",
        now=deps.now(),
    )
    if meta.get("prompt") is not None:
        with contextlib.suppress(AnsweredError):
            answer_prompt(
                deps.store,
                deps.team,
                PromptId(number(meta["prompt"])),
                reader=deps.people.reader(submission.user),
                answer=Answer.USED,
                now=deps.now(),
            )
    if channel:
        noted = _NOTED[outcome].format(cited)
        once = f"used:{submission.view.id}"
        tell_later(deps, ChannelId(channel), submission.user, thread, noted, once=once)


def _outcome(chosen: str) -> Outcome:
    if chosen not in set(Outcome):
        raise MalformedError(OLDER)
    return Outcome(chosen)


def _assign(deps: Deps, submission: Submission) -> None:
    meta = unpacked(submission.view.private_metadata)
    owner = deps.people.reader(UserId(ident(submission.view.typed, ids.OWNER)))
    changed = change_owner(
        deps.store,
        deps.team,
        reader=deps.people.reader(submission.user),
        key=needed(meta, "key"),
        owner=owner,
        describe=deps.find_reader,
        now=deps.now(),
    )
    channel, thread = optional_ident(meta, "channel"), optional_timestamp(meta, "thread_ts")
    if changed.proposal and channel:
        once = f"assigned:{submission.view.id}"
        words = say_new_owner(changed, owner)
        tell_later(deps, ChannelId(channel), submission.user, thread, words, once=once)
