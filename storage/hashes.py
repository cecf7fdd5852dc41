"""The hashes that bind audit rows to each other: SHA-256 over JSON of one form."""

import hashlib
import json
import secrets
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any, Final

# What the first row of a workspace is bound to.
NOTHING: Final = "0" * 64
# What a revision says and who said it when. Where it stands in its review changes, and this never.
_REVISION: Final = (
    "team_id",
    "entry_id",
    "number",
    "kind",
    "content",
    "author",
    "at",
    "note",
    "change",
    "salt",
)
_LATER: Final = ("effect", "superseded_by")
_SILENT: Final = ["wording", ""]
_ACT: Final = ("team_id", "number", "actor", "action", "subject", "details", "at")


def new_salt() -> str:
    """What nobody can guess."""
    return secrets.token_hex(16)


def of_act(before: str, row: Mapping[str, Any]) -> str:
    """The hash of an audit row's columns and of the row before it.

    States are in it where there are any, so that the hashes of earlier rows still hold.
    """
    states = [row["states"]] if row["states"] else []
    return _sha256(before + _json([row[name] for name in _ACT] + states))


def of_revision(row: Mapping[str, Any]) -> str:
    """The hash of a revision's columns.

    What came later is in it where it says something, so that the hashes of before still hold.
    """
    later = [row[name] for name in _LATER]
    return _sha256(_json([row[name] for name in _REVISION] + (later if later != _SILENT else [])))


def _json(values: list[Any]) -> str:
    return json.dumps(values, sort_keys=True, separators=(",", ":"), default=moment)


def moment(value: object) -> str:
    """Return a moment as text, the same on every database."""
    if not isinstance(value, datetime):
        raise TypeError(type(value).__name__)
    return value.astimezone(UTC).isoformat(timespec="microseconds")


def _sha256(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()
