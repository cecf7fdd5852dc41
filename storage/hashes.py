"""The SHA-256 hashes of the audit's chain and of revisions."""

import hashlib
import json
import secrets
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any, Final

# The hash before the first row of a workspace's audit.
NOTHING: Final = "0" * 64
# The columns of a revision that never change.
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
# Columns that were added later, and the values with which they stay out of the hash. So the hashes
# of revisions from before are still right.
_ADDED: Final = ("effect", "superseded_by")
_ADDED_DEFAULTS: Final = ["wording", ""]
_ACT: Final = ("team_id", "number", "actor", "action", "subject", "details", "at")


def new_salt() -> str:
    """Return random text that no one can guess."""
    return secrets.token_hex(16)


def of_act(before: str, row: Mapping[str, Any]) -> str:
    """Return the hash of an audit row, which includes the hash `before` it.

    States are included only if there are any, so that the hashes of older rows are still right.
    """
    states = [row["states"]] if row["states"] else []
    return _sha256(before + _json([row[name] for name in _ACT] + states))


def of_revision(row: Mapping[str, Any]) -> str:
    """Return the hash of a revision."""
    values = [row[name] for name in _REVISION]
    added = [row[name] for name in _ADDED]
    return _sha256(_json(values + (added if added != _ADDED_DEFAULTS else [])))


def _json(values: list[Any]) -> str:
    return json.dumps(values, sort_keys=True, separators=(",", ":"), default=moment)


def moment(value: object) -> str:
    """Return a time as text that is the same on both databases."""
    if not isinstance(value, datetime):
        raise TypeError(type(value).__name__)
    return value.astimezone(UTC).isoformat(timespec="microseconds")


def _sha256(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()
