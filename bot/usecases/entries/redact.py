"""Redacting a text in all that was kept: a leaked secret, a person's data."""

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
from bot.usecases.steps.nudge_items import redraw_nudges
from bot.usecases.steps.permissions import found, require_member
from bot.usecases.steps.secrets import read_note
from storage.redaction import RedactionResult
from storage.store import Store, Transaction

# Whoever runs Opslore, at its command line.
OPERATOR: Final = UserId("operator")
_UNSAID: Final = "Say why. The reason goes into the audit log."
_TRACES: Final = (
    "The text is redacted, so no one can find or read it here. The database file was busy and "
    "still holds traces. Redact the same text again to remove them."
)
_NOWHERE: Final = "Opslore has stored nothing there that contains this. Check the spelling."
# Somebody may save the text while it is being taken out: it is looked for again, so often at most.
_ROUNDS: Final = 5
# Places in one transaction: in SQLite no one else writes for as long as it takes.
_BATCH: Final = 20


def places_of(
    store: Store, team: TeamId, *, reader: Reader | None, text: str, where: str
) -> Mapping[str, int]:
    """Return how many places hold a text, by what they are called; nothing is changed.

    Those that this reader may see are counted, and no others: that the text is elsewhere is not
    theirs to know. `reader` None: the operator, who may know all. `where` is the key of an entry,
    or empty for the whole workspace.

    Raises:
        InvalidInputError: the text is too short, or there is no such entry; for the operator also
            that it is nowhere.
        NotAllowedError: for admins only.
    """
    require_admin(reader)
    redaction = Redaction(text)
    with store.read(team) as tx:
        held = tx.redactions.find(redaction, _entry(tx, reader, where), reader=reader)
    seen = Counter(one.place.called for one in held if one.seen)
    if not seen and reader is None:
        # It may have been redacted just now, and its traces left.
        store.scrub()
        raise InvalidInputError(_NOWHERE, {"text": _NOWHERE})
    return seen


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
    """Take a text out of every place that holds it; how many those were.

    So many places are one transaction. Where it ended early, doing it again takes out the rest. The
    cards and digests that showed it are drawn anew. Nothing of the text is kept or logged.

    Raises:
        InvalidInputError: as `places_of`; or the reason is missing, or would keep the text.
        NotAllowedError: for admins only.
        UnavailableError: the database does not answer; says so if it is redacted all the same, and
            only traces are left in the file. Doing it again removes those.
    """
    require_admin(reader)
    redaction, why = Redaction(text), read_note(why, "why", missing=_UNSAID)
    if redaction.holds(why):
        reason = "The reason contains the text itself. Reword it."
        raise InvalidInputError(reason, {"why": reason})
    by, places, done = reader.user if reader else OPERATOR, dict[str, int](), False
    for _ in range(_ROUNDS):
        # Looked for before anything is locked: it takes seconds among 100,000 entries.
        with store.read(team) as tx:
            held = tx.redactions.find(redaction, _entry(tx, reader, where), reader=reader)
        if not held:
            break
        for first in range(0, len(held), batch):
            with store.transaction(team) as tx:
                entry = _entry(tx, reader, where)
                erased = tx.redactions.redact(redaction, held[first : first + batch])
                if erased.places:
                    _redraw(tx, erased, now)
                    _tell(tx, erased, entry, by=by, why=why, now=now)
            for called, count in erased.seen.items():
                places[called] = places.get(called, 0) + count
            done = done or bool(erased.places)
    try:
        store.scrub()
    except UnavailableError as error:
        raise UnavailableError(_TRACES if done else error.user_text) from error
    if not places and reader is None:
        raise InvalidInputError(_NOWHERE, {"text": _NOWHERE})
    return places


def require_admin(reader: Reader | None) -> None:
    """Refuse everybody but the workspace's admins and whoever runs Opslore.

    Raises:
        NotAllowedError: with whom to ask.
    """
    if reader is None:
        return
    require_member(reader)
    if not reader.person.admin:
        raise NotAllowedError(
            "Only workspace admins can redact text, because that removes it for everyone. Ask an "
            "admin, and tell them where the text is."
        )


def _entry(tx: Transaction, reader: Reader | None, where: str) -> EntryId | None:
    if not where.strip():
        return None
    if reader is not None:
        try:
            return found(tx.entries.visible_to(reader), where).id
        except NotFoundError as error:
            raise InvalidInputError(error.user_text, {"where": error.user_text}) from error
    key = Key.parse(where)
    entry = tx.entries.get(key) if key else None
    if entry is None:
        reason = f"There is no entry {where.strip()[:60]}. Check its key."
        raise InvalidInputError(reason, {"where": reason})
    return entry.id


def _redraw(tx: Transaction, erased: RedactionResult, now: datetime) -> None:
    """Leave word to draw anew what was posted and showed the text."""
    for entry_id in sorted(erased.entries):
        entry = tx.entries.by_id(entry_id)
        assert entry is not None
        payload = {"entry": entry_id, "redacted": True}
        tx.outbox.add(Topic.REFRESH, channel=entry.home, payload=payload, due_at=now, at=now)
        redraw_nudges(tx, tx.nudges.list_showing(entry_id), now)
    for digest_id, line in erased.lines:
        digest = tx.digests.get(digest_id)
        assert digest is not None
        payload = {"digest": digest_id, "line": line}
        tx.outbox.add(Topic.REFRESH, channel=digest.channel, payload=payload, due_at=now, at=now)


def _tell(
    tx: Transaction,
    erased: RedactionResult,
    entry: EntryId | None,
    *,
    by: UserId,
    why: str,
    now: datetime,
) -> None:
    """Keep who, why, how much, and what each changed revision's hash is now; never the text."""
    for entry_id, revisions in sorted(erased.revisions.items()):
        changed = tx.entries.by_id(entry_id)
        assert changed is not None
        kept = {"entry": entry_id, "revisions": dict(sorted(revisions.items())), "why": why}
        tx.audit.add(by, "redacted", str(changed.key), kept, now)
    scope = tx.entries.by_id(entry) if entry is not None else None
    subject = str(scope.key) if scope else tx.team
    tx.audit.add(by, "redaction", subject, {"places": dict(erased.places), "why": why}, now)
