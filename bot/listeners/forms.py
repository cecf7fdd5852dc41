"""The form in its modal: what its view holds, and drawing it anew in place."""

import logging
from dataclasses import replace
from typing import Any

from bot.deps import Deps
from bot.domain.entries import ChannelId
from bot.domain.errors import UnavailableError
from bot.domain.form_drafts import FormDraftId
from bot.domain.kinds import FIELDS, MOST_LEVELS, Kind
from bot.listeners.answers import open_view
from bot.slack import ids
from bot.slack.api.posting import NotSentError, RefusedError, call
from bot.slack.payloads.fields import number, optional_ident, optional_timestamp
from bot.slack.payloads.interactions import View, unpacked
from bot.usecases.approval.policy import needs_approval
from bot.usecases.steps.form_context import Form

log = logging.getLogger(__name__)


def open_form_view(deps: Deps, trigger_id: str, form: Form) -> None:
    """Open the form in a modal.

    Raises:
        UnavailableError: Slack did not open it; says where it waits, with all that it holds.
    """
    try:
        open_view(deps, trigger_id, drawn(deps, form))
    except (NotSentError, RefusedError) as error:
        log.warning("form_not_opened", extra={"why": error.reason, "draft": form.draft.id})
        raise UnavailableError(
            "Slack didn't open the form in time. Try again, or go on with the one that is kept: "
            "`/lore drafts`, or App Home."
        ) from error


def drawn(deps: Deps, form: Form, notice: str = "") -> dict[str, Any]:
    """The form as a view; its button says whether what is submitted waits for approval."""
    if form.editing is not None:
        by, entry = form.draft.user, form.editing
        proposes = needs_approval(deps.store, deps.team, entry, by=by, alone=deps.alone)
        form = replace(form, proposes=proposes)
    return deps.render("entry_form", form=form, notice=notice)


def redraw(deps: Deps, view: View, form: Form, notice: str = "") -> None:
    """Draw the form anew in place. A block keeps its id, and with it what was typed there.

    Raises:
        NotSentError, RefusedError: Slack did not take it.
    """
    call(
        deps.client,
        "views.update",
        view_id=view.id,
        hash=view.hash,
        view=drawn(deps, in_place_of(view, form), notice),
    )


def in_place_of(view: View, form: Form) -> Form:
    """The form as one that was opened where that in the view was."""
    channel, thread_ts = opened_in(view)
    return replace(form, channel=channel, thread_ts=thread_ts)


def opened_in(view: View) -> tuple[ChannelId | None, str | None]:
    """The channel and thread that a form was opened in; an entry in a modal is of neither."""
    meta = unpacked(view.private_metadata) if view.callback_id == ids.ENTRY_FORM else {}
    channel = optional_ident(meta, "channel")
    return ChannelId(channel) if channel else None, optional_timestamp(meta, "thread_ts")


def draft_of(view: View) -> FormDraftId:
    """The draft of the form in a view."""
    return FormDraftId(number(unpacked(view.private_metadata).get("draft")))


def kind_of(view: View) -> Kind | None:
    """The kind whose fields a form holds; None of one that was opened before it said so."""
    kind = unpacked(view.private_metadata).get("kind")
    return Kind(kind) if kind in tuple(Kind) else None


def base_of(view: View) -> int | None:
    """The revision that a form shows beside what was typed; None of one that records."""
    base = unpacked(view.private_metadata).get("base")
    return None if base is None else number(base)


def requests_of(view: View) -> int | None:
    """How many requests for changes a form showed; None of one that revises no proposal."""
    requests = unpacked(view.private_metadata).get("requests")
    return None if requests is None else number(requests)


def typed_in(view: View) -> dict[str, Any]:
    """What was typed, by field; the levels of an escalation gathered from their blocks."""
    names = {field.name for fields in FIELDS.values() for field in fields}
    typed = {name: value for name, value in view.typed.items() if name in names}
    levels = [
        {part: view.typed.get(f"level_{number}_{part}") for part in ("whom", "wait", "tell")}
        for number in range(1, MOST_LEVELS + 1)
        if f"level_{number}_whom" in view.typed
    ]
    if levels:
        typed["levels"] = levels
    return typed
