"""Unsaved forms: closing, continuing and discarding them."""

import functools
import logging

from slack_bolt import App, Args

from bot.deps import Deps
from bot.domain.form_drafts import FormDraftId
from bot.listeners.answers import respond
from bot.listeners.forms import draft_of, open_form_view
from bot.listeners.guard import pressed
from bot.slack import ids
from bot.slack.api.posting import NotSentError
from bot.slack.payloads.fields import number
from bot.slack.payloads.interactions import ButtonPress, Submission
from bot.usecases.entries.form_drafts import cancel_form, list_unsaved_forms
from bot.usecases.entries.forms import drop_form, reopen_form

log = logging.getLogger(__name__)


def register(app: App, deps: Deps) -> None:
    """Register the closing of a form, and the buttons of `/lore drafts` and App Home."""
    for action, listener in ((ids.HOME_DRAFT, _continue), (ids.DRAFT_DISCARD, _discard)):
        app.action(action)(pressed(deps, functools.partial(listener, deps)))

    @app.view_closed(ids.ENTRY_FORM)
    def form_closed(args: Args) -> None:
        submission = Submission.parse(args.body)
        cancel_form(deps.store, deps.team, draft_of(submission.view), user=submission.user)
        args.ack()


def _continue(deps: Deps, press: ButtonPress) -> None:
    reader, draft = deps.people.reader(press.user), FormDraftId(number(press.value))
    form = reopen_form(deps.store, deps.team, draft, reader=reader)
    open_form_view(deps, press.trigger_id, form)


def _discard(deps: Deps, press: ButtonPress) -> None:
    reader = deps.people.reader(press.user)
    drop_form(deps.store, deps.team, FormDraftId(number(press.value)), user=press.user)
    message = deps.render(
        "drafts", unsaved=list_unsaved_forms(deps.store, deps.team, reader=reader)
    )
    try:
        respond(deps, press.response_url, {**message, "replace_original": True})
    except NotSentError as error:
        # The form is discarded anyway. The list shows that the next time someone asks for it.
        log.info("drafts_left_standing", extra={"why": error.reason})
