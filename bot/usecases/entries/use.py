"""Record uses of entries: how it went, for the exact revision that was applied."""

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final

from bot.domain.certification import DueReasonKind
from bot.domain.entries import Entry, Key, Outcome, TeamId
from bot.domain.errors import InvalidInputError, NotFoundError
from bot.domain.field_values import clean
from bot.domain.outbox import Topic
from bot.domain.visibility import Reader
from bot.usecases.entries.find import show_entry
from bot.usecases.steps.permissions import load_entry, require_in_force, require_served
from bot.usecases.steps.secrets import refuse_secrets
from storage.store import Store

_NOTE: Final = 1000
_GUESTS: Final = (
    "Guests can only record “Followed”. Tell a full member of this channel what happened, so that "
    "they can record it."
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Used:
    """The revision that was used, and its entry with the uses of the revision in force."""

    cited: Key
    entry: Entry


@dataclass(frozen=True, slots=True, kw_only=True)
class UseReport:
    """How it went: `key` is `DEC-12@3`, or `DEC-12` for the revision in force.

    `permalink`: the thread in which the entry was used; empty if there isn't one.
    """

    key: str
    outcome: Outcome
    note: str = ""
    permalink: str = ""


def read_entry_to_use(store: Store, team: TeamId, *, reader: Reader, key: str) -> Entry:
    """Return the revision that someone is about to record a use of: `DEC-12@3` stays revision 3.

    Raises:
        RetiredError, NotFoundError, NotAllowedError: with what to do instead.
    """
    entry = show_entry(store, team, reader=reader, key=key)
    require_in_force(entry)
    return entry


def use_entry(
    store: Store,
    team: TeamId,
    report: UseReport,
    *,
    reader: Reader,
    once: str,
    now: datetime,
) -> Used:
    """Record a use of `DEC-12@3`, or of the revision in force if the key names none.

    Guests can record `Followed`, which counts as a use. `Deviated` and `Failed` make an entry due
    and appear in the digest, so only full members can record them.

    `once` identifies Slack's delivery: the same use delivered twice counts once.

    Raises:
        InvalidInputError: `Deviated` and `Failed` need a note, and a full member.
        NotFoundError: there is no such entry, or the revision was never in force.
        RetiredError, NotAllowedError: with what to do instead.
    """
    require_served(reader)
    outcome, permalink = report.outcome, report.permalink
    if outcome not in list_outcomes(reader):
        raise InvalidInputError(_GUESTS, {"outcome": _GUESTS})
    note = _read_note(report.note, outcome)
    with store.transaction(team) as tx:
        entry = load_entry(tx.entries.visible_to(reader), report.key)
        parsed = Key.parse(report.key)
        number = (parsed.revision if parsed else None) or entry.revision.number
        require_in_force(entry)
        if tx.revisions.get(entry.id, number) is None:
            raise NotFoundError(
                f"{entry.key} has no revision {number}. `/lore history {entry.key}` lists them."
            )
        if number not in tx.revisions.landings(entry.id, number, number):
            raise NotFoundError(
                f"{entry.key}@{number} was never in force, so no one can have followed it. "
                f"Use {entry.cited}, which is in force."
            )
        is_new = tx.uses.add(
            entry.id,
            revision=number,
            outcome=outcome,
            by=reader.user,
            at=now,
            note=note,
            permalink=permalink,
            key=once,
        )
        if is_new:
            if outcome is Outcome.FAILED:
                tx.due_reasons.add(entry.id, DueReasonKind.FAILED, now, again=True)
            tx.outbox.add(
                Topic.REFRESH,
                channel=entry.home,
                payload={"entry": entry.id},
                due_at=now,
                at=now,
            )
            tx.audit.add(
                actor=reader.user,
                action=f"used_{outcome.value}",
                subject=f"{entry.key}@{number}",
                details={"permalink": permalink} if permalink else {},
                at=now,
            )
        used = tx.entries.by_id(entry.id)
        assert used is not None
        return Used(cited=replace(entry.key, revision=number), entry=used)


def list_outcomes(reader: Reader) -> tuple[Outcome, ...]:
    """Return the outcomes that this person can record: guests only `Followed`."""
    return tuple(Outcome) if reader.person.member else (Outcome.FOLLOWED,)


def _read_note(typed: str, outcome: Outcome) -> str:
    note = clean(typed or "")
    if outcome is not Outcome.FOLLOWED and not note:
        reason = f"Say what happened. “{outcome.value.capitalize()}” needs a note."
        raise InvalidInputError(reason, {"note": reason})
    if len(note) > _NOTE:
        reason = f"{len(note):,} characters; at most {_NOTE:,} fit. Shorten it."
        raise InvalidInputError(reason, {"note": reason})
    refuse_secrets({"note": note})
    return note
