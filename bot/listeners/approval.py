"""The buttons of a proposal, and the form after `Request changes`."""

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
from bot.slack.api.posting import RefusedError, call
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
from bot.usecases.steps.proposals import ShownProposal

_LANDED: Final = "{0} is now in force."
_RETIRED: Final = "{0} is now retired."
_COUNTED: Final = "You approved {0}. It has {2} of {1} approvals."


def register(app: App, deps: Deps) -> None:
    """Register the buttons. Each one is about the exact revision that it was shown with."""
    for action, listener in (
        (ids.APPROVE, _approve),
        (ids.REQUEST_CHANGES, _ask_for_changes),
        (ids.VIEW_PROPOSAL, _view),
        (ids.REVISE, _revise),
        (ids.WITHDRAW, _withdraw),
    ):
        app.action(action)(pressed(deps, functools.partial(listener, deps)))
    app.view(ids.CHANGES_FORM)(
        submitted(deps, functools.partial(_send_back, deps), first=ids.COMMENT)
    )


def view_proposal(deps: Deps, press: ButtonPress, proposal: ProposalId) -> None:
    """Open a proposal in full, with the buttons that this person can use."""
    proposed = read_proposal(
        deps.store, deps.team, proposal, reader=deps.people.reader(press.user), is_alone=deps.alone
    )
    open_over(deps, press, deps.render("proposal_view", proposed=proposed))


def _approve(deps: Deps, press: ButtonPress) -> None:
    proposal, revision = _read_value(press.value)
    try:
        proposed = approve_proposal(
            deps.store,
            deps.team,
            proposal,
            revision=revision,
            reader=deps.people.reader(press.user),
            is_alone=deps.alone,
            now=deps.now(),
        )
    except ConflictError:
        # The revision changed, so show the one that can be approved now.
        _redraw(deps, press, proposal)
        raise
    _redraw(deps, press, proposal)
    if proposed.proposal.state.open:
        count = len(proposed.proposal.approved_by)
        text = _COUNTED.format(proposed.key, proposed.wanted, count)
    elif proposed.proposal.revision.change.retires:
        text = _RETIRED.format(proposed.entry.key)
    else:
        text = _LANDED.format(proposed.key)
    if not in_modal(press):
        tell(deps, press, text)


def _ask_for_changes(deps: Deps, press: ButtonPress) -> None:
    proposal, _ = _read_value(press.value)
    reader = deps.people.reader(press.user)
    proposed = read_to_send_back(
        deps.store, deps.team, proposal, reader=reader, is_alone=deps.alone
    )
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
            is_alone=deps.alone,
            now=deps.now(),
        )
    except RevisedError as error:
        if error.current == revision:
            raise
        # Keep the comment, but show the revision that it would now be about.
        current = read_to_send_back(
            deps.store, deps.team, proposal, reader=reader, is_alone=deps.alone
        )
        view = deps.render(
            "changes_form",
            proposed=current,
            channel=channel,
            thread_ts=thread_ts,
            comment=comment,
            notice=error.user_text,
        )
        return {"response_action": "update", "view": view}
    author = deps.people.name(proposed.proposal.author)
    text = f"{author} has been asked to revise {proposed.key}."
    if not channel:
        return {"response_action": "update", "view": deps.render("note_view", text=text)}
    once = f"sent_back:{submission.view.id}"
    tell_later(deps, ChannelId(channel), submission.user, thread_ts, text, once=once)
    return None


def _view(deps: Deps, press: ButtonPress) -> None:
    proposal, _ = _read_value(press.value)
    view_proposal(deps, press, proposal)


def _revise(deps: Deps, press: ButtonPress) -> None:
    proposal, _ = _read_value(press.value)
    reader = deps.people.reader(press.user)
    form = open_revision(deps.store, deps.team, proposal, reader=reader, now=deps.now())
    if in_modal(press):
        redraw(deps, press.form, form)
    else:
        open_form_view(deps, press.trigger_id, form)


def _withdraw(deps: Deps, press: ButtonPress) -> None:
    proposal, _ = _read_value(press.value)
    reader = deps.people.reader(press.user)
    proposed = withdraw_proposal(deps.store, deps.team, proposal, reader=reader, now=deps.now())
    _redraw(deps, press, proposal)
    if not in_modal(press):
        tell(deps, press, f"{proposed.key} is withdrawn. Its text stays in the history.")


def _redraw(deps: Deps, press: ButtonPress, proposal: ProposalId) -> None:
    """Redraw the proposal where it was decided: in its modal, or in App Home."""
    if not in_modal(press):
        redraw_home(deps, press)
        return
    proposed: ShownProposal = read_proposal(
        deps.store, deps.team, proposal, reader=deps.people.reader(press.user), is_alone=deps.alone
    )
    view = deps.render("proposal_view", proposed=proposed)
    try:
        call(deps.client, "views.update", view_id=press.form.id, hash=press.form.hash, view=view)
    except RefusedError as error:
        # The person closed the modal. Their decision is stored, and the card shows it.
        if error.reason != "not_found":
            raise


def _read_value(value: str) -> tuple[ProposalId, int]:
    packed = unpacked(value)
    return ProposalId(number(packed.get("proposal"))), number(packed.get("revision"))
