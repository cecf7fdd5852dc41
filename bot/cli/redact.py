"""`opslore redact`: taking a text out of all that was kept, read from the standard input."""

import sys
from datetime import UTC, datetime

from bot.domain.entries import TeamId
from bot.domain.errors import InvalidInputError
from bot.slack.text.phrases import places
from bot.usecases.entries.redact import places_of, redact_text
from storage.migrate import current
from storage.store import Store


def redact(url: str, *, team: str | None, entry: str | None, why: str, sure: bool) -> int:
    """Say how many places hold the text, and if `sure`, take it out of them.

    The text is never printed. Returns the exit status.

    Raises:
        InvalidInputError: there are several workspaces and none is named; or as `redact_text`.
        SchemaError, UnavailableError: the database is of another version, or does not answer.
    """
    text, where = sys.stdin.read().removesuffix("\n"), entry or ""
    with current(url) as store:
        chosen = _team(store, team)
        if not sure:
            held = places_of(store, chosen, reader=None, text=text, where=where)
            print(f"Found in {places(held)}. Nothing was changed. Add --yes to redact it.")
            return 0
        now = datetime.now(UTC)
        done = redact_text(store, chosen, reader=None, text=text, where=where, why=why, now=now)
    print(f"Redacted in {places(done)}.")
    return 0


def _team(store: Store, said: str | None) -> TeamId:
    known = store.teams()
    chosen = known if said is None else [team for team in known if team == said]
    if len(chosen) != 1:
        raise InvalidInputError(
            f"Choose a workspace with --team, one of: {', '.join(known) or '-'}."
        )
    return chosen[0]
