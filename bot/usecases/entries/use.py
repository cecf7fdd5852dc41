"""A use of an entry: how it went, against the exact revision that was applied."""

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
from bot.usecases.steps.permissions import found, require_in_force, require_served
from bot.usecases.steps.secrets import refuse_secrets
from storage.store import Store

_NOTE: Final = 1000
_GUESTS: Final = (
    "Guests can only record “Followed”. Tell a full member of this channel what happened, so that "
    "they can record it."
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Used:
    """What was used: the revision, and its entry with the uses of the one that is in force."""

    cited: Key
    entry: Entry


@dataclass(frozen=True, slots=True, kw_only=True)
class UseReport:
    """How it went with an entry: `key` is `DEC-12@3`, or `DEC-12` for the revision in force.

    `permalink`: the thread in which it was used; empty if it was not in one.
    """

    key: str
    outcome: Outcome
    note: str = ""
    permalink: str = ""


def entry_to_use(store: Store, team: TeamId, *, reader: Reader, key: str) -> Entry:
    """The revision that somebody is about to say how it went with: `DEC-12@3` stays revision 3.

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
    """Record a use of `DEC-12@3`, or of the revision in force where the key names none.

    Guests can say that they followed it, which counts as a use. That it deviated or failed makes
    an entry due and is shown in the digest, so a full member has to say it.

    `once` is what Slack's own delivery is known by: the same use delivered twice counts once.

    Raises:
        InvalidInputError: what deviated or failed needs a note, and a full member to say it.
        NotFoundError: there is none, or that revision was never in force.
        RetiredError, NotAllowedError: with what to do instead.
    """
    require_served(reader)
    outcome, permalink = report.outcome, report.permalink
    if outcome not in outcomes_for(reader):
        raise InvalidInputError(_GUESTS, {"outcome": _GUESTS})
    note = _note(report.note, outcome)
    with store.transaction(team) as tx:
        entry = found(tx.entries.visible_to(reader), report.key)
        cited = Key.parse(report.key)
        number = (cited.revision if cited else None) or entry.revision.number
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
        new = tx.uses.add(
            entry.id,
            revision=number,
            outcome=outcome,
            by=reader.user,
            at=now,
            note=note,
            permalink=permalink,
            key=once,
        )
        if new:
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


def outcomes_for(reader: Reader) -> tuple[Outcome, ...]:
    """Return the outcomes that this person can record: guests change nothing."""
    return tuple(Outcome) if reader.person.member else (Outcome.FOLLOWED,)


def _note(typed: str, outcome: Outcome) -> str:
    note = clean(typed or "")
    if outcome is not Outcome.FOLLOWED and not note:
        reason = f"Say what happened. “{outcome.value.capitalize()}” needs a note."
        raise InvalidInputError(reason, {"note": reason})
    if len(note) > _NOTE:
        reason = f"{len(note):,} characters; at most {_NOTE:,} fit. Shorten it."
        raise InvalidInputError(reason, {"note": reason})
    refuse_secrets({"note": note})
    return note
