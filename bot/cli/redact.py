"""`opslore redact`: removing a text, read from standard input, everywhere it is stored."""

import sys
from datetime import UTC, datetime

from bot.domain.entries import TeamId
from bot.domain.errors import InvalidInputError
from bot.slack.text.phrases import places
from bot.usecases.entries.redact import count_places, redact_text
from storage.migrate import open_current
from storage.store import Store


def redact(url: str, *, team: str | None, entry: str | None, why: str, sure: bool) -> int:
    """Print how many places contain the text and, if `sure`, redact it there.

    The text is never printed. Return the exit status.

    Raises:
        InvalidInputError: there are several workspaces and no `team`; or as `redact_text`.
        SchemaError, UnavailableError: the database has another version, or doesn't answer.
    """
    text, where = sys.stdin.read().removesuffix("\n"), entry or ""
    with open_current(url) as store:
        chosen = _team(store, team)
        if not sure:
            found_in = count_places(store, chosen, reader=None, text=text, where=where)
            print(f"Found in {places(found_in)}. Nothing was changed. Add --yes to redact it.")
            return 0
        now = datetime.now(UTC)
        redacted = redact_text(store, chosen, reader=None, text=text, where=where, why=why, now=now)
    print(f"Redacted in {places(redacted)}.")
    return 0


def _team(store: Store, team: str | None) -> TeamId:
    known = store.teams()
    chosen = [known_team for known_team in known if team in (None, known_team)]
    if len(chosen) != 1:
        raise InvalidInputError(
            f"Choose a workspace with --team, one of: {', '.join(known) or '-'}."
        )
    return chosen[0]
