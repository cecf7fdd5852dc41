"""The buttons of what is proposed, and the form after `Request changes`."""

import functools
from typing import Any, Final

from slack_bolt import App

from bot.deps import Deps
from bot.domain.approval import ProposalId
from bot.domain.entries import ChannelId
from bot.domain.errors import ConflictError, RevisedError
from bot.listeners.answers import in_modal, open_over, tell, tell_later
from bot.listeners.forms import open_form_view, redraw
from bot.listeners.guard import pressed, submitted
from bot.listeners.home import redraw_home
from bot.slack import ids
from bot.slack.api.posting import call
from bot.slack.payloads.fields import number, optional_ident, optional_timestamp
from bot.slack.payloads.interactions import ButtonPress, Submission, unpacked
from bot.usecases.approval.approve import (
    approve_proposal,
    read_to_send_back,
    request_changes,
    withdraw_proposal,
)
from bot.usecases.approval.proposals import read_proposal
from bot.usecases.approval.revise_proposal import open_revision
from bot.usecases.steps.proposals import Proposed

_LANDED: Final = "{0} is in force now."
_RETIRED: Final = "{0} is retired now."
_COUNTED: Final = "Noted: you approved {0}; it takes {1} approvals and has {2}."


def register(app: App, deps: Deps) -> None:
    """Each act is about the exact revision that its button stands beside."""
    for action, listener in (
        (ids.APPROVE, _approved),
        (ids.REQUEST_CHANGES, _changes_wanted),
        (ids.VIEW_PROPOSAL, _viewed),
        (ids.REVISE, _revised),
        (ids.WITHDRAW, _withdrawn),
    ):
        app.action(action)(pressed(deps, functools.partial(listener, deps)))
    app.view(ids.CHANGES_FORM)(
        submitted(deps, functools.partial(_send_back, deps), first=ids.COMMENT)
    )


def view_proposal(deps: Deps, press: ButtonPress, proposal: ProposalId) -> None:
    """Show a proposal whole, with what this person may do about it."""
    proposed = read_proposal(
        deps.store, deps.team, proposal, reader=deps.people.reader(press.user), alone=deps.alone
    )
    open_over(deps, press, deps.render("proposal_view", proposed=proposed))


def _approved(deps: Deps, press: ButtonPress) -> None:
    proposal, revision = _named(press.value)
    try:
        proposed = approve_proposal(
            deps.store,
            deps.team,
            proposal,
            revision=revision,
            reader=deps.people.reader(press.user),
            alone=deps.alone,
            now=deps.now(),
        )
    except ConflictError:
        # What was approved of moved on: what is shown instead is what can be approved now.
        _redraw(deps, press, proposal)
        raise
    _redraw(deps, press, proposal)
    if proposed.proposal.state.open:
        given = len(proposed.proposal.approved_by)
        said = _COUNTED.format(proposed.key, proposed.wanted, given)
    elif proposed.proposal.revision.change.retires:
        said = _RETIRED.format(proposed.entry.key)
    else:
        said = _LANDED.format(proposed.key)
    if not in_modal(press):
        tell(deps, press, said)


def _changes_wanted(deps: Deps, press: ButtonPress) -> None:
    proposal, _ = _named(press.value)
    reader = deps.people.reader(press.user)
    proposed = read_to_send_back(deps.store, deps.team, proposal, reader=reader, alone=deps.alone)
    view = deps.render(
        "changes_form",
        proposed=proposed,
        channel=press.channel,
        thread_ts=press.thread_ts,
        comment="",
        notice="",
    )
    open_over(deps, press, view)


def _send_back(deps: Deps, submission: Submission) -> dict[str, Any] | None:
    meta = unpacked(submission.view.private_metadata)
    proposal, revision = (ProposalId(number(meta.get("proposal"))), number(meta.get("revision")))
    channel, thread_ts = optional_ident(meta, "channel"), optional_timestamp(meta, "thread_ts")
    comment = submission.view.typed.get(ids.COMMENT) or ""
    reader = deps.people.reader(submission.user)
    try:
        proposed = request_changes(
            deps.store,
            deps.team,
            proposal,
            revision=revision,
            comment=comment,
            reader=reader,
            alone=deps.alone,
            now=deps.now(),
        )
    except RevisedError as error:
        if error.current == revision:
            raise
        # What was typed stays, beside what it can be said of now.
        found = read_to_send_back(deps.store, deps.team, proposal, reader=reader, alone=deps.alone)
        view = deps.render(
            "changes_form",
            proposed=found,
            channel=channel,
            thread_ts=thread_ts,
            comment=comment,
            notice=error.user_text,
        )
        return {"response_action": "update", "view": view}
    author = deps.people.name(proposed.proposal.author)
    said = f"Noted: {author} is asked to change {proposed.key}."
    if not channel:
        return {"response_action": "update", "view": deps.render("note_view", text=said)}
    once = f"sent_back:{submission.view.id}"
    tell_later(deps, ChannelId(channel), submission.user, thread_ts, said, once=once)
    return None


def _viewed(deps: Deps, press: ButtonPress) -> None:
    proposal, _ = _named(press.value)
    view_proposal(deps, press, proposal)


def _revised(deps: Deps, press: ButtonPress) -> None:
    proposal, _ = _named(press.value)
    reader = deps.people.reader(press.user)
    form = open_revision(deps.store, deps.team, proposal, reader=reader, now=deps.now())
    if in_modal(press):
        redraw(deps, press.form, form)
    else:
        open_form_view(deps, press.trigger_id, form)


def _withdrawn(deps: Deps, press: ButtonPress) -> None:
    proposal, _ = _named(press.value)
    reader = deps.people.reader(press.user)
    proposed = withdraw_proposal(deps.store, deps.team, proposal, reader=reader, now=deps.now())
    _redraw(deps, press, proposal)
    if not in_modal(press):
        tell(deps, press, f"{proposed.key} is withdrawn; what it says stays in the history.")


def _redraw(deps: Deps, press: ButtonPress, proposal: ProposalId) -> None:
    """Show what became of it where it was decided: in its modal, or in App Home."""
    if not in_modal(press):
        redraw_home(deps, press)
        return
    proposed: Proposed = read_proposal(
        deps.store, deps.team, proposal, reader=deps.people.reader(press.user), alone=deps.alone
    )
    view = deps.render("proposal_view", proposed=proposed)
    call(deps.client, "views.update", view_id=press.form.id, hash=press.form.hash, view=view)


def _named(value: str) -> tuple[ProposalId, int]:
    packed = unpacked(value)
    return ProposalId(number(packed.get("proposal"))), number(packed.get("revision"))
