"""Replaying the audit, to compare the rows that people rely on with its acts."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

# The non-empty columns of a row by name, as JSON values.
State = Mapping[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class StatedRow:
    """A row as an act left it. A `state` of None means that the act deleted it."""

    table: str
    key: str
    state: State | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """A column that isn't as the audit says it is; None on either side is an empty column."""

    column: str
    stored: Any
    stated: Any


class Flaw(StrEnum):
    """How a row or the audit itself differs from what the audit says."""

    CHANGED = "changed"
    MISSING = "missing"
    # No act added the row.
    UNSTATED = "unstated"
    UNREADABLE = "unreadable"
    # An act of the audit was changed, or one before it was removed or added.
    BROKEN = "broken"
    # Acts were removed or added at the end.
    CUT = "cut"


@dataclass(frozen=True, slots=True, kw_only=True)
class Teller:
    """The act that stated a row last."""

    number: int
    actor: str
    action: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """One difference from what the audit says.

    `table`: the row's table; empty for a flaw of the audit itself. `subject`: the entry or exact
    revision that the row belongs to, or the row's key. `state`: the stored columns, or the former
    ones. `teller`: the act that stated the row last, if any.
    """

    flaw: Flaw
    table: str = ""
    subject: str = ""
    differences: tuple[Difference, ...] = ()
    state: State | None = None
    teller: Teller | None = None


def stated_by(act: Mapping[Any, Any]) -> Iterator[StatedRow]:
    """Yield how an act of the audit left each row that it changed."""
    for table, rows in act["states"].items():
        for key, state in rows.items():
            yield StatedRow(table=table, key=key, state=state)


def stated_by_older(act: Mapping[Any, Any]) -> Iterator[StatedRow]:
    """Yield the rows that an older act states, from before acts stated every row they changed.

    Those acts say only what a revision contains, when it came into force and who approved it.
    """
    details = act["details"]
    if act["action"] == "redacted":
        for number, now in details.get("revisions", {}).items():
            yield StatedRow(
                table="revisions", key=f"{details['entry']}/{number}", state={"hash": now}
            )
    if "entry" not in details or "revision" not in details:
        return
    key, moment = f"{details['entry']}/{details['revision']}", {"at": act["at"]}
    if "content" in details:
        yield StatedRow(table="revisions", key=key, state={"hash": details["content"]})
    # Before there was approval, a revision was in force as soon as it was saved.
    saved_before_approval = "content" in details and "effect" not in details
    is_draft = "draft" in details
    if (act["action"] in ("in_force", "recorded") or saved_before_approval) and not is_draft:
        yield StatedRow(table="landings", key=key, state=moment)
    if act["action"] == "approved":
        yield StatedRow(table="approvals", key=f"{key}/{act['actor']}", state=moment)


def differences(stored: State, stated: State) -> list[Difference]:
    """Return the columns in which a stored row isn't as the audit says, in order of name."""
    columns = sorted({*stored, *stated})
    pairs = [
        Difference(column=name, stored=stored.get(name), stated=stated.get(name))
        for name in columns
    ]
    return [pair for pair in pairs if pair.stored != pair.stated]
