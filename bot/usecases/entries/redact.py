"""Redact a text everywhere: a leaked secret or a person's data."""

from collections import Counter
from collections.abc import Mapping
from datetime import datetime
from typing import Final

from bot.domain.entries import EntryId, Key, TeamId, UserId
from bot.domain.errors import (
    InvalidInputError,
    NotAllowedError,
    NotFoundError,
    UnavailableError,
)
from bot.domain.outbox import Topic
from bot.domain.redaction import Redaction
from bot.domain.visibility import Reader
from bot.usecases.steps.gaps import update_gap_texts
from bot.usecases.steps.nudge_items import redraw_nudges
from bot.usecases.steps.permissions import load_entry, require_member
from bot.usecases.steps.secrets import read_note
from storage.redaction import RedactionResult
from storage.store import Store, Transaction

# The person who runs Opslore, at its command line.
OPERATOR: Final = UserId("operator")
_REASON_MISSING: Final = "Say why. The reason goes into the audit log."
_TRACES: Final = (
    "The text is redacted, so no one can find or read it here. The database file was busy and "
    "still holds traces. Redact the same text again to remove them."
)
_NOWHERE: Final = "Opslore has stored nothing there that contains this. Check the spelling."
# Someone may save the text during the redaction, so it is looked for again, up to this many times.
_ROUNDS: Final = 5
# Places in one transaction; SQLite lets no one else write during it.
_BATCH: Final = 20


def count_places(
    store: Store, team: TeamId, *, reader: Reader | None, text: str, where: str
) -> Mapping[str, int]:
    """Return how many places hold a text, by their names; nothing is changed.

    Only places that this reader may see are counted. `reader` None: the operator, who sees all.
    `where`: the key of an entry, or empty for the whole workspace.

    Raises:
        InvalidInputError: the text is too short, or there is no such entry; for the operator
            also if no place holds the text.
        NotAllowedError: the person isn't an admin.
    """
    require_admin(reader)
    redaction = Redaction(text)
    with store.read(team) as tx:
        matches = tx.redactions.find(redaction, _load_scope(tx, reader, where), reader=reader)
    counts = Counter(match.table.label for match in matches if match.is_visible)
    if not counts and reader is None:
        # It may have just been redacted, with traces left in the file.
        store.scrub()
        raise InvalidInputError(_NOWHERE, {"text": _NOWHERE})
    return counts


def redact_text(
    store: Store,
    team: TeamId,
    *,
    reader: Reader | None,
    text: str,
    where: str,
    why: str,
    now: datetime,
    batch: int = _BATCH,
) -> Mapping[str, int]:
    """Redact a text in every place that holds it, and return how many places of each name held it.

    Each `batch` of places is a transaction of its own. If this ends early, doing it again redacts
    the rest. Cards and digests that showed the text are redrawn. The text is neither stored nor
    logged.

    Raises:
        InvalidInputError: as `count_places`; or the reason is missing or contains the text.
        NotAllowedError: the person isn't an admin.
        UnavailableError: the database doesn't answer. If the text is redacted and only traces
            are left in the file, the error says so; doing it again removes those.
    """
    require_admin(reader)
    redaction, why = Redaction(text), read_note(why, "why", missing=_REASON_MISSING)
    if redaction.holds(why):
        reason = "The reason contains the text itself. Reword it."
        raise InvalidInputError(reason, {"why": reason})
    by, places, is_redacted = reader.user if reader else OPERATOR, dict[str, int](), False
    for _ in range(_ROUNDS):
        # Searched before anything is locked, because it takes seconds among 100,000 entries.
        with store.read(team) as tx:
            remaining = tx.redactions.find(redaction, _load_scope(tx, reader, where), reader=reader)
        if not remaining:
            break
        for first in range(0, len(remaining), batch):
            with store.transaction(team) as tx:
                entry = _load_scope(tx, reader, where)
                result = tx.redactions.redact(redaction, remaining[first : first + batch])
                if result.counts:
                    _redraw(tx, result, now)
                    _audit(tx, result, entry, by=by, why=why, now=now)
            for label, count in result.visible_counts.items():
                places[label] = places.get(label, 0) + count
            is_redacted = is_redacted or bool(result.counts)
    try:
        store.scrub()
    except UnavailableError as error:
        raise UnavailableError(_TRACES if is_redacted else error.user_text) from error
    if not places and reader is None:
        raise InvalidInputError(_NOWHERE, {"text": _NOWHERE})
    return places


def require_admin(reader: Reader | None) -> None:
    """Refuse everyone but the workspace's admins and the operator.

    Raises:
        NotAllowedError: the person isn't an admin.
    """
    if reader is None:
        return
    require_member(reader)
    if not reader.person.admin:
        raise NotAllowedError(
            "Only workspace admins can redact text, because that removes it for everyone. Ask an "
            "admin, and tell them where the text is."
        )


def _load_scope(tx: Transaction, reader: Reader | None, where: str) -> EntryId | None:
    if not where.strip():
        return None
    if reader is not None:
        try:
            return load_entry(tx.entries.visible_to(reader), where).id
        except NotFoundError as error:
            raise InvalidInputError(error.user_text, {"where": error.user_text}) from error
    key = Key.parse(where)
    entry = tx.entries.get(key) if key else None
    if entry is None:
        reason = f"There is no entry {where.strip()[:60]}. Check its key."
        raise InvalidInputError(reason, {"where": reason})
    return entry.id


def _redraw(tx: Transaction, result: RedactionResult, now: datetime) -> None:
    """Redraw the posted messages that showed the text."""
    for entry_id in sorted(result.entries):
        entry = tx.entries.by_id(entry_id)
        assert entry is not None
        payload = {"entry": entry_id, "redacted": True}
        tx.outbox.add(Topic.REFRESH, channel=entry.home, payload=payload, due_at=now, at=now)
        redraw_nudges(tx, tx.nudges.list_showing(entry_id), now)
    for digest_id, line in result.lines:
        digest = tx.digests.get(digest_id)
        assert digest is not None
        payload = {"digest": digest_id, "line": line}
        tx.outbox.add(Topic.REFRESH, channel=digest.channel, payload=payload, due_at=now, at=now)
    # A title may have a part of the text, because it is a part of an excerpt.
    update_gap_texts(tx, sorted(result.gaps), now)


def _audit(
    tx: Transaction,
    result: RedactionResult,
    entry: EntryId | None,
    *,
    by: UserId,
    why: str,
    now: datetime,
) -> None:
    """Audit who redacted, why, how much, and each changed revision's new hash; never the text."""
    for entry_id, revisions in sorted(result.revisions.items()):
        loaded = tx.entries.by_id(entry_id)
        assert loaded is not None
        details = {"entry": entry_id, "revisions": dict(sorted(revisions.items())), "why": why}
        tx.audit.add(by, "redacted", str(loaded.key), details, now)
    scope = tx.entries.by_id(entry) if entry is not None else None
    subject = str(scope.key) if scope else tx.team
    tx.audit.add(by, "redaction", subject, {"places": dict(result.counts), "why": why}, now)
