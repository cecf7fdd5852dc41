"""Redacting a text: the first submission of the form looks for it, the second removes it."""

import hashlib
from collections.abc import Mapping
from typing import Any

from slack_bolt import App

from bot.deps import Deps
from bot.listeners.guard import submitted
from bot.slack import ids
from bot.slack.payloads.interactions import Submission, unpacked
from bot.slack.text.phrases import places
from bot.usecases.entries.redact import count_places, redact_text


def register(app: App, deps: Deps) -> None:
    """Register the submission of the form."""
    app.view(ids.REDACT_FORM)(
        submitted(deps, lambda submission: _redact(deps, submission), first=ids.TEXT)
    )


def _redact(deps: Deps, submission: Submission) -> dict[str, Any]:
    typed = submission.view.typed
    reader = deps.people.reader(submission.user)
    text, where = typed.get(ids.TEXT) or "", typed.get(ids.WHERE) or ""
    # Compare a hash, so that the text is nowhere except in the form's own field.
    digest = hashlib.sha256(f"{where}\0{text}".encode()).hexdigest()
    if unpacked(submission.view.private_metadata).get("of") != digest:
        held = count_places(deps.store, deps.team, reader=reader, text=text, where=where)
        return _replace_view(
            deps.render("redact_form", held=held, of=digest, where=where.strip().upper())
        )
    counts = redact_text(
        deps.store,
        deps.team,
        reader=reader,
        text=text,
        where=where,
        why=typed.get(ids.WHY) or "",
        now=deps.now(),
    )
    return _replace_view(deps.render("note_view", text=_describe_redacted(counts, where)))


def _describe_redacted(counts: Mapping[str, int], where: str) -> str:
    """Return where the text was redacted, without the places that the person can't see."""
    everywhere = f"Redacted everywhere in {where.strip().upper() or 'Opslore'}."
    seen = f" You could see it in {places(counts)}." if counts else ""
    return f"{everywhere}{seen} Messages that showed it are being updated."


def _replace_view(view: dict[str, Any]) -> dict[str, Any]:
    return {"response_action": "update", "view": view}
