"""The form that asks why an entry is retired, superseded or restored."""

import functools
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from slack_bolt import App

from bot.deps import Deps
from bot.domain.digests import LineId, Section
from bot.domain.entries import ChannelId, UserId
from bot.domain.revisions import Change
from bot.listeners.answers import (
    describe_restored,
    describe_retired,
    open_over,
    open_view,
    tell_later,
)
from bot.listeners.guard import submitted
from bot.listeners.home import is_home, publish_home
from bot.slack import ids
from bot.slack.payloads.fields import needed, number, optional, optional_ident, optional_timestamp
from bot.slack.payloads.interactions import ButtonPress, Submission, unpacked
from bot.usecases.approval.policy import needs_approval
from bot.usecases.entries.plans import Plan, plan_restoring, plan_retiring
from bot.usecases.entries.retire import restore_revision, retire_entry
from bot.usecases.review.digest_handling import handle_line


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Where the form was opened, which is where its answer goes; `home`: in App Home."""

    channel: ChannelId | None
    thread_ts: str | None = None
    home: bool = False


def register(app: App, deps: Deps) -> None:
    """Register the submission of the form."""
    app.view(ids.REASON_FORM)(submitted(deps, functools.partial(_submit, deps), first=ids.NOTE))


def ask_why_retire(deps: Deps, press: ButtonPress, key: str, *, line: LineId | None = None) -> None:
    """Open the form for a `Retire` button; `line`: the line of a digest that has the button."""
    reader = deps.people.reader(press.user)
    plan = plan_retiring(deps.store, deps.team, reader=reader, key=key)
    open_over(deps, press, _form(deps, press.user, plan, _place(press), line=line))


def ask_why_restore(deps: Deps, press: ButtonPress, key: str, number: int) -> None:
    """Open the form for `Restore` in the menu of a revision."""
    reader = deps.people.reader(press.user)
    plan = plan_restoring(deps.store, deps.team, reader=reader, key=key, number=number)
    open_over(deps, press, _form(deps, press.user, plan, _place(press)))


def ask_why(deps: Deps, trigger_id: str, user: UserId, channel: ChannelId, plan: Plan) -> None:
    """Open the form for a command without a reason."""
    open_view(deps, trigger_id, _form(deps, user, plan, Place(channel=channel)))


def _place(press: ButtonPress) -> Place:
    return Place(channel=press.channel, thread_ts=press.thread_ts, home=is_home(press))


def _form(
    deps: Deps, user: UserId, plan: Plan, place: Place, line: LineId | None = None
) -> dict[str, Any]:
    proposes = needs_approval(deps.store, deps.team, plan.entry, by=user, is_alone=deps.alone)
    return deps.render("reason_form", plan=plan, place=place, line=line, proposes=proposes)


def _submit(deps: Deps, submission: Submission) -> dict[str, Any] | None:
    meta = unpacked(submission.view.private_metadata)
    has_effect, text = _act(deps, submission, meta)
    if has_effect and meta.get("line") is not None:
        line, by = LineId(number(meta["line"])), submission.user
        outcome, now = Change.RETIRED.words, deps.now()
        handle_line(deps.store, deps.team, line, Section, by=by, outcome=outcome, now=now)
    if meta.get("home"):
        publish_home(deps, submission.user)
    channel, thread_ts = optional_ident(meta, "channel"), optional_timestamp(meta, "thread_ts")
    if not channel:
        return {"response_action": "update", "view": deps.render("note_view", text=text)}
    once = f"explained:{submission.view.id}"
    tell_later(deps, ChannelId(channel), submission.user, thread_ts, text, once=once)
    return None


def _act(deps: Deps, submission: Submission, meta: Mapping[str, Any]) -> tuple[bool, str]:
    """Retire or restore; return whether that has taken effect, and the text for the person."""
    reader = deps.people.reader(submission.user)
    key, note = needed(meta, "key"), submission.view.typed.get(ids.NOTE) or ""
    if meta.get("number") is not None:
        restored = restore_revision(
            deps.store,
            deps.team,
            reader=reader,
            key=key,
            number=number(meta["number"]),
            note=note,
            is_alone=deps.alone,
            now=deps.now(),
        )
        return restored.proposal is None, describe_restored(restored)
    retired = retire_entry(
        deps.store,
        deps.team,
        reader=reader,
        key=key,
        note=note,
        successor=optional(meta, "successor"),
        is_alone=deps.alone,
        now=deps.now(),
    )
    return retired.proposal is None, describe_retired(retired)
