"""The entry form in its modal: opening and redrawing it, and reading its view."""

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
        UnavailableError: Slack didn't open it. Its text says where to find the saved form.
    """
    try:
        open_view(deps, trigger_id, draw_form(deps, form))
    except (NotSentError, RefusedError) as error:
        log.warning("form_not_opened", extra={"why": error.reason, "draft": form.draft.id})
        raise UnavailableError(
            "Slack didn't open the form in time. Try again, or open the saved form with "
            "`/lore drafts` or in App Home."
        ) from error


def draw_form(deps: Deps, form: Form, notice: str = "") -> dict[str, Any]:
    """Return the form as a view. Its button is `Propose` if the change will need approval."""
    if form.editing is not None:
        by, entry = form.draft.user, form.editing
        proposes = needs_approval(deps.store, deps.team, entry, by=by, is_alone=deps.alone)
        form = replace(form, proposes=proposes)
    return deps.render("entry_form", form=form, notice=notice)


def redraw(deps: Deps, view: View, form: Form, notice: str = "") -> None:
    """Redraw the form in place. Blocks keep their ids, so Slack keeps what was typed in them.

    Raises:
        NotSentError, RefusedError: Slack didn't accept it.
    """
    call(
        deps.client,
        "views.update",
        view_id=view.id,
        hash=view.hash,
        view=draw_form(deps, in_place_of(view, form), notice),
    )


def in_place_of(view: View, form: Form) -> Form:
    """Return the form with the channel and thread of the form in the view."""
    channel, thread_ts = opened_in(view)
    return replace(form, channel=channel, thread_ts=thread_ts)


def opened_in(view: View) -> tuple[ChannelId | None, str | None]:
    """Return the channel and thread that a form was opened in; None for other views."""
    meta = unpacked(view.private_metadata) if view.callback_id == ids.ENTRY_FORM else {}
    channel = optional_ident(meta, "channel")
    return ChannelId(channel) if channel else None, optional_timestamp(meta, "thread_ts")


def draft_of(view: View) -> FormDraftId:
    """Return the draft of the form in a view."""
    return FormDraftId(number(unpacked(view.private_metadata).get("draft")))


def kind_of(view: View) -> Kind | None:
    """Return the kind of a form; None if an earlier version opened it without one."""
    kind = unpacked(view.private_metadata).get("kind")
    return Kind(kind) if kind in tuple(Kind) else None


def base_of(view: View) -> int | None:
    """Return the revision that a form edits; None if it records a new entry."""
    base = unpacked(view.private_metadata).get("base")
    return None if base is None else number(base)


def requests_of(view: View) -> int | None:
    """Return how many requests for changes a form showed; None if it revises no proposal."""
    requests = unpacked(view.private_metadata).get("requests")
    return None if requests is None else number(requests)


def typed_in(view: View) -> dict[str, Any]:
    """Return the typed values by field, with the levels of an escalation as one list."""
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
