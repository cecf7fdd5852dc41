"""Redacting a text: looked for when its form is sent, taken out when that is sent again."""

import hashlib
from collections.abc import Mapping
from typing import Any

from slack_bolt import App

from bot.deps import Deps
from bot.listeners.guard import submitted
from bot.slack import ids
from bot.slack.payloads.interactions import Submission, unpacked
from bot.slack.text.phrases import places
from bot.usecases.entries.redact import places_of, redact_text


def register(app: App, deps: Deps) -> None:
    """The form's submission."""
    app.view(ids.REDACT_FORM)(
        submitted(deps, lambda submission: _redact(deps, submission), first=ids.TEXT)
    )


def _redact(deps: Deps, submission: Submission) -> dict[str, Any]:
    typed = submission.view.typed
    reader = deps.people.reader(submission.user)
    text, where = typed.get(ids.TEXT) or "", typed.get(ids.WHERE) or ""
    # The text itself stays in the form's own field, and is in nothing else that is sent or kept.
    of = hashlib.sha256(f"{where}\0{text}".encode()).hexdigest()
    if unpacked(submission.view.private_metadata).get("of") != of:
        held = places_of(deps.store, deps.team, reader=reader, text=text, where=where)
        return _shown(deps.render("redact_form", held=held, of=of))
    done = redact_text(
        deps.store,
        deps.team,
        reader=reader,
        text=text,
        where=where,
        why=typed.get(ids.WHY) or "",
        now=deps.now(),
    )
    return _shown(deps.render("note_view", text=_done(done)))


def _done(counted: Mapping[str, int]) -> str:
    """The words for what was redacted; they say nothing of where the person may not look."""
    where = f"Redacted in {places(counted)} that you can see" if counted else "Redacted"
    return f"{where}, and wherever else it was kept. What showed it is drawn again without it."


def _shown(view: dict[str, Any]) -> dict[str, Any]:
    return {"response_action": "update", "view": view}
